"""One design: what of a scenario stays the same for every recipe tried on it."""

import functools
from dataclasses import dataclass

import numpy as np

from lightloom.core.errors import StudyError
from lightloom.engine.hardware import Hardware
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.seats import SeatsSpec, seated
from lightloom.fabric.spec import FabricSpec
from lightloom.study.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A cluster as built, and how fast its accelerators are under the study's stack.

    Args:
        scenario: What was asked.
        fabric: Wired.
        ground: The same as the job's ranks see it: rank r is accelerator r.
        hardware: Rates.
        open_links: Cable rows whose budget does not close by the study's policy.
    """

    scenario: Scenario
    fabric: Fabric
    ground: Fabric
    hardware: Hardware
    open_links: tuple[int, ...]


def design_of(scenario: Scenario) -> Design:
    """Return the design of a scenario.

    Raises:
        StudyError: The fabric cannot be built, or no efficiency of this accelerator is known; at the study's lines.
    """
    node, accelerator = scenario.node, scenario.accelerator
    shape = ClusterShape(
        accelerators=scenario.count,
        accelerators_per_node=node.accelerators,
        nics_per_node=node.nics,
        nic_bandwidth=scenario.nic.rate.value,
        scale_up_bandwidth=accelerator.scale_up_bandwidth.value,
    )
    try:
        fabric = _built(_Plan(scenario.fabric, shape))
    except StudyError as error:
        raise StudyError(scenario.placed(fault, "fabric") for fault in error.faults) from None
    if fabric.circuit_space is None and scenario.document.find(("circuits",)) is not None:
        message = "are set by a scheduler, but this fabric has no circuits to set"
        hint = "write fabric.scale_out.core: circuit, or circuits: null"
        raise StudyError(scenario.fault("circuits", message, hint))
    _check_ceiling(scenario)
    return Design(
        scenario=scenario,
        fabric=fabric,
        ground=_ground(scenario, fabric),
        hardware=Hardware.of(accelerator, scenario.efficiency, scenario.stack),
        open_links=tuple(int(row) for row in np.flatnonzero(~fabric.cables.table.closes)),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a fabric depends on; scenarios that differ in recipe, prices or job share one."""

    spec: FabricSpec
    shape: ClusterShape


@functools.lru_cache(maxsize=32)
def _built(plan: _Plan) -> Fabric:
    return build(plan.spec, plan.shape)


def _ground(scenario: Scenario, fabric: Fabric) -> Fabric:
    seats = scenario.job.seats
    if seats is None:
        return fabric
    parallel, order = scenario.recipe.parallel, scenario.recipe.full_order
    degrees = tuple((axis.key, int(getattr(parallel, axis.key))) for axis in order)
    try:
        return _seated(_Seating(fabric, seats, scenario.job.accelerators, degrees))
    except StudyError as error:
        raise StudyError(scenario.placed(fault, "job.seats") for fault in error.faults) from None


@dataclass(frozen=True, slots=True)
class _Seating:
    """What the seats of a job depend on."""

    fabric: Fabric
    spec: SeatsSpec
    ranks: int
    degrees: tuple[tuple[str, int], ...]


@functools.lru_cache(maxsize=32)
def _seated(of: _Seating) -> Fabric:
    return seated(of.fabric, of.spec, of.ranks, of.degrees)


def _check_ceiling(scenario: Scenario) -> None:
    """Refuse a precision whose products nobody has measured on this accelerator."""
    accelerator = scenario.accelerator
    known = accelerator.matmul_fp8 if scenario.recipe.precision == "fp8" else accelerator.matmul_bf16
    if known is None:
        message = f"{accelerator.name} has no measured rate of {scenario.recipe.precision} products"
        raise StudyError(scenario.fault("recipe.precision", message, "take bf16"))
