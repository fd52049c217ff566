"""The report in a real browser: what only such a page says.

Protects: the numbers that decide, the verdict and what stands in a design's way are seen first, in light and dark; the
budget of every class of optical links is there, its bars as long as its decibels are many; where copper ends is what
the verb ``demand`` says of the same study.
"""

import copy
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

import lightloom as ll
from lightloom.report.formats import amount
from lightloom.report.html import render

pytestmark = pytest.mark.browser

HEADLINES = (
    "step.time_s",
    "throughput.tokens_per_s_per_accelerator",
    "throughput.mfu",
    "throughput.days_to_train",
    "cost.usd_per_million_tokens.mid",
    "cost.usd_per_million_tokens.low",
    "cost.usd_per_million_tokens.high",
    "cost.capital_usd",
    "energy.joules_per_token",
    "power.total_w",
    "network.0.cables",
    "network.0.exposed_s",
)
FALLS = """() => [...document.querySelectorAll('.panel.budget')].map(panel => {
    const box = element => { const {left, right} = element.getBoundingClientRect(); return [left, right]; };
    const dot = panel.querySelector('.dot').getBoundingClientRect();
    return {
        run: Number(panel.dataset.run),
        key: panel.querySelector('.fall [data-key]').dataset.key,
        bars: [...panel.querySelectorAll('.fall rect')].map(box),
        limit: box(panel.querySelector('.limit'))[0],
        dot: (dot.left + dot.right) / 2,
        ticks: [...panel.querySelectorAll('.tick')].map(box),
        words: [...panel.querySelectorAll('.fall text:not(.tick)')].map(box),
    };
})"""


@pytest.mark.parametrize("name", ["five", "one", "unfit", "unlit"])
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_screenshot_is_not_blank(visit: Callable[..., Any], reports: Any, name: str, scheme: str, width: int) -> None:
    watched = visit(reports.paths[name], scheme=scheme, width=width)
    assert len(set(_pixels(watched.page.screenshot()))) > 60


def test_dark_and_light_differ(visit: Callable[..., Any], reports: Any) -> None:
    ground = "getComputedStyle(document.querySelector('main section')).backgroundColor"
    schemes = ("light", "dark")
    assert len({visit(reports.paths["five"], scheme=scheme).page.evaluate(ground) for scheme in schemes}) == 2


def test_headline_numbers_of_every_design_are_on_the_page(
    look: Callable[..., Any], reports: Any, demo: dict[str, Any]
) -> None:
    there = {(run, key) for run, key, _ in look(reports.paths["five"]).tags()}
    missing = {(run, key) for run in range(len(demo["evaluations"])) for key in HEADLINES} - there
    assert missing == set()


def test_verdict_stands_on_the_first_screen_with_its_first_sentence_largest(
    look: Callable[..., Any], reports: Any, demo: dict[str, Any]
) -> None:
    watched = look(reports.paths["five"])
    page = watched.page
    headline = page.locator(".headline")
    assert headline.inner_text() == demo["verdict"][0]
    assert watched.bottom(".verdict") < 900
    sizes = page.evaluate(
        "[...document.querySelectorAll('h1, h2, .verdict p')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert max(sizes) == headline.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")


