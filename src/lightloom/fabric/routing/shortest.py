"""Shortest ways: every vertex passes traffic on to those of its neighbours that are nearest to the goal."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np
from scipy.sparse import csr_array

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.ecmp import Loads, Split, loads
from lightloom.fabric.measures.hops import spread
from lightloom.fabric.measures.sparse import matrix
from lightloom.fabric.routing.routing import Ground, Onward, Routing, Way, steps_first, terminals_only


class Shortest(Routing):
    """Equal-cost multipath: each next hop of a shortest way gets the same share of what passes, whatever its links.

    Source: RFC 2992, "Analysis of an Equal-Cost Multi-Path Algorithm"; ideal hashing, so that shares are exact.
    """

    kind: ClassVar[str] = "ecmp"
    title: ClassVar[str] = "shortest paths, split equally over next hops"
    split: ClassVar[Split] = "even"

    def loads(self, ground: Ground, demand: Floats | None = None) -> Loads:
        """Return what every directed link carries; see :class:`Routing`."""
        return loads(ground.graph, demand, split=self.split)

    def ways(self, ground: Ground, source: int, target: int) -> Iterator[Way]:
        """Yield the ways between two terminals; see :class:`Routing`."""
        terminals_only(ground.graph, source, target)
        yield from steps_first(source, target, Nearer(ground.graph, target, self.split, source))


class Weighted(Shortest):
    """Weighted multipath: next hops of a shortest way get shares by the capacity that leads to them.

    Source: Zhou et al., "WCMP: Weighted Cost Multipathing for Improved Fairness in Data Centers", EuroSys 2014.
    """

    kind: ClassVar[str] = "weighted"
    title: ClassVar[str] = "shortest paths, split by capacity of next hops"
    split: ClassVar[Split] = "capacity"


class Nearer(Onward):
    """Passes traffic to the neighbours one link nearer to a goal.

    Raises:
        StudyError: The goal cannot be reached from where traffic starts.
    """

    def __init__(self, graph: Graph, goal: int, split: Split, start: int) -> None:
        arcs = graph.arcs()
        weights = np.ones(len(arcs)) if split == "even" else arcs.capacity
        self._out: csr_array = matrix(arcs, graph.vertices, weights)
        away, _ = spread(self._out, np.array([goal]))
        self._away: Integers = away[:, 0].astype(np.int64)
        if self._away[start] < 0:
            raise StudyError(Fault("", f"terminal {goal} cannot be reached from terminal {start}", "add links"))

    def __call__(self, vertex: int) -> Iterable[tuple[int, float]]:
        """Return the neighbours one link nearer, and the share each gets."""
        row = slice(int(self._out.indptr[vertex]), int(self._out.indptr[vertex + 1]))
        heads, weights = self._out.indices[row], self._out.data[row].astype(np.float64)
        nearer = self._away[heads] == self._away[vertex] - 1
        shares = weights[nearer] / weights[nearer].sum()
        return list(zip(map(int, heads[nearer]), map(float, shares), strict=True))
