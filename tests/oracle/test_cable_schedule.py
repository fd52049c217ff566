"""Schedule, trunks, panels and trays are what a person with a notebook would write down, cable by cable.

Nothing of ``fabric.laying`` is used here but names of its columns: one loop a fact, on small fabrics and floors of many
shapes. Source: definitions of the columns in ``fabric.laying``.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.catalog.products import cabling, link, trunk
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.plan import CablePlan, lay_cables
from lightloom.fabric.laying.spec import CablingSpec
from lightloom.fabric.spec import FabricSpec

NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}
SCALE_OUT: list[dict[str, Any]] = [
    {"topology": "clos", "switch": "tomahawk-4"},
    {"topology": "clos", "switch": "tomahawk-4", "levels": 3, "pod": 64, "links": {"host": "dr4", "leaf": "fr4"}},
    {"topology": "rail-optimised", "switch": "tomahawk-4", "links": {"host": "dr4"}},
    {"topology": "rail-optimised", "switch": "tomahawk-4", "levels": 3, "pod": 512, "core": "circuit"},
]
SIZES = ("trunk-24", "trunk-48", "trunk-72", "trunk-96", "trunk-144", "trunk-288", "trunk-576", "trunk-3456")


@dataclass
class Noted:
    """One cable as noted."""

    level: int
    a: int
    b: int
    ports: list[int]
    length: float
    row: int
    fibres: int
    half: int = 0


@dataclass
class Hall:
    """Racks in rows, rows in columns, worked out one by one."""

    floor: FloorplanSpec
    deep: int
    spot: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Vertex to row, bay and number of its rack."""


def ordered(floor: FloorplanSpec, along: float, across: float) -> float:
    routed = (2 * floor.vertical + along + across) * (1 + floor.slack)
    return math.ceil(routed / floor.step - 1e-9) * floor.step


def noted(fabric: Fabric, plan: CablePlan) -> list[Noted]:
    """Write down cable by cable, level by level; positions are the plan's own, held by the laws."""
    wiring, table, places = fabric.wiring, fabric.cables.table, plan.spots.places
    ports: dict[tuple[int, bool], Any] = defaultdict(lambda: count(1))
    found: list[Noted] = []
    for level, (domain, name) in enumerate(wiring.levels):
        own = [edge for edge in range(wiring.edges) if wiring.level[edge] == level]
        legs = bool(own) and wiring.kinds[wiring.kind[wiring.ends[own[0], 1]]] == "circuit"
        begins = len(found)
        for edge in own:
            a, b = map(int, wiring.ends[edge])
            row = int(wiring.link_class[edge])
            if table.part_of_node[row] or (domain, name) == ("scale_across", "site"):
                continue
            length = float(table.length[row])
            if legs:
                along, across = abs(places.x[a] - places.x[b]), abs(places.y[a] - places.y[b])
                length = ordered(plan.spots.hall.spec, float(along), float(across))
            for _ in range(int(wiring.multiplicity[edge])):
                card = domain != "scale_up"
                used = [next(ports[end, card and end < wiring.endpoints]) for end in (a, b)]
                found.append(Noted(level, a, b, used, length, row, int(table.fibres[row])))
        if legs:
            shortest = sorted(found[begins:], key=lambda cable: cable.length)
            rows = [row for row in fabric.cables.rows(domain, name).tolist() for _ in range(2 * table.count[row])]
            for place, (cable, row) in enumerate(zip(shortest, rows, strict=True)):
                cable.row, cable.half, cable.fibres = row, 1 + place % 2, int(table.fibres[row])
    return found


def racks(fabric: Fabric, plan: CablePlan) -> Hall:
    """Put nodes in racks in their order, and every other switch, tier by tier, in racks beside the bay it stands at."""
    wiring, places, floor = fabric.wiring, plan.spots.places, plan.spots.hall.spec
    hall = Hall(floor, plan.spots.hall.rows_per_column)
    for vertex in range(wiring.endpoints):
        rack = vertex // fabric.shape.accelerators_per_node // floor.nodes_per_rack
        hall.spot[vertex] = (*divmod(rack, floor.racks_per_row), 0)
    bays: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    under: dict[int, set[tuple[int, int, int]]] = defaultdict(set)
    for vertex in range(wiring.vertices):
        if vertex >= wiring.endpoints and len(under[vertex]) == 1 and not next(iter(under[vertex]))[2]:
            hall.spot[vertex] = next(iter(under[vertex]))
        elif vertex >= wiring.endpoints:
            width = floor.racks_per_row * floor.rack_pitch + floor.cross_aisle
            column = int(places.x[vertex] / width + 1e-9)
            bay = round((float(places.x[vertex]) - column * width) / floor.rack_pitch)
            row = column * hall.deep + round(float(places.y[vertex]) / floor.row_pitch)
            bays[row, bay].append((int(wiring.kind[vertex]), vertex))
            hall.spot[vertex] = (row, bay, -vertex)
        for upper in wiring.ends[wiring.ends[:, 0] == vertex, 1].tolist():
            under[upper].add(hall.spot[vertex])
    each = int(cabling("overhead").switches_per_rack.value)
    for (row, bay), switches in bays.items():
        number, kind_before, held = 0, -1, 0
        for kind, vertex in sorted(switches):
            if kind != kind_before or held == each:
                number, held = number + 1, 0
            kind_before, held = kind, held + 1
            hall.spot[vertex] = (row, bay, number)
    return hall


