"""Rows of measured runs: read from any file of the documented columns, checked, and put into our words."""

import csv
import io
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from lightloom.core.errors import Fault, StudyError

SHIPPED = Path(__file__).parents[2] / "measured" / "training_runs.csv"

SIZE_LIMIT = 64 << 20
"""Bytes; the shipped file is half a megabyte."""

REQUIRED = ("row_id", "family", "accelerator", "n_accel", "layers", "hidden", "seq", "gbs", "step_time_s", "stack")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured run.

    Args:
        id: ``row_id``.
        fields: Every column that is not empty.
        line: In its file.
    """

    id: str
    fields: Mapping[str, str]
    line: int

    def text(self, name: str, default: str = "") -> str:
        """Return a column as text."""
        return self.fields.get(name, default)

    def number(self, name: str, default: float = 0.0) -> float:
        """Return a column as a finite number; ValueError if it is none."""
        text = self.fields.get(name)
        try:
            value = default if text is None else float(text)
        except ValueError:
            message = f"{name} is '{text:.40}', not a number"
            raise ValueError(message) from None
        if not math.isfinite(value):
            message = f"{name} is not finite"
            raise ValueError(message)
        return value

    def count(self, name: str, default: int = 0) -> int:
        """Return a column as a whole number; ValueError if it is none."""
        value = self.number(name, default)
        if value != int(value):
            message = f"{name} is {value:g}, not a whole number"
            raise ValueError(message)
        return int(value)


def read_rows(path: Path | None = None) -> tuple[Row, ...]:
    """Return the rows of a file; the shipped one if none is named.

    Raises:
        StudyError: The file cannot be read, is no CSV with the required columns, has cells beyond them, or names
            a row twice.
    """
    where = path or SHIPPED
    shown = str(path) if path else "lightloom/measured/training_runs.csv"
    text = _text(where, shown)
    try:
        reader = csv.DictReader(io.StringIO(text), strict=True)
        header = tuple(reader.fieldnames or ())
        listed = [(reader.line_num, record) for record in reader]
    except csv.Error as error:
        raise StudyError(Fault("", f"the file is not CSV: {error}", "see the columns in the guide", shown)) from None
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        message = f"columns are missing: {', '.join(missing)}"
        raise StudyError(Fault("", message, "the guide lists the columns of measured runs", shown, 1))
    _check_cells(header, listed, shown)
    rows = [_row(record, line) for line, record in listed]
    _check(rows, shown)
    return tuple(rows)


def _text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise StudyError(Fault("", f"the file is larger than {SIZE_LIMIT >> 20} MiB", "", shown))
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise StudyError(Fault("", f"cannot read the file: {error.strerror or 'unreadable'}", "", shown)) from None
    except UnicodeDecodeError:
        raise StudyError(Fault("", "the file is not text", "give a CSV file", shown)) from None


_Record: TypeAlias = Mapping[str | None, str | list[str] | None]
"""Cells by column, None where a row ends early; under None those beyond the last column."""


def _check_cells(header: Sequence[str], listed: Sequence[tuple[int, _Record]], shown: str) -> None:
    """Refuse a table with two columns of a name, or with cells beyond the last: values would be read as others."""
    twice = sorted(name for name, count in Counter(header).items() if name and count > 1)
    faults = [Fault("", f"the column '{name:.40}' is there more than once", "keep one", shown, 1) for name in twice]
    for line, record in listed:
        beyond = record.get(None) or ()
        if any(cell.strip() for cell in beyond):
            message = f"{len(header) + len(beyond)} cells under {len(header)} columns"
            faults.append(Fault("", message, "put texts with commas in quotes", shown, line))
    if faults:
        raise StudyError(faults)


def _row(record: _Record, line: int) -> Row:
    texts = {str(key): value.strip() for key, value in record.items() if key is not None and isinstance(value, str)}
    fields = {key: value for key, value in texts.items() if value}
    return Row(fields.get("row_id", f"line {line}"), MappingProxyType(fields), line)


def _check(rows: list[Row], shown: str) -> None:
    seen: dict[str, int] = {}
    faults: list[Fault] = []
    for row in rows:
        if row.id in seen:
            message = f"the row is also on line {seen[row.id]}"
            faults.append(Fault(row.id, message, "give each its own id", shown, row.line))
        seen[row.id] = row.line
    if faults:
        raise StudyError(faults)
