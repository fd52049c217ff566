"""The page of ``fabric show`` in a real browser: what is drawn is what the answer holds.

Protects: a picture has every vertex and link of its network, ways asked for stand out in it, large networks are drawn
as tiers with every bundle of cables told, what failed is told apart, and hostile names stay text.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from lightloom.report.fabric_page import render_fabric

pytestmark = pytest.mark.browser


def test_what_failed_is_hollow_and_dashed(look: Callable[..., Any], fabrics: Any) -> None:
    page, answer = look(fabrics.paths["failed"]).page, fabrics.answers["failed"][0]
    picture = answer["networks"][1]["picture"]
    gone = page.locator("svg.graph circle.gone")
    assert gone.count() == sum(not vertex["working"] for vertex in picture["vertices"]) == 1
    assert "leaf-003: 32 endpoints, failed or cut off" in gone.first.inner_html()
    assert page.locator("svg.graph path.gone").count() == sum(not link["working"] for link in picture["links"]) == 4
    assert any(0 < link["working"] < link["cables"] for link in picture["links"]), "one cable of several"
    whole = page.locator("svg.graph circle.dot:not(.gone)").first
    fills = [dot.evaluate("dot => getComputedStyle(dot).fill") for dot in (gone.first, whole)]
    assert fills[0] != fills[1]
    assert any("failed or cut off (1, and 33 cables)" in text for text in page.locator(".legend").all_inner_texts())


@pytest.mark.parametrize("name", ["tiers", "groups", "grid", "failed"])
def test_a_picture_has_every_vertex_and_link(look: Callable[..., Any], fabrics: Any, name: str) -> None:
    page, answer = look(fabrics.paths[name]).page, fabrics.answers[name][0]
    drawn = [network["picture"] for network in answer["networks"] if network["picture"]]
    pictures = page.locator("svg.graph")
    assert pictures.count() == len(drawn)
    for place, picture in enumerate(drawn):
        assert pictures.nth(place).locator("circle").count() == len(picture["vertices"])
        assert pictures.nth(place).locator("path.link").count() == len(picture["links"])


@pytest.mark.parametrize(("name", "links"), [("groups", 3), ("grid", None)])
def test_ways_stand_out_in_the_picture(look: Callable[..., Any], fabrics: Any, name: str, links: int | None) -> None:
    page, path = look(fabrics.paths[name]).page, fabrics.answers[name][0]["path"]
    passed = {frozenset(pair) for way in path["listed"] for pair in pairwise(way["vertices"])}
    inside = {pair for pair in passed if name == "grid" or all(end.startswith("router") for end in pair)}
    assert page.locator("path.link.on").count() == len(inside)
    assert links is None or len(inside) == links


def test_a_large_network_is_drawn_as_tiers_with_its_cables(look: Callable[..., Any], fabrics: Any) -> None:
    page, answer = look(fabrics.paths["large"]).page, fabrics.answers["large"][0]
    diagram = page.locator(".network").nth(1).locator(".tiers")
    told = diagram.inner_text()
    assert answer["networks"][1]["picture"] is None
    for row in answer["networks"][1]["switches"]:
        assert f"{row['boxes']:,} {row['tier']} switches" in told
    links: dict[tuple[str, ...], int] = {}
    for row in answer["cables"]:
        if row["domain"] == "scale_out":
            key = (row["level"], *row["ends"])
            links[key] = links.get(key, 0) + row["count"]
    assert all(f"{count:,} × 400" in told for count in links.values())
    assert diagram.locator(".bundle svg").count() == 3
    assert page.locator("#path svg.flow rect").count() == len(answer["path"]["stages"])


def test_hostile_names_stay_text(fabrics: Any, hostile: str, harmless: Callable[[str], Page]) -> None:
    answer = dict(fabrics.answers["groups"][0])
    answer["scenario"] = {**answer["scenario"], "name": hostile}
    answer["cables"] = [{**row, "ends": [hostile, hostile], "technology": hostile} for row in answer["cables"]]
    answer["verdict"] = [hostile, hostile]
    picture = answer["networks"][1]["picture"]
    picture = {**picture, "vertices": [{**vertex, "name": hostile, "kind": hostile} for vertex in picture["vertices"]]}
    answer["networks"] = [answer["networks"][0], {**answer["networks"][1], "topology": hostile, "picture": picture}]
    page = harmless(render_fabric(answer, command=hostile))
    assert hostile in page.locator("h1").inner_text()
