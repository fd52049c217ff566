"""All shortest ways between two endpoints as one graph that leads on only: counted, listed, and place by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import coo_array, csr_array

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.portrait.reduced import Reduced
from lightloom.fabric.portrait.ways import search

LEG = 0.5
"""Hops of a leg to or from glass."""


class NoWayError(StudyError):
    """No way joins two accelerators over a network."""


@dataclass(frozen=True, slots=True, eq=False)
class ShortestWays:
    """Shortest ways from one endpoint to another.

    Args:
        source: Where they begin.
        target: Where they end.
        away: (vertices,) hops to the target; glass lies half way between what it joins; -1 where there is no way.
        cables: (vertices, vertices) equal cables between any two.
        count: How many ways.
    """

    source: int
    target: int
    away: Floats
    cables: csr_array
    count: int

    @classmethod
    def of(cls, reduced: Reduced, source: int, target: int) -> Self:
        """Return the ways between two classes of endpoints.

        Raises:
            NoWayError: There is none.
        """
        hops, ways = search(reduced, np.array([target]))
        away = hops[:, 0].astype(np.float64)
        if away[source] < 0:
            raise NoWayError(Fault("", "no way joins the two accelerators", "add links"))
        low, high = reduced.ends.T
        places = (np.concatenate([low, high]), np.concatenate([high, low]))
        size = reduced.vertices
        cables = csr_array(coo_array((np.tile(reduced.cables, 2).astype(np.float64), places), shape=(size, size)))
        for glass in np.flatnonzero(reduced.glass):
            joined = away[cables.indices[cables.indptr[glass] : cables.indptr[glass + 1]]]
            away[glass] = joined.min() + LEG if len(joined) else -1.0
        return cls(source, target, away, cables, round(float(ways[source, 0])))

    @property
    def hops(self) -> int:
        """Of each."""
        return round(float(self.away[self.source]))

    def onward(self, vertex: int) -> tuple[Integers, Floats]:
        """Return the vertices next on the way, those with most cables first, and the share each gets."""
        row = slice(int(self.cables.indptr[vertex]), int(self.cables.indptr[vertex + 1]))
        heads, cables = self.cables.indices[row].astype(np.int64), self.cables.data[row]
        nearer = self.away[vertex] - self.away[heads]
        glass = (self.away[heads] % 1.0 > 0) | (self.away[vertex] % 1.0 > 0)
        kept = (self.away[heads] >= 0) & (nearer == np.where(glass, LEG, 1.0))
        heads, cables = heads[kept], cables[kept]
        order = np.argsort(-cables, kind="stable")
        return heads[order], cables[order] / cables.sum()

    def each(self) -> Iterator[tuple[tuple[int, ...], float]]:
        """Yield the ways with their shares, depth first."""
        waiting: list[tuple[tuple[int, ...], float]] = [((self.source,), 1.0)]
        while waiting:
            vertices, share = waiting.pop()
            if vertices[-1] == self.target:
                yield vertices, share
                continue
            heads, shares = self.onward(vertices[-1])
            waiting += [
                ((*vertices, int(head)), share * float(part)) for head, part in zip(heads, shares, strict=True)
            ][::-1]

    def stages(self) -> Iterator[Integers]:
        """Yield the vertices that ways pass, place by place."""
        here = np.array([self.source])
        yield here
        while here[0] != self.target:
            here = np.unique(np.concatenate([self.onward(int(vertex))[0] for vertex in here]))
            yield here
