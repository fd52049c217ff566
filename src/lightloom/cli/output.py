"""What leaves the program: one JSON object, files written whole or not at all, progress on a terminal."""

import json
import os
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from lightloom.core.errors import Fault, LightloomError
from lightloom.report.mark import WITHIN, is_report

WIDTH = 80
"""Columns of a table where the output is no terminal; a wider terminal is used up to twice that."""


def console() -> Console:
    """Return where tables go: standard output, without colour when asked (NO_COLOR) or not a terminal."""
    width = min(Console().width, 2 * WIDTH) if sys.stdout.isatty() else WIDTH
    return Console(width=width, highlight=False, soft_wrap=False)


def print_json(answer: Mapping[str, object]) -> None:
    """Print one object, the same bytes for the same answer; characters beyond ASCII are escaped for any terminal."""
    click.echo(json.dumps(answer, indent=2, allow_nan=False))


def give(
    answer: Mapping[str, object],
    *,
    as_json: bool,
    show: Callable[[], None],
    report: Path | None,
    page: Callable[[], str],
) -> None:
    """Give an answer as it was asked for: a page where a report is named, then one JSON object or tables.

    Raises:
        LightloomError: The report cannot be written.
    """
    if report:
        write_whole(report, page())
    if as_json:
        print_json(answer)
        return
    show()
    if report:
        click.echo(f"\nreport: {report}")


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step: whoever reads it sees the old content or the new, never a part.

    Raises:
        LightloomError: It cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise LightloomError(_unwritable(path, error)) from None
    finally:
        part.unlink(missing_ok=True)


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet.

    Raises:
        LightloomError: It exists, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise LightloomError(Fault("", "exists and is left as it is", "choose another name", str(path))) from None
    except OSError as error:
        raise LightloomError(_unwritable(path, error)) from None


def _unwritable(path: Path, error: OSError | ValueError) -> Fault:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault("", f"cannot write the file: {why.lower()}", file=str(path))


def check_writable(path: Path | None) -> None:
    """Refuse, before any work is done, a file that could not be written after it.

    Raises:
        LightloomError: The folder does not exist or takes no files, or the path is a folder.
    """
    if path is None:
        return
    try:
        path.lstat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:  # a name too long, a zero byte, a folder that may not be entered
        raise LightloomError(_unwritable(path, error)) from None
    if path.is_dir():
        raise LightloomError(Fault("", "cannot write the file: it is a folder", "name a file in it", str(path)))
    if not path.parent.is_dir():
        raise LightloomError(Fault("", f"cannot write the file: there is no folder '{path.parent}'", file=str(path)))
    if not os.access(path.parent, os.W_OK):
        raise LightloomError(Fault("", "cannot write the file: permission denied", file=str(path)))


def check_report(path: Path | None) -> None:
    """Refuse, before any work is done, a report that could not be written, or would be written over another file.

    Raises:
        LightloomError: As for :func:`check_writable`; or there is a file that lightloom did not write as a report.
    """
    check_writable(path)
    if path is None or not path.exists():
        return
    if not path.is_file():
        raise LightloomError(Fault("", "cannot write the report: it is no plain file", "name another", str(path)))
    try:
        with path.open("rb") as stream:
            start = stream.read(WITHIN)
    except OSError as error:
        raise LightloomError(_unwritable(path, error)) from None
    if not is_report(start):
        hint = "choose another name, or remove it first"
        raise LightloomError(Fault("", "exists and is no report of lightloom, so it is left as it is", hint, str(path)))


@contextmanager
def working(description: str) -> Generator[None]:
    """Show on standard error that something is under way, and for how long; nothing where that is no terminal."""
    columns = SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn()
    terminal = Console(stderr=True)
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        progress.add_task(description, total=None)
        yield
