"""Patch panels: rack units that the ends of trunks take, place by place."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.devices.cabling import Cabling
from lightloom.fabric.laying.places import Ends
from lightloom.fabric.laying.trunks import Trunks


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """Places where trunks end at panels; arrays of shape (panels,).

    Args:
        place: Index into the places that trunks join.
        rack: Row of the racks it is in.
        trunks: That end there.
        fibres: In them, used or not; all are led out.
        duplex: Of these, fibres led out in pairs; the others in multi-fibre connectors.
        connectors: Multi-fibre connectors at the back, of all its trunks.
        units: Rack units.
    """

    place: Integers
    rack: Integers
    trunks: Integers
    fibres: Integers
    duplex: Integers
    connectors: Integers
    units: Integers

    def __len__(self) -> int:
        """How many."""
        return len(self.place)


def panels_of(trunks: Trunks, ends: Ends, hardware: Cabling) -> Panels:
    """Count what ends where: links of one or two fibres are led out in pairs, others in connectors of many."""
    ending = np.flatnonzero(trunks.panels)
    at = np.concatenate([trunks.a[ending], trunks.b[ending]])
    places = len(ends.rack)

    def summed(values: Integers) -> Integers:
        return np.rint(np.bincount(at, np.tile(values[ending], 2), places)).astype(np.int64)

    led_out = trunks.connectors * trunks.connector
    duplex = summed(np.where(trunks.duplex, led_out, 0))
    many = summed(np.where(trunks.duplex, 0, trunks.connectors))
    units = _units(duplex, hardware.panel_fibres.value) + _units(many, hardware.panel_connectors.value)
    used = np.flatnonzero(units)
    return Panels(
        place=frozen(used),
        rack=frozen(ends.rack[used]),
        trunks=frozen(summed(np.ones_like(trunks.size))[used]),
        fibres=frozen(summed(led_out)[used]),
        duplex=frozen(duplex[used]),
        connectors=frozen(summed(trunks.connectors)[used]),
        units=frozen(units[used]),
    )


def _units(many: Integers, each: float) -> Integers:
    """Whole rack units."""
    return np.ceil(many / each - 1e-9).astype(np.int64)
