"""Cubes joined place by place: what a pod makes when the circuit switches of an axis are not all set alike.

Cubes are the elements of a group. The switch of a place on the faces of an axis joins the far face of every cube g to
the near face of cube g h, with an element h of its own. All axes are set alike, and opposite places inversely, so that
turning all cubes about their diagonal and mirroring them are automorphisms, as is multiplying all cubes from the left:
there are twelve kinds of nodes in cubes of four, not 64.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import ClassVar, Literal, Self

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault
from lightloom.fabric.direct import Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.synthesis.cayley import Element
from lightloom.fabric.synthesis.families.abelian import abelian_sides
from lightloom.fabric.synthesis.families.cube_lattices import EDGE, cube_planes
from lightloom.fabric.synthesis.families.metacyclic import metacyclic_turns
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.group import Group, Matrix, no_group
from lightloom.fabric.synthesis.wiring import Plane

NODES = EDGE**3
PLACES = EDGE**2
BLOCK = 4096
"""Points of a block where all are looked at."""


class CubeCircuits(Family):
    """Cubes of a group, the far face of cube g joined to the near face of g h, with another h at each place.

    Args:
        sides: Of the module that cubes are points of.
        matrix: That turns it; none where the group is abelian.
        turns: Length of the cycle that turns.
        circuits: Element h of each place of the first half of a face; that of the opposite place is its inverse. Places
            of a face are numbered along the two axes after its own, in turn, the last one fastest.
    """

    kind: ClassVar[str] = "cube-circuits"
    of_pod: ClassVar[bool] = True

    family: Literal["cube-circuits"] = "cube-circuits"
    sides: tuple[Side, ...]
    matrix: Matrix = ()
    turns: Side = 1
    circuits: tuple[Element, ...]

    def group(self) -> Group:
        """Return the group of cubes."""
        return Group.of(self.sides, self.matrix or None, self.turns)

    def _places(self) -> Integers:
        """Return (places,) the element of each place of a face."""
        parts = np.array(self.circuits, np.int64).reshape(-1, len(self.sides) + 1)
        return whole_face(self.group(), self.group().numbers(parts))

    @property
    def nodes(self) -> int:
        """Those of all cubes."""
        return NODES * self.group().order

    @property
    def degree(self) -> int:
        """Two for every axis."""
        return 6

    def graph(self) -> Graph:
        """Join nodes, copper first; node ``cube * 64 + place``, places along x, y and z, the last one fastest."""
        group = self.group()
        ahead = steps(group, self._places()[None])[0, :3]
        here = np.arange(self.nodes)
        cube, place = np.divmod(here, NODES)
        leaves = (inside() == EDGE - 1).T[:, place]
        joins = {
            name: np.stack([np.broadcast_to(here, ahead.shape)[chosen], ahead[chosen]], axis=1)
            for name, chosen in (("copper", ~leaves), ("circuit", leaves))
        }
        shifts = [group.left(element)[cube] * NODES + place for element in range(1, group.order)]
        turned = [cube * NODES + image[place] for image in symmetries()]
        return Graph.of({"node": self.nodes}, joins, automorphisms=[*shifts, *turned])

    def words(self) -> str:
        """Return the group and the circuits."""
        sides = " x ".join(f"Z{side}" for side in self.sides)
        turn = f" turned by Z{self.turns} (T = {' '.join(map(str, self.matrix))})" if self.turns > 1 else ""
        return f"{self.group().order} cubes of {sides}{turn}, {' '.join(map(str, self.circuits))}"

    def planes(self) -> tuple[Plane, ...]:
        """Return one permutation of cubes for each place on a face of each axis."""
        return cube_planes(self.group().order, self.group().subgroup_orders())

    def cube_rule(self, edge: int) -> str:
        """See :class:`Family`."""
        return "" if edge == EDGE else f"it is made of cubes of {EDGE}"

    def refusals(self) -> Iterable[Fault]:
        """Refuse what is no group, and circuits that are not one for every other place of a face."""
        why = no_group(self.sides, self.matrix, self.turns) if self.matrix else ""
        if why or (self.turns > 1 and not self.matrix):
            yield Fault("matrix", why or "is missing", "write one whose power is one")
        elif [len(each) for each in self.circuits] != [len(self.sides) + 1] * (PLACES // 2):
            yield Fault("circuits", f"are not {PLACES // 2} of {len(self.sides) + 1} entries", "write one a place")
        elif np.isinf(_Circuits(self.group(), _undescribed).bounds(self._places()[None, : PLACES // 2])).any():
            yield Fault("circuits", "they do not join all cubes", "write others")

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's own
        """Return circuits of cyclic, abelian and metacyclic groups of cubes."""
        if nodes % NODES or nodes == NODES or degree != 6:
            return []
        cubes = nodes // NODES
        found = [cls._space((cubes,), (), 1), *(cls._space(sides, (), 1) for sides in abelian_sides(cubes))]
        return found + [cls._space((cycle,), ((turn,),), turns) for cycle, turn, turns in metacyclic_turns(cubes)]

    @classmethod
    def _space(cls, sides: tuple[int, ...], matrix: Matrix, turns: int) -> Space:
        group = Group.of(sides, matrix or None, turns)

        def describe(elements: Integers) -> Self:
            circuits = tuple(tuple(each) for each in group.parts(elements).tolist())
            return cls(sides=sides, matrix=matrix, turns=turns, circuits=circuits)

        return _Circuits(group, describe)

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build two cubes and four; laws that solve programmes without symmetry leave them out."""
        two = tuple((each, 0) for each in (0, 1, 1, 0, 1, 1, 0, 1))
        return [cls(sides=(2,), circuits=two), cls(sides=(4,), circuits=tuple((each % 4, 0) for each in range(8)))]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a matrix that does not close, too few circuits, and ones that lead back."""
        same = ((0, 0),) * 8
        return [
            cls(sides=(3,), matrix=((2,),), turns=3, circuits=same),
            cls(sides=(2,), circuits=((1, 0),)),
            cls(sides=(2,), circuits=same),
        ]


def _undescribed(elements: Integers) -> Family:
    raise NotImplementedError


def whole_face(group: Group, half: Integers) -> Integers:
    """Return the elements of all places of a face, (…, places), from those of the first half, (…, places / 2)."""
    return np.concatenate([half, group.inverse(half[..., ::-1])], axis=-1)


def inside() -> Integers:
    """Return (64, 3) where in a cube each of its nodes is."""
    return np.stack(np.unravel_index(np.arange(NODES), (EDGE,) * 3), axis=-1).astype(np.int64)


def symmetries() -> list[Integers]:
    """Return two permutations of a cube's nodes: a turn about the diagonal, and all axes mirrored."""
    where = inside()
    return [numbered(np.roll(where, 1, axis=1)), numbered(EDGE - 1 - where)]


