"""Every page in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone, light and dark.

Protects: a page of ``--report`` can be mailed and opened offline (no request, no script error), and no number on it
differs from the answer it was made from.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

pytestmark = pytest.mark.browser

SCREENS = [
    *product(["reports"], ["five"], ("light", "dark"), (1280, 390)),
    ("reports", "five", "light", 800),
    *product(["reports"], ("one", "unfit", "unlit"), ["light"], [1280]),
    *product(["reports"], ("one", "unfit", "unlit"), ["dark"], [390]),
    *product(["links"], ["fails"], ("light", "dark"), (1280, 800, 390)),
    *product(["links"], ("closes", "mixed", "unknown", "copper", "board"), ["light"], (1280, 390)),
    *product(["demands"], ["whole"], ("light", "dark"), (1280, 800, 390)),
    *product(["demands"], ("one", "unpriced"), ["dark"], [390]),
    *product(["pods"], ["whole"], ("light", "dark"), (1280, 800, 390)),
    *product(["pods"], ("empty", "small"), ["light"], (1280, 390)),
    *product(["fabrics"], ["large"], ("light", "dark"), (1280, 800, 390)),
    *product(["fabrics"], ("tiers", "groups", "grid"), ["light"], (1280, 390)),
]
LEAST_TAGS = {
    "reports": {"five": 1000, "one": 200, "unfit": 400, "unlit": 200},
    "links": dict.fromkeys(("closes", "fails", "mixed", "unknown", "copper", "board"), 30),
    "demands": dict.fromkeys(("whole", "one", "unpriced"), 80),
    "pods": dict.fromkeys(("whole", "empty", "small"), 50),
    "fabrics": dict.fromkeys(("large", "tiers", "groups", "grid"), 100),
}
LEAST_ROOM = {"reports": 90, "links": 120, "demands": 120, "pods": 120, "fabrics": 120}
"""Pixels a chart is wide at least."""

OUTSIDE = """() => [...document.querySelectorAll('main *, header *')].filter(element => {
    const box = element.getBoundingClientRect();
    const inside = element.closest('.scroll, nav, details:not([open]), svg');
    return !inside && box.width && (box.right > window.innerWidth + 1 || box.left < -1);
}).map(element => element.outerHTML.slice(0, 90))"""
OVERLAPS = """() => [...document.querySelectorAll('svg[aria-hidden], svg.cells')].flatMap(drawing => {
    const boxes = [...drawing.querySelectorAll('.tick, .in-cell')].map(text => text.getBoundingClientRect());
    return boxes.slice(1).filter((box, i) => box.left < boxes[i].right && box.top < boxes[i].bottom
        && boxes[i].top < box.bottom && boxes[i].left < box.right).map(box => box.left);
})"""


def _words(screen: tuple[object, ...]) -> str:
    return "-".join(map(str, screen))


@pytest.fixture(params=SCREENS, ids=_words)
def shown(request: pytest.FixtureRequest, visit: Callable[..., Any]) -> tuple[str, Any]:
    """A kind of page, and one of that kind on a screen."""
    kind, name, scheme, width = request.param
    return kind, visit(request.getfixturevalue(kind).paths[name], scheme=scheme, width=width)


def test_asks_for_nothing_but_itself_and_reports_no_error(shown: tuple[str, Any]) -> None:
    _, watched = shown
    assert watched.requests == [watched.path.as_uri()]
    assert watched.errors == []


def test_stays_within_the_screen(shown: tuple[str, Any]) -> None:
    page = shown[1].page
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room
    assert page.evaluate(OUTSIDE) == []


def test_charts_keep_room_to_be_read(shown: tuple[str, Any]) -> None:
    kind, watched = shown
    narrowest = watched.page.evaluate(
        "Math.min(...[...document.querySelectorAll('.draw, .upright')].map(chart => chart.clientWidth))"
    )
    assert narrowest >= LEAST_ROOM[kind]


@pytest.mark.parametrize("shown", [each for each in SCREENS if each[0] != "reports"], ids=_words, indirect=True)
def test_numbers_in_cells_and_on_axes_do_not_run_into_each_other(shown: tuple[str, Any]) -> None:
    assert shown[1].page.evaluate(OVERLAPS) == []


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in LEAST_TAGS.items() for name in names])
def test_every_number_is_that_of_the_json(
    visit: Callable[..., Any], request: pytest.FixtureRequest, kind: str, name: str
) -> None:
    pages = request.getfixturevalue(kind)
    tags = visit(pages.paths[name]).tags()
    answers = pages.answers[name]
    wrong = [(run, key, value) for run, key, value in tags if value != _at(answers[run], key.split("."))]
    assert wrong == []
    assert len(tags) > LEAST_TAGS[kind][name]


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
