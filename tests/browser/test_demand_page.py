"""The page of a demand in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone.

Protects: a page of ``lightloom demand --report`` can be mailed and opened offline, in light and dark; no number on it
differs from the answer it was made from; the wall stands after the last domain that copper carries whole.
"""

import copy
import json
import shlex
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from lightloom.cli.main import lightloom
from lightloom.report.demand_page import render_demand

pytestmark = pytest.mark.browser

TRAYS = (
    "qwen3-235b-256 --set cluster.accelerator=gb200-186gb --set cluster.node=gb200-tray "
    '--set "fabric.scale_up={domain: 4, link: nvlink5-backplane}" --rack-power 132kW --lane-rate 400Gb/s'
)
ASKED = {"whole": "qwen3-235b-256", "one": "qwen3-235b-256 --domain 8", "unpriced": TRAYS}
SCREENS = [*product(("whole",), ("light", "dark"), (1280, 800, 390)), *product(("one", "unpriced"), ("dark",), (390,))]
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
TAGGED = """() => [...document.querySelectorAll('[data-key]')].map(
    element => [element.dataset.key, element.dataset.value])"""
OUTSIDE = """() => [...document.querySelectorAll('main *, header *')].filter(element => {
    const box = element.getBoundingClientRect();
    const inside = element.closest('.scroll, nav, details:not([open]), svg');
    return !inside && box.width && (box.right > window.innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 90))"""
ROWS = """() => [...document.querySelectorAll('#wall .row:not(.foot)')].map(row => {
    const cells = [...row.querySelectorAll('.in-cell')].map(text => [text.textContent, text.getBoundingClientRect()]);
    const wall = row.querySelector('.wall');
    return {words: cells.map(([words]) => words), lefts: cells.map(([, box]) => box.left),
            wall: wall ? wall.getBoundingClientRect().left : null, shows: row.querySelector('strong').textContent};
})"""


class Watched:
    """A page that remembers what it asked for and what went wrong."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(path.as_uri())


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    return {
        name: json.loads(CliRunner().invoke(lightloom, ["demand", *shlex.split(typed), "--json"]).stdout)
        for name, typed in ASKED.items()
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, answers: dict[str, dict[str, Any]]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("demand")
    for name, answer in answers.items():
        (folder / f"{name}.html").write_text(render_demand(answer, command=f"lightloom demand {ASKED[name]}"))
    return {name: folder / f"{name}.html" for name in answers}


@pytest.fixture(params=SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def shown(request: pytest.FixtureRequest, browser: Browser, pages: dict[str, Path]) -> Iterator[Watched]:
    name, scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield Watched(context.new_page(), pages[name])
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_asks_for_nothing_and_stays_within_the_screen(shown: Watched) -> None:
    assert shown.requests == [shown.path.as_uri()]
    assert shown.errors == []
    width, room = shown.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room
    assert shown.page.evaluate(OUTSIDE) == []


def test_charts_keep_room_to_be_read(shown: Watched) -> None:
    narrowest = shown.page.evaluate("Math.min(...[...document.querySelectorAll('.draw')].map(e => e.clientWidth))")
    assert narrowest >= 120


def test_numbers_in_cells_and_on_axes_do_not_run_into_each_other(shown: Watched) -> None:
    overlaps = shown.page.evaluate(
        """() => [...document.querySelectorAll('svg[aria-hidden], svg.cells')].flatMap(drawing => {
            const boxes = [...drawing.querySelectorAll('.tick, .in-cell')].map(text => text.getBoundingClientRect());
            return boxes.slice(1).filter((box, i) => box.left < boxes[i].right && box.top < boxes[i].bottom
                && boxes[i].top < box.bottom && boxes[i].left < box.right).map(box => box.left);
        })"""
    )
    assert overlaps == []


@pytest.mark.parametrize("name", ASKED)
def test_every_number_is_that_of_the_json(
    page: Page, pages: dict[str, Path], answers: dict[str, dict[str, Any]], name: str
) -> None:
    tagged = Watched(page, pages[name]).page.evaluate(TAGGED)
    wrong = [(key, value) for key, value in tagged if json.loads(value) != _at(answers[name], key.split("."))]
    assert wrong == []
    assert len(tagged) > 80


def test_the_wall_stands_after_the_last_domain_that_copper_carries_whole(
    page: Page, pages: dict[str, Path], answers: dict[str, dict[str, Any]]
) -> None:
    rows = Watched(page, pages["whole"]).page.evaluate(ROWS)
    rates = [row["rate_bps"] for row in reversed(answers["whole"]["lane_rates"])]
    assert len(rows) == len(rates)
    for row, rate in zip(rows, rates, strict=True):
        shares = [cell["copper"]["mid"] for cell in answers["whole"]["cells"] if cell["lane_rate_bps"] == rate]
        whole = sum(1 for share in shares if share == 1.0)
        assert row["words"][:whole] == ["100"] * whole
        assert row["lefts"][whole - 1] < row["wall"] < row["lefts"][whole] + 60
        ended = [end for end in answers["whole"]["ends"] if end["lane_rate_bps"] == rate]
        assert row["shows"] == f"{ended[-1]['domain']['mid']:,.0f}"


def test_what_is_not_known_is_said(page: Page, pages: dict[str, Path]) -> None:
    beyond = Watched(page, pages["unpriced"]).page.locator("#beyond")
    assert "The catalog holds no optics of this lane rate" in beyond.inner_text()


def test_verdict_stands_on_the_first_screen(page: Page, pages: dict[str, Path], answers: dict[str, Any]) -> None:
    Watched(page, pages["whole"])
    assert page.locator(".headline").inner_text() == answers["whole"]["verdict"][0]
    box = page.locator(".verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900


def test_hostile_names_stay_text(page: Page, tmp_path: Path, answers: dict[str, Any]) -> None:
    answer = copy.deepcopy(answers["one"])
    answer["scenario"]["name"] = answer["generations"]["accelerators"][0]["title"] = HOSTILE
    answer["verdict"] = answer["assumptions"] = answer["warnings"] = [HOSTILE]
    answer["sources"] = [{"id": HOSTILE, "title": HOSTILE, "where": HOSTILE}]
    answer["tiers"][0]["level"] = answer["cells"][0]["rows"][0]["product"] = HOSTILE
    path = tmp_path / "hostile.html"
    path.write_text(render_demand(answer, command=HOSTILE))
    watched = Watched(page, path)
    assert watched.requests == [path.as_uri()]
    assert watched.errors == []
    assert page.evaluate("document.querySelectorAll('script, main img, [onerror]').length") == 0


def _at(value: Any, keys: list[str]) -> Any:
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value
