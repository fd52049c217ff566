"""Kinds of fabric cases about what is up: from a probability, from a trace of faults, in a ring, in a pod."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import numpy as np
from pydantic import BeforeValidator, Field

from lightloom.core.arrays import Number
from lightloom.core.errors import StudyError
from lightloom.fabric.health import downtime
from lightloom.fabric.health.downtime import Downtime
from lightloom.fabric.health.fault_files import HOUR, read_trace
from lightloom.fabric.health.faults import FaultTrace
from lightloom.fabric.pods.pod import Pod
from lightloom.study.validation.case_fields import CaseError, Params, Probability, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity

Count: TypeAlias = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(whole)]
"""Servers or blocks that are counted one by one."""


class PodParams(Params):
    """Cubes of chips, their faces joined by circuit switches."""

    cube_edge: Annotated[int, Field(ge=1, le=64), BeforeValidator(whole)]
    cubes: Count

    def pod(self) -> Pod:
        """Return the pod."""
        return Pod(cubes=self.cubes, edge=self.cube_edge)


OCS_TORUS_POD: CaseKind[PodParams] = CaseKind(
    "ocs_torus_pod",
    PodParams,
    {
        "chips": Quantity("count", lambda p: p.pod().chips),
        "optical_links_per_cube": Quantity("count", lambda p: p.pod().optical_links_per_cube),
        "ocs_count": Quantity("count", lambda p: p.pod().switches),
        "ocs_ports_used": Quantity("count", lambda p: p.pod().ports_used),
        "fibres": Quantity("count", lambda p: p.pod().fibres),
        "transceivers_per_chip": Quantity("count", lambda p: p.pod().modules / p.pod().chips),
        "ocs_ports_per_chip": Quantity("count", lambda p: p.pod().switches * p.pod().ports_used / p.pod().chips),
        "copper_links_per_cube": Quantity("count", lambda p: p.pod().copper_links_per_cube),
    },
)


class PoolParams(Params):
    """Blocks of hosts that are up or down on their own; jobs of several blocks."""

    blocks: Count | None = None
    slice_blocks: Count | None = None
    hosts_per_block: Count
    host_availability: Probability

    def block(self) -> float:
        """Return the chance that a block is up."""
        return float(downtime.block_availability(self.host_availability, self.hosts_per_block))

    def counted(self) -> tuple[Downtime, int]:
        """Return blocks down, and blocks of a job."""
        blocks, size = self.sizes()
        return Downtime.independent(blocks, self.block()), size

    def sizes(self) -> tuple[int, int]:
        """Return blocks in all, and of a job."""
        return needed(self.blocks, "blocks"), needed(self.slice_blocks, "slice_blocks")

    def pool(self) -> float:
        """Return the mean part of the blocks that jobs use, from any that are up."""
        counted, size = self.counted()
        return counted.pool(size)

    def slots(self) -> float:
        """Return the same where each job needs one of the fixed groups."""
        counted, size = self.counted()
        return counted.slots(size)


OCS_POOL: CaseKind[PoolParams] = CaseKind(
    "ocs_pool",
    PoolParams,
    {
        "block_availability": Quantity("1", lambda p: p.block()),
        "goodput_expected": Quantity("1", lambda p: p.pool()),
        "goodput_floor": Quantity("1", lambda p: downtime.promised_pool(*p.sizes(), p.block())),
    },
)

STATIC_SLOTS: CaseKind[PoolParams] = CaseKind(
    "static_slots", PoolParams, {"goodput_expected": Quantity("1", lambda p: p.slots())}
)


class RingParams(Params):
    """A ring of nodes that reach several others to both sides."""

    nodes: Count
    reach: Count
    fault_ratio: Probability


KHOP_RING: CaseKind[RingParams] = CaseKind(
    "khop_ring",
    RingParams,
    {"expected_breaks": Quantity("count", lambda p: downtime.ring_breaks(p.nodes, reach=p.reach, down=p.fault_ratio))},
)


class TraceParams(Params):
    """A trace of faults, and servers that were watched."""

    trace: Literal["infinitehbd"]
    servers: Count = 400
    quantile: Probability | None = None
    group_servers: Count | None = None
    job_servers: Count | None = None


class WasteParams(Params):
    """The same with domains that jobs cannot cross."""

    trace: Literal["infinitehbd"]
    servers: Count = 400
    domain_servers: Count
    group_servers: Count

    def wasted(self, down: Downtime) -> float:
        """Return what is up and of no use.

        Raises:
            CaseError: A domain is larger than all there is.
        """
        if self.domain_servers > self.servers:
            message = "the parameter domain_servers should be at most servers"
            raise CaseError(message)
        return down.wasted(self.domain_servers, self.group_servers)


def trace_kinds(path: Path | None) -> tuple[CaseKind[Any], ...]:
    """Return the kinds that are worked out from a trace of faults; without one they have no answers.

    Raises:
        StudyError: The file cannot be read.
    """
    trace = read_trace(path) if path else None
    return _healthy_trace(trace), _domain_waste(trace)


def _healthy_trace(trace: FaultTrace | None) -> CaseKind[TraceParams]:
    def asked(unit: str, solve: Callable[[TraceParams, FaultTrace, Downtime], Number]) -> Quantity[TraceParams]:
        return _asked(trace, unit, lambda p, faults: solve(p, faults, faults.downtime(p.servers)))

    return CaseKind(
        "healthy_trace",
        TraceParams,
        {
            "fault_count": asked("count", lambda _p, faults, _d: faults.faults),
            "servers_faulted": asked("count", lambda _p, faults, _d: faults.servers_failed),
            "span": asked("h", lambda _p, faults, _d: faults.span / HOUR),
            "mean_down_fraction": asked("1", lambda _p, _f, down: down.mean_down_share),
            "down_quantile": asked("1", lambda p, _f, down: down.down_at(needed(p.quantile, "quantile")) / p.servers),
            "max_down": asked("count", lambda _p, _f, down: down.most_down),
            "server_hours_per_fault": asked("h", lambda p, faults, _d: p.servers * faults.span / HOUR / faults.faults),
            "fault_duration_mean": asked("h", lambda _p, faults, _d: float(np.mean(faults.duration)) / HOUR),
            "fault_duration_median": asked("h", lambda _p, faults, _d: float(np.median(faults.duration)) / HOUR),
            "group_up_probability": asked(
                "1", lambda p, _f, down: down.group_up(needed(p.group_servers, "group_servers"))
            ),
            "pool_usable_fraction": asked("1", lambda p, _f, down: down.pool(needed(p.job_servers, "job_servers"))),
        },
    )


def _domain_waste(trace: FaultTrace | None) -> CaseKind[WasteParams]:
    wasted = _asked(trace, "1", lambda p, faults: p.wasted(faults.downtime(p.servers)))
    return CaseKind("domain_waste", WasteParams, {"wasted_fraction": wasted})


def _asked(trace: FaultTrace | None, unit: str, solve: Callable[[Any, FaultTrace], Number]) -> Quantity[Any]:
    """Return a quantity that is worked out where the trace is present."""

    def solved(params: Any) -> Number:  # noqa: ANN401 - one of the two kinds' parameters
        if trace is None:
            message = "the trace of faults is not here; name it with --trace"
            raise CaseError(message)
        try:
            return solve(params, trace)
        except StudyError as error:
            raise CaseError(str(error)) from None

    return Quantity(unit, solved)
