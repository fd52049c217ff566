"""What an installer is given agrees with the fabric that was built, whatever its topology.

Facts protected: every cable that is no part of a node is in the schedule once, each port of a device is used once,
names are unique, lengths are those the links were budgeted with and never shorter than the straight line; trunks hold
what they say, never more than their size, as few as can be; panels lead out every fibre of the trunks that end there.
Source: definitions of ``fabric.laying``; ports and labels at both ends as ANSI/TIA-606 asks for.
"""

import time
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

import lightloom as ll
from lightloom.catalog.products import trunk as trunk_size
from lightloom.devices.trunk import Trunk
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.laying import names
from lightloom.fabric.laying.plan import CablePlan, lay_cables
from lightloom.fabric.laying.spec import CablingSpec
from lightloom.fabric.laying.trunks import ALONE, capacity, connector_for
from lightloom.fabric.spec import FabricSpec

NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}
RAILS = {"topology": "rail-optimised", "switch": "tomahawk-4"}
CLOS = {"topology": "clos", "switch": "tomahawk-4"}
NARROW = {"nodes_per_rack": 2, "racks_per_row": 5, "slack": 0, "step": "10 cm", "vertical": "0.5 m"}
CASES: dict[str, tuple[dict[str, Any], ClusterShape]] = {
    "clos": (
        {"scale_up": NODE, "scale_out": CLOS | {"levels": 3, "pod": 256}, "floorplan": NARROW},
        ClusterShape(1024, 8, 8, 50e9, 450e9),
    ),
    "light only": (
        {"scale_up": NODE, "scale_out": CLOS | {"levels": 3, "pod": 256, "links": {"host": "dr4", "leaf": "fr4"}}},
        ClusterShape(1024, 8, 8, 50e9, 450e9),
    ),
    "rails": ({"scale_up": NODE, "scale_out": RAILS | {"switch": "quantum-2"}}, ClusterShape(264, 8, 8, 50e9, 450e9)),
    "circuits": (
        {"scale_up": NODE, "scale_out": RAILS | {"levels": 3, "pod": 512, "core": "circuit"}},
        ClusterShape(2048, 8, 8, 50e9, 450e9),
    ),
    "optical domain": (
        {
            "scale_up": {"topology": "switched", "domain": 256, "link": "scale-up-optical", "switch": "tomahawk-5"},
            "scale_out": RAILS,
        },
        ClusterShape(512, 8, 8, 50e9, 450e9),
    ),
    "shared cards": ({"scale_up": NODE, "scale_out": CLOS}, ClusterShape(128, 8, 4, 50e9, 450e9)),
    "two cards": ({"scale_up": NODE, "scale_out": CLOS}, ClusterShape(128, 8, 16, 50e9, 450e9)),
    "dragonfly": (
        {
            "scale_up": NODE,
            "scale_out": {"topology": "dragonfly", "routers": 8, "global_ports": 4, "switch": "tomahawk-4"},
        },
        ClusterShape(1056, 8, 8, 50e9, 450e9),
    ),
    "torus of accelerators": (
        {
            "scale_up": {"topology": "torus", "dims": (4, 4, 8), "links": {"mesh": "scale-up-optical"}},
            "scale_out": CLOS,
        },
        ClusterShape(256, 8, 8, 50e9, 450e9),
    ),
    "one domain": ({"scale_up": NODE}, ClusterShape(8, 8, 8, 50e9, 450e9)),
    "two sites": (
        {
            "scale_up": NODE,
            "scale_out": CLOS | {"levels": 3, "pod": 128},
            "scale_across": {"distance": "80 km", "wavelengths": 100},
        },
        ClusterShape(1024, 8, 8, 50e9, 450e9),
    ),
    "sites around a hub": (
        {
            "scale_up": NODE,
            "scale_out": RAILS,
            "scale_across": {
                "topology": "hub", "sites": 3, "distance": "40 km", "wavelengths": 33, "module": "800zr",
                "required_osnr": "27 dB",
            },
        },
        ClusterShape(3 * 264, 8, 8, 50e9, 450e9),
    ),
}  # fmt: skip
WAYS = {
    "racks": CablingSpec(),
    "rows": CablingSpec(between="rows"),
    "small": CablingSpec(trunks=("trunk-24", "trunk-48"), least=1),
    "odd": CablingSpec(trunks=("trunk-864", "trunk-144"), least=5),
}


