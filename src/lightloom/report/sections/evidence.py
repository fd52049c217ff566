"""What the numbers rest on: warnings, assumptions and sources, each said once, with the designs it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lightloom.report.reading import Run
from lightloom.report.view import Said, said


@dataclass(frozen=True, slots=True)
class Cited:
    """A document and where to find it.

    Args:
        title: What it is.
        where: Where to find it.
        link: The same, if it is a web address and nothing else.
        uses: Files of the catalog that take figures from it.
        letters: Designs that rest on it; none if all of them do.
    """

    title: str
    where: str
    link: str
    uses: Sequence[str]
    letters: Sequence[str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the numbers rest on."""

    warnings: Sequence[Said]
    assumptions: Sequence[Said]
    sources: Sequence[Cited]


def view(runs: Sequence[Run]) -> Evidence:
    """Return the texts and sources of all answers without repetition, in order of first appearance."""
    warnings, assumptions = (said([(run, run.texts(key)) for run in runs]) for key in ("warnings", "assumptions"))
    return Evidence(warnings, assumptions, _cited(runs))


def _cited(runs: Sequence[Run]) -> list[Cited]:
    """Return every document once, by title, with the files of the catalog that cite it."""
    letters: dict[tuple[str, str], list[str]] = {}
    uses: dict[tuple[str, str], list[str]] = {}
    for run in runs:
        for row in run.rows("sources"):
            document = str(row.get("title", "")), str(row.get("where", ""))
            letters.setdefault(document, []).append(run.letter)
            uses.setdefault(document, []).append(str(row.get("id", "")).partition("#")[0])
    return [
        Cited(title, where, _link(where), sorted(set(uses[title, where])), _unless_all(found, runs))
        for (title, where), found in sorted(letters.items(), key=lambda entry: entry[0])
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
    found = list(dict.fromkeys(letters))
    return [] if len(found) == len(runs) else found
