"""``lightloom catalog`` shows every product, every figure with its band and source, in tables and in JSON.

Protects: nothing of the catalog is hidden from the user, and a misspelt name is answered with the nearest.
"""

import json

import pytest
from click.testing import CliRunner, Result

from lightloom.catalog import loading
from lightloom.cli.main import lightloom

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
