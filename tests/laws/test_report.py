"""Laws of the report that need no browser: it renders any answer, the same bytes each time, small, closed.

Protects: an optional key may be absent; no clock or random id enters the page; nothing on it points outside except
plain links. Contrast: WCAG 2.2, success criteria 1.4.3 (text, 4.5 to 1) and 1.4.11 (graphics, 3 to 1).
"""

import copy
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from lightloom.report import palette
from lightloom.report.html import render
from lightloom.report.reading import designs

STYLE = (Path(palette.__file__).parent / "templates" / "style.css").read_text()
ODD_PLACES = (
    ("step", "time_s"),
    ("throughput", "tokens_per_s"),
    ("cost", "usd_per_million_tokens"),
    ("network",),
    ("memory", "capacity_bytes"),
    ("goodput", "mtbf_s"),
    ("balance", "shares"),
    ("power", "rows"),
)
LEAST_CONTRAST_OF_TEXT = 4.5
LEAST_CONTRAST_OF_GRAPHICS = 3.0


@pytest.fixture(scope="module")
def page(demo: dict[str, Any], demo_copper: list[dict[str, Any]]) -> str:
    return drawn(demo, demo_copper)


def drawn(demo: dict[str, Any], copper: list[dict[str, Any]]) -> str:
    made_by = "lightloom compare"
    return render(demo["evaluations"], demo["verdict"], title="Five designs", command=made_by, copper_ends=copper)


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in an answer that holds something."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inside in items for found in ((*path, key), *paths(inside, (*path, key)))]


