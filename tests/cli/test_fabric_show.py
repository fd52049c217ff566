"""The verb ``fabric show``: what a person and a program are told of networks, without a job.

Facts protected: counts of the shipped Llama 3 study are those of its construction (arXiv 2407.21783: pods of 3,072
under 16 leaves of two servers a rack, oversubscription 1:7 above, which whole ports make 6.86), parts add up to what
they cost, cables to what there are, ways to all the traffic; refusals say what there is; text fits 80 columns.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom

LLAMA, QWEN = "llama3-405b-16k", "qwen3-235b-256"
SLIM_FLY = "{topology: slim-fly, q: 5, hosts: 6, switch: tomahawk-5, levels: null, links: null}"


def asked(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(lightloom, ["fabric", "show", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.mark.parametrize("study", [LLAMA, f"{LLAMA}-ocs", QWEN, f"{QWEN}-scaleup"])
def test_parts_add_up(study: str) -> None:
    answer = asked(study)
    assert sum(row["usd_total"] for row in answer["parts"]) == pytest.approx(answer["cost"]["usd"])
    assert sum(row["w_total"] for row in answer["parts"]) == pytest.approx(answer["power"]["w"])
    assert sum(row["count"] for row in answer["cables"]) == answer["totals"]["cables"]
    assert sum(row["fibres"] for row in answer["cables"]) == answer["totals"]["fibres"]
    for network in answer["networks"]:
        assert sum(row["share"] for row in network["hops"]["shares"]) == pytest.approx(1.0)
        for row in network["switches"]:
            assert row["ports"] is None or row["ports_used"] + row["ports_free"] == row["ports"]
            assert row["ports"] is None or row["ports_free"] >= 0


def test_cost_and_power_are_those_of_the_evaluation() -> None:
    network = {"switch", "circuit-switch", "optics", "copper", "fibre"}
    evaluation = ll.evaluate(ll.load(f"{LLAMA}-ocs")).to_dict()
    shown = asked(f"{LLAMA}-ocs")
    dollars = sum(row["usd_total"] for row in evaluation["cost"]["rows"] if row["group"] in network)
    watts = sum(row["w_total"] for row in evaluation["power"]["rows"] if row["group"] in network)
    assert (shown["cost"]["usd"], shown["power"]["w"]) == pytest.approx((dollars, watts))


def test_llama_is_counted_as_it_is_built() -> None:
    answer = asked(LLAMA, "--path", "0", "20000")
    up, out = answer["networks"]
    assert (up["islands"], up["endpoints"], up["hops"]["diameter"]) == (3072, 8, 2)
    assert {row["tier"]: (row["boxes"], row["chips"]) for row in out["switches"]} == {
        "leaf": (1536, 1536), "aggregation": (128, 1408), "core": (56, 56)
    }  # fmt: skip
    pods = out["levels"][-1]
    assert (pods["level"], pods["blocks"], pods["endpoints"]) == ("aggregation", 8, 3072)
    assert pods["oversubscription"] == pytest.approx(48 / 7)
    upwards = 448 * 50e9  # of each of a pod's 3072/48*7 links
    assert out["bisection"] == {"bytes_per_s": 4 * upwards, "how": "exact", "limited_by": "scale_out.aggregation"}
    each = upwards * 24575 / (3072 * (24576 - 3072))
    assert out["all_to_all"]["bytes_per_s_per_accelerator"] == pytest.approx(each)
    assert (out["hops"]["diameter"], out["ways"]["least"], out["ways"]["median"]) == (6, 16, 3584)
    assert answer["path"]["ways"] == 3584 == 16 * 56 * 4
    assert [row["count"] for row in answer["path"]["stages"]] == [1, 1, 16, 56, 16, 1, 1]


def test_circuits_are_a_hop_less_and_only_bound() -> None:
    out = asked(f"{LLAMA}-ocs")["networks"][1]
    assert out["hops"]["diameter"] == 5
    assert {out[key]["how"] for key in ("bisection", "all_to_all", "all_gather", "all_reduce")} == {"bound"}
    assert out["levels"][-1]["joined_by"] == "circuits"


def test_ways_carry_all_of_the_traffic() -> None:
    path = asked(QWEN, "--path", "0", "37")["path"]
    assert (path["domain"], path["routing"], path["ways"]) == ("scale_out", "ecmp", 4)
    assert sum(way["share"] for way in path["listed"]) == pytest.approx(1.0)
    assert asked(QWEN, "--path", "0", "7")["path"]["domain"] == "scale_up"


def test_a_slim_fly_is_two_hops_between_routers() -> None:
    out = asked(QWEN, "--set", f"fabric.scale_out={SLIM_FLY}")["networks"][1]
    assert out["hops"]["diameter"] == 2 + 2
    assert out["picture"]["layout"] == "groups"
    assert (len(out["picture"]["vertices"]), len(out["picture"]["links"])) == (50, 175)
    assert {vertex["place"][0] for vertex in out["picture"]["vertices"]} == set(range(10))


def test_the_same_question_gives_the_same_bytes_as_python() -> None:
    found = ll.show_fabric(ll.load(QWEN), (0, 37))
    assert json.loads(found.to_json()) == asked(QWEN, "--path", "0", "37")


@pytest.mark.parametrize("study", [LLAMA, f"{LLAMA}-ocs", f"{QWEN}-scaleup"])
def test_text_fits_eighty_columns(study: str) -> None:
    done = CliRunner().invoke(lightloom, ["fabric", "show", study, "--path", "0", "200"], env={"NO_COLOR": "1"})
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--path", "0", "256"], "there is no accelerator 256; choose from 0 to 255"),
        (["--path", "-1", "300"], "there is no accelerator -1"),
        (["--path", "3", "3"], "accelerator 3 needs no way to itself"),
        (
            ["--set", f"fabric.scale_out={SLIM_FLY.replace('hosts', 'routing: dimension-order, hosts')}"],
            "fabric.scale_out.routing: dimension order needs a grid",
        ),
        (
            ["--set", f"fabric.scale_out={SLIM_FLY.replace('hosts', 'routing: adaptive, hosts')}", "--path", "0", "99"],
            "an adaptive routing has no ways of its own",
        ),
    ],
)
def test_refusals_say_what_there_is(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(lightloom, ["fabric", "show", QWEN, *arguments])
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.output


def test_a_report_is_written_over_no_other_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("mine")
    done = CliRunner().invoke(lightloom, ["fabric", "show", QWEN, "--report", str(mine)])
    assert (done.exit_code, mine.read_text()) == (2, "mine")
    page = tmp_path / "fabric.html"
    for _ in range(2):
        assert CliRunner().invoke(lightloom, ["fabric", "show", QWEN, "--report", str(page)]).exit_code == 0
    text = page.read_text()
    assert "<script" not in text
    assert f"lightloom fabric show {QWEN}" in text


TORUS = "{topology: torus, dims: [4, 4, 2], hosts: 8, switch: tomahawk-5, levels: null, links: null, failed: FAILED}"


def test_what_failed_is_told_of_its_own_fabric_only() -> None:
    beside = "fabric.beside=[{name: experts, cards: 4, topology: clos, switch: tomahawk-4, failed: FAILED}]"
    change = ["--set", beside.replace("FAILED", "{switches: [experts-spine-1]}"), "--set", "fabric.scale_out.cards=4"]
    up, main, experts = (network["failed"] for network in asked(QWEN, *change)["networks"])
    assert (up, main) == (None, None)
    assert experts["switches"] == ["experts-spine-001"]


def test_what_failed_leaves_less_and_who_is_cut_off_is_told() -> None:
    """A leaf of a rail has 32 of 256 network cards; the others keep their own bandwidth."""
    whole, left = (
        asked(QWEN, *change)["networks"][1]
        for change in ([], ["--set", "fabric.scale_out.failed={switches: [leaf-001]}"])
    )
    assert whole["failed"] is None
    assert left["failed"] == {"switches": ["leaf-001"], "links": [], "cut_off": 32}
    assert left["endpoints"] == 256 - 32
    assert left["bisection"]["bytes_per_s"] == 112 * 50e9
    refused = CliRunner().invoke(
        lightloom,
        ["fabric", "show", QWEN, "--set", "fabric.scale_out.failed={switches: [leaf-001]}", "--path", "0", "9"],
    )
    assert "failures leave no way between accelerators 0 and 9" in refused.stderr


def test_ways_are_those_of_every_fabric_that_joins_two_accelerators() -> None:
    rails = ["--set", "fabric.scale_out={topology: rail-only, switch: quantum-2, cards: 4, transport: infiniband}"]
    beside = "fabric.beside=[{name: experts, cards: 4, topology: TOPOLOGY, switch: tomahawk-4}]"
    clos = ["--set", beside.replace("TOPOLOGY", "clos")]
    same, other = (asked(QWEN, *rails, *clos, "--path", "0", target)["path"] for target in ("32", "100"))
    assert (same["fabric"], [way["fabric"] for way in same["beside"]]) == ("", ["experts"])
    assert (other["fabric"], other["beside"]) == ("experts", [])
    both = [*rails, "--set", beside.replace("TOPOLOGY", "rail-only")]
    for networks in (["--set", rails[1].replace("cards: 4, ", "")], both):
        refused = CliRunner().invoke(lightloom, ["fabric", "show", QWEN, *networks, "--path", "0", "102"])
        assert refused.stderr == (
            "error: no switch joins the rails of accelerators 0 and 102; choose two of one rail\n"
        )


def test_circuits_join_what_packet_switches_that_failed_did() -> None:
    """Of a hybrid core whose spines have all failed, circuits are left: one network, and as wide as those."""
    core = ["--set", "fabric.scale_out={topology: clos, switch: quantum-2, core: hybrid, transport: infiniband}"]
    gone = ["--set", "fabric.scale_out.failed={switches: {share: 100 %, of: spine}}"]
    whole, left = (asked(QWEN, *core, *change)["networks"][1] for change in ([], gone))
    assert (whole["islands"], left["islands"]) == (1, 1)
    assert left["levels"][-1]["up_bytes_per_s"] == whole["levels"][-1]["up_bytes_per_s"] / 2


@pytest.mark.parametrize("failed", ["{links: {count: 10, of: mesh}}", "{switches: [router-003]}"])
def test_a_mesh_is_measured_as_far_as_it_stands(failed: str) -> None:
    whole, left = (
        asked(QWEN, "--set", f"fabric.scale_out={TORUS.replace('FAILED', what)}")["networks"][1]
        for what in ("null", failed)
    )
    assert left["all_to_all"]["bytes_per_s_per_accelerator"] < whole["all_to_all"]["bytes_per_s_per_accelerator"]
    assert left["all_to_all"]["routed"]["bytes_per_s_per_accelerator"] <= (
        left["all_to_all"]["bytes_per_s_per_accelerator"] * (1 + 1e-9)
    )
    assert left["bisection"]["bytes_per_s"] < whole["bisection"]["bytes_per_s"]
    assert left["hops"]["mean"] > whole["hops"]["mean"] - 0.01
    assert left["failed"]["cut_off"] == (8 if "router" in failed else 0) == 256 - left["accelerators"]


def test_ways_of_a_scale_up_domain_are_those_over_switches_that_work() -> None:
    """Forty switches of eight domains, two of the five of one failed; another has lost a link of an accelerator's."""
    rack = "{topology: switched, domain: 32, link: scale-up-optical, switch: tomahawk-5, failed: FAILED}"
    failed = "{switches: [scale-up-003.2, scale-up-003.3], links: [up-host-1]}"
    whole, left = (
        asked(QWEN, "--set", f"fabric.scale_up={rack.replace('FAILED', what)}")["networks"][0]
        for what in ("null", failed)
    )
    assert (whole["ways"]["least"], left["ways"]["least"]) == (5, 3)
    assert left["picture"]["vertices"][0]["name"] == "accelerator 64", "of two islands with failures, the larger"
    assert left["failed"]["cut_off"] == 1
