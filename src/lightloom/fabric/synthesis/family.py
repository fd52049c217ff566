"""What a family of topologies offers a search: how one is described, and where those of some size are."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Spec
from lightloom.fabric.graph import Graph
from lightloom.fabric.synthesis.wiring import Plane, cube_rule


class Family(Spec, ABC):
    """One topology of a family; a subclass is one file and one registry line."""

    kind: ClassVar[str]
    of_pod: ClassVar[bool] = False
    """Whether all of the family are made by pods of cubes behind circuit switches."""

    @property
    @abstractmethod
    def nodes(self) -> int:
        """How many."""

    @property
    @abstractmethod
    def degree(self) -> int:
        """Links of each node; repeated ones count."""

    @abstractmethod
    def graph(self) -> Graph:
        """Return the graph of parameters that :meth:`refusals` let pass, with its automorphisms."""

    @abstractmethod
    def words(self) -> str:
        """Return the parameters in the signs of the field, such as ``Z64 x Z2``."""

    @abstractmethod
    def planes(self) -> tuple[Plane, ...]:
        """Return the permutations that the links are made of: what a bank of circuit switches would be set to."""

    def cube_rule(self, edge: int) -> str:
        """Return why a pod of cubes cannot wire it; an empty text where it can.

        Args:
            edge: Nodes along a cube's edge.
        """
        return cube_rule(None, edge)

    def refusals(self) -> Iterable[Fault]:
        """Say what is impossible about the parameters."""
        return ()

    def checked(self) -> Self:
        """Return the topology itself.

        Raises:
            StudyError: It is impossible; every fault.
        """
        faults = tuple(self.refusals())
        if faults:
            raise StudyError(faults)
        return self

    @classmethod
    @abstractmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence["Space"]:
        """Return where candidates of a size are; none where the family has no such graph.

        Args:
            nodes: How many.
            degree: Links of each, below ``nodes``, one of both even.
            draws: For what there are too many of to look at all.
        """

    @classmethod
    @abstractmethod
    def specimens(cls) -> Sequence[Self]:
        """Small, odd and whole cases on which the laws are tried."""

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return cases that are refused, one for each refusal."""
        return ()


class Space(ABC):
    """Candidates of a family that are described by rows of whole numbers of one width: points."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many points; some may be unfit, and some describe the same graph."""

    @abstractmethod
    def everything(self) -> Iterable[Integers]:
        """Yield all points in blocks, (points, width)."""

    @abstractmethod
    def draw(self, count: int, draws: np.random.Generator) -> Integers:
        """Return so many points at random, (count, width)."""

    @abstractmethod
    def near(self, points: Integers, draws: np.random.Generator) -> Integers:
        """Return a point beside each, one thing changed, (points, width)."""

    @abstractmethod
    def bounds(self, points: Integers) -> Floats:
        """Return a bound of each one's all-to-all load by its distances, infinite where one is unfit, (points,)."""

    @abstractmethod
    def candidate(self, point: Integers) -> Family:
        """Return the topology of a point, (width,)."""