def without(answer: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    changed: Any = copy.deepcopy(answer)
    here = changed
    for key in path[:-1]:
        here = here[key]
    del here[path[-1]]
    return changed


def test_same_answers_give_the_same_bytes(page: str, demo: dict[str, Any], demo_copper: list[dict[str, Any]]) -> None:
    assert page == drawn(copy.deepcopy(demo), copy.deepcopy(demo_copper))


def test_five_designs_stay_below_360_kb(page: str) -> None:
    """Some 50 kB of them are where copper ends, 20 kB the budgets of links."""
    assert len(page.encode()) < 360_000


@pytest.mark.slow
def test_any_key_may_be_absent(demo: dict[str, Any], unfit: dict[str, Any]) -> None:
    for answer in (demo["evaluations"][4], unfit["evaluations"][1]):
        for path in (found for found in paths(answer) if not any(part in range(1, 99) for part in found)):
            assert "<h1>" in render([without(answer, path)], [], title="lacking")


@pytest.mark.parametrize("odd", [None, float("inf"), "text", -1.0, 0.0, True, [], {}], ids=repr)
def test_odd_values_are_shown_as_absent_or_drawn(odd: object, demo: dict[str, Any]) -> None:
    """What a model may say when it cannot say a number must not stop the page."""
    for path in ODD_PLACES:
        answer: Any = copy.deepcopy(demo["evaluations"][3])
        here = answer
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = odd
        assert "<h1>" in render([answer, demo["evaluations"][4]], [], title="odd")


def test_no_answer_at_all_still_makes_a_page() -> None:
    assert "<h1>" in render([], [], title="nothing")
    assert "<h1>" in render([{}], [], title="empty")


class Outline(HTMLParser):
    """Collects what the laws below ask about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.unnamed_drawings = 0
        self._drawing = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and whether a drawing begins with its title."""
        named = dict(attrs)
        self.tags.append((tag, named))
        if self._drawing and tag != "title":
            self.unnamed_drawings += 1
        self._drawing = tag == "svg" and named.get("role") == "img"


def test_every_document_and_every_sentence_stands_once(page: str, demo: dict[str, Any]) -> None:
    """Designs share most of what they rest on: the page says it once, with the designs it belongs to."""
    found = demo["evaluations"]
    documents = {(source["title"], source["where"]) for answer in found for source in answer["sources"]}
    assert page.count("<cite>") == len(documents)
    assumptions = {text for answer in found for text in answer["assumptions"]}
    assert all(page.count(f"{escape(text)}</li>") == 1 for text in assumptions)


def test_links_that_differ_in_length_alone_share_a_drawing(page: str, demo: dict[str, Any]) -> None:
    """Every class of optical links has a line; the drawing is that of the tightest, scale-out first."""
    lit = [
        (run, f"network.{level}.products.{item}.budget", product)
        for run, answer in enumerate(demo["evaluations"])
        for level, entry in enumerate(answer["network"])
        for item, product in enumerate(entry["products"])
        if product["medium"] == "fibre"
    ]
    assert all(
        f'data-key="{key}.length_m" data-value="{product["budget"]["length_m"]}"' in page for _, key, product in lit
    )
    kinds = {
        (tuple(each["ends"]), each["budget"]["connectors"], each["budget"]["circuit_switch_passes"]) for *_, each in lit
    }
    assert page.count('class="plot fall"') == len(kinds) == 5
    first = re.search(r'class="panel budget" data-run="(\d)".*?data-key="([^"]+)"', page, re.DOTALL)
    tightest = min((product["spec_min"]["margin_db"], run, key) for run, key, product in lit)
    assert first is not None
    assert (int(first[1]), first[2]) == (tightest[1], f"{tightest[2]}.rows.0.db")


def test_a_wall_is_drawn_once_for_equal_racks(page: str, demo_copper: list[dict[str, Any]]) -> None:
    assert page.count('<div class="copper"') == len({id(answer) for answer in demo_copper}) == 2
    assert re.findall(r'data-demand="(\d)"', page) == ["0", "3"]


def test_a_rack_that_holds_no_node_is_said_in_place_of_its_wall(demo: dict[str, Any], demo_copper: list[Any]) -> None:
    lacking = [*demo_copper[:4], {"fault": "a rack of that power holds no node"}]
    page = drawn(demo, lacking)
    assert '<span class="badge small">E</span> Not told: a rack of that power holds no node.' in page
    assert page.count('<div class="copper"') == 2
    assert 'id="wall"' not in render(demo["evaluations"], [], title="without")


def test_names_of_a_job_are_split_once(demo: dict[str, Any]) -> None:
    runs = designs(demo["evaluations"])
    assert [run.job for run in runs] == ["Llama 3.1 405B, 16k H100"] * 3 + ["Qwen3 235B-A22B, 256 H100"] * 2
    assert all(f"{run.job}, {run.short}" == run.name for run in runs)
    assert [run.short for run in designs(demo["evaluations"][:1])] == [runs[0].name]


def test_page_is_closed_and_has_no_script(page: str) -> None:
    outline = Outline(page)
    assert not [tag for tag, _ in outline.tags if tag in {"script", "iframe", "object", "embed", "img", "image", "use"}]
    assert not [name for _, attributes in outline.tags for name in attributes if name.startswith("on") or name == "src"]
    links = {attributes["href"] for tag, attributes in outline.tags if tag == "link"}
    assert links == {"data:,"}
    assert "url(" not in STYLE.replace("url(#hatch)", "")
    assert "@import" not in STYLE


def test_headings_do_not_skip_a_level(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Outline(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_and_drawings_are_named(page: str) -> None:
    outline = Outline(page)
    assert all("scope" in attributes for tag, attributes in outline.tags if tag == "th")
    drawings = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert all(attributes.get("role") == "img" or attributes.get("aria-hidden") == "true" for attributes in drawings)
    assert outline.unnamed_drawings == 0
    tables = [tag for tag, _ in outline.tags if tag in {"table", "caption"}]
    assert tables.count("table") == tables.count("caption")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_have_contrast(scheme: str) -> None:
    root, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in _blocks(STYLE))
    values = {**root, **dark} if scheme == "dark" else root
    text = {"on-dark": "#ffffff", "on-light": "#10161c", "on-ink": values["paper"]}
    for hue in ("blue", "orange", "green", "purple", "sky", "vermillion", "yellow", "brown", "grey", "ink"):
        assert contrast(values[hue], text[palette.text_on(hue)]) >= LEAST_CONTRAST_OF_TEXT, hue
    for words in ("ink", "muted", "good", "bad", "accent"):
        assert contrast(values[words], values["paper"]) >= LEAST_CONTRAST_OF_TEXT, words
    assert contrast(values["blue"], values["paper"]) >= LEAST_CONTRAST_OF_GRAPHICS
    assert contrast(values["bad"], values["bad-ground"]) >= LEAST_CONTRAST_OF_TEXT


def test_names_keep_their_colour_and_differ_while_hues_last() -> None:
    chosen = palette.colours(["compute", "scale-up", "scale-out", "memory", "latency"])
    assert chosen["compute"] == palette.colours(["compute"])["compute"]
    assert len(set(chosen.values())) == len(chosen)


def _blocks(style: str) -> tuple[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]
    return light, dark


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
