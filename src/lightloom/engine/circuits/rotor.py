"""Rotor: every pair of blocks in turn, whatever the demand; what cannot wait is relayed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Floats, Integers, Number
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.circuits import Plan, Scheduler, change_time, in_turn
from lightloom.fabric.fabric import CircuitSpace

SLOT_OVER_CHANGE = 9.0
"""Slots nine times as long as a change keep 90 % of the time, as RotorNet's (Mellette et al., SIGCOMM 2017) do."""


@dataclass(frozen=True, slots=True)
class Rotor(Scheduler):
    """One cycle of slots, repeated as long as the job runs: in each, port p of every block goes on to another block.

    Args:
        slot: How long circuits are held, s; None takes nine times a change.
        regime: Who brings a changed link up again; empty takes the quickest that is known.
    """

    kind: ClassVar[str] = "rotor"

    slot: float | None = None
    regime: str = ""

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return one cycle; only the number of blocks is asked of the demand.

        Raises:
            StudyError: No slot is given, and no change is known to take it from.
        """
        change = change_time(space, self.regime)
        slot = SLOT_OVER_CHANGE * change if self.slot is None else self.slot
        if not slot > 0:
            message = "how long a change takes is not known here, and no slot is given"
            raise StudyError(Fault("slot", message, "give the slot in seconds, such as Rotor(slot=90e-6)"))
        settings = matchings(phases.shape[1], space.ports_per_block)
        return in_turn(settings, [slot] * len(settings), change)


def matchings(blocks: int, ports: int) -> list[Integers]:
    """Return the circuits of each slot, (blocks, blocks): in turn, each block sends to the first, second, … behind it.

    Args:
        blocks: How many.
        ports: Of each block.
    """
    here = np.arange(blocks)
    found: list[Integers] = []
    for first in range(1, blocks, ports):
        joined = np.zeros((blocks, blocks), np.int64)
        for step in range(first, min(first + ports, blocks)):
            joined[here, (here + step) % blocks] = 1
        found.append(joined)
    return found


def slots(nodes: Number, uplinks: Number) -> Number:
    """Slots of a cycle that joins every two nodes once."""
    return np.ceil((np.asarray(nodes, np.float64) - 1.0) / uplinks)


def duty(slot: Number, change: Number) -> Number:
    """Share of the time that circuits carry traffic, 0..1."""
    held = np.asarray(slot, np.float64)
    return held / (held + change)


def cycle_time(nodes: Number, uplinks: Number, *, slot: Number, change: Number) -> Number:
    """Time until a pair is joined again, s."""
    return slots(nodes, uplinks) * (np.asarray(slot, np.float64) + change)


def relayed_throughput(slot: Number, change: Number) -> Number:
    """What is left of the uplink in the worst demand, 0..1: each byte goes over a random block, so it crosses twice.

    Source: Valiant 1982 for the balancing; Mellette et al., SIGCOMM 2017, for rotors.
    """
    return duty(slot, change) / 2.0
