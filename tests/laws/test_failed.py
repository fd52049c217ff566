"""Failed switches and cables take exactly their bandwidth, of whatever network, and cost what they did.

Protects: failing nothing changes nothing; failing more never leaves more; a plane of P leaves (P-1)/P; names are those
of the cable schedule; who is cut off is named, and nobody else. Sources: counts of cables by hand; the definition of a
block's bandwidth upwards as that of the cables it has.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.failed.elements import Elements
from lightloom.fabric.failed.joined import cut_off
from lightloom.fabric.laying.names import cable_names, device_names, owners
from lightloom.fabric.laying.schedule import Schedule, schedule
from lightloom.fabric.laying.spots import stand
from lightloom.fabric.portrait.island import WITHIN
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.wiring import Domain

NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}
CLOS = {"topology": "clos", "switch": "tomahawk-4", "planes": 2}
PODS = {"topology": "clos", "switch": "tomahawk-4", "planes": 2, "levels": 3, "pod": 64, "hosts_per_leaf": 16}
CIRCUITS = PODS | {"core": {"kind": "circuit"}}
HYBRID = CLOS | {"core": {"kind": "hybrid"}}
RAILS = {"topology": "rail-optimised", "switch": "tomahawk-4", "hosts_per_leaf": 8}
RACK = {"topology": "switched", "domain": 32, "link": "scale-up-optical", "switch": "tomahawk-5"}
DRAGONFLY = {"topology": "dragonfly", "switch": "tomahawk-5", "routers": 4, "global_ports": 1, "hosts": 8}
SLIM = {"topology": "slim-fly", "switch": "tomahawk-5", "q": 3, "hosts": 8}
CUBE = {"topology": "torus", "dims": (4, 2), "links": {"mesh": "nvlink4"}}
POD = {"topology": "cube-torus", "dims": (3, 3, 6), "cube": 3, "link_rate": "400 Gb/s"}
NETWORKS = {"clos": CLOS, "pods": PODS, "circuits": CIRCUITS, "rails": RAILS, "dragonfly": DRAGONFLY, "slim fly": SLIM}


def made(scale_out: dict[str, Any], scale_up: dict[str, Any] = NODE, count: int = 128, **others: Any) -> Fabric:
    spec = FabricSpec.model_validate({"scale_up": scale_up, "scale_out": scale_out, **others})
    return build(spec, ClusterShape(count, 8, 8, 50e9, 450e9))


def broken(scale_out: dict[str, Any], **failed: Any) -> Fabric:
    return made(scale_out | {"failed": failed})


def level(fabric: Fabric, name: str, domain: Domain = "scale_out") -> np.ndarray:
    return next(each.up for each in fabric.levels if (each.domain, each.name) == (domain, name))


def bandwidths(fabric: Fabric) -> list[np.ndarray]:
    """Return bytes/s of every block of every level, and of every link of every mesh by its ends."""
    found = [each.up for each in fabric.levels]
    for each in fabric.levels:
        if each.mesh:
            graph = each.mesh.ground.graph
            for part in range(int(each.block.max()) // graph.terminals + 1):
                left = each.mesh.part(part).graph
                table = np.zeros((graph.vertices, graph.vertices))
                np.add.at(table, tuple(left.ends.T), left.capacity)
                found.append(table)
    return found


def cut(fabric: Fabric) -> list[int]:
    every = (cut_off(fabric, domains) for domains in (WITHIN["scale_up"], WITHIN["scale_across"]))
    return sorted({int(each) for lost in every for each in lost})


@pytest.mark.parametrize("name", NETWORKS)
def test_failing_nothing_changes_nothing(name: str) -> None:
    whole = made(NETWORKS[name])
    nothing: list[dict[str, Any]] = [{}, {"switches": (), "links": []}]
    for none in (*nothing, {"switches": {"count": 0}, "links": {"share": "0 %"}}):
        same = broken(NETWORKS[name], **none)
        assert all(np.array_equal(*pair) for pair in zip(bandwidths(whole), bandwidths(same), strict=True))
        assert same.assumptions == whole.assumptions
        assert same.failures is None


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("what", ["switches", "links"])
def test_failing_more_never_leaves_more(name: str, what: str) -> None:
    before, lost = bandwidths(made(NETWORKS[name])), set[int]()
    for count in (1, 2, 4, 6):
        fabric = broken(NETWORKS[name], **{what: {"count": count, "seed": 7}})
        after = bandwidths(fabric)
        assert all((now <= then).all() for now, then in zip(after, before, strict=True))
        assert any((now < then).any() for now, then in zip(after, before, strict=True))
        assert lost <= set(cut(fabric)) or name == "clos", "who is cut off stays so, where planes are no choice"
        before, lost = after, set(cut(fabric))


@pytest.mark.parametrize("name", NETWORKS)
def test_what_failed_is_bought_and_wired_as_before(name: str) -> None:
    whole, fabric = made(NETWORKS[name]), broken(NETWORKS[name], switches={"count": 2}, links={"count": 3})
    assert fabric.inventory == whole.inventory
    assert np.array_equal(fabric.cables.table.count, whole.cables.table.count)
    assert np.array_equal(fabric.wiring.ends, whole.wiring.ends)
    assert fabric.assumptions[-1].startswith("scale_out: failed, though bought and powered: 2 switches (")
    assert "3 cables (out-" in fabric.assumptions[-1]


def test_a_leaf_of_one_plane_leaves_its_endpoints_the_other() -> None:
    """128 cards on 4 leaves a plane of 32 cards and 32 uplinks each."""
    fabric = broken(CLOS, switches=["leaf-002"])
    whole = made(CLOS)
    share = level(fabric, "host") / level(whole, "host")
    assert share.tolist() == [1.0] * 32 + [0.5] * 32 + [1.0] * 64
    assert (level(fabric, "leaf") / level(whole, "leaf")).tolist() == [1.0, 0.5, 1.0, 1.0]
    assert cut(fabric) == []


@pytest.mark.parametrize("planes", [2, 4])
def test_a_whole_plane_leaves_the_share_of_the_others(planes: int) -> None:
    clos = CLOS | {"planes": planes}
    whole, leaves = made(clos), 4
    fabric = broken(clos, switches=[f"leaf-{number + 1}" for number in range(leaves)])
    for name in ("host", "leaf"):
        assert level(fabric, name) == pytest.approx(level(whole, name) * (planes - 1) / planes)
    assert cut(fabric) == []


def test_a_spine_takes_from_every_leaf_of_its_plane_and_cuts_nobody_off() -> None:
    """One spine of 128 ports a plane: its plane has no way up, the other is whole."""
    fabric, whole = broken(CLOS, switches=["spine-1"]), made(CLOS)
    assert level(fabric, "leaf") == pytest.approx(level(whole, "leaf") / 2)
    assert np.array_equal(level(fabric, "host"), level(whole, "host")), "cards still reach their own leaves"
    assert cut(fabric) == []


def test_a_leaf_alone_in_its_plane_cuts_its_endpoints_off() -> None:
    fabric = broken(CLOS | {"planes": 1}, switches=["leaf-1"])
    assert cut(fabric) == list(range(32))


def test_cards_that_lost_different_planes_have_no_way_to_each_other() -> None:
    """Cables 1 and 129 lead from cards 1 and 1 in planes 1 and 2; 130 from card 2 in plane 2."""
    assert cut(broken(CLOS, links=["out-host-1", "out-host-129"])) == [0]
    assert len(cut(broken(CLOS, links=["out-host-1", "out-host-130"]))) == 1
    assert cut(broken(CLOS, links=["out-host-1", "out-host-2"])) == []


def test_leaves_that_lost_different_spines_have_no_way_to_each_other() -> None:
    """Four spines of 32 ports a leaf of 16 cards; each of two leaves keeps only what the other has lost."""
    thin = CLOS | {"planes": 1, "hosts_per_leaf": 16, "chassis": False}
    fabric = made(thin, count=128)
    wiring = fabric.wiring
    edges = np.flatnonzero(wiring.level == wiring.levels.index(("scale_out", "leaf")))
    leaf, spine = wiring.ends[edges].T
    first, last = int(spine.min()), int(spine.max())
    numbers = np.concatenate([[0], np.cumsum(wiring.multiplicity[edges])])
    gone = (leaf == leaf.min()) & (spine != first) | (leaf == leaf.max()) & (spine != last)
    labels = [f"out-leaf-{n + 1}" for row in np.flatnonzero(gone) for n in range(numbers[row], numbers[row + 1])]
    assert last > first
    assert len(cut(broken(thin, links=labels))) == 16


def test_a_pod_loses_what_its_aggregation_switch_carried() -> None:
    """Two pods of 64: the pod's aggregation switch takes its share of leaves' and of the pod's uplinks."""
    whole, fabric = made(PODS), broken(PODS, switches=["aggregation-1"])
    boxes = whole.wiring.count("aggregation") // 2 // 2  # of a pod and plane
    left = 1 - 1 / boxes / 2
    assert level(fabric, "aggregation") == pytest.approx(level(whole, "aggregation") * [left, 1.0])
    share = level(fabric, "leaf") / level(whole, "leaf")
    assert share[:4] == pytest.approx([left] * 4)
    assert share[4:].tolist() == [1.0] * 4


