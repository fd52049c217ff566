"""Scale-out fabrics side by side: each is built, timed and paid for as if it were alone, and carries its own groups.

Facts protected: a fabric that carries nothing changes no time; a group moved to a fabric like the main one keeps its
time; more cards never make a fabric's groups slower; what a job sends crosses one fabric and no other; cables, devices
and causes of failure are the sums of the fabrics'; circuits are set for those they carry. Source: definitions of
``fabric.beside``; separate fabrics for traffic of experts and of the rest as in Liao et al., "MixNet" (2025).
"""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lightloom as ll
from lightloom.catalog.products import transport
from lightloom.collectives.algorithm import Pattern
from lightloom.engine.circuits import Circuits
from lightloom.engine.network import Groups, Network
from lightloom.engine.reach import measure
from lightloom.engine.traffic import floor
from lightloom.export.exporters import EXPORTERS
from lightloom.fabric.apart import alone
from lightloom.fabric.beside import Carried
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.spec import FabricSpec
from lightloom.study.demand_matrix import demand_matrices
from lightloom.study.design import design_of
from lightloom.study.timing import run
from lightloom.workload.program import Collective, Group
from lightloom.workload.recipe import RecipeColumns

MOE = "qwen3-235b-256"
SITES = {"sites": 2, "distance": "80 km", "wavelengths": 64}
EXAMPLE = Path(__file__).parents[2] / "examples" / "experts_apart.yaml"
CLOS = {"topology": "clos", "switch": "tomahawk-4"}
RAILS = {"topology": "rail-optimised", "switch": "quantum-2"}
NODE = {"topology": "switched", "domain": 8, "link": "nvlink4"}
CIRCUITS = {"topology": "clos", "switch": "tomahawk-4", "core": {"kind": "circuit"}}
OTHERS: list[dict[str, Any]] = [
    CLOS,
    RAILS,
    CIRCUITS,
    {"topology": "torus", "dims": [4, 4, 4], "switch": "tomahawk-5", "hosts": 2},
    {"topology": "dragonfly", "routers": 4, "global_ports": 2, "switch": "tomahawk-5", "hosts": 8},
]
IDS = ["clos", "rails", "circuits", "torus", "dragonfly"]
ALL = tuple(group.value for group in Group)


def shape(cards: int = 8, accelerators: int = 256) -> ClusterShape:
    return ClusterShape(accelerators, 8, cards, 50e9, 450e9)


def fabric(main: dict[str, Any], *sides: dict[str, Any], cards: int = 8) -> Fabric:
    return build(FabricSpec.model_validate({"scale_up": NODE, "scale_out": main, "beside": sides}), shape(cards))


def side(topology: dict[str, Any], cards: int, *carries: str, name: str = "experts") -> dict[str, Any]:
    return {**topology, "name": name, "cards": cards, "carries": carries}


def bought(built: Fabric) -> Counter[str]:
    found = Counter[str]()
    for item in built.inventory:
        found[f"{item.role} {item.product}"] += item.count
    return found


def durations(built: Fabric, group: Group) -> list[float]:
    scenario = ll.load(MOE)
    recipes = RecipeColumns.single(scenario.recipe)
    groups = Groups.of(recipes)
    network = Network.on(measure(built, 256, groups.keys), groups, scenario.stack)
    payload = np.full(1, 1e8)
    return [float(network.duration(group, what, payload)[0]) for what in Collective]


def test_groups_are_called_as_the_workload_calls_them() -> None:
    assert set(Carried.__args__) == set(ALL)


@pytest.mark.parametrize("other", OTHERS, ids=IDS)
def test_a_fabric_that_carries_nothing_changes_no_time(other: dict[str, Any]) -> None:
    both = fabric({**RAILS, "cards": 4}, side(other, 4))
    for group in Group:
        assert durations(both, group) == durations(fabric(RAILS, cards=4), group)


