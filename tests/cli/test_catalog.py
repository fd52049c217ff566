"""``lightloom catalog`` shows every product, every figure with its band and source, in tables and in JSON.

Protects: nothing of the catalog is hidden from the user, and a misspelt name is answered with the nearest.
"""

import json
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from lightloom.catalog import loading
from lightloom.cli.main import lightloom
from lightloom.engine.circuits import SCHEDULERS
from lightloom.fabric.about import about, known_topologies
from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.folded_clos import Core
from lightloom.fabric.topology import Topology

ENTRIES = list(loading.entries())


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(lightloom, ["catalog", *arguments])


def test_listing_has_every_product() -> None:
    products = json.loads(ask("--json").stdout)["products"]
    assert [(product["folder"], product["name"]) for product in products] == ENTRIES
    assert all(product["title"] for product in products)
    text = ask().stdout
    assert all(name in text for _, name in ENTRIES)
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(("folder", "name"), ENTRIES, ids=["/".join(entry) for entry in ENTRIES])
def test_every_figure_is_shown_with_its_source(folder: str, name: str) -> None:
    answer = json.loads(ask(f"{folder}/{name}", "--json").stdout)
    sources = {source["id"] for source in answer["sources"]}
    for figure in answer["figures"]:
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["source"] in sources
        assert figure["printed"]
    text = ask(f"{folder}/{name}").stdout
    assert all(figure["key"] in text for figure in answer["figures"])
    assert max(len(line) for line in text.splitlines()) <= 80


def test_figure_is_shown_one_way_with_the_printed_convention() -> None:
    """NVLink 4 is sold as 900 GB/s, both ways."""
    answer = json.loads(ask("h100-sxm-80gb", "--json").stdout)
    (figure,) = (figure for figure in answer["figures"] if figure["key"] == "scale_up_bandwidth")
    assert (figure["value"], figure["unit"], figure["printed"]) == (450e9, "byte/s", "900 GB/s both ways")


@pytest.mark.parametrize(("wrong", "right"), [("h100", "h100-sxm-80gb"), ("palmar", "palomar")])
def test_misspelt_name_is_answered_with_the_nearest(wrong: str, right: str) -> None:
    result = ask(wrong)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert right in result.stderr
    assert result.stdout == ""
    assert right in json.loads(ask(wrong, "--json").stdout)["errors"][0]["hint"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("models/llama-3.1-405b", "hidden_size: 16384"),
        ("stacks/megatron-core", "scale_out_efficiency"),
        ("assumptions/default", "0.08 USD/kWh"),
        ("assumptions/default", "5 years"),
        ("failures/llama3-54-days", "lost_per_flap"),
        ("calibrations/h100-sxm-80gb", "more (--json)"),
        ("links/400g-dr4", "0.4 dB/km"),
        ("storage/flash-generic", "USD/TB"),
    ],
)
def test_what_is_no_product_is_shown_too_in_units_people_use(name: str, expected: str) -> None:
    assert expected in ask(name).stdout


def test_a_list_cut_short_in_text_is_whole_in_json() -> None:
    answer = json.loads(ask("calibrations/h100-sxm-80gb", "--json").stdout)
    assert f"and {len(answer['calibrated_on']) - 6} more (--json)" in " ".join(
        ask("calibrations/h100-sxm-80gb").stdout.split()
    )


def test_every_registered_topology_is_listed_in_a_line() -> None:
    rows = json.loads(ask("topologies", "--json").stdout)["topologies"]
    assert [row["kind"] for row in rows] == list(known_topologies())
    assert all(row["title"].endswith(".") for row in rows)
    assert {"torus", "clos", "switched", "fat-tree"} <= {row["kind"] for row in rows}
    text = ask("topologies").stdout
    assert all(f"  {row['kind']} " in text for row in rows)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_the_list_says_where_circuit_switches_come_in() -> None:
    told = " ".join(ask("topologies").stdout.split())
    assert {"circuit", "hybrid"} <= set(get_args(Core.model_fields["kind"].annotation))
    assert "rotor" in SCHEDULERS
    for words in ("core: {kind: circuit}", "core: {kind: hybrid}", "a rotor"):
        assert words in told


@pytest.mark.parametrize("kind", known_topologies())
def test_a_topology_tells_its_parameters_defaults_and_formulas(kind: str) -> None:
    topology = known_topologies()[kind]
    answer = json.loads(ask("topologies", kind, "--json").stdout)
    told = {row["name"]: row for row in answer["parameters"]}
    assert set(told) == set(topology.model_fields) - {"topology"}
    assert all(row["meaning"] and row["values"] for row in answer["parameters"])
    for name, field in topology.model_fields.items():
        assert name == "topology" or told[name]["required"] == field.is_required()
    domains = topology.serves if issubclass(topology, Topology) else ()
    assert answer["domains"] == list(domains)
    if issubclass(topology, DirectTopology):
        for shape in topology.shapes():
            always = {row["quantity"] for row in answer["formulas"] if row["always"]}
            assert always <= set(shape.known()) <= {row["quantity"] for row in answer["formulas"]}
    assert ask(kind, "--json").stdout == ask("topologies", kind, "--json").stdout
    assert max(len(line) for line in ask(kind).stdout.splitlines()) <= 80


def test_a_published_construction_names_its_document() -> None:
    assert "ISCA 2008" in about("dragonfly").source
    assert "SIGCOMM 2008" in about("fat-tree").source


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("topologies", "tors"), "did you mean 'torus'?"),
        (("dragonfyl",), "did you mean 'dragonfly'?"),
        (("palomar", "torus"), "only 'topologies' takes a kind"),
    ],
)
def test_topologies_that_are_not_known_are_refused(asked: tuple[str, ...], told: str) -> None:
    result = ask(*asked)
    assert result.exit_code == 2
    assert told in result.stderr
