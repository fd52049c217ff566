"""``lightloom run``: one study, every answer."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.table import Table

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import check_report, console, give, working
from lightloom.cli.tables import bar, bullets, grid, joined, number, paragraph, reasons, say, terminal
from lightloom.report import formats
from lightloom.report.reading import Run
from lightloom.study.questions.ending import copper_ends

INFEASIBLE = 2


@click.command(
    epilog=options.example("lightloom run llama3-405b-16k", "lightloom run my.yaml --set recipe.parallel.tensor=4")
)
@click.argument("study", type=options.STUDY)
@options.sets
@options.as_json
@options.report
@click.pass_context
def run(context: click.Context, study: str, sets: tuple[str, ...], *, as_json: bool, report: Path | None) -> None:
    """Evaluate one study: time, energy and dollars per token.

    Exit code 2 when the design cannot do the job: the reasons say by how much, and what would help.
    """
    check_report(report)
    with working(f"evaluating {study}"):
        scenario = ll.load(study, sets)
        answer = ll.evaluate(scenario).to_dict()
    command = options.command_line("run", study, sets=sets)
    give(
        answer,
        as_json=as_json,
        show=lambda: show(Run(0, answer)),
        report=report,
        page=lambda: ll.render(
            [answer], [], title=answer["scenario"]["name"], command=command, copper_ends=copper_ends([scenario])
        ),
    )
    if not answer["feasible"]:
        context.exit(INFEASIBLE)


def show(run: Run) -> None:
    """Print an evaluation as a person reads it."""
    out = console()
    title = paragraph(run.name, "bold")
    if not run.feasible:
        say(out, title, paragraph("This design cannot do the job:", "bold red"), bullets(reasons(run)))
    else:
        say(out, title, _step(run), _figures(run), _network(run))
    hidden = [formats.place(text) for text in run.texts("balance", "hidden")]
    others = ("Links that would close as well", list(_runners_up(run)))
    for heading, texts in (others, ("Warnings", run.texts("warnings")), ("What hides the rest", hidden)):
        if texts and run.feasible:
            out.print()
            say(out, paragraph(heading, "bold"))
            out.print(bullets(texts))
    out.print()
    out.print(
        paragraph(f"Assumptions: {len(run.texts('assumptions'))}, sources: {len(run.rows('sources'))}; see --json.")
    )


def _step(run: Run) -> Table:
    whole = run.number("step", "time_s") or 0.0
    table = grid("~", ">", ">", "", title=f"A step takes {number(run, formats.duration, 'step', 'time_s')}")
    parts = [
        ("compute", "compute_s"),
        ("optimizer", "optimizer_s"),
        ("input", "input_s"),
        ("pipeline bubble", "bubble_s"),
    ]
    rows = [(name, run.number("step", key)) for name, key in parts]
    rows += [(f"waiting for {path[-1]} traffic", seconds) for path, seconds in run.leaves("step", "exposed_s")]
    for name, seconds in rows:
        if seconds and whole:
            share = seconds / whole
            table.add_row(
                name, terminal(formats.duration(seconds)), terminal(formats.percent(share)), bar(share), style=""
            )
    return table


def _figures(run: Run) -> Table:
    table = grid("", "~")
    for name, words in (
        ("throughput", _throughput(run)),
        ("memory", _memory(run)),
        ("training", _training(run)),
        ("cost", _cost(run)),
        ("capital", _capital(run)),
        ("energy", _energy(run)),
        ("goodput", _goodput(run)),
        ("binds most", formats.words(str(run.at("balance", "binding") or ""))),
    ):
        if words:
            table.add_row(name, words)
    return table


def _throughput(run: Run) -> str:
    rate = number(run, formats.count, "throughput", "tokens_per_s")
    each = number(run, formats.plain, "throughput", "tokens_per_s_per_accelerator")
    mfu = number(run, formats.percent, "throughput", "mfu")
    return f"{rate} tokens/s, {each} per accelerator; MFU {mfu}"


def _training(run: Run) -> str:
    return f"{number(run, formats.days, 'throughput', 'days_to_train')}, failures counted"


def _memory(run: Run) -> str:
    used = number(run, formats.amount, "memory", "bytes")
    capacity = number(run, formats.amount, "memory", "capacity_bytes")
    return f"{used} of {capacity} on the fullest stage ({run.at('memory', 'worst_stage')})"


def _cost(run: Run) -> str:
    mid, low, high = (number(run, formats.usd, "cost", "usd_per_million_tokens", key) for key in ("mid", "low", "high"))
    return f"{mid} per million tokens ({low} … {high})"


def _capital(run: Run) -> str:
    capital, power = number(run, formats.usd, "cost", "capital_usd"), number(run, formats.watts, "power", "total_w")
    hour = number(run, formats.usd, "cost", "usd_per_hour")
    return f"{capital} and {power} of the cluster; {hour} an hour of the job"


def _energy(run: Run) -> str:
    each = number(run, formats.joules, "energy", "joules_per_token")
    network, optics = (number(run, formats.joules, "energy", "of_which", part) for part in ("network", "optics"))
    return f"{each} per token, of which the network {network} and its optics {optics}"


def _goodput(run: Run) -> str:
    fraction = number(run, formats.percent, "goodput", "fraction")
    mtbf = number(run, formats.duration, "goodput", "mtbf_s")
    interval = number(run, formats.duration, "goodput", "checkpoint", "interval_s")
    return f"{fraction}; a failure every {mtbf}, a checkpoint every {interval}"


def _network(run: Run) -> Table:
    table = grid("level", ">cables", "~links", ">length", ">watts", ">price", ">exposed", title="Network")
    for index, level in enumerate(run.rows("network")):
        products = run.rows("network", index, "products")
        table.add_row(
            terminal(formats.words(f"{level.get('domain')}\n{level.get('level')}")),
            number(run, formats.count, "network", index, "cables"),
            "\n".join(_ends(run, index, place) for place in range(len(products))),
            f"≤ {number(run, formats.length, 'network', index, 'length_m', 'max')}",
            "\n".join(terminal(formats.watts(product.get("watts_total") or 0.0)) for product in products),
            "\n".join(terminal(formats.usd(product.get("usd_total") or 0.0)) for product in products),
            number(run, formats.duration, "network", index, "exposed_s"),
        )
    return table


def _runners_up(run: Run) -> Iterator[str]:
    """Yield for every class of links with others to choose from the best of them, and what one costs beside its own."""
    for index, level in enumerate(run.rows("network")):
        where = formats.words(f"{level.get('domain')} {level.get('level')}")
        for place, product in enumerate(run.rows("network", index, "products")):
            own = (product.get("usd_total") or 0.0) / max(product.get("cables") or 1, 1)
            for best in run.rows("network", index, "products", place, "runners_up")[:1]:
                ends = joined(list(dict.fromkeys(map(str, best["ends"]))))
                price = f"{formats.usd(best['usd_each'])} each beside {formats.usd(own)}"
                share = f"{formats.count(best['cables'])} of {formats.count(product['cables'])}"
                yield f"{where}: {ends} in place of {_ends(run, index, place)}, on {share} cables, {price}"


def _ends(run: Run, level: int, place: int) -> str:
    return joined(list(dict.fromkeys(run.texts("network", level, "products", place, "ends"))))
