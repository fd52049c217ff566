"""A fabric as a person reads it at a terminal: the answer, each network in figures, what it is made of and costs."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from lightloom.cli.output import console
from lightloom.cli.tables import DASH, bullets, grid, number, paragraph, say, terminal
from lightloom.report import formats
from lightloom.report.demand_words import bit_rate
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
    stage_words,
)
from lightloom.report.reading import Run

WAYS, FEW = 8, 3
"""Ways shown, and beside what all of them pass; the others are in the JSON."""
_PORTS = ("boxes", "chips", "ports_used", "ports_free")


def show(answer: Run) -> None:
    """Print the sentences, then table by table what they rest on."""
    out = console()
    verdict = answer.texts("verdict")
    say(out, paragraph(terminal(verdict[0]), "bold"), bullets(map(terminal, verdict[1:])))
    out.print()
    say(out, _figures(answer), _levels(answer), _switches(answer), _cables(answer), _parts(answer))
    if answer.at("path"):
        out.print()
        say(out, *_path(answer, "path"))
        for place in range(len(answer.rows("path", "beside"))):
            out.print()
            say(out, *_path(answer, "path", "beside", place))
    out.print()
    out.print(paragraph(f"Assumptions: {len(answer.texts('assumptions'))}; see --json or --report."))


def _figures(answer: Run) -> Table:
    networks = answer.rows("networks")
    table = grid("", *(f">{_two_lines(network_words(network))}" for network in networks), title="Networks")
    for name, form, path in FIGURES:
        cells = [terminal(figure(answer, place, form, path).text) for place in range(len(networks))]
        if any(cell != DASH for cell in cells):
            table.add_row(name, *cells)
    return table


def _two_lines(words: str) -> str:
    return words.replace(": ", ":\n")


def _levels(answer: Run) -> Table:
    table = grid(
        "~", ">blocks", ">endpts.\nin each", ">rate of\na link", ">upwards\nfrom each", ">over-\nsubs.", ">latency",
        "joined\nby",
        title="Levels of one island of each network",
    )  # fmt: skip
    for place, network in enumerate(answer.rows("networks")):
        for item, row in enumerate(network["levels"]):
            if row["domain"] != network["domain"]:
                continue
            path = ("networks", place, "levels", item)
            table.add_row(
                level_words(row["domain"], row["level"]),
                *(number(answer, formats.count, *path, key) for key in ("blocks", "endpoints")),
                number(answer, bit_rate, *path, "rate_bps"),
                number(answer, formats.bandwidth, *path, "up_bytes_per_s"),
                number(answer, formats.plain, *path, "oversubscription"),
                number(answer, formats.duration, *path, "latency_s"),
                row["joined_by"],
            )
    return table


def _switches(answer: Run) -> Table:
    table = grid("", "product", ">boxes", ">chips", ">ports\nused", ">ports\nfree", title="Switches")
    for place, network in enumerate(answer.rows("networks")):
        for item, row in enumerate(network["switches"]):
            path = ("networks", place, "switches", item)
            cells = [number(answer, formats.count, *path, key) for key in _PORTS]
            table.add_row(row["tier"], row["product"], *(["in nodes", "", "", ""] if row["in_node"] else cells))
    return table


def _cables(answer: Run) -> Table:
    table = grid("", "~technology", "~product", ">length", ">cables", ">fibres", title="Cables")
    rows = answer.rows("cables")
    for first, places in cable_kinds(answer):
        own = [rows[place] for place in places]
        table.add_row(
            level_words(first["domain"], first["level"]),
            first["technology"],
            products_words(first["ends"]),
            terminal(lengths_words([row["length_m"] for row in own])),
            formats.count(sum(row["count"] for row in own)),
            formats.count(sum(row["fibres"] for row in own)),
        )
    return table


def _parts(answer: Run) -> Table:
    table = grid("~", ">count", ">USD", ">band", ">W", title="Cost and power of the network")
    for place, row in enumerate(answer.rows("parts")):
        low, high = (number(answer, formats.usd, "parts", place, f"usd_{end}") for end in ("low", "high"))
        table.add_row(
            row["item"],
            number(answer, formats.count, "parts", place, "count"),
            number(answer, formats.usd, "parts", place, "usd_total"),
            f"{low} – {high}",
            number(answer, formats.watts, "parts", place, "w_total"),
        )
    table.add_row(
        Text("together", "bold"),
        "",
        Text(number(answer, formats.usd, "cost", "usd"), "bold"),
        "",
        Text(number(answer, formats.watts, "power", "w"), "bold"),
    )
    return table


def _path(answer: Run, *where: str | int) -> Iterator[Table | Text]:
    path = answer.at(*where)
    yield paragraph(f"{path_words(path)} ({routing_words(path)})", "bold")
    many = path["stages"] and path["ways"] > WAYS
    if many:
        yield paragraph(" > ".join(map(stage_words, path["stages"])))
    table = grid(">share", ">hops", "~way")
    for place, row in enumerate(path["listed"][: FEW if many else WAYS]):
        share = number(answer, formats.percent, *where, "listed", place, "share")
        table.add_row(share, str(row["hops"]), " > ".join(row["vertices"]))
    yield table
