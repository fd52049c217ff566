"""The whole of the work on the floor: cables, trunks, panels and trays of one fabric."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.catalog import loading, products
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.devices.cabling import Cabling
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.panels import Panels, panels_of
from lightloom.fabric.laying.places import Ends, ends_of_racks, ends_of_rows
from lightloom.fabric.laying.schedule import Schedule, schedule
from lightloom.fabric.laying.spec import CablingSpec
from lightloom.fabric.laying.spots import Spots, stand
from lightloom.fabric.laying.trays import Laid, Trays, fill, in_line
from lightloom.fabric.laying.trunks import ALONE, InTrunk, Optical, Trunks, bundle
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.product import LinkProduct

PANEL_CONNECTORS = 3.0
"""Connectors of a cable from which its budget has counted those of panels: module, panel, panel, module are four."""
FIBRES_PER_CORD = 16
PAIRS = 16.0
"""Pairs of the copper cable whose diameter is known."""


@dataclass(frozen=True, slots=True, eq=False)
class CablePlan:
    """What an installer is given.

    Args:
        fabric: That is cabled.
        hardware: Trays, panels and cords.
        spots: Where devices stand.
        cables: Every cable.
        ends: Places that trunks join.
        trunks: Gathered cables.
        inside: Which trunk each cable is in.
        panels: Where trunks end.
        trays: What lies over the racks.
        beyond_budget: Cables that pass panels which their budgets count no connectors for.
    """

    fabric: Fabric
    hardware: Cabling
    spots: Spots
    cables: Schedule
    ends: Ends
    trunks: Trunks
    inside: InTrunk
    panels: Panels
    trays: Trays
    beyond_budget: int

    @property
    def rack_to_rack(self) -> Booleans:
        """(cables,) Whether the cable leaves its rack."""
        return self.spots.rack[self.cables.a] != self.spots.rack[self.cables.b]

    @property
    def tray_fill(self) -> Floats:
        """(trays,) Cross-section of what lies in it over that of one tray; more than 1 where it takes several."""
        return self.trays.area / (self.hardware.tray_width.value * self.hardware.tray_depth.value)

    @property
    def trays_side_by_side(self) -> Integers:
        """(trays,) Trays it takes to keep each within what may be filled."""
        return np.maximum(np.ceil(self.tray_fill / self.hardware.tray_fill.value - 1e-9), 1.0).astype(np.int64)

    @property
    def detour(self) -> float:
        """Most that trunk and cords are longer than the cable that was ordered and budgeted, m."""
        within = np.flatnonzero(self.inside.trunk != ALONE)
        if not len(within):
            return 0.0
        way = self.trunks.length[self.inside.trunk[within]] + self.inside.cord_a[within] + self.inside.cord_b[within]
        return float(np.max(way - self.cables.length[within]))


def lay_cables(
    fabric: Fabric,
    floor: FloorplanSpec,
    spec: CablingSpec | None = None,
    links: Mapping[str, LinkProduct] | None = None,
) -> CablePlan:
    """Plan the cabling of a fabric.

    Args:
        fabric: As built.
        floor: That it was built with.
        spec: How cables are laid; left out: trunks of any size between racks.
        links: Link products by name; the catalog's if left out.

    Leaves out: cables inside nodes, lines between sites, power and management cables, and obstacles.
    """
    spec = spec or CablingSpec()
    hardware = products.cabling(spec.hardware)
    sizes = [products.trunk(name) for name in dict.fromkeys(spec.trunks or loading.names("trunks"))]
    spots = stand(fabric, floor, int(hardware.switches_per_rack.value))
    cables = schedule(fabric, floor, spots)
    known = links or products.links()
    optical = _optical(fabric, cables, spots, known)
    ends = ends_of_rows(spots, cables, optical.may) if spec.between == "rows" else ends_of_racks(spots)
    trunks, inside = bundle(cables, optical, ends, spots, sizes, spec.least)
    laid = _laid(_Pieces(fabric, hardware, spots, cables, ends, trunks, inside, known))
    through = np.flatnonzero(inside.trunk != ALONE)
    unforeseen = trunks.panels[inside.trunk[through]] & ~optical.panels[through]
    return CablePlan(
        fabric=fabric,
        hardware=hardware,
        spots=spots,
        cables=cables,
        ends=ends,
        trunks=trunks,
        inside=inside,
        panels=panels_of(trunks, ends, hardware),
        trays=fill(spots, laid),
        beyond_budget=int(np.count_nonzero(unforeseen)),
    )


def _optical(fabric: Fabric, cables: Schedule, spots: Spots, links: Mapping[str, LinkProduct]) -> Optical:
    """Tell which cables are of fibre that ends in connectors, and how."""
    table = fabric.cables.table
    found = [links[name] for name in table.a]
    many_modes = np.array([isinstance(product, OpticalProduct) and product.multimode for product in found])
    connectors = table.connectors[cables.row] / np.where(cables.leg > 0, 2.0, 1.0)
    return Optical(
        may=(cables.fibres > 0) & (spots.rack[cables.a] != spots.rack[cables.b]),
        multimode=many_modes[cables.row],
        panels=~(connectors < PANEL_CONNECTORS),  # what the allocation of a standard allots has panels too
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    fabric: Fabric
    hardware: Cabling
    spots: Spots
    cables: Schedule
    ends: Ends
    trunks: Trunks
    inside: InTrunk
    links: Mapping[str, LinkProduct]


def _laid(pieces: _Pieces) -> Laid:
    """List what lies in trays: trunks, cables laid by themselves, and cords along rows to their panels."""
    cables, trunks, ends, spots = pieces.cables, pieces.trunks, pieces.ends, pieces.spots
    area = _areas(pieces)
    alone = np.flatnonzero((pieces.inside.trunk == ALONE) & (spots.rack[cables.a] != spots.rack[cables.b]))
    jackets = np.array([_circle(trunk.diameter.value) for trunk in trunks.sizes])
    racks = [
        (ends.rack[trunks.a], ends.rack[trunks.b], jackets[trunks.size], trunks.size_fibres),
        (spots.rack[cables.a[alone]], spots.rack[cables.b[alone]], area[alone], cables.fibres[alone]),
    ]
    if ends.of_rows:
        through = np.flatnonzero(pieces.inside.trunk != ALONE)
        for vertex in (cables.a[through], cables.b[through]):
            panel = ends.rack[ends.of_vertex[vertex]]
            racks.append((spots.rack[vertex], panel, area[through], cables.fibres[through]))
    a, b, each, fibres = (np.concatenate(column) for column in zip(*racks, strict=True))
    floor = (spots.racks.row[a] >= 0) & (spots.racks.row[b] >= 0)
    a, b, each, fibres = a[floor], b[floor], each[floor], fibres[floor]
    line_a, stand_a = in_line(spots, a)
    line_b, stand_b = in_line(spots, b)
    return Laid(
        site=spots.racks.site[a],
        line_a=line_a,
        line_b=line_b,
        stand_a=stand_a,
        stand_b=stand_b,
        area=each.astype(np.float64),
        fibres=fibres.astype(np.float64),
        cables=np.ones(len(a)),
    )


def _areas(pieces: _Pieces) -> Floats:
    """(cables,) Cross-section of each cable laid by itself, m²."""
    table, hardware = pieces.fabric.cables.table, pieces.hardware
    cord = _circle(hardware.cord_diameter.value)
    rows: list[float] = []
    for name, medium, fibres in zip(table.a, table.medium, table.fibres.tolist(), strict=True):
        product = pieces.links[name]
        if medium == "fibre":
            rows.append(cord * max(1, -(-fibres // FIBRES_PER_CORD)))
            continue
        passive = product.kind == "passive-copper"
        diameter = hardware.copper_diameter if passive else hardware.active_copper_diameter
        rows.append(_circle(diameter.value) * 2 * product.lanes.value / PAIRS)
    return np.array(rows)[pieces.cables.row]


def _circle(diameter: float) -> float:
    return float(np.pi / 4 * diameter**2)
