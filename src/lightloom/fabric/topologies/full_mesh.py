"""Full mesh: every node joined to every other."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.blocks import turns
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph, pairs


class FullMesh(DirectNetwork):
    """Nodes one hop apart, each pair by a link of its own.

    Args:
        nodes: How many.
    """

    kind: ClassVar[str] = "full-mesh"

    topology: Literal["full-mesh"] = "full-mesh"
    nodes: Annotated[Count, Field(ge=2)]

    def build(self) -> Graph:
        """Join each pair once; see :class:`DirectNetwork`."""
        nodes = np.arange(self.nodes)
        return Graph.of({"node": self.nodes}, {"mesh": pairs(nodes[None])}, automorphisms=[*turns([nodes], {0: 0})])

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`."""
        known = {
            "terminals": self.nodes,
            "switches": 0,
            "links": self.nodes * (self.nodes - 1) // 2,
            "diameter": 1,
            "mean_hops": 1.0,
            "all_to_all": 1.0,
            "all_gather": float(self.nodes),
        }
        return {**known, "bisection": (self.nodes // 2) * -(-self.nodes // 2)}

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a pair, an odd mesh and an even one."""
        return [cls(nodes=nodes) for nodes in (2, 3, 5, 8)]
