"""A fabric built from the catalog is of one piece.

Fact protected: classes of links add up to the wiring's, a level's capacity is that of its counted links times their
rate, every edge knows its row of the cables and is no longer than it, levels and coordinates cover every accelerator,
latency and lengths are never negative, and the Llama 3 cluster is built quickly in little memory. Source: definitions
of ``fabric.Fabric``; the published cluster (arXiv 2407.21783, section 3.3.1).
"""

import time
import tracemalloc
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.catalog.products import packet_switch
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric, Level
from lightloom.fabric.spec import FabricSpec

NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}
LLAMA = {
    "scale_up": NODE,
    "scale_out": {
        "topology": "clos",
        "levels": 3,
        "pod": 3072,
        "oversubscription": {"aggregation": 7},
        "switch": "tomahawk-4",
        "links": {"host": "dac", "leaf": "auto", "aggregation": {"a": "400g-dr4", "b": "400g-dr4"}},
        "link_policy": {"allow": ("dac", "aec", "400g-dr4", "400g-fr4"), "mode": "spec_min", "margin": "0 dB"},
    },
    "floorplan": {"nodes_per_rack": 2, "racks_per_row": 16, "row_pitch": "3.6 m"},
}
RAILS = {"topology": "rail-optimised", "switch": "tomahawk-4"}
CASES: dict[str, tuple[dict[str, Any], ClusterShape]] = {
    "llama": (LLAMA, ClusterShape(24_576, 8, 8, 50e9, 450e9)),
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
    "shared cards": (
        {"scale_up": NODE, "scale_out": {"topology": "clos", "switch": "tomahawk-4"}},
        ClusterShape(128, 8, 4, 50e9, 450e9),
    ),
    "two cards": (
        {"scale_up": NODE, "scale_out": {"topology": "clos", "switch": "tomahawk-4"}},
        ClusterShape(128, 8, 16, 50e9, 450e9),
    ),
    "one domain": ({"scale_up": NODE}, ClusterShape(8, 8, 8, 50e9, 450e9)),
    "two sites": (
        {
            "scale_up": NODE,
            "scale_out": {"topology": "clos", "switch": "tomahawk-4", "levels": 3, "pod": 128},
            "scale_across": {"distance": "80 km", "wavelengths": 100},
        },
        ClusterShape(1024, 8, 8, 50e9, 450e9),
    ),
    "sites around a hub": (
        {
            "scale_up": NODE,
            "scale_out": RAILS,
            "scale_across": {
                "topology": "hub",
                "sites": 3,
                "distance": "40 km",
                "wavelengths": 33,
                "module": "800zr",
                "required_osnr": "27 dB",
            },
        },
        ClusterShape(3 * 264, 8, 8, 50e9, 450e9),
    ),
}


@pytest.fixture(scope="module")
def fabrics() -> dict[str, Fabric]:
    return {name: build(FabricSpec.model_validate(written), shape) for name, (written, shape) in CASES.items()}


@pytest.fixture(params=CASES)
def fabric(request: pytest.FixtureRequest, fabrics: dict[str, Fabric]) -> Fabric:
    return fabrics[request.param]


def scale_out_host(fabric: Fabric) -> Level:
    return next(level for level in fabric.levels if (level.domain, level.name) == ("scale_out", "host"))


def paired_level(fabric: Fabric) -> tuple[str, str]:
    """Level whose links are two edges of the wiring: through a circuit switch, or over a line between two sites."""
    if "line" in fabric.wiring.kinds:
        return ("scale_across", "site")
    return ("scale_out", fabric.circuit_space.level) if fabric.circuit_space else ("", "")


def test_classes_of_links_add_up_to_the_wiring(fabric: Fabric) -> None:
    wiring, table = fabric.wiring, fabric.cables.table
    for level, key in enumerate(wiring.levels):
        links = table.count[fabric.cables.rows(*key)].sum()
        ends_per_link = 2 if key == paired_level(fabric) else 1
        assert links * ends_per_link == wiring.cables(level)
        if ends_per_link == 1:
            rows = wiring.level == level
            per_class = np.bincount(wiring.link_class[rows], wiring.multiplicity[rows], minlength=len(table))
            assert np.array_equal(per_class[fabric.cables.rows(*key)], table.count[fabric.cables.rows(*key)])
    assert table.count.sum() == fabric.cables.links
    assert (table.count > 0).all()


def test_capacity_is_that_of_counted_links(fabric: Fabric) -> None:
    table = fabric.cables.table
    for level in fabric.levels:
        rows = fabric.cables.rows(level.domain, level.name)
        carried = float((table.count[rows] * table.rate_bps[rows]).sum()) / 8
        ends_per_link = 2 if (level.domain, level.name) == paired_level(fabric) else 1
        assert level.up.sum() == pytest.approx(carried * ends_per_link, rel=1e-6)


