"""Rotor: every pair of blocks in turn, whatever the demand; what cannot wait is relayed."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Floats, Integers, Number
from lightloom.core.errors import Fault, StudyError
from lightloom.core.units import Duration
from lightloom.engine.circuits.circuits import Changes, Changing, Plan, in_turn
from lightloom.fabric.fabric import CircuitSpace

SLOT_OVER_CHANGE = 9.0
"""Slots nine times as long as a change keep 90 % of the time, as RotorNet's (Mellette et al., SIGCOMM 2017) do."""


class Rotor(Changing):
    """One cycle of slots, repeated as long as the job runs: in each, port p of every block goes on to another block.

    Args:
        regime: Who brings a changed link up again; empty takes the quickest that is known.
        slot: How long circuits are held; left out: nine times a change.

    Leaves out: ports beyond those that join every two blocks equally often; they stay dark.
    """

    kind: ClassVar[str] = "rotor"
    changes: ClassVar[Changes] = "in-turn"

    scheduler: Literal["rotor"] = "rotor"

    slot: Annotated[Duration, Field(gt=0)] | None = None

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return one cycle; only the number of blocks is asked of the demand.

        Raises:
            StudyError: No slot is given, and no change is known to take it from.
        """
        change = self.change(space)
        slot = SLOT_OVER_CHANGE * change if self.slot is None else self.slot
        if not slot > 0:
            message = "how long a change takes is not known here, and no slot is given"
            raise StudyError(Fault("slot", message, "give the slot, such as slot: 90 us"))
        settings = matchings(phases.shape[1], space.ports_per_block)
        return in_turn(settings, [slot] * len(settings), change)


def matchings(blocks: int, ports: int) -> list[Integers]:
    """Return the circuits of each slot, (blocks, blocks): in turn, each block sends to the first, second, … behind it.

    Where ports suffice for all at once there is one slot, with as many circuits for each two as go round.

    Args:
        blocks: How many.
        ports: Of each block; of none there are no slots.
    """
    if ports < 1:
        return []
    here = np.arange(blocks)
    each = max(1, ports // max(1, blocks - 1))
    found: list[Integers] = []
    for first in range(1, blocks, ports):
        joined = np.zeros((blocks, blocks), np.int64)
        for step in range(first, min(first + ports, blocks)):
            joined[here, (here + step) % blocks] = each
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
