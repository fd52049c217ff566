"""``lightloom fabric show``: what the networks of a study are, how far and wide they reach, and what they cost.

``--json`` prints one object, ``fabric/1``; what its keys mean stands in the guide.
"""

from pathlib import Path

import click

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.fabric_tables import show as show_tables
from lightloom.cli.output import check_report, give, working
from lightloom.report.fabric_page import render_fabric
from lightloom.report.reading import Run


@click.command(
    epilog=options.example(
        "lightloom fabric show llama3-405b-16k",
        "lightloom fabric show qwen3-235b-256 --path 0 37 --report fabric.html",
        "lightloom fabric show my.yaml --set fabric.scale_out.planes=2",
    )
)
@click.argument("study", type=options.STUDY)
@options.sets
@click.option(
    "--path",
    "path",
    type=(int, int),
    metavar="A B",
    help="List the ways from accelerator A to accelerator B, counted from 0, with the share each takes.",
)
@options.as_json
@options.report
def show(
    study: str, sets: tuple[str, ...], path: tuple[int, int] | None, *, as_json: bool, report: Path | None
) -> None:
    """Show the networks of a study, without its job.

    Switches, ports, cables by length and technology, fibres; hops, ways, bisection; what all-to-all, all-gather and
    all-reduce can have; latency, cost, power. Each figure is exact, or says that it is a bound.
    """
    check_report(report)
    with working(f"wiring {study}"):
        answer = ll.show_fabric(ll.load(study, sets), path).to_dict()
    give(
        answer,
        as_json=as_json,
        show=lambda: show_tables(Run(0, answer)),
        report=report,
        page=lambda: render_fabric(answer, command=_command(study, sets, path)),
    )


def _command(study: str, sets: tuple[str, ...], path: tuple[int, int] | None) -> str:
    """Return the command that gives the same answer again."""
    typed = options.command_line("fabric", "show", study, sets=sets)
    return typed if path is None else f"{typed} --path {path[0]} {path[1]}"
