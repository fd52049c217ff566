"""The search: bounds of very many candidates, then exact loads of the few that could be best.

Every family names spaces of candidates. Small spaces are looked through; the others are sampled, in rounds. After each
round the better half of the spaces stays, by the best bound found in it, and half of what is drawn next lies beside the
best points so far. Candidates are then solved in the order of their bounds, until the next bound is no less than the
best load: what is found is the best of all that were looked at, unless there are too many to solve.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log2
from zlib import crc32

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.measures.sparse import orbits
from lightloom.fabric.synthesis.family import Family, Space

KEPT = 24
"""Best points kept of a space."""
FEWEST = 16
"""Points drawn of a space at least."""
MOST_SOLVED = 64
"""Linear programmes solved at most."""
MOST_UNKNOWNS = 1_000_000
"""Unknowns of all of them together, above which no further one is begun: a minute or two."""
SLACK = 1e-9
"""Relative difference of loads below which they are the same."""


@dataclass(frozen=True, slots=True)
class Solved:
    """One candidate.

    Args:
        topology: It.
        bound: An all-to-all load that it is not below, by its distances.
        load: The least there is, by linear programme.
    """

    topology: Family
    bound: float
    load: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Args:
        best: The candidate of least load.
        looked_at: Candidates whose bound was computed.
        solved: Candidates whose load was.
        proved: Whether no candidate looked at is better; otherwise too many had a lower bound to solve them all.
    """

    best: Solved
    looked_at: int
    solved: int
    proved: bool


class _Pool:
    """A space, and the best of what was drawn of it."""

    def __init__(self, space: Space, draws: np.random.Generator) -> None:
        self._space = space
        self._draws = draws
        self._points: Integers | None = None
        self._bounds: Floats = np.zeros(0)
        self.looked_at = 0
        self.exhausted = False

    @property
    def least(self) -> float:
        """Return the best bound so far."""
        return float(self._bounds[0]) if len(self._bounds) else np.inf

    def grow(self, count: int) -> None:
        """Look at about so many more points: at all where there are no more, else at random ones and ones beside."""
        if self._points is None and self._space.size <= count:
            self.exhausted = True
            for block in self._space.everything():
                self._take(block)
            return
        known = self._points
        fresh = count if known is None or not len(known) else count - count // 2
        self._take(self._space.draw(fresh, self._draws))
        beside = count - fresh
        while beside and self._points is not None and len(self._points):
            block = self._points[np.arange(min(beside, 2 * len(self._points))) % len(self._points)]
            self._take(self._space.near(block, self._draws))
            beside -= len(block)

    def _take(self, points: Integers) -> None:
        """Keep the best, each once; unfit ones are not kept."""
        bounds = self._space.bounds(points)
        self.looked_at += len(points)
        fit = np.isfinite(bounds)
        points, bounds = points[fit], bounds[fit]
        if self._points is not None:
            points, bounds = np.concatenate([self._points, points]), np.concatenate([self._bounds, bounds])
        _, first = np.unique(points, axis=0, return_index=True)
        kept = first[np.argsort(bounds[first], kind="stable")][:KEPT]
        self._points, self._bounds = points[kept], bounds[kept]

    def candidates(self) -> Iterator[tuple[float, Family]]:
        """Yield the best with their bounds."""
        points = np.zeros((0, 1), np.int64) if self._points is None else self._points
        for point, bound in zip(points, self._bounds.tolist(), strict=True):
            yield bound, self._space.candidate(point)


def search(
    nodes: int,
    degree: int,
    families: Sequence[type[Family]],
    *,
    candidates: int,
    seed: int,
    known: Iterable[Family] = (),
) -> Found | None:
    """Return the best graph that a search finds; None where no family has one. Same arguments, same answer.

    Args:
        nodes: How many.
        degree: Links of each, below ``nodes``, one of both even.
        families: Where to look.
        candidates: Graphs whose distances are looked at, about.
        seed: Of what is drawn.
        known: Graphs that are candidates in any case.
    """
    pools = [
        _Pool(space, np.random.default_rng([*stream, number]))
        for family in families
        for stream in [_stream(family, nodes, degree, seed)]
        for number, space in enumerate(family.spaces(nodes, degree, np.random.default_rng(stream)))
    ]
    _look(pools, candidates)
    listed = [(_bound(topology), topology) for topology in known]
    listed += [each for pool in pools for each in pool.candidates()]
    return _best(listed, sum(pool.looked_at for pool in pools)) if listed else None


def _stream(family: type[Family], nodes: int, degree: int, seed: int) -> list[int]:
    """Return what a family's random numbers depend on: its name, so that others may come and go."""
    return [seed, nodes, degree, crc32(family.kind.encode())]


def _bound(topology: Family) -> float:
    """Return the least load that the distances of one topology allow."""
    graph = topology.graph()
    return float(hops(graph).total / graph.arcs().capacity.sum())


def _look(pools: Sequence[_Pool], candidates: int) -> None:
    """Draw from all spaces, then from the better half, and so on, an equal share of the candidates every round."""
    left, open_ = candidates, list(pools)
    while open_:
        rounds = ceil(log2(len(open_))) + 1
        share = max(FEWEST, left // (rounds * len(open_)))
        for pool in open_:
            pool.grow(share)
        left -= share * len(open_)
        if left <= 0 or len(open_) == 1:
            return
        open_ = sorted((pool for pool in open_ if not pool.exhausted), key=lambda pool: pool.least)
        open_ = open_[: max(1, len(open_) // 2)]


def _best(listed: Sequence[tuple[float, Family]], looked_at: int) -> Found:
    """Solve candidates in the order of their bounds."""
    ordered = sorted(listed, key=lambda each: each[0])
    graph = ordered[0][1].graph()
    best, solved, unknowns = Solved(ordered[0][1], ordered[0][0], all_to_all(graph).load), 1, programme_size(graph)
    for bound, topology in ordered[1:]:
        if bound >= best.load * (1 - SLACK):
            break
        if solved == MOST_SOLVED or unknowns > MOST_UNKNOWNS:
            return Found(best, looked_at, solved, proved=False)
        graph = topology.graph()
        load, solved, unknowns = all_to_all(graph).load, solved + 1, unknowns + programme_size(graph)
        best = Solved(topology, bound, load) if load < best.load * (1 - SLACK) else best
    return Found(best, looked_at, solved, proved=True)


def programme_size(graph: Graph) -> int:
    """Return the unknowns of a graph's all-to-all programme: kinds of nodes times directed links."""
    arcs = graph.arcs()
    return len(orbits(graph, arcs).terminals) * len(arcs)
