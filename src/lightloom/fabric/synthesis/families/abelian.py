"""Cayley graphs of abelian groups of two or three cycles."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault
from lightloom.fabric.direct import Side
from lightloom.fabric.synthesis.cayley import CayleyFamily, Element, space
from lightloom.fabric.synthesis.family import Space
from lightloom.fabric.synthesis.group import Group, divisors
from lightloom.fabric.synthesis.relations import repeats
from lightloom.fabric.synthesis.wiring import cube_rule


class Abelian(CayleyFamily):
    """Points of Z_a x Z_b x Z_c, joined to themselves plus and minus every generator.

    Args:
        sides: a, b and c.
        generators: Points; a pair of opposite ones is written once.
    """

    kind: ClassVar[str] = "abelian"

    family: Literal["abelian"] = "abelian"
    sides: tuple[Side, ...]
    generators: tuple[Element, ...]

    def group(self) -> Group:
        """Return the product of cycles."""
        return Group.of(self.sides)

    def elements(self) -> tuple[int, ...]:
        """Return the numbers of the generators."""
        points = np.array(self.generators, np.int64).reshape(-1, len(self.sides))
        return tuple(self.group().numbers(np.pad(points, ((0, 0), (0, 1)))).tolist())

    def words(self) -> str:
        """Return the group and its generators."""
        return f"{' x '.join(f'Z{side}' for side in self.sides)}, {' '.join(map(str, self.generators))}"

    def cube_rule(self, edge: int) -> str:
        """See :class:`Family`."""
        return cube_rule(repeats(self.sides, self.generators), edge)

    def refusals(self) -> Iterable[Fault]:
        """See :class:`Family`; generators have an entry a cycle."""
        if any(len(point) != len(self.sides) for point in self.generators):
            yield Fault("generators", f"one has not {len(self.sides)} entries", "write an entry for each side")
            return
        yield from super().refusals()

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's signature
        """Return generators of every group whose sides divide one another: each group once; one cycle left out."""
        found: list[Space] = []
        for sides in abelian_sides(nodes):
            found += space(Group.of(sides), degree, cls._describe(sides))
        return found

    @classmethod
    def _describe(cls, sides: tuple[int, ...]) -> Callable[[tuple[int, ...]], Self]:
        group = Group.of(sides)

        def describe(elements: tuple[int, ...]) -> Self:
            points = group.parts(np.array(elements))[:, :-1].tolist()
            return cls(sides=sides, generators=tuple(tuple(point) for point in points))

        return describe

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a torus, one whose generators lie askew, and one with links to opposite points."""
        return [
            cls(sides=(3, 4), generators=((1, 0), (0, 1))),
            cls(sides=(3, 9), generators=((1, 0), (1, 2), (0, 4))),
            cls(sides=(2, 2, 4), generators=((1, 0, 0), (0, 1, 0), (1, 1, 1), (0, 1, 2))),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a point of another group, one that is there twice, and too few."""
        return [
            cls(sides=(3, 3), generators=((1,),)),
            cls(sides=(3, 3), generators=((1, 0), (2, 0), (0, 1))),
            cls(sides=(3, 3), generators=((1, 0),)),
        ]


def abelian_sides(nodes: int) -> Iterator[tuple[int, ...]]:
    """Yield two or three sides of that product, each a multiple of the one before."""
    for first in divisors(nodes)[1:]:
        for second in divisors(nodes // first):
            third = nodes // (first * second)
            if second % first == 0 and third % second == 0:
                yield first, second, third
        if (nodes // first) % first == 0:
            yield first, nodes // first