@pytest.fixture(scope="module")
def fabrics() -> dict[str, tuple[Fabric, FabricSpec]]:
    specs = {name: FabricSpec.model_validate(written) for name, (written, _) in CASES.items()}
    return {name: (build(spec, CASES[name][1]), spec) for name, spec in specs.items()}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def plan(case: str, fabrics: dict[str, tuple[Fabric, FabricSpec]]) -> CablePlan:
    fabric, spec = fabrics[case]
    return lay_cables(fabric, spec.floorplan)


@pytest.fixture(params=WAYS)
def laid(request: pytest.FixtureRequest, case: str, fabrics: dict[str, tuple[Fabric, FabricSpec]]) -> CablePlan:
    fabric, spec = fabrics[case]
    return lay_cables(fabric, spec.floorplan, WAYS[request.param])


def is_laid(fabric: Fabric) -> np.ndarray:
    """(rows,) Whether the cables of a row of the fabric's are laid: no part of a node, no line between sites."""
    lines = [pair == ("scale_across", "site") for pair in zip(fabric.cables.domain, fabric.cables.level, strict=True)]
    return ~np.array(lines) & ~fabric.cables.table.part_of_node


def test_every_link_is_in_the_schedule(plan: CablePlan) -> None:
    table, cables = plan.fabric.cables.table, plan.cables
    wanted = np.where(is_laid(plan.fabric), table.count, 0)
    links = np.bincount(cables.row, np.where(cables.leg > 0, 0.5, 1.0), len(table))
    assert np.array_equal(links, wanted)
    assert cables.link_fibres == (wanted * table.fibres).sum()


def test_numbers_count_each_level_from_one(plan: CablePlan) -> None:
    for level in np.unique(plan.cables.level):
        own = plan.cables.number[plan.cables.level == level]
        assert np.array_equal(own, np.arange(1, len(own) + 1))


