"""Pipeline schedules, one file each."""

from lightloom.core.registry import Registry
from lightloom.workload.schedule import PipelineSchedule
from lightloom.workload.schedules.interleaved import Interleaved
from lightloom.workload.schedules.one_forward_one_backward import OneForwardOneBackward

SCHEDULES: Registry[type[PipelineSchedule]] = Registry("pipeline schedule", [OneForwardOneBackward, Interleaved])