def numbered(where: Integers) -> Integers:
    """Return the number of nodes by where they are in a cube, (nodes, 3)."""
    return where @ np.array([EDGE * EDGE, EDGE, 1])


def steps(group: Group, faces: Integers) -> Integers:
    """Return where steps ahead along x, y and z, then those back, lead from every node, (points, 6, nodes).

    Args:
        group: Of cubes.
        faces: (points, places) elements.
    """
    where = inside()
    found: list[Integers] = []
    for side, elements in ((1, faces), (-1, group.inverse(faces))):
        for axis in range(3):
            place = where[:, (axis + 1) % 3] * EDGE + where[:, (axis + 2) % 3]
            there = where.copy()
            there[:, axis] += side
            leaves = (there[:, axis] < 0) | (there[:, axis] == EDGE)
            cubes = group.right(np.where(leaves, elements[:, place], 0))
            nodes = cubes * NODES + numbered(there % EDGE)[None, :, None]
            found.append(np.transpose(nodes, (0, 2, 1)).reshape(len(faces), -1))
    return np.stack(found, axis=1)


@dataclass(frozen=True, eq=False)
class _Circuits(Space):
    """Elements of half the places of a face; a point lists them."""

    group: Group
    describe: Callable[[Integers], Family]

    @property
    def size(self) -> int:
        """How many."""
        return self.group.order ** (PLACES // 2)

    def everything(self) -> Iterator[Integers]:
        """Yield all in blocks."""
        points = product(range(self.group.order), repeat=PLACES // 2)
        while block := list(islice(points, BLOCK)):
            yield np.array(block, np.int64)

    def draw(self, count: int, draws: np.random.Generator) -> Integers:
        """Return elements at random."""
        return draws.integers(0, self.group.order, (count, PLACES // 2))

    def near(self, points: Integers, draws: np.random.Generator) -> Integers:
        """Change one element of each."""
        changed = points.copy()
        place = draws.integers(0, PLACES // 2, len(points))
        changed[np.arange(len(points)), place] = draws.integers(0, self.group.order, len(points))
        return changed

    @cached_property
    def _kinds(self) -> tuple[Integers, Integers]:
        """One node of each kind, and how many of a cube's nodes are of it."""
        images = symmetries()
        ends = (np.tile(np.arange(NODES), len(images)), np.concatenate(images))
        _, labels = connected_components(coo_array((np.ones(len(ends[0])), ends), shape=(NODES, NODES)))
        _, first, sizes = np.unique(labels, return_index=True, return_counts=True)
        return first.astype(np.int64), sizes.astype(np.int64)

    def bounds(self, points: Integers) -> Floats:
        """See :class:`Space`; distances from one node of each kind."""
        return np.array([self._bound(rows) for point in points for rows in steps(self.group, self._face(point))])

    def _face(self, point: Integers) -> Integers:
        return whole_face(self.group, point)[None]

    def _bound(self, rows: Integers) -> float:
        first, sizes = self._kinds
        seen = np.zeros((rows.shape[1], len(first)), np.bool_)
        seen[first, np.arange(len(first))] = True
        layer, total, step = seen.copy(), 0, 0
        while layer.any():
            step += 1
            layer = np.logical_or.reduce([layer[row] for row in rows]) & ~seen
            total += step * int(layer.sum(axis=0) @ sizes)
            seen |= layer
        return total / (NODES * len(rows)) if seen.all() else np.inf

    def candidate(self, point: Integers) -> Family:
        """Return the topology of some elements."""
        return self.describe(point)
