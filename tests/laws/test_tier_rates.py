"""Tiers whose links are of different rates: what goes up is a capacity, and the number of cables follows from it.

Facts protected, on drawn fabrics: no switch carries more than it has; the capacity that reaches a tier from below is
that of counted cables times their rate; oversubscription is a ratio of capacities with no cable to spare; twice the
rate halves the cables (rounded up) at the same oversubscription; one rate everywhere is the same fabric as none
written. On small ones: bisection, all-to-all and all-gather are those of the whole graph with its capacities. What is
impossible is refused with what is possible. Sources: the folded Clos construction (Al-Fares et al., SIGCOMM 2008); a
box of 51.2 Tb/s is 64 x 800, 128 x 400 or 256 x 200 Gb/s (Broadcom Tomahawk 5, see ``catalog/switches``).
"""

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lightloom.collectives.algorithm import Pattern
from lightloom.core.errors import StudyError
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.engine.reach import measure
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.fold import Split
from lightloom.fabric.folded_clos import FoldedClos, Oversubscription
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.bisection import bisection
from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.parts import CatalogParts
from lightloom.fabric.portrait.island import island_of
from lightloom.fabric.portrait.portrait import Limits, portrait
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.tier_rates import TierRates
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topologies.rail_optimised import RailOptimised
from lightloom.fabric.topology import Layout, Ports, Setting

FASTEST = 4.0
"""Of a switch's ports, where those of hosts are 1."""


def rated(**levels: float) -> TierRates:
    """Return rates in bytes/s, as a study's texts come out of the door."""
    return TierRates().model_copy(update=levels)


@st.composite
def cases(draw: st.DrawFn) -> tuple[FoldedClos, Setting]:
    """Draw a fabric that can be built, of two or three tiers, in whole or broken pieces."""
    kind = draw(st.sampled_from([Clos, RailOptimised]))
    rate = st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0, 3.0, FASTEST])
    taper = st.sampled_from([1.0, 1.5, 2.0, 3.0, 7.0])
    levels: Literal[2, 3] = draw(st.sampled_from([2, 3]))
    per_node = draw(st.sampled_from([1, 2, 4]))
    topology = kind(
        switch="plain",
        levels=levels,
        planes=draw(st.sampled_from([1, 2])),
        hosts_per_leaf=draw(st.sampled_from(["full", 1, 2, 3, 8, 12])),
        oversubscription=Oversubscription(leaf=draw(taper), aggregation=draw(taper) if levels == 3 else 1.0),
    )
    share = 1.0 / topology.planes
    topology = topology.model_copy(
        update={
            "link_rate": rated(leaf=draw(rate) * share, **({"aggregation": draw(rate) * share} if levels == 3 else {}))
        }
    )
    radix = draw(st.integers(8, 64))
    setting = Setting.plain(per_node * draw(st.integers(1, 40)), radix, per_node=per_node, fastest=FASTEST * share)
    return topology, setting


def laid(topology: FoldedClos, setting: Setting) -> Layout:
    """Lay a drawn case; those that cannot be are not looked at."""
    try:
        return topology.lay(setting)
    except StudyError:
        assume(condition=False)
        raise


@given(cases())
def test_no_switch_carries_more_than_it_has(case: tuple[FoldedClos, Setting]) -> None:
    topology, setting = case
    layout = laid(topology, setting)
    wiring = layout.wiring
    carried = np.bincount(wiring.ends.ravel(), np.repeat(wiring.multiplicity * wiring.rate, 2), wiring.vertices)
    throughput = setting.packet_ports("plain").at(setting.rate)
    for number, tier in enumerate(layout.tiers, start=1):
        own = carried[wiring.kind == number]
        assert (own <= throughput * tier.chips * (1 + 1e-9)).all()
        assert tier.chips > 1 or (wiring.used_ports <= wiring.ports)[wiring.kind == number].all()


@given(cases())
def test_what_a_tier_gets_is_what_the_one_below_sends(case: tuple[FoldedClos, Setting]) -> None:
    topology, setting = case
    layout, fold = laid(topology, setting), topology.fold(setting)
    wiring = layout.wiring
    counted = dict(topology.counts(setting).cables)
    for level, (_, name) in enumerate(wiring.levels):
        rows = wiring.level == level
        assert (wiring.rate[rows] == fold.rates[level]).all()
        sent = wiring.capacity(level).sum()
        assert sent == pytest.approx(counted[name] * fold.rates[level])
        got = np.bincount(wiring.ends[rows, 1], (wiring.multiplicity * wiring.rate)[rows])
        assert got.sum() == pytest.approx(sent)


