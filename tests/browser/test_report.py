"""The report in a real browser: what only such a page says.

Protects: the numbers that decide, the verdict and what stands in a design's way are seen first, in light and dark.
"""

import copy
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

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
    visit: Callable[..., Any], reports: Any, demo: dict[str, Any]
) -> None:
    there = {(run, key) for run, key, _ in visit(reports.paths["five"]).tags()}
    missing = {(run, key) for run in range(len(demo["evaluations"])) for key in HEADLINES} - there
    assert missing == set()


def test_verdict_stands_on_the_first_screen_with_its_first_sentence_largest(
    visit: Callable[..., Any], reports: Any, demo: dict[str, Any]
) -> None:
    watched = visit(reports.paths["five"])
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
    answer["network"][0]["products"][0]["reason"] = answer["goodput"]["rows"][0]["group"] = hostile
    answer["balance"]["hidden"] = answer["assumptions"] = answer["warnings"] = [hostile]
    answer["sources"] = [{"id": hostile, "title": hostile, "where": "javascript:document.title='owned'"}]
    answer["feasible"], answer["reasons"] = False, [{"code": hostile, "remedy": hostile, "unit": hostile, "by": 1.0}]
    page = harmless(render([answer], [hostile], title=hostile, command=hostile))
    assert page.title() == hostile
    assert page.evaluate("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0


def test_an_infeasible_design_says_why_on_the_first_screen(
    visit: Callable[..., Any], reports: Any, unfit: dict[str, Any]
) -> None:
    watched = visit(reports.paths["unfit"])
    page = watched.page
    reasons = page.locator(".reasons")
    (reason,) = unfit["evaluations"][1]["reasons"]
    assert f"out of memory, stage {reason['stage']}, by {amount(reason['by'])}" in reasons.inner_text()
    assert reason["remedy"] in reasons.inner_text()
    assert watched.bottom(".reasons") < 900
    judged = page.locator(".failed .better, .failed .worse")
    assert judged.count() == 0


def test_an_open_link_is_marked_where_it_is(visit: Callable[..., Any], reports: Any, unlit: dict[str, Any]) -> None:
    watched = visit(reports.paths["unlit"])
    page = watched.page
    lane = page.locator(".lane", has=page.locator(".bad"))
    assert lane.count() == 1
    assert "scale-out leaf" in lane.inner_text()
    leaf = unlit["evaluations"][0]["network"][2]["products"][0]
    assert leaf["reason"] in lane.inner_text()


def _pixels(png: bytes) -> bytes:
    """Return the unpacked image data of a PNG file."""
    position, packed = 8, b""
    while position < len(png):
        size = int.from_bytes(png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            packed += png[position + 8 : position + 8 + size]
        position += size + 12
    return zlib.decompress(packed)
