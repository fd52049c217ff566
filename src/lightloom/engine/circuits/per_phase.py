"""Per phase: the circuits of each phase shared out by its own demand, held until it is served, then changed."""

from typing import ClassVar, Literal

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.circuits import PhaseByPhase, Plan, in_turn
from lightloom.engine.circuits.once_per_job import share_out
from lightloom.engine.circuits.routing import Routes
from lightloom.fabric.fabric import CircuitSpace


class PerPhase(PhaseByPhase):
    """For each phase the circuits that :class:`~lightloom.engine.circuits.once_per_job.OncePerJob` would set for it.

    Leaves out: keeping circuits that two phases share (every change is as long as a whole one).
    """

    kind: ClassVar[str] = "per-phase"

    scheduler: Literal["per-phase"] = "per-phase"

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return one setting a phase; phases without demand are left out.

        Raises:
            StudyError: Demand has no path, and there are no packet switches beside the circuits to take it.
        """
        settings = [share_out(phase, space.ports_per_block) for phase in phases]
        holds: list[float] = []
        for joined, phase in zip(settings, phases, strict=True):
            routes = Routes.over(joined)
            pathless = (phase > 0) & np.isinf(routes.hops)
            if pathless.any() and space.packet is None:
                message = f"circuits for one phase, {space.ports_per_block} a block, leave demand without a path"
                hint = "write circuits: birkhoff, which relays nothing, or give blocks two uplinks or more"
                raise StudyError(Fault("", message, hint))
            holds.append(routes.seconds(np.where(pathless, 0.0, phase)) / space.bandwidth)
        return in_turn(settings, holds, self.change(space))
