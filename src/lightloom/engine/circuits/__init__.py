"""Circuits, the demand they serve, and schedulers that set them: one file each, a new one is a file and a line here."""

from lightloom.core.registry import Registry
from lightloom.engine.circuits.circuits import Circuits, Scheduler
from lightloom.engine.circuits.demand import Call, call_demand, demand
from lightloom.engine.circuits.once_per_job import OncePerJob, share_out

SCHEDULERS: Registry[type[Scheduler]] = Registry("circuit scheduler", [OncePerJob])

__all__ = ["SCHEDULERS", "Call", "Circuits", "Scheduler", "call_demand", "demand", "share_out"]
