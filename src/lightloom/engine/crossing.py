"""How busy the boundary of each block is while every rank sends one byte on a pattern."""

from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.engine.footprint import Footprint, Funnel
from lightloom.engine.group import SPREAD, Groups, others_alike, parts_of, steps_of


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one pattern does to one level, all groups active.

    Args:
        seconds: What the busiest block needs, the busier direction counting, per byte each rank sends.
        share: Of all bytes sent, those that cross upwards.
    """

    seconds: float
    share: float


NONE = Crossing(0.0, 0.0)


def crossing(footprint: Footprint, funnel: Funnel, groups: Groups, pattern: Pattern) -> Crossing:
    """Return how busy a level is while all groups send one byte a rank on a pattern.

    A flow between scale-up domains crosses a scale-out level where the blocks of its ends differ; one within a domain
    does the same on scale-up levels.
    """
    if groups.apart and funnel.scale_up is not _stays(pattern) and pattern is not Pattern.NEIGHBOUR:
        return NONE
    if pattern in SPREAD:
        return _spread(footprint, funnel, groups, pattern)
    return _single(footprint, funnel, groups, pattern)


def _stays(pattern: Pattern) -> bool:
    return pattern in {Pattern.LOCAL_RING, Pattern.LOCAL_ALL_TO_ALL}


def _single(footprint: Footprint, funnel: Funnel, groups: Groups, pattern: Pattern) -> Crossing:
    """Count a pattern in which every rank has one target."""
    source, target = steps_of(groups, funnel.block, pattern)
    crosses: Booleans = source != target
    balanced = True  # every rank of a block sends and receives once, so as many flows leave it as enter it
    if not groups.apart or pattern is Pattern.NEIGHBOUR:
        here, there = steps_of(groups, footprint.domain, pattern)
        crosses &= (here == there) if funnel.scale_up else (here != there)
        balanced = funnel.whole_domains and not funnel.scale_up
    share = _share(footprint, groups, crosses)
    if share == 0:
        return NONE
    seconds = _busiest(np.bincount(source[crosses], minlength=len(funnel.up)), funnel.up)
    if not balanced:
        seconds = max(seconds, _busiest(np.bincount(target[crosses], minlength=len(funnel.up)), funnel.up))
    return Crossing(seconds, share)


def _spread(footprint: Footprint, funnel: Funnel, groups: Groups, pattern: Pattern) -> Crossing:
    """Count a pattern in which every rank sends equally to all other parts; what leaves a block also enters one."""
    block = parts_of(groups, funnel.block, pattern)
    _, parts, inner = block.shape
    targets = (parts - 1) * inner
    alike = 0 if funnel.alone else others_alike(block)
    if groups.apart:
        flows = np.broadcast_to(targets - alike, block.shape)
    else:
        domain = parts_of(groups, footprint.domain, pattern)
        stay = others_alike(domain)
        both = 0 if funnel.alone else others_alike(block * (int(footprint.domain.max()) + 1) + domain)
        flows = stay - both if funnel.scale_up else targets - alike - stay + both
    share = _share(footprint, groups, flows) / targets
    if share == 0:
        return NONE
    loads = np.bincount(block.ravel(), weights=flows.ravel(), minlength=len(funnel.up))
    return Crossing(_busiest(loads, funnel.up) / targets, share)


def _busiest(loads: Integers | Floats, up: Floats) -> float:
    """Return the time of the slowest block; one without capacity takes for ever, one without load none."""
    used = loads > 0
    with np.errstate(divide="ignore"):
        return float((loads[used] / up[used]).max())


def _share(footprint: Footprint, groups: Groups, flows: Integers | Booleans) -> float:
    """Return the mean of ``flows`` over all ranks, of which the window's are a part that repeats."""
    window = groups.ring.size
    repeats, rest = divmod(footprint.world, window)
    rows = flows.reshape(len(groups.ring), -1)
    total = repeats * int(rows.sum()) + int(rows[: rest // groups.size].sum())
    return total / footprint.world
