"""Sizes every block needs, and the few shapes its operations come in."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.workload.layout import Block
from lightloom.workload.model import Model
from lightloom.workload.program import Collective, Group, Kind, Operation, Routing
from lightloom.workload.recipe import Precision, RecipeColumns
from lightloom.workload.stack import StackProfile

WIDTH = 2.0
"""Bytes of an activation or weight as kept (bf16, fp16; fp8 products cast from it)."""

_BYTES: dict[Precision, float] = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0}


def width(precision: Precision) -> float:
    """Return the bytes of one number."""
    return _BYTES[precision]


@dataclass(frozen=True, slots=True, eq=False)
class Sizes:
    """Columns, shape (rows,), as floats.

    Args:
        micro_batch: Sequences at once.
        sequence: Tokens of a sequence.
        tokens: Tokens a tensor group processes at once: micro_batch x sequence / context.
        shard: Tokens a rank holds outside tensor-parallel regions.
        owned: Tokens a rank routes to experts: tokens / tensor.
        tensor, context, expert: Degrees.
        heads, kv_heads: Heads of a rank; at least one key head, copied where tensor exceeds them.
        fp8: Whether linear layers take 8-bit inputs.
    """

    micro_batch: Floats
    sequence: Floats
    tokens: Floats
    shard: Floats
    owned: Floats
    tensor: Floats
    context: Floats
    expert: Floats
    heads: Floats
    kv_heads: Floats
    fp8: bool

    @classmethod
    def of(cls, model: Model, recipes: RecipeColumns, stack: StackProfile) -> Self:
        """Return the sizes of every row."""
        tensor, context = recipes.tensor.astype(np.float64), recipes.context.astype(np.float64)
        micro_batch, sequence = recipes.micro_batch.astype(np.float64), recipes.sequence.astype(np.float64)
        tokens = micro_batch * sequence / context
        return cls(
            micro_batch=micro_batch,
            sequence=sequence,
            tokens=tokens,
            shard=tokens / tensor if stack.sequence_parallel else tokens,
            owned=tokens / tensor,
            tensor=tensor,
            context=context,
            expert=recipes.expert.astype(np.float64),
            heads=model.heads / tensor,
            kv_heads=np.maximum(model.kv_heads / tensor, 1.0),
            fp8=recipes.kind.precision == "fp8",
        )


def product(
    name: str,
    m: Floats,
    n: Floats,
    k: Floats,
    *,
    count: Floats | float = 1.0,
    fp8: bool = False,
    block: Block = Block.LAYER,
) -> list[Operation]:
    """Return a matrix product and its two in the backward pass (input gradient, weight gradient).

    Args:
        name: Of the operation.
        m: Rows of the input.
        n: Columns of the output.
        k: Inner dimension.
        count: Equal products done as one call (heads, experts).
        fp8: 8-bit inputs; the casts (read two bytes, write value and transpose) are a memory operation of their own.
        block: Where it belongs.
    """
    m, n, k = np.broadcast_arrays(m, n, k)
    flops, narrow = 2.0 * m * n * k * count, 1 / m + 1 / n + 1 / k
    traffic = WIDTH * (m * k + k * n + m * n) * count
    pair = [
        Operation(name, block, backward=False, kind=Kind.MATMUL, flops=flops, bytes=traffic, narrow=narrow, fp8=fp8),
        Operation(
            name, block, backward=True, kind=Kind.MATMUL, flops=2 * flops, bytes=2 * traffic, narrow=narrow, fp8=fp8
        ),
    ]
    if fp8:
        pair += traffic_of(f"{name}-cast", 4.0 * (m * k) * count, 4.0 * (m * n) * count, block=block)
    return pair


def traffic_of(name: str, forward: Floats, backward: Floats, *, block: Block = Block.LAYER) -> list[Operation]:
    """Return an operation bound by memory and its backward, by the bytes each reads and writes."""
    return [
        Operation(name, block, backward=False, kind=Kind.MEMORY, bytes=forward),
        Operation(name, block, backward=True, kind=Kind.MEMORY, bytes=backward),
    ]


def fused_attention(name: str, flops: Floats) -> list[Operation]:
    """Return a fused attention kernel: its backward does five products where the forward does two."""
    return [
        Operation(name, Block.LAYER, backward=False, kind=Kind.ATTENTION, flops=flops),
        Operation(name, Block.LAYER, backward=True, kind=Kind.ATTENTION, flops=2.5 * flops),
    ]


def collective(
    name: str,
    what: Collective,
    group: Group,
    payload: Floats,
    *,
    backward: bool,
    behind: tuple[str, ...] = (),
    routing: Routing | None = None,
    block: Block = Block.LAYER,
) -> Operation:
    """Return a collective of one pass."""
    return Operation(
        name,
        block,
        backward=backward,
        kind=Kind.COLLECTIVE,
        group=group,
        collective=what,
        payload=payload,
        behind=behind,
        routing=routing,
    )


def enter_region(name: str, sizes: Sizes, model: Model, stack: StackProfile, behind: str) -> list[Operation]:
    """Return the collectives at the entry of a tensor-parallel region (before a column-parallel product).

    With sequence parallelism: all-gather forward; backward the input is gathered again behind the input gradient, and
    its gradient reduce-scattered behind the weight gradient. Without: all-reduce of the gradient, backward only.
    Source: Korthikanti et al., Reducing Activation Recomputation in Large Transformer Models, figures 4 to 6.

    Args:
        name: Of the region.
        behind: The product whose backward can hide the backward collectives.
    """
    payload = sizes.tokens * model.hidden * WIDTH
    hidden = () if stack.tensor_overlap == "none" else (behind,)
    if not stack.sequence_parallel:
        return [
            collective(f"{name}-reduce", Collective.ALL_REDUCE, Group.TENSOR, payload, backward=True, behind=hidden)
        ]
    ahead = (behind,) if stack.tensor_overlap == "all" else ()
    return [
        collective(f"{name}-gather", Collective.ALL_GATHER, Group.TENSOR, payload, backward=False, behind=ahead),
        collective(f"{name}-gather", Collective.ALL_GATHER, Group.TENSOR, payload, backward=True, behind=hidden),
        collective(f"{name}-scatter", Collective.REDUCE_SCATTER, Group.TENSOR, payload, backward=True, behind=hidden),
    ]


def leave_region(name: str, sizes: Sizes, model: Model, stack: StackProfile, behind: str) -> list[Operation]:
    """Return the collectives at the exit of a tensor-parallel region (after a row-parallel product).

    With sequence parallelism: reduce-scatter forward, all-gather of the gradient backward. Without: all-reduce forward.
    """
    payload = sizes.tokens * model.hidden * WIDTH
    hidden = (behind,) if stack.tensor_overlap == "all" else ()
    if not stack.sequence_parallel:
        return [collective(f"{name}-sum", Collective.ALL_REDUCE, Group.TENSOR, payload, backward=False, behind=hidden)]
    return [
        collective(f"{name}-sum", Collective.REDUCE_SCATTER, Group.TENSOR, payload, backward=False, behind=hidden),
        collective(f"{name}-spread", Collective.ALL_GATHER, Group.TENSOR, payload, backward=True, behind=hidden),
    ]


def norm_and_residual(name: str, sizes: Sizes, model: Model, stack: StackProfile) -> list[Operation]:
    """Return the norm before a block and the residual sum after it.

    Norm: reads and writes once forward; reads input and gradient, writes once backward. Residual: reads two, writes
    one, both ways; dropout adds a mask of a byte and reads it backward.
    """
    stream = sizes.shard * model.hidden * WIDTH
    mask = 0.5 * stream if stack.dropout else 0.0 * stream
    dropped = 2.0 * stream + mask if stack.dropout else mask
    return [
        *traffic_of(f"{name}-norm", 2 * stream, 3 * stream),
        *traffic_of(f"{name}-residual", 3 * stream + mask, 3 * stream + dropped),
    ]
