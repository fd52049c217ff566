"""``lightloom compare``: several studies, one table, one verdict."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.table import Table

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import check_report, console, give, working
from lightloom.cli.tables import DASH, bullets, grid, number, paragraph, reasons, recipe_words, say, terminal
from lightloom.report import formats
from lightloom.report.reading import Run
from lightloom.study.load import load_all
from lightloom.study.questions.ending import copper_ends


@click.command(
    epilog=options.example(
        "lightloom compare llama3-405b-16k llama3-405b-16k-cpo --report report.html",
        "lightloom compare a.yaml b.yaml --set operation.electricity='0.12 USD/kWh'",
    )
)
@click.argument("studies", metavar="STUDY...", type=options.STUDY, nargs=-1, required=True)
@options.sets
@click.option("--replan", is_flag=True, help="Give each design its own best recipe instead of the study's.")
@options.as_json
@options.report
def compare(
    studies: tuple[str, ...], sets: tuple[str, ...], *, replan: bool, as_json: bool, report: Path | None
) -> None:
    """Compare studies side by side, with a verdict.

    The same recipe runs on each design unless --replan; a design that cannot do the job keeps its row.
    """
    check_report(report)
    with working(
        f"{'planning and ' if replan else ''}evaluating {len(studies)} stud{'y' if len(studies) == 1 else 'ies'}"
    ):
        comparison = ll.compare(load_all(studies, sets), replan=replan)
        answer = comparison.to_dict()
    evaluations, verdict = answer["evaluations"], answer["verdict"]
    command = options.command_line("compare", *studies, sets=sets, replan=replan)
    give(
        answer,
        as_json=as_json,
        show=lambda: show(studies, evaluations, verdict, recipes=replan),
        report=report,
        page=lambda: ll.render(
            evaluations,
            verdict,
            title="Designs compared",
            command=command,
            copper_ends=copper_ends([each.scenario for each in comparison.evaluations]),
        ),
    )


def show(
    names: Sequence[str], evaluations: Sequence[dict[str, object]], verdict: Sequence[str], *, recipes: bool = False
) -> None:
    """Print the table, the recipes if they were planned, why designs fail, and the verdict."""
    out = console()
    runs = [Run(index, evaluation) for index, evaluation in enumerate(evaluations)]
    say(out, table(names, runs))
    if recipes:
        out.print()
        out.print(bullets(f"{Path(name).stem}: {recipe_words(run)}" for name, run in zip(names, runs, strict=True)))
    failed = [(name, run) for name, run in zip(names, runs, strict=True) if not run.feasible]
    for name, run in failed:
        out.print()
        say(out, paragraph(f"{name} cannot do the job:", "bold red"))
        out.print(bullets(reasons(run)))
    told = tuple(f"{run.name} cannot" for _, run in failed)
    rest = [_renamed(text, names, runs) for text in verdict if not text.startswith(told)]
    if rest:
        out.print()
        say(out, bullets(rest))


def _renamed(text: str, names: Sequence[str], runs: Sequence[Run]) -> str:
    """Return a sentence of the verdict with the table's names in place of the designs' titles, longest first."""
    titles = sorted(
        ((run.name, Path(name).stem) for name, run in zip(names, runs, strict=True)), key=lambda one: -len(one[0])
    )
    for title, name in titles:
        text = text.replace(title, name)
    return text


def table(names: Sequence[str], runs: Sequence[Run]) -> Table:
    """Return one row a design, 80 columns wide."""
    drawn = grid(
        "~design",
        ">step\ns",
        ">tok/s\neach",
        ">MFU\n%",
        ">$ per M tokens\n(low … high)",
        ">J per\ntoken",
        ">good\nput%",
        ">waits\nout %",
    )
    for name, run in zip(names, runs, strict=True):
        if not run.feasible:
            drawn.add_row(Path(name).stem, *[DASH] * 7)
            continue
        drawn.add_row(
            Path(name).stem,
            number(run, formats.plain, "step", "time_s"),
            number(run, formats.plain, "throughput", "tokens_per_s_per_accelerator"),
            _percent(run.number("throughput", "mfu")),
            _band(run),
            number(run, formats.plain, "energy", "joules_per_token"),
            _percent(run.number("goodput", "fraction")),
            _percent(run.number("balance", "shares", "scale_out")),
        )
    return drawn


def _percent(share: float | None) -> str:
    return DASH if share is None else formats.plain(share * 100)


def _band(run: Run) -> str:
    mid, low, high = (run.number("cost", "usd_per_million_tokens", key) for key in ("mid", "low", "high"))
    if mid is None or low is None or high is None:
        return DASH
    return terminal(f"{formats.plain(mid)} ({formats.plain(low, 2)}…{formats.plain(high, 2)})")
