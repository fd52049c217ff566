"""``lightloom catalog``: what is known of each part, and who says so."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any, TypeAlias, cast

import click
from pydantic import BaseModel
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightloom.accounts.defaults import Assumptions, FailureProfile
from lightloom.catalog import loading
from lightloom.catalog.products import PRODUCT_FOLDERS
from lightloom.cli import options, topology_tables
from lightloom.cli.output import console, print_json
from lightloom.cli.tables import bullets, grid, paragraph, say, terminal
from lightloom.core.errors import CatalogError, Fault, nearest
from lightloom.core.provenance import Figure
from lightloom.devices.efficiency import Efficiency
from lightloom.fabric.about import known_topologies
from lightloom.photonics.kinds import LINK_KINDS
from lightloom.photonics.parts import LinkParts
from lightloom.report import formats
from lightloom.workload.stack import StackProfile

Entry: TypeAlias = dict[str, Any]

SHAPES: dict[str, type[BaseModel]] = {
    **{shape.kind: shape for shape in PRODUCT_FOLDERS.values()},
    **{shape.kind: shape for shape in LINK_KINDS.values()},
    **{shape.kind: shape for shape in (LinkParts, Efficiency, StackProfile, Assumptions, FailureProfile)},
}
"""The class of each kind of file; a kind without one, such as a model's, is shown as written."""

_PREFIXED = {"byte": "B", "byte/s": "B/s", "bit/s": "b/s", "FLOP/s": "FLOP/s", "W": "W", "Hz": "Hz", "s": "s", "m": "m"}
"""Units shown with an SI prefix, and how they are written then."""

_SPOKEN = {
    "USD/J": (3.6e6, "USD/kWh"),
    "USD/byte": (1e12, "USD/TB"),
    "kg/J": (3.6e9, "g/kWh"),
    "1/year": (100.0, "%/year"),
    "Bd": (1e-9, "GBd"),
}
"""Units a person would not use, what to multiply by, and what a person says."""

_YEAR = 365.25 * 86400.0
_ENTRIES_SHOWN = 6
"""Of a long list in text; all of it is in the JSON."""


@click.command(
    epilog=options.example(
        "lightloom catalog",
        "lightloom catalog h100-sxm-80gb",
        "lightloom catalog topologies",
        "lightloom catalog topologies torus",
    )
)
@click.argument("name", required=False, type=options.PRODUCT)
@click.argument("kind", required=False)
@options.as_json
def catalog(name: str | None, kind: str | None, *, as_json: bool) -> None:
    """Show what is known of each product, and who says so.

    Without NAME, list every product by folder; with one, its figures: the value used, its band, how sure it is, the
    figure as printed, and the document it was read from. Where two folders have a NAME, the first
    is shown; folder/NAME says which.

    NAME 'topologies' lists the topologies of networks; with a KIND, such as 'torus', its parameters, their defaults
    and what is known of it by formula.
    """
    if kind is not None and name != topology_tables.FOLDER:
        message = f"got unexpected extra argument ({kind}); only '{topology_tables.FOLDER}' takes a kind"
        raise click.UsageError(message)
    answer, show = _asked(name, kind)
    if as_json:
        print_json(answer)
    else:
        show(answer)


def _asked(name: str | None, kind: str | None) -> tuple[Entry, Callable[[Entry], None]]:
    """Return what was asked for, and what prints it."""
    if name is None:
        return {"products": listing()}, _show_listing
    if name == topology_tables.FOLDER and kind is None:
        return topology_tables.listed(), topology_tables.show_listed
    folder, found = (topology_tables.FOLDER, kind) if kind is not None else find(name)
    if folder == topology_tables.FOLDER:
        _check_topology(found)
        return topology_tables.described(found), topology_tables.show_described
    return describe(folder, found), _show


def _check_topology(kind: str) -> None:
    """Refuse a topology that is not known.

    Raises:
        CatalogError: There is none of that name.
    """
    if kind not in known_topologies():
        raise CatalogError(Fault("", f"no topology is called '{kind:.40}'", nearest(kind, known_topologies())))


def listing() -> list[Entry]:
    """Return every product: folder, name, title."""
    return [
        {"folder": folder, "name": name, "title": str(loading.document(folder, name).entries.get("title", ""))}
        for folder, name in loading.entries()
    ]


def find(wanted: str) -> tuple[str, str]:
    """Return the folder and name of a product or a topology; where several folders have the name, the first of them.

    Raises:
        CatalogError: There is none of that name.
    """
    entries = list(loading.entries())
    for folder, name in entries:
        if wanted in (name, f"{folder}/{name}"):
            return folder, name
    topology = wanted.removeprefix(f"{topology_tables.FOLDER}/")
    if topology in known_topologies():
        return topology_tables.FOLDER, topology
    names = list(dict.fromkeys([*(name for _, name in entries), *known_topologies()]))
    holding = sorted((name for name in names if wanted and wanted.lower() in name), key=lambda name: name.find(wanted))
    hint = f"did you mean {' or '.join(holding[:3])}?" if holding else nearest(wanted, names)
    raise CatalogError(Fault("", f"the catalog has no '{wanted}'", hint))


