"""Circulant: a ring with chords, the same at every node."""

from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph, distinct


class Circulant(DirectNetwork):
    """Node i joined to i + s and i - s, modulo the nodes, for every stride s, each neighbour by one link.

    Args:
        nodes: How many.
        strides: How far each link goes.
    """

    kind: ClassVar[str] = "circulant"

    topology: Literal["circulant"] = "circulant"
    nodes: Annotated[Count, Field(ge=2)]
    strides: tuple[Side, ...]

    def build(self) -> Graph:
        """Join the nodes; see :class:`DirectNetwork`."""
        nodes = np.arange(self.nodes)
        chords = {
            f"stride-{stride}": distinct(np.stack([nodes, (nodes + stride) % self.nodes], axis=1))
            for stride in self._apart()
        }
        around, back = (nodes + 1) % self.nodes, -nodes % self.nodes
        return Graph.of({"node": self.nodes}, chords, automorphisms=[around, back])

    def _apart(self) -> tuple[int, ...]:
        """Return the strides, each link once."""
        return tuple(sorted({min(stride % self.nodes, -stride % self.nodes) for stride in self.strides}))

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; distances and loads have no formula."""
        halved = [2 * stride == self.nodes for stride in self._apart()]
        degree = sum(1 if half else 2 for half in halved)
        return {
            "terminals": self.nodes,
            "switches": 0,
            "links": self.nodes * degree // 2,
            "all_gather": self.nodes * degree / (self.nodes - 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse strides that lead nowhere, or not everywhere."""
        if any(stride % self.nodes == 0 for stride in self.strides):
            yield Fault("strides", f"a stride of {self.nodes} leads back to its node", f"write 1 to {self.nodes - 1}")
        common = gcd(self.nodes, *self.strides)
        if not self.strides:
            yield Fault("strides", "lists none", "write one at least, such as 1")
        elif common > 1:
            message = f"strides {list(self.strides)} reach only {self.nodes // common} of {self.nodes} nodes"
            yield Fault("strides", message, f"add a stride that {common} does not divide, such as 1")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a ring, chords, chords to the opposite node, and strides that are the same."""
        cases = [(2, (1,)), (9, (2,)), (16, (1, 4)), (8, (1, 4)), (12, (1, 5)), (13, (1, 12, 3)), (30, (6, 10, 15))]
        return [cls(nodes=nodes, strides=strides) for nodes, strides in cases]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a stride around, and strides in step."""
        return [cls(nodes=8, strides=(1, 8)), cls(nodes=12, strides=(2, 4)), cls(nodes=12, strides=())]
