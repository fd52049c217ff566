"""The report in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone, light and dark.

Protects: a report can be mailed and opened offline (no request, no script error), and no number on it differs from the
answer it was made from.
"""

import copy
import json
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lightloom.report.formats import amount
from lightloom.report.html import render

pytestmark = pytest.mark.browser

SCREENS = [
    *product(["five"], ("light", "dark"), (1280, 390)),
    ("five", "light", 800),
    *product(("one", "unfit", "unlit"), ("light",), (1280,)),
    *product(("one", "unfit", "unlit"), ("dark",), (390,)),
]
LEAST_TAGS = {"five": 1000, "one": 200, "unfit": 400, "unlit": 200}
HOSTILE = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
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
TAGGED = """() => [...document.querySelectorAll('[data-key]')].map(
    element => [element.closest('[data-run]').dataset.run, element.dataset.key, element.dataset.value])"""


class Watched:
    """A page that remembers what it asked for and what went wrong."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.requests, self.errors = page, [], []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(path.as_uri())
        self.path = path


@pytest.fixture(scope="module")
def answers(demo: dict[str, Any], unfit: dict[str, Any], unlit: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each page shows: the demo, one study, one of two that does not fit, one with links that do not close."""
    one = {"evaluations": demo["evaluations"][3:4], "verdict": []}
    return {"five": demo, "one": one, "unfit": unfit, "unlit": unlit}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, answers: dict[str, dict[str, Any]]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    for name, answer in answers.items():
        page = render(answer["evaluations"], answer["verdict"], title=f"Page {name}", command="lightloom compare")
        (folder / f"{name}.html").write_text(page)
    return {name: folder / f"{name}.html" for name in answers}


@pytest.fixture(params=SCREENS, ids=lambda screen: "-".join(map(str, screen)))
def shown(request: pytest.FixtureRequest, browser: Browser, reports: dict[str, Path]) -> Iterator[Watched]:
    name, scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield Watched(context.new_page(), reports[name])
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_asks_for_nothing_but_itself_and_reports_no_error(shown: Watched) -> None:
    assert shown.requests == [shown.path.as_uri()]
    assert shown.errors == []


def test_body_does_not_scroll_sideways(shown: Watched) -> None:
    width, room = shown.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room


def test_nothing_sticks_out_of_its_section(shown: Watched) -> None:
    out = shown.page.evaluate(
        """() => [...document.querySelectorAll('main *, header *')].filter(element => {
            const box = element.getBoundingClientRect();
            const inside = element.closest('.scroll, nav, details:not([open]), svg');
            return !inside && box.width && (box.right > window.innerWidth + 1 || box.left < -1);
        }).map(element => element.outerHTML.slice(0, 90))"""
    )
    assert out == []


def test_charts_keep_room_to_be_read(shown: Watched) -> None:
    narrowest = shown.page.evaluate(
        "Math.min(...[...document.querySelectorAll('.draw, .upright')].map(chart => chart.clientWidth))"
    )
    assert narrowest >= 90


def test_screenshot_is_not_blank(shown: Watched) -> None:
    assert len(set(_pixels(shown.page.screenshot()))) > 60


def test_dark_and_light_differ(browser: Browser, reports: dict[str, Path]) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        watched = Watched(context.new_page(), reports["five"])
        grounds.add(watched.page.evaluate("getComputedStyle(document.querySelector('main section')).backgroundColor"))
        context.close()
    assert len(grounds) == 2


@pytest.mark.parametrize("name", LEAST_TAGS)
def test_every_number_is_that_of_the_json(
    page: Page, reports: dict[str, Path], answers: dict[str, dict[str, Any]], name: str
) -> None:
    tagged = Watched(page, reports[name]).page.evaluate(TAGGED)
    evaluations = answers[name]["evaluations"]
    wrong = [
        (run, key, value)
        for run, key, value in tagged
        if json.loads(value) != _at(evaluations[int(run)], key.split("."))
    ]
    assert wrong == []
    assert len(tagged) > LEAST_TAGS[name]


