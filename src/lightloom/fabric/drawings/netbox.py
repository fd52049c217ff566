"""NetBox's cables as its API lists them (``/api/dcim/cables/``): devices are vertices, cables between interfaces join.

Cables of power and consoles, and those being taken away, are left alone. A cable that ends at a patch panel says not
what lies behind it, and is refused. Where an interface states its speed or type, the slower end gives the rate.

Source: github.com/netbox-community/netbox, dcim/api/serializers_/cables.py (from 3.3: ``a_terminations``), and its API
before (``termination_a``).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from lightloom.fabric.drawings.sheet import Sheet

Json = Mapping[str, Any]

_LEFT_ALONE = ("dcim.power", "dcim.console")
_INTERFACE = "dcim.interface"
_HINT = "take the list of /api/dcim/cables/?limit=0"
_RATE = re.compile(r"(\d+(?:\.\d+)?)([mgt])base", re.IGNORECASE)
_BYTES = {"m": 1e6 / 8, "g": 1e9 / 8, "t": 1e12 / 8}
_KBPS = 1e3 / 8


def read_netbox(text: str, sheet: Sheet) -> None:
    """Note what a list of cables holds.

    Raises:
        StudyError: It is no JSON, or no such list, or only a part of it.
    """
    named: dict[str, object] = {}
    found = 0
    for line, cable in _cables(text, sheet):
        found += 1
        if not isinstance(cable, dict):
            sheet.fault(line, "a cable is an object of fields", _HINT)
        elif _word(cast("Json", cable).get("status")) != "decommissioning":
            _note(sheet, line, cast("Json", cable), named)
    if not found:
        raise sheet.refuse(1, "there is no cable in the list", _HINT)


def _cables(text: str, sheet: Sheet) -> Iterator[tuple[int, object]]:
    """Yield each cable with the line it begins on."""
    reader = _Elements(text)
    try:
        yield from reader.of_list()
    except json.JSONDecodeError as error:
        raise sheet.refuse(error.lineno, f"the file is not JSON: {error.msg.lower()}", "is the file whole?") from None
    except (RecursionError, ValueError):
        message = "the file is nested too deep, or holds a number too long"
        raise sheet.refuse(reader.line, message, _HINT) from None
    if reader.more:
        raise sheet.refuse(1, "the file is one page of a longer list", _HINT)


@dataclass(slots=True)
class _Elements:
    """Reads a list, alone or under ``results``, element by element."""

    text: str
    at: int = 0
    line: int = 1
    more: bool = False

    def of_list(self) -> Iterator[tuple[int, object]]:
        if self._next() == "[":
            yield from self._list()
            return
        self._take("{")
        while self._next() != "}":
            key = self._value()
            self._take(":")
            if key == "results" and self._next() == "[":
                yield from self._list()
            else:
                value = self._value()
                self.more |= key == "next" and value is not None
            if self._next() == ",":
                self._take(",")

    def _list(self) -> Iterator[tuple[int, object]]:
        self._take("[")
        while self._next() != "]":
            line = self.line
            yield line, self._value()
            if self._next() == ",":
                self._take(",")
        self._take("]")

    def _next(self) -> str:
        """Return the next character that is no space."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.line += self.text[self.at] == "\n"
            self.at += 1
        return self.text[self.at : self.at + 1]

    def _take(self, wanted: str) -> None:
        if self._next() != wanted:
            message = f"Expecting '{wanted}'"
            raise json.JSONDecodeError(message, self.text, self.at)
        self.at += 1

    def _value(self) -> object:
        self._next()
        value, end = json.JSONDecoder().raw_decode(self.text, self.at)
        self.line += self.text.count("\n", self.at, end)
        self.at = end
        return cast("object", value)


def _note(sheet: Sheet, line: int, cable: Json, named: dict[str, object]) -> None:
    sides = [_ends(cable, side) for side in ("a", "b")]
    types = [kind for ends in sides for kind, _ in ends]
    if any(kind.startswith(_LEFT_ALONE) for kind in types):
        return
    wrong = next((kind for kind in types if kind != _INTERFACE), "")
    if wrong or not all(sides):
        what = f"ends at '{wrong[:40]}', not at an interface" if wrong else "has an open end"
        sheet.fault(line, f"cable {cable.get('id')} {what}", "join what is at the far sides of panels, or leave it out")
        return
    count = max(len(ends) for ends in sides)
    if any(count % len(ends) for ends in sides):
        sheet.fault(line, f"cable {cable.get('id')} does not share out its ends evenly")
        return
    length, unit = cable.get("length"), _word(cable.get("length_unit"))
    for turn in range(count):
        pair = [ends[turn * len(ends) // count][1] for ends in sides]
        names = [_device(sheet, line, each, named) for each in pair]
        rates = [rate * len(ends) / count for ends, each in zip(sides, pair, strict=True) if (rate := _rate(each))]
        sheet.join(
            line,
            (names[0], names[1]),
            rate=min(rates, default=0.0),
            length=f"{length} {unit}" if length not in (None, "") else "",
        )


def _ends(cable: Json, side: str) -> list[tuple[str, Json]]:
    """Return type and object of each end on a side."""
    listed: object = cable.get(f"{side}_terminations")
    if isinstance(listed, list):
        entries = [_object(entry) for entry in cast("list[object]", listed)]
        return [(str(entry.get("object_type", "")), _object(entry.get("object"))) for entry in entries]
    kind = cable.get(f"termination_{side}_type")
    return [(str(kind), _object(cable.get(f"termination_{side}")))] if kind else []


def _device(sheet: Sheet, line: int, end: Json, named: dict[str, object]) -> str:
    """Return the name of the device an interface belongs to; two devices of one name are told apart by number."""
    device = _object(end.get("device"))
    name = str(device.get("name") or device.get("display") or "").strip()
    number = device.get("id")
    if name and named.setdefault(name, number) != number:
        sheet.fault(line, f"two devices, {named[name]} and {number}, are called '{name:.60}'", "rename one of them")
    return name


def _rate(end: Json) -> float:
    """Return the rate of an interface, bytes/s one way; 0 where it is not said."""
    speed = end.get("speed")
    if isinstance(speed, (int, float)) and 0 < speed < 1e15:
        return speed * _KBPS
    match = _RATE.match(_word(end.get("type")))
    return float(match.group(1)) * _BYTES[match.group(2).lower()] if match else 0.0


def _object(entry: object) -> Json:
    return cast("Json", entry) if isinstance(entry, dict) else {}


def _word(entry: object) -> str:
    """Return a choice, which the API writes as a value with a label, or as the value alone."""
    value: object = _object(entry).get("value", entry)
    return value if isinstance(value, str) else ""