def describe(folder: str, name: str) -> Entry:
    """Return a product as one object: what its file says, its figures in SI, its sources."""
    source = loading.document(folder, name)
    shape = SHAPES.get(source.kind)
    figures = dict(loading.figures_of(loading.product(source, name, shape))) if shape else {}
    return {
        "folder": folder,
        "name": name,
        "also_in": [other for other, entry in loading.entries() if entry == name and other != folder],
        "kind": source.kind,
        **{key: value for key, value in source.entries.items() if not _holds_figures(key, figures)},
        "figures": [_figure(key, figure) for key, figure in figures.items()],
        "sources": [
            {"id": item.id, "title": item.title, "where": item.where, "read": item.read} for item in source.sources
        ],
    }


def _holds_figures(key: str, figures: Mapping[str, Figure]) -> bool:
    return any(figure == key or figure.startswith(f"{key}.") for figure in figures)


def _figure(key: str, figure: Figure) -> Entry:
    return {
        "key": key,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "sure": figure.sure,
        "printed": figure.printed,
        "source": figure.source.id if figure.source else None,
        "at": figure.at,
        "how": figure.how,
    }


def _show_listing(answer: Entry) -> None:
    out = console()
    table = grid("", "~")
    for folder, group in groupby(answer["products"], key=lambda entry: entry["folder"]):
        if table.row_count:
            table.add_section()
            table.add_row("", "")
        table.add_row(f"[bold]{folder}[/bold]", "")
        for entry in group:
            table.add_row(f"  {entry['name']}", entry["title"])
    out.print(table)


def _show(answer: Entry) -> None:
    out = console()
    parts: list[Any] = [
        paragraph(f"{answer.get('title', answer['name'])}  ({answer['folder']}/{answer['name']})", "bold")
    ]
    if answer["also_in"]:
        parts.append(paragraph("See also " + ", ".join(f"{folder}/{answer['name']}" for folder in answer["also_in"])))
    if answer.get("note"):
        parts.append(paragraph(answer["note"]))
    plain = _plain(answer)
    if plain.row_count:
        parts.append(plain)
    say(out, *parts)
    out.print()
    if answer["figures"]:
        out.print(Group(*_figures(answer)))
        out.print()
    for index, source in enumerate(answer["sources"], start=1):
        read = f", read {source['read']}" if source["read"] else ""
        out.print(bullets([f"{source['title']}; {source['where']}{read}"], mark=f"({index})"))


def _plain(answer: Entry) -> Table:
    table = grid("", "~")
    shown = {"folder", "name", "also_in", "kind", "title", "note", "figures", "sources"}
    for key, value in answer.items():
        if key not in shown:
            table.add_row(key, terminal(_words(value)))
    return table


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        return "\n".join(f"{key}: {entry}" for key, entry in entries.items())
    if isinstance(value, list | tuple):
        named = [str(entry) for entry in cast("list[object]", value)]
        more = len(named) - _ENTRIES_SHOWN
        return ", ".join(named) if more <= 1 else ", ".join([*named[:_ENTRIES_SHOWN], f"and {more} more (--json)"])
    return str(value)


def _figures(answer: Entry) -> list[Text | Padding]:
    """Return two lines a figure: its columns, and under them as printed, where, and how derived."""
    order = {source["id"]: index for index, source in enumerate(answer["sources"], start=1)}
    rows = [
        (figure["key"], shown(figure["value"], figure["unit"]), _band(figure), figure["sure"])
        for figure in answer["figures"]
    ]
    key_width, value_width = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines: list[Text | Padding] = []
    for figure, (key, value, band, sure) in zip(answer["figures"], rows, strict=True):
        number = order.get(figure["source"])
        lines.append(paragraph(f"{key:<{key_width}}  {value:>{value_width}}  {band}".rstrip(), "bold"))
        words = [f"{sure} ({number})" if number else sure, figure["printed"], figure["at"], figure["how"]]
        lines.append(Padding(paragraph("; ".join(word for word in words if word)), (0, 0, 0, 4)))
    return lines


def _band(figure: Entry) -> str:
    if figure["low"] == figure["high"]:
        return ""
    return f"({shown(figure['low'], figure['unit'])} … {shown(figure['high'], figure['unit'])})"


def shown(value: float, unit: str) -> str:
    """Return a figure as a person reads it.

    >>> shown(4.5e11, "byte/s"), shown(3.5, "dB"), shown(38200.0, "USD"), shown(8.0, "")
    ('450 GB/s', '3.5 dB', '$38,200', '8')
    >>> shown(0.08 / 3.6e6, "USD/J"), shown(5 * 365.25 * 86400, "s"), shown(0.0004, "dB/m")
    ('0.08 USD/kWh', '5 years', '0.4 dB/km')
    """
    if unit == "USD":
        return terminal(formats.usd(value))
    if unit == "s" and value >= _YEAR:
        return f"{value / _YEAR:.3g} years"
    if unit == "dB/m" and 0.0 < value < 0.1:
        return f"{value * 1e3:.4g} dB/km"
    if unit in _SPOKEN:
        factor, spoken = _SPOKEN[unit]
        return f"{value * factor:.4g} {spoken}"
    if unit in _PREFIXED and value:
        return terminal(formats.si(value, _PREFIXED[unit]))
    return f"{value:.6g} {unit}".rstrip()
