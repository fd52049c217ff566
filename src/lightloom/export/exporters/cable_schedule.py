"""Every cable to lay, one a row: both ends down to the port, product, length, trays, trunk."""

import math
from collections.abc import Sequence

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.export.cells import Cell, columns
from lightloom.export.exporter import Exporter
from lightloom.fabric.laying import names
from lightloom.fabric.laying.plan import CablePlan
from lightloom.fabric.laying.trunks import ALONE
from lightloom.study.evaluation import Evaluation
from lightloom.study.laying import cable_plan_of

_END = ("site", "row", "rack", "device", "port", "product")
_HEADER = (
    "cable", "label", "domain", "level", "plane", *(f"a_{key}" for key in _END), *(f"b_{key}" for key in _END),
    "medium", "length_m", "fibres", "connectors", "route", "trunk", "trunk_first_fibre", "a_cord_m", "b_cord_m",
)  # fmt: skip


class CableSchedule(Exporter):
    """Cables of the whole cluster, level by level; names are unique, and each port of a device is in one row.

    A cable in a trunk keeps the length it was ordered and budgeted with; the trunk and its cords are what is laid. A
    link through a circuit switch is two rows.

    Leaves out: cables inside nodes, lines between sites, power, management.
    """

    kind = "cable-schedule"
    suffix = ".csv"
    description = "every cable with both its ends, length, trays, trunk"
    signature = ",".join(_HEADER) + "\n"

    def write(self, evaluation: Evaluation) -> str:
        """Return one row a cable."""
        return columns(_HEADER, _columns(cable_plan_of(evaluation.scenario)))


def _columns(plan: CablePlan) -> list[Sequence[Cell]]:
    cables, wiring, inside = plan.cables, plan.fabric.wiring, plan.inside
    table = plan.fabric.cables.table
    domains, levels = zip(*wiring.levels, strict=True)
    switch = plan.fabric.circuit_space.switch if plan.fabric.circuit_space else ""
    rows: list[int] = cables.row.tolist()
    product_a = [table.b[row] if far else table.a[row] for row, far in zip(rows, cables.leg == 2, strict=True)]
    product_b = [switch if half else table.b[row] for row, half in zip(rows, cables.leg > 0, strict=True)]
    a = _end(plan, cables.a, cables.port_a)
    b = _end(plan, cables.b, cables.port_b)
    label = [
        f"{device_a}:{port_a} > {device_b}:{port_b}"
        for device_a, port_a, device_b, port_b in zip(a[3], a[4], b[3], b[4], strict=True)
    ]
    trunk = [*names.trunk_names(len(plan.trunks)), None]
    connectors = table.connectors[cables.row] / np.where(cables.leg > 0, 2.0, 1.0)
    return [
        names.cable_names(wiring, cables.level, cables.number),
        label,
        [domains[level] for level in cables.level.tolist()],
        [levels[level] for level in cables.level.tolist()],
        cables.plane.tolist(),
        *a,
        product_a,
        *b,
        product_b,
        [table.medium[row] for row in rows],
        cables.length.tolist(),
        cables.fibres.tolist(),
        _or_none(np.where(cables.fibres > 0, connectors, np.nan)),
        names.route_names(plan.spots, plan.spots.rack[cables.a], plan.spots.rack[cables.b]),
        [trunk[each] for each in inside.trunk.tolist()],
        [first or None for first in inside.first.tolist()],
        _or_none(np.where(inside.trunk == ALONE, np.nan, inside.cord_a)),
        _or_none(np.where(inside.trunk == ALONE, np.nan, inside.cord_b)),
    ]


def _end(plan: CablePlan, vertex: Integers, port: Integers) -> list[Sequence[Cell]]:
    """Return site, row, rack, device and port of one end of every cable."""
    racks, rack = plan.spots.racks, plan.spots.rack[vertex].tolist()
    owner, which = np.unique(names.owners(plan.fabric, vertex, plan.cables.level), return_inverse=True)
    devices = names.device_names(plan.fabric, owner.tolist())
    where = (names.site_names(racks), names.row_names(racks), names.rack_names(racks))
    found: list[Sequence[Cell]] = [[column[each] for each in rack] for column in where]
    return [*found, [devices[each] for each in which.tolist()], port.tolist()]


def _or_none(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
