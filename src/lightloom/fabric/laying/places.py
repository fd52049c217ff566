"""Where cables end on the floor: the panels that trunks join, and how long the way between two spots is."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.schedule import Schedule
from lightloom.fabric.laying.spots import OFF, Spots, runs_of


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Places that trunks may join.

    Args:
        of_vertex: (vertices,) Place of each vertex.
        rack: (places,) Row of the racks: the rack itself, or one in the middle of a row; that stands for the row.
        x: (places,) Along rows, m; NaN off the floorplan.
        y: (places,) Across rows, m.
        of_rows: Whether a place is a row.
    """

    of_vertex: Integers
    rack: Integers
    x: Floats
    y: Floats
    of_rows: bool


def ends_of_racks(spots: Spots) -> Ends:
    """Return each rack as a place of its own."""
    racks = spots.racks
    x, y = _stand(spots, racks.row, racks.bay)
    return Ends(spots.rack, frozen(np.arange(len(racks))), x, y, of_rows=False)


def ends_of_rows(spots: Spots, cables: Schedule, optical: Booleans) -> Ends:
    """Return each row as a place: the rack nearest to the middle of the optical cables that end in the row.

    Args:
        spots: Where vertices stand.
        cables: Their cables.
        optical: (cables,) Those that may be in trunks.
    """
    racks = spots.racks
    order = np.lexsort((racks.row, racks.site))
    begins = runs_of(np.stack([racks.site, racks.row])[:, order])
    row_of_rack = np.empty(len(racks), np.int64)
    row_of_rack[order] = np.cumsum(begins) - 1
    of_vertex = row_of_rack[spots.rack]
    ends = np.concatenate([cables.a[optical], cables.b[optical]])
    rows = int(begins.sum())
    many = np.bincount(of_vertex[ends], minlength=rows)
    bays = np.bincount(of_vertex[ends], racks.bay[spots.rack[ends]], rows)
    middle = bays / np.maximum(many, 1)
    distance = np.abs(racks.bay - middle[row_of_rack])
    nearest = np.lexsort((racks.number, racks.bay, distance, row_of_rack))
    chosen = nearest[runs_of(row_of_rack[nearest][None, :])]
    x, y = _stand(spots, racks.row[chosen], racks.bay[chosen])
    return Ends(frozen(of_vertex), frozen(chosen), x, y, of_rows=True)


def _stand(spots: Spots, row: Integers, bay: Integers) -> tuple[Floats, Floats]:
    """Return x and y of bays, m; NaN off the floorplan."""
    per_row = spots.hall.spec.racks_per_row
    x, y = spots.hall.stand(np.where(row == OFF, 0, row) * per_row + bay)
    return frozen(np.where(row == OFF, np.nan, x)), frozen(np.where(row == OFF, np.nan, y))


def ordered(floor: FloorplanSpec, along: Floats, across: Floats) -> Floats:
    """Length of a cable over the trays, m, in whole steps, as the floorplan measures it.

    Args:
        floor: The dimensions.
        along: Distance along rows, m.
        across: Distance across rows, m.
    """
    routed = (2 * floor.vertical + along + across) * (1 + floor.slack)
    return np.ceil(routed / floor.step - 1e-9) * floor.step