@pytest.mark.parametrize("main", [CLOS, RAILS], ids=["clos", "rails"])
@pytest.mark.parametrize("group", list(Group))
def test_a_group_keeps_its_time_on_a_fabric_like_the_main_one(main: dict[str, Any], group: Group) -> None:
    assert durations(fabric(main, side(main, 4, group.value)), group) == durations(fabric(main, side(main, 4)), group)


@pytest.mark.parametrize("other", OTHERS, ids=IDS)
def test_a_fabric_serves_its_groups_as_it_would_alone(other: dict[str, Any]) -> None:
    both = fabric(RAILS, side(other, 4, *ALL))
    for group in Group:
        assert durations(both, group) == pytest.approx(durations(fabric(other, cards=4), group), rel=1e-12)


def test_more_cards_are_never_slower() -> None:
    built = (fabric(CLOS, side(CLOS, cards, "expert"), cards=8 + cards) for cards in (1, 2, 4, 8))
    times = [durations(each, Group.EXPERT) for each in built]
    for fewer, more in pairwise(times):
        assert all(after <= before for before, after in zip(fewer, more, strict=True))
    assert times[-1][3] < times[0][3]


@pytest.mark.parametrize("other", OTHERS, ids=IDS)
def test_cables_and_devices_are_the_sums_of_the_fabrics(other: dict[str, Any]) -> None:
    both = fabric(RAILS, side(other, 4, "expert"), side(CLOS, 1, name="front"), cards=9)
    parts = [fabric(RAILS, cards=4), fabric(other, cards=4), fabric(CLOS, cards=1)]
    inside = int(parts[0].cables.table.count[parts[0].cables.rows("scale_up", "host")].sum())
    assert both.cables.links == sum(part.cables.links for part in parts) - 2 * inside
    assert bought(both) == sum((bought(part) for part in parts), Counter[str]())
    assert both.wiring.edges == sum(part.wiring.edges for part in parts) - 2 * 256
    assert len({(level.domain, level.name) for level in both.levels}) == len(both.levels)


@pytest.mark.parametrize("other", OTHERS, ids=IDS)
def test_each_fabric_alone_is_what_was_built(other: dict[str, Any]) -> None:
    both = fabric(RAILS, side(other, 4, "expert"))
    for name, whole in (("", fabric(RAILS, cards=4)), ("experts", fabric(other, cards=4))):
        one = alone(both, name)
        assert len(one.levels) == len(whole.levels)
        for mine, its in zip(one.levels, whole.levels, strict=True):
            assert mine.name.removeprefix("experts/") == its.name
            assert np.array_equal(mine.block, its.block)
            assert np.array_equal(mine.up, its.up)
            assert mine.latency == its.latency
        assert one.wiring.edges == whole.wiring.edges
        assert bool(one.circuit_space) == bool(whole.circuit_space)


def test_bytes_cross_the_fabric_that_carries_them_and_no_other() -> None:
    alike = {"fabric.scale_out.cards": 4, "fabric.beside": [side(RAILS, 4, "expert")]}
    mixed = ll.evaluate(ll.load(MOE).replace(alike))
    main = ll.evaluate(ll.load(MOE).replace({**alike, "fabric.beside": [side(RAILS, 4)]}))
    sent, all_sent = (
        {f"{row.domain}.{row.level}": row.bytes_per_step_per_accelerator for row in each.network}
        for each in (mixed, main)
    )
    for level in ("host", "leaf"):
        both = sent[f"scale_out.{level}"] + sent[f"scale_out.experts/{level}"]
        assert both == pytest.approx(all_sent[f"scale_out.{level}"], rel=1e-12)
        assert all_sent[f"scale_out.experts/{level}"] == 0.0
    assert sent["scale_out.experts/host"] > 0.0
    assert sent["scale_up.host"] == all_sent["scale_up.host"]


