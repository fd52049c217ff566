"""A fabric that cannot be built says why, where, and what would do; all of it at once.

Fact protected: every refusal names the key relative to ``fabric``, the numbers that do not fit and the nearest that do;
what it proposes is accepted. Source: the counting rules of ``fabric.fold``.
"""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.spec import FabricSpec

NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}


def made(
    scale_out: dict[str, Any] | None, scale_up: dict[str, Any] | None = None, count: int = 4096, nics: int = 8
) -> Fabric:
    written: dict[str, Any] = {"scale_up": NODE | (scale_up or {})}
    if scale_out is not None:
        written["scale_out"] = {"topology": "clos", "switch": "tomahawk-4"} | scale_out
    return build(FabricSpec.model_validate(written), ClusterShape(count, 8, nics, 50e9, 450e9))


def faults(*args: Any, **others: Any) -> dict[str, Fault]:
    with pytest.raises(StudyError) as refused:
        made(*args, **others)
    return {fault.key: fault for fault in refused.value.faults}


REFUSALS = [
    ({"hosts_per_leaf": 40}, "scale_out.hosts_per_leaf", "40 endpoints and 40 uplinks are 80 ports", "32 at most"),
    ({"hosts_per_leaf": 60, "oversubscription": 4}, "scale_out.hosts_per_leaf", "75 ports", r"51 at most.*leaf: 15}"),
    ({"hosts_per_leaf": 64, "oversubscription": 999}, "scale_out.hosts_per_leaf", "65 ports", "63 at most$"),
    ({"pod": 1024}, "scale_out.pod", "two levels has no pods", "levels: 3"),
    ({"oversubscription": {"aggregation": 7}}, "scale_out.oversubscription.aggregation", "no aggregation", "levels: 3"),
    ({"levels": 3, "pod": 1000}, "scale_out.pod", "1000 accelerators is not whole.*pieces of 32", "992 or 1024"),
    ({"levels": 3, "pod": 5}, "scale_out.pod", "5 accelerators is not whole", "nearest are 32"),
    ({"chassis": False}, "scale_out.levels", "joining 128 leaves needs switches of 128 ports", "chassis: true"),
    ({"levels": 3, "pod": 2048, "chassis": False}, "scale_out.pod", "switches of 128 ports", "write pod: 1024 at most"),
    ({"switch": "tomahawk-9"}, "scale_out.switch", "no switches/tomahawk-9", "did you mean 'tomahawk-"),
    ({"levels": 3, "core": {"kind": "circuit", "switch": "polomar"}}, "scale_out.core.switch", "polomar", "palomar"),
    ({"core": "circuit", "hosts_per_leaf": 16}, "scale_out.levels", "256 leaves cannot meet", "levels: 3"),
    ({"levels": 3, "pod": 4096, "core": "circuit"}, "scale_out.core", "there is one of the pods", "make pods smaller"),
    ({"links": {"host": "400g-dca"}}, "scale_out.links.host.a", "no link product is called '400g-dca'", "400g-dac"),
    ({"link_policy": {"allow": ("dac", "fibre")}}, "scale_out.link_policy.allow.1", "'fibre'", "known: "),
    ({"links": {"host": "400g-cpo"}}, "scale_out.links.host.a", "is a network card", "write {a: 400g-dr4.*cpo}"),
    (
        {"links": {"host": "400g-cpo"}, "link_policy": {"allow": ("dac", "dr4-lpo")}},
        "scale_out.links.host.a",
        "network card",
        "write {a: 400g-dr4-lpo, b: 400g-cpo}",
    ),
    (
        {"links": {"host": "400g-cpo"}, "link_policy": {"allow": ("dac",)}},
        "scale_out.links.host.a",
        "network card",
        "name a product that plugs in",
    ),
    (
        {"links": {"host": "400g-cpo"}, "link_policy": {"margin": "20 dB"}},
        "scale_out.links.host.a",
        "network card",
        "name a product that plugs in",
    ),
    ({"link_policy": {"allow": ("cpo", "dr4")}}, "scale_out.link_policy.allow", "400g-cpo is built in", "plugs in"),
    ({"levels": 3, "core": {"switch": "nvswitch-3"}}, "scale_out.core.switch", "no port as fast", "faster"),
]


