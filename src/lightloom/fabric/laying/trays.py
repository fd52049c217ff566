"""How full the trays are: every trunk and every cable that is laid by itself, over each gap between two bays.

A cable leaves along the tray over the row of its first end, as far as the bay of its second, and there crosses the
rows: that is as long as the floorplan measures it. Rows that continue each other across the hall share one tray.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.fabric.laying.spots import Spots


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """What lies in trays, one row for each thing or for equal ones; arrays of one shape.

    Args:
        site: From 0.
        line_a: Row counted across the hall, at its first end; likewise ``line_b`` at its second.
        line_b: See ``line_a``.
        stand_a: Bay counted along the hall, at its first end; likewise ``stand_b``.
        stand_b: See ``stand_a``.
        area: Cross-section, m².
        fibres: In it.
        cables: How many pieces.
    """

    site: Integers
    line_a: Integers
    line_b: Integers
    stand_a: Integers
    stand_b: Integers
    area: Floats
    fibres: Floats
    cables: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Trays:
    """Trays that hold something, those along rows first; arrays of shape (trays,).

    Args:
        site: From 0.
        crossing: Whether it crosses the rows.
        place: Row counted across the hall, or bay counted along it, from 0.
        at: Gap in which most lies: between bays, or rows, ``at`` and ``at + 1``.
        area: Cross-section of what lies there, m².
        cables: Pieces that lie there.
        fibres: In those.
        metres: Length of tray with something in it, m.
    """

    site: Integers
    crossing: Booleans
    place: Integers
    at: Integers
    area: Floats
    cables: Integers
    fibres: Integers
    metres: Floats

    def __len__(self) -> int:
        """How many."""
        return len(self.site)


def in_line(spots: Spots, rack: Integers) -> tuple[Integers, Integers]:
    """Return the line across the hall and the stand along it of racks on the floorplan."""
    column, line = np.divmod(spots.racks.row[rack], spots.hall.rows_per_column)
    return line, column * spots.hall.spec.racks_per_row + spots.racks.bay[rack]


def fill(spots: Spots, laid: Laid) -> Trays:
    """Add up what lies in each tray."""
    floor, hall = spots.hall.spec, spots.hall
    stands, lines = hall.columns * floor.racks_per_row, hall.rows_per_column
    sites = int(spots.racks.site.max()) + 1
    left, right = np.minimum(laid.stand_a, laid.stand_b), np.maximum(laid.stand_a, laid.stand_b)
    front, back = np.minimum(laid.line_a, laid.line_b), np.maximum(laid.line_a, laid.line_b)
    along = _Grid(sites * lines, stands).loads(laid, laid.site * lines + laid.line_a, left, right)
    across = _Grid(sites * stands, lines).loads(laid, laid.site * stands + laid.stand_b, front, back)
    gap = np.full(max(stands - 1, 0), floor.rack_pitch)
    gap[floor.racks_per_row - 1 :: floor.racks_per_row] += floor.cross_aisle
    pieces = [_busiest(along, gap, lines, crossing=False), _busiest(across, floor.row_pitch, stands, crossing=True)]
    return _joined(pieces)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Trays of a kind, and the stands that each passes over.

    Args:
        trays: How many.
        stands: Of each.
    """

    trays: int
    stands: int

    def loads(self, laid: Laid, tray: Integers, first: Integers, last: Integers) -> Floats:
        """(3, trays, gaps) Area, pieces and fibres over each gap between stands, of what lies from first to last."""
        shape = (self.trays, self.stands)
        begin, end = np.ravel_multi_index((tray, first), shape), np.ravel_multi_index((tray, last), shape)
        size = self.trays * self.stands
        found: list[Floats] = []
        for weight in (laid.area, laid.cables, laid.fibres):
            change = (np.bincount(begin, weight, size) - np.bincount(end, weight, size)).astype(np.float64)
            found.append(change.reshape(shape).cumsum(axis=1)[:, :-1])
        return np.stack(found)


def _busiest(loads: Floats, gap: Floats | float, per_site: int, *, crossing: bool) -> Trays:
    """Return the trays that hold something, each at its fullest gap."""
    area, cables, fibres = loads
    used = np.flatnonzero((np.rint(cables) > 0).any(axis=1))
    at = np.argmax(area[used], axis=1) if area.shape[1] else np.zeros(0, np.int64)
    site, place = np.divmod(used, per_site)
    metres = ((np.rint(cables[used]) > 0) * gap).sum(axis=1)
    return Trays(
        site=site,
        crossing=np.full(len(used), crossing),
        place=place,
        at=at,
        area=area[used, at],
        cables=np.rint(cables[used, at]).astype(np.int64),
        fibres=np.rint(fibres[used, at]).astype(np.int64),
        metres=metres,
    )


def _joined(pieces: Sequence[Trays]) -> Trays:
    return Trays(
        site=frozen(np.concatenate([each.site for each in pieces])),
        crossing=frozen(np.concatenate([each.crossing for each in pieces])),
        place=frozen(np.concatenate([each.place for each in pieces])),
        at=frozen(np.concatenate([each.at for each in pieces])),
        area=frozen(np.concatenate([each.area for each in pieces])),
        cables=frozen(np.concatenate([each.cables for each in pieces])),
        fibres=frozen(np.concatenate([each.fibres for each in pieces])),
        metres=frozen(np.concatenate([each.metres for each in pieces])),
    )
