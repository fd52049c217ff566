"""``lightloom validate``: every measured row and every reference case beside our number, misses and gaps included."""

from collections.abc import Iterable, Mapping, Sequence
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

SUBJECTS = {"runs": ("--rows",), "links": ("--cases",), "fabrics": ("--cases", "--trace")}

_MARKS = {"accuracy": "", "ranking_only": "r", "scaling_only": "s", "context": "c"}
_LEGEND = "* a calibration used the row; r, s, c: its file offers it for ranking, scaling or context only."


@click.command(
    epilog=options.example(
        "lightloom validate runs",
        "lightloom validate runs --rows mine.csv --json",
        "lightloom validate links",
        "lightloom validate fabrics",
    )
)
@click.argument("subject", metavar="SUBJECT", type=click.Choice(tuple(SUBJECTS)))
@click.option(
    "--rows", metavar="FILE", type=click.Path(path_type=Path), help="Measured rows of your own; left out: the shipped."
)
@click.option(
    "--cases",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Reference cases of your own; left out: the shipped.",
)
@click.option(
    "--trace",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table of faults; left out: cases that need one are not run.",
)
@options.as_json
def validate(subject: str, rows: Path | None, cases: Path | None, trace: Path | None, *, as_json: bool) -> None:
    """Hold predictions against measurements, row by row.

    SUBJECT is 'runs': measured training steps. Every row is printed, misses included, then the strong-scaling ratios,
    the rows not covered with the reason, and the errors of each group. Rows a calibration used are marked; they do
    not count as evidence.

    Or it is 'links' or 'fabrics': numbers worked out elsewhere, each beside ours and the tolerance it must keep. A
    case outside the documented vocabulary is an error and listed as such.
    """
    for option, file in (("--rows", rows), ("--cases", cases), ("--trace", trace)):
        if file is not None and option not in SUBJECTS[subject]:
            message = f"{option} is not of '{subject}'; use {' or '.join(SUBJECTS[subject])}"
            raise click.UsageError(message)
    with working(f"predicting {subject}"):
        answer = _answer(subject, rows or cases, trace)
    if as_json:
        print_json(answer)
    elif subject == "runs":
        show(answer)
    else:
        show_cases(answer)


def _answer(subject: str, file: Path | None, trace: Path | None) -> dict[str, Any]:
    if subject == "runs":
        return ll.validate_runs(file).to_dict()
    return (ll.validate_links(file) if subject == "links" else ll.validate_fabrics(file, trace)).to_dict()


def show(answer: Mapping[str, Any]) -> None:
    """Print rows by group, ratios, gaps, and at the end the summary."""
    out = console()
    for group, rows in _by(answer["rows"], "group").items():
        _show_rows(out, group, rows)
    assumed = [row for row in answer["rows"] if row["otherwise"]]
    if assumed:
        _show_chunks(out, assumed)
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


def show_cases(answer: Mapping[str, Any]) -> None:
    """Print cases by kind, those not covered, and at the end how many passed."""
    out = console()
    for kind, rows in _by(answer["rows"], "kind").items():
        table = grid("~case", "~quantity", ">expected", ">got", ">tolerance", "", title=kind)
        for row in rows:
            numbers = (_number(row[key]) for key in ("expected", "got", "tolerance"))
            table.add_row(Text(row["id"]), Text(row["quantity"]), *numbers, _verdict(row))
        out.print(table)
        out.print()
    if answer["not_covered"]:
        out.print(paragraph("Not covered", "bold"))
        out.print(bullets(_gap(row) for row in answer["not_covered"]))
        out.print()
    counts = ", ".join(f"{answer[key]} {words}" for key, words in _COUNTS.items() if answer[key] or key != "doubted")
    closed = " c: closed form, where gnpy is not installed." if any(row["how"] for row in answer["rows"]) else ""
    doubted = " r: missed, expected from memory." if answer["doubted"] else ""
    out.print(paragraph(f"{counts}.{closed}{doubted}"))


_COUNTS = {
    "passed": "passed", "failed": "failed", "doubted": "doubted", "errors": "in error", "not_run": "not run"
}  # fmt: skip


def _verdict(row: Mapping[str, Any]) -> str:
    if not row["passed"]:
        return "FAILED" if row["enforced"] else "r"
    return "c" if row["how"] else ""


def _gap(row: Mapping[str, Any]) -> str:
    return f"{row['id']}: {'error: ' if row['error'] else 'not run: '}{row['why']}"


def _number(value: float | Iterable[float]) -> str:
    """Return a number of five digits; a list of them below each other."""
    values: Iterable[float] = [value] if isinstance(value, (int, float)) else value
    return "\n".join(f"{each:.5g}" for each in values)


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


def _show_chunks(out: Console, rows: Sequence[Mapping[str, Any]]) -> None:
    counts = [other["chunks"] for other in rows[0]["otherwise"]]
    title = f"Error%: {rows[0]['note']}, or fewer"
    table = grid("~run", ">taken", *(f">{count}" for count in counts), title=title)
    for row in rows:
        others = (percent(other["error"]) for other in row["otherwise"])
        table.add_row(Text(row["id"]), percent(row["error"]), *others)
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
