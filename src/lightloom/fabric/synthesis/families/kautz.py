"""Generalised Kautz graphs: every node sends to the few whose numbers follow from its own, links taken both ways."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.wiring import Plane

LARGEST = 2048
"""Nodes above which distances, from many nodes since they are not alike, take longer than the graph is worth."""


class GeneralisedKautz(Family):
    """Node i joined to -d i - r modulo the nodes, r = 1 … d; two nodes that send to each other have two links.

    Args:
        size: Nodes.
        fanout: d, half the degree.

    Source: Imase and Itoh, "A design for directed graphs with minimum diameter", IEEE Transactions on Computers 32(8),
    1983; here without directions, which makes repeated links.
    """

    kind: ClassVar[str] = "generalised-kautz"

    family: Literal["generalised-kautz"] = "generalised-kautz"
    size: Annotated[Count, Field(ge=3)]
    fanout: Side

    @property
    def nodes(self) -> int:
        """As given."""
        return self.size

    @property
    def degree(self) -> int:
        """Links out and in."""
        return 2 * self.fanout

    def _ends(self) -> Integers:
        here = np.arange(self.size)
        leads = [(-self.fanout * here - step) % self.size for step in range(1, self.fanout + 1)]
        return np.concatenate([np.stack([here, there], axis=1) for there in leads])

    def graph(self) -> Graph:
        """Join the nodes; counting down is an automorphism, and so is a step of all nodes over d + 1, if whole."""
        here, around = np.arange(self.size), self.fanout + 1
        shifts = [(here + self.size // around) % self.size] if self.size % around == 0 else []
        return Graph.of({"node": self.size}, {"link": self._ends()}, automorphisms=[(-1 - here) % self.size, *shifts])

    def words(self) -> str:
        """Return the signs of the literature."""
        return f"GK({self.fanout}, {self.size}), links both ways"

    def planes(self) -> tuple[Plane, ...]:
        """See :class:`Family`; as many links enter a node as leave it, so that they split into permutations (König)."""
        return tuple(
            Plane(f"step-{step}", self.size, involution=False, cosets=(1,)) for step in range(1, self.fanout + 1)
        )

    def refusals(self) -> Iterable[Fault]:
        """Refuse sizes at which some node sends to itself."""
        ends = self._ends()
        if np.any(ends[:, 0] == ends[:, 1]):
            below = self.size - self.size % (self.fanout + 1)
            message = f"at {self.size} nodes some are joined to themselves"
            yield Fault("size", message, f"such as {max(below, self.fanout + 1)}")

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's signature
        """Return the one graph of a size, if there is one."""
        if degree % 2 or degree < 4 or nodes > LARGEST:
            return []
        one = cls(size=nodes, fanout=degree // 2)
        return [] if tuple(one.refusals()) else [_One(one)]

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a Kautz graph, and one of another size."""
        return [cls(size=12, fanout=3), cls(size=12, fanout=2)]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return one with loops."""
        return [cls(size=13, fanout=3)]


@dataclass(frozen=True)
class _One(Space):
    """A single graph."""

    graph: Family

    @property
    def size(self) -> int:
        """One."""
        return 1

    def everything(self) -> Iterator[Integers]:
        """Yield it."""
        yield np.zeros((1, 1), np.int64)

    def draw(self, count: int, draws: np.random.Generator) -> Integers:  # noqa: ARG002 # the space's signature
        """Return it."""
        return np.zeros((count, 1), np.int64)

    def near(self, points: Integers, draws: np.random.Generator) -> Integers:  # noqa: ARG002 # the space's signature
        """Return it."""
        return points

    def bounds(self, points: Integers) -> Floats:
        """See :class:`Space`."""
        nodes, degree = self.graph.nodes, self.graph.degree
        return np.full(len(points), hops(self.graph.graph()).total / (nodes * degree))

    def candidate(self, point: Integers) -> Family:  # noqa: ARG002 # the space's signature
        """Return it."""
        return self.graph