def test_hostile_names_stay_text(harmless: Callable[[str], Page], demo: dict[str, Any], hostile: str) -> None:
    answer = copy.deepcopy(demo["evaluations"][0])
    answer["scenario"]["name"] = answer["balance"]["binding"] = hostile
    answer["network"][0]["products"][0]["ends"] = [hostile, hostile]
    answer["network"][0]["level"] = answer["power"]["rows"][0]["group"] = answer["cost"]["rows"][0]["item"] = hostile
    answer["step"]["exposed_s"][hostile] = 0.1
    lit = answer["network"][3]["products"][0]
    lit["ends"] = [hostile, hostile]
    lit["budget"]["rows"][1]["item"] = lit["budget"]["waterfall"]["steps"][1]["item"] = hostile
    answer["network"][0]["products"][0]["reason"] = answer["goodput"]["rows"][0]["group"] = hostile
    answer["balance"]["hidden"] = answer["assumptions"] = answer["warnings"] = [hostile]
    answer["sources"] = [{"id": hostile, "title": hostile, "where": "javascript:document.title='owned'"}]
    answer["feasible"], answer["reasons"] = False, [{"code": hostile, "remedy": hostile, "unit": hostile, "by": 1.0}]
    page = harmless(render([answer], [hostile], title=hostile, command=hostile))
    assert page.title() == hostile
    assert page.evaluate("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0


def test_an_infeasible_design_says_why_on_the_first_screen(
    look: Callable[..., Any], reports: Any, unfit: dict[str, Any]
) -> None:
    watched = look(reports.paths["unfit"])
    page = watched.page
    reasons = page.locator(".reasons")
    (reason,) = unfit["evaluations"][1]["reasons"]
    assert f"out of memory, stage {reason['stage']}, by {amount(reason['by'])}" in reasons.inner_text()
    assert reason["remedy"] in reasons.inner_text()
    assert watched.bottom(".reasons") < 900
    judged = page.locator(".failed .better, .failed .worse")
    assert judged.count() == 0


def test_an_open_link_is_marked_where_it_is(look: Callable[..., Any], reports: Any, unlit: dict[str, Any]) -> None:
    watched = look(reports.paths["unlit"])
    page = watched.page
    lane = page.locator(".lane", has=page.locator(".bad"))
    assert lane.count() == 1
    assert "scale-out leaf" in lane.inner_text()
    leaf = unlit["evaluations"][0]["network"][2]["products"][0]
    assert leaf["reason"] in lane.inner_text()


def test_every_class_of_optical_links_has_its_margins_on_the_page(
    look: Callable[..., Any], reports: Any, demo: dict[str, Any]
) -> None:
    there = {(run, key) for run, key, _ in look(reports.paths["five"]).tags()}
    budgets = {
        (run, f"network.{level}.products.{place}.budget.{key}")
        for run, answer in enumerate(demo["evaluations"])
        for level, entry in enumerate(answer["network"])
        for place, product in enumerate(entry["products"])
        if product["medium"] == "fibre"
        for key in ("length_m", "margin_db.spec_min", "margin_db.p50")
    }
    assert len(budgets) > 20
    assert budgets - there == set()


@pytest.mark.parametrize("width", [1280, 390])
def test_bars_of_a_budget_are_as_long_as_its_decibels_are_many(
    visit: Callable[..., Any], reports: Any, demo: dict[str, Any], width: int
) -> None:
    page = visit(reports.paths["five"], width=width).page
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    drawn = page.evaluate(FALLS)
    assert len(drawn) == 5
    for fall in drawn:
        level, place = (int(part) for part in fall["key"].split(".")[1:4:2])
        product = demo["evaluations"][fall["run"]]["network"][level]["products"][place]
        budget = product["budget"]
        margin, median = budget["margin_db"]["spec_min"], budget["margin_db"]["p50"]
        assert margin == product["spec_min"]["margin_db"]
        lost = [step["end"] - step["start"] for step in budget["waterfall"]["steps"] if step["end"] != step["start"]]
        bars, limit = fall["bars"], fall["limit"]
        assert len(bars) == len(lost) + 1
        each_db = (fall["dot"] - limit) / median
        for (left, right), db in zip(bars, [*lost, margin], strict=True):
            assert right - left == pytest.approx(abs(db) * each_db, abs=1.5)
        for (left, _), (_, right) in pairwise(bars[:-1]):
            assert left == pytest.approx(right, abs=1.5)  # one takes up where the other ended
        assert bars[-1][1] == pytest.approx(bars[-2][0], abs=1.5)
        assert bars[-1][0] == pytest.approx(limit, abs=1.5)
        for name, number in zip(fall["words"][::2], fall["words"][1::2], strict=True):
            assert name[1] < number[0]
        for before, after in pairwise(fall["ticks"]):
            assert before[1] < after[0]


def test_where_copper_ends_is_what_demand_says(look: Callable[..., Any], reports: Any) -> None:
    tags = look(reports.paths["five"]).tags("demand")
    studies = {0: "llama3-405b-16k", 3: "qwen3-235b-256"}
    assert {run for run, *_ in tags} == set(studies)
    for run, study in studies.items():
        answer = ll.demand(ll.load(study)).to_dict()
        shown = {key: value for each, key, value in tags if each == run}
        cells = {f"cells.{place}.copper.mid": cell["copper"]["mid"] for place, cell in enumerate(answer["cells"])}
        assert {key: value for key, value in shown.items() if key.startswith("cells")} == cells
        ends = {key: value for key, value in shown.items() if key.startswith("ends")}
        assert len(ends) == len(answer["lane_rates"])
        for key, value in ends.items():
            assert answer["ends"][int(key.split(".")[1])]["domain"]["mid"] == value


def _pixels(png: bytes) -> bytes:
    """Return the unpacked image data of a PNG file."""
    position, packed = 8, b""
    while position < len(png):
        size = int.from_bytes(png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            packed += png[position + 8 : position + 8 + size]
        position += size + 12
    return zlib.decompress(packed)
