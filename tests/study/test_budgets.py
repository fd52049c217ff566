"""The budget that an evaluation gives of its links is the one that ``lightloom link`` prints of each of them.

Protects: the report draws the decibels of links from the answer of a study; they must be those of the verb for the same
product, length, connectors and passes through the circuit switch, and add up to the margin told beside them.
"""

import json
from functools import cache
from typing import Any

import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom

STUDIES = {
    "llama3-405b-16k": "",
    "llama3-405b-16k-cpo": "",
    "llama3-405b-16k-ocs": "palomar-ocs",
    "qwen3-235b-256": "",
    "qwen3-235b-256-scaleup": "",
}
"""Shipped studies, and the circuit switch that their links pass through."""


def products(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [product for level in found["network"] for product in level["products"]]


@cache
def asked(*words: str) -> dict[str, Any]:
    return json.loads(CliRunner().invoke(lightloom, ["link", *words, "--json"]).stdout)


@pytest.mark.parametrize("study", STUDIES)
def test_every_line_is_that_of_the_verb_link(study: str) -> None:
    found = products(ll.evaluate(ll.load(study)).to_dict())
    assert found
    for product in found:
        budget, (a, b) = product["budget"], product["ends"]
        words = [a, "--to", b, "--length", f"{budget['length_m']!r}m"]
        words += [] if budget["connectors"] is None else ["--connectors", str(budget["connectors"])]
        passes = budget["circuit_switch_passes"]
        words += ["--through", f"{STUDIES[study]}:{passes}"] if passes else []
        told = asked(*words)
        assert budget["rows"] == told["rows"]
        assert budget["waterfall"] == told["waterfall"]
        margins = {"spec_min": told["spec_min"]["margin_db"], **told["distribution"]["margin_db"]}
        assert budget["margin_db"] == pytest.approx(margins, abs=1e-9)


@pytest.mark.parametrize("study", STUDIES)
def test_lines_add_up_to_the_least_margin_of_the_links(study: str) -> None:
    for product in products(ll.evaluate(ll.load(study)).to_dict()):
        budget = product["budget"]
        whole = sum(row["db"] for row in budget["rows"])
        assert whole == pytest.approx(product["spec_min"]["margin_db"], abs=1e-9)
        assert whole == pytest.approx(budget["waterfall"]["margin_db"], abs=1e-9)
        assert product["length_m"]["median"] <= budget["length_m"] <= product["length_m"]["max"]


def test_a_circuit_switch_and_connectors_are_on_the_way() -> None:
    found = ll.evaluate(ll.load("llama3-405b-16k-ocs")).to_dict()
    passed = [product["budget"] for product in products(found) if product["budget"]["circuit_switch_passes"]]
    assert [budget["circuit_switch_passes"] for budget in passed] == [1]
    lines = {row["item"]: row["db"] for row in passed[0]["rows"]}
    assert lines["circuit switches"] == pytest.approx(-2.0)  # a pass of Palomar at its guaranteed limit
    assert lines["connectors"] == pytest.approx(-0.35 * passed[0]["connectors"])