@pytest.mark.parametrize(("written", "key", "message", "hint"), REFUSALS)
def test_refusal(written: dict[str, Any], key: str, message: str, hint: str) -> None:
    found = faults(written)
    assert list(found) == [key] or key in found
    assert re.search(message, found[key].message), found[key]
    assert re.search(hint, found[key].hint), found[key]


REMEDIES = [
    {"hosts_per_leaf": 32},
    {"hosts_per_leaf": 51, "oversubscription": 4},
    {"hosts_per_leaf": 60, "oversubscription": 15},
    {"levels": 3, "pod": 992},
    {"levels": 3, "pod": 1024, "chassis": False},
    {"levels": 3, "pod": 2048, "chassis": True},
    {"levels": 3, "pod": 2048, "core": "circuit"},
    {"links": {"host": {"a": "400g-dr4-lpo", "b": "400g-cpo"}}},
]


@pytest.mark.parametrize("written", REMEDIES)
def test_what_refusals_propose_is_accepted(written: dict[str, Any]) -> None:
    assert made(written).levels


def test_every_fault_of_both_networks_comes_at_once() -> None:
    found = faults({"hosts_per_leaf": 40, "pod": 7}, {"domain": 12})
    assert set(found) == {"scale_out.pod", "scale_out.hosts_per_leaf", "scale_up.domain"}
    assert found["scale_up.domain"].hint == "the nearest are 8 and 16"


@pytest.mark.parametrize(("domain", "nearest"), [(3, "2 and 4"), (7, "4 and 8"), (20, "16 and 24")])
def test_a_domain_that_cuts_nodes_names_its_neighbours(domain: int, nearest: str) -> None:
    assert faults({}, {"domain": domain})["scale_up.domain"].hint == f"the nearest are {nearest}"


def test_a_domain_wider_than_a_switch_names_the_widest() -> None:
    found = faults({}, {"domain": 256, "switch": "nvswitch-3", "link": "scale-up-optical"})
    assert "128 ports at most" in found["scale_up.switch"].message
    assert "domain: 128 at most" in found["scale_up.switch"].hint
    assert made({}, {"domain": 128, "switch": "nvswitch-3", "link": "scale-up-optical"}).levels


def test_a_switch_slower_than_the_card_is_refused() -> None:
    found = faults({"switch": "nvswitch-3"})
    assert "offers 0 ports of 400 Gb/s" in found["scale_out.switch"].message


def test_a_cluster_that_needs_scale_out_says_so() -> None:
    found = faults(None, count=16)
    assert "2 scale-up domains" in found["scale_out"].message
    assert made(None, count=8).levels


def test_a_cluster_of_broken_nodes_is_refused() -> None:
    assert faults({}, count=4100)[""].hint == "the nearest are 4096 and 4104"
    assert "shared out evenly" in faults({}, nics=3)[""].message


def test_a_rate_no_product_has_is_refused_once_for_a_level() -> None:
    with pytest.raises(StudyError) as refused:
        made({"planes": 3})
    keys = [fault.key for fault in refused.value.faults]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("scale_out.links.") for key in keys)


@pytest.mark.parametrize(
    "written",
    [
        {"levels": 4},
        {"planes": 0},
        {"pod": -1},
        {"oversubscription": 0.5},
        {"oversubscription": "nan"},
        {"core": "wavelength"},
        {"links": {"spine": "dac"}},
        {"hosts_per_leaf": "half"},
        {"topology": "torus"},
    ],
)
def test_absurd_values_are_refused_by_the_schema(written: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(written)
