"""What is trained: the shape of a transformer, its exact parameters and its model FLOPs."""

from dataclasses import dataclass
from typing import Literal

from lightloom.core.arrays import Number

Norm = Literal["rms", "layer"]


@dataclass(frozen=True, slots=True)
class Experts:
    """The mixture of experts that replaces the feed-forward block of a layer.

    Args:
        count: Experts of a layer.
        chosen: Experts each token is sent to.
        feed_forward: Inner width of one expert.
        shared_feed_forward: Total inner width of experts every token passes; 0 for none.
    """

    count: int
    chosen: int
    feed_forward: int
    shared_feed_forward: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A decoder-only transformer, as far as time, memory and parameters depend on it.

    Args:
        name: As shown in results.
        architecture: The registered kind it was read by.
        layers: Transformer layers.
        hidden: Width of the residual stream.
        heads: Query heads.
        kv_heads: Key and value heads (grouped-query attention where fewer than ``heads``).
        head_dim: Width of a head.
        feed_forward: Inner width of the dense feed-forward block.
        gated: Whether that block has a gate (three matrices) or not (two).
        vocabulary: Rows of the embedding.
        positions: Learned position embeddings; 0 for none.
        rotary: Whether queries and keys are rotated by position.
        tied: Whether input and output embedding are one matrix.
        norm: Root-mean-square norm (a scale) or layer norm (scale and shift).
        norm_shift: Whether a layer norm has its shift.
        head_norms: Whether queries and keys are normalised per head (a scale of ``head_dim`` each).
        attention_bias: Whether query, key and value projections have a bias.
        output_bias: Whether the attention output projection has one.
        feed_forward_bias: Whether the feed-forward matrices have one.
        embedding_norm: Whether a norm follows the embedding.
        experts: The mixture of experts, or none.
    """

    name: str
    architecture: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    feed_forward: int
    gated: bool
    vocabulary: int
    positions: int = 0
    rotary: bool = False
    tied: bool = False
    norm: Norm = "rms"
    norm_shift: bool = True
    head_norms: bool = False
    attention_bias: bool = False
    output_bias: bool = False
    feed_forward_bias: bool = False
    embedding_norm: bool = False
    experts: Experts | None = None

    @property
    def query_width(self) -> int:
        """Width of all query heads together."""
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        """Width of all key heads together; values have as much."""
        return self.kv_heads * self.head_dim

    @property
    def matrices(self) -> int:
        """Matrices of a feed-forward block."""
        return 3 if self.gated else 2

    @property
    def expert_layers(self) -> int:
        """Layers with a mixture of experts: all or none."""
        return self.layers if self.experts else 0

    @property
    def norm_parameters(self) -> int:
        """Parameters of one norm over the residual stream."""
        return self.hidden * (2 if self.norm == "layer" and self.norm_shift else 1)

    @property
    def attention_parameters(self) -> int:
        """Parameters of one attention block with the norm before it."""
        projections = self.hidden * (2 * self.query_width + 2 * self.kv_width)
        biases = (self.query_width + 2 * self.kv_width) * self.attention_bias + self.hidden * self.output_bias
        return projections + biases + 2 * self.head_dim * self.head_norms + self.norm_parameters

    @property
    def dense_parameters(self) -> int:
        """Parameters of one dense feed-forward block with the norm before it."""
        inner = self.feed_forward * (self.matrices - 1)
        biases = (inner + self.hidden) * self.feed_forward_bias
        return self.matrices * self.hidden * self.feed_forward + biases + self.norm_parameters

    @property
    def expert_parameters(self) -> int:
        """Parameters of the experts of one layer, without router, shared expert and norm; 0 if dense."""
        return self.experts.count * 3 * self.hidden * self.experts.feed_forward if self.experts else 0

    @property
    def router_parameters(self) -> int:
        """Parameters of an expert layer that every rank holds: router and norm; 0 if dense."""
        return self.hidden * self.experts.count + self.norm_parameters if self.experts else 0

    @property
    def shared_parameters(self) -> int:
        """Parameters of the expert of one layer that every token passes; 0 for none."""
        return 3 * self.hidden * self.experts.shared_feed_forward if self.experts else 0

    @property
    def embedding_parameters(self) -> int:
        """Parameters before the first layer."""
        return self.hidden * (self.vocabulary + self.positions) + self.norm_parameters * self.embedding_norm

    @property
    def output_parameters(self) -> int:
        """Parameters after the last layer: the final norm, and the output matrix unless tied."""
        return self.norm_parameters + (0 if self.tied else self.hidden * self.vocabulary)

    @property
    def parameters(self) -> int:
        """All parameters, exactly."""
        dense = (self.layers - self.expert_layers) * self.dense_parameters
        sparse = self.expert_layers * (self.expert_parameters + self.shared_parameters + self.router_parameters)
        return (
            self.embedding_parameters
            + self.layers * self.attention_parameters
            + dense
            + sparse
            + self.output_parameters
        )

    @property
    def active_parameters(self) -> int:
        """Parameters a token meets: all but the experts it is not sent to."""
        if self.experts is None:
            return self.parameters
        idle = 1.0 - self.experts.chosen / self.experts.count
        return self.parameters - round(self.expert_layers * self.expert_parameters * idle)

    @property
    def matmul_parameters(self) -> int:
        """Weights of the matrix products a token passes forward, output layer in, input embedding out."""
        attention = self.hidden * (2 * self.query_width + 2 * self.kv_width)
        dense = self.matrices * self.hidden * self.feed_forward
        sparse = 0
        if self.experts:
            width = self.experts.chosen * self.experts.feed_forward + self.experts.shared_feed_forward
            sparse = 3 * self.hidden * width + self.hidden * self.experts.count
        layers = (self.layers - self.expert_layers) * dense + self.expert_layers * sparse + self.layers * attention
        return layers + self.hidden * self.vocabulary

    def flops_per_token(self, sequence: Number) -> Number:
        """FLOPs of forward and backward for one token, recomputation not counted.

        Args:
            sequence: Tokens of a sequence.

        Source: 6 per matmul weight and token, plus attention scores with the causal half only: 12 · layers · width ·
        sequence / 2 (the convention of the Megatron-Bridge performance pages).
        """
        return 6.0 * self.matmul_parameters + 6.0 * self.layers * self.query_width * sequence


FLOPS_CONVENTION = "model FLOPs: 6 per matmul weight and token, causal half of attention, input embedding not counted"
