"""Cables between the same two places, gathered in pre-terminated trunks of the sizes that are sold."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.devices.trunk import TWELVE, Trunk
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.places import Ends, ordered
from lightloom.fabric.laying.schedule import Schedule
from lightloom.fabric.laying.spots import OFF, Spots, rank_in_runs, runs_of

ALONE = -1
"""In place of a trunk: a cable laid by itself."""
CONNECTORS = (16, TWELVE, 8)
"""Fibres that a multi-fibre connector carries: MPO-16, MPO-12, and MPO-12 with the middle four left dark."""


@dataclass(frozen=True, slots=True, eq=False)
class Trunks:
    """Trunks; arrays of shape (trunks,).

    Args:
        sizes: Products, the smallest first.
        size: Index into ``sizes``.
        a: Place at one end, the lower number; likewise ``b`` at the other.
        b: See ``a``.
        cables: In it.
        fibres: That they use.
        connector: Fibres each of its connectors carries.
        connectors: At each end, all of them.
        duplex: Whether a panel leads its fibres out in pairs.
        multimode: Whether its fibre is of many modes.
        panels: Whether it ends at panels; else its connectors go to the equipment.
        length: As ordered, m.
    """

    sizes: tuple[Trunk, ...]
    size: Integers
    a: Integers
    b: Integers
    cables: Integers
    fibres: Integers
    connector: Integers
    connectors: Integers
    duplex: Booleans
    multimode: Booleans
    panels: Booleans
    length: Floats

    def __len__(self) -> int:
        """How many."""
        return len(self.size)

    @property
    def size_fibres(self) -> Integers:
        """(trunks,) Fibres in the jacket."""
        return np.array([int(trunk.fibres.value) for trunk in self.sizes], np.int64)[self.size]


@dataclass(frozen=True, slots=True, eq=False)
class InTrunk:
    """Where in the trunks each cable is; arrays of shape (cables,).

    Args:
        trunk: Its trunk; :data:`ALONE` without.
        first: First of its fibres in the trunk, from 1; 0 without.
        cord_a: Cord from its lower end to the panel, m; 0 without.
        cord_b: Likewise at the upper end.
    """

    trunk: Integers
    first: Integers
    cord_a: Floats
    cord_b: Floats


def connector_for(fibres: int) -> tuple[int, int]:
    """Return what carries a cable: fibres of a connector, and fibres of a trunk that the cable takes.

    A parallel link takes whole connectors, of the largest kind that it fills; links of few fibres share a connector of
    twelve. What fills neither takes whole connectors of twelve and leaves some dark.

    >>> connector_for(2), connector_for(8), connector_for(16), connector_for(10)
    ((12, 2), (8, 8), (16, 16), (12, 12))
    """
    for carried in CONNECTORS:
        if fibres % carried == 0:
            return carried, fibres
    if TWELVE % fibres == 0:
        return TWELVE, fibres
    return TWELVE, -(-fibres // TWELVE) * TWELVE


def capacity(size: int, fibres: int) -> int:
    """Return how many cables of so many fibres a trunk of a size takes.

    >>> capacity(144, 8), capacity(144, 2), capacity(24, 16)
    (18, 72, 1)
    """
    _, taken = connector_for(fibres)
    return size // taken


@dataclass(frozen=True, slots=True, eq=False)
class Optical:
    """What of the cables may be in trunks; arrays of shape (cables,).

    Args:
        may: Fibre that ends in connectors, between two racks.
        multimode: Over fibre of many modes.
        panels: Its budget counts connectors of panels at both ends.
    """

    may: Booleans
    multimode: Booleans
    panels: Booleans


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Cables of equal kind between two places, as many as make a trunk and no larger than one.

    Args:
        cable: (cables,) Sorted by group.
        of: (cables,) Its group.
        place: (cables,) Place in it, from 0.
        columns: (5, groups) Places a and b, fibres of a cable, whether multimode, whether it ends at panels.
        cables: (groups,) How many.
        fits: (groups, sizes) How many a trunk takes.
        connector: (groups,) Fibres of a connector.
        taken: (groups,) Fibres of a trunk that a cable takes.
    """

    cable: Integers
    of: Integers
    place: Integers
    columns: Integers
    cables: Integers
    fits: Integers
    connector: Integers
    taken: Integers


def _groups(cables: Schedule, optical: Optical, ends: Ends, sizes: Sequence[Trunk], least: int) -> _Groups:
    """Gather cables by their two places, whichever end is where, by fibres, kind of fibre, and panels."""
    a, b = ends.of_vertex[cables.a], ends.of_vertex[cables.b]
    cable = np.flatnonzero(optical.may & (a != b))
    flags = (optical.multimode.astype(np.int64), optical.panels.astype(np.int64))
    keys = np.stack([np.minimum(a, b), np.maximum(a, b), cables.fibres, *flags])[:, cable]
    order = np.lexsort(keys[::-1])
    cable, keys = cable[order], keys[:, order]
    begins = runs_of(keys)
    of = np.cumsum(begins) - 1
    counts = np.bincount(of, minlength=int(begins.sum()))
    columns = keys[:, begins]
    fits, connector, taken = _fits(columns[2], sizes)
    whole = (counts >= least) & (fits[:, -1] > 0)
    kept = whole[of]
    return _Groups(
        cable=cable[kept],
        of=(np.cumsum(whole) - 1)[of[kept]],
        place=rank_in_runs(begins)[kept],
        columns=columns[:, whole],
        cables=counts[whole],
        fits=fits[whole],
        connector=connector[whole],
        taken=taken[whole],
    )


