"""Whole-numbered grids folded onto themselves: a torus, twisted or not, is the grid modulo a lattice.

Source: Camarero, Martinez and Beivide, "Lattice graphs for high-scale interconnection topologies", IEEE Transactions on
Parallel and Distributed Systems 26(9), 2015.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph, distinct

Rows: TypeAlias = tuple[tuple[int, ...], ...]


def hermite(columns: Sequence[Sequence[int]]) -> Rows:
    """Return the Hermite normal form of a lattice basis: lower triangular, diagonal positive, exact.

    Args:
        columns: The vectors that span the lattice.

    Returns:
        The vectors of the normal form; vector i is zero before its entry i.

    Raises:
        StudyError: They span less than the whole space.
    """
    left = [list(vector) for vector in columns]
    found: list[tuple[int, ...]] = []
    for axis in range(len(left)):
        _clear(left, axis)
        if not left or not left[0][axis]:
            message = f"the lattice does not close axis {axis}: its determinant is 0"
            raise StudyError(Fault("lattice", message, "give independent columns"))
        first = left.pop(0)
        found.append(tuple(first if first[axis] > 0 else [-entry for entry in first]))
    return tuple(found)


def _clear(vectors: list[list[int]], axis: int) -> None:
    """Leave at most one vector, the first, with an entry on an axis, by Euclid's steps."""
    while True:
        vectors.sort(key=lambda vector: (vector[axis] == 0, abs(vector[axis])))
        others = [vector for vector in vectors[1:] if vector[axis]]
        if not others:
            return
        for vector in others:
            times = vector[axis] // vectors[0][axis]
            vector[:] = [entry - times * pivot for entry, pivot in zip(vector, vectors[0], strict=True)]


def numbers(points: Integers, basis: Rows) -> Integers:
    """Return the vertex number of each point of the grid.

    Args:
        points: (points, axes) coordinates.
        basis: A Hermite normal form.
    """
    reduced = points.copy()
    number = np.zeros(len(points), np.int64)
    for axis, vector in enumerate(basis):
        times = reduced[:, axis] // vector[axis]
        reduced -= times[:, None] * np.asarray(vector)
        number = number * vector[axis] + reduced[:, axis]
    return number


def points(basis: Rows) -> Integers:
    """Return (vertices, axes) the coordinates of each vertex, the last axis fastest."""
    sides = [vector[axis] for axis, vector in enumerate(basis)]
    return np.stack(np.unravel_index(np.arange(int(np.prod(sides))), sides), axis=-1).astype(np.int64)


def lattice_graph(columns: Sequence[Sequence[int]], names: Sequence[str]) -> Graph:
    """Join every point of the grid modulo a lattice to its neighbours on every axis, each once.

    An axis along which a step leads back to where it started has no link.

    Args:
        columns: The vectors that span the lattice.
        names: Of the axes: the levels of the links.

    Raises:
        StudyError: As for :func:`hermite`.
    """
    basis = hermite(columns)
    grid = points(basis)
    unit = np.eye(len(basis), dtype=np.int64)
    ahead = [numbers(grid + step, basis) for step in unit]
    here = np.arange(len(grid))
    joins = {name: distinct(np.stack([here, there], axis=1)) for name, there in zip(names, ahead, strict=True)}
    return Graph.of({"node": len(grid)}, joins, automorphisms=(*ahead, numbers(-grid, basis)))


def axis_names(count: int) -> tuple[str, ...]:
    """Return what axes are called: x, y, z, or x1, x2, … where there are more.

    >>> axis_names(2), axis_names(4)
    (('x', 'y'), ('x1', 'x2', 'x3', 'x4'))
    """
    return ("x", "y", "z")[:count] if count <= 3 else tuple(f"x{axis}" for axis in range(1, count + 1))
