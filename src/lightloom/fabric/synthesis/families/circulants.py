"""Circulants: a ring with chords, the Cayley graphs of one cycle."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.synthesis.cayley import CayleyFamily, space
from lightloom.fabric.synthesis.family import Space
from lightloom.fabric.synthesis.group import Group
from lightloom.fabric.synthesis.relations import repeats
from lightloom.fabric.synthesis.wiring import cube_rule


class Circulants(CayleyFamily):
    """Node i joined to i + s and i - s, modulo the nodes, for every stride s.

    Args:
        cycle: Nodes.
        strides: How far each link goes.
    """

    kind: ClassVar[str] = "circulant"

    family: Literal["circulant"] = "circulant"
    cycle: Annotated[Count, Field(ge=2)]
    strides: tuple[int, ...]

    def group(self) -> Group:
        """Return the cycle."""
        return Group.of((self.cycle,))

    def elements(self) -> tuple[int, ...]:
        """Return the strides, modulo the nodes."""
        return tuple(stride % self.cycle for stride in self.strides)

    def words(self) -> str:
        """Return the cycle and its strides: ``C128(1, 8, 54)``."""
        return f"C{self.cycle}({', '.join(map(str, self.strides))})"

    def cube_rule(self, edge: int) -> str:
        """See :class:`Family`."""
        return cube_rule(repeats((self.cycle,), [(stride,) for stride in self.strides]), edge)

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:  # noqa: ARG003 # the family's signature
        """Return strides of one cycle."""
        return space(Group.of((nodes,)), degree, lambda strides: cls(cycle=nodes, strides=strides))

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a ring, chords, and chords to the opposite node."""
        cases = [(5, (1,)), (16, (1, 6)), (8, (1, 4)), (27, (1, 4, 10))]
        return [cls(cycle=cycle, strides=strides) for cycle, strides in cases]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a stride that leads nowhere, one that is there twice, and strides in step."""
        return [cls(cycle=8, strides=strides) for strides in ((1, 8), (1, 7), (2, 4))]
