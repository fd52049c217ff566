"""A pipeline schedule owns the order of its operations, what is legal, and the idle time it leaves."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.recipe import RecipeColumns


@dataclass(frozen=True, slots=True)
class Turn:
    """One pass of one micro-batch through one chunk of a stage's layers."""

    backward: bool
    chunk: int
    micro_batch: int


def forward(micro_batch: int, chunk: int = 0) -> Turn:
    """Return the forward pass of a micro-batch through a chunk."""
    return Turn(backward=False, chunk=chunk, micro_batch=micro_batch)


def backward(micro_batch: int, chunk: int = 0) -> Turn:
    """Return the backward pass of a micro-batch through a chunk."""
    return Turn(backward=True, chunk=chunk, micro_batch=micro_batch)


class PipelineSchedule(ABC):
    """How a pipeline interleaves forward and backward passes."""

    kind: ClassVar[str]
    interleaves: ClassVar[bool]
    """Whether stages may hold more than one chunk."""

    @classmethod
    @abstractmethod
    def legal(cls, recipes: RecipeColumns) -> tuple[Booleans, str]:
        """Return which rows the schedule can run, and the rule in words."""

    @classmethod
    @abstractmethod
    def order(cls, stage: int, stages: int, micro_batches: int, chunks: int) -> list[Turn]:
        """Return the turns of one stage in the order it takes them."""

    @classmethod
    @abstractmethod
    def in_flight(cls, stages: int, micro_batches: Integers, chunks: Integers) -> Floats:
        """Return the micro-batches whose activations a stage holds at most, in whole-stage units; (rows, stages)."""

    @classmethod
    def idle(cls, busy: Floats, critical: Integers, chunks: Integers) -> Floats:
        """Return the time the critical stage waits for others while the pipeline fills and drains; shape (rows,).

        Args:
            busy: Time each stage needs for one micro-batch, both passes, shape (rows, stages).
            critical: The stage that sets the pace, shape (rows,).
            chunks: Chunks a stage, shape (rows,).

        Source: fill and drain pass each other stage once, a chunk at a time: (sum - own) / chunks; Narayanan et al.
        2021, section 2.2, for equal stages.
        """
        own = busy[range(len(busy)), critical]
        return (busy.sum(axis=1) - own) / chunks
