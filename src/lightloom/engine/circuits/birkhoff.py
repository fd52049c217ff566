"""Birkhoff–von Neumann: the demand taken apart into permutations, each held as long as its share takes."""

from typing import ClassVar, Literal

import numpy as np

from lightloom.core.arrays import Floats, Integers, Number
from lightloom.engine.circuits.circuits import PhaseByPhase, Plan, in_turn
from lightloom.engine.circuits.permutations import birkhoff, filled
from lightloom.fabric.fabric import CircuitSpace


class Birkhoff(PhaseByPhase):
    """All ports of a block go to one other block at a time; nothing is relayed.

    A demand of unequal rows is filled up to equal ones first; what that adds is never held longer than the busiest
    block needs anyway.

    Leaves out: settings for blocks that are done early.
    """

    kind: ClassVar[str] = "birkhoff"

    scheduler: Literal["birkhoff"] = "birkhoff"

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return the settings of all phases, each phase's longest first."""
        rate = space.bandwidth * space.ports_per_block
        settings: list[Integers] = []
        holds: list[float] = []
        for phase in phases:
            wanted = phase * (1.0 - np.eye(len(phase)))
            for weight, columns in birkhoff(wanted + filled(wanted)):
                joined = np.zeros(wanted.shape, np.int64)
                joined[np.arange(len(columns)), columns] = space.ports_per_block
                joined[wanted == 0] = 0
                if joined.any():
                    settings.append(joined)
                    holds.append(weight / rate)
        return in_turn(settings, holds, self.change(space))


def completion_time(amount: Number, rate: Number, *, permutations: Number, change: Number) -> Number:
    """Time until every node has sent its bytes over permutations held one after the other, s.

    Args:
        amount: Bytes of a node.
        rate: Of a node, bytes/s one way.
        permutations: How many.
        change: Before each, s; nothing is sent meanwhile.
    """
    return np.asarray(amount, np.float64) / rate + np.asarray(permutations, np.float64) * change