def test_circuits_keep_the_ports_that_the_poorest_pod_has() -> None:
    whole, fabric = made(CIRCUITS).circuit_space, broken(CIRCUITS, switches=["aggregation-1"]).circuit_space
    assert whole is not None
    assert fabric is not None
    boxes = made(CIRCUITS).wiring.count("aggregation") // 2
    assert fabric.ports_per_block == whole.ports_per_block * (boxes - 1) // boxes
    gone = broken(CIRCUITS, switches=["circuit-1"]).circuit_space
    assert gone is not None
    assert gone.ports_per_block < whole.ports_per_block


def test_circuits_beside_packet_switches_may_all_fail() -> None:
    """A block that has lost its circuits, and not its packet switches, is the poorest: nobody may count on any."""

    def ports(**failed: Any) -> int:
        space = broken(HYBRID, **failed).circuit_space
        assert space is not None
        return space.ports_per_block

    whole = ports()
    assert ports(switches={"share": "100 %", "of": "circuit"}) == ports(links={"share": "100 %", "of": "circuit"}) == 0
    assert 0 < ports(switches=["circuit-1"]) < whole
    assert 0 < ports(links=["out-circuit-1"]) < whole
    assert ports(switches=["leaf-1", "leaf-5"]) in range(1, whole + 1)
    assert ports(switches={"share": "100 %", "of": "spine"}) == whole