def test_every_edge_knows_its_cable(fabric: Fabric) -> None:
    wiring, cables = fabric.wiring, fabric.cables
    assert (wiring.link_class >= 0).all()
    for level, (domain, name) in enumerate(wiring.levels):
        used = np.unique(wiring.link_class[wiring.level == level])
        assert set(used) <= set(cables.rows(domain, name).tolist())
    rate = cables.table.rate_bps[wiring.link_class] / 8
    assert np.allclose(rate, wiring.rate, rtol=1e-6)


def test_levels_and_coordinates_cover_every_accelerator(fabric: Fabric) -> None:
    count = fabric.shape.accelerators
    assert fabric.scale_up_domain.shape == (count,)
    for level in fabric.levels:
        assert level.block.shape == (count,)
        assert level.block.min() == 0
        assert level.block.max() == len(level.up) - 1
        assert (level.up > 0).all()
        assert level.latency > 0
    for _, values in fabric.coordinates:
        assert values.shape == (count,)
        assert values.min() == 0
    names = [(level.domain, level.name) for level in fabric.levels]
    order = [("scale_up", "host"), ("scale_out", "host"), ("scale_out", "leaf"), ("scale_out", "aggregation")]
    within = [name for name in names if name != ("scale_across", "site")]
    assert within == order[: len(within)]
    assert names[len(within) :] == [("scale_across", "site")] * ("site" in dict(fabric.coordinates))


def test_the_joined_graph_connects_every_accelerator(fabric: Fabric) -> None:
    wiring = fabric.wiring
    graph = coo_array((np.ones(wiring.edges), tuple(wiring.ends.T)), shape=(wiring.vertices, wiring.vertices))
    assert connected_components(graph, directed=False)[0] == 1
    assert (wiring.used_ports <= wiring.ports).all()
    assert wiring.endpoints == fabric.shape.accelerators


def test_nothing_is_negative(fabric: Fabric) -> None:
    table = fabric.cables.table
    for column in (table.length, table.latency, table.watts_a, table.watts_b, table.price_a_usd, table.hard_fit):
        assert (column >= 0).all()
    assert all(item.count > 0 for item in fabric.inventory)
    assert fabric.cables.modules == 2 * table.count[np.array(table.medium) == "fibre"].sum()


def test_members_of_one_scale_up_domain_are_neighbours(fabric: Fabric) -> None:
    sizes = np.bincount(fabric.scale_up_domain)
    assert (sizes == sizes[0]).all()
    assert (np.diff(fabric.scale_up_domain) >= 0).all()


def test_llama_3_cluster(fabrics: dict[str, Fabric]) -> None:
    fabric = fabrics["llama"]
    host_up, host, leaf, aggregation = fabric.levels
    assert (len(host_up.up), len(host.up), len(leaf.up), len(aggregation.up)) == (24_576, 24_576, 1536, 8)
    assert (host_up.up == 450e9).all()
    assert (host.up == 50e9).all()
    assert (leaf.up == 16 * 50e9).all()
    assert (aggregation.up == 448 * 50e9).all()
    counts = {(item.level, item.role): item.count for item in fabric.inventory}
    assert counts[("leaf", "packet-switch")] == 1536
    assert counts[("core", "packet-switch")] == 56
    table, cables = fabric.cables.table, fabric.cables
    (row,) = cables.rows("scale_out", "host")
    assert (table.a[row], table.length[row]) == ("400g-dac", 2.0), "copper within the rack"
    assert {table.a[row] for row in cables.rows("scale_out", "aggregation")} == {"400g-dr4"}
    assert table.closes.all()


def test_a_circuit_is_one_link_of_two_legs(fabrics: dict[str, Fabric]) -> None:
    fabric = fabrics["circuits"]
    space, table = fabric.circuit_space, fabric.cables.table
    assert space is not None
    rows = fabric.cables.rows("scale_out", space.level)
    assert 2 * table.count[rows].sum() == space.blocks * space.ports_per_block
    assert set(np.array(table.medium)[rows]) == {"fibre"}
    assert (table.length[rows] >= 2 * 2 * 3.0).all(), "up and down at both ends of both legs"
    assert table.closes[rows].all()
    ports = next(item.count for item in fabric.inventory if item.role == "circuit-port")
    assert ports == space.blocks * space.ports_per_block * table.fibres[rows].max() // 2
    assert space.bandwidth == 50e9
    assert space.outage_s("fixed-fec") < space.outage_s("module-init") < space.outage_s("operator")
    assert dict(fabric.coordinates)["pod"].max() + 1 == space.blocks


def test_parallel_fibres_take_as_many_circuit_switches(fabrics: dict[str, Fabric]) -> None:
    """A DR4 module has four fibres out and four back: four ports an end where a duplex module takes one."""
    written, shape = CASES["circuits"]
    scale_out = written["scale_out"] | {"links": {"aggregation": "dr4"}}
    parallel = build(FabricSpec.model_validate(written | {"scale_out": scale_out}), shape)
    duplex = fabrics["circuits"].circuit_space
    assert parallel.circuit_space is not None
    assert duplex is not None
    assert parallel.circuit_space.switches == 4 * duplex.switches
    assert parallel.circuit_space.ports_per_block == duplex.ports_per_block


