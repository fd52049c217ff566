"""Who is joined to whom, as columns: vertices and edges, equal cables between two vertices as one row with a count."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen

Domain: TypeAlias = Literal["scale_up", "scale_out", "scale_across"]
LevelKey: TypeAlias = tuple[Domain, str]


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """A graph of endpoints and switches; every array is read-only.

    Vertices below ``endpoints`` are endpoints (accelerators or network cards), numbered as the job numbers them.

    Args:
        endpoints: How many of the vertices are endpoints; they come first.
        kinds: What vertices can be, such as ``("endpoint", "leaf", "spine")``.
        kind: (vertices,) index into ``kinds``.
        site: (vertices,) site; 0 where there is one.
        rack: (vertices,) rack; -1 where the floorplan has not placed it yet.
        group: (vertices,) block whose capacity upwards the vertex is part of: a leaf's own number, an aggregation
            switch's pod; -1 for vertices with nothing above.
        ports: (vertices,) ports the vertex offers at its links' rate; 0 means not limited.
        levels: (domain, name) of each level, lowest first.
        ends: (edges, 2) lower and upper vertex.
        multiplicity: (edges,) equal parallel cables.
        level: (edges,) index into ``levels``.
        plane: (edges,) which of the parallel networks.
        link_class: (edges,) row of the fabric's cables; -1 before cables are chosen.
        rate: (edges,) bytes/s one way of one cable.
    """

    endpoints: int
    kinds: tuple[str, ...]
    kind: Integers
    site: Integers
    rack: Integers
    group: Integers
    ports: Integers
    levels: tuple[LevelKey, ...]
    ends: Integers
    multiplicity: Integers
    level: Integers
    plane: Integers
    link_class: Integers
    rate: Floats

    @property
    def vertices(self) -> int:
        """How many vertices."""
        return len(self.kind)

    @property
    def edges(self) -> int:
        """How many rows of equal cables."""
        return len(self.multiplicity)

    @property
    def used_ports(self) -> Integers:
        """(vertices,) Ports taken by cables."""
        taken = np.bincount(
            self.ends.ravel(), weights=np.repeat(self.multiplicity, 2).astype(np.float64), minlength=self.vertices
        )
        return np.rint(taken).astype(np.int64)

    def count(self, kind: str) -> int:
        """Vertices of a kind; 0 if there is no such kind."""
        return int(np.count_nonzero(self.kind == self.kinds.index(kind))) if kind in self.kinds else 0

    def cables(self, level: int) -> int:
        """Cables of a level, by index."""
        return int(self.multiplicity[self.level == level].sum())

    def capacity(self, level: int) -> Floats:
        """(groups,) Bytes/s one way from each group of a level's lower ends upwards, all planes together."""
        rows = self.level == level
        groups = self.group[self.ends[rows, 0]]
        return np.bincount(groups, weights=self.multiplicity[rows] * self.rate[rows]).astype(np.float64)

    def placed(self, rack: Integers) -> "Wiring":
        """Return the wiring with its vertices in racks."""
        return replace(self, rack=frozen(rack))

    def classed(self, link_class: Integers) -> "Wiring":
        """Return the wiring with each edge's row of the fabric's cables."""
        return replace(self, link_class=frozen(link_class))


def join(first: Wiring, second: Wiring, endpoint: Integers, class_offset: int) -> Wiring:
    """Return two networks over the same accelerators as one graph.

    Args:
        first: Its endpoints are the accelerators; they and its switches keep their numbers.
        second: Its switches are numbered after those of the first; its endpoints become accelerators.
        endpoint: (accelerators,) endpoint of ``second`` each accelerator uses; one that several share becomes the
            first of them, the others reach it through ``first``.
        class_offset: Added to the link classes of ``second``.
    """
    owner = np.zeros(second.endpoints, np.int64)
    owner[endpoint[::-1]] = np.arange(len(endpoint))[::-1]
    number = np.concatenate([owner, first.vertices + np.arange(second.vertices - second.endpoints)])
    new_kinds = second.kinds[1:]
    kind = second.kind[second.endpoints :] - 1 + len(first.kinds)
    rest = slice(second.endpoints, None)

    def stacked(a: Integers, b: Integers) -> Integers:
        return frozen(np.concatenate([a, b]))

    ports = first.ports.copy()
    np.add.at(ports, owner, second.ports[: second.endpoints])
    return Wiring(
        endpoints=first.endpoints,
        kinds=("accelerator", *first.kinds[1:], *new_kinds),
        kind=stacked(first.kind, kind),
        site=stacked(first.site, second.site[rest]),
        rack=stacked(first.rack, second.rack[rest]),
        group=stacked(first.group, second.group[rest]),
        ports=stacked(ports, second.ports[rest]),
        levels=(*first.levels, *second.levels),
        ends=frozen(np.concatenate([first.ends, number[second.ends]])),
        multiplicity=stacked(first.multiplicity, second.multiplicity),
        level=stacked(first.level, second.level + len(first.levels)),
        plane=stacked(first.plane, second.plane),
        link_class=stacked(first.link_class, second.link_class + class_offset),
        rate=frozen(np.concatenate([first.rate, second.rate])),
    )
