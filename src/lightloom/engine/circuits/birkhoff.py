"""Birkhoff–von Neumann: the demand taken apart into permutations, each held as long as its share takes."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Floats, Integers, Number
from lightloom.engine.circuits.circuits import Plan, Scheduler, change_time, in_turn
from lightloom.engine.circuits.permutations import birkhoff, filled
from lightloom.fabric.fabric import CircuitSpace


@dataclass(frozen=True, slots=True)
class Birkhoff(Scheduler):
    """All ports of a block go to one other block at a time; nothing is relayed.

    A demand of unequal rows is filled up to equal ones first; what that adds is never held longer than the busiest
    block needs anyway.

    Args:
        regime: Who brings a changed link up again; empty takes the quickest that is known.
        shortest: Settings shorter than this many changes are left out, and what they would carry to another network.

    Leaves out: settings for blocks that are done early.
    """

    kind: ClassVar[str] = "birkhoff"

    regime: str = ""
    shortest: float = 0.0

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return the settings of all phases, each phase's longest first."""
        change = change_time(space, self.regime)
        rate = space.bandwidth * space.ports_per_block
        settings: list[Integers] = []
        holds: list[float] = []
        for phase in phases:
            wanted = phase * (1.0 - np.eye(len(phase)))
            for weight, columns in birkhoff(wanted + filled(wanted)):
                joined = np.zeros(wanted.shape, np.int64)
                joined[np.arange(len(columns)), columns] = space.ports_per_block
                joined[wanted == 0] = 0
                if joined.any() and weight / rate >= self.shortest * change:
                    settings.append(joined)
                    holds.append(weight / rate)
        return in_turn(settings, holds, change)


def completion_time(amount: Number, rate: Number, *, permutations: Number, change: Number) -> Number:
    """Time until every node has sent its bytes over permutations held one after the other, s.

    Args:
        amount: Bytes of a node.
        rate: Of a node, bytes/s one way.
        permutations: How many.
        change: Before each, s; nothing is sent meanwhile.
    """
    return np.asarray(amount, np.float64) / rate + np.asarray(permutations, np.float64) * change
