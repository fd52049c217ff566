"""What templates draw: rows of charts and cells of tables, already worded and coloured."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report.reading import Run, Shown


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One line of a chart: what it is, the drawing, the number at its end.

    Args:
        label: Words at the left.
        drawing: The SVG.
        value: The number at the right.
        note: Small words under the value.
        run: The design whose letter stands before the label, if the row is about a whole design.
    """

    label: str
    drawing: Markup
    value: Shown | str = ""
    note: Markup | str = ""
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Legend:
    """A colour and what it means."""

    name: str
    hue: str


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a chart under a heading of their own, over an axis unless the next block's serves them too."""

    heading: str
    rows: Sequence[ChartRow]
    axis: Markup | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: blocks of rows."""

    title: str
    blocks: Sequence[Block]
    legend: Sequence[Legend] = ()
    note: str = ""


def by_job(rows: Sequence[ChartRow], axis: Markup) -> list[Block]:
    """Return rows about designs, those of one job together under its name, all over one axis."""
    found: dict[str, list[ChartRow]] = {}
    for row in rows:
        found.setdefault(row.run.job if row.run else "", []).append(row)
    last = list(found)[-1]
    return [Block(job, together, axis if job == last else None) for job, together in found.items()]


@dataclass(frozen=True, slots=True)
class Bar:
    """A number of a table with a bar beside it, as long as the number is large."""

    shown: Shown
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; cells are numbers or words."""

    head: str
    cells: Sequence[Shown | Bar | str]
    hue: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of a table that belong to one design."""

    run: Run
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a heading for every column; the first column names the lines.

    Args:
        caption: What it shows.
        columns: Headings; ``runs`` instead where every column is a design.
        lines: Lines of the whole table.
        groups: Lines by design.
        runs: The designs that are its columns.
    """

    caption: str
    columns: Sequence[str] = ()
    lines: Sequence[Line] = ()
    groups: Sequence[Group] = ()
    runs: Sequence[Run] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """What a section says about one design, and about ``others`` that are alike in it."""

    run: Run
    others: Sequence[Run] = ()
    chart: Chart | None = None
    table: Table | None = None
    texts: Sequence[str] = ()
    summary: Sequence[Shown | str] = ()
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A text and the letters of the designs that say it; no letters if all of them do."""

    text: str
    letters: Sequence[str]


def said(texts: Sequence[tuple[Run, Sequence[str]]]) -> list[Said]:
    """Return what the designs say, each text once, in order of first appearance."""
    letters: dict[str, list[str]] = {}
    for run, found in texts:
        for text in dict.fromkeys(found):
            letters.setdefault(text, []).append(run.letter)
    return [Said(text, () if len(found) == len(texts) else found) for text, found in letters.items()]


def legends(hues: dict[str, str]) -> list[Legend]:
    """Return a legend for every name and its class."""
    return [Legend(name, hue) for name, hue in hues.items()]
