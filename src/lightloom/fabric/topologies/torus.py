"""Torus: a grid whose every axis closes to a ring."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.lattice import axis_names, lattice_graph


class Torus(DirectNetwork):
    """A grid with wrap-around; an axis of two has one link per pair, an axis of one has none.

    Args:
        dims: Nodes along each axis.
    """

    kind: ClassVar[str] = "torus"

    topology: Literal["torus"] = "torus"
    dims: tuple[Side, ...]

    @property
    def sides(self) -> tuple[int, ...]:
        """Nodes along each axis."""
        return self.dims

    def build(self) -> Graph:
        """Join the neighbours; see :class:`DirectNetwork`."""
        return lattice_graph(np.diag(self.dims).tolist(), axis_names(len(self.dims)))

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`.

        Source: a cut across the longest axis, if that is even, and balanced flows along each axis.
        """
        nodes, longest = prod(self.dims), max(self.dims)
        degree = sum(min(side - 1, 2) for side in self.dims)
        known = {
            "terminals": nodes,
            "switches": 0,
            "links": sum(nodes // 2 if side == 2 else nodes for side in self.dims if side > 1),
            "diameter": sum(side // 2 for side in self.dims),
            "mean_hops": nodes / (nodes - 1) * sum(side * side // 4 / side for side in self.dims),
            "all_to_all": max(self._loads()),
            "all_gather": nodes * degree / (nodes - 1),
        }
        return known if longest % 2 else {**known, "bisection": min(2, longest - 1) * nodes / longest}

    def _loads(self) -> Iterator[float]:
        """Yield the load of each axis: the links it takes to balance it, over those there are."""
        for side in self.dims:
            if side > 1:
                yield prod(self.dims) * (side * side // 4) / side / min(side - 1, 2)

    def refusals(self) -> Iterable[Fault]:
        """Refuse a single node."""
        if prod(self.dims) < 2:
            yield Fault("dims", f"{list(self.dims)} is a single node", "write at least one axis of 2 or more")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build rings, odd and even grids, and axes of two and of one."""
        shapes = [(2,), (7,), (4, 4), (5, 5), (3, 3, 3), (4, 2), (3, 2), (4, 1, 3), (4, 4, 2), (3, 4, 5), (2, 3, 2, 2)]
        return [cls(dims=dims) for dims in shapes]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return no axis, and one of a single node."""
        return [cls(dims=()), cls(dims=(1, 1))]