def test_wires_of_two_fabrics_are_busy_side_by_side() -> None:
    """The least a step takes is that of its busiest cards: those of one fabric never wait for those of another."""
    study = ll.load(MOE).replace({"fabric.beside": [side(CLOS, 4, "pipeline", "data")]})
    part = run(design_of(study), RecipeColumns.single(study.recipe))[0][1]
    network = Network.on(part.reach, part.groups, study.stack)
    away = [use for use in part.uses if network.leaves(use.group)[0]]
    beside = tuple(use for use in away if use.group in {Group.PIPELINE, Group.DATA})
    main = tuple(use for use in away if use not in beside)
    busy = [float(floor(uses, network, 1)[0]) for uses in (main, beside, (*main, *beside))]
    assert busy[0] > 0.0
    assert busy[1] > 0.0
    assert busy[2] == max(busy[:2])


def test_what_a_fabric_is_worth_is_told_by_its_name() -> None:
    """Experts bind this job: more of their fabric is worth all that more of both is, more of another nothing."""
    sides = [side(CLOS, 4, "expert"), side(CLOS, 1, name="front")]
    told = ll.evaluate(ll.load(MOE).replace({"cluster.node": {"like": "dgx-h100", "nics": 9}, "fabric.beside": sides}))
    assert told.balance is not None
    worth = told.balance.elasticity
    assert worth["experts_bandwidth"] == pytest.approx(worth["scale_out_bandwidth"], rel=0.02)
    assert worth["front_bandwidth"] == 0.0
    assert worth["experts_bandwidth"] > 0.3


def test_a_link_of_either_fabric_may_stop_the_job() -> None:
    both = ll.evaluate(ll.load(MOE).replace({"fabric.beside": [side({**CLOS, "transport": "mrc"}, 4, "expert")]}))
    assert both.goodput is not None
    told = [row.item for row in both.goodput.stops]
    assert len(set(told)) == len(told)
    for words in ("scale-out host links", "scale-out experts/host links", "first switches of experts"):
        assert any(text.startswith(words) for text in told), words
    felt = {row.item: row.felt for row in both.goodput.stops if row.item.endswith("flaps")}
    for words, kind in (("scale-out host", "infiniband"), ("scale-out experts/host", "mrc")):
        chances = [chance for item, chance in felt.items() if item.startswith(f"{words} links")]
        assert chances
        assert all(chance == pytest.approx(transport(kind).lost_per_flap.value) for chance in chances)


def test_circuits_are_set_for_the_groups_they_carry() -> None:
    """A job whose stages talk to neighbours: circuits lead along the pipeline, whatever the main fabric carries."""

    def joined(*carries: str) -> np.ndarray:
        study = ll.load(MOE).replace(
            {"fabric.scale_out": {**CLOS, "cards": 4}, "fabric.beside": [side(CIRCUITS, 4, *carries)]}
        )
        assert ll.evaluate(study).reasons == ()
        found = demand_matrices(study).matrices
        assert {each.group for each in found if each.level == "scale_out.experts/leaf"} == set(carries)
        part = run(design_of(study), RecipeColumns.single(study.recipe))[0][1]
        assert isinstance(part.circuits, Circuits)
        return part.circuits.joined

    along = joined("pipeline")
    assert np.count_nonzero(np.diag(along, 1)) == len(along) - 1
    assert not np.array_equal(along, joined())


def test_circuits_beside_packet_switches_on_a_fabric_beside_the_main_one() -> None:
    """What leaves a leaf goes over one of the two, and the network tells both."""
    hybrid = {**CLOS, "core": {"kind": "hybrid"}}
    changes = {"fabric.scale_out": {**CLOS, "cards": 4}, "fabric.beside": [side(hybrid, 4, "pipeline", "data")]}
    told = ll.evaluate(ll.load(MOE).replace(changes))
    packets = ll.evaluate(ll.load(MOE).replace({**changes, "fabric.beside": [side(CLOS, 4, "pipeline", "data")]}))
    sent = {row.level: row.bytes_per_step_per_accelerator for row in told.network}
    whole = {row.level: row.bytes_per_step_per_accelerator for row in packets.network}
    assert sent["experts/circuit"] > 0.0
    assert sent["experts/circuit"] + sent["experts/leaf"] == pytest.approx(whole["experts/leaf"])


