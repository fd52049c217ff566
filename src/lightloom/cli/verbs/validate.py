"""``lightloom validate``: every measured row, predicted beside measured, misses and gaps included."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.text import Text

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import console, print_json, working
from lightloom.cli.tables import bullets, grid, paragraph, terminal
from lightloom.report import formats

SUBJECTS = ("runs",)

_MARKS = {"accuracy": "", "ranking_only": "r", "scaling_only": "s", "context": "c"}
_LEGEND = "* a calibration used the row; r, s, c: its file offers it for ranking, scaling or context only."


@click.command(epilog=options.example("lightloom validate runs", "lightloom validate runs --rows mine.csv --json"))
@click.argument("subject", metavar="SUBJECT", type=click.Choice(SUBJECTS))
@click.option(
    "--rows", metavar="FILE", type=click.Path(path_type=Path), help="Measured rows of your own; left out: the shipped."
)
@options.as_json
def validate(subject: str, rows: Path | None, *, as_json: bool) -> None:
    """Hold predictions against measurements, row by row.

    SUBJECT is 'runs': measured training steps. Every row is printed, misses included, then the strong-scaling ratios,
    the rows not covered with the reason, and the errors of each group. Rows a calibration used are marked; they do
    not count as evidence.
    """
    with working(f"predicting {subject}"):
        answer = ll.validate_runs(rows).to_dict()
    if as_json:
        print_json(answer)
    else:
        show(answer)


def show(answer: Mapping[str, Any]) -> None:
    """Print rows by group, ratios, gaps, and at the end the summary."""
    out = console()
    for group, rows in _by(answer["rows"], "group").items():
        _show_rows(out, group, rows)
    if answer["ratios"]:
        _show_ratios(out, answer["ratios"])
    if answer["not_covered"]:
        out.print(paragraph("Not covered", "bold"))
        gaps = _by(answer["not_covered"], "why").items()
        out.print(bullets(f"{why} ({len(rows)}): {', '.join(row['id'] for row in rows)}" for why, rows in gaps))
        out.print()
    _show_summary(out, answer["summary"])
    out.print()
    covered, missing = len(answer["rows"]), len(answer["not_covered"])
    out.print(paragraph(f"{covered} rows predicted, {missing} not covered. {_LEGEND}"))


def _by(rows: Iterable[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return the rows by what they say under that key, in order of first appearance."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def _show_rows(out: Console, group: str, rows: Iterable[Mapping[str, Any]]) -> None:
    table = grid("~run", ">meas.", ">pred.", ">error%", "", title=f"{group}, seconds a step")
    for row in rows:
        marks = ("*" if row["calibrated_on"] else "") + _MARKS.get(row["judge"], "")
        table.add_row(
            Text(row["id"]),
            formats.plain(row["measured"]),
            formats.plain(row["predicted"]),
            percent(row["error"]),
            marks,
        )
    out.print(table)
    out.print()


def _show_ratios(out: Console, ratios: Iterable[Mapping[str, Any]]) -> None:
    title = "Tokens/s per accelerator of the larger run over the smaller"
    table = grid("~from, to", ">measured", ">predicted", ">points", title=title)
    for ratio in ratios:
        table.add_row(
            Text(f"{ratio['id_from']}\n{ratio['id_to']}"),
            f"{ratio['measured']:.3f}",
            f"{ratio['predicted']:.3f}",
            percent(ratio["error"]),
        )
    out.print(table)
    out.print()


def _show_summary(out: Console, summary: Mapping[str, Mapping[str, Any]]) -> None:
    table = grid("~group", ">rows", ">mean %", ">median %", ">p90 %", ">bias %", ">worst %", title="Errors by group")
    for name, found in summary.items():
        shares = (f"{found[key] * 100:.1f}" for key in ("mean_abs", "median_abs", "p90_abs"))
        table.add_row(Text(name), str(found["rows"]), *shares, percent(found["bias"]), percent(found["worst"]))
    out.print(table)


def percent(share: float) -> str:
    """Return an error in per cent with its sign.

    >>> percent(0.0312), percent(-0.2)
    ('+3.1', '−20.0')
    """
    return terminal(f"{share * 100:+.1f}".replace("-", "−"))
