"""Small mistakes get one clear line: a misspelt verb, a wrong far end, a full disk, a half-written config.json.

Protects: exit code 2, no traceback, and words a user can act on, wherever the mistake was made.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.study.new import STARTER

MAIN = "from lightloom.cli.main import main; main()"


def ask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lightloom, [str(argument) for argument in arguments])


def test_a_misspelt_verb_names_the_nearest() -> None:
    result = ask("comparr", "a.yaml")
    assert result.exit_code == 2
    assert "no verb is called 'comparr'; did you mean 'compare'?" in result.stderr


def test_both_ends_of_a_link_are_told_by_what_was_typed() -> None:
    lines = ask("link", "400g-dr44", "--to", "400g-dacc", "--length", "3m").stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["PRODUCT", "--to"]
    assert "did you mean '400g-dac'?" in lines[1]
    lines = ask("link", "400g-dr44", "--through", "palmar:2", "--fibre", "os3", "--length", "3m").stderr.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["PRODUCT", "--fibre", "--through"]
    result = ask("link", "400g-dr4", "--to", "400g-dac", "--length", "3m")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --to: 400g-dr4 and 400g-dac do not join")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["catalog", "--json"],
        pytest.param(["catalog"], marks=pytest.mark.slow),
        pytest.param(["run", "qwen3-235b-256"], marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_a_full_disk_gives_one_line(arguments: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "error: cannot write the answer: no space left on device\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{\n  "model_type": "llama",\n  "hidden_si', "config.json:3: is not JSON: "),
        ('{"model_type": "llama"', "config.json:1: is not JSON: "),
        ("[1, 2]", "config.json:1: holds no JSON object; a config.json is one object"),
        ("", "config.json:1: is not JSON: "),
    ],
)
def test_a_broken_config_json_is_told_as_json(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    study = tmp_path / "pod.yaml"
    study.write_text(STARTER.replace("llama-3.1-70b ", "./config.json "), encoding="utf-8")
    result = ask("run", study)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "YAML" not in result.stderr


def test_what_a_python_shell_shows_is_a_line() -> None:
    comparison = ll.compare(["qwen3-235b-256"])
    (evaluation,) = comparison.evaluations
    shown = repr(evaluation)
    assert shown.startswith("<Evaluation of 'Qwen3 235B-A22B")
    assert "USD per million tokens" in shown
    assert all(len(repr(each)) < 300 for each in (comparison, evaluation, evaluation.scenario))


def test_the_error_of_a_missing_extra_is_public() -> None:
    assert issubclass(ll.MissingExtraError, ll.LightloomError)
