"""A fabric as one HTML file: its networks drawn and in figures, cables by length, cost, ways asked for; no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.demand_words import bit_rate
from lightloom.report.fabric_charts import FULL, Tier, legend, lengths, tiers, ways
from lightloom.report.fabric_graph import graph, kinds
from lightloom.report.fabric_words import (
    FIGURES,
    cable_kinds,
    figure,
    lengths_words,
    level_words,
    network_words,
    path_words,
    products_words,
    routing_words,
)
from lightloom.report.pages import template
from lightloom.report.reading import Run, Shown
from lightloom.report.view import Legend, Line, Table


@dataclass(frozen=True, slots=True)
class Network:
    """What is drawn of one network.

    Args:
        name: Where it is and of what kind.
        tiers: Of its diagram.
        picture: The graph; None where it is too large.
        kinds: Colours of its vertices.
        alike: How many such islands there are, in words; empty if one.
    """

    name: str
    tiers: Sequence[Tier]
    picture: Markup | None
    kinds: Sequence[Legend]
    alike: str


def render_fabric(answer: Mapping[str, Any], *, command: str = "") -> str:
    """Return the page of one answer of ``fabric show``; the same answer gives the same bytes.

    Every number in a table of the page that stands in the answer carries its path and its unrounded value.

    Args:
        answer: As :meth:`lightloom.study.questions.fabric_show.FabricShown.to_dict` returns it.
        command: The command that makes this page again; empty leaves it out.
    """
    run = Run(0, answer)
    verdict = run.texts("verdict")
    drawn = lengths(run)
    return template("fabric.html").render(
        run=run,
        title=f"Networks of {run.name}",
        headline=verdict[0],
        sentences=verdict[1:],
        command=command,
        networks=[_network(run, place) for place in range(len(run.rows("networks")))],
        figures=_figures(run),
        levels=_levels(run),
        switches=_switches(run),
        legend_of_cables=legend(run),
        lengths=drawn,
        cables=_cables(run),
        parts=_parts(run),
        totals=_totals(run),
        paths=[_ways(run, place) for place in _paths(run)],
        sources=run.rows("sources"),
    )


@dataclass(frozen=True, slots=True)
class Ways:
    """What is drawn of the ways over one network.

    Args:
        title: How many, and between whom.
        note: Where they lead.
        drawing: The ways.
        listed: The same one by one.
    """

    title: str
    note: str
    drawing: Markup
    listed: Table


def _paths(run: Run) -> list[tuple[str | int, ...]]:
    """Return where in the answer ways are told, those over the main fabric first."""
    if not run.at("path"):
        return []
    return [("path",), *(("path", "beside", place) for place in range(len(run.rows("path", "beside"))))]


def _ways(run: Run, place: tuple[str | int, ...]) -> Ways:
    path = run.at(*place)
    return Ways(path_words(path), _path_note(path), ways(path), _listed(run, place))


def _path_note(path: Mapping[str, Any]) -> str:
    drawn = len(path["listed"]) > FULL and not path["stages"]
    return f"{routing_words(path)}, {FULL} drawn" if drawn else routing_words(path)


def _network(run: Run, place: int) -> Network:
    network = run.rows("networks")[place]
    picture, where = network["picture"], (network["domain"], network["fabric"])
    told = [run.at(*found) for found in _paths(run)]
    own = next((path for path in told if (path["domain"], path["fabric"]) == where), None)
    islands = int(network["islands"])
    return Network(
        name=network_words(network),
        tiers=tiers(run, place),
        picture=graph(picture, own) if picture else None,
        kinds=kinds(picture) if picture else [],
        alike="" if islands == 1 else f"One of {formats.count(islands)} islands.",
    )


def _figures(run: Run) -> Table:
    networks = range(len(run.rows("networks")))
    lines = [
        Line(name, [figure(run, place, form, path) for place in networks])
        for name, form, path in FIGURES
        if any(run.number("networks", place, *path) is not None for place in networks)
    ]
    names = [network_words(row) for row in run.rows("networks")]
    return Table("Networks in figures; ≤ and ≥ mark bounds", names, lines)


def _levels(run: Run) -> Table:
    lines: list[Line] = []
    for place, network in enumerate(run.rows("networks")):
        for item, row in enumerate(network["levels"]):
            if row["domain"] != network["domain"]:
                continue
            path = ("networks", place, "levels", item)
            cells: list[Shown | str] = [run.show(formats.count, *path, key) for key in ("blocks", "endpoints")]
            cells.append(run.show(bit_rate, *path, "rate_bps"))
            cells.append(run.show(formats.bandwidth, *path, "up_bytes_per_s"))
            cells.append(run.show(formats.plain, *path, "oversubscription"))
            cells.append(run.show(formats.duration, *path, "latency_s"))
            lines.append(Line(level_words(row["domain"], row["level"]), [*cells, str(row["joined_by"])]))
    columns = ["blocks", "endpoints in each", "rate of a link", "upwards from each", "oversubscription", "latency"]
    columns.append("joined by")
    return Table("Levels of one island of each network", columns, lines)


def _switches(run: Run) -> Table:
    lines: list[Line] = []
    for place, network in enumerate(run.rows("networks")):
        for item, row in enumerate(network["switches"]):
            path = ("networks", place, "switches", item)
            counts = [run.show(formats.count, *path, key) for key in ("boxes", "chips", "ports_used", "ports_free")]
            where = "in nodes" if row["in_node"] else str(row["item"])
            lines.append(Line(str(row["tier"]), [str(row["product"]), where, *counts]))
    return Table("Switches", ["product", "what", "boxes", "chips", "ports used", "ports free"], lines)


def _cables(run: Run) -> Table:
    rows = run.rows("cables")
    lines: list[Line] = []
    for first, places in cable_kinds(run):
        own = [rows[place] for place in places]
        only = places[0] if len(places) == 1 else None
        cells: list[Shown | str] = [
            str(first["technology"]),
            products_words(first["ends"]),
            run.show(bit_rate, "cables", places[0], "rate_bps"),
            lengths_words([row["length_m"] for row in own]),
        ]
        for key in ("count", "fibres"):
            total = formats.count(sum(row[key] for row in own))
            cells.append(total if only is None else run.show(formats.count, "cables", only, key))
        lines.append(Line(level_words(first["domain"], first["level"]), cells))
    return Table("Cables", ["technology", "product", "rate", "length", "cables", "fibres"], lines)


def _parts(run: Run) -> Table:
    lines: list[Line] = []
    for place, row in enumerate(run.rows("parts")):
        path = ("parts", place)
        cells = [run.show(formats.count, *path, "count")]
        cells += [run.show(formats.usd, *path, key) for key in ("usd_each", "usd_total", "usd_low", "usd_high")]
        cells += [run.show(formats.watts, *path, key) for key in ("w_each", "w_total")]
        lines.append(Line(str(row["item"]), cells))
    total = [run.show(formats.usd, "cost", "usd"), run.show(formats.watts, "power", "w")]
    lines.append(Line("together", ["", "", total[0], "", "", "", total[1]]))
    each = [run.show(formats.usd, "cost", "usd_per_accelerator"), run.show(formats.watts, "power", "w_per_accelerator")]
    lines.append(Line("an accelerator", ["", "", each[0], "", "", "", each[1]]))
    columns = ["count", "each", "together", "low", "high", "W each", "W together"]
    return Table("Parts of the network, without nodes, network cards and facility", columns, lines)


_TOTALS = {
    "switches": "packet switches outside nodes", "switch_chips": "their chips", "ports": "their ports",
    "ports_used": "ports used", "circuit_switches": "circuit switches", "circuit_ports": "their ports",
    "circuit_ports_used": "ports used of circuit switches", "cables": "links", "optical_ends": "optical ends",
    "fibres": "fibres",
}  # fmt: skip


def _totals(run: Run) -> Table:
    lines = [Line(name, [run.show(formats.count, "totals", key)]) for key, name in _TOTALS.items()]
    lines.append(Line("cable", [run.show(formats.length, "totals", "cable_m")]))
    cluster = {"accelerators": "accelerators", "nodes": "nodes", "accelerators_per_node": "accelerators of a node"}
    lines += [Line(name, [run.show(formats.count, "cluster", key)]) for key, name in cluster.items()]
    return Table("The fabric in counts", ["count"], lines)


def _listed(run: Run, path: tuple[str | int, ...]) -> Table:
    lines = [
        Line(
            str(place + 1),
            [
                run.show(formats.percent, *path, "listed", place, "share"),
                run.show(formats.count, *path, "listed", place, "hops"),
                " > ".join(row["vertices"]),
            ],
        )
        for place, row in enumerate(run.rows(*path, "listed"))
    ]
    return Table("Ways", ["share", "hops", "way"], lines)
