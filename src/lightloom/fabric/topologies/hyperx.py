"""HyperX: nodes that differ in one coordinate are neighbours; one axis is a full mesh, several are racks of UB-Mesh."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault
from lightloom.fabric.blocks import turns
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph, pairs
from lightloom.fabric.lattice import axis_names


class HyperX(DirectNetwork):
    """A full mesh along every axis.

    Args:
        dims: Nodes along each axis.

    Source: Ahn et al., "HyperX: topology, routing, and packaging of efficient large-scale networks", SC 2009.
    """

    kind: ClassVar[str] = "hyperx"

    topology: Literal["hyperx"] = "hyperx"
    dims: tuple[Side, ...]

    @property
    def sides(self) -> tuple[int, ...]:
        """Nodes along each axis."""
        return self.dims

    def build(self) -> Graph:
        """Join the lines of every axis; see :class:`DirectNetwork`."""
        nodes = np.arange(prod(self.dims)).reshape(self.dims)
        lines = {
            name: pairs(np.moveaxis(nodes, axis, -1).reshape(-1, side))
            for axis, (name, side) in enumerate(zip(axis_names(len(self.dims)), self.dims, strict=True))
        }
        moves = [each for axis, side in enumerate(self.dims) if side > 1 for each in turns([nodes], {0: axis})]
        return Graph.of({"node": nodes.size}, lines, automorphisms=moves)

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; the shortest axis binds, cut or loaded."""
        nodes, sides = prod(self.dims), [side for side in self.dims if side > 1]
        degree = sum(side - 1 for side in sides)
        known = {
            "terminals": nodes,
            "switches": 0,
            "links": nodes * degree // 2,
            "diameter": len(sides),
            "mean_hops": nodes / (nodes - 1) * sum((side - 1) / side for side in sides),
            "all_to_all": nodes / min(sides),
            "all_gather": nodes * degree / (nodes - 1),
        }
        return known if min(sides) % 2 else {**known, "bisection": nodes * min(sides) / 4}

    def refusals(self) -> Iterable[Fault]:
        """Refuse a single node."""
        if prod(self.dims) < 2:
            yield Fault("dims", f"{list(self.dims)} is a single node", "write at least one axis of 2 or more")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build one axis, equal and unequal ones, and one of one."""
        return [cls(dims=dims) for dims in ((2,), (5,), (4, 4), (2, 6), (3, 5), (4, 1, 3), (4, 4, 2), (2, 2, 2, 2))]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a single node."""
        return [cls(dims=(1,))]