def test_each_port_of_a_device_is_used_once(plan: CablePlan) -> None:
    cables, wiring = plan.cables, plan.fabric.wiring
    owner = np.concatenate(
        [names.owners(plan.fabric, cables.a, cables.level), names.owners(plan.fabric, cables.b, cables.level)]
    )
    ports: dict[int, list[int]] = defaultdict(list)
    for device, port in zip(owner.tolist(), [*cables.port_a.tolist(), *cables.port_b.tolist()], strict=True):
        ports[device].append(port)
    for used in ports.values():
        assert sorted(used) == list(range(1, len(used) + 1))
    outside = ~plan.fabric.cables.table.part_of_node[wiring.link_class]
    lines = np.array([key == ("scale_across", "site") for key in wiring.levels])[wiring.level]
    kept = outside & ~lines
    taken = np.bincount(wiring.ends[kept].ravel(), np.repeat(wiring.multiplicity[kept], 2), wiring.vertices)
    switches = [device for device in ports if device // 2 >= wiring.endpoints]
    if "scale-up" not in {wiring.kinds[wiring.kind[device // 2]] for device in switches}:
        assert all(len(ports[device]) == taken[device // 2] for device in switches)


def test_ports_downwards_come_first(plan: CablePlan) -> None:
    """Ports of a switch follow the levels of their cables, of which those below it are the lower."""
    cables = plan.cables
    levels: dict[int, dict[int, int]] = defaultdict(dict)
    for vertices, ports in ((cables.a, cables.port_a), (cables.b, cables.port_b)):
        for vertex, port, level in zip(vertices.tolist(), ports.tolist(), cables.level.tolist(), strict=True):
            if vertex >= plan.fabric.wiring.endpoints:
                levels[vertex][port] = level
    for of_port in levels.values():
        assert [of_port[port] for port in sorted(of_port)] == sorted(of_port.values())


def test_names_are_unique(plan: CablePlan) -> None:
    cables, wiring = plan.cables, plan.fabric.wiring
    cable_names = names.cable_names(wiring, cables.level, cables.number)
    assert len(set(cable_names)) == len(cables)
    owner = np.unique(
        [names.owners(plan.fabric, cables.a, cables.level), names.owners(plan.fabric, cables.b, cables.level)]
    ).tolist()
    assert len(set(names.device_names(plan.fabric, owner))) == len(owner)
    racks = names.rack_names(plan.spots.racks)
    assert len(set(racks)) == len(racks)
    assert len(set(names.trunk_names(len(plan.trunks)))) == len(plan.trunks)


def test_lengths_are_those_of_the_links_and_no_shorter_than_the_straight_line(plan: CablePlan) -> None:
    cables, places, table = plan.cables, plan.spots.places, plan.fabric.cables.table
    whole = cables.leg == 0
    assert np.array_equal(cables.length[whole], table.length[cables.row[whole]])
    straight = np.hypot(places.x[cables.a] - places.x[cables.b], places.y[cables.a] - places.y[cables.b])
    known = np.isfinite(straight)
    assert (cables.length[known] >= straight[known] - 1e-9).all()
    assert (cables.length > 0).all()
    first, second = np.flatnonzero(cables.leg == 1), np.flatnonzero(cables.leg == 2)
    both = np.bincount(cables.row, np.where(whole, 0.0, cables.length), len(table))
    assert both.sum() == pytest.approx((table.count * table.length * (table.passes > 0)).sum())
    assert len(first) == len(second)


def test_the_floor_is_that_which_cables_were_measured_on(plan: CablePlan) -> None:
    """Positions are found again from the whole graph; the lengths they give are the fabric's, whatever the leg."""
    legs = plan.cables.leg > 0
    if legs.any():
        by_row: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for row, leg, length in zip(
            plan.cables.row[legs].tolist(), plan.cables.leg[legs].tolist(), plan.cables.length[legs], strict=True
        ):
            by_row[row].append((leg, length))
        for row, halves in by_row.items():
            ones = sorted(length for leg, length in halves if leg == 1)
            twos = sorted(length for leg, length in halves if leg == 2)
            assert np.allclose(np.add(ones, twos), plan.fabric.cables.table.length[row])


def test_racks_hold_nodes_in_order_and_switches_of_one_tier(plan: CablePlan) -> None:
    spots, wiring, shape = plan.spots, plan.fabric.wiring, plan.fabric.shape
    racks = spots.racks
    node = np.arange(wiring.endpoints) // shape.accelerators_per_node
    rack = spots.rack[: wiring.endpoints]
    assert (np.bincount(rack) <= spots.hall.spec.nodes_per_rack * shape.accelerators_per_node).all()
    assert all(len(np.unique(rack[node == each])) == 1 for each in np.unique(node)[:40])
    assert (racks.number[rack] == 0).all()
    assert (racks.row[rack] >= 0).all()
    held: dict[int, list[int]] = defaultdict(list)
    for vertex, number in enumerate(racks.number[spots.rack].tolist()):
        if number:
            held[int(spots.rack[vertex])].append(vertex)
    for switches in held.values():
        assert len(switches) <= plan.hardware.switches_per_rack.value
        assert len(np.unique(wiring.kind[switches])) == 1
        x = spots.places.x[switches]
        assert x.max() - x.min() <= spots.hall.spec.rack_pitch + 1e-9
        assert len(np.unique(spots.places.y[switches])) == 1


def test_every_optical_cable_is_in_a_trunk_in_its_rack_or_alone(laid: CablePlan) -> None:
    cables, trunk = laid.cables, laid.inside.trunk
    inside = trunk != ALONE
    assert laid.trunks.cables.sum() == np.count_nonzero(inside)
    assert np.array_equal(np.bincount(trunk[inside], minlength=len(laid.trunks)), laid.trunks.cables)
    assert (laid.rack_to_rack | ~inside).all()
    assert (cables.fibres[inside] > 0).all()
    assert laid.trunks.fibres.sum() == cables.fibres[inside].sum()


def test_no_trunk_is_over_its_size_and_none_larger_than_it_need_be(laid: CablePlan) -> None:
    trunks = laid.trunks
    assert (trunks.fibres <= trunks.size_fibres).all()
    assert (trunks.fibres <= trunks.connectors * trunks.connector).all()
    sizes = [int(each.fibres.value) for each in trunks.sizes]
    for index in range(len(trunks)):
        each = int(trunks.fibres[index] // trunks.cables[index])
        fitting = [size for size in sizes if capacity(size, each) >= trunks.cables[index]]
        assert trunks.size_fibres[index] == min(fitting)


def test_trunks_between_two_places_are_as_few_as_can_be(laid: CablePlan) -> None:
    trunks, largest = laid.trunks, int(laid.trunks.sizes[-1].fibres.value)
    groups: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index in range(len(trunks)):
        each = int(trunks.fibres[index] // trunks.cables[index])
        key = (trunks.a[index], trunks.b[index], each, trunks.multimode[index], trunks.panels[index])
        groups[tuple(map(int, key))].append(int(trunks.cables[index]))
    for (_, _, each, *_), filled in groups.items():
        most = capacity(largest, each)
        assert len(filled) == -(-sum(filled) // most)
        assert sorted(filled)[1:] == [most] * (len(filled) - 1)


def test_cables_of_a_trunk_join_its_places_and_share_no_fibre(laid: CablePlan) -> None:
    cables, trunks, inside = laid.cables, laid.trunks, laid.inside
    a, b = laid.ends.of_vertex[cables.a], laid.ends.of_vertex[cables.b]
    taken: set[tuple[int, int]] = set()
    for cable in np.flatnonzero(inside.trunk != ALONE).tolist():
        trunk, first = int(inside.trunk[cable]), int(inside.first[cable])
        assert sorted((a[cable], b[cable])) == [trunks.a[trunk], trunks.b[trunk]]
        own = {(trunk, first + fibre) for fibre in range(int(cables.fibres[cable]))}
        assert not own & taken
        assert first >= 1
        assert max(fibre for _, fibre in own) <= trunks.connectors[trunk] * trunks.connector[trunk]
        connectors = {(fibre - 1) // int(trunks.connector[trunk]) for _, fibre in own}
        assert len(connectors) == -(-int(cables.fibres[cable]) // int(trunks.connector[trunk])), "no connector is split"
        taken |= own


def test_trunks_are_no_shorter_than_the_straight_line(laid: CablePlan) -> None:
    cables, trunks, inside, places = laid.cables, laid.trunks, laid.inside, laid.spots.places
    if laid.ends.of_rows:
        x, y = laid.ends.x, laid.ends.y
        straight = np.hypot(x[trunks.a] - x[trunks.b], y[trunks.a] - y[trunks.b])
        known = np.isfinite(straight)
        assert (trunks.length[known] >= straight[known] - 1e-9).all()
        return
    within = np.flatnonzero(inside.trunk != ALONE)
    straight = np.hypot(places.x[cables.a] - places.x[cables.b], places.y[cables.a] - places.y[cables.b])[within]
    assert (trunks.length[inside.trunk[within]] >= np.nan_to_num(straight) - 1e-9).all()
    assert (trunks.length[inside.trunk[within]] >= cables.length[within]).all()
    cords = inside.cord_a[within] + inside.cord_b[within]
    assert laid.detour == max((trunks.length[inside.trunk[within]] + cords - cables.length[within]), default=0.0)


def test_cords_are_where_panels_are(laid: CablePlan) -> None:
    trunk = laid.inside.trunk
    led = (trunk != ALONE) & np.append(laid.trunks.panels, np.False_)[trunk]
    for cord in (laid.inside.cord_a, laid.inside.cord_b):
        assert ((cord > 0) == led).all()
        assert (cord[led] >= laid.spots.hall.spec.in_rack).all() or laid.ends.of_rows


def test_panels_lead_out_every_fibre_twice(laid: CablePlan) -> None:
    trunks, panels, hardware = laid.trunks, laid.panels, laid.hardware
    ending = trunks.connectors * trunks.connector * trunks.panels
    assert panels.fibres.sum() == 2 * ending.sum()
    assert panels.connectors.sum() == 2 * (trunks.connectors * trunks.panels).sum()
    assert panels.trunks.sum() == 2 * np.count_nonzero(trunks.panels)
    assert (panels.fibres <= trunks.size_fibres.sum()).all()
    room = panels.units * max(hardware.panel_fibres.value, 16 * hardware.panel_connectors.value)
    assert (panels.fibres <= room).all()
    assert (panels.units <= np.ceil(panels.duplex / hardware.panel_fibres.value) + panels.connectors).all()


def test_panels_are_only_where_budgets_count_their_connectors(
    fabrics: dict[str, tuple[Fabric, FabricSpec]],
) -> None:
    """Legs to circuit switches have two connectors each: their trunks fan out to the equipment."""
    fabric, spec = fabrics["circuits"]
    plan = lay_cables(fabric, spec.floorplan)
    leg = plan.cables.leg > 0
    of_legs = plan.inside.trunk[leg & (plan.inside.trunk != ALONE)]
    others = plan.inside.trunk[~leg & (plan.inside.trunk != ALONE)]
    assert len(of_legs)
    assert not plan.trunks.panels[of_legs].any()
    assert plan.trunks.panels[others].all()
    assert plan.beyond_budget == 0
    assert lay_cables(fabric, spec.floorplan, CablingSpec(between="rows")).beyond_budget > 0


def test_trays_hold_no_more_than_everything(laid: CablePlan) -> None:
    trays, trunks = laid.trays, laid.trunks
    alone = np.count_nonzero((laid.inside.trunk == ALONE) & laid.rack_to_rack)
    cords = 2 * np.count_nonzero(laid.inside.trunk != ALONE) if laid.ends.of_rows else 0
    assert (trays.cables >= 1).all()
    assert (trays.cables <= len(trunks) + alone + cords).all()
    assert (trays.area > 0).all()
    assert (trays.metres > 0).all()
    assert (laid.trays_side_by_side * laid.hardware.tray_fill.value >= laid.tray_fill - 1e-9).all()


def test_routes_name_the_trays_that_hold_something(plan: CablePlan) -> None:
    rack = plan.spots.rack
    routes = names.route_names(plan.spots, rack[plan.cables.a], rack[plan.cables.b])
    assert ("in the rack" in routes) == (~plan.rack_to_rack).any()
    trays = {
        names.tray_name(place, crossing=over)
        for place, over in zip(plan.trays.place.tolist(), plan.trays.crossing.tolist(), strict=True)
    }
    alone = np.flatnonzero((plan.inside.trunk == ALONE) & plan.rack_to_rack).tolist()
    named = {tray for cable in alone for tray in routes[cable].split(" > ")}
    assert named - {"over the bay", "to the border"} <= trays


@pytest.mark.parametrize(
    ("fibres", "connector", "taken"), [(1, 12, 1), (2, 12, 2), (4, 12, 4), (8, 8, 8), (16, 16, 16), (72, 12, 72),
                                       (5, 12, 12), (32, 16, 32), (24, 12, 24), (14, 12, 24)]
)  # fmt: skip
def test_links_fill_the_connectors_they_are_made_for(fibres: int, connector: int, taken: int) -> None:
    assert connector_for(fibres) == (connector, taken)


def test_a_larger_size_never_takes_fewer_cables() -> None:
    sizes = (24, 48, 72, 96, 144, 288, 576, 864, 1728, 3456, 6912)
    for fibres in range(1, 80):
        fitting = [capacity(size, fibres) for size in sizes]
        assert fitting == sorted(fitting)
        assert all(many * fibres <= size for many, size in zip(fitting, sizes, strict=True))


def test_a_trunk_is_made_of_whole_ribbons() -> None:
    assert trunk_size("trunk-144").fibres.value == 144
    with pytest.raises(ValueError, match="ribbons of 12"):
        Trunk.model_validate({"name": "odd", "title": "odd", "fibres": "100", "diameter": "9 mm"})


def test_a_group_that_fits_no_size_is_laid_cable_by_cable(fabrics: dict[str, tuple[Fabric, FabricSpec]]) -> None:
    """A link of 72 fibres is no cable of a trunk of 48."""
    fabric, spec = fabrics["optical domain"]
    plan = lay_cables(fabric, spec.floorplan, WAYS["small"])
    wide = plan.cables.fibres == 72
    assert wide.any()
    assert (plan.inside.trunk[wide] == ALONE).all()


def test_rows_gather_more_than_racks(fabrics: dict[str, tuple[Fabric, FabricSpec]]) -> None:
    fabric, spec = fabrics["light only"]
    racks, rows = (lay_cables(fabric, spec.floorplan, WAYS[way]) for way in ("racks", "rows"))
    assert len(rows.trunks) < len(racks.trunks)
    assert rows.trunks.size_fibres.max() > racks.trunks.size_fibres.max()
    assert rows.detour > racks.detour


def test_how_cables_are_laid_changes_no_number_of_the_answer() -> None:
    plain = ll.load("qwen3-235b-256")
    rows = plain.replace({"fabric.cabling": {"between": "rows", "least": 1}})
    assert rows.hash == plain.hash
    assert ll.evaluate(rows).to_dict() == ll.evaluate(plain).to_dict()


def test_what_the_catalog_does_not_have_is_a_fault() -> None:
    with pytest.raises(ll.StudyError, match=r"trunk-145.*trunk-144"):
        ll.load("qwen3-235b-256", ["fabric.cabling.trunks=[trunk-145]"])


def test_kinds_of_one_name_are_counted_on(fabrics: dict[str, tuple[Fabric, FabricSpec]]) -> None:
    wiring = fabrics["clos"][0].wiring
    owner = (2 * np.arange(wiring.endpoints, wiring.vertices)).tolist()
    told = names.device_names(fabrics["clos"][0], owner)
    many = Counter(name.rsplit("-", 1)[0] for name in told)
    assert many == {
        kind: count for index, kind in enumerate(wiring.kinds) if (count := int((wiring.kind == index).sum())) and index
    }


@pytest.mark.slow
def test_a_hundred_thousand_accelerators_take_two_seconds() -> None:
    """Schedule, trunks, panels and trays of 98,304 accelerators in three levels: some 210,000 cables."""
    written = {
        "scale_up": NODE,
        "scale_out": CLOS | {"switch": "tomahawk-5", "levels": 3, "oversubscription": {"aggregation": 4}},
    }
    spec = FabricSpec.model_validate(written)
    fabric = build(spec, ClusterShape(98_304, 8, 8, 50e9, 450e9))
    lay_cables(fabric, spec.floorplan)
    start = time.perf_counter()
    plan = lay_cables(fabric, spec.floorplan)
    assert time.perf_counter() - start < 2.0
    assert len(plan.cables) > 200_000
