"""How far endpoints are from each other, over how many shortest ways, and how many ways share no cable."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.measures.maxflow import smallest_cut
from lightloom.fabric.portrait.reduced import Reduced, Sources

BLOCK = 64
"""Sources searched from at once."""
WORK = 400_000_000
"""Sources times links up to which all are searched from; of more, evenly spaced ones stand for all."""
FLOWS = 2_000_000
"""Largest flows times links up to which ways that share no cable are counted."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Hops and ways between endpoints; self pairs are left out.

    Args:
        hops: (hops, share of ordered pairs), fewest first; links of hosts count.
        least: Fewest shortest ways between two endpoints that do not hang under the same switches, as sequences of
            switches; None where there are no two such.
        median: The middle one of all such pairs, by endpoints.
        sampled: Whether some sources stood for all.
    """

    hops: tuple[tuple[int, float], ...]
    least: float | None
    median: float | None
    sampled: bool

    @property
    def diameter(self) -> int:
        """Hops between the two farthest apart."""
        return self.hops[-1][0]

    @property
    def mean(self) -> float:
        """Hops, averaged over ordered pairs."""
        return float(sum(hops * share for hops, share in self.hops))


def spread(reduced: Reduced, sources: Sources) -> Spread:
    """Search breadth first from one class of each kind.

    Raises:
        StudyError: Some endpoint cannot be reached.
    """
    chosen, many = _within_reach(reduced, sources)
    pairs: dict[int, float] = {}
    ways: list[tuple[Floats, Floats]] = []
    beside = float((reduced.weight * (reduced.weight - 1)).sum())
    if beside:
        pairs[2] = beside
    for place in range(0, len(chosen), BLOCK):
        here = chosen[place : place + BLOCK]
        away, counts = search(reduced, here)
        away, counts = away[: reduced.terminals], counts[: reduced.terminals]
        if np.any(away < 0):
            raise StudyError(Fault("", "some endpoints cannot be reached from others", "add links"))
        each = reduced.weight[:, None] * (many[place : place + BLOCK] * reduced.weight[here])[None, :]
        each = np.where(away > 0, each, 0.0)
        for hops in np.unique(away[away > 0]):
            pairs[int(hops)] = pairs.get(int(hops), 0.0) + float(each[away == hops].sum())
        ways.append(_told(counts[away > 0], each[away > 0]))
    total = sum(pairs.values())
    least, median = _least_and_median(ways)
    shares = tuple((hops, pairs[hops] / total) for hops in sorted(pairs))
    return Spread(shares, least, median, sampled=len(chosen) < len(sources.terminal))


def _within_reach(reduced: Reduced, sources: Sources) -> tuple[Integers, Floats]:
    """Return the sources searched from, and how many classes each stands for."""
    most = max(WORK // max(len(reduced.ends), 1), 1)
    count = len(sources.terminal)
    if count <= most:
        return sources.terminal, sources.many.astype(np.float64)
    chosen = np.unique(np.linspace(0, count - 1, most).astype(np.int64))
    many = sources.many[chosen].astype(np.float64)
    return sources.terminal[chosen], many * (sources.many.sum() / many.sum())


def _told(counts: Floats, weights: Floats) -> tuple[Floats, Floats]:
    values, place = np.unique(counts, return_inverse=True)
    return values, np.bincount(place.ravel(), weights=weights, minlength=len(values)).astype(np.float64)


def _least_and_median(ways: list[tuple[Floats, Floats]]) -> tuple[float | None, float | None]:
    values, weights = (np.concatenate([part[side] for part in ways]) for side in (0, 1))
    if not len(values):
        return None, None
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) < weights.sum() / 2 * (1 - 1e-12)
    return float(values.min()), float(values[order][int(below.sum())])


def search(reduced: Reduced, terminals: Integers) -> tuple[Integers, Floats]:
    """Return hops to every vertex from some classes, -1 where there is no way, and the number of shortest ways.

    Both have shape (vertices, classes); glass is passed within a hop and is itself nowhere.
    """
    legs = reduced.legs
    plain, through = reduced.matrix(~legs), reduced.matrix(legs)
    shape = reduced.vertices, len(terminals)
    away, ways = np.full(shape, -1), np.zeros(shape)
    away[terminals, np.arange(len(terminals))] = 0
    layer = (away == 0).astype(np.float64)
    ways += layer
    step = 0
    while layer.any():
        step += 1
        reached = np.asarray(plain @ layer)
        if legs.any():
            reached += np.asarray(through @ (through @ layer))
        new: Booleans = (reached > 0) & (away < 0) & ~reduced.glass[:, None]
        layer = np.where(new, reached, 0.0)
        away[new], ways[new] = step, layer[new]
        if not reduced.relays:
            layer[: reduced.terminals] = 0.0
    return away, ways


def apart(reduced: Reduced, sources: Sources) -> int | None:
    """Return how many ways two classes of endpoints have at least that share no cable; None where it takes too long.

    Ways start and end at the first switches, whose host links do not count. The least of all pairs is the least of
    those with one fixed class: whatever cut parts any two parts that class from one of them.
    """
    if reduced.terminals < 2:
        return None
    goals = sources.others.tolist()
    if len(goals) * len(reduced.ends) > FLOWS:
        return None
    start, terminals = int(sources.terminal[0]), reduced.terminals
    ends, cables = reduced.ends, reduced.cables
    tail = np.concatenate([ends[:, 0], ends[:, 1]])
    head = np.concatenate([ends[:, 1], ends[:, 0]])
    room = np.tile(cables, 2)
    hosts = (tail < terminals) | (head < terminals)
    most = int(cables.sum())
    found: list[int] = []
    for goal in goals:
        capacity = room
        if not reduced.relays:
            own = (tail == start) | (head == start) | (tail == goal) | (head == goal)
            capacity = np.where(hosts, np.where(own, most, 0), room)
        found.append(smallest_cut((tail, head), capacity, reduced.vertices, (start, goal)).flow)
    return min(found)
