"""``lightloom run`` and ``compare``: the tables say what the JSON says, and the files they write are whole.

Protects: same input, same bytes; 80 columns; exit code 2 and nothing written for what cannot be used or run; every
fault at once; silence on standard error where it is no terminal.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom

MOE = "qwen3-235b-256"
SCALE_UP = "qwen3-235b-256-scaleup"
TOO_BIG = ("--set", "recipe.micro_batch=8", "--set", "recipe.recompute=none")


def ask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lightloom, [str(argument) for argument in arguments])


def answer(*arguments: str) -> dict[str, Any]:
    return json.loads(ask(*arguments, "--json").stdout)


def widest(text: str) -> int:
    return max(len(line) for line in text.splitlines())


def test_run_prints_one_object_of_the_contract() -> None:
    found = answer("run", MOE)
    parts = {"compute_s", "bubble_s", "optimizer_s", "input_s"}
    spent = sum(found["step"][part] for part in parts) + sum(found["step"]["exposed_s"].values())
    assert spent == pytest.approx(found["step"]["time_s"], rel=1e-9)
    assert found["feasible"] is True


def test_same_input_same_bytes() -> None:
    assert ask("run", MOE, "--json").stdout == ask("run", MOE, "--json").stdout


def test_run_s_table_says_what_its_json_says() -> None:
    result, found = ask("run", MOE), answer("run", MOE)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert widest(result.stdout) <= 80
    assert found["scenario"]["name"] in result.stdout
    assert f"A step takes {found['step']['time_s']:.1f} s" in result.stdout
    assert f"{found['throughput']['mfu']:.1%}".replace("%", " %") in result.stdout


def test_set_changes_the_answer() -> None:
    before, after = answer("run", MOE), answer("run", MOE, "--set", "operation.electricity=0.16 USD/kWh")
    assert before["scenario"]["hash"] != after["scenario"]["hash"]
    assert before["step"] == after["step"]
    cost = "usd_per_million_tokens"
    assert after["cost"][cost]["mid"] > before["cost"][cost]["mid"]


def test_what_cannot_run_exits_2_with_reasons() -> None:
    result = ask("run", MOE, *TOO_BIG)
    assert result.exit_code == 2
    assert "cannot do the job" in result.stdout
    assert "memory" in result.stdout
    found = ask("run", MOE, *TOO_BIG, "--json")
    assert found.exit_code == 2
    assert json.loads(found.stdout)["reasons"]


def test_every_fault_of_the_settings_at_once() -> None:
    wrong = ("--set", "recipe.parallel.tensr=4", "--set", "fabric.floorplan.row_pitch=3")
    result = ask("run", MOE, *wrong)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 2
    assert "did you mean 'tensor'?" in result.stderr
    errors = json.loads(ask("run", MOE, *wrong, "--json").stdout)["errors"]
    assert [error["key"] for error in errors] == ["recipe.parallel.tensr", "fabric.floorplan.row_pitch"]


@pytest.mark.parametrize("study", ["no-such-study", "no/such/file.yaml"])
def test_missing_study_is_refused(study: str) -> None:
    result = ask("run", study)
    assert result.exit_code == 2
    assert study in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_compare_keeps_its_rows_and_ends_with_the_verdict() -> None:
    result, found = ask("compare", MOE, SCALE_UP), answer("compare", MOE, SCALE_UP)
    assert result.exit_code == 0
    assert widest(result.stdout) <= 80
    assert all(name in result.stdout for name in (MOE, SCALE_UP))
    steps = [evaluation["step"]["time_s"] for evaluation in found["evaluations"]]
    assert all(f"{step:.1f}" in result.stdout for step in steps)
    words = " ".join(result.stdout.replace("\n  ", " ").split())
    verdict = found["verdict"][-1]
    for evaluation, name in zip(found["evaluations"], (MOE, SCALE_UP), strict=True):
        verdict = verdict.replace(evaluation["scenario"]["name"], name)
    assert " ".join(verdict.split()) in words


def test_design_that_cannot_run_keeps_its_row() -> None:
    result = ask("compare", MOE, SCALE_UP, *TOO_BIG)
    assert result.exit_code == 0
    assert f"{MOE} cannot do the job" in result.stdout


def test_report_is_one_file_and_its_path_is_printed(tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    result = ask("compare", MOE, SCALE_UP, "--report", report)
    assert f"report: {report}" in result.stdout
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    again = tmp_path / "again.html"
    ask("compare", MOE, SCALE_UP, "--report", again)
    assert report.read_bytes() == again.read_bytes()


def test_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    for path, words in ((tmp_path / "no" / "report.html", "there is no folder"), (tmp_path, "it is a folder")):
        result = ask("run", MOE, "--report", path)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_replan_is_no_slower_than_the_study_s_recipe() -> None:
    written, planned = (answer("compare", MOE, *flag)["evaluations"][0] for flag in ((), ("--replan",)))
    assert planned["step"]["time_s"] <= written["step"]["time_s"] * (1 + 1e-9)
