"""Studies with failed switches and cables: the step they leave, who is cut off, and that they cost what they did.

Protects: nothing failed changes nothing; more failed is never faster, over switches in tiers and with ideal routing;
half of the planes is half of every card; a job that leaves the cut-off accelerators out runs. Source: hand counts of a
small cluster.
"""

from pathlib import Path
from typing import Any

import pytest

import lightloom as ll

STUDY = """\
name: eight billion with failures
model: llama-3.1-8b
recipe:
  sequence: 8192
  batch: 384 sequences
  parallel: {tensor: 8, pipeline: 1, data: 6}
  micro_batch: 1
  precision: bf16
  sharding: zero-1
  stack: megatron-core
cluster: {accelerator: h100-sxm-80gb, count: 64, node: dgx-h100}
job: 48
fabric:
  scale_up: {topology: switched, domain: 8, link: nvlink4}
  scale_out:
    topology: clos
    switch: tomahawk-4
    planes: 2
"""
EXAMPLE = Path(__file__).parents[2] / "examples" / "switches_down.yaml"
CLOS = "{topology: clos, switch: tomahawk-4, planes: 2}"
DRAGONFLY = "{topology: dragonfly, switch: tomahawk-5, routers: 4, global_ports: 1, groups: 2, hosts: 8}"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    file = tmp_path / "failed.yaml"
    file.write_text(STUDY, encoding="utf-8")
    return file


def answer(study: Path, *sets: str) -> dict[str, Any]:
    return ll.evaluate(ll.load(study, sets)).to_dict()


def failed(text: str) -> str:
    return f"fabric.scale_out.failed={text}"


def on(network: str) -> tuple[str, ...]:
    """Return the settings that lay the study on another network."""
    return (
        "fabric.scale_out.planes=null",
        *(f"fabric.scale_out.{part.strip()}".replace(": ", "=") for part in network.strip("{}").split(",")),
    )


def time(study: Path, *sets: str) -> float:
    found = answer(study, *sets)
    assert found["feasible"], found["reasons"]
    return float(found["step"]["time_s"])


def test_nothing_failed_changes_nothing(study: Path) -> None:
    whole, same = answer(study), answer(study, failed("{switches: [], links: {count: 0}}"))
    assert whole["scenario"].pop("hash") != same["scenario"].pop("hash")
    assert whole == same
    assert ll.load(study).hash == ll.load(study, [failed("null")]).hash


def test_more_failed_is_never_faster_and_costs_the_same_a_second(study: Path) -> None:
    times = [time(study, failed(f"{{switches: {{count: {count}, of: leaf, seed: 2}}}}")) for count in (0, 1, 2)]
    assert times[0] < times[1] <= times[2]
    capital = [answer(study, *sets)["cost"]["capital_usd"] for sets in ((), (failed("{switches: [leaf-1]}"),))]
    assert capital[0] == capital[1]


def test_a_plane_gone_is_cards_of_half_the_rate(study: Path) -> None:
    """Two leaves a plane; what is left is the fabric of one plane with cards of 200 Gb/s."""
    plane = answer(study, failed("{switches: [leaf-1, leaf-2]}"))
    leaf = answer(study, failed("{switches: [leaf-1]}"))
    exposed = {
        name: next(each["exposed_s"] for each in found["network"] if each["domain"] == "scale_out")
        for name, found in (("whole", answer(study)), ("leaf", leaf), ("plane", plane))
    }
    assert exposed["whole"] < exposed["leaf"] == pytest.approx(exposed["plane"]), "the slowest card is waited for"
    assert any(
        "failed, though bought and powered: 2 switches (leaf-001, leaf-002)" in text for text in plane["assumptions"]
    )


def test_a_job_that_needs_who_is_cut_off_cannot_run_and_one_that_does_not_can(study: Path) -> None:
    """Leaf 2 of each plane has accelerators 32 to 63."""
    both = failed("{switches: [leaf-2, leaf-4]}")
    found = answer(study, both)
    assert not found["feasible"]
    (reason,) = found["reasons"]
    assert (reason["code"], reason["stage"], reason["by"]) == ("cut-off", "scale_out.host", 16)
    assert reason["remedy"].startswith("accelerators 32 to 47 have no way left")
    assert "with 2 switches (leaf-002, leaf-004) failed" in reason["remedy"]
    small = ("job=32", "recipe.parallel.data=4")
    assert answer(study, both, *small)["feasible"]
    elsewhere = "job={accelerators: 32, seats: {map: [" + ", ".join(str(32 + rank) for rank in range(32)) + "]}}"
    moved = answer(study, both, elsewhere, "recipe.parallel.data=4")
    assert [(each["code"], each["by"]) for each in moved["reasons"]] == [("cut-off", 32)]


def test_cards_without_a_common_plane_are_told(study: Path) -> None:
    found = answer(study, failed("{links: [out-host-1, out-host-74]}"))
    assert [each["code"] for each in found["reasons"]] == ["cut-off"]
    assert found["reasons"][0]["by"] == 1
    assert "no packet changing planes" in found["reasons"][0]["remedy"]


def test_a_mesh_goes_round_what_failed_with_ideal_routing_never_faster(study: Path) -> None:
    ideal = (*on(DRAGONFLY), "fabric.scale_out.routing=adaptive")
    times = [time(study, *ideal, failed(f"{{links: {{count: {count}, of: mesh, seed: 1}}}}")) for count in (0, 1, 2, 4)]
    assert times == sorted(times)
    assert times[-1] > times[0]
    assert time(study, *on(DRAGONFLY), "fabric.scale_out.routing=valiant", failed("{switches: [router-8]}")) > 0