def test_circuits_that_carry_nothing_change_no_time() -> None:
    idle, plain = (ll.evaluate(ll.load(MOE).replace({"fabric.beside": [side(one, 4)]})) for one in (CIRCUITS, CLOS))
    assert idle.step == plain.step


@pytest.mark.parametrize("other", OTHERS[:4], ids=IDS[:4])
def test_every_exporter_tells_of_every_fabric(other: dict[str, Any]) -> None:
    told = ll.evaluate(ll.load(MOE).replace({"fabric.beside": [side(other, 4, "expert", "pipeline")]}))
    for kind, exporter in EXPORTERS.items():
        text = exporter.write(told)
        silent = kind == "chrome-trace" or (kind == "demand-matrix" and other is RAILS)  # groups keep to their rails
        assert silent or "experts" in text, kind


def test_cards_of_a_node_have_numbers_of_their_own() -> None:
    told = ll.evaluate(ll.load(MOE).replace({"fabric.beside": [side(CLOS, 4, "expert")]}))
    header, *rows = EXPORTERS["cable-schedule"].write(told).splitlines()
    place = {name: index for index, name in enumerate(header.split(","))}
    cards: dict[str, set[str]] = {"host": set(), "experts/host": set()}
    for row in rows:
        cells = row.split(",")
        if cells[place["level"]] in cards:
            cards[cells[place["level"]]].add(cells[place["a_device"]])
    assert {name[-5:] for name in cards["host"]} == {f"nic-{number}" for number in range(1, 5)}
    assert {name[-5:] for name in cards["experts/host"]} == {f"nic-{number}" for number in range(5, 9)}


def test_a_fabric_beside_the_main_one_ends_at_its_site() -> None:
    study = ll.load(MOE).replace({"fabric.scale_across": SITES, "fabric.beside": [side(CLOS, 4, "expert")]})
    assert ll.evaluate(study).feasible  # groups of experts stay in a site
    wide = study.replace({"fabric.beside": [side(CLOS, 4, "pipeline")]})
    told = ll.evaluate(wide)
    assert [reason.code for reason in told.reasons] == ["fabric-ends-at-site"]
    assert "pipeline" in told.reasons[0].remedy


def test_a_fabric_that_carries_nothing_may_fail_and_changes_nothing() -> None:
    """However fast its failed leaf is thought to be when the worth of levels is asked."""
    failed = {**side(CLOS, 4), "failed": {"switches": ["experts-leaf-1"]}}
    whole, left = (ll.evaluate(ll.load(MOE).replace({"fabric.beside": [each]})) for each in (side(CLOS, 4), failed))
    assert left.feasible
    assert left.step == whole.step
    assert left.balance == whole.balance


def test_cards_of_another_rate_are_that_much_slower() -> None:
    """A front-end of half the rate takes twice as long for what its own links hold back."""
    fast, slow = (fabric(RAILS, side({**CLOS, **rate}, 4, "expert")) for rate in ({}, {"card_rate": "200 Gb/s"}))
    assert slow.cables.rate_bps("scale_out", "experts/host") == 200e9
    assert fast.cables.rate_bps("scale_out", "host") == slow.cables.rate_bps("scale_out", "host") == 400e9
    rows = [measure(one, 256, [((256, 1),)]) for one in (fast, slow)]
    place = rows[0].levels.index("scale_out.experts/host")
    first, second = (table.seconds_per_byte[1, Pattern.REMOTE_ALL_TO_ALL, place] for table in rows)
    assert second == pytest.approx(2 * first)