def _fits(fibres: Integers, sizes: Sequence[Trunk]) -> tuple[Integers, Integers, Integers]:
    """Return, for each group, cables that each size takes (groups, sizes), the connector, and fibres a cable takes."""
    kinds, which = np.unique(fibres, return_inverse=True)
    jackets = [int(trunk.fibres.value) for trunk in sizes]
    table = [[capacity(jacket, int(kind)) for jacket in jackets] for kind in kinds]
    connector = [connector_for(int(kind)) for kind in kinds]
    fits = np.array(table, np.int64).reshape(len(kinds), len(jackets))
    carried = np.array(connector, np.int64).reshape(len(kinds), 2)
    return fits[which], carried[which, 0], carried[which, 1]


def bundle(
    cables: Schedule, optical: Optical, ends: Ends, spots: Spots, sizes: Sequence[Trunk], least: int
) -> tuple[Trunks, InTrunk]:
    """Lay cables in trunks: as few as can be between two places, all but the last full, the last as small as it may be.

    A group whose cables do not fit the largest size is laid cable by cable, as is one of fewer than ``least``.

    Args:
        cables: Every cable.
        optical: Which of them may.
        ends: Places that trunks join.
        spots: Where vertices stand.
        sizes: That may be taken.
        least: Cables with which a trunk begins.
    """
    sizes = tuple(sorted(sizes, key=lambda trunk: trunk.fibres.value))
    groups = _groups(cables, optical, ends, sizes, least)
    most = groups.fits[:, -1]
    each = -(-groups.cables // most)
    last = np.cumsum(each) - 1
    group = np.repeat(np.arange(len(each)), each)
    filled = most[group]
    filled[last] = groups.cables - (each - 1) * most
    size = (groups.fits[group] < filled[:, None]).sum(axis=1)
    of, first = np.full(len(cables), ALONE), np.zeros(len(cables), np.int64)
    of[groups.cable] = (last - each + 1)[groups.of] + groups.place // most[groups.of]
    first[groups.cable] = groups.place % most[groups.of] * groups.taken[groups.of] + 1
    a, b, per_cable, multimode, panels = groups.columns[:, group]
    connector = groups.connector[group]
    trunks = Trunks(
        sizes=sizes,
        size=frozen(size),
        a=frozen(a),
        b=frozen(b),
        cables=frozen(filled),
        fibres=frozen(filled * per_cable),
        connector=frozen(connector),
        connectors=frozen(np.array([int(product.fibres.value) for product in sizes], np.int64)[size] // connector),
        duplex=frozen(per_cable <= 2),
        multimode=frozen(multimode > 0),
        panels=frozen((panels > 0) | ends.of_rows),
        length=frozen(_lengths(spots.hall.spec, cables, ends, of, (a, b))),
    )
    cord_a, cord_b = _cords(cables, ends, spots, trunks, of)
    return trunks, InTrunk(frozen(of), frozen(first), cord_a, cord_b)


def _lengths(
    floor: FloorplanSpec, cables: Schedule, ends: Ends, trunk: Integers, joined: tuple[Integers, Integers]
) -> Floats:
    """(trunks,) As the longest of its cables; between rows the way from panel to panel where the floorplan knows it."""
    a, b = joined
    longest = np.zeros(len(a))
    inside = trunk != ALONE
    np.maximum.at(longest, trunk[inside], cables.length[inside])
    if not ends.of_rows:
        return longest
    way = ordered(floor, np.abs(ends.x[a] - ends.x[b]), np.abs(ends.y[a] - ends.y[b]))
    return np.where(np.isnan(way), longest, way)


def _cords(cables: Schedule, ends: Ends, spots: Spots, trunks: Trunks, trunk: Integers) -> tuple[Floats, Floats]:
    """(cables,) Cord at either end: within the rack of the panel, or along the row to it."""
    floor, racks = spots.hall.spec, spots.racks
    inside = np.flatnonzero(trunk != ALONE)
    inside = inside[trunks.panels[trunk[inside]]]
    found: list[Floats] = []
    for vertex in (cables.a, cables.b):
        cord = np.zeros(len(cables))
        rack = spots.rack[vertex[inside]]
        panel = ends.rack[ends.of_vertex[vertex[inside]]]
        apart = np.abs(racks.bay[rack] - racks.bay[panel]) * floor.rack_pitch
        near = (rack == panel) | (racks.row[panel] == OFF)
        cord[inside] = np.where(near, floor.in_rack, ordered(floor, apart, np.zeros(len(apart))))
        found.append(frozen(cord))
    return found[0], found[1]
