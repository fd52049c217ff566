"""Every page in a real browser: asks for nothing, says what the JSON says, fits a desk and a phone, light and dark.

Protects: a page of ``--report`` can be mailed and opened offline (no request, no script error), and no number on it
differs from the answer it was made from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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

CROWDED = {("reports", 390)}
"""Where the last two numbers below a chart may touch: a report on a phone."""

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


@dataclass(frozen=True)
class Shown:
    """A page on a screen: its kind and name, pixels across, how it looks, and the answers on it."""

    kind: str
    name: str
    width: int
    watched: Any
    answers: Sequence[Any]


@pytest.fixture(scope="module", params=SCREENS, ids=_words)
def shown(request: pytest.FixtureRequest, leaf: Callable[..., Any]) -> Shown:
    """One page on one screen, opened once for all that is asked of it."""
    kind, name, scheme, width = request.param
    pages = request.getfixturevalue(kind)
    return Shown(kind, name, width, leaf(pages.paths[name], scheme=scheme, width=width), pages.answers[name])


def test_asks_for_nothing_but_itself_and_reports_no_error(shown: Shown) -> None:
    watched = shown.watched
    assert watched.requests == [watched.path.as_uri()]
    assert watched.errors == []


def test_stays_within_the_screen(shown: Shown) -> None:
    page = shown.watched.page
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room
    assert page.evaluate(OUTSIDE) == []


def test_charts_keep_room_to_be_read(shown: Shown) -> None:
    narrowest = shown.watched.page.evaluate(
        "Math.min(...[...document.querySelectorAll('.draw, .upright')].map(chart => chart.clientWidth))"
    )
    assert narrowest >= LEAST_ROOM[shown.kind]


def test_numbers_in_cells_and_on_axes_do_not_run_into_each_other(shown: Shown) -> None:
    if (shown.kind, shown.width) not in CROWDED:
        assert shown.watched.page.evaluate(OVERLAPS) == []


def test_every_number_is_that_of_the_json(shown: Shown) -> None:
    tags = shown.watched.tags()
    wrong = [(run, key, value) for run, key, value in tags if value != _at(shown.answers[run], key.split("."))]
    assert wrong == []
    assert len(tags) > LEAST_TAGS[shown.kind][shown.name]


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
