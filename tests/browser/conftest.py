"""A headless Chromium, and the pages that the tests of this folder open in it."""

import json
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page, sync_playwright

from lightloom.cli.main import lightloom
from lightloom.report.demand_page import render_demand
from lightloom.report.fabric_page import render_fabric
from lightloom.report.html import render
from lightloom.report.link_page import render_link
from lightloom.report.pod_page import render_pod

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_LINKS = {
    "closes": "800g-dr8 --length 350m",
    "fails": "400g-dr4 --length 500m --through palomar:2",
    "mixed": "800g-cpo --to 800g-dr8 --length 40m --mode distribution --margin 0.5dB",
    "unknown": "1.6t-dr8 --length 100m",
    "copper": "400g-dac --length 1.5m",
    "board": "nvlink4 --length 0.4m",
}
_TRAYS = (
    "qwen3-235b-256 --set cluster.accelerator=gb200-186gb --set cluster.node=gb200-tray "
    '--set "fabric.scale_up={domain: 4, link: nvlink5-backplane}" --rack-power 132kW --lane-rate 400Gb/s'
)
_DEMANDS = {"whole": "qwen3-235b-256", "one": "qwen3-235b-256 --domain 8", "unpriced": _TRAYS}
_PODS = {
    "whole": "--slice 8x8x16 --slice 4x4x8:twisted --slice 8x8x8 --fail 3,17",
    "empty": "",
    "small": "--cubes 6 --edge 2 --slice 2x2x4:twisted --fail 1",
}
_DRAGONFLY = (
    "{topology: dragonfly, routers: 4, global_ports: 2, switch: tomahawk-5, hosts: 8, levels: null, links: null}"
)
_TORUS = "{topology: torus, dims: [8, 8, 4], domain: null, link: null, switch: null, links: {mesh: scale-up-optical}}"
_SITES = "{topology: hub, sites: 4, distance: 80 km, wavelengths: 40}"
_FABRICS = {
    "large": "llama3-405b-16k-ocs --path 0 20000",
    "tiers": f'qwen3-235b-256 --path 0 37 --set "fabric.scale_across={_SITES}"',
    "groups": f'qwen3-235b-256 --path 0 149 --set "fabric.scale_out={_DRAGONFLY}"',
    "grid": f'qwen3-235b-256-scaleup --path 0 149 --set "fabric.scale_up={_TORUS}"',
    "failed": 'qwen3-235b-256 --path 0 100 --set "fabric.scale_out.failed={switches: [leaf-003], links: [out-leaf-1]}"',
}
_TAGGED = """mark => [...document.querySelectorAll('[data-key]')].map(
    element => [element.closest('[data-run], [data-demand]').dataset[mark], element.dataset.key, element.dataset.value]
).filter(([answer]) => answer !== undefined)"""


@dataclass(frozen=True)
class Pages:
    """Pages of one kind by name: where they lie, and the answers on each, in the order of its ``data-run``."""

    paths: Mapping[str, Path]
    answers: Mapping[str, Sequence[Any]]


