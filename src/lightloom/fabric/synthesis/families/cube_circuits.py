"""Cubes joined place by place: what a pod makes when the circuit switches of an axis are not all set alike."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault
from lightloom.fabric.direct import Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.synthesis.cayley import Element
from lightloom.fabric.synthesis.cubes import AXES, EDGE, HALF, NODES, Cubes, inside
from lightloom.fabric.synthesis.families.abelian import abelian_sides
from lightloom.fabric.synthesis.families.cube_lattices import cube_planes
from lightloom.fabric.synthesis.families.metacyclic import metacyclic_turns
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.group import Group, Matrix, no_group
from lightloom.fabric.synthesis.wiring import Plane

BLOCK = 4096
"""Points of a block where all are looked at."""


class CubeCircuits(Family):
    """Cubes of a group, the far face of cube g joined to the near face of g h, with another h at each place.

    Args:
        sides: Of the module that cubes are points of.
        matrix: That turns it; none where the group is abelian.
        turns: Length of the cycle that turns.
        rotate: Matrix that turns elements as axes turn, x to y to z, its third power one; none for axes that are alike.
        circuits: Element h of each place of the first half of a face of the x axis; that of the opposite place is its
            inverse. Places are numbered along y and z, the last one fastest.
    """

    kind: ClassVar[str] = "cube-circuits"
    of_pod: ClassVar[bool] = True

    family: Literal["cube-circuits"] = "cube-circuits"
    sides: tuple[Side, ...]
    matrix: Matrix = ()
    turns: Side = 1
    rotate: Matrix = ()
    circuits: tuple[Element, ...]

    def _cubes(self) -> Cubes:
        return Cubes(Group.of(self.sides, self.matrix or None, self.turns), self.rotate)

    def _half(self) -> Integers:
        """Return (1, places / 2) the elements."""
        parts = np.array(self.circuits, np.int64).reshape(-1, len(self.sides) + 1)
        return self._cubes().group.numbers(parts)[None]

    @property
    def nodes(self) -> int:
        """Those of all cubes."""
        return NODES * self._cubes().group.order

    @property
    def degree(self) -> int:
        """Two for every axis."""
        return 2 * AXES

    def graph(self) -> Graph:
        """Join nodes, copper first."""
        cubes = self._cubes()
        ahead = cubes.steps(self._half())[0, :AXES]
        here = np.arange(self.nodes)
        leaves = (inside() == EDGE - 1).T[:, here % NODES]
        joins = {
            name: np.stack([np.broadcast_to(here, ahead.shape)[chosen], ahead[chosen]], axis=1)
            for name, chosen in (("copper", ~leaves), ("circuit", leaves))
        }
        return Graph.of({"node": self.nodes}, joins, automorphisms=cubes.automorphisms())

    def words(self) -> str:
        """Return the group and the circuits."""
        sides = " x ".join(f"Z{side}" for side in self.sides)
        turn = f" turned by Z{self.turns} (T = {' '.join(map(str, self.matrix))})" if self.turns > 1 else ""
        axes = f", axes by R = {' '.join(map(str, self.rotate))}" if self.rotate else ""
        return f"{self.nodes // NODES} cubes of {sides}{turn}{axes}, {' '.join(map(str, self.circuits))}"

    def planes(self) -> tuple[Plane, ...]:
        """Return one permutation of cubes for each place on a face of each axis."""
        group = self._cubes().group
        return cube_planes(group.order, group.subgroup_orders())

    def cube_rule(self, edge: int) -> str:
        """See :class:`Family`."""
        return "" if edge == EDGE else f"it is made of cubes of {EDGE}"

    def refusals(self) -> Iterable[Fault]:
        """Refuse what is no group or turns to no place, and circuits that are not one for every other place."""
        why = no_group(self.sides, self.matrix, self.turns) if self.matrix or self.turns > 1 else ""
        turned = no_group(self.sides, self.rotate, AXES) if self.rotate else ""
        if why:
            yield Fault("matrix", why, "write one whose power is one")
        elif turned or (self.rotate and self.matrix):
            yield Fault("rotate", turned or "is of abelian groups only", "write a matrix whose third power is one")
        elif [len(each) for each in self.circuits] != [len(self.sides) + 1] * HALF:
            yield Fault("circuits", f"are not {HALF} of {len(self.sides) + 1} entries", "write one a place")
        elif np.isinf(self._cubes().bounds(self._half())).any():
            yield Fault("circuits", "they do not join all cubes", "write others")

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's own
        """Return circuits of cyclic, abelian and metacyclic groups of cubes, with every turn of axes that is known."""
        if nodes % NODES or nodes == NODES or degree != 2 * AXES:
            return []
        cubes = nodes // NODES
        found = [
            cls._space(sides, (), 1, rotate)
            for sides in ((cubes,), *abelian_sides(cubes))
            for rotate in ((), *_rotations(sides))
        ]
        return found + [cls._space((cycle,), ((turn,),), turns, ()) for cycle, turn, turns in metacyclic_turns(cubes)]

    @classmethod
    def _space(cls, sides: tuple[int, ...], matrix: Matrix, turns: int, rotate: Matrix) -> Space:
        group = Group.of(sides, matrix or None, turns)

        def describe(elements: Integers) -> Self:
            circuits = tuple(tuple(each) for each in group.parts(elements).tolist())
            return cls(sides=sides, matrix=matrix, turns=turns, rotate=rotate, circuits=circuits)

        return _Circuits(Cubes(group, rotate), describe)

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build two cubes, and four that turn with the axes."""
        two = tuple((each, 0) for each in (0, 1, 1, 0, 1, 1, 0, 1))
        four = tuple((each % 2, each // 2 % 2, 0) for each in range(1, 9))
        return [cls(sides=(2,), circuits=two), cls(sides=(2, 2), rotate=((0, 1), (1, 1)), circuits=four)]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return matrices that do not close, too few circuits, and ones that lead back."""
        same = ((0, 0),) * HALF
        return [
            cls(sides=(3,), matrix=((2,),), turns=3, circuits=same),
            cls(sides=(5,), rotate=((2,),), circuits=same),
            cls(sides=(2,), circuits=((1, 0),)),
            cls(sides=(2,), circuits=same),
        ]


def _rotations(sides: tuple[int, ...]) -> Iterator[Matrix]:
    """Yield matrices whose third power is one: of two equal sides, of three, and of a single one."""
    if len(sides) == 1:
        factors = [factor for factor in range(2, sides[0]) if pow(factor, 3, sides[0]) == 1]
        yield from (((factor,),) for factor in factors[:1])
        return
    if len(set(sides)) == 1 and len(sides) == AXES:
        yield (0, 0, 1), (1, 0, 0), (0, 1, 0)
    for first in range(len(sides) - 1):
        if sides[first] == sides[first + 1]:
            matrix = np.eye(len(sides), dtype=np.int64)
            matrix[first : first + 2, first : first + 2] = [[0, -1], [1, -1]]
            yield tuple(tuple(row) for row in (matrix % np.array(sides)[:, None]).tolist())


@dataclass(frozen=True, eq=False)
class _Circuits(Space):
    """Elements of half the places of a face; a point lists them."""

    cubes: Cubes
    describe: Callable[[Integers], Family]

    @property
    def size(self) -> int:
        """How many."""
        return self.cubes.group.order**HALF

    def everything(self) -> Iterator[Integers]:
        """Yield all in blocks."""
        points = product(range(self.cubes.group.order), repeat=HALF)
        while block := list(islice(points, BLOCK)):
            yield np.array(block, np.int64)

    def draw(self, count: int, draws: np.random.Generator) -> Integers:
        """Return elements at random."""
        return draws.integers(0, self.cubes.group.order, (count, HALF))

    def near(self, points: Integers, draws: np.random.Generator) -> Integers:
        """Change one element of each."""
        changed = points.copy()
        place = draws.integers(0, HALF, len(points))
        changed[np.arange(len(points)), place] = draws.integers(0, self.cubes.group.order, len(points))
        return changed

    def bounds(self, points: Integers) -> Floats:
        """See :class:`Space`."""
        return np.concatenate([self.cubes.bounds(point[None]) for point in points]) if len(points) else np.zeros(0)

    def candidate(self, point: Integers) -> Family:
        """Return the topology of some elements."""
        return self.describe(point)
