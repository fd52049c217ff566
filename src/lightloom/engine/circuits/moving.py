"""Circuits that change while the job runs: what a scheduler's plan does to each phase of an operation."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.engine.circuits.carried import NOTHING, Carried
from lightloom.engine.circuits.circuits import Circuits, Plan, Scheduler
from lightloom.engine.circuits.routing import Routes, circuit_level
from lightloom.engine.crossing import Crossing
from lightloom.fabric.fabric import CircuitSpace, Fabric

_ALIKE = 1e-9
"""Relative difference up to which shares of circuits count as equal."""

_LONG = 1e15
"""Bytes each rank sends in the phase a plan is made for: so long that changes take no digits from what is held."""


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """Circuits that a scheduler changes, as a phase of traffic meets them.

    A plan made for a phase is held as long as the phase lasts and begins with a change; a cycle goes on whatever is
    sent. Either way a long phase sees each pair joined for a share of the time, and traffic that is not joined directly
    is relayed over what is, evenly over all shortest ways.

    Args:
        scheduler: Who sets them.
        space: What can be joined.
        block: (accelerators,) block of each accelerator.
        latency: Of one more circuit on the way, s.
        settled: Whether all phases want the same circuits, so that no phase waits for a change.

    Leaves out: phases shorter than a cycle or a setting, other than by the longest they can wait; two operations that
    want different circuits at once.
    """

    scheduler: Scheduler
    space: CircuitSpace
    block: Integers
    latency: float
    settled: bool = False

    @classmethod
    def of(cls, fabric: Fabric, scheduler: Scheduler) -> Self:
        """Return a fabric's circuits under a scheduler.

        Raises:
            StudyError: The fabric has no circuits.
        """
        space, level = circuit_level(fabric)
        return cls(scheduler, space, level.block, level.latency)

    @property
    def blocks(self) -> int:
        """How many blocks."""
        return self.space.blocks

    def plan(self, flows: Floats) -> Plan:
        """Return the settings a long phase gets; see :meth:`Scheduler.plan`."""
        return self.scheduler.plan(self.space, _LONG * flows[None])

    def carry(self, flows: Floats, world: int) -> Carried:
        """Return what a pattern needs; see :class:`~lightloom.engine.circuits.carried.Carrier`.

        Raises:
            StudyError: The scheduler cannot serve it.
        """
        if not flows.any():
            return NOTHING
        plan = self.plan(flows)
        if self.scheduler.changes == "in-turn":
            return self._in_turn(plan, flows, world)
        found = self._routes(_share(plan, self.blocks, sum(map(_held, plan)))).carry(flows, world)
        return replace(found, setup=0.0 if self.settled else len(plan) * self.scheduler.pause(self.space))

    def _in_turn(self, plan: Plan, flows: Floats, world: int) -> Carried:
        """Return what a pattern needs of a cycle: each pair's own circuits, or all through others where that is less.

        Source: Mellette et al., "RotorNet", SIGCOMM 2017, for both ways; Valiant 1982 for the second.
        """
        period = _period(plan)
        share = _share(plan, self.blocks, period)
        direct = self._routes(share).carry(flows, world)
        if self.space.packet is not None and self.space.packet.any():  # what cannot wait has the packet switches
            return direct
        through = self._through_others(share, flows)
        if through >= direct.crossing.seconds:
            return replace(direct, latency=direct.latency + _wait(plan, flows > 0, period))
        away = ~np.eye(self.blocks, dtype=np.bool_)
        wait = self.latency + _wait(plan, away, period)
        return Carried(Crossing(through, direct.crossing.share), wait, beside=direct.beside)

    def _through_others(self, share: Floats, flows: Floats) -> float:
        """Return seconds if every byte goes over a block taken evenly among all; for ever where pairs are not alike."""
        away = ~np.eye(self.blocks, dtype=np.bool_)
        each = share[away]
        if not each.size or each.min() <= 0 or np.ptp(each) > _ALIKE * each.max():
            return np.inf
        both = flows.sum(axis=1)[:, None] + flows.sum(axis=0)
        return float(both[away].max()) / ((self.blocks - 1) * float(each.min()) * self.space.bandwidth)

    def _routes(self, share: Floats) -> Routes:
        """Return routes over circuits of which each pair has so many on the average."""
        found = Routes.over(share)
        return replace(
            found,
            block=self.block,
            latency=self.latency,
            bandwidth=self.space.bandwidth,
            packet=self.space.packet,
        )


def _held(one: Circuits) -> float:
    return one.end - one.start


def _period(plan: Plan) -> float:
    """Return how long a cycle takes, s, a change after each setting; one setting alone never changes."""
    changes = len(plan) * (plan[1].start - plan[0].end) if len(plan) > 1 else 0.0
    return sum(map(_held, plan)) + changes


def _share(plan: Plan, blocks: int, period: float) -> Floats:
    """Return how many circuits each pair has on the average over a time, (blocks, blocks)."""
    found = np.zeros((blocks, blocks))
    for one in plan:
        found += one.joined * (_held(one) / period)
    return found


def _wait(plan: Plan, pairs: Booleans, period: float) -> float:
    """Return the longest that any of some pairs can wait for its circuits, s."""
    joined = np.zeros(pairs.shape)
    for one in plan:
        joined += (one.joined > 0) * _held(one)
    return max(0.0, period - float(joined[pairs].min()))
