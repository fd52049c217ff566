"""Twisted lattices of whole cubes: the tori that a pod of cubes behind circuit switches makes."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault
from lightloom.fabric.synthesis.cubes import EDGE
from lightloom.fabric.synthesis.families.lattices import LatticeSpace, TwistedLattice
from lightloom.fabric.synthesis.family import Space
from lightloom.fabric.synthesis.group import divisors
from lightloom.fabric.synthesis.wiring import Plane


class CubeLattice(TwistedLattice):
    """A twisted lattice all of whose vectors are whole cubes.

    Args:
        vectors: As of :class:`TwistedLattice`, in nodes.
    """

    kind: ClassVar[str] = "cube-lattice"
    of_pod: ClassVar[bool] = True

    family: Literal["cube-lattice"] = "cube-lattice"  # pyright: ignore[reportIncompatibleVariableOverride] - a tag

    def planes(self) -> tuple[Plane, ...]:
        """Return one permutation of cubes for each place on a face of each axis."""
        cubes = self.nodes // EDGE**3
        return cube_planes(cubes, divisors(cubes))

    def refusals(self) -> Iterable[Fault]:
        """See :class:`TwistedLattice`; of whole cubes."""
        why = self.cube_rule(EDGE)
        if why:
            yield Fault("vectors", why, f"write three vectors of multiples of {EDGE}")
        else:
            yield from super().refusals()

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's own
        """Return all lattices of so many cubes."""
        return [] if nodes % EDGE**3 or degree != 6 else [LatticeSpace(nodes, 3, cls, EDGE)]

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a single cube."""
        return [cls(vectors=((EDGE, 0, 0), (0, EDGE, 0), (0, 0, EDGE)))]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return one of half cubes, and one of another number of axes."""
        return [cls(vectors=((4, 0, 2), (0, 4, 0), (0, 0, 4))), cls(vectors=((4, 0), (0, 4)))]


def cube_planes(cubes: int, cosets: tuple[int, ...]) -> tuple[Plane, ...]:
    """Return the permutations of cubes: one for each place on a face of each axis, a switch each."""
    return tuple(
        Plane(f"{axis}-{place}", cubes, involution=False, cosets=cosets) for axis in "xyz" for place in range(EDGE**2)
    )