def carried(fibres: int) -> tuple[int, int]:
    whole = [connector for connector in (16, 12, 8) if fibres % connector == 0]
    if whole:
        return whole[0], fibres
    return 12, fibres if 12 % fibres == 0 else -(-fibres // 12) * 12


def takes(size: int, fibres: int) -> int:
    connector, each = carried(fibres)
    return (size // connector) * connector // each


def trunks_of(
    cables: list[Noted], fabric: Fabric, hall: Hall, spec: CablingSpec
) -> dict[tuple[Any, ...], list[tuple[int, list[int]]]]:
    """Return, for each pair of places and kind of cable, its trunks: size and cables."""
    table = fabric.cables.table
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for number, cable in enumerate(cables):
        ends = sorted((hall.spot[cable.a], hall.spot[cable.b]))
        places = sorted(end[:1] for end in ends) if spec.between == "rows" else ends
        if cable.fibres and ends[0] != ends[1] and places[0] != places[1]:
            panels = table.connectors[cable.row] / (2 if cable.half else 1) >= 3
            groups[(*places, cable.fibres, bool(panels))].append(number)
    sizes = sorted(int(trunk(name).fibres.value) for name in spec.trunks or SIZES)
    found: dict[tuple[Any, ...], list[tuple[int, list[int]]]] = {}
    for key, members in groups.items():
        most = takes(sizes[-1], key[2])
        if len(members) >= spec.least and most:
            parts = [members[start : start + most] for start in range(0, len(members), most)]
            found[key] = [(next(size for size in sizes if takes(size, key[2]) >= len(part)), part) for part in parts]
    return found


def circle(diameter: float) -> float:
    return math.pi / 4 * diameter**2


def tray_loads(
    cables: list[Noted], fabric: Fabric, hall: Hall, trunks: list[tuple[Any, Any, int]], alone: list[int]
) -> dict[tuple[str, int, int], float]:
    """Walk every trunk and every other cable along its row and across the rows; area over each gap."""
    hardware, per_row = cabling("overhead"), hall.floor.racks_per_row
    loads: dict[tuple[str, int, int], float] = defaultdict(float)

    def walk(first: tuple[int, ...], second: tuple[int, ...], area: float) -> None:
        (column_a, line_a), (column_b, line_b) = divmod(first[0], hall.deep), divmod(second[0], hall.deep)
        stand_a, stand_b = column_a * per_row + first[1], column_b * per_row + second[1]
        for gap in range(min(stand_a, stand_b), max(stand_a, stand_b)):
            loads["along", line_a, gap] += area
        for gap in range(min(line_a, line_b), max(line_a, line_b)):
            loads["across", stand_b, gap] += area

    for first, second, size in trunks:
        walk(first, second, circle(trunk(f"trunk-{size}").diameter.value))
    for number in alone:
        cable, name = cables[number], fabric.cables.table.a[cables[number].row]
        product = link(name)
        if product.medium == "fibre":
            area = circle(hardware.cord_diameter.value) * max(1, math.ceil(cable.fibres / 16))
        else:
            known = hardware.copper_diameter if product.kind == "passive-copper" else hardware.active_copper_diameter
            area = circle(known.value) * product.lanes.value / 8
        walk(hall.spot[cable.a], hall.spot[cable.b], area)
    return loads


FLOORS = st.builds(
    FloorplanSpec,
    nodes_per_rack=st.sampled_from((1, 2, 4)),
    racks_per_row=st.integers(2, 9),
    rows_per_column=st.sampled_from(("auto", 2, 3)),
)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Fabric, CablingSpec, CablePlan]:
    floor, scale_out = draw(FLOORS), draw(st.sampled_from(SCALE_OUT))
    nodes = 128 if scale_out.get("core") == "circuit" else draw(st.sampled_from((8, 16, 33, 40)))
    spec = FabricSpec.model_validate({"scale_up": NODE, "scale_out": scale_out}).model_copy(update={"floorplan": floor})
    fabric = build(spec, ClusterShape(8 * nodes, 8, 8, 50e9, 450e9))
    way = CablingSpec(
        trunks=tuple(draw(st.lists(st.sampled_from(SIZES), min_size=1, max_size=4, unique=True))),
        least=draw(st.integers(1, 6)),
        between=draw(st.sampled_from(("racks", "rows"))),
    )
    return fabric, way, lay_cables(fabric, floor, way)


@settings(max_examples=30)
@given(plans())
def test_the_schedule_is_what_a_notebook_has(drawn: tuple[Fabric, CablingSpec, CablePlan]) -> None:
    fabric, _, plan = drawn
    cables, got = noted(fabric, plan), plan.cables
    columns = (got.a, got.b, got.level, got.port_a, got.port_b, got.row, got.leg, got.fibres)
    told = zip(*(column.tolist() for column in columns), strict=True)
    assert list(told) == [
        (cable.a, cable.b, cable.level, *cable.ports, cable.row, cable.half, cable.fibres) for cable in cables
    ]
    assert got.length.tolist() == pytest.approx([cable.length for cable in cables])
    stand = plan.spots.racks
    for vertex, spot in racks(fabric, plan).spot.items():
        rack = plan.spots.rack[vertex]
        assert (stand.row[rack], stand.bay[rack], stand.number[rack]) == spot


@settings(max_examples=30)
@given(plans())
def test_trunks_and_panels_are_what_a_notebook_has(drawn: tuple[Fabric, CablingSpec, CablePlan]) -> None:
    fabric, way, plan = drawn
    trunks = trunks_of(noted(fabric, plan), fabric, racks(fabric, plan), way)
    members: dict[int, list[int]] = defaultdict(list)
    for number, of in enumerate(plan.inside.trunk.tolist()):
        members[of].append(number)
    members.pop(-1, None)
    got = sorted((int(plan.trunks.size_fibres[of]), held) for of, held in members.items())
    assert got == sorted((size, part) for parts in trunks.values() for size, part in parts)
    panels: dict[tuple[int, ...], list[int]] = defaultdict(lambda: [0, 0])
    for (first, second, fibres, counted), parts in trunks.items():
        connector, pairs = carried(fibres)[0], fibres <= 2
        for place in (first, second) if counted or way.between == "rows" else ():
            many = sum(size // connector for size, _ in parts)
            panels[place][0 if pairs else 1] += many * (connector if pairs else 1)
    units = [math.ceil(pairs / 144) + math.ceil(many / 72) for pairs, many in panels.values()]
    assert sorted(plan.panels.units.tolist()) == sorted(units)


@settings(max_examples=30)
@given(plans())
def test_trays_hold_what_a_notebook_has(drawn: tuple[Fabric, CablingSpec, CablePlan]) -> None:
    fabric, way, plan = drawn
    plan = lay_cables(fabric, plan.spots.hall.spec, way.model_copy(update={"between": "racks"}))
    cables, hall = noted(fabric, plan), racks(fabric, plan)
    trunks = trunks_of(cables, fabric, hall, way.model_copy(update={"between": "racks"}))
    joined = [(key[0], key[1], size) for key, parts in trunks.items() for size, _ in parts]
    bundled = {number for parts in trunks.values() for _, part in parts for number in part}
    alone = [
        number
        for number, cable in enumerate(cables)
        if number not in bundled and hall.spot[cable.a] != hall.spot[cable.b]
    ]
    fullest: dict[tuple[str, int], float] = defaultdict(float)
    metres: dict[tuple[str, int], float] = defaultdict(float)
    floor = hall.floor
    for (kind, tray, gap), area in tray_loads(cables, fabric, hall, joined, alone).items():
        fullest[kind, tray] = max(fullest[kind, tray], area)
        aisle = floor.cross_aisle if (gap + 1) % floor.racks_per_row == 0 else 0.0
        metres[kind, tray] += floor.row_pitch if kind == "across" else floor.rack_pitch + aisle
    trays = plan.trays
    columns = zip(trays.crossing.tolist(), trays.place.tolist(), trays.metres.tolist(), strict=True)
    assert {("across" if over else "along", tray): length for over, tray, length in columns} == pytest.approx(
        dict(metres)
    )
    columns = zip(trays.crossing.tolist(), trays.place.tolist(), trays.area.tolist(), strict=True)
    assert {("across" if over else "along", tray): area for over, tray, area in columns} == pytest.approx(dict(fullest))
