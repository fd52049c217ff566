"""One family of errors: where it is, what is wrong, what to do; every fault at once."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input.

    Args:
        key: Dotted path of the offending entry, such as ``fabric.scale_out.switch``; empty for the whole file.
        message: What was found and what was expected.
        hint: What to do about it; empty if the message already says so.
        file: Where it was read; None for input that came through Python or the command line.
        line: Line in that file, from 1.
    """

    key: str
    message: str
    hint: str = ""
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """One line: ``pod.yaml:7 fabric.kind: no topology is called 'tors'; did you mean 'torus'?``."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file or ""
        head = " ".join(part for part in (place, self.key) if part)
        body = f"{self.message}; {self.hint}" if self.hint else self.message
        return f"{head}: {body}" if head else body

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the entry of the error contract: file, line, key, message, hint."""
        return {"file": self.file, "line": self.line, "key": self.key, "message": self.message, "hint": self.hint}


class LightloomError(Exception):
    """Anything lightloom refuses; carries every fault found."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        """Keep the faults in the order of the document."""
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class StudyError(LightloomError):
    """A study, or something it names, cannot be used as written."""


class CatalogError(LightloomError):
    """A catalog file is wrong, or has no such product."""


class MissingExtraError(LightloomError):
    """A part was asked for whose optional dependency is not installed."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean 'torus'?`` for a misspelling or a part of a word, else the known words, for a hint."""
    choices: Sequence[str] = sorted(known)
    lower = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.6)
    if not close and len(word) > 2:
        close = [choice for choice in lower if word.lower() in choice][:1]
    if close:
        return f"did you mean '{lower[close[0]]}'?"
    shown = ", ".join(choices[:12])
    return f"known: {shown}{', …' if len(choices) > 12 else ''}" if choices else ""
