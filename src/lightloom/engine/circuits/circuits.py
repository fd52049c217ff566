"""Circuits: which blocks are joined by how many, from when to when; and what a scheduler of them is."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.fabric.fabric import CircuitSpace


@dataclass(frozen=True, slots=True, eq=False)
class Circuits:
    """One setting of the circuit switches.

    Args:
        joined: How many circuits join two blocks, each carrying both directions; symmetric, (blocks, blocks).
        start: From when, s.
        end: Until when, s; infinity: to the end of the job.
    """

    joined: Integers
    start: float = 0.0
    end: float = np.inf


class Scheduler(ABC):
    """Decides which circuits are joined, from what the job will send."""

    kind: ClassVar[str]

    @abstractmethod
    def choose(self, space: CircuitSpace, demand: Floats) -> tuple[Circuits, ...]:
        """Return one setting per demand.

        Args:
            space: What can be joined.
            demand: Bytes from block to block, sender first, (rows, blocks, blocks).
        """


def changed(settings: Sequence[Circuits]) -> Integers:
    """Return how many circuits each change from one setting to the next breaks."""
    broken = [np.maximum(a.joined - b.joined, 0).sum() // 2 for a, b in itertools.pairwise(settings)]
    return np.array(broken, np.int64)
