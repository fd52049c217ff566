"""``lightloom demand`` prints what its JSON holds, fits 80 columns, and refuses what makes no sense in one line.

Protects the contract ``demand/1`` as its verb documents it: keys, sums, and a command on the page that makes it again.
"""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.cli.verbs import demand as verb

SMALL = ("qwen3-235b-256", "--domain", "8", "--domain", "64", "--domain", "256")


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(lightloom, ["demand", *arguments])


@pytest.fixture(scope="module")
def answer() -> dict:
    result = ask(*SMALL, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {*value, *(key for entry in value.values() for key in keys(entry))}
    return {key for entry in value for key in keys(entry)} if isinstance(value, list) else set()


def test_every_key_is_documented_beside_the_verb(answer: dict) -> None:
    documented = set(re.findall(r"[a-z_0-9]+", verb.__doc__ or ""))
    products = {row["product"] for cell in answer["cells"] for row in cell["rows"]}
    assert keys(answer) - products - {"schema", "id", "title", "where"} <= documented


def test_rows_add_up(answer: dict) -> None:
    for cell in answer["cells"]:
        assert sum(row["share"] for row in cell["rows"]) == pytest.approx(1.0)
        if cell["watts"]:
            assert sum(row["watts"]["mid"] for row in cell["rows"]) == pytest.approx(cell["watts"]["mid"])


def test_tables_fit_the_terminal_and_hold_the_verdict(answer: dict) -> None:
    text = ask(*SMALL).stdout
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in re.sub(r"\S+ … \S+", "", text)  # nothing cut off: dots stand between two numbers only
    words = " ".join(text.split())
    assert all(" ".join(sentence.split()) in words for sentence in answer["verdict"])


@pytest.mark.slow
@pytest.mark.parametrize("study", ["llama3-405b-16k", "qwen3-235b-256-scaleup"])
def test_whole_answers_fit_the_terminal(study: str) -> None:
    text = ask(study, "--rack-power", "120kW").stdout
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in re.sub(r"\S+ … \S+", "", text)


def test_page_names_a_command_that_asks_the_same(tmp_path: Path) -> None:
    asked = [*SMALL, "--rack-power", "50kW", "--lane-rate", "200Gb/s", "--bandwidth", "300GB/s", "--target", "10%"]
    asked += ["--optics", "1.6T-DR8", "--set", "seed=3"]
    page = tmp_path / "demand.html"
    result = ask(*asked, "--report", str(page), "--json")
    assert result.exit_code == 0, result.stderr
    (command,) = re.findall(r"<code>lightloom demand (.*?)</code>", page.read_text())
    assert ask(*shlex.split(command), "--json").stdout == result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["qwen3-235b"], "did you mean"),
        (["qwen3-235b-256", "--rack-power", "40"], "has no unit"),
        (["qwen3-235b-256", "--rack-power", "-40kW"], "outside the range"),
        (["qwen3-235b-256", "--rack-power", "3kW"], "cannot feed a node"),
        (["qwen3-235b-256", "--domain", "0"], "--domain"),
        (["qwen3-235b-256", "--lane-rate", "900Gb/s"], "no link of the catalog has a lane of 900 Gb/s"),
        (["qwen3-235b-256", "--target", "0"], "no share of a step"),
        (["qwen3-235b-256", "--optics", "800g-dac"], "no optical product"),
    ],
)
def test_nonsense_is_refused(refused: Callable[..., None], arguments: list[str], words: str) -> None:
    refused("demand", *arguments, words=words)


def test_a_fault_of_the_racks_points_into_the_study(tmp_path: Path) -> None:
    study = tmp_path / "mine.yaml"
    study.write_text("extends: qwen3-235b-256\ncluster:\n  node: {like: dgx-h100, rack_units: 60}\n")
    result = ask(str(study))
    assert result.exit_code == 2
    assert "does not fit" in result.stderr
