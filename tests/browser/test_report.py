"""The report in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone, light and dark.

Protects: a report can be mailed and opened offline (no request, no script error), and no number on it differs from the
answer it was made from.
"""

import json
import zlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from lightloom.report.html import render

pytestmark = pytest.mark.browser

SCREENS = [*product(("light", "dark"), (1280, 390)), ("light", 800)]
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


@pytest.fixture(scope="module")
def answers(written: dict[str, Any]) -> list[dict[str, Any]]:
    return written["evaluations"]()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, answers: list[dict[str, Any]], written: dict[str, Any]) -> Path:
    path = tmp_path_factory.mktemp("report") / "five.html"
    path.write_text(render(answers, written["verdict"](), title="Five designs", command="lightloom compare"))
    return path


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen[0]}-{screen[1]}")
def shown(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Watched]:
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield Watched(context.new_page(), report)
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_asks_for_nothing_but_itself_and_reports_no_error(shown: Watched, report: Path) -> None:
    assert shown.requests == [report.as_uri()]
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


def test_dark_and_light_differ(browser: Browser, report: Path) -> None:
    grounds = set()
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        watched = Watched(context.new_page(), report)
        grounds.add(watched.page.evaluate("getComputedStyle(document.querySelector('main section')).backgroundColor"))
        context.close()
    assert len(grounds) == 2


def test_every_number_is_that_of_the_json(page: Page, report: Path, answers: list[dict[str, Any]]) -> None:
    tagged = Watched(page, report).page.evaluate(TAGGED)
    through_json = json.loads(json.dumps(answers))
    wrong = [
        (run, key, value)
        for run, key, value in tagged
        if json.loads(value) != _at(through_json[int(run)], key.split("."))
    ]
    assert wrong == []
    assert len(tagged) > 800


def test_headline_numbers_of_every_design_are_on_the_page(page: Page, report: Path, answers: list[Any]) -> None:
    there = {(int(run), key) for run, key, _ in Watched(page, report).page.evaluate(TAGGED)}
    missing = {(run, key) for run in range(len(answers)) for key in HEADLINES} - there
    assert missing == set()


def test_hostile_names_stay_text(page: Page, tmp_path: Path, written: dict[str, Any]) -> None:
    answer = written["evaluations"]()[0]
    answer["scenario"]["name"] = answer["balance"]["binding"] = HOSTILE
    answer["network"][0]["products"][0]["ends"] = [HOSTILE, HOSTILE]
    answer["network"][0]["level"] = answer["power"]["rows"][0]["group"] = answer["cost"]["rows"][0]["item"] = HOSTILE
    answer["step"]["exposed_s"][HOSTILE] = 0.1
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


def test_an_infeasible_design_says_why_on_the_first_screen(page: Page, tmp_path: Path, written: dict[str, Any]) -> None:
    path = tmp_path / "infeasible.html"
    path.write_text(render([written["infeasible"]()], [], title="Does not fit"))
    Watched(page, path)
    reasons = page.locator(".reasons")
    assert "out-of-memory" in reasons.inner_text()
    assert "41.3\u00a0GB" in reasons.inner_text()
    assert "pipeline: 16" in reasons.inner_text()
    box = reasons.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 900


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