def test_both_ways_on_one_fibre_halve_fibres_and_ports() -> None:
    """Circulators halve the fibres and ports of circuit switches (Urata et al., Mission Apollo, arXiv 2208.10041)."""
    shape = ClusterShape(2048, 8, 8, 100e9, 450e9)
    built = {
        name: build(
            FabricSpec.model_validate(
                {
                    "scale_up": NODE,
                    "scale_out": RAILS
                    | {"switch": "tomahawk-5", "levels": 3, "pod": 512, "core": "circuit"}
                    | {"links": {"aggregation": name}},
                }
            ),
            shape,
        )
        for name in ("800g-bidi", "800g-lr4")
    }
    counted: dict[str, tuple[int, ...]] = {}
    for name, fabric in built.items():
        space, rows = fabric.circuit_space, fabric.cables.rows("scale_out", "aggregation")
        assert space is not None
        fibres = int((fabric.cables.table.fibres[rows] * fabric.cables.table.count[rows]).sum())
        items = {item.role: item.count for item in fabric.inventory if item.level == "circuit"}
        assert items["circuit-switch"] == space.switches
        counted[name] = (fibres, items["circuit-port"], items["circuit-switch"])
        assert fibres == items["circuit-port"], "a port is a fibre in and one out, which every fibre of a circuit takes"
    assert counted["800g-lr4"] == tuple(2 * count for count in counted["800g-bidi"])


def test_an_optical_domain_counts_its_switches(fabrics: dict[str, Fabric]) -> None:
    """3.6 Tb/s each over ports of 200 Gb/s, which a 51.2 Tb/s switch has 256 of: 18 switches a domain of 256."""
    fabric = fabrics["optical domain"]
    items = {item.level: item.count for item in fabric.inventory if item.domain == "scale_up"}
    assert items == {"scale-up": 2 * 18}
    rows = fabric.cables.rows("scale_up", "host")
    assert (fabric.cables.table.length[rows] > 2.0).all()
    assert set(np.array(fabric.cables.table.medium)[rows]) == {"fibre"}


def test_in_node_switches_are_not_bought_twice(fabrics: dict[str, Fabric]) -> None:
    fabric = fabrics["rails"]
    assert not [item for item in fabric.inventory if item.domain == "scale_up"]
    rows = fabric.cables.rows("scale_up", "host")
    assert fabric.cables.table.part_of_node[rows].all()
    assert (fabric.cables.table.length[rows] == 0.5).all()


def test_accelerators_that_share_a_card_share_its_block(fabrics: dict[str, Fabric]) -> None:
    host = scale_out_host(fabrics["shared cards"])
    assert np.array_equal(host.block, np.arange(128) // 2)
    assert (host.up == 50e9).all()


def test_several_cards_of_an_accelerator_are_planes(fabrics: dict[str, Fabric]) -> None:
    fabric = fabrics["two cards"]
    host = scale_out_host(fabric)
    assert (host.up == 100e9).all()
    assert fabric.wiring.plane.max() == 1


@pytest.mark.parametrize(("core", "switches"), [("packet", 5), ("circuit", 4)])
def test_the_way_across_all_levels_passes_every_switch_once(core: str, switches: int) -> None:
    """Leaf, aggregation, core, aggregation, leaf; circuit switches forward light and take no time of their own."""
    scale_out = {"topology": "clos", "switch": "tomahawk-4", "levels": 3, "pod": 512, "core": core, "chassis": False}
    fabric = build(FabricSpec.model_validate({"scale_up": NODE, "scale_out": scale_out}), CASES["circuits"][1])
    table = fabric.cables.table
    cables = 0.0
    for level in fabric.levels[1:]:
        rows = fabric.cables.rows(level.domain, level.name)
        ways = 1 if core == "circuit" and level.name == "aggregation" else 2
        cables += ways * np.average(table.latency[rows], weights=table.count[rows])
    total = sum(level.latency for level in fabric.levels[1:])
    assert total == pytest.approx(switches * packet_switch("tomahawk-4").latency.value + cables)


def test_a_longer_way_takes_longer(fabrics: dict[str, Fabric]) -> None:
    written, shape = CASES["llama"]
    wide = written | {"floorplan": {"nodes_per_rack": 2, "racks_per_row": 16, "row_pitch": "7.2 m"}}
    wider = build(FabricSpec.model_validate(wide), shape)
    for near, far in zip(fabrics["llama"].levels, wider.levels, strict=True):
        assert far.latency >= near.latency


@pytest.mark.slow
def test_the_llama_3_cluster_is_built_in_a_third_of_a_second_and_150_mb() -> None:
    written, shape = CASES["llama"]
    spec = FabricSpec.model_validate(written)
    build(spec, shape)
    start = time.perf_counter()
    build(spec, shape)
    assert time.perf_counter() - start < 0.3
    tracemalloc.start()
    try:
        build(spec, shape)
        assert tracemalloc.get_traced_memory()[1] < 150e6
    finally:
        tracemalloc.stop()
