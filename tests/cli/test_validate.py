"""``lightloom validate runs`` prints every row of a file: predicted, missed or not covered with its reason.

Protects honesty: no row is dropped in silence, whatever file of the documented columns it comes from.
"""

import csv
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.study.validation.rows import SHIPPED


def ask(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lightloom, ["validate", "runs", *map(str, arguments)])


def answer(*arguments: str | Path) -> dict[str, Any]:
    result = ask(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def some_rows(path: Path, count: int = 20) -> list[str]:
    """Copy every so-many-th shipped row to a file of the user's; return their ids."""
    with SHIPPED.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    chosen = rows[:: len(rows) // count]
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames or ())
        writer.writeheader()
        writer.writerows(chosen)
    return [row["row_id"] for row in chosen]


def test_every_row_of_the_user_s_file_is_accounted_for(tmp_path: Path) -> None:
    ids = some_rows(tmp_path / "mine.csv")
    found = answer("--rows", tmp_path / "mine.csv")
    assert sorted(ids) == sorted(row["id"] for row in [*found["rows"], *found["not_covered"]])
    assert all(gap["why"] for gap in found["not_covered"])


def test_table_prints_every_row_within_80_columns(tmp_path: Path) -> None:
    ids = some_rows(tmp_path / "mine.csv")
    text = ask("--rows", tmp_path / "mine.csv").stdout
    joined = "".join(text.split())
    assert all("".join(each.split()) in joined for each in ids)
    assert max(len(line) for line in text.splitlines()) <= 80


def test_error_is_predicted_over_measured_less_one(tmp_path: Path) -> None:
    some_rows(tmp_path / "mine.csv")
    for row in answer("--rows", tmp_path / "mine.csv")["rows"]:
        assert row["error"] == row["predicted"] / row["measured"] - 1


def test_bad_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    for path, words in ((tmp_path / "bad.csv", "columns are missing"), (tmp_path / "none.csv", "cannot read the file")):
        result = ask("--rows", path)
        assert result.exit_code == 2
        assert words in result.stderr
        assert result.stdout == ""


def test_unknown_subject_is_refused() -> None:
    assert CliRunner().invoke(lightloom, ["validate", "rums"]).exit_code == 2
