"""``lightloom calibrate``: the few fitted efficiencies, fitted again, beside the shipped ones."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.text import Text

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import console, print_json, working
from lightloom.cli.tables import grid, paragraph


@click.command(epilog=options.example("lightloom calibrate", "lightloom calibrate --rows mine.csv --json"))
@click.option(
    "--rows", metavar="FILE", type=click.Path(path_type=Path), help="Measured rows of your own; left out: the shipped."
)
@options.as_json
def calibrate(rows: Path | None, *, as_json: bool) -> None:
    """Fit the efficiencies anew, from rows that are not judged.

    Takes some seconds. Each number is fitted to rows of one accelerator and one stack; the catalog is not changed.
    """
    with working("fitting efficiencies"):
        fitted: Sequence[Any] = ll.calibrate(rows)
    if as_json:
        print_json({"fitted": [{**asdict(each), "rows": list(each.rows)} for each in fitted]})
        return
    table = grid("~figure", ">fitted", ">shipped", ">rows", ">median error %")
    for each in fitted:
        numbers = (f"{each.value:.4g}", f"{each.shipped:.4g}", str(len(each.rows)), f"{each.median_abs:.1%}"[:-1])
        table.add_row(Text(each.name), *numbers)
    out = console()
    out.print(table)
    out.print(paragraph("The ids of the rows are in --json, and in the catalog files that hold the figures."))
