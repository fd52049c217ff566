"""Where things stand, and so how long every cable is: racks in rows, rows in columns of a near-square hall."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.specs import Spec
from lightloom.core.units import Count, Length, Share
from lightloom.fabric.wiring import Wiring


class FloorplanSpec(Spec):
    """Racks on a floor.

    Between racks a cable goes up to the tray, along rows and aisles, and down: length = (2 x vertical + distance along
    rows + distance across rows) x (1 + slack), rounded up to whole steps as cables are ordered.

    Args:
        nodes_per_rack: Nodes in a rack.
        racks_per_row: Racks side by side.
        rows_per_column: Rows behind each other before the next column of rows begins; ``auto`` makes the hall about as
            deep as it is wide.
        rack_pitch: Width of a rack, m.
        row_pitch: Row to row, m: 1.2 m of racks, aisles on both sides; 2.4 to 3.6 m is usual.
        cross_aisle: Between columns of rows, m.
        vertical: From a port up to the tray, m, at either end.
        slack: Length added for routing that is never straight.
        in_rack: Cable from a node to a switch of the same rack, m: the longest passive one sold for 100 Gb/s lanes,
            enough for either end of a 2.2 m rack from its middle.
        in_node: Link inside a node, m.
        step: Cables are ordered in multiples of this, m.

    Source: dimensions of a facility by common practice (rack 0.6 x 1.2 x 2.2 m, 3 m to the tray and back, 10 % slack);
        estimates all, to be replaced by those of the site.
    """

    nodes_per_rack: Annotated[Count, Field(ge=1, le=1000)] = 4
    racks_per_row: Annotated[Count, Field(ge=1, le=10_000)] = 16
    rows_per_column: Annotated[Count, Field(ge=1, le=10_000)] | Literal["auto"] = "auto"
    rack_pitch: Annotated[Length, Field(gt=0, le=10)] = 0.6
    row_pitch: Annotated[Length, Field(gt=0, le=100)] = 3.0
    cross_aisle: Annotated[Length, Field(le=100)] = 1.8
    vertical: Annotated[Length, Field(le=100)] = 3.0
    slack: Annotated[Share, Field(le=1)] = 0.1
    in_rack: Annotated[Length, Field(gt=0, le=10)] = 2.0
    in_node: Annotated[Length, Field(gt=0, le=2)] = 0.5
    step: Annotated[Length, Field(gt=0, le=100)] = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where each vertex stands; arrays of shape (vertices,).

    Args:
        x: Along rows, m.
        y: Across rows, m.
        rack: Racks of nodes from 0; a switch away from nodes has a rack of its own, after them.
    """

    x: Floats
    y: Floats
    rack: Integers


@dataclass(frozen=True, slots=True)
class Hall:
    """Rows of racks in columns.

    Args:
        racks: Racks with nodes.
        rows_per_column: Rows behind each other.
        columns: Columns of rows side by side.
        spec: The dimensions.
    """

    racks: int
    rows_per_column: int
    columns: int
    spec: FloorplanSpec

    @classmethod
    def of(cls, spec: FloorplanSpec, racks: int) -> Self:
        """Return the hall that many racks need."""
        rows = math.ceil(racks / spec.racks_per_row)
        width = spec.racks_per_row * spec.rack_pitch + spec.cross_aisle
        columns = max(1, round(math.sqrt(rows * spec.row_pitch / width)))
        deep = math.ceil(rows / columns) if spec.rows_per_column == "auto" else spec.rows_per_column
        return cls(racks, deep, math.ceil(rows / deep), spec)

    @property
    def column_pitch(self) -> float:
        """Column of rows to column of rows, m."""
        return self.spec.racks_per_row * self.spec.rack_pitch + self.spec.cross_aisle

    def stand(self, rack: Integers) -> tuple[Floats, Floats]:
        """Return x and y of racks of nodes, m."""
        row, slot = np.divmod(rack, self.spec.racks_per_row)
        column, depth = np.divmod(row, self.rows_per_column)
        return column * self.column_pitch + slot * self.spec.rack_pitch, depth * self.spec.row_pitch

    def near(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return the spot in a row that is nearest to a point of the hall, m."""
        column = np.clip(np.floor(x / self.column_pitch + 1e-9), 0, self.columns - 1)
        within = np.clip(x - column * self.column_pitch, 0, (self.spec.racks_per_row - 1) * self.spec.rack_pitch)
        row = np.clip(np.rint(y / self.spec.row_pitch), 0, self.rows_per_column - 1)
        return column * self.column_pitch + within, row * self.spec.row_pitch


def place(spec: FloorplanSpec, wiring: Wiring, endpoints_per_rack: int) -> Places:
    """Stand endpoints in racks in their order, and every switch amid what hangs under it.

    A switch whose lower ends are all in one rack stands in that rack; any other in a rack of its own, in the row
    nearest to the mean place of its lower ends.

    Leaves out: how many switches share a rack, and the room their racks take from nodes.
    """
    rack = np.full(wiring.vertices, -1)
    rack[: wiring.endpoints] = np.arange(wiring.endpoints) // endpoints_per_rack
    racks = int(rack.max()) + 1
    hall = Hall.of(spec, racks)
    x, y = np.zeros(wiring.vertices), np.zeros(wiring.vertices)
    x[: wiring.endpoints], y[: wiring.endpoints] = hall.stand(rack[: wiring.endpoints])
    for level in range(len(wiring.levels)):
        rows = wiring.level == level
        while True:
            lower, upper = wiring.ends[rows].T
            ready = rack[lower] >= 0
            lower, upper, weight = lower[ready], upper[ready], wiring.multiplicity[rows][ready].astype(np.float64)
            standing = np.unique(upper[rack[upper] < 0])
            if not standing.size:
                break
            total = np.bincount(upper, weight, wiring.vertices)[standing]
            mean_x = np.bincount(upper, weight * x[lower], wiring.vertices)[standing] / total
            mean_y = np.bincount(upper, weight * y[lower], wiring.vertices)[standing] / total
            first, last = np.full(wiring.vertices, np.iinfo(np.int64).max), np.full(wiring.vertices, -1)
            np.minimum.at(first, upper, rack[lower])
            np.maximum.at(last, upper, rack[lower])
            together = (first == last)[standing] & (last[standing] < racks)
            near_x, near_y = hall.near(mean_x, mean_y)
            x[standing], y[standing] = np.where(together, mean_x, near_x), np.where(together, mean_y, near_y)
            rack[standing] = np.where(together, first[standing], racks + standing)
    return Places(frozen(x), frozen(y), frozen(rack))


def lengths(spec: FloorplanSpec, places: Places, ends: Integers) -> Floats:
    """(edges,) Length of the cable between two vertices, m, in whole steps unless within a rack."""
    a, b = ends.T
    apart = np.abs(places.x[a] - places.x[b]) + np.abs(places.y[a] - places.y[b])
    routed = (2 * spec.vertical + apart) * (1 + spec.slack)
    ordered = np.ceil(routed / spec.step - 1e-9) * spec.step
    return np.where(places.rack[a] == places.rack[b], spec.in_rack, ordered)