def test_switches_of_a_scale_up_domain_fail_one_by_one() -> None:
    fabric = made(CLOS, scale_up=RACK)
    several = Elements(fabric, "scale_up").boxes["scale-up"]
    assert several > 1
    one = made(CLOS, scale_up=RACK | {"failed": {"switches": ["scale-up-2.1"]}})
    share = level(one, "host", "scale_up") / level(fabric, "host", "scale_up")
    assert share == pytest.approx(np.repeat([1.0, 1 - 1 / several, 1.0, 1.0], 32))
    assert cut(one) == []
    every = made(CLOS, scale_up=RACK | {"failed": {"switches": ["scale-up-2"]}})
    assert cut(every) == list(range(32, 64))


def test_a_dragonfly_without_a_router_is_the_graph_without_it() -> None:
    """20 routers of 3 local and 1 global link."""
    whole, fabric = made(DRAGONFLY), broken(DRAGONFLY, switches=["router-3"])
    before, after = (next(each.mesh for each in one.levels if each.mesh) for one in (whole, fabric))
    assert before is not None
    assert after is not None
    assert after.part(0).graph.links == before.ground.graph.links - 4
    assert not (after.part(0).graph.ends == 2).any()
    assert after.ground.graph.links == before.ground.graph.links
    assert cut(fabric) == list(range(16, 24))


def test_a_scale_up_torus_breaks_in_one_domain_alone() -> None:
    cluster = ClusterShape(32, 4, 4, 50e9, 450e9)
    written = {"scale_up": CUBE, "scale_out": CLOS}
    fabric = build(FabricSpec.model_validate(written), cluster)
    one = CUBE | {"failed": {"links": ["up-mesh-1"]}}
    failed = build(FabricSpec.model_validate(written | {"scale_up": one}), cluster)
    mesh = next(each.mesh for each in fabric.levels if each.mesh)
    left = next(each.mesh for each in failed.levels if each.mesh)
    assert mesh is not None
    assert left is not None
    assert left.ground.graph.links == mesh.ground.graph.links
    ((part, ground),) = left.broken
    assert part == 0
    assert ground.graph.links == mesh.ground.graph.links - 1
    assert cut(failed) == []


def test_a_circuit_switch_of_a_pod_takes_the_links_through_it() -> None:
    """Two cubes of 27 in a ring of six along z: each of the nine switches of that axis joins both cubes, twice."""
    cluster = ClusterShape(54, 1, 1, 50e9, 450e9)
    written = {"scale_up": POD, "scale_out": {"topology": "clos", "switch": "tomahawk-4"}}
    whole = build(FabricSpec.model_validate(written), cluster)
    circuits = whole.wiring.count("circuit")
    assert circuits == 27
    broken_up = written | {"scale_up": POD | {"failed": {"switches": [f"circuit-{circuits}"]}}}
    fabric = build(FabricSpec.model_validate(broken_up), cluster)
    before, after = (next(each.mesh for each in one.levels if each.mesh) for one in (whole, fabric))
    assert before is not None
    assert after is not None
    graph, left = before.ground.graph, after.part(0).graph
    assert left.links == graph.links - 2
    kept = {tuple(pair) for pair in left.ends.tolist()}
    gone = [pair for pair in graph.ends.tolist() if tuple(pair) not in kept]
    assert all(abs(a - b) in (1, 5) for a, b in gone), "along z, the last axis"


SCHEDULED = {"clos": CLOS, "pods": PODS, "circuits": CIRCUITS, "rails": RAILS, "dragonfly": DRAGONFLY}


