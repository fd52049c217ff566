"""A graph of terminals and switches as arrays: what topologies build and what is measured, before any study uses it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen


@dataclass(frozen=True, slots=True, eq=False)
class Arcs:
    """Directed links, at most one from a vertex to another; every array is read-only.

    Args:
        tail: (arcs,) vertex each leaves; sorted by tail, then by head.
        head: (arcs,) vertex each enters.
        capacity: (arcs,) of all links between the two.
    """

    tail: Integers
    head: Integers
    capacity: Floats

    def __len__(self) -> int:
        """How many."""
        return len(self.tail)


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Vertices and links; vertices below ``terminals`` send and receive, the others relay. Arrays are read-only.

    Args:
        terminals: How many of the vertices are terminals; they come first, and relay as well.
        kinds: What vertices can be, such as ``("router",)`` or ``("host", "switch")``.
        kind: (vertices,) index into ``kinds``.
        levels: What links can be, such as ``("local", "global")``.
        level: (links,) index into ``levels``.
        ends: (links, 2) vertices a link joins, two different ones.
        capacity: (links,) in each direction; in whatever unit the graph is in, 1 unless stated.
        directed: Whether a link carries from its first end to its second only.
        automorphisms: (vertices,) permutations that map links to links of the same capacity and terminals to terminals.
            They generate a group; solvers look at one source, link or cut of each of its orbits. None is always right.
    """

    terminals: int
    kinds: tuple[str, ...]
    kind: Integers
    levels: tuple[str, ...]
    level: Integers
    ends: Integers
    capacity: Floats
    directed: bool = False
    automorphisms: tuple[Integers, ...] = ()

    @classmethod
    def of(
        cls,
        counts: Mapping[str, int],
        joins: Mapping[str, Integers],
        *,
        capacity: Mapping[str, float | Floats] | None = None,
        directed: bool = False,
        automorphisms: Sequence[Integers] = (),
    ) -> Self:
        """Return the graph of some kinds of vertices and some levels of links.

        Args:
            counts: How many of each kind of vertex; numbered in that order, and the first kind are the terminals.
            joins: (links, 2) ends of each level's links.
            capacity: Of each level's links where it is not 1, one for all or (links,).
            directed: Whether links carry one way only.
            automorphisms: See the class.
        """
        given = capacity or {}
        sizes = [len(ends) for ends in joins.values()]
        ends = np.concatenate([np.asarray(ends, np.int64).reshape(-1, 2) for ends in joins.values()])
        each = [
            np.broadcast_to(np.asarray(given.get(name, 1.0), np.float64), len(part)) for name, part in joins.items()
        ]
        return cls(
            terminals=next(iter(counts.values())),
            kinds=tuple(counts),
            kind=frozen(np.repeat(np.arange(len(counts)), list(counts.values()))),
            levels=tuple(joins),
            level=frozen(np.repeat(np.arange(len(joins)), sizes)),
            ends=frozen(ends),
            capacity=frozen(np.concatenate(each)),
            directed=directed,
            automorphisms=tuple(frozen(np.asarray(permutation, np.int64)) for permutation in automorphisms),
        )

    @property
    def vertices(self) -> int:
        """How many vertices."""
        return len(self.kind)

    @property
    def links(self) -> int:
        """How many links."""
        return len(self.ends)

    @property
    def degree(self) -> Integers:
        """(vertices,) Links at each vertex; of a directed graph, those that leave it."""
        taken = self.ends[:, 0] if self.directed else self.ends.ravel()
        return np.bincount(taken, minlength=self.vertices)

    def count(self, name: str) -> int:
        """Links of a level, or vertices of a kind; 0 where there is none of that name."""
        if name in self.levels:
            return int(np.count_nonzero(self.level == self.levels.index(name)))
        return int(np.count_nonzero(self.kind == self.kinds.index(name))) if name in self.kinds else 0

    def arcs(self) -> Arcs:
        """Return the links as directed ones, both ways unless the graph is directed; parallel ones add up."""
        forward, capacity = self.ends, self.capacity
        if not self.directed:
            forward = np.concatenate([forward, forward[:, ::-1]])
            capacity = np.concatenate([capacity, capacity])
        keys, place = np.unique(forward[:, 0] * self.vertices + forward[:, 1], return_inverse=True)
        return Arcs(
            tail=frozen(keys // self.vertices),
            head=frozen(keys % self.vertices),
            capacity=frozen(np.bincount(place, weights=capacity, minlength=len(keys)).astype(np.float64)),
        )


def distinct(ends: Integers) -> Integers:
    """Return each pair of different vertices once, the smaller first: for constructions that name a link twice."""
    ordered = np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
    return np.unique(ordered, axis=0) if len(ordered) else ordered


def pairs(members: Integers) -> Integers:
    """Return the links of full meshes.

    Args:
        members: (meshes, nodes) vertices of each mesh.

    Returns:
        (meshes * nodes * (nodes - 1) / 2, 2) ends.
    """
    first, second = np.triu_indices(members.shape[1], k=1)
    return np.stack([members[:, first], members[:, second]], axis=-1).reshape(-1, 2)
