"""A study over two sites, end to end: what crosses, how long it takes, what it draws and costs, and what is refused.

Protects hand counts of a small job: four data ranks in a ring over two sites of two nodes, so that two hops of four are
long; and the bill of one line. Source: the ring's definition, the catalog's figures of the line.
"""

from pathlib import Path
from typing import Any

import pytest

import lightloom as ll
from lightloom.fabric.line_report import line_report
from lightloom.photonics.request import LinkPolicy
from lightloom.study.line import load_line

STUDY = """\
name: eight billion on two sites
model: llama-3.1-8b
recipe:
  sequence: 8192
  batch: 64 sequences
  parallel: {tensor: 8, pipeline: 1, data: 4}
  micro_batch: 1
  precision: bf16
  sharding: zero-1
  stack: megatron-core
cluster: {accelerator: h100-sxm-80gb, count: 32, node: dgx-h100}
job: 32
fabric:
  scale_up: {topology: switched, domain: 8, link: nvlink4}
  scale_out: {topology: clos, switch: tomahawk-4}
  scale_across: {sites: 2, distance: 80 km, wavelengths: 8, module: 400zr, launch: 0 dBm}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    file = tmp_path / "two.yaml"
    file.write_text(STUDY, encoding="utf-8")
    return file


def answer(study: Path, *sets: str) -> dict[str, Any]:
    return ll.evaluate(ll.load(study, sets)).to_dict()


def level(found: dict[str, Any], domain: str, name: str) -> dict[str, Any]:
    return next(each for each in found["network"] if (each["domain"], each["level"]) == (domain, name))


def test_half_of_the_ring_crosses_and_the_borders_carry_it(study: Path) -> None:
    found = answer(study)
    sent = level(found, "scale_out", "host")["bytes_per_step_per_accelerator"]
    assert sent > 0
    for name in ("site", "border"):
        assert level(found, "scale_across", name)["bytes_per_step_per_accelerator"] == pytest.approx(sent / 2)


def test_fewer_wavelengths_are_slower_and_more_than_enough_change_nothing(study: Path) -> None:
    times = [answer(study, f"fabric.scale_across.wavelengths={n}")["step"]["time_s"] for n in (1, 2, 4, 8, 64)]
    assert times == sorted(times, reverse=True)
    assert times[0] > 1.05 * times[-1]
    # From 8 wavelengths on a ring of each of the 8 tensor ranks has as much as its network card.
    assert times[3] == pytest.approx(times[4])


def test_a_thin_line_binds_and_says_what_it_is_worth(study: Path) -> None:
    found = answer(study, "fabric.scale_across.wavelengths=1")
    assert level(found, "scale_across", "site")["exposed_s"] > 0
    elasticity = found["balance"]["elasticity"]
    assert 0 < elasticity["scale_across_bandwidth"] <= elasticity["scale_out_bandwidth"] + 1e-9
    assert "scale_across_bandwidth" not in answer(study, "fabric.scale_across=null")["balance"]["elasticity"]


def test_distance_costs_time_and_money_never_saves_them(study: Path) -> None:
    near, far = (answer(study, f"fabric.scale_across.distance={km} km") for km in (20, 80))
    assert near["step"]["time_s"] <= far["step"]["time_s"]
    assert near["cost"]["capital_usd"] < far["cost"]["capital_usd"]


def test_the_bill_of_the_line_by_hand(study: Path) -> None:
    found = answer(study)
    rows = {row["item"]: row for row in found["cost"]["rows"]}
    expected = {
        "line amplifier (c-band-g652)": (4, 6000.0),  # booster and preamplifier, both directions
        "multiplexer port (c-band-g652)": (16, 300.0),
        "fibre pair, a kilometre (c-band-g652)": (80, 2000.0),
        "module or engine (400zr)": (16, 3000.0),
        "border switch (tomahawk-5)": (2, 95000.0),
        "spine switch for the border (tomahawk-4)": (2, 43000.0),
    }
    for item, (count, each) in expected.items():
        assert (rows[item]["count"], rows[item]["usd_each"]) == (count, each), item
    watts = {row["item"]: row for row in found["power"]["rows"]}
    assert watts["line amplifier (c-band-g652)"]["w_total"] == pytest.approx(4 * 30.0)
    assert watts["module or engine (400zr)"]["w_total"] == pytest.approx(16 * 18.0)


def test_the_line_is_judged_as_by_the_verb(study: Path) -> None:
    product = level(answer(study), "scale_across", "site")["products"][0]
    # 0 dBm - 21.5 dB - 6 dB + 58 dB at the bad ends: 30.4 dB, less 0.1 dB of interference and 26 dB needed.
    assert product["spec_min"]["margin_db"] == pytest.approx(4.35, abs=0.1)
    assert product["ends"] == ["400zr", "400zr"]


def test_a_line_that_does_not_close_makes_the_study_infeasible(study: Path) -> None:
    found = answer(study, "fabric.scale_across.distance=300 km")
    assert not found["feasible"]
    (reason,) = found["reasons"]
    assert (reason["code"], reason["stage"]) == ("link-does-not-close", "scale_across.site")
    assert "300 km is beyond the 120 km of 400zr" in reason["remedy"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("fabric.scale_across.sites=3", "fabric.scale_across.sites: 32 accelerators are not 3 equal sites"),
        ("fabric.scale_across.module=400zx", "fabric.scale_across.module: the catalog has no links/400zx"),
        ("fabric.scale_across.module=400g-dr4", "fabric.scale_across.module: '400g-dr4' is no coherent module"),
        ("fabric.scale_across.module=800zr", "fabric.scale_across.required_osnr: the required osnr of '800zr'"),
        ("fabric.scale_across.distance=null", "fabric.scale_across.distance: is missing"),
        ("fabric.scale_across.distance=-5 km", "fabric.scale_across.distance"),
        ("fabric.scale_across.wavelengths=0", "fabric.scale_across.wavelengths"),
        ("fabric.scale_out.core=circuit", "fabric.scale_out.core: circuits at the top of a site have no packet switch"),
        ("fabric.scale_out.core=hybrid", "fabric.scale_out.core: circuits are set for one site"),
        (
            "fabric.scale_out={topology: torus, dims: [2, 2], hosts: 4}",
            "fabric.scale_out.topology: stands in no tiers",
        ),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(study: Path, change: str, told: str) -> None:
    with pytest.raises(ll.StudyError, match="fabric") as refused:
        answer(study, change)
    assert told in str(refused.value)


def test_a_torus_of_accelerators_stands_at_every_site(study: Path) -> None:
    torus = "fabric.scale_up={topology: torus, dims: [4, 2], domain: null, link: null, links: {mesh: nvlink4}}"
    found = answer(study, torus)
    assert found["feasible"]
    domains = 4
    assert level(found, "scale_up", "mesh")["cables"] == domains * 8 * 3 // 2  # of a dimension of two, one cable


def test_a_hub_joins_more_than_two(study: Path) -> None:
    found = answer(study, "fabric.scale_across.topology=hub", "fabric.scale_across.sites=4")
    assert level(found, "scale_across", "site")["cables"] == 4 * 8
    assert any(row["item"].startswith("hub switch") for row in found["cost"]["rows"])


def test_the_budget_of_a_line_is_that_of_its_noise(study: Path, tmp_path: Path) -> None:
    site = level(answer(study), "scale_across", "site")["products"][0]
    file = tmp_path / "spans.yaml"
    file.write_text("module: 400zr\nlaunch: 0 dBm\nchannels: 8\nspans: [80 km]\n", encoding="utf-8")
    name, line = load_line(file)
    told: Any = line_report(name, line, LinkPolicy())
    assert site["budget"]["rows"] == told["rows"]
    assert sum(row["db"] for row in site["budget"]["rows"]) == pytest.approx(site["spec_min"]["margin_db"])
    assert site["budget"]["connectors"] is None
    border = level(answer(study), "scale_across", "border")["products"][0]
    assert {row["item"] for row in border["budget"]["rows"]}.isdisjoint(row["item"] for row in told["rows"])
