"""Edge lists: on every line the names of two vertices, then, as far as known, cables or rate, and length.

``gpu-1 leaf-1``, ``0 17 2`` (two cables), ``leaf-1 spine-1 800 Gb/s 30 m``; what follows ``#`` is a comment.
"""

import re

from lightloom.fabric.drawings.sheet import Sheet

_STATED = re.compile(r"([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*([^\s\d+.-][^\s]*)?")
_HINT = "write two names, then what is known of: count of cables, rate, length, such as 'leaf-1 spine-1 800 Gb/s 30 m'"


def read_lines(text: str, sheet: Sheet) -> None:
    """Note what an edge list holds."""
    for line, written in enumerate(text.split("\n"), start=1):
        words = written.partition("#")[0].split(maxsplit=2)
        if not words:
            continue
        if len(words) == 1:
            sheet.fault(line, f"'{words[0][:40]}' is joined to nothing", _HINT)
            continue
        stated = _stated(words[2].strip() if words[2:] else "")
        if stated is None:
            sheet.fault(line, f"'{words[2][:40]}' is neither cables, rate nor length", _HINT)
            continue
        sheet.join(line, (words[0], words[1]), **stated)


def _stated(text: str) -> dict[str, str] | None:
    """Return what is said of a join, by name; None where it is not understood, or said twice."""
    found: dict[str, str] = {}
    end = 0
    for match in _STATED.finditer(text):
        if text[end : match.start()].strip():
            return None
        end = match.end()
        number, unit = match.groups()
        name = "cables" if not unit else "rate" if "/" in unit or unit.lower().endswith("bps") else "length"
        if name in found:
            return None
        found[name] = f"{number} {unit}" if unit else number
    return None if text[end:].strip() else found