def test_a_routing_that_knows_no_way_says_so(study: Path) -> None:
    """Axis by axis there is one way between neighbours on an axis of two, and it has failed."""
    torus = "{topology: torus, switch: tomahawk-5, hosts: 16, routing: dimension-order}"
    sets = (*on(torus), "fabric.scale_out.dims=[2, 2]")
    found = answer(study, *sets, failed("{links: [out-mesh-1]}"))
    assert [each["code"] for each in found["reasons"]] == ["mesh-unreachable"]
    assert "'dimension-order'" in found["reasons"][0]["remedy"]
    assert answer(study, *sets, failed("{links: [out-mesh-1]}"), "fabric.scale_out.routing=ecmp")["feasible"]


def test_a_scale_up_domain_may_lose_some_of_its_switches(study: Path) -> None:
    rack = "fabric.scale_up={topology: switched, domain: 32, link: scale-up-optical, switch: tomahawk-5}"
    one = "fabric.scale_up.failed={switches: [scale-up-1.1]}"
    every = "fabric.scale_up.failed={switches: [scale-up-1]}"
    assert time(study, rack, one) > time(study, rack)
    found = answer(study, rack, every)
    assert [each["code"] for each in found["reasons"]] == ["cut-off"]
    assert "planes" not in found["reasons"][0]["remedy"]


def test_names_that_are_none_are_refused_at_their_line(study: Path) -> None:
    text = study.read_text(encoding="utf-8") + "    failed:\n      switches:\n        - leaf-1\n        - leaf-12\n"
    study.write_text(text, encoding="utf-8")
    with pytest.raises(ll.StudyError) as refused:
        answer(study)
    (fault,) = refused.value.faults
    assert (fault.key, fault.line) == ("fabric.scale_out.failed.switches.1", 22)
    assert fault.hint == "there are leaf-1 to leaf-4"


def test_rails_without_their_spines_are_rails_that_no_switch_joins(study: Path) -> None:
    rails = "{topology: rail-optimised, switch: tomahawk-4, planes: 1}"
    alone = answer(study, *on("{topology: rail-only, switch: tomahawk-4, planes: 1}"))
    spines = answer(study, *on(rails), failed("{switches: {share: 100 %, of: spine}}"))
    assert spines["step"] == alone["step"]
    seats = ", ".join(map(str, [*range(8), *range(15, 7, -1)]))
    turned = (f"job={{accelerators: 16, seats: {{map: [{seats}]}}}}", "recipe.parallel.data=2")
    found = answer(study, *on(rails), failed("{switches: {share: 100 %, of: spine}}"), *turned)
    assert [each["code"] for each in found["reasons"]] == ["cut-off"]


def test_a_job_of_one_scale_up_domain_needs_no_scale_out(study: Path) -> None:
    small = ("job=8", "recipe.parallel.data=1")
    gone = failed("{switches: {share: 100 %}}")
    assert time(study, *small, gone) == time(study, *small)
    assert [each["code"] for each in answer(study, gone)["reasons"]] == ["cut-off"]


BESIDE = "[{name: experts, topology: clos, switch: tomahawk-4, cards: 4, carries: [data]FAILED}]"


def test_a_fabric_beside_the_main_one_fails_by_itself(study: Path) -> None:
    """Traffic of data groups is on the other fabric: it alone waits for a leaf of that."""
    whole, beside, main = (
        answer(study, f"fabric.beside={BESIDE.replace('FAILED', what)}", *more)
        for what, more in (
            ("", ()),
            (", failed: {switches: [experts-leaf-001]}", ()),
            ("", (failed("{switches: [leaf-001]}"),)),
        )
    )
    assert "scale_out: failed, though bought and powered: 1 switch (experts-leaf-001)" in beside["assumptions"]
    assert [each["code"] for each in beside["reasons"]] == ["cut-off"]
    assert beside["reasons"][0]["stage"] == "scale_out.experts/host"
    assert main["step"] == whole["step"]
    with pytest.raises(ll.StudyError, match=r"fabric\.beside\.0\.failed\.switches\.0.*did you mean 'experts-leaf-1'"):
        answer(study, f"fabric.beside={BESIDE.replace('FAILED', ', failed: {switches: [expert-leaf-1]}')}")


CORE = "{topology: clos, switch: tomahawk-4, levels: 3, pod: 16, planes: 2, hosts_per_leaf: 8, core: {kind: KIND}}"


@pytest.mark.parametrize(("kind", "levels"), [("circuit", ["aggregation"]), ("hybrid", ["aggregation", "circuit"])])
def test_less_of_a_core_with_circuits_is_never_faster(study: Path, kind: str, levels: list[str]) -> None:
    core = f"fabric.scale_out={CORE.replace('KIND', kind)}"
    whole = time(study, core)
    assert time(study, core, failed("{switches: [aggregation-001]}")) > whole
    for level in levels:
        assert time(study, core, failed(f"{{links: {{share: 60 %, of: {level}}}}}")) >= whole


def test_the_example_of_the_page_is_slower_and_costs_the_same() -> None:
    whole = ll.evaluate(ll.load("llama3-405b-16k")).to_dict()
    left = ll.evaluate(ll.load(EXAMPLE)).to_dict()
    assert left["step"]["time_s"] > whole["step"]["time_s"]
    assert left["cost"]["capital_usd"] == whole["cost"]["capital_usd"]
