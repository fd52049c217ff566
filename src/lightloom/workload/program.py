"""The operations of a step, per block of layers and pass: FLOPs, bytes and payloads as columns over recipes."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.workload.layout import Block


class Group(StrEnum):
    """Ranks that take part in a collective together."""

    TENSOR = "tensor"
    CONTEXT = "context"
    PIPELINE = "pipeline"
    EXPERT = "expert"
    DATA = "data"
    """Ranks holding the same weights: context x data."""
    EXPERT_DATA = "expert-data"
    """Ranks holding the same experts."""


class Collective(StrEnum):
    """What a group of ranks wants done, and what its payload counts, in bytes."""

    ALL_REDUCE = "all-reduce"
    """Every rank ends with the sum of all; payload: the buffer each rank holds."""

    ALL_GATHER = "all-gather"
    """Every rank ends with all shards; payload: the buffer gathered."""

    REDUCE_SCATTER = "reduce-scatter"
    """Every rank ends with its shard of the sum; payload: the buffer each rank holds before."""

    ALL_TO_ALL = "all-to-all"
    """Every rank has a part for each; payload: all its parts, the one it keeps included."""

    SEND = "send"
    """Every rank sends to the next of its group; payload: what it sends."""


class Kind(StrEnum):
    """Which resource an operation uses."""

    MATMUL = "matmul"
    ATTENTION = "attention"
    MEMORY = "memory"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Routing:
    """How tokens choose experts: evenly, and never one twice.

    Args:
        chosen: Experts of a token.
        experts: Experts of a layer.
    """

    chosen: int
    experts: int


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """One operation of one block, for one micro-batch on one rank; arrays have shape (rows,).

    Args:
        name: Unique in its block and pass.
        block: Where it belongs.
        backward: In the backward pass (recomputation included) or the forward one.
        kind: Resource.
        flops: Of a matmul or attention.
        bytes: Read and written in memory.
        narrow: Sum of 1/M + 1/N + 1/K of the product, which small matrices pay for.
        fp8: Whether the product's inputs are 8-bit.
        group: Of a collective.
        collective: Of a collective.
        payload: Buffer of a collective in bytes (see :mod:`lightloom.collectives.algorithm`).
        routing: Of expert dispatch and combination.
        behind: Names of the operations of the same pass behind which a collective may hide.
        recomputed: Whether it is done a second time, so that model FLOPs do not count it.
    """

    name: str
    block: Block
    backward: bool
    kind: Kind
    flops: Floats = field(default_factory=lambda: np.zeros(1))
    bytes: Floats = field(default_factory=lambda: np.zeros(1))
    narrow: Floats = field(default_factory=lambda: np.zeros(1))
    fp8: bool = False
    group: Group | None = None
    collective: Collective | None = None
    payload: Floats = field(default_factory=lambda: np.zeros(1))
    routing: Routing | None = None
    behind: tuple[str, ...] = ()
    recomputed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """Everything one recipe (or a column of them) does in a step, by class of rank.

    Args:
        operations: Of every block, both passes, one micro-batch.
        boundary: Bytes a stage sends to the next for one micro-batch, shape (rows,).
        boundary_gather: Bytes then gathered over tensor ranks, because each received a part only.
        dense_parameters: Parameters a rank holds of one block of each kind that data ranks share, shape (rows, blocks).
        expert_parameters: Parameters a rank holds of one layer's experts, shape (rows,).
        model_flops: FLOPs of a step without recomputation, all ranks, shape (rows,).
        tokens: Tokens of a step, shape (rows,).
    """

    operations: tuple[Operation, ...]
    boundary: Floats
    boundary_gather: Floats
    dense_parameters: Floats
    expert_parameters: Floats
    model_flops: Floats
    tokens: Floats
