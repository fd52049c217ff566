"""``lightloom export``: to a pipe or a file, and never over a file of another origin unless told to.

Protects what a user has, and that the verb writes what the exporter does, byte for byte.
"""

import errno
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.export.exporters import EXPORTERS

STUDY = "qwen3-235b-256"


def export(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lightloom, ["export", STUDY, *map(str, arguments)])


@pytest.mark.parametrize("kind", EXPORTERS)
def test_pipe_and_file_get_what_the_exporter_writes(kind: str, tmp_path: Path) -> None:
    text = EXPORTERS[kind].write(ll.evaluate(ll.load(STUDY)))
    assert export(kind).stdout == text
    file = tmp_path / f"mine{EXPORTERS[kind].suffix}"
    for _ in range(2):  # the second time over its own
        result = export(kind, file)
        assert (result.exit_code, result.stdout) == (0, f"written: {file}\n")
        assert file.read_bytes() == text.encode()
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("kind", EXPORTERS)
@pytest.mark.parametrize("content", ["", "key,value\nmine,1\n", "{}"])
def test_file_of_another_origin_stays_unless_forced(kind: str, content: str, tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text(content)
    result = export(kind, file)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "--force" in result.stderr
    assert file.read_text() == content
    assert export(kind, file, "--force").exit_code == 0
    assert file.read_text().startswith(EXPORTERS[kind].signature)


def test_export_of_another_format_stays(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    assert export("csv", file).exit_code == 0
    assert export("bill-of-materials", file).exit_code == 2


def test_wrong_words_are_faults(tmp_path: Path) -> None:
    for arguments, said in (
        (("cvs",), "did you mean 'csv'?"),
        (("csv", tmp_path), "it is a folder"),
        (("csv", tmp_path / "no" / "file.csv"), "there is no folder"),
        (("csv", "--set", "recipe.parallel.tensr=4"), "tensor"),
        (("chrome-trace", "--set", "recipe.batch=100000000"), "no timeline"),
    ):
        result = export(*arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert said in result.stderr
        assert "Traceback" not in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_design_that_cannot_do_the_job_is_written_with_a_warning() -> None:
    result = export("csv", "--set", "recipe.micro_batch=8")
    assert result.exit_code == 2
    assert "reasons[0].code,out-of-memory," in result.stdout
    assert "out-of-memory" in result.stderr


def test_set_changes_the_answer() -> None:
    assert "recipe.batch,512," in export("csv", "--set", "recipe.batch=512").stdout


def test_unreadable_file_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    file = tmp_path / "mine.csv"
    file.touch()
    monkeypatch.setattr(Path, "open", refuse)
    result = export("csv", file)
    assert result.exit_code == 2
    assert "cannot read it" in result.stderr


@pytest.mark.parametrize("kind", ["cable-schedule", "cabling-plan"])
@pytest.mark.parametrize("before", [None, "earlier"])
def test_full_disk_leaves_nothing_half_written(
    kind: str, before: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine"
    if before is not None:
        file.write_text(EXPORTERS[kind].signature + before)
    begun = Path.write_text

    def stops(path: Path, text: str, **words: str) -> int:
        begun(path, text[: len(text) // 2], **words)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", stops)
    result = export(kind, file)
    monkeypatch.undo()
    assert result.exit_code == 2
    assert result.stderr == f"error: {file}: cannot write the file: no space left on device\n"
    assert [path.read_text() for path in tmp_path.iterdir()] == (
        [] if before is None else [EXPORTERS[kind].signature + before]
    )


@pytest.mark.parametrize("kind", ["cable-schedule", "cabling-plan"])
def test_folder_that_takes_no_files_is_a_fault(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write anywhere
    result = export(kind, tmp_path / "mine")
    assert result.exit_code == 2
    assert "permission denied" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_study_says_how_cables_are_laid() -> None:
    racks = export("cabling-plan").stdout
    rows = export("cabling-plan", "--set", "fabric.cabling.between=rows").stdout
    assert '"between": "racks"' in racks
    assert '"between": "rows"' in rows
    for wrong, said in (
        ("fabric.cabling.between=aisles", "known: racks, rows"),
        ("fabric.cabling.trunks=[trunk-100]", "the catalog has no trunks/trunk-100"),
        ("fabric.cabling.hardware=floor", "the catalog has no cabling/floor"),
        ("fabric.cabling.least=0", "fabric.cabling.least"),
        ("fabric.cabling.leest=2", "did you mean 'least'?"),
    ):
        result = export("cable-schedule", "--set", wrong)
        assert (result.exit_code, result.stdout) == (2, "")
        assert said in result.stderr
        assert "Traceback" not in result.stderr
