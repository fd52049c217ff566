"""Valiant's way: first to a terminal drawn at random, then to the goal, so that no demand is worse than another."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Floats, frozen
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.ecmp import Loads, loads
from lightloom.fabric.routing.routing import Ground, Routing, Way, steps_first, terminals_only
from lightloom.fabric.routing.shortest import Nearer


class Valiant(Routing):
    """Randomised two-phase routing; each phase takes shortest paths, split equally.

    Every terminal that has a link is in between equally often, the two ends included, so a demand's loads follow from
    its sums: each terminal spreads all it sends, and each gathers all it receives.

    Source: Valiant, "A scheme for fast parallel communication", SIAM Journal on Computing 11(2), 1982.
    """

    kind: ClassVar[str] = "valiant"
    title: ClassVar[str] = "over a random terminal, by shortest paths"

    def loads(self, ground: Ground, demand: Floats | None = None) -> Loads:
        """Return what every directed link carries; see :class:`Routing`."""
        graph = ground.graph
        many = graph.terminals
        if demand is None:  # each spreads and gathers as much as any other
            once = loads(graph)
            return Loads(once.arcs, frozen(once.flow * (2.0 * (many - 1) / many)))
        apart = demand * (1.0 - np.eye(many))
        middle = _linked(graph)
        spread_out = apart.sum(axis=1)[:, None] * middle[None, :] / middle.sum()
        gathered = apart.sum(axis=0)[None, :] * middle[:, None] / middle.sum()
        return loads(graph, spread_out + gathered)

    def ways(self, ground: Ground, source: int, target: int) -> Iterator[Way]:
        """Yield the ways between two terminals, terminal by terminal in between; see :class:`Routing`."""
        graph = ground.graph
        terminals_only(graph, source, target)
        for middle in map(int, np.flatnonzero(_linked(graph))):
            first = steps_first(source, middle, Nearer(graph, middle, "even", source))
            second = list(steps_first(middle, target, Nearer(graph, target, "even", middle)))
            for before in first:
                for after in second:
                    share = before.share * after.share / float(_linked(graph).sum())
                    yield Way(before.vertices + after.vertices[1:], share)


def _linked(graph: Graph) -> Floats:
    """(terminals,) 1 for those that have a link, 0 for those that failures left none."""
    return (np.bincount(graph.ends.ravel(), minlength=graph.vertices)[: graph.terminals] > 0).astype(np.float64)
