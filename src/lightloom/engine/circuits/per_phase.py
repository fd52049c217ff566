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
        """Return one setting a phase; phases without demand are left out."""
        settings = [share_out(phase, space.ports_per_block) for phase in phases]
        holds = [Routes.over(joined).seconds(phase) for joined, phase in zip(settings, phases, strict=True)]
        for number, hold in enumerate(holds, start=1):
            if np.isinf(hold):
                message = f"phase {number}: {space.ports_per_block} ports a block leave demand without a path"
                raise StudyError(Fault("circuits", message, "give blocks two ports or more"))
        return in_turn(settings, [hold / space.bandwidth for hold in holds], self.change(space))
