"""Tables and paragraphs for a terminal of 80 columns, drawn from the answer's JSON contract and nothing else."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from lightloom.report import formats
from lightloom.report.reading import Run

BAR = "█"
DASH = "–"


def grid(*columns: str, title: str = "") -> Table:
    """Return an empty table; a column whose name starts with ``>`` is right-aligned, with ``~`` it may fold.

    Names may hold line breaks; an empty name heads a column without one.
    """
    headed = any(name.strip("> ~") for name in columns)
    table = Table(
        box=box.SIMPLE_HEAD if headed else None,
        title=title or None,
        title_justify="left",
        title_style="bold",
        padding=(0, 1 if headed else 2, 0, 0),
        pad_edge=False,
        show_edge=False,
        show_header=headed,
        header_style="bold",
    )
    for name in columns:
        folds = name.startswith("~")
        table.add_column(
            name.lstrip(">~"),
            justify="right" if name.startswith(">") else "left",
            no_wrap=not folds,
            overflow="fold" if folds else "ellipsis",
            vertical="top",
        )
    return table


def say(console: Console, *parts: Table | Text | Group | Padding) -> None:
    """Print parts with an empty line between them."""
    for index, part in enumerate(parts):
        if index:
            console.print()
        console.print(part)


def paragraph(words: str, style: str = "") -> Text:
    """Return prose that wraps at the width of the terminal; square brackets in it are plain text."""
    return Text(terminal(words), style=style, overflow="fold")


def bullets(texts: Iterable[str], mark: str = "•") -> Table:
    """Return a list, its lines hanging behind their marks."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for words in texts:
        table.add_row(mark, Text(terminal(words)))
    return table


def bar(share: float, width: int = 24) -> str:
    """Return a bar of blocks for a share of one.

    >>> bar(0.5, width=4), bar(0.01, width=4)
    ('██', '')
    """
    return BAR * round(max(0.0, min(1.0, share)) * width)


def number(run: Run, form: formats.Form, *path: str | int) -> str:
    """Return the number at a path of the answer as printed, or a dash."""
    return terminal(run.show(form, *path).text)


def terminal(words: str) -> str:
    """Return text with plain spaces: a terminal of another encoding has no other."""
    return words.replace("\u00a0", " ")


def reasons(run: Run) -> list[str]:
    """Return why a design is infeasible, one line a reason: code, where, by how much, which entry, what helps."""
    return [_reason(reason) for reason in run.rows("reasons")]


def _reason(reason: Mapping[str, object]) -> str:
    row = Run(0, reason)
    stage = row.at("stage")
    place = (
        f" at {formats.place(stage)}" if isinstance(stage, str) else f" on stage {stage}" if stage is not None else ""
    )
    by = row.number("by")
    excess = f" by {terminal(formats.si(by, str(row.at('unit') or '')))}" if by is not None else ""
    remedy = f": {row.at('remedy')}" if row.at("remedy") else ""
    return f"{str(row.at('code')).replace('-', ' ')}{place}{excess}{_entry(row)}{remedy}"


def _entry(row: Run) -> str:
    """Return the entry of the study that a reason is about, as a fault would show it."""
    if row.at("where") is None:
        return ""
    file, line = row.at("where", "file"), row.at("where", "line")
    place = f"{file}:{line} " if file and line else ""
    return f" ({place}{row.at('where', 'key')})"


def joined(items: Sequence[str]) -> str:
    """Return the texts in one line; a dash when there is none."""
    return ", ".join(items) if items else DASH


def recipe_words(run: Run) -> str:
    """Return the recipe of a run in a line, as a study file spells it."""
    degrees = [f"{path[-1]} {degree:g}" for path, degree in run.leaves("recipe", "parallel") if degree > 1]
    chunks = run.number("recipe", "chunks") or 1
    parts = [*degrees, f"micro_batch {run.number('recipe', 'micro_batch') or 1:g}", f"chunks {chunks:g}"]
    return f"{', '.join(parts)}, recompute {run.at('recipe', 'recompute')}"
