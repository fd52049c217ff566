"""Counts of switches, links and ports are those of published constructions.

Fact protected: leaf-spine r^2/2 hosts, 3r/2 switches, r^2/2 links; k-ary fat tree k^3/4 hosts, 5k^2/4 switches, k^3/2
links; rails as separate networks; 2L - 1 switch ports and 2L optical ends an endpoint; the Llama 3 cluster; NVL72.
Sources: Al-Fares et al., SIGCOMM 2008; DeepSeek-V3, ISCA 2025, table 3; Rail-only, arXiv 2307.12169; Llama 3,
arXiv 2407.21783, section 3.3.1; the cases of ``fabric_counts.json`` with theirs.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lightloom.core.errors import StudyError
from lightloom.fabric.folded_clos import Oversubscription
from lightloom.fabric.links import LinkEnds
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topologies.rail_optimised import RailOptimised
from lightloom.fabric.topologies.switched import Switched
from lightloom.fabric.topology import Ports, Setting

FILE = json.loads((Path(__file__).parent / "fabric_counts.json").read_text(encoding="utf-8"))
CASES = [case for case in FILE["cases"] if case["id"] not in FILE["not_covered"]]


def clos(levels: int) -> Clos:
    return Clos(switch="plain", levels=levels, hosts_per_leaf="full")  # type: ignore[arg-type]


def counted(topology: Clos, endpoints: int, radix: int) -> dict[str, float]:
    counts = topology.counts(Setting.plain(endpoints, radix))
    links = dict(counts.cables)
    return {
        "hosts": endpoints,
        "switches": sum(boxes for _, boxes in counts.switches),
        "switch_links": sum(links.values()) - links["host"],
        "switch_ports_per_endpoint": (2 * sum(links.values()) - endpoints) / endpoints,
        "transceivers_per_endpoint": 2 * sum(links.values()) / endpoints,
    }


def answer(kind: str, params: dict[str, Any], quantity: str) -> float:
    if kind == "fat_tree":
        return counted(clos(3), params["k"] ** 3 // 4, params["k"])[quantity]
    if kind == "leaf_spine":
        return counted(clos(2), params["radix"] ** 2 // 2, params["radix"])[quantity]
    if "levels" in params:
        return counted(clos(params["levels"]), 128 if params["levels"] == 2 else 1024, 16)[quantity]
    rails, radix = params.get("rails", 1), params["radix"]
    endpoints = params["endpoints"] // rails
    return rails * counted(clos(2 if endpoints <= radix**2 // 2 else 3), endpoints, radix)[quantity]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    assert answer(case["kind"], case["params"], case["quantity"]) == case["expected"]


def test_every_case_left_out_says_why() -> None:
    assert all(FILE["not_covered"].values())
    assert set(FILE["not_covered"]) <= {case["id"] for case in FILE["cases"]}


@pytest.mark.parametrize("radix", [4, 8, 16, 32, 64])
def test_largest_networks_use_every_port(radix: int) -> None:
    for levels, endpoints in ((2, radix**2 // 2), (3, radix**3 // 4)):
        layout = clos(levels).lay(Setting.plain(endpoints, radix))
        assert (layout.wiring.used_ports[endpoints:] == radix).all()
        assert all(tier.chips == 1 for tier in layout.tiers)


@pytest.mark.parametrize("levels", [2, 3])
def test_optical_ends_and_ports_per_endpoint(levels: int) -> None:
    found = counted(clos(levels), 128 if levels == 2 else 1024, 16)
    assert found["switch_ports_per_endpoint"] == 2 * levels - 1
    assert found["transceivers_per_endpoint"] == 2 * levels


def test_more_endpoints_than_a_fat_tree_holds_are_refused_without_chassis() -> None:
    topology = clos(3).model_copy(update={"chassis": False})
    with pytest.raises(StudyError, match="joining 72 pods needs switches of 72 ports; 'plain' has 64"):
        topology.counts(Setting.plain(73_728, 64))


def test_planes_repeat_the_leaf_spine() -> None:
    """Multi-plane leaf-spine of DeepSeek-V3: eight planes of 64 x 400G switches are eight times 96 switches."""
    topology = clos(2).model_copy(update={"planes": 8})
    setting = Setting(2048, 8, 1, 1, 8.0, lambda _name: Ports(1.0, lambda rate: 64 if rate <= 1 else 0), lambda _: 0)
    assert dict(topology.counts(setting).switches) == {"leaf": 512, "spine": 256}


@pytest.mark.parametrize(("down", "up"), [(42, 22), (51, 13)])
def test_tapered_leaves_of_hammingmesh(down: int, up: int) -> None:
    """HammingMesh (Hoefler et al., SC 2022) tapers 64-port leaves to 42 down and 22 up, and to 51 and 13."""
    taper = Oversubscription(leaf=down / up)
    fold = Clos(switch="plain", hosts_per_leaf=down, oversubscription=taper).fold(Setting.plain(1024, 64))
    assert (fold.unit.hosts, fold.leaf_up, fold.leaves) == (down, up, -(-1024 // down))


def test_llama_3_cluster_as_published() -> None:
    """24,576 accelerators: racks of 16 under one switch, 192 racks a pod at full bisection, 8 pods, 1:7 above."""
    topology = Clos(switch="plain", levels=3, pod=3072, oversubscription=Oversubscription(aggregation=7))
    setting = Setting.plain(24_576, 64, per_node=8, nodes_per_rack=2)
    layout = topology.lay(setting)
    tiers = {tier.name: tier for tier in layout.tiers}
    fold = topology.fold(setting)
    assert tiers["leaf"].boxes == 8 * 192
    assert (fold.unit.hosts, fold.leaf_up) == (16, 16)
    assert fold.pods == 8
    assert np.array_equal(np.unique(dict(layout.blocks)["aggregation"], return_counts=True)[1], np.full(8, 3072))
    assert layout.wiring.capacity(1).sum() == 8 * 3072
    pod = layout.wiring.capacity(2)
    assert (pod >= 3072 / 7).all()
    assert (pod <= 3072 / 7 * 1.025).all(), "16 boxes a pod, 28 whole uplinks each, where 27.43 would be exact"
    assert tiers["aggregation"].chips > 1, "192 racks do not fit 64 ports: modular switches, as published"


def test_rail_optimised_group_of_64_port_switches() -> None:
    """32 nodes of 8 fill 8 leaves of 32 down and 32 up, one for each rail; 4 spines join them."""
    topology = RailOptimised(switch="plain")
    layout = topology.lay(Setting.plain(256, 64, per_node=8))
    coordinates, leaf = dict(layout.coordinates), dict(layout.blocks)["leaf"]
    assert dict(topology.counts(Setting.plain(256, 64, per_node=8)).switches) == {"leaf": 8, "spine": 4}
    assert np.array_equal(leaf, np.tile(np.arange(8), 32))
    assert np.array_equal(coordinates["rail"], leaf)
    assert (layout.wiring.capacity(1) == 32).all()


def test_nvl72_has_18_switches_and_1296_links() -> None:
    """Every GPU has one of its 18 links on each of 18 switch chips of 72 ports. Source: vendor, NVL72."""
    setting = Setting(72, 4, 1, 18, 900e9, lambda _name: Ports(50e9, lambda rate: int(72 * 50e9 / rate)), lambda _: 0)
    topology = Switched(domain=72, link=LinkEnds(), switch="nvswitch")
    (tier,) = topology.lay(setting).tiers
    assert tier.boxes == 18
    assert 72 * tier.boxes == 1296


def test_palomar_takes_as_many_pods_as_its_ports_share_out() -> None:
    """8 pods of 448 uplinks: 16 ports of each pod fit on a switch of 128, so that 28 switches hold them all."""
    topology = RailOptimised.model_validate(
        {
            "topology": "rail-optimised",
            "switch": "plain",
            "levels": 3,
            "pod": 3072,
            "oversubscription": {"aggregation": 7},
            "core": "circuit",
        }
    )
    layout = topology.lay(Setting.plain(24_576, 64, per_node=8, nodes_per_rack=2))
    assert layout.circuits is not None
    assert (layout.circuits.blocks, layout.circuits.ports_per_block) == (8, 448)
    assert layout.tiers[-1].boxes == 448 * 8 // 128
