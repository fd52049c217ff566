"""What a training framework keeps, fuses and hides: a stack profile, data with a source."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from lightloom.core.figures import BytesFigure, DurationFigure, RatioFigure, ShareFigure

DataOverlap = Literal["none", "one-micro-batch", "by-chunk", "prefetch"]


class StackProfile(BaseModel):
    """One release of one framework.

    Args:
        title: As shown in results.
        attention: ``flash`` (scores never leave the chip, causal half only) or ``unfused`` (written and read, full).
        dropout: Whether dropout is applied (masks written and kept).
        sequence_parallel: Whether activations outside the tensor-parallel regions are split over tensor ranks.
        tensor_overlap: Which tensor collectives hide behind matrix products: ``none``; ``backward`` (the input
            gradient's, behind the weight gradient); ``all``.
        data_overlap: Gradient reduction and parameter gathering hide behind nothing; one micro-batch; gradients
            ``by-chunk`` behind the chunks that follow; or (sharded weights) the layers computed meanwhile.
        expert_overlap: Whether dispatch and combine hide behind another micro-batch's computation.
        send_overlap: Whether pipeline sends hide behind computation in the steady state.
        shards_sends: Whether each tensor rank sends its part of the activations only.
        gradient: Bytes of a gradient kept while micro-batches accumulate.
        reduction: Bytes of a gradient as reduced over data ranks.
        optimizer: Bytes of optimizer state a parameter (master weight and both moments).
        bucket: Data reduced or gathered by one collective call.
        reserved: Memory the framework and its libraries take beside tensors.
        matmul_share: Rate of its matrix products relative to the best stack on the same accelerator.
        attention_share: Fused attention's rate, as a share of the accelerator's measured matmul ceiling.
        host_time: Time the host needs to launch one layer's kernels for one micro-batch forward; as much backward.
        scale_up_efficiency: Payload over line rate inside a scale-up domain, large messages.
        scale_out_efficiency: The same through network cards.
        scale_up_latency: Software and protocol time of one step of a collective inside a domain.
        scale_out_latency: The same across the network, beside the wire.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str] = "stack"

    title: str
    note: str = ""
    attention: Literal["flash", "unfused"]
    dropout: bool
    sequence_parallel: bool
    tensor_overlap: Literal["none", "backward", "all"]
    data_overlap: DataOverlap
    expert_overlap: bool = False
    send_overlap: bool
    shards_sends: bool
    calibrated_on: tuple[str, ...] = ()
    gradient: BytesFigure
    reduction: BytesFigure
    optimizer: BytesFigure
    bucket: BytesFigure
    reserved: BytesFigure
    matmul_share: RatioFigure
    attention_share: RatioFigure
    host_time: DurationFigure
    scale_up_efficiency: ShareFigure
    scale_out_efficiency: ShareFigure
    scale_up_latency: DurationFigure
    scale_out_latency: DurationFigure
