"""The page of a demand in a real browser: what only such a page says.

Protects: the wall stands after the last domain that copper carries whole, and what is not known is said.
"""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from lightloom.report.demand_page import render_demand

pytestmark = pytest.mark.browser

ROWS = """() => [...document.querySelectorAll('#wall .row:not(.foot)')].map(row => {
    const cells = [...row.querySelectorAll('.in-cell')].map(text => [text.textContent, text.getBoundingClientRect()]);
    const wall = row.querySelector('.wall');
    return {words: cells.map(([words]) => words), lefts: cells.map(([, box]) => box.left),
            wall: wall ? wall.getBoundingClientRect().left : null, shows: row.querySelector('strong').textContent};
})"""


def test_the_wall_stands_after_the_last_domain_that_copper_carries_whole(
    look: Callable[..., Any], demands: Any
) -> None:
    rows = look(demands.paths["whole"]).page.evaluate(ROWS)
    (answer,) = demands.answers["whole"]
    rates = [row["rate_bps"] for row in reversed(answer["lane_rates"])]
    assert len(rows) == len(rates)
    for row, rate in zip(rows, rates, strict=True):
        shares = [cell["copper"]["mid"] for cell in answer["cells"] if cell["lane_rate_bps"] == rate]
        whole = sum(1 for share in shares if share == 1.0)
        assert row["words"][:whole] == ["100"] * whole
        assert row["lefts"][whole - 1] < row["wall"] < row["lefts"][whole] + 60
        ended = [end for end in answer["ends"] if end["lane_rate_bps"] == rate]
        assert row["shows"] == f"{ended[-1]['domain']['mid']:,.0f}"


def test_what_is_not_known_is_said(look: Callable[..., Any], demands: Any) -> None:
    beyond = look(demands.paths["unpriced"]).page.locator("#beyond")
    assert "The catalog holds no optics of this lane rate" in beyond.inner_text()


def test_verdict_stands_on_the_first_screen(look: Callable[..., Any], demands: Any) -> None:
    watched = look(demands.paths["whole"])
    (answer,) = demands.answers["whole"]
    assert watched.page.locator(".headline").inner_text() == answer["verdict"][0]
    assert watched.bottom(".verdict") < 900


def test_hostile_names_stay_text(harmless: Callable[[str], Page], demands: Any, hostile: str) -> None:
    answer = copy.deepcopy(demands.answers["one"][0])
    answer["scenario"]["name"] = answer["generations"]["accelerators"][0]["title"] = hostile
    answer["verdict"] = answer["assumptions"] = answer["warnings"] = [hostile]
    answer["sources"] = [{"id": hostile, "title": hostile, "where": hostile}]
    answer["tiers"][0]["level"] = answer["cells"][0]["rows"][0]["product"] = hostile
    harmless(render_demand(answer, command=hostile))
