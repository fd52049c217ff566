"""Demand: bytes a job sends from block to block, the one thing a scheduler of circuits is told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern, Way
from lightloom.collectives.placement import GroupAxes
from lightloom.core.arrays import Floats
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.footprint import Footprint
from lightloom.engine.group import Groups
from lightloom.engine.pairs import Pairs
from lightloom.fabric.fabric import Fabric


@dataclass(frozen=True, slots=True)
class Call:
    """One operation, as often as the job does it.

    Args:
        axes: Kind of group; all its groups take part.
        algorithm: How it is done.
        payload: Bytes as the algorithm's operation counts them, all times together.
    """

    axes: GroupAxes
    algorithm: Way
    payload: float


def demand(
    fabric: Fabric, world: int, keys: Sequence[GroupAxes], patterns: Sequence[Pattern], sent: Sequence[float]
) -> Floats:
    """Return bytes from block to block of the fabric's circuit space, sender first, (blocks, blocks).

    Args:
        fabric: Where.
        world: Ranks of the job, on the first accelerators.
        keys: Kind of group of each entry.
        patterns: Pattern of each entry.
        sent: Bytes each rank sends on it.

    Raises:
        StudyError: The fabric has no circuits.
    """
    space = fabric.circuit_space
    if space is None:
        raise StudyError(Fault("", "the fabric has no circuits to set"))
    block = next(level.block for level in fabric.levels if (level.domain, level.name) == ("scale_out", space.level))
    footprint = Footprint.of(fabric, world)
    pairs: dict[GroupAxes, Pairs] = {}
    total = np.zeros((space.blocks, space.blocks))
    for axes, pattern, amount in zip(keys, patterns, sent, strict=True):
        if axes not in pairs:
            pairs[axes] = Pairs.of(footprint, axes, block, space.blocks)
        if amount > 0:
            total += amount * pairs[axes].flows(pattern)
    return total


def call_demand(fabric: Fabric, world: int, calls: Sequence[Call]) -> Floats:
    """Return the demand of operations, each done by its algorithm; as :func:`demand`."""
    footprint = Footprint.of(fabric, world)
    entries: list[tuple[GroupAxes, Pattern, float]] = []
    for call in calls:
        groups = Groups.of(footprint, call.axes)
        stages = call.algorithm.stages(groups.size, groups.local, call.payload)
        entries += [(call.axes, phase.pattern, float(phase.sent)) for stage in stages for phase in stage]
    keys, patterns, sent = zip(*entries, strict=True) if entries else ((), (), ())
    return demand(fabric, world, keys, patterns, sent)
