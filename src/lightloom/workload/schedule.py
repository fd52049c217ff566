"""A pipeline schedule owns the order of its operations, what is legal, and the idle time it leaves."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.critical_path import Candidates, longest
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
    @abstractmethod
    def ahead(cls, behind: Integers, chunks: Integers) -> Integers:
        """Return how many chunk forwards a stage does between a micro-batch's last one and its first backward.

        Args:
            behind: Stages after it.
            chunks: Chunks a stage; shapes broadcast.
        """

    @classmethod
    def span(cls, forward: Floats, backward: Floats, micro_batches: Integers, chunks: Integers, hop: Floats) -> Floats:
        """Return the time from the first forward to the last backward, shape (rows,).

        Args:
            forward, backward: Time of each stage for one micro-batch, all its chunks, shape (rows, stages).
            micro_batches: Of the step, shape (rows,).
            chunks: Chunks a stage, shape (rows,).
            hop: Time of a send that holds up neither end, shape (rows,); those that do belong to the stages' times.

        Leaves out: differences between the chunks of a stage; paths that stay on several stages. Without sends 1F1B is
        exact; otherwise the timeline is longer by up to 4 %, mostly by less than 1 % (sends up to a tenth of a turn).
        """
        many, each = micro_batches[:, None].astype(np.float64), chunks[:, None].astype(np.float64)
        at = Candidates.of(forward, backward, each, hop[:, None])
        return longest(at, forward.shape[1], many, each, cls.ahead(at.behind, chunks[:, None]))
