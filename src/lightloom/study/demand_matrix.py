"""What a job sends from block to block in a step, collective by collective: what circuits would serve."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithms import candidates
from lightloom.collectives.dispatch import ExpertDispatch
from lightloom.core.arrays import Floats
from lightloom.core.errors import StudyError
from lightloom.engine.circuits import Call, call_demand
from lightloom.engine.network import Network
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric, Level
from lightloom.study.design import Design, design_of
from lightloom.study.scenario import Scenario
from lightloom.study.timing import run
from lightloom.workload.program import Group
from lightloom.workload.recipe import RecipeColumns

PHASES = {Group.PIPELINE: "between stages", Group.DATA: "end of step", Group.EXPERT_DATA: "end of step"}
"""When a group's collectives take place; others do in the layers, at every micro-batch."""


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """One collective of a step.

    Args:
        phase: ``layers`` (every micro-batch), ``between stages`` or ``end of step``.
        group: Who.
        operation: What they do.
        algorithm: How, the fastest on this network.
        times: How often in a step, the mean over stages.
        level: ``domain.level`` whose blocks they are, of the fabric that carries the group.
        sent: (blocks, blocks) bytes a step, sender first; what stays in a block is not counted.
    """

    phase: str
    group: str
    operation: str
    algorithm: str
    times: float
    level: str
    sent: Floats


@dataclass(frozen=True, slots=True)
class DemandMatrices:
    """What a job sends between the blocks of one level of each scale-out fabric.

    Args:
        level: ``domain.level`` of the main fabric whose blocks they are: those circuits join, or the topmost with more
            than one.
        blocks: How many.
        matrices: Collective by collective; those that stay in blocks left out.
    """

    level: str
    blocks: int
    matrices: tuple[Matrix, ...]


def demand_matrices(scenario: Scenario) -> DemandMatrices:
    """Return a job's demand, by group and phase.

    Raises:
        StudyError: The fabric cannot be built, or circuits join no path; at the study's lines.
    """
    design = design_of(scenario)
    level = _level(alone(design.ground, ""))
    found = tuple(each for each in _matrices(design) if each.sent.any())
    return DemandMatrices(f"{level.domain}.{level.name}", int(level.block.max()) + 1, found)


def _level(fabric: Fabric) -> Level:
    space = fabric.circuit_space
    outer = [level for level in fabric.levels if level.domain != "scale_up"] or list(fabric.levels)
    if space is not None:
        return next(level for level in outer if (level.domain, level.name) == ("scale_out", space.level))
    several = [level for level in outer if level.block.max() > 0]
    return several[-1] if several else outer[-1]


def _matrices(design: Design) -> Iterator[Matrix]:
    scenario, fabric = design.scenario, design.ground
    levels = {name: _level(alone(fabric, name)) for name in fabric.fabrics}
    part = run(design, RecipeColumns.single(scenario.recipe))[0][1]
    if not np.isfinite(part.totals.time[0]):
        message = "no demand: the circuits join no path between ranks that must talk"
        raise StudyError(scenario.fault("fabric", message, "give blocks more ports"))
    network = Network.on(part.reach, part.groups, scenario.stack)
    for use in part.uses:
        times, payload = float(use.times[0]), float(use.payload[0])
        if times * payload <= 0:
            continue
        ways = (ExpertDispatch(use.routing),) if use.routing else tuple(candidates(use.what))
        way = ways[int(network.transfer(use.group, use.what, use.payload, use.routing).choice[0])]
        axes = part.groups.keys[int(part.groups.rows[use.group][0])]
        level = levels[fabric.carrier(use.group)]
        sent = call_demand(fabric, scenario.job.accelerators, [Call(axes, way, times * payload)], level.block)
        yield Matrix(
            phase=PHASES.get(use.group, "layers"),
            group=use.group.value,
            operation=use.what.value,
            algorithm=way.kind,
            times=times,
            level=f"{level.domain}.{level.name}",
            sent=sent,
        )
