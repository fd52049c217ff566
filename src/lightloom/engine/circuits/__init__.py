"""Circuits, the demand they serve, and schedulers that set them: one file each, a new one is a file and a line here."""

from typing import TYPE_CHECKING, Annotated, TypeAlias, Union

from pydantic import Field

from lightloom.core.registry import Registry
from lightloom.engine.circuits.birkhoff import Birkhoff
from lightloom.engine.circuits.circuits import Circuits, Plan, Scheduler, change_time, changed, delivered, in_turn
from lightloom.engine.circuits.demand import Call, call_demand, demand
from lightloom.engine.circuits.greedy_min_max import GreedyMinMax
from lightloom.engine.circuits.moving import Moving
from lightloom.engine.circuits.once_per_job import OncePerJob, share_out
from lightloom.engine.circuits.per_phase import PerPhase
from lightloom.engine.circuits.rotor import Rotor

SCHEDULERS: Registry[type[Scheduler]] = Registry(
    "circuit scheduler", [OncePerJob, PerPhase, Rotor, GreedyMinMax, Birkhoff]
)

if TYPE_CHECKING:
    SchedulerSpec: TypeAlias = Scheduler
else:
    SchedulerSpec = Annotated[Union[tuple(SCHEDULERS.values())], Field(discriminator="scheduler")]  # noqa: UP007 - made from a tuple

__all__ = [
    "SCHEDULERS",
    "Call",
    "Circuits",
    "Moving",
    "Plan",
    "Scheduler",
    "SchedulerSpec",
    "call_demand",
    "change_time",
    "changed",
    "delivered",
    "demand",
    "in_turn",
    "share_out",
]
