"""What a reader has found of a drawing so far, each entry with its line, and everything that is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from lightloom.core.errors import Fault, StudyError
from lightloom.core.units import BANDWIDTH, LENGTH
from lightloom.fabric.drawings.drawing import (
    MOST_CABLES,
    MOST_JOINS,
    MOST_VERTICES,
    Drawing,
    DrawnJoin,
    DrawnVertex,
    misfits,
)

MOST_FAULTS = 20
"""Shown of one file; who mends those sees the next."""
LONGEST_NAME = 200


@dataclass(slots=True)
class Sheet:
    """A drawing in the making.

    Args:
        shown: How messages call the file.
    """

    shown: str
    vertices: list[DrawnVertex] = field(default_factory=list[DrawnVertex])
    joins: list[DrawnJoin] = field(default_factory=list[DrawnJoin])
    faults: list[Fault] = field(default_factory=list[Fault])
    _vertex_lines: list[int] = field(default_factory=list[int])
    _join_lines: list[int] = field(default_factory=list[int])

    def fault(self, line: int | None, message: str, hint: str = "") -> None:
        """Remember what is wrong with a line."""
        self.faults.append(Fault("", message, hint, self.shown, line))

    def refuse(self, line: int | None, message: str, hint: str = "") -> StudyError:
        """Return what to raise where reading on makes no sense: the fault, and those found before."""
        self.fault(line, message, hint)
        return StudyError(self.faults[:MOST_FAULTS])

    def vertex(self, line: int, name: str, kind: str = "") -> None:
        """Note a vertex.

        Raises:
            StudyError: There are too many.
        """
        if len(self.vertices) >= MOST_VERTICES:
            raise self.refuse(line, f"there are more than {MOST_VERTICES} vertices")
        if self._named(line, name):
            self.vertices.append(DrawnVertex.model_construct(name=name, kind=kind.strip()[:50]))
            self._vertex_lines.append(line)

    def join(
        self, line: int, ends: tuple[str, str], *, cables: str = "", rate: str | float = "", length: str = ""
    ) -> None:
        """Note equal cables between two vertices; what is empty is not stated.

        Args:
            line: Where.
            ends: Names of the two.
            cables: How many.
            rate: With its unit, or in bytes/s.
            length: With its unit.

        Raises:
            StudyError: There are too many.
        """
        if len(self.joins) >= MOST_JOINS:
            raise self.refuse(line, f"there are more than {MOST_JOINS} cables between vertices")
        before = len(self.faults)
        for name in ends:
            self._named(line, name)
        many = self._read(line, _whole, cables) if cables else 1.0
        fast = self._read(line, BANDWIDTH.parse, rate) if isinstance(rate, str) and rate else rate or None
        long = self._read(line, _longer, length) if length else None
        if len(self.faults) == before:
            a, b = ends
            self.joins.append(
                DrawnJoin.model_construct(a=a, b=b, cables=int(many or 1), rate=fast or None, length=long)
            )
            self._join_lines.append(line)

    def drawing(self) -> Drawing:
        """Return what was drawn.

        Raises:
            StudyError: Something is wrong with it; the first faults, with their lines.
        """
        if not self.joins and not self.faults:
            self.fault(None, "nothing is joined to anything", "is this the right file?")
        found = Drawing.model_construct(vertices=tuple(self.vertices), joins=tuple(self.joins))
        lines = {"vertices": self._vertex_lines, "joins": self._join_lines}
        for wrong in misfits(found):
            self.fault(lines[wrong.part][wrong.place], wrong.message, wrong.hint)
        if self.faults:
            raise StudyError(sorted(self.faults, key=lambda fault: fault.line or 0)[:MOST_FAULTS])
        return found

    def _named(self, line: int, name: str) -> bool:
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            self.fault(line, "a vertex has no name" if not name else f"{name[:40]!r} is no name", _NAME_HINT)
            return False
        return True

    def _read(self, line: int, parse: Callable[[str], float], text: str) -> float | None:
        try:
            return _parsed(parse, text)
        except ValueError as error:
            self.fault(line, str(error))
        return None


_NAME_HINT = f"names are {LONGEST_NAME} printable characters at most"


@lru_cache(maxsize=4096)
def _parsed(parse: Callable[[str], float], text: str) -> float:
    return parse(text)


def _whole(text: str) -> float:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:12]) <= MOST_CABLES or len(text) > 12:
        message = f"'{text[:40]}' is no count of cables; write a whole number, or a rate such as 400 Gb/s"
        raise ValueError(message)
    return float(text)


def _longer(text: str) -> float:
    value = LENGTH.parse(text)
    if not 0 < value <= 1e6:
        message = f"'{text[:40]}' is no length of a cable"
        raise ValueError(message)
    return value