def test_a_network_of_ones_own_may_stand_beside(tmp_path: Path) -> None:
    lines = [f"card-{card} leaf-{card // 64} 1 400 Gb/s\n" for card in range(128)]
    lines += [f"leaf-{leaf} spine 40 400 Gb/s\n" for leaf in (0, 1)]
    (tmp_path / "net.txt").write_text("".join(lines), encoding="utf-8")
    keys = {"topology": "custom", "file": "net.txt", "terminals": "card-*", "hosts": 0, "switch": "tomahawk-5"}
    text = json.dumps({"extends": MOE, "fabric": {"beside": [side(keys, 4, "expert")]}})
    (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
    told = ll.show_fabric(ll.load(str(tmp_path / "study.yaml"))).to_dict()
    assert [each["topology"] for each in told["networks"]] == ["switched", "rail-optimised", "custom"]
    (tmp_path / "net.txt").write_text("card-0\n", encoding="utf-8")
    with pytest.raises(ll.StudyError, match=r"net\.txt"):
        ll.load(str(tmp_path / "study.yaml"))


def test_the_example_runs_and_tells_who_carries_what() -> None:
    told = ll.evaluate(ll.load(str(EXAMPLE)))
    assert told.feasible
    assert any(text.startswith("experts: 4 of a node's 8 network cards; carries all") for text in told.assumptions)
    networks = ll.show_fabric(ll.load(str(EXAMPLE)), (0, 40)).to_dict()
    main, experts = networks["networks"][1:]
    assert (main["fabric"], experts["fabric"]) == ("", "experts")
    assert experts["carries"] == ["expert"]
    assert sorted(main["carries"] + experts["carries"]) == sorted(ALL)
    assert main["network_cards_per_node"] + experts["network_cards_per_node"] == 8
    assert experts["picture"]["vertices"][0]["name"] == "experts-leaf-001"
    assert [path["fabric"] for path in networks["path"]["beside"]] == ["experts"]
    assert networks["totals"]["switches"] == sum(
        row["boxes"] or 0 for net in networks["networks"] for row in net["switches"]
    )


BAD: list[tuple[dict[str, Any], str]] = [
    ({"fabric.scale_out.cards": 4}, r"scale_out\.cards: 4 network cards are not the 8 of a node.*write cards: 8"),
    ({"fabric.beside": [{**CLOS, "name": "a"}]}, r"beside\.0\.cards: is missing.*write cards: 4"),
    ({"fabric.beside": [side(CLOS, 3)]}, r"beside\.0\.cards: 3 network cards cannot.*write cards: 4"),
    ({"fabric.beside": [side(CLOS, 2)]}, r"beside\.0\.cards: 2 network cards leave scale_out 6.*write cards: 4"),
    ({"fabric.beside": [side(CLOS, 8)]}, r"beside\.0\.cards: 8 network cards are not.*scale_out needs one.*cards: 7"),
    ({"fabric.beside": [side(CLOS, 2), side(CLOS, 2)]}, r"beside\.1\.name: 'experts' stands there twice"),
    (
        {"fabric.beside": [side(CLOS, 2, "data"), side(CLOS, 2, "expert", "data", name="b")]},
        r"beside\.1\.carries\.1: 'data' is carried by 'experts' already",
    ),
    ({"fabric.beside": [side(CLOS, 4, "experts")]}, r"beside\.0\.carries\.0: .*did you mean 'expert'"),
    (
        {"fabric.beside": [side(CIRCUITS, 2), side(CIRCUITS, 2, name="b")]},
        r"beside\.1\.core: beside\.0 has circuits to set already.*write core: packet",
    ),
    (
        {"fabric.beside": [side(CIRCUITS, 4)], "fabric.scale_across": SITES},
        r"beside\.0\.core: circuits are set for one site.*write core: packet",
    ),
    ({"fabric.scale_out": None, "fabric.beside": [side(CLOS, 8)]}, r"beside: there is no scale-out network"),
    (
        {"fabric.beside": [side({**CLOS, "switch": "tomahawk-44"}, 4)]},
        r"beside\.0\.switch: .*did you mean 'tomahawk-4'",
    ),
    (
        {"fabric.beside": [side({"topology": "torus", "dims": [3, 3], "switch": "tomahawk-4", "hosts": 1}, 4)]},
        r"beside\.0\.",
    ),
]


@pytest.mark.parametrize(("changes", "words"), BAD, ids=[words[:24] for _, words in BAD])
def test_what_cannot_stand_side_by_side_is_refused_at_its_key(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ll.StudyError, match=words):
        ll.evaluate(ll.load(MOE).replace(changes))
