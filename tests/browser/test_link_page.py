"""The page of a link in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone.

Protects: a page of ``lightloom link --report`` can be mailed and opened offline, in light and dark, and no number on it
differs from the answer it was made from; its waterfall ends where its margin says.
"""

import json
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page

from lightloom.cli.main import lightloom
from lightloom.report.link_page import render_link

pytestmark = pytest.mark.browser

LINKS = {
    "closes": "800g-dr8 --length 350m",
    "fails": "400g-dr4 --length 500m --through palomar:2",
    "mixed": "800g-cpo --to 800g-dr8 --length 40m --mode distribution --margin 0.5dB",
    "unknown": "1.6t-dr8 --length 100m",
    "copper": "400g-dac --length 1.5m",
    "board": "nvlink4 --length 0.4m",
}
SCREENS = [
    *product(("fails",), ("light", "dark"), (1280, 800, 390)),
    *product([name for name in LINKS if name != "fails"], ("light",), (1280, 390)),
]
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
TAGGED = """() => [...document.querySelectorAll('[data-key]')].map(
    element => [element.dataset.key, element.dataset.value])"""
OUTSIDE = """() => [...document.querySelectorAll('main *, header *')].filter(element => {
    const box = element.getBoundingClientRect();
    const inside = element.closest('.scroll, nav, details:not([open]), svg');
    return !inside && box.width && (box.right > window.innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 90))"""
STEPS = """() => [...document.querySelectorAll('#budget .row:not(.foot)')].map(row => {
    const bar = row.querySelector('rect[class]'), at = mark => row.querySelector(mark).getBoundingClientRect().left;
    const box = bar ? bar.getBoundingClientRect() : null;
    return {bar: box ? [box.left, box.right] : null, end: at('.end'), limit: at('.limit')};
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
        name: json.loads(CliRunner().invoke(lightloom, ["link", *typed.split(), "--json"]).stdout)
        for name, typed in LINKS.items()
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, answers: dict[str, dict[str, Any]]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("links")
    for name, answer in answers.items():
        (folder / f"{name}.html").write_text(render_link(answer, command=f"lightloom link {LINKS[name]}"))
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


def test_numbers_of_an_axis_do_not_run_into_each_other(shown: Watched) -> None:
    overlaps = shown.page.evaluate(
        """() => [...document.querySelectorAll('svg[aria-hidden]')].flatMap(axis => {
            const boxes = [...axis.querySelectorAll('.tick')].map(text => text.getBoundingClientRect());
            return boxes.slice(1).filter((box, i) => box.left < boxes[i].right && box.top < boxes[i].bottom
                && boxes[i].top < box.bottom && boxes[i].left < box.right).map(box => box.left);
        })"""
    )
    assert overlaps == []


@pytest.mark.parametrize("name", LINKS)
def test_every_number_is_that_of_the_json(
    page: Page, pages: dict[str, Path], answers: dict[str, dict[str, Any]], name: str
) -> None:
    tagged = Watched(page, pages[name]).page.evaluate(TAGGED)
    wrong = [(key, value) for key, value in tagged if json.loads(value) != _at(answers[name], key.split("."))]
    assert wrong == []
    assert len(tagged) > 30
    keys = {key for key, _ in tagged}
    assert {"spec_min.margin_db", "distribution.closes_share", "turn_up.failing", "latency_s", "usd"} <= keys
    assert {f"rows.{index}.db" for index in range(len(answers[name]["rows"]))} <= keys


@pytest.mark.parametrize("name", LINKS)
def test_the_waterfall_falls_without_gaps_and_ends_at_the_limit(page: Page, pages: dict[str, Path], name: str) -> None:
    Watched(page, pages[name])
    rows = page.evaluate(STEPS)
    for before, after in pairwise(rows):
        assert min(abs(edge - before["end"]) for edge in after["bar"]) < 2.0
    assert rows[-1]["end"] == pytest.approx(rows[-1]["limit"], abs=2.0)


@pytest.mark.parametrize(("name", "mark"), [("closes", "✓"), ("fails", "✕"), ("copper", "✓")])
def test_the_verdict_comes_first_and_says_both_modes(page: Page, pages: dict[str, Path], name: str, mark: str) -> None:
    Watched(page, pages[name])
    headline = page.locator(".headline").inner_text()
    assert headline.startswith(mark)
    assert "guaranteed limits" in headline
    assert "of parts as they come" in headline


def test_curves_are_drawn_for_light_and_left_out_for_copper(page: Page, pages: dict[str, Path]) -> None:
    Watched(page, pages["closes"])
    assert page.locator("polyline.curve").count() == 6
    assert page.locator("#errors").count() == 1
    Watched(page, pages["copper"])
    assert page.locator("polyline.curve").count() == 3
    assert page.locator("#errors").count() == 0


def test_hostile_words_stay_text(page: Page, tmp_path: Path, answers: dict[str, dict[str, Any]]) -> None:
    answer = json.loads(json.dumps(answers["fails"]))
    answer["ends"] = [HOSTILE, HOSTILE]
    answer["reason"] = answer["rows"][0]["how"] = answer["watts"]["boundary"] = HOSTILE
    answer["rows"][1]["item"] = answer["waterfall"]["steps"][1]["item"] = HOSTILE
    answer["alternatives"][0]["ends"] = [HOSTILE]
    answer["alternatives"][0]["boundary"], answer["alternatives"][0]["same_boundary"] = HOSTILE, False
    answer["remedies"] = [{"change": HOSTILE, "margin_db": 0.1}]
    answer["unknowns"] = [HOSTILE]
    answer["errors"][0]["link"] = HOSTILE
    answer["curves"]["errors_by_power"]["with_laser_noise"][0]["name"] = HOSTILE
    answer["figures"][0]["at"] = answer["sources"][0]["title"] = HOSTILE
    path = tmp_path / "hostile.html"
    path.write_text(render_link(answer, command=HOSTILE))
    watched = Watched(page, path)
    assert watched.requests == [path.as_uri()]
    assert watched.errors == []
    assert page.title().startswith(HOSTILE)
    assert page.evaluate("document.querySelectorAll('script, main img, [onerror]').length") == 0


def _at(value: Any, keys: list[str]) -> Any:
    for key in keys:
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value
