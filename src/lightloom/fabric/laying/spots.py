"""Where every device of a fabric stands: site, row, bay, and the rack it shares with others."""

from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.floorplan import FloorplanSpec, Hall, Places, place
from lightloom.fabric.wiring import Wiring

OFF = -1
"""In place of a row: not on the floorplan, as a border switch."""


@dataclass(frozen=True, slots=True, eq=False)
class Racks:
    """Racks that hold something, in the order of their places; arrays of shape (racks,).

    Args:
        site: From 0.
        row: Row of the site from 0, counted along each column of rows; :data:`OFF` off the floorplan.
        bay: Place in the row from 0.
        number: 0 for a rack of nodes; from 1 for a rack of switches, which stands beside the bay.
    """

    site: Integers
    row: Integers
    bay: Integers
    number: Integers

    def __len__(self) -> int:
        """How many."""
        return len(self.site)


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Where every vertex stands; arrays of shape (vertices,).

    Args:
        places: Positions, m, as cables were measured by; NaN off the floorplan.
        rack: Row of ``racks``.
        racks: Every rack.
        hall: Of each site.
    """

    places: Places
    rack: Integers
    racks: Racks
    hall: Hall

    @property
    def on_floor(self) -> Booleans:
        """(vertices,) Whether the floorplan knows the place."""
        return np.isfinite(self.places.x)


def stand(fabric: Fabric, floor: FloorplanSpec, switches_per_rack: int) -> Spots:
    """Place every vertex of a fabric as its cables were measured, and gather switches in racks.

    Switches away from nodes that the floorplan puts at the same bay share racks, each tier its own.

    Args:
        fabric: Of one site or several equal ones.
        floor: That it was built with.
        switches_per_rack: In a rack without nodes.

    Leaves out: the room that racks of switches take from nodes, and where the border of a site stands.
    """
    wiring = fabric.wiring
    across = np.array([domain == "scale_across" for domain, _ in wiring.levels])[wiring.level]
    off = np.zeros(wiring.vertices, np.bool_)
    off[wiring.ends[across, 1]] = True
    first = np.flatnonzero(~off & (wiring.site == 0))
    each = place(floor, _part(wiring, first), fabric.shape.accelerators_per_node * floor.nodes_per_rack)
    sites = int(wiring.site.max()) + 1
    x, y = np.full(wiring.vertices, np.nan), np.full(wiring.vertices, np.nan)
    own = np.full(wiring.vertices, -1)
    for site in range(sites):
        members = np.flatnonzero(~off & (wiring.site == site))
        x[members], y[members] = each.x, each.y
        own[members] = each.rack + site * (int(each.rack.max()) + 1)
    nodes = int(each.rack[: wiring.endpoints // sites].max()) + 1
    alone = ~off & (own % (int(each.rack.max()) + 1) >= nodes)
    hall = Hall.of(floor, nodes)
    row, bay = _row_and_bay(hall, x, y)
    number = np.zeros(wiring.vertices, np.int64)
    standing = np.flatnonzero(alone)
    keys = (wiring.site[standing], row[standing], bay[standing], wiring.kind[standing])
    number[standing] = _numbers(keys, switches_per_rack)
    rack, racks = _racks(wiring.site, row, bay, number)
    return Spots(Places(frozen(x), frozen(y), frozen(own)), rack, racks, hall)


def _part(wiring: Wiring, members: Integers) -> Wiring:
    """Return the graph among some of the vertices, numbered in their order."""
    number = np.full(wiring.vertices, -1)
    number[members] = np.arange(len(members))
    inside = (number[wiring.ends] >= 0).all(axis=1)
    return replace(
        wiring,
        endpoints=int(np.count_nonzero(members < wiring.endpoints)),
        kind=wiring.kind[members],
        ends=number[wiring.ends[inside]],
        multiplicity=wiring.multiplicity[inside],
        level=wiring.level[inside],
    )


def _row_and_bay(hall: Hall, x: Floats, y: Floats) -> tuple[Integers, Integers]:
    """Return the row and the bay nearest to each position; those of NaN are :data:`OFF` and 0."""
    off = np.isnan(x)
    x, y = np.where(off, 0.0, x), np.where(off, 0.0, y)
    column = np.floor(x / hall.column_pitch + 1e-9)
    bay = np.rint((x - column * hall.column_pitch) / hall.spec.rack_pitch)
    bay = np.clip(bay, 0, hall.spec.racks_per_row - 1)
    row = column * hall.rows_per_column + np.rint(y / hall.spec.row_pitch)
    return np.where(off, OFF, row).astype(np.int64), np.where(off, 0, bay).astype(np.int64)


def _numbers(keys: tuple[Integers, Integers, Integers, Integers], capacity: int) -> Integers:
    """Return the rack of each switch at its bay, from 1: those of a tier fill one after the other.

    Args:
        keys: (switches,) site, row, bay and kind of each.
        capacity: Switches of a rack.
    """
    site, row, bay, kind = keys
    order = np.lexsort((kind, bay, row, site))
    sorted_keys = np.stack([site, row, bay, kind])[:, order]
    at_bay = runs_of(sorted_keys[:3])
    place_in_tier = rank_in_runs(runs_of(sorted_keys))
    opened = np.cumsum(place_in_tier % capacity == 0)
    first_of_bay = np.flatnonzero(at_bay)
    before = (opened[first_of_bay] - 1)[np.cumsum(at_bay) - 1] if len(opened) else opened
    number = np.empty(len(order), np.int64)
    number[order] = opened - before
    return number


def runs_of(sorted_keys: Integers) -> Booleans:
    """(items,) Whether a run of equal keys begins here; ``sorted_keys`` is (keys, items)."""
    begins = np.ones(sorted_keys.shape[1], np.bool_)
    begins[1:] = (sorted_keys[:, 1:] != sorted_keys[:, :-1]).any(axis=0)
    return begins


def rank_in_runs(begins: Booleans) -> Integers:
    """(items,) Place of each item in its run, from 0."""
    index = np.arange(len(begins))
    return index - np.maximum.accumulate(np.where(begins, index, 0)) if len(begins) else index


def _racks(site: Integers, row: Integers, bay: Integers, number: Integers) -> tuple[Integers, Racks]:
    """Return each vertex's rack, and the racks."""
    order = np.lexsort((number, bay, row, site))
    columns = np.stack([site, row, bay, number])[:, order]
    begins = runs_of(columns)
    rack = np.empty(len(order), np.int64)
    rack[order] = np.cumsum(begins) - 1
    return frozen(rack), Racks(*(frozen(column) for column in columns[:, begins]))
