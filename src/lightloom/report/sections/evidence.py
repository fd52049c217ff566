"""What the numbers rest on: warnings, assumptions and sources, each said once, with the designs it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lightloom.report.reading import Run


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the letters of the designs that say it; no letters if all of them do."""

    text: str
    letters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Cited:
    """A source and where to find it; ``link`` is empty unless that is a web address."""

    id: str
    title: str
    where: str
    link: str
    letters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the numbers rest on."""

    warnings: Sequence[Said]
    assumptions: Sequence[Said]
    sources: Sequence[Cited]


def view(runs: Sequence[Run]) -> Evidence:
    """Return the texts and sources of all answers without repetition, in order of first appearance."""
    return Evidence(_said(runs, "warnings"), _said(runs, "assumptions"), _cited(runs))


def _said(runs: Sequence[Run], key: str) -> list[Said]:
    letters: dict[str, list[str]] = {}
    for run in runs:
        for text in dict.fromkeys(run.texts(key)):
            letters.setdefault(text, []).append(run.letter)
    return [Said(text, _unless_all(found, runs)) for text, found in letters.items()]


def _cited(runs: Sequence[Run]) -> list[Cited]:
    letters: dict[tuple[str, str, str], list[str]] = {}
    for run in runs:
        rows = [
            (str(row.get("id", "")), str(row.get("title", "")), str(row.get("where", "")))
            for row in run.rows("sources")
        ]
        for row in dict.fromkeys(rows):
            letters.setdefault(row, []).append(run.letter)
    return [
        Cited(identity, title, where, _link(where), _unless_all(found, runs))
        for (identity, title, where), found in sorted(letters.items(), key=lambda entry: entry[0])
    ]


def _link(where: str) -> str:
    """Return the address if it is one of the web and nothing else; no other scheme becomes a link."""
    try:
        address = urlsplit(where.strip())
    except ValueError:
        return ""
    whole = (
        address.scheme in {"http", "https"} and address.netloc and not any(letter.isspace() for letter in where.strip())
    )
    return where.strip() if whole else ""


def _unless_all(letters: list[str], runs: Sequence[Run]) -> list[str]:
    return [] if len(letters) == len(runs) else letters