def test_headline_numbers_of_every_design_are_on_the_page(
    page: Page, reports: dict[str, Path], demo: dict[str, Any]
) -> None:
    there = {(int(run), key) for run, key, _ in Watched(page, reports["five"]).page.evaluate(TAGGED)}
    missing = {(run, key) for run in range(len(demo["evaluations"])) for key in HEADLINES} - there
    assert missing == set()


def test_verdict_stands_on_the_first_screen_with_its_first_sentence_largest(
    page: Page, reports: dict[str, Path], demo: dict[str, Any]
) -> None:
    Watched(page, reports["five"])
    headline = page.locator(".headline")
    assert headline.inner_text() == demo["verdict"][0]
    assert _bottom(page, ".verdict") < 900
    sizes = page.evaluate(
        "[...document.querySelectorAll('h1, h2, .verdict p')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert max(sizes) == headline.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")


def test_hostile_names_stay_text(page: Page, tmp_path: Path, demo: dict[str, Any]) -> None:
    answer = copy.deepcopy(demo["evaluations"][0])
    answer["scenario"]["name"] = answer["balance"]["binding"] = HOSTILE
    answer["network"][0]["products"][0]["ends"] = [HOSTILE, HOSTILE]
    answer["network"][0]["level"] = answer["power"]["rows"][0]["group"] = answer["cost"]["rows"][0]["item"] = HOSTILE
    answer["step"]["exposed_s"][HOSTILE] = 0.1
    answer["network"][0]["products"][0]["reason"] = answer["goodput"]["rows"][0]["group"] = HOSTILE
    answer["balance"]["hidden"] = answer["assumptions"] = answer["warnings"] = [HOSTILE]
    answer["sources"] = [{"id": HOSTILE, "title": HOSTILE, "where": "javascript:document.title='owned'"}]
    answer["feasible"], answer["reasons"] = False, [{"code": HOSTILE, "remedy": HOSTILE, "unit": HOSTILE, "by": 1.0}]
    path = tmp_path / "hostile.html"
    path.write_text(render([answer], [HOSTILE], title=HOSTILE, command=HOSTILE))
    watched = Watched(page, path)
    assert watched.requests == [path.as_uri()]
    assert watched.errors == []
    assert page.title() == HOSTILE
    assert page.evaluate("document.querySelectorAll('script, main img, [onerror]').length") == 0
    assert page.evaluate("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0


def test_an_infeasible_design_says_why_on_the_first_screen(
    page: Page, reports: dict[str, Path], unfit: dict[str, Any]
) -> None:
    Watched(page, reports["unfit"])
    reasons = page.locator(".reasons")
    (reason,) = unfit["evaluations"][1]["reasons"]
    assert f"out of memory, stage {reason['stage']}, by {amount(reason['by'])}" in reasons.inner_text()
    assert reason["remedy"] in reasons.inner_text()
    assert _bottom(page, ".reasons") < 900
    judged = page.locator(".failed .better, .failed .worse")
    assert judged.count() == 0


def test_an_open_link_is_marked_where_it_is(page: Page, reports: dict[str, Path], unlit: dict[str, Any]) -> None:
    Watched(page, reports["unlit"])
    lane = page.locator(".lane", has=page.locator(".bad"))
    assert lane.count() == 1
    assert "scale-out leaf" in lane.inner_text()
    leaf = unlit["evaluations"][0]["network"][2]["products"][0]
    assert leaf["reason"] in lane.inner_text()


def _bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def _at(value: Any, keys: list[str]) -> Any:
    """Follow a dotted path; a key may itself hold dots."""
    if not keys:
        return value
    if isinstance(value, list):
        return _at(value[int(keys[0])], keys[1:])
    for length in range(1, len(keys) + 1):
        name = ".".join(keys[:length])
        if name in value:
            return _at(value[name], keys[length:])
    raise KeyError(keys)


def _pixels(png: bytes) -> bytes:
    """Return the unpacked image data of a PNG file."""
    position, packed = 8, b""
    while position < len(png):
        size = int.from_bytes(png[position : position + 4])
        if png[position + 4 : position + 8] == b"IDAT":
            packed += png[position + 8 : position + 8 + size]
        position += size + 12
    return zlib.decompress(packed)