class Watched:
    """A page that remembers what it asked for and what went wrong."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page, self.path = page, path
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._heard = {
            "request": lambda request: self.requests.append(request.url),
            "console": lambda message: self.errors.append(message.text),
            "pageerror": lambda error: self.errors.append(str(error)),
        }
        for event, hear in self._heard.items():
            page.on(event, hear)
        page.goto(path.as_uri())

    def forget(self) -> None:
        """Hear no more of the page, which shows another file next."""
        for event, hear in self._heard.items():
            self.page.remove_listener(event, hear)

    def tags(self, mark: str = "run") -> list[tuple[int, str, Any]]:
        """Return the number of the answer, the path in it and the unrounded value of every number on the page.

        Args:
            mark: ``demand`` for those of the answers of that verb.
        """
        return [(int(run), key, json.loads(value)) for run, key, value in self.page.evaluate(_TAGGED, mark)]

    def bottom(self, selector: str) -> float:
        """Return how far down an element ends, pixels."""
        box = self.page.locator(selector).bounding_box()
        assert box is not None
        return box["y"] + box["height"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium; without one every test that asks for it is skipped by name."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"NO CHROMIUM: none of {', '.join(_NAMES)} is installed; the page was not tested in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens a file, by default on a wide screen in light colours."""
    contexts = []

    def visit(path: Path, *, scheme: str = "light", width: int = 1280) -> Watched:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme))
        return Watched(contexts[-1].new_page(), path)

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def look(browser: Browser) -> Iterator[Callable[[Path], Watched]]:
    """Opens a file on a wide screen in light colours, once for all tests of a module; they leave it as it is."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield cache(lambda path: Watched(context.new_page(), path))
    context.close()


@pytest.fixture(scope="module")
def leaf(browser: Browser) -> Iterator[Callable[..., Watched]]:
    """Opens one file after the other in one page of the browser, quicker than a page each; only the last one counts."""
    context = browser.new_context()
    page = context.new_page()
    before: list[Watched] = []

    def leaf(path: Path, *, scheme: str, width: int) -> Watched:
        while before:
            before.pop().forget()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        before.append(Watched(page, path))
        return before[-1]

    yield leaf
    context.close()


@pytest.fixture
def hostile() -> str:
    """A name that would run if a page took it for more than text."""
    return "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"


@pytest.fixture
def harmless(visit: Callable[..., Watched], tmp_path: Path) -> Callable[[str], Page]:
    """Opens a page full of hostile names and sees that they stayed text."""

    def harmless(html: str) -> Page:
        path = tmp_path / "hostile.html"
        path.write_text(html)
        watched = visit(path)
        assert watched.requests == [path.as_uri()]
        assert watched.errors == []
        assert watched.page.evaluate("document.querySelectorAll('script, main img, [onerror]').length") == 0
        return watched.page

    return harmless


@pytest.fixture(scope="session")
def links(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Links that close and that do not, of light, copper and a board."""
    return _asked("link", _LINKS, render_link, tmp_path_factory)


@pytest.fixture(scope="session")
def demands(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Every domain of a job, one domain, and lanes whose optics have no price."""
    return _asked("demand", _DEMANDS, render_demand, tmp_path_factory)


@pytest.fixture(scope="session")
def pods(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """A pod with slices and dead cubes, one without either, one of few cubes."""
    return _asked("pod", _PODS, render_pod, tmp_path_factory)


@pytest.fixture(scope="session")
def fabrics(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """A large fabric behind circuit switches, tiers of four sites, routers in groups, a torus, rails without a leaf."""
    return _asked("fabric show", _FABRICS, render_fabric, tmp_path_factory)


@pytest.fixture(scope="session")
def reports(
    tmp_path_factory: pytest.TempPathFactory,
    demo: dict[str, Any],
    demo_copper: list[Any],
    unfit: dict[str, Any],
    unlit: dict[str, Any],
) -> Pages:
    """The demo, one study, one of two that does not fit, one with links that do not close."""
    one = {"evaluations": demo["evaluations"][3:4], "verdict": []}
    answers = {"five": demo, "one": one, "unfit": unfit, "unlit": unlit}
    llama, qwen = demo_copper[0], demo_copper[3]
    copper = {"five": demo_copper, "one": [qwen], "unfit": [qwen, qwen], "unlit": [llama]}
    html = {
        name: render(
            answer["evaluations"],
            answer["verdict"],
            title=f"Page {name}",
            command="lightloom compare",
            copper_ends=copper[name],
        )
        for name, answer in answers.items()
    }
    paths = _written(html, tmp_path_factory.mktemp("report"))
    return Pages(paths, {name: answer["evaluations"] for name, answer in answers.items()})


def _asked(
    verb: str, asked: Mapping[str, str], page: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Pages:
    """Return the pages of a verb, and what its ``--json`` prints."""
    words = verb.split()
    answers = {
        name: json.loads(CliRunner().invoke(lightloom, [*words, *shlex.split(typed), "--json"]).stdout)
        for name, typed in asked.items()
    }
    html = {name: page(answers[name], command=f"lightloom {verb} {asked[name]}") for name in asked}
    return Pages(
        _written(html, tmp_path_factory.mktemp(words[0])),
        {name: [answer] for name, answer in answers.items()},
    )


def _written(html: Mapping[str, str], folder: Path) -> dict[str, Path]:
    for name, text in html.items():
        (folder / f"{name}.html").write_text(text)
    return {name: folder / f"{name}.html" for name in html}
