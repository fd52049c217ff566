"""Every cable of a fabric as one row: its ends down to the port, its product, its length."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.fabric.across import ACROSS, SITE_LEVEL
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.floorplan import FloorplanSpec, lengths
from lightloom.fabric.labels import plain
from lightloom.fabric.laying.names import owners
from lightloom.fabric.laying.spots import Spots, rank_in_runs, runs_of

CIRCUIT = "circuit"
"""Kind of the vertices whose cables are legs, two of which make a link."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """Cables in the order of their levels, lowest first; arrays of shape (cables,).

    Args:
        level: Index into the levels of the wiring.
        number: Of its level, from 1.
        a: Vertex at the lower end; likewise ``b`` at the upper.
        b: See ``a``.
        port_a: Port of the device at that end, from 1: those downwards first.
        port_b: Likewise.
        row: Row of the fabric's cables.
        leg: 0 for a whole link; 1 or 2 for its first or second half, which ends at a circuit switch.
        length: As ordered, m.
        fibres: From end to end; those of a cable sold with its ends are not counted.
        plane: Which of the parallel networks.
    """

    level: Integers
    number: Integers
    a: Integers
    b: Integers
    port_a: Integers
    port_b: Integers
    row: Integers
    leg: Integers
    length: Floats
    fibres: Integers
    plane: Integers

    def __len__(self) -> int:
        """How many cables."""
        return len(self.level)

    @cached_property
    def link_fibres(self) -> float:
        """Fibres from end to end of links: one through a circuit switch counts once, as two halves."""
        return float(np.where(self.leg > 0, 0.5, 1.0) @ self.fibres)


def schedule(fabric: Fabric, floor: FloorplanSpec, spots: Spots) -> Schedule:
    """List every cable that is laid.

    Leaves out: what is part of a node, and lines between sites.
    """
    wiring, table = fabric.wiring, fabric.cables.table
    lines = np.array([key == (ACROSS, SITE_LEVEL) for key in wiring.levels])
    legs = np.array([_leads_to(fabric, level) for level in range(len(wiring.levels))])
    laid = np.flatnonzero(~table.part_of_node[wiring.link_class] & ~lines[wiring.level])
    laid = laid[np.argsort(wiring.level[laid], kind="stable")]
    edge = np.repeat(laid, (wiring.multiplicity * _side_by_side(fabric, legs))[laid])
    level, row, leg = wiring.level[edge], wiring.link_class[edge].copy(), np.zeros(len(edge), np.int64)
    length = table.length[row]
    for each in np.flatnonzero(legs):
        own = np.flatnonzero(level == each)
        length[own] = lengths(floor, spots.places, wiring.ends[edge[own]])
        order = own[np.argsort(length[own], kind="stable")]
        row[order] = _classes_of_legs(fabric, int(each), len(own))
        leg[order] = 1 + np.arange(len(own)) % 2
    a, b = wiring.ends[edge].T
    port_a, port_b = _ports(owners(fabric, a, level), owners(fabric, b, level))
    return Schedule(
        level=frozen(level),
        number=frozen(rank_in_runs(runs_of(level[None, :])) + 1),
        a=frozen(a),
        b=frozen(b),
        port_a=frozen(port_a),
        port_b=frozen(port_b),
        row=frozen(row),
        leg=frozen(leg),
        length=frozen(length),
        fibres=frozen(table.fibres[row]),
        plane=frozen(wiring.plane[edge]),
    )


def _leads_to(fabric: Fabric, level: int) -> bool:
    """Tell whether a level's cables end at circuit switches."""
    wiring = fabric.wiring
    upper = wiring.ends[wiring.level == level, 1]
    return bool(len(upper)) and plain(wiring.kinds[int(wiring.kind[upper[0]])]) == CIRCUIT


def _side_by_side(fabric: Fabric, legs: Booleans) -> Integers:
    """(edges,) Cables that make up one of the wiring's: several where one product is slower than a bundle."""
    wiring, table = fabric.wiring, fabric.cables.table
    wired = np.bincount(wiring.link_class, wiring.multiplicity, len(table))
    many = np.rint(table.count / np.maximum(wired, 1.0)).astype(np.int64)
    return np.where(legs[wiring.level], 1, many[wiring.link_class])


def _classes_of_legs(fabric: Fabric, level: int, many: int) -> Integers:
    """Rows of the legs of a level in the order of their length: two by two they make the links of each class.

    An odd one that is left has no link, and the class of the longest.
    """
    rows = fabric.cables.rows(*fabric.wiring.levels[level])
    found = np.repeat(rows, 2 * fabric.cables.table.count[rows])
    return np.concatenate([found, np.repeat(rows[-1:], many - len(found))])


def _ports(owner_a: Integers, owner_b: Integers) -> tuple[Integers, Integers]:
    """Number the ports of each device in the order of its cables."""
    owner = np.stack([owner_a, owner_b], axis=1).ravel()
    order = np.argsort(owner, kind="stable")
    port = np.empty(len(owner), np.int64)
    port[order] = rank_in_runs(runs_of(owner[order][None, :])) + 1
    return port[0::2], port[1::2]
