"""Topologies as a person reads them at a terminal: all in a line each, or one with its parameters."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from rich.padding import Padding
from rich.text import Text

from lightloom.cli.output import console
from lightloom.cli.tables import grid, paragraph, say
from lightloom.fabric.about import About, about, known_topologies
from lightloom.report import formats

FOLDER = "topologies"
"""What topologies are listed under, as products are under their folders."""
_FORMULAS = {
    "terminals": "endpoints or routers", "switches": "switches", "links": "links", "switch_links": "links of switches",
    "diameter": "diameter", "mean_hops": "mean hops", "bisection": "bisection", "all_to_all": "all-to-all",
    "all_gather": "all-gather",
}  # fmt: skip


def listed() -> dict[str, Any]:
    """Return the object of ``catalog topologies``."""
    every = (about(kind) for kind in known_topologies())
    return {"topologies": [{"kind": each.kind, "title": each.title, "domains": list(each.domains)} for each in every]}


def described(kind: str) -> dict[str, Any]:
    """Return the object of ``catalog topologies KIND``."""
    told: About = about(kind)
    return {
        "folder": FOLDER,
        "name": told.kind,
        "title": told.title,
        "note": told.note,
        "domains": list(told.domains),
        "parameters": [
            {
                "name": each.name,
                "values": each.values,
                "required": each.required,
                "default": None if each.required else _spelt(each.default),
                "meaning": each.meaning,
                "own": each.own,
            }
            for each in told.parameters
        ],
        "formulas": [{"quantity": name, "always": always} for name, always in told.formulas],
        "source": told.source,
    }


CIRCUITS = (
    "With circuit switches: cube-torus; and clos and rail-optimised with core: {kind: circuit}, which joins their "
    "blocks directly, or core: {kind: hybrid}, beside packet switches. The circuits of a study are set once for the "
    "job, by phase, or in turn by a rotor."
)


def show_listed(answer: Mapping[str, Any]) -> None:
    """Print every topology in a line."""
    rows: Sequence[Mapping[str, Any]] = answer["topologies"]
    table = grid("", "", "~")
    headed = (("Networks of a study", True), ("Graphs to measure and compare", False))
    for heading, taken in headed:
        if table.row_count:
            table.add_row("", "", "")
        table.add_row(f"[bold]{heading}[/bold]", "", "")
        for row in rows:
            if bool(row["domains"]) is taken:
                table.add_row(f"  {row['kind']}", _domains(row["domains"]), Text(_without_name(row["title"])))
    out = console()
    out.print(table)
    out.print()
    out.print(paragraph(CIRCUITS))


def _without_name(title: str) -> str:
    return title.partition(": ")[2] or title


def _domains(domains: Sequence[str]) -> str:
    return ", ".join(name.removeprefix("scale_") for name in domains)


def show_described(answer: Mapping[str, Any]) -> None:
    """Print one topology."""
    out = console()
    where = " and ".join(formats.words(name) for name in answer["domains"])
    parts = [paragraph(str(answer["title"]), "bold"), paragraph(str(answer["note"]))]
    parts.append(paragraph(f"A study can take it as {where}." if where else "A graph to measure and compare."))
    say(out, *parts)
    own = [row for row in answer["parameters"] if row["own"]]
    others = [row for row in answer["parameters"] if not row["own"]]
    for heading, rows in (("Its parameters", own), ("Of all topologies cabled like it", others)):
        if rows:
            out.print()
            out.print(paragraph(heading, "bold"))
            for line in _parameters(rows):
                out.print(line)
    out.print()
    out.print(paragraph(f"Known by formula: {', '.join(_formulas(answer['formulas']))}."))
    if answer["source"]:
        out.print(paragraph(f"Source: {answer['source']}"))


def _parameters(rows: Sequence[Mapping[str, Any]]) -> Iterator[Padding]:
    """Yield two lines a parameter: what it may be and its default, and what it means."""
    for row in rows:
        default = "required" if row["required"] else f"default {row['default']}"
        yield Padding(paragraph(f"{row['name']}: {row['values']}; {default}"), (0, 0, 0, 2))
        yield Padding(paragraph(str(row["meaning"])), (0, 0, 0, 6))


def _spelt(value: object) -> str:
    """Return a default as a study file would spell it.

    >>> _spelt({"kind": "packet", "switch": None}), _spelt(()), _spelt(1.0), _spelt(True), _spelt("")
    ('{kind: packet}', 'none', '1', 'true', 'none')
    """
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return f"{{{', '.join(f'{key}: {_spelt(entry)}' for key, entry in entries.items() if entry is not None)}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value or "none")


def _formulas(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        name = _FORMULAS.get(str(row["quantity"]), str(row["quantity"]))
        yield name if row["always"] else f"{name} (of some)"
