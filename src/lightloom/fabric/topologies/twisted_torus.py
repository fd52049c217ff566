"""Twisted torus: a torus whose wrap-around along short axes also shifts the long ones."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.lattice import Rows, axis_names, hermite, lattice_graph


class TwistedTorus(DirectNetwork):
    """The points of a grid modulo a lattice, each joined to its neighbours on every axis.

    Left out, the lattice is that of TPU v4: wrapping a short axis shifts every long one by half its length, for shapes
    n x 2n, n x n x 2n and n x 2n x 2n.

    Args:
        dims: Nodes along each axis of the torus it is cut from.
        lattice: Rows of a square matrix whose columns lead from a node to itself; its determinant is the number of
            nodes.

    Source: Jouppi et al., "TPU v4", ISCA 2023; Camarero, Martinez and Beivide, "Lattice graphs", IEEE TPDS 26(9), 2015.
    """

    kind: ClassVar[str] = "twisted-torus"

    topology: Literal["twisted-torus"] = "twisted-torus"
    dims: tuple[Side, ...]
    lattice: tuple[tuple[int, ...], ...] = ()

    def columns(self) -> Rows:
        """Return the vectors that lead from a node to itself."""
        if self.lattice:
            return tuple(zip(*self.lattice, strict=True))
        short = min(self.dims)
        halves = [side // 2 if side > short else 0 for side in self.dims]
        rows = np.diag(self.dims)
        for axis, side in enumerate(self.dims):
            if side == short:
                rows[axis] = halves
                rows[axis, axis] = side
        return tuple(tuple(row) for row in rows.tolist())

    def build(self) -> Graph:
        """Join the neighbours; see :class:`DirectNetwork`."""
        return lattice_graph(self.columns(), axis_names(len(self.dims)))

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; distances have no formula, and an axis of one or two steps has fewer links."""
        basis, nodes = hermite(self.columns()), prod(self.dims)
        steps = [_steps_home(basis, axis) for axis in range(len(self.dims))]
        return {
            "terminals": nodes,
            "switches": 0,
            "links": sum(nodes // 2 if count == 2 else nodes for count in steps if count > 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse lattices of another shape or size, and shapes without a lattice."""
        axes, nodes = len(self.dims), prod(self.dims)
        if nodes < 2:
            yield Fault("dims", f"{list(self.dims)} is a single node", "write at least one axis of 2 or more")
        elif self.lattice:
            yield from self._unfit(axes, nodes)
        elif axes < 2 or sorted({side / min(self.dims) for side in self.dims}) != [1, 2] or min(self.dims) % 2:
            short = max(2, min(self.dims) // 2 * 2)
            near = " or ".join(str([short] * (axes - long) + [2 * short] * long) for long in range(1, max(axes, 2)))
            message = f"{list(self.dims)} has no usual twist: each side must be the shortest, even, or twice that"
            yield Fault("dims", message, f"the nearest are {near}; or write a lattice")

    def _unfit(self, axes: int, nodes: int) -> Iterable[Fault]:
        if [len(row) for row in self.lattice] != [axes] * axes:
            yield Fault("lattice", f"is not a matrix of {axes} rows and columns", "write a row per axis of dims")
            return
        try:
            basis = hermite(self.columns())
        except StudyError as error:
            yield from error.faults
            return
        found = prod(vector[axis] for axis, vector in enumerate(basis))
        if found != nodes:
            yield Fault("lattice", f"has {found} nodes, and dims has {nodes}", f"write dims whose product is {found}")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build the usual shapes, and a lattice of one's own."""
        own = cls(dims=(13,), lattice=((13,),))
        skew = cls(dims=(5, 3), lattice=((5, 1), (0, 3)))
        return [*(cls(dims=dims) for dims in ((2, 4), (4, 8), (2, 2, 4), (4, 4, 8), (2, 4, 4), (4, 8, 4))), own, skew]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return untwistable shapes, and lattices that are none or of another size."""
        return [
            cls(dims=(1,)),
            cls(dims=(4, 4)),
            cls(dims=(3, 6)),
            cls(dims=(4, 8), lattice=((4, 0),)),
            cls(dims=(4, 8), lattice=((4, 4), (2, 2))),
            cls(dims=(4, 8), lattice=((4, 0), (4, 4))),
        ]


def _steps_home(basis: Rows, axis: int) -> int:
    """Return how many steps along an axis lead back to the start: 1, 2, or 3 for more."""
    for steps in (1, 2):
        point = [steps * (place == axis) for place in range(len(basis))]
        for place, vector in enumerate(basis):
            times = point[place] // vector[place]
            point = [entry - times * other for entry, other in zip(point, vector, strict=True)]
        if not any(point):
            return steps
    return 3
