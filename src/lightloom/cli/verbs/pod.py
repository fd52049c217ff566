"""``lightloom pod``: slices out of a pod of cubes behind circuit switches.

``--json`` prints one object, ``pod/1``; what its keys mean stands in the guide.
"""

from pathlib import Path

import click

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import check_report, give, working
from lightloom.cli.pod_tables import show
from lightloom.core import units
from lightloom.report.pod_page import render_pod
from lightloom.report.reading import Run
from lightloom.study.questions.pod_question import AVAILABILITY, RECEIVER, SWITCH, PodQuestion, read_grid

DEFAULT = PodQuestion()


def _listed(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the entries of an option that may be repeated and may hold several between commas."""
    return tuple(entry.strip() for value in values for entry in value.split(","))


@click.command(
    epilog=options.example(
        "lightloom pod --slice 8x8x16",
        "lightloom pod --slice 8x8x16 --slice 4x4x8:twisted --fail 3,17",
        "lightloom pod --cubes 144 --switch coherent-dlx-320 --report pod.html",
    )
)
@click.option("--cubes", metavar="COUNT", type=int, default=DEFAULT.cubes, show_default=True, help="Cubes of the pod.")
@click.option(
    "--edge", metavar="COUNT", type=int, default=DEFAULT.edge, show_default=True, help="Chips along a cube's edge."
)
@click.option(
    "--slice",
    "slices",
    metavar="SHAPE",
    multiple=True,
    help="A slice in chips, such as 8x8x16, or 4x4x8:twisted; repeat for several.",
)
@click.option(
    "--fail",
    metavar="CUBES",
    multiple=True,
    callback=_listed,
    help="What fails once slices are placed: cubes, such as 3,17, or single hosts, such as 3/2.",
)
@options.quantity(
    "--availability",
    units.SHARE,
    "SHARE",
    "Of one host, for what is usable on the mean.",
    default=f"{AVAILABILITY:.0%}",
    show_default=True,
)
@click.option(
    "--chips-per-host",
    metavar="COUNT",
    type=int,
    default=DEFAULT.chips_per_host,
    show_default=True,
    help="Chips that fail with one host.",
)
@click.option("--grid", metavar="GRID", help="Cubes along three axes were they wired for good; left out: most cubic.")
@click.option(
    "--switch",
    type=options.CIRCUIT_SWITCH,
    callback=options.name_in("circuit-switches"),
    metavar="PRODUCT",
    default=SWITCH,
    show_default=True,
    help="Circuit switch of the catalog.",
)
@click.option(
    "--receiver",
    type=options.Named("receiver", "catalog/receivers/*.toml"),
    callback=options.name_in("receivers"),
    metavar="PRODUCT",
    default=RECEIVER,
    show_default=True,
    help="Class of receivers at the ends of circuits.",
)
@options.as_json
@options.report
def pod(  # noqa: PLR0913 # one argument an option
    cubes: int,
    edge: int,
    slices: tuple[str, ...],
    fail: tuple[str, ...],
    availability: float,
    *,
    chips_per_host: int,
    grid: str | None,
    switch: str,
    receiver: str,
    as_json: bool,
    report: Path | None,
) -> None:
    """Carve jobs out of a pod of cubes behind circuit switches.

    Where each slice goes, with circuits and with fixed wiring; what both leave usable while hosts fail; what every
    switch joins, and how long a change takes.
    """
    check_report(report)
    question = PodQuestion(
        cubes=cubes,
        edge=edge,
        slices=slices,
        fail=fail,
        availability=availability,
        chips_per_host=chips_per_host,
        grid=None if grid is None else read_grid(grid),
        switch=switch,
        receiver=receiver,
    )
    with working("placing slices"):
        answer = ll.pod(question).to_dict()
    give(
        answer,
        as_json=as_json,
        show=lambda: show(Run(0, answer)),
        report=report,
        page=lambda: render_pod(answer, command=_command(question, grid)),
    )


def _command(question: PodQuestion, grid: str | None) -> str:
    """Return the command that gives the same answer again."""
    words = ["lightloom", "pod"]
    for name in ("cubes", "edge", "chips_per_host", "switch", "receiver"):
        value = getattr(question, name)
        words += [] if value == getattr(DEFAULT, name) else [f"--{name.replace('_', '-')}", str(value)]
    words += [] if grid is None else ["--grid", grid]
    words += [word for shape in question.slices for word in ("--slice", str(shape))]
    words += ["--fail", ",".join(map(str, question.fail))] if question.fail else []
    words += [] if question.availability == AVAILABILITY else ["--availability", f"{question.availability:.12g}"]
    return " ".join(words)
