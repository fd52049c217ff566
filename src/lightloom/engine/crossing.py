"""How busy the boundary of each block is while every rank sends one byte on a pattern."""

from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.engine.footprint import Footprint, Funnel
from lightloom.engine.group import LOCAL, SPREAD, Groups, along, next_differs, others_alike, parts_of, runs


@dataclass(frozen=True, slots=True)
class Crossing:
    """What one pattern does to one level, all groups active.

    Args:
        seconds: What the busiest block needs, the busier direction counting, per byte each rank sends.
        share: Of all bytes sent, those that cross upwards.
        turn: Of the hops of one ring, those that cross, of the ring with most; 1 where targets are many and some cross.
    """

    seconds: float
    share: float
    turn: float = 1.0


NONE = Crossing(0.0, 0.0, 0.0)


def crossings(footprint: Footprint, funnel: Funnel, groups: Groups, patterns: list[Pattern]) -> list[Crossing]:
    """Return how busy a level is while all groups send one byte a rank on each of several patterns.

    A flow between scale-up domains crosses a scale-out level where the blocks of its ends differ; one within a domain
    does the same on scale-up levels.
    """
    label: Integers | None = None
    found: list[Crossing] = []
    for pattern in patterns:
        if (
            groups.apart
            and pattern is not Pattern.NEIGHBOUR
            and (funnel.alone or (pattern in LOCAL) != funnel.scale_up)
        ):
            found.append(Crossing(funnel.all_cross, 1.0, 1.0) if (pattern in LOCAL) == funnel.scale_up else NONE)
            continue
        if label is None:
            label = funnel.block[groups.ranks]
        if pattern in SPREAD:
            found.append(_spread(footprint, funnel, groups, pattern, label))
        else:
            found.append(_single(footprint, funnel, groups, pattern, label))
    return found


def _single(footprint: Footprint, funnel: Funnel, groups: Groups, pattern: Pattern, label: Integers) -> Crossing:
    """Count a pattern in which every rank has one target."""
    again = pattern is Pattern.NEIGHBOUR and not groups.ordered
    block = along(groups, pattern, funnel.block[groups.ring] if again else label)
    crosses = next_differs(block)
    mixed = not groups.apart or pattern is Pattern.NEIGHBOUR
    if mixed and (funnel.scale_up or not funnel.whole_domains):
        leaves = next_differs(along(groups, pattern, footprint.domain[groups.ring if again else groups.ranks]))
        crosses &= ~leaves if funnel.scale_up else leaves
    share = _share(footprint, groups, crosses)
    if not share:
        return NONE
    if share == 1.0:
        return Crossing(funnel.all_cross, share, share)
    seconds = _busiest(block[crosses], funnel)
    if mixed and not funnel.whole_domains:  # else as many flows enter a block as leave it
        seconds = max(seconds, _busiest(np.roll(block, -1, axis=1)[crosses], funnel))
    return Crossing(seconds, share, float(crosses.mean(axis=1).max()) if funnel.far else 1.0)


def _spread(footprint: Footprint, funnel: Funnel, groups: Groups, pattern: Pattern, label: Integers) -> Crossing:
    """Count a pattern in which every rank sends equally to all other parts; what leaves a block also enters one."""
    block = parts_of(groups, pattern, label)
    _, parts, inner = block.shape
    targets = (parts - 1) * inner
    if groups.apart and (inner == 1 or funnel.whole_domains or funnel.split_domains):
        return _even(footprint, funnel, groups, block, 1 if funnel.split_domains else inner)
    domain = parts_of(groups, pattern, footprint.domain[groups.ranks])
    stay, alike = others_alike(domain), others_alike(block)
    both = others_alike(block * (int(footprint.domain.max()) + 1) + domain)
    flows = stay - both if funnel.scale_up else targets - alike - stay + both
    share = _share(footprint, groups, flows) / targets
    return Crossing(_busiest(block.ravel(), funnel, flows.ravel() / targets), share)


def _even(footprint: Footprint, funnel: Funnel, groups: Groups, block: Integers, own: int) -> Crossing:
    """Count the same where ``own`` members of a part share a block, whichever part and block."""
    rows, parts, inner = block.shape
    targets = (parts - 1) * inner
    label = block.reshape(rows, parts * inner)
    if not bool((label[:, 1:] >= label[:, :-1]).all()):
        label = np.sort(label, axis=1)
    alike, starts = runs(label)
    flows = alike * (targets + own - alike)
    weights = np.zeros(len(groups.ring), np.int64)
    np.add.at(weights, starts // groups.size, flows)
    share = _share(footprint, groups, weights) / targets
    return Crossing(_busiest(label.ravel()[starts], funnel, flows / targets), share)


def _busiest(block: Integers, funnel: Funnel, bytes_each: Floats | None = None) -> float:
    """Return the time of the slowest block, given the block (and bytes) of every flow; without capacity, for ever."""
    loads = np.bincount(block, weights=bytes_each)
    used = np.flatnonzero(loads)
    if not len(used):
        return 0.0
    with np.errstate(divide="ignore"):
        return float((loads[used] / funnel.up[used]).max())


def _share(footprint: Footprint, groups: Groups, flows: Integers | Booleans) -> float:
    """Return the mean of ``flows`` over all ranks, of which the window's are a part that repeats."""
    repeats, rest = divmod(footprint.world, groups.ring.size)
    total = repeats * int(np.count_nonzero(flows) if flows.dtype == np.bool_ else flows.sum())
    if rest:
        total += int(flows.reshape(len(groups.ring), -1)[: rest // groups.size].sum())
    return total / footprint.world
