"""Hypercube: nodes that differ in one binary digit are neighbours."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph
from lightloom.fabric.lattice import axis_names, lattice_graph


class Hypercube(DirectNetwork):
    """A torus of axes of two.

    Args:
        axes: Binary digits of a node's number.
    """

    kind: ClassVar[str] = "hypercube"

    topology: Literal["hypercube"] = "hypercube"
    axes: Annotated[Count, Field(ge=1, le=24)]

    @property
    def sides(self) -> tuple[int, ...]:
        """Nodes along each axis."""
        return (2,) * self.axes

    def build(self) -> Graph:
        """Join the neighbours; see :class:`DirectNetwork`."""
        return lattice_graph((2 * np.eye(self.axes, dtype=np.int64)).tolist(), axis_names(self.axes))

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; half of all nodes are across each axis."""
        nodes, half = 2**self.axes, 2 ** (self.axes - 1)
        return {
            "terminals": nodes,
            "switches": 0,
            "links": self.axes * half,
            "diameter": self.axes,
            "mean_hops": self.axes * half / (nodes - 1),
            "bisection": half,
            "all_to_all": half,
            "all_gather": nodes * self.axes / (nodes - 1),
        }

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a pair, a square and two cubes."""
        return [cls(axes=axes) for axes in (1, 2, 3, 5)]
