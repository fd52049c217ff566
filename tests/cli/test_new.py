"""``lightloom new`` writes a study whole, or nothing; it never writes over a file.

Protects what a user has, and that the first thing a newcomer runs is a valid study.
"""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.study.json_schema import json_schema
from lightloom.study.new import starter


def new(path: Path) -> Result:
    return CliRunner().invoke(lightloom, ["new", str(path)])


def test_writes_the_starter(tmp_path: Path) -> None:
    result = new(tmp_path / "my.yaml")
    assert result.exit_code == 0
    assert (tmp_path / "my.yaml").read_text(encoding="utf-8") == starter()
    assert "lightloom run" in result.stdout


def test_leaves_an_existing_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("mine")
    result = new(tmp_path / "mine.yaml")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "exists" in result.stderr
    assert (tmp_path / "mine.yaml").read_text() == "mine"


def test_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = new(tmp_path / "no" / "my.yaml")
    assert result.exit_code == 2
    assert "no such file or directory" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_writes_the_schema_that_the_starter_keeps(tmp_path: Path) -> None:
    file = tmp_path / "study.schema.json"
    result = CliRunner().invoke(lightloom, ["new", "--schema", str(file)])
    assert result.exit_code == 0
    assert "yaml-language-server" in result.stdout
    schema = json.loads(file.read_text(encoding="utf-8"))
    assert schema == json_schema()
    assert CliRunner().invoke(lightloom, ["new", "--schema", str(file)]).exit_code == 2
