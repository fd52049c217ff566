"""``--report`` writes over reports and nothing else: not the study itself, not a file of any other origin.

Protects what a user has; the rule is the mark in the first bytes of a page.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.report.mark import is_report
from lightloom.study.new import starter

VERBS = {
    "run": ("run", "qwen3-235b-256"),
    "compare": ("compare", "qwen3-235b-256"),
    "link": ("link", "400g-dr4", "--length", "100m"),
    "demand": ("demand", "qwen3-235b-256"),
}


def ask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lightloom, [str(argument) for argument in arguments])


def test_the_study_itself_is_left_as_it_is(tmp_path: Path) -> None:
    study = tmp_path / "my.yaml"
    study.write_text(starter(), encoding="utf-8")
    result = ask("run", study, "--report", study)
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: {study}: exists and is no report of lightloom, so it is left as it is; "
        "choose another name, or remove it first\n"
    )
    assert study.read_text(encoding="utf-8") == starter()


@pytest.mark.parametrize("verb", VERBS)
def test_only_a_report_is_replaced(tmp_path: Path, verb: str) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>mine</title>")
    assert ask(*VERBS[verb], "--report", page).exit_code == 2
    assert "mine" in page.read_text()
    page.write_text("")
    assert ask(*VERBS[verb], "--report", page).exit_code == 0
    written = page.read_bytes()
    assert is_report(written)
    assert ask(*VERBS[verb], "--report", page).exit_code == 0
    assert page.read_bytes() == written


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", ["-", "", " "])
def test_what_names_no_file_is_refused_as_such(verb: str, name: str) -> None:
    result = ask(*VERBS[verb], "--report", name)
    assert result.exit_code == 2
    assert f"'{name}' names no file" in result.stderr
    assert not Path(name or "none").is_file()


def test_a_device_is_refused() -> None:
    assert "no plain file" in ask("run", "qwen3-235b-256", "--report", "/dev/null").stderr


@pytest.mark.parametrize("verb", VERBS)
def test_help_says_the_rule(verb: str) -> None:
    assert "replaced only if it is such a report" in " ".join(ask(verb, "--help").output.split())


@pytest.mark.parametrize("verb", VERBS)
def test_a_name_no_file_can_have_is_refused_in_one_line(tmp_path: Path, verb: str) -> None:
    result = ask(*VERBS[verb], "--report", tmp_path / ("9" * 300))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "cannot write the file" in result.stderr
