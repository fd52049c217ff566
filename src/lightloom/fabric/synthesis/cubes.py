"""Cubes joined place by place: where links lead, and what distances allow.

Cubes of 4 x 4 x 4 nodes are the elements of a group. The switch of a place on the faces of an axis joins the far face
of every cube g to the near face of cube g h, with an element h of its own; that of the opposite place is its inverse.
What is h at a place of the x axis is R h at the place of y that turning the cube about its diagonal leads to, and R R h
at that of z, with an automorphism R of the group whose third power is one. So mirroring all cubes is an automorphism of
the graph, as are turning them while R moves them, and multiplying from the left: there are twelve kinds of nodes, not
64.
"""

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Floats, Integers
from lightloom.fabric.synthesis.group import Group, Matrix

EDGE = 4
"""Nodes along the edge of a cube: that of TPU v4 (Jouppi et al., ISCA 2023)."""
NODES = EDGE**3
PLACES = EDGE**2
HALF = PLACES // 2
AXES = 3
SCARCE = 3
"""Links that a circuit counts for in a second bound: there are three times as many links of copper."""


@dataclass(frozen=True, eq=False)
class Cubes:
    """Cubes of a group, and how its elements turn with the axes.

    Args:
        group: Of the cubes.
        rotate: The matrix R on the group's module; empty for one. Only of abelian groups.
    """

    group: Group
    rotate: Matrix = ()

    @cached_property
    def images(self) -> Integers:
        """(3, order) every element, R times it, and R R times it."""
        here = np.arange(self.group.order)
        found = [here]
        for _ in range(AXES - 1):
            parts = self.group.parts(found[-1])
            if self.rotate:
                parts[:, :-1] = parts[:, :-1] @ np.array(self.rotate, np.int64).T
            found.append(self.group.numbers(parts))
        return np.stack(found)

    def faces(self, half: Integers) -> Integers:
        """Return the elements of all places of each axis, (points, 3, places).

        Args:
            half: (points, places / 2) those of the first half of the x axis.
        """
        whole = np.concatenate([half, self.group.inverse(half[:, ::-1])], axis=1)
        return np.stack([image[whole] for image in self.images], axis=1)

    def steps(self, half: Integers) -> Integers:
        """Return where steps ahead along x, y and z, then those back, lead from every node, (points, 6, nodes).

        Node ``cube * 64 + place`` in the cube, places along x, y and z, the last one fastest.
        """
        where, faces = inside(), self.faces(half)
        found: list[Integers] = []
        for side, elements in ((1, faces), (-1, self.group.inverse(faces))):
            for axis in range(AXES):
                place = where[:, (axis + 1) % AXES] * EDGE + where[:, (axis + 2) % AXES]
                there = where.copy()
                there[:, axis] += side
                leaves = (there[:, axis] < 0) | (there[:, axis] == EDGE)
                cubes = self.group.right(np.where(leaves, elements[:, axis, place], 0))
                nodes = cubes * NODES + _numbered(there % EDGE)[None, :, None]
                found.append(np.transpose(nodes, (0, 2, 1)).reshape(len(half), -1))
        return np.stack(found, axis=1)

    def automorphisms(self) -> list[Integers]:
        """Return permutations of all nodes that map links to links."""
        cube, place = np.divmod(np.arange(NODES * self.group.order), NODES)
        turned, mirrored = symmetries()
        shifts = [self.group.left(element)[cube] * NODES + place for element in range(1, self.group.order)]
        return [*shifts, self.images[1][cube] * NODES + turned[place], cube * NODES + mirrored[place]]

    @cached_property
    def _kinds(self) -> tuple[Integers, Integers]:
        """One node of each kind, and how many of a cube's nodes are of it."""
        images = symmetries()
        ends = (np.tile(np.arange(NODES), len(images)), np.concatenate(images))
        _, labels = connected_components(coo_array((np.ones(len(ends[0])), ends), shape=(NODES, NODES)))
        _, first, sizes = np.unique(labels, return_index=True, return_counts=True)
        return first.astype(np.int64), sizes.astype(np.int64)

    def bounds(self, half: Integers) -> Floats:
        """Return the larger of two bounds of the all-to-all load of each, infinite where cubes are not all joined.

        One is that of distances, the other that of distances where a circuit is as far as three links.
        """
        return np.array([max(self._bound(rows, circuit) for circuit in (1, SCARCE)) for rows in self.steps(half)])

    def _bound(self, rows: Integers, circuit: int) -> float:
        """Return the sum of distances over that of links, a circuit counting as so many."""
        first, sizes = self._kinds
        leaves = np.concatenate([inside().T == EDGE - 1, inside().T == 0])
        among = list(zip(rows, np.tile(leaves, (1, self.group.order))[:, :, None], strict=True))
        seen = np.zeros((rows.shape[1], len(first)), np.bool_)
        seen[first, np.arange(len(first))] = True
        layers = deque([seen & False] * (circuit - 1) + [seen.copy()], maxlen=circuit)  # the last ones reached
        total, step = 0, 0
        while any(layer.any() for layer in layers):
            step += 1
            near, old = layers[-1], layers[0]
            reached = [near[row] if circuit == 1 else np.where(at, old[row], near[row]) for row, at in among]
            layers.append(np.logical_or.reduce(reached) & ~seen)
            total += step * int(layers[-1].sum(axis=0) @ sizes)
            seen |= layers[-1]
        links = leaves.sum() * circuit + (~leaves).sum()
        return total / float(links) if seen.all() else np.inf


def inside() -> Integers:
    """Return (64, 3) where in a cube each of its nodes is."""
    return np.stack(np.unravel_index(np.arange(NODES), (EDGE,) * AXES), axis=-1).astype(np.int64)


def symmetries() -> tuple[Integers, Integers]:
    """Return two permutations of a cube's nodes: a turn about the diagonal, x to y to z, and all axes mirrored."""
    where = inside()
    return _numbered(np.roll(where, 1, axis=1)), _numbered(EDGE - 1 - where)


def _numbered(where: Integers) -> Integers:
    """Return the number of nodes by where they are in a cube, (nodes, 3)."""
    return where @ np.array([EDGE * EDGE, EDGE, 1])
