"""Tables as comma-separated text: numbers as they are, text that no spreadsheet takes for a formula."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Cell: TypeAlias = "str | float | bool | None"

_FORMULA = frozenset("=+-@＝＋－＠")


def table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a header and rows as RFC 4180 has them, lines ended by a line feed.

    Numbers and truth values are written as in JSON, to the last digit; None is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(each) for each in row] for row in rows)
    return text.getvalue()


def columns(header: Sequence[str], values: Sequence[Sequence[Cell]]) -> str:
    """Return the table of a header and columns: as :func:`table` of their rows, quicker where entries recur.

    A column is of one type, or None.
    """
    told = [_words(column) for column in values]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(zip(*told, strict=True))
    return text.getvalue()


def _words(column: Sequence[Cell]) -> list[str]:
    written = {value: _cell(value) for value in set(column)}
    return [written[value] for value in column]


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else json.dumps(value, allow_nan=False)


def harmless(text: str) -> str:
    """Return text that a spreadsheet shows instead of computing: an apostrophe stands before what may begin a formula.

    Line breaks become line feeds: a bare carriage return would end the row for some readers.

    Source: OWASP, CSV Injection: cells that begin with ``=``, ``+``, ``-``, ``@`` (full-width ones too), a tab or a
    line break.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    begins = text.lstrip()[:1] in _FORMULA or text.lstrip(" ").startswith(("\t", "\n"))
    return f"'{text}" if begins else text
