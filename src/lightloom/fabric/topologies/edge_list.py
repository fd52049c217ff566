"""Edge list: any graph, link by link."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph

Vertex: TypeAlias = Annotated[int, Field(ge=0)]
Link: TypeAlias = tuple[Vertex, Vertex, Annotated[float, Field(gt=0.0, le=1e30)]]


class EdgeList(DirectNetwork):
    """Links of one's own; those that are there twice add up.

    Args:
        vertices: How many.
        edges: The two vertices of each link, from 0, and its capacity in each direction.
        terminals: The first so many vertices are terminals, the rest switches; all are if left out.
    """

    kind: ClassVar[str] = "edge-list"

    topology: Literal["edge-list"] = "edge-list"
    vertices: Annotated[Count, Field(ge=2)]
    edges: tuple[Link, ...]
    terminals: Annotated[Count, Field(ge=1)] | None = None

    def build(self) -> Graph:
        """Join what is listed; see :class:`DirectNetwork`."""
        terminals = self.terminals or self.vertices
        listed = np.array(self.edges, np.float64).reshape(-1, 3)
        return Graph.of(
            {"terminal": terminals, "switch": self.vertices - terminals},
            {"link": listed[:, :2].astype(np.int64)},
            capacity={"link": listed[:, 2]},
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`."""
        terminals = self.terminals or self.vertices
        between = sum(first >= terminals and second >= terminals for first, second, _ in self.edges)
        known = {"terminals": terminals, "switches": self.vertices - terminals, "links": len(self.edges)}
        return {**known, "switch_links": between}

    def refusals(self) -> Iterable[Fault]:
        """Refuse links to nowhere and to themselves, none at all, and more terminals than vertices."""
        if not self.edges:
            yield Fault("edges", "lists no link", "write one at least, such as [0, 1, 1]")
        if self.terminals is not None and self.terminals > self.vertices:
            message = f"{self.terminals} terminals are more than {self.vertices} vertices"
            yield Fault("terminals", message, f"write {self.vertices} at most")
        for place, (first, second, _) in enumerate(self.edges):
            yield from self._unfit(place, first, second)

    def _unfit(self, place: int, first: int, second: int) -> Iterator[Fault]:
        if first == second:
            yield Fault(f"edges[{place}]", f"joins vertex {first} to itself", "leave it out")
        if max(first, second) >= self.vertices:
            message = f"vertex {max(first, second)} is not one of {self.vertices}"
            yield Fault(f"edges[{place}]", message, f"write vertices 0 to {self.vertices - 1}")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a path, a star around a switch, and links that are there twice."""
        star = cls(vertices=4, terminals=3, edges=((0, 3, 2.0), (1, 3, 1.0), (2, 3, 0.5)))
        twice = cls(vertices=3, edges=((0, 1, 1.0), (1, 0, 1.0), (1, 2, 1.0), (0, 2, 4.0)))
        return [cls(vertices=3, edges=((0, 1, 1.0), (1, 2, 1.0))), star, twice]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a loop, a vertex that is not there, terminals that are not there, and no links."""
        loop = cls(vertices=2, edges=((0, 1, 1.0), (1, 1, 1.0)))
        beyond = cls(vertices=2, terminals=3, edges=((0, 1, 1.0),))
        return [loop, cls(vertices=2, edges=((0, 2, 1.0),)), beyond, cls(vertices=2, edges=())]
