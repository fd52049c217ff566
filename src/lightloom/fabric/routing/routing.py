"""What a routing is: which links a graph's traffic takes, and by which ways, with what share on each."""

import heapq
import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from lightloom.core.arrays import Floats
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.ecmp import Loads


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Where traffic is routed.

    Args:
        graph: Vertices and links.
        sides: Lengths of the axes of a grid, the last axis fastest in the numbering of vertices, one level of links for
            each axis; empty where the graph is no grid.
    """

    graph: Graph
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """One way from a terminal to another.

    Args:
        vertices: From the first to the last.
        share: Of the traffic between the two.
    """

    vertices: tuple[int, ...]
    share: float

    @property
    def hops(self) -> int:
        """Links passed."""
        return len(self.vertices) - 1


class Routing(ABC):
    """How traffic is led over a graph; a subclass is one file of ``fabric/routing`` and one line of its registry."""

    kind: ClassVar[str]
    title: ClassVar[str]

    @abstractmethod
    def loads(self, ground: Ground, demand: Floats | None = None) -> Loads:
        """Return what every directed link carries.

        Args:
            ground: Where.
            demand: (terminals, terminals) units from each to each; 1 between any two if left out.

        Raises:
            StudyError: Some demand has no way, or the routing is none for such a graph.
        """

    @abstractmethod
    def ways(self, ground: Ground, source: int, target: int) -> Iterator[Way]:
        """Yield the ways from a terminal to another, those with the largest share first.

        Raises:
            StudyError: There is none, or the routing is none for such a graph.
        """


def steps_first(start: int, goal: int, onward: "Onward") -> Iterator[Way]:
    """Yield ways from a vertex to another, the largest share first, given how each vertex passes traffic on.

    Args:
        start: Where they begin.
        goal: Where they end.
        onward: Vertices next on the way, and the share of what arrives that each gets.
    """
    order = itertools.count()
    waiting: list[tuple[float, int, tuple[int, ...]]] = [(-1.0, next(order), (start,))]
    while waiting:
        share, _, vertices = heapq.heappop(waiting)
        if vertices[-1] == goal:
            yield Way(vertices, -share)
            continue
        for after, part in onward(vertices[-1]):
            heapq.heappush(waiting, (share * part, next(order), (*vertices, after)))


class Onward(ABC):
    """Passes traffic for one goal on, vertex by vertex."""

    @abstractmethod
    def __call__(self, vertex: int) -> Iterable[tuple[int, float]]:
        """Return the vertices next on the way and the share each gets."""


def terminals_only(graph: Graph, *ends: int) -> None:
    """Refuse ends of a way that are no terminals.

    Raises:
        StudyError: Some are not.
    """
    wrong = [end for end in ends if not 0 <= end < graph.terminals]
    if wrong:
        raise StudyError(Fault("", f"{end} is no terminal", f"choose from 0 to {graph.terminals - 1}") for end in wrong)
