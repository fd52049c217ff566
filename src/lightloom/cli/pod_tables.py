"""A pod as a person reads it at a terminal: the answer, its slices, what is usable, what switches join."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from lightloom.cli.output import console
from lightloom.cli.tables import DASH, bullets, grid, number, paragraph, say, terminal
from lightloom.report import formats
from lightloom.report.pod_words import OUTAGE_PARTS, USABLE, cubes_words, pod_words
from lightloom.report.reading import Run


def show(answer: Run) -> None:
    """Print the sentences, then table by table what they rest on."""
    out = console()
    say(out, paragraph(terminal(pod_words(answer)), "bold"), bullets(answer.texts("verdict")))
    out.print()
    if answer.rows("slices"):
        say(out, _slices(answer), _configuration(answer))
        out.print()
    say(out, _usable(answer), _outage(answer))
    out.print()
    out.print(paragraph(f"Assumptions: {len(answer.texts('assumptions'))}; see --json or --report."))


def _slices(answer: Run) -> Table:
    table = grid("", "slice", ">chips", "~cubes with circuits", "~with fixed wiring", title="Slices")
    for row in answer.rows("slices"):
        circuits, fixed = row["circuits"], row["fixed"]
        swapped = "".join(f"\n{each['cube']} replaced by {each['by']}" for each in circuits["replaced"])
        joined = f"{cubes_words(circuits['cubes'])}{swapped}" if circuits["placed"] else "no room left"
        wired = (
            cubes_words(fixed["cubes"]) + ("\nmoved" if fixed["moved"] else "") if fixed["placed"] else fixed["reason"]
        )
        table.add_row(row["slice"], row["shape"], formats.count(row["chips"]), Text(joined), Text(wired))
    return table


def _configuration(answer: Run) -> Table:
    """Return what switches join, one line an axis: all of an axis are set alike."""
    title = "Circuits, far face (in) > near face (out), by cube; all switches of an axis are set alike"
    table = grid("axis", "switches", "~in > out", title=title)
    switches = answer.rows("configuration", "switches")
    for axis, alike in _alike(switches):
        pairs = [f"{port}>{out}" for port, out in enumerate(alike[0]["out"]) if out is not None]
        numbers = f"{alike[0]['switch']}–{alike[-1]['switch']}"
        table.add_row(axis, numbers if len(alike) > 1 else str(alike[0]["switch"]), Text(" ".join(pairs) or DASH))
    return table


def _alike(switches: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    for axis in dict.fromkeys(str(row["axis"]) for row in switches):
        yield axis, [row for row in switches if row["axis"] == axis]


def _usable(answer: Run) -> Table:
    title = "Share of the pod that slices of one size can use, %: on the mean, promised, now"
    heads = (
        ">slice",
        ">circuits",
        ">promised",
        ">fixed,\nmoving",
        ">fixed,\nstaying",
        ">now:\ncircuits",
        ">now:\nfixed",
    )
    table = grid(*heads, title=title)
    for place, row in enumerate(answer.rows("usable")):
        table.add_row(row["shape"], *(_share(answer, place, *path) for path in USABLE))
    return table


def _share(answer: Run, place: int, *path: str) -> str:
    return f"{100 * (answer.number('usable', place, *path) or 0.0):.1f}"


def _outage(answer: Run) -> Table:
    title = "A change of circuits, by who brings the link up again"
    table = grid("", ">control", ">switch", ">lock", ">bring-up", ">dark for", ">band", title=title)
    for place, row in enumerate(answer.rows("changes", "outage")):
        path = ("changes", "outage", place)
        parts = [number(answer, formats.duration, *path, key) for key in OUTAGE_PARTS]
        total, low, high = (number(answer, formats.duration, *path, "outage_s", key) for key in ("mid", "low", "high"))
        table.add_row(row["setting"], *parts, total, f"{low} – {high}")
    return table
