"""The page of a link in a real browser: what only such a page says.

Protects: every line of the power budget is on it, its waterfall ends where its margin says, the verdict comes first.
"""

import copy
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from lightloom.report.link_page import render_link

pytestmark = pytest.mark.browser

NAMES = ("closes", "fails", "mixed", "unknown", "copper", "board")
STEPS = """() => [...document.querySelectorAll('#budget .row:not(.foot)')].map(row => {
    const bar = row.querySelector('rect[class]'), at = mark => row.querySelector(mark).getBoundingClientRect().left;
    const box = bar ? bar.getBoundingClientRect() : null;
    return {bar: box ? [box.left, box.right] : null, end: at('.end'), limit: at('.limit')};
})"""


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_budget_and_every_answer_is_on_the_page(
    look: Callable[..., Any], links: Any, name: str
) -> None:
    keys = {key for _, key, _ in look(links.paths[name]).tags()}
    assert {"spec_min.margin_db", "distribution.closes_share", "turn_up.failing", "latency_s", "usd"} <= keys
    assert {f"rows.{index}.db" for index in range(len(links.answers[name][0]["rows"]))} <= keys


@pytest.mark.parametrize("name", NAMES)
def test_the_waterfall_falls_without_gaps_and_ends_at_the_limit(
    look: Callable[..., Any], links: Any, name: str
) -> None:
    page = look(links.paths[name]).page
    rows = page.evaluate(STEPS)
    for before, after in pairwise(rows):
        assert min(abs(edge - before["end"]) for edge in after["bar"]) < 2.0
    assert rows[-1]["end"] == pytest.approx(rows[-1]["limit"], abs=2.0)


@pytest.mark.parametrize(("name", "mark"), [("closes", "✓"), ("fails", "✕"), ("copper", "✓")])
def test_the_verdict_comes_first_and_says_both_modes(
    look: Callable[..., Any], links: Any, name: str, mark: str
) -> None:
    page = look(links.paths[name]).page
    headline = page.locator(".headline").inner_text()
    assert headline.startswith(mark)
    assert "guaranteed limits" in headline
    assert "of parts as they come" in headline


def test_curves_are_drawn_for_light_and_left_out_for_copper(look: Callable[..., Any], links: Any) -> None:
    page = look(links.paths["closes"]).page
    assert page.locator("polyline.curve").count() == 6
    assert page.locator("#errors").count() == 1
    page = look(links.paths["copper"]).page
    assert page.locator("polyline.curve").count() == 3
    assert page.locator("#errors").count() == 0


def test_hostile_words_stay_text(harmless: Callable[[str], Page], links: Any, hostile: str) -> None:
    answer = copy.deepcopy(links.answers["fails"][0])
    answer["ends"] = [hostile, hostile]
    answer["reason"] = answer["rows"][0]["how"] = answer["watts"]["boundary"] = hostile
    answer["rows"][1]["item"] = answer["waterfall"]["steps"][1]["item"] = hostile
    answer["alternatives"][0]["ends"] = [hostile]
    answer["alternatives"][0]["boundary"], answer["alternatives"][0]["same_boundary"] = hostile, False
    answer["remedies"] = [{"change": hostile, "margin_db": 0.1}]
    answer["unknowns"] = [hostile]
    answer["errors"][0]["link"] = hostile
    answer["curves"]["errors_by_power"]["with_laser_noise"][0]["name"] = hostile
    answer["figures"][0]["at"] = answer["sources"][0]["title"] = hostile
    assert harmless(render_link(answer, command=hostile)).title().startswith(hostile)
