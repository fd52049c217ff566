"""Demand: bytes a job sends from block to block, the one thing a scheduler of circuits is told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern, Way
from lightloom.collectives.placement import GroupAxes
from lightloom.core.arrays import Floats, Integers
from lightloom.engine.circuits.routing import circuit_level
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
    fabric: Fabric,
    world: int,
    keys: Sequence[GroupAxes],
    patterns: Sequence[Pattern],
    sent: Sequence[float],
    blocks: Integers | None = None,
) -> Floats:
    """Return bytes from block to block, sender first, (blocks, blocks); what stays in a block is not counted.

    Args:
        fabric: Where.
        world: Ranks of the job, on the first accelerators.
        keys: Kind of group of each entry.
        patterns: Pattern of each entry.
        sent: Bytes each rank sends on it.
        blocks: (accelerators,) block of each; left out: those of the fabric's circuit space.

    Raises:
        StudyError: No blocks are given and the fabric has no circuits.
    """
    block = circuit_blocks(fabric) if blocks is None else blocks
    count = fabric.circuit_space.blocks if fabric.circuit_space and blocks is None else int(block.max()) + 1
    footprint = Footprint.of(fabric, world)
    pairs: dict[GroupAxes, Pairs] = {}
    total = np.zeros((count, count))
    for axes, pattern, amount in zip(keys, patterns, sent, strict=True):
        if axes not in pairs:
            pairs[axes] = Pairs.of(footprint, axes, block, count)
        if amount > 0:
            total += amount * pairs[axes].flows(pattern)
    return total


def circuit_blocks(fabric: Fabric) -> Integers:
    """(accelerators,) Block of the fabric's circuit space each hangs under.

    Raises:
        StudyError: The fabric has no circuits.
    """
    return circuit_level(fabric)[1].block


def call_demand(fabric: Fabric, world: int, calls: Sequence[Call], blocks: Integers | None = None) -> Floats:
    """Return the demand of operations, each done by its algorithm; as :func:`demand`."""
    footprint = Footprint.of(fabric, world)
    entries: list[tuple[GroupAxes, Pattern, float]] = []
    for call in calls:
        groups = Groups.of(footprint, call.axes)
        stages = call.algorithm.stages(groups.size, groups.local, call.payload)
        entries += [(call.axes, phase.pattern, float(phase.sent)) for stage in stages for phase in stage]
    keys, patterns, sent = zip(*entries, strict=True) if entries else ((), (), ())
    return demand(fabric, world, keys, patterns, sent, blocks)