@given(cases())
def test_oversubscription_is_a_ratio_of_capacities_with_no_cable_to_spare(case: tuple[FoldedClos, Setting]) -> None:
    topology, setting = case
    laid(topology, setting)
    fold = topology.fold(setting)
    host, leaf, *_ = fold.rates
    stages = [(fold.unit.hosts * host, fold.leaf_up, leaf, topology.oversubscription.leaf)]
    if fold.aggregation:
        down = -(-fold.leaves_per_pod * fold.leaf_up // fold.aggregation.boxes)
        stages.append((down * leaf, fold.aggregation_up, fold.rates[2], topology.oversubscription.aggregation))
    for below, count, rate, asked in stages:
        assert below <= count * rate * asked * (1 + 1e-6)
        assert below > (count - 1) * rate * asked * (1 - 1e-6)
    built = [fold.unit.hosts * host / (fold.leaf_up * leaf), 1.0]
    if fold.aggregation:
        built[1] = fold.leaves_per_pod * fold.leaf_up * leaf / (fold.pod_up * fold.rates[2])
    assert fold.oversubscription == pytest.approx(built)


@given(cases())
def test_twice_the_rate_halves_the_cables(case: tuple[FoldedClos, Setting]) -> None:
    topology, setting = case
    assume(topology.hosts_asked() is not None)
    laid(topology, setting)
    leaf = topology.link_rate.leaf or 0.0
    slower = topology.model_copy(update={"link_rate": topology.link_rate.model_copy(update={"leaf": leaf / 2})})
    laid(slower, setting)
    assert topology.fold(setting).leaf_up == -(-slower.fold(setting).leaf_up // 2)


@given(cases())
def test_one_rate_everywhere_is_the_fabric_without_a_word_of_it(case: tuple[FoldedClos, Setting]) -> None:
    topology, setting = case
    card = setting.rate / topology.planes
    silent = topology.model_copy(update={"link_rate": TierRates()})
    layout = laid(silent, setting)
    again = card * (1 + 1e-12)
    told = silent.model_copy(update={"link_rate": rated(host=card, leaf=again, aggregation=again)}).lay(setting)
    for name in ("kind", "group", "ports", "ends", "multiplicity", "level", "rate"):
        assert np.array_equal(getattr(layout.wiring, name), getattr(told.wiring, name))
    assert (told.tiers, told.assumptions) == (layout.tiers, layout.assumptions)


@given(st.integers(2, 200), st.integers(2, 200), st.sampled_from([0.25, 0.5, 1.0, 1.5, 2.0, 4.0]), st.floats(1.0, 20.0))
def test_most_downlinks_is_the_most_that_fits(below: int, above: int, gear: float, oversubscription: float) -> None:
    split = Split(below, above, gear)
    fits = [down for down in range(1, below) if split.taken(down, split.uplinks(down, oversubscription)) <= below]
    assert split.most_downlinks(oversubscription) == max(fits, default=0)


class Small(CatalogParts):
    """Switches of 6.4 Tb/s: 8 x 800, 16 x 400 or 32 x 200 Gb/s."""

    def packet_switch(self, name: str) -> PacketSwitch:
        """Return an eighth of a Tomahawk 5."""
        box = super().packet_switch(name)
        return box.model_copy(update={"throughput": box.throughput.scaled(1 / 8)})


def bought(count: int, *, card: float = 50e9, **scale_out: Any) -> Fabric:
    """Build a fabric of small switches under so many single-accelerator nodes."""
    written = {
        "scale_up": {"topology": "switched", "domain": 1, "link": "nvlink4"},
        "scale_out": {"topology": "clos", "switch": "tomahawk-5", **scale_out},
    }
    return build(FabricSpec.model_validate(written), ClusterShape(count, 1, 1, card, 450e9), Small())


def limits(fabric: Fabric) -> Limits:
    """Return what is said of its network outside."""
    return portrait(fabric, island_of(fabric, "scale_out")).limits


def whole(fabric: Fabric) -> Graph:
    """Return every network card and switch outside, each join with its capacity."""
    wiring = fabric.wiring
    outside = np.array([domain == "scale_out" for domain, _ in wiring.levels])[wiring.level]
    vertices, ends = np.unique(wiring.ends[outside], return_inverse=True)
    hosts = int((vertices < wiring.endpoints).sum())
    return Graph.of(
        {"endpoint": hosts, "switch": len(vertices) - hosts},
        {"cable": ends.reshape(-1, 2)},
        capacity={"cable": (wiring.multiplicity * wiring.rate)[outside] / 1e9},
    )


WRITTEN: list[tuple[int, dict[str, Any]]] = [
    (8, {"hosts_per_leaf": 2, "link_rate": {"leaf": "800 Gb/s"}}),
    (16, {"hosts_per_leaf": 8, "link_rate": {"leaf": "800 Gb/s"}}),
    (16, {"hosts_per_leaf": 4, "oversubscription": 2, "link_rate": {"leaf": "800 Gb/s"}}),
    (12, {"hosts_per_leaf": 3, "link_rate": {"leaf": "200 Gb/s"}}),
    (16, {"hosts_per_leaf": 4, "link_rate": {"host": "200 Gb/s", "leaf": "800 Gb/s"}}),
    (
        16,
        {
            "hosts_per_leaf": 4,
            "levels": 3,
            "pod": 8,
            "oversubscription": {"aggregation": 2},
            "link_rate": {"host": "200 Gb/s", "leaf": "400 Gb/s", "aggregation": "800 Gb/s"},
        },
    ),
]


@pytest.mark.parametrize(("count", "scale_out"), WRITTEN)
def test_what_it_carries_is_what_its_weighted_graph_does(count: int, scale_out: dict[str, Any]) -> None:
    fabric = bought(count, **scale_out)
    said, graph = limits(fabric), whole(fabric)
    assert said.bisection.how == said.all_to_all.how == "exact"
    assert said.bisection.value == pytest.approx(bisection(graph).capacity * 1e9)
    assert said.all_to_all.value == pytest.approx((count - 1) * 1e9 / all_to_all(graph).load)
    assert said.all_gather.value == pytest.approx(all_gather(graph).bandwidth * 1e9)


def cables(fabric: Fabric, level: str) -> dict[float, int]:
    """Return the cables of a level by rate, bits/s."""
    rows, table = fabric.cables.rows("scale_out", level), fabric.cables.table
    rates = np.unique(table.rate_bps[rows])
    return {float(rate): int(table.count[rows][table.rate_bps[rows] == rate].sum()) for rate in rates}


def test_a_full_box_is_half_ports_of_hosts_and_half_the_number_up() -> None:
    """8 leaves of 8 x 400 down and 4 x 800 up use all of 6.4 Tb/s, and so do 4 spines of 8 x 800."""
    slow = bought(64, hosts_per_leaf="full")
    fast = bought(64, hosts_per_leaf="full", link_rate={"leaf": "800 Gb/s"})
    assert cables(slow, "leaf") == {400e9: 64}
    assert cables(fast, "leaf") == {800e9: 32}
    assert cables(fast, "host") == cables(slow, "host") == {400e9: 64}
    tiers = [{item.level: item.count for item in each.inventory} for each in (slow, fast)]
    assert tiers[0] == tiers[1] == {"leaf": 8, "spine": 4}
    assert fast.cables.table.closes.all()
    wiring = fast.wiring
    for kind in ("leaf", "spine"):
        own = wiring.kind == wiring.kinds.index(kind)
        assert np.array_equal(wiring.ports[own], wiring.used_ports[own]), "none is free"
    assert [level.up.tolist() for level in slow.levels] == [level.up.tolist() for level in fast.levels]
    assert limits(slow).bisection == limits(fast).bisection


@pytest.mark.parametrize(("rate", "uplinks", "left"), [("800 Gb/s", 2, 8), ("400 Gb/s", 4, 8), ("200 Gb/s", 8, 16)])
def test_ports_that_are_left_are_as_many_as_fit(rate: str, uplinks: int, left: int) -> None:
    """Four hosts and what they send up take half a switch, whose other half makes 8 ports of 400 or 16 of 200 Gb/s."""
    wiring = bought(16, hosts_per_leaf=4, link_rate={"leaf": rate}).wiring
    leaves = wiring.kind == wiring.kinds.index("leaf")
    assert (wiring.used_ports[leaves] == 4 + uplinks).all()
    assert (wiring.ports[leaves] - wiring.used_ports[leaves] == left).all()


def test_a_level_left_out_is_as_fast_as_the_one_below() -> None:
    fabric = bought(32, levels=3, link_rate={"host": "200 Gb/s", "leaf": "800 Gb/s"})
    rates = [cables(fabric, level).keys() for level in ("host", "leaf", "aggregation")]
    assert rates == [{200e9}, {800e9}, {800e9}]


@pytest.mark.parametrize("taper", [1, 2, 4])
def test_a_group_waits_as_long_where_capacities_are_the_same(taper: int) -> None:
    built = [
        bought(32, hosts_per_leaf=8, oversubscription=taper, link_rate={"leaf": rate})
        for rate in ("200 Gb/s", "400 Gb/s", "800 Gb/s")
    ]
    patterns = (Pattern.REMOTE_RING, Pattern.REMOTE_ALL_TO_ALL)
    waits = [measure(each, 32, [((32, 1),)], patterns=patterns).seconds_per_byte for each in built]
    assert np.array_equal(waits[0], waits[1])
    assert np.array_equal(waits[1], waits[2])
    assert sum(cables(built[2], "leaf").values()) * 4 == sum(cables(built[0], "leaf").values())


def test_cards_slower_links_make_slower_and_it_is_said() -> None:
    fabric = bought(16, link_rate={"host": "200 Gb/s", "leaf": "800 Gb/s"}, hosts_per_leaf=8)
    host = next(level for level in fabric.levels if (level.domain, level.name) == ("scale_out", "host"))
    assert (host.up == 25e9).all()
    assert any("cards of 400 Gb/s a plane run at 200 Gb/s" in text for text in fabric.assumptions)
    assert any("200 Gb/s (host), 800 Gb/s (leaf)" in text for text in fabric.assumptions)


def test_circuits_run_at_the_rate_of_what_they_join() -> None:
    fabric = bought(
        64,
        levels=3,
        pod=16,
        hosts_per_leaf=4,
        core="circuit",
        link_rate={"leaf": "400 Gb/s", "aggregation": "800 Gb/s"},
    )
    space = fabric.circuit_space
    assert space is not None
    assert space.bandwidth == 100e9
    assert space.ports_per_block * space.bandwidth == 16 * 50e9


def test_planes_share_the_card_and_not_the_uplink() -> None:
    """A card of 800 Gb/s as two planes of 400 each, uplinks of 800 in either."""
    fabric = bought(32, card=100e9, planes=2, hosts_per_leaf=8, link_rate={"leaf": "800 Gb/s"})
    assert cables(fabric, "host") == {400e9: 64}
    assert cables(fabric, "leaf") == {800e9: 2 * 4 * 4}


REFUSED: list[tuple[object, str, str, str, dict[str, Any]]] = [
    ({"leaf": "1.6 Tb/s"}, "leaf", "offers 0 ports of 1600 Gb/s", "leaf: 800 Gb/s at most", {"leaf": "800 Gb/s"}),
    ({"leaf": "100 Gb/s", "aggregation": "9 Tb/s"}, "aggregation", "of 9000 Gb/s", "aggregation: 800 Gb/s", {}),
    ({"host": "500 Gb/s"}, "host", "than what network cards send, 400 Gb/s a plane", "host: 400 Gb/s", {}),
    ("800 Gb/s", "", "links of 800 Gb/s are faster", "link_rate: {leaf: 800 Gb/s}", {"leaf": "800 Gb/s"}),
]


@pytest.mark.parametrize(("rates", "level", "message", "hint", "remedy"), REFUSED)
def test_what_no_port_can_do_is_refused_with_what_one_can(
    rates: object, level: str, message: str, hint: str, remedy: dict[str, Any]
) -> None:
    with pytest.raises(StudyError) as refused:
        bought(32, levels=3, link_rate=rates)
    (fault,) = refused.value.faults
    assert fault.key == f"scale_out.link_rate.{level}".rstrip(".")
    assert message in fault.message
    assert hint in (fault.hint or "")
    assert bought(32, levels=3, link_rate=remedy).cables.links


def test_remedies_for_too_few_ports_count_capacity() -> None:
    """12 of 16 ports of 400 Gb/s leave two of 800, a third of what the hosts send."""
    full: dict[str, Any] = {"hosts_per_leaf": 12, "link_rate": {"leaf": "800 Gb/s"}}
    with pytest.raises(StudyError) as refused:
        bought(24, **full)
    (fault,) = refused.value.faults
    assert fault.key == "scale_out.hosts_per_leaf"
    assert "12 endpoints and 6 uplinks are as many as 24 of 400 Gb/s; 'tomahawk-5' has 16" in fault.message
    assert fault.hint == "write hosts_per_leaf: 8 at most, or oversubscription: {leaf: 3} at least"
    assert cables(bought(24, **full, oversubscription=3), "leaf") == {800e9: 2 * 2}
    with pytest.raises(StudyError):
        bought(24, **full, oversubscription=2.9)
    assert bought(24, **full | {"hosts_per_leaf": 8}).cables.links


@pytest.mark.parametrize(("chassis", "most"), [(False, 8), (True, 64)])
def test_the_largest_pod_is_counted_in_capacity(chassis: bool, most: int) -> None:  # noqa: FBT001 - one of two cases
    """An aggregation switch takes 8 links of 400 Gb/s below 4 of 800; a chassis of 128 ports of 400 takes 64."""
    section: dict[str, Any] = {
        "levels": 3,
        "hosts_per_leaf": 1,
        "chassis": chassis,
        "link_rate": {"aggregation": "800 Gb/s"},
    }
    with pytest.raises(StudyError) as refused:
        bought(256, pod=2 * most, **section)
    fault = next(each for each in refused.value.faults if each.key == "scale_out.pod")
    assert f"of {4 * most} ports of 400 Gb/s" in fault.message
    assert f"write pod: {most} at most" in (fault.hint or "")
    assert cables(bought(2 * most, pod=most, **section), "aggregation") == {800e9: most}


def test_a_switch_of_few_lanes_says_how_fast_an_uplink_has_to_be() -> None:
    """Two ports of 4 or three of 1: one link of 4 down takes four of 1 up."""
    ports = Ports(4.0, lambda rate: min(int(8 / rate), 3))

    def found(_product: str) -> Ports:
        return ports

    setting = replace(Setting.plain(8, 8), rate=4.0, packet_ports=found)
    clos = Clos(switch="plain", hosts_per_leaf="full", link_rate=rated(leaf=1.0))
    with pytest.raises(StudyError) as refused:
        clos.fold(setting)
    (fault,) = refused.value.faults
    assert fault.key == "link_rate.leaf"
    assert "needs 4 of" in fault.message
    assert "2 ports of the one rate or 3 of the other" in fault.message
    assert "write leaf: 3.2e-08 Gb/s at least" in (fault.hint or "")
    assert clos.model_copy(update={"link_rate": rated(leaf=4.0)}).fold(replace(setting, endpoints=2)).leaf_up == 1


def test_a_level_that_is_not_there_has_no_rate() -> None:
    with pytest.raises(StudyError, match="no aggregation tier"):
        bought(8, link_rate={"leaf": "800 Gb/s", "aggregation": "400 Gb/s"})
    assert bought(8, link_rate="400 Gb/s").cables.links, "one rate for all levels is that of those there are"


def test_a_rate_that_nothing_is_sold_for_is_refused_with_the_nearest() -> None:
    with pytest.raises(StudyError) as refused:
        bought(32, link_rate={"leaf": "300 Gb/s"})
    assert refused.value.faults[0].key == "scale_out.links.leaf.a"
    assert "the nearest rates are 200 Gb/s and 400 Gb/s" in (refused.value.faults[0].hint or "")


def test_a_scale_up_domain_of_one_stage_has_no_rate_but_its_accelerators() -> None:
    scale_up = {"topology": "switched", "domain": 8, "link": "nvlink4", "link_rate": "400 Gb/s"}
    with pytest.raises(ValueError, match="link_rate"):
        FabricSpec.model_validate({"scale_up": scale_up})
