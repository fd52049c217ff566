"""``lightloom calibrate`` prints what it fitted beside what is shipped, and refuses a file that is no such table."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lightloom.cli.main import lightloom
from lightloom.study.validation.rows import SHIPPED


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text("a,b\n1,2\n", "utf-8")
    result = CliRunner().invoke(lightloom, ["calibrate", "--rows", str(mine)])
    assert result.exit_code == 2
    assert "columns are missing" in result.stderr


@pytest.mark.slow
def test_json_names_every_row_used() -> None:
    result = CliRunner().invoke(lightloom, ["calibrate", "--rows", str(SHIPPED), "--json"])
    assert result.exit_code == 0
    fitted = json.loads(result.stdout)["fitted"]
    assert {each["name"].partition(":")[0] for each in fitted} >= {"a100-sxm-80gb", "h100-sxm-80gb"}
    assert all(each["rows"] for each in fitted)