@pytest.mark.parametrize("name", SCHEDULED)
def test_names_are_those_of_the_cable_schedule(name: str) -> None:
    spec = FabricSpec.model_validate({"scale_up": NODE, "scale_out": SCHEDULED[name]})
    fabric = made(SCHEDULED[name])
    listed: Schedule = schedule(fabric, spec.floorplan, stand(fabric, spec.floorplan, 8))
    elements, wiring = Elements(fabric, "scale_out"), fabric.wiring
    names = cable_names(wiring, listed.level, listed.number)
    for place in range(0, len(names), 17):
        (cable,), faults = elements.named_cables([names[place]], "links")
        row = elements.cables[cable.level][cable.number]
        assert faults == []
        assert cable.label == names[place]
        assert wiring.ends[row].tolist() == [listed.a[place], listed.b[place]]
    upper = np.unique(listed.b)
    labels = device_names(fabric, owners(fabric, upper, np.full(len(upper), len(wiring.levels) - 1)).tolist())
    found, faults = elements.named_switches(labels, "switches")
    assert faults == []
    assert [each.vertex for each in found] == upper.tolist()


def test_sites_count_on_and_fail_apart() -> None:
    across = {"sites": 2, "distance": "80 km", "wavelengths": 8, "module": "400zr", "launch": "0 dBm"}
    one = CLOS | {"planes": 1}
    whole = made(one, scale_across=across)
    fabric = made(one | {"failed": {"switches": ["leaf-3"]}}, scale_across=across)
    share = level(fabric, "leaf") / level(whole, "leaf")
    assert share.tolist() == [1.0, 1.0, 0.0, 1.0]
    assert cut(fabric) == list(range(64, 96))


def refused(scale_out: dict[str, Any], **failed: Any) -> dict[str, Fault]:
    with pytest.raises(StudyError) as error:
        broken(scale_out, **failed)
    return {fault.key: fault for fault in error.value.faults}


def test_what_is_not_there_is_refused_with_what_is_all_at_once() -> None:
    found = refused(
        CLOS, switches=["leaf-9", "laef-1", "scale-up-1", "Leaf 1"], links=["out-host-999", "up-host-1", "x"]
    )
    assert list(found) == [f"scale_out.failed.switches.{n}" for n in range(4)] + [
        f"scale_out.failed.links.{n}" for n in range(3)
    ]
    assert found["scale_out.failed.switches.0"].hint == "there are leaf-1 to leaf-8"
    assert found["scale_out.failed.switches.1"].hint == "did you mean 'leaf-1'?"
    assert "leaf-1 to leaf-8; there are spine-1" in found["scale_out.failed.switches.2"].hint
    assert found["scale_out.failed.switches.3"].hint == "did you mean 'leaf-1'?"
    assert "out-host-1 to out-host-256" in found["scale_out.failed.links.0"].hint
    assert "out-host-1 to 256, out-leaf-1 to 256" in found["scale_out.failed.links.1"].hint


def test_draws_that_cannot_be_are_refused() -> None:
    assert "say" in refused(CLOS, switches={"of": "leaf"})["scale_out.failed.switches"].message
    assert "twice" in refused(CLOS, links={"count": 1, "share": "1 %"})["scale_out.failed.links"].message
    assert "8, not 9" in refused(CLOS, switches={"count": 9, "of": "leaf"})["scale_out.failed.switches.count"].message
    assert (
        "did you mean 'leaf'" in refused(CLOS, switches={"count": 1, "of": "laef"})["scale_out.failed.switches.of"].hint
    )
    assert "did you mean 'host'" in refused(CLOS, links={"count": 1, "of": "hots"})["scale_out.failed.links.of"].hint


def test_one_seed_is_one_draw_and_a_larger_one_holds_it() -> None:
    elements = Elements(made(CLOS), "scale_out")
    draw = FabricSpec.model_validate(
        {"scale_up": NODE, "scale_out": CLOS | {"failed": {"links": {"share": "10 %", "of": "leaf", "seed": 4}}}}
    ).scale_out
    assert draw is not None
    assert draw.failed is not None
    links: Any = draw.failed.links
    few, more = (elements.drawn_cables(links.model_copy(update={"share": share}), "links") for share in (0.1, 0.2))
    assert (len(few), len(more)) == (26, 51)
    assert set(few) < set(more)
    assert few == elements.drawn_cables(links, "links")
    assert few != elements.drawn_cables(links.model_copy(update={"seed": 5}), "links")


def test_nothing_but_levels_circuits_and_words_differs() -> None:
    whole, fabric = made(CLOS), broken(CLOS, switches=["leaf-1"])
    same = replace(fabric, levels=whole.levels, assumptions=whole.assumptions, wiring=whole.wiring, cables=whole.cables)
    assert same.coordinates[0][0] == whole.coordinates[0][0]
    assert same.shape == whole.shape
    assert [each.name for each in fabric.levels] == [each.name for each in whole.levels]
