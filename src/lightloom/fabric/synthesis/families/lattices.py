"""Twisted lattices: grids that repeat after any lattice, of which tori, twisted or not, are the simplest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.lattice import axis_names, hermite, lattice_graph, numbers, points
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.group import divisors
from lightloom.fabric.synthesis.spheres import in_blocks
from lightloom.fabric.synthesis.wiring import Plane, cube_rule

MOST_AXES = 4
"""Axes above which there are too many lattices to look at more than a few."""


class TwistedLattice(Family):
    """The points of a grid modulo a lattice, each joined to its neighbours on every axis.

    Every abelian Cayley graph without generators that are their own inverses is one.

    Args:
        vectors: That span the lattice, after which the grid repeats: lower triangular, in Hermite normal form.
    """

    kind: ClassVar[str] = "twisted-lattice"

    family: Literal["twisted-lattice"] = "twisted-lattice"
    vectors: tuple[tuple[int, ...], ...]

    @property
    def nodes(self) -> int:
        """Points that are not the same: the determinant."""
        return prod(vector[axis] for axis, vector in enumerate(hermite(self.vectors)))

    @property
    def degree(self) -> int:
        """Two for every axis."""
        return 2 * len(self.vectors)

    def graph(self) -> Graph:
        """Join neighbours."""
        return lattice_graph(self.vectors, axis_names(len(self.vectors)))

    def words(self) -> str:
        """Return the lattice: ``Z^3 / (4 0 4) (0 4 4) (0 0 8)``."""
        return f"Z^{len(self.vectors)} / {' '.join('(' + ' '.join(map(str, each)) + ')' for each in self.vectors)}"

    def planes(self) -> tuple[Plane, ...]:
        """See :class:`Family`; the group is abelian, so that every divisor is the order of a subgroup."""
        orders = divisors(self.nodes)
        return tuple(Plane(name, self.nodes, involution=False, cosets=orders) for name in axis_names(len(self.vectors)))

    def cube_rule(self, edge: int) -> str:
        """See :class:`Family`."""
        return cube_rule(self.vectors if len(self.vectors) == 3 else None, edge)

    def refusals(self) -> Iterable[Fault]:
        """Refuse lattices of other shapes, and grids that are too narrow for two links an axis."""
        axes = len(self.vectors)
        if [len(vector) for vector in self.vectors] != [axes] * axes:
            yield Fault("vectors", f"are not {axes} of {axes} entries", "write a vector for every axis")
            return
        try:
            links = self.graph().links
        except StudyError as error:
            yield from error.faults
            return
        if np.isinf(LatticeSpace(self.nodes, axes, TwistedLattice).bounds(_point(hermite(self.vectors)))).any():
            message = f"its {self.nodes} nodes have {links} links and not {axes * self.nodes}"
            yield Fault("vectors", message, "write one that no two steps lead to the same node of")

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's own
        """Return all lattices of a determinant."""
        return [LatticeSpace(nodes, degree // 2, cls)] if degree % 2 == 0 and degree <= 2 * MOST_AXES else []

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a ring, a skewed grid, a torus and a twisted one."""
        cases = [((7,),), ((5, 1), (0, 3)), ((3, 0, 0), (0, 3, 0), (0, 0, 4)), ((3, 0, 1), (0, 3, 1), (0, 0, 4))]
        return [cls(vectors=vectors) for vectors in cases]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return no square, a lattice that leaves an axis open, and an axis of two."""
        return [cls(vectors=vectors) for vectors in (((4, 0),), ((4, 4), (2, 2)), ((4, 0), (0, 2)))]


def _point(vectors: Sequence[Sequence[int]]) -> Integers:
    """Return (1, axes * axes) the point of a lattice."""
    return np.array([[entry for vector in vectors for entry in vector]], np.int64)


@dataclass(frozen=True, eq=False)
class LatticeSpace(Space):
    """Hermite normal forms of one determinant; a point lists the entries of the matrix, vector by vector.

    Vector i is zero before entry i, positive there, and any after it below the sides of those axes; then all are
    stretched.

    Args:
        nodes: Determinant after stretching.
        axes: Of the grid.
        kind: Of which candidates are made.
        stretch: Factor of all vectors.
    """

    nodes: int
    axes: int
    kind: type[TwistedLattice]
    stretch: int = 1

    @cached_property
    def _diagonals(self) -> list[tuple[int, ...]]:
        return list(_factors(self.nodes // self.stretch**self.axes, self.axes))

    @cached_property
    def _weights(self) -> Floats:
        """How many normal forms have each diagonal: entries above it, of axis j for every vector before j."""
        return np.array([prod(side**axis for axis, side in enumerate(sides)) for sides in self._diagonals], np.float64)

    @property
    def size(self) -> int:
        """How many lattices, those that differ in the order of axes counted apart."""
        return int(self._weights.sum())

    def everything(self) -> Iterator[Integers]:
        """Yield all, one diagonal after the other."""
        for sides in self._diagonals:
            rows = [range(sides[axis]) for vector in range(self.axes) for axis in range(vector + 1, self.axes)]
            entries = np.array(list(product(*rows)), np.int64).reshape(-1, len(rows))
            yield self._written(np.broadcast_to(sides, (len(entries), self.axes)), entries)

    def _written(self, sides: Integers, entries: Integers) -> Integers:
        """Return points of diagonals, (points, axes), and what stands beside them, (points, axes (axes - 1) / 2)."""
        matrix = np.zeros((len(sides), self.axes, self.axes), np.int64)
        matrix[:, np.arange(self.axes), np.arange(self.axes)] = sides
        matrix[(slice(None), *np.triu_indices(self.axes, 1))] = entries
        return self.stretch * matrix.reshape(len(sides), -1)

    def draw(self, count: int, draws: np.random.Generator) -> Integers:
        """Return lattices at random, each as likely."""
        place = draws.choice(len(self._diagonals), count, p=self._weights / self._weights.sum())
        sides = np.array(self._diagonals, np.int64)[place]
        return self._written(sides, draws.integers(0, sides[:, np.triu_indices(self.axes, 1)[1]]))

    def near(self, points: Integers, draws: np.random.Generator) -> Integers:
        """Change one entry beside the diagonal of each."""
        matrix = points.reshape(-1, self.axes, self.axes) // self.stretch
        rows, columns = np.triu_indices(self.axes, 1)
        if not len(rows):
            return points
        sides, entries = np.diagonal(matrix, axis1=1, axis2=2), matrix[:, rows, columns]
        place = draws.integers(0, len(rows), len(points))
        entries[np.arange(len(points)), place] = draws.integers(0, sides[np.arange(len(points)), columns[place]])
        return self._written(sides, entries)

    def bounds(self, points: Integers) -> Floats:
        """See :class:`Space`."""
        return in_blocks(self._rows, points, 2 * self.axes * self.nodes)

    def _rows(self, points_: Integers) -> Integers:
        """Return where the steps ahead and back along every axis lead, (points, 2 axes, nodes)."""
        steps = np.concatenate([np.eye(self.axes, dtype=np.int64), -np.eye(self.axes, dtype=np.int64)])
        found = np.empty((len(points_), 2 * self.axes, self.nodes), np.int64)
        for place, entries in enumerate(points_.reshape(-1, self.axes, self.axes).tolist()):
            basis = tuple(tuple(vector) for vector in entries)
            beside = points(basis)[None, :, :] + steps[:, None, :]
            found[place] = numbers(beside.reshape(-1, self.axes), basis).reshape(2 * self.axes, -1)
        return found

    def candidate(self, point: Integers) -> Family:
        """Return the topology of a lattice."""
        return self.kind(vectors=tuple(tuple(vector) for vector in point.reshape(self.axes, -1).tolist()))


def _factors(number: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to write a number as a product, in order."""
    if count == 1:
        yield (number,)
        return
    for first in divisors(number):
        for rest in _factors(number // first, count - 1):
            yield first, *rest
