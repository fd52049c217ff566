"""``lightloom link``: one link, line by line."""

from typing import Any

import click
from rich.table import Table

from lightloom.catalog import loading, products
from lightloom.cli import options
from lightloom.cli.output import console, print_json
from lightloom.cli.tables import grid, number, paragraph, say, terminal
from lightloom.core import units
from lightloom.photonics.link_report import link_report
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy
from lightloom.report import formats
from lightloom.report.reading import Run

LEAST_FRAME_LOSS = 1e-20
"""Less is not shown as a number: a link at 1e9 frames a second loses one in three thousand years."""


@click.command(
    epilog=options.example(
        "lightloom link 400g-dr4 --length 120m",
        "lightloom link 400g-dr4 --to 400g-dr4-lpo --length 300m --through palomar:2",
    )
)
@click.argument("product", type=options.LINK_PRODUCT)
@click.option("--to", "far", metavar="PRODUCT", type=options.LINK_PRODUCT, help="The other end; left out: the same.")
@click.option(
    "--length",
    callback=options.quantity(units.LENGTH),
    metavar="LENGTH",
    required=True,
    help="Cable from end to end, such as 30m.",
)
@click.option(
    "--connectors",
    callback=options.count_or_standard,
    metavar="COUNT",
    default="4",
    show_default=True,
    help="Optical connectors on the way, or 'standard' for its allocation.",
)
@click.option(
    "--through",
    type=options.CIRCUIT_SWITCH,
    callback=options.passes,
    multiple=True,
    metavar="SWITCH[:PASSES]",
    help="A circuit switch on the way, and how often it is passed.",
)
@click.option(
    "--extra-loss",
    callback=options.quantity(units.LOSS),
    metavar="LOSS",
    default="0 dB",
    help="Other loss, such as circulators.",
)
@click.option(
    "--margin",
    callback=options.quantity(units.LOSS),
    metavar="LOSS",
    default="0 dB",
    help="What must be left at least.",
)
@click.option(
    "--mode",
    type=click.Choice(["spec_min", "distribution"]),
    default="spec_min",
    show_default=True,
    help="Judge by guaranteed limits, or by parts as they come.",
)
@options.as_json
def link(  # noqa: PLR0913 # one argument an option
    product: str,
    far: str | None,
    length: float,
    connectors: int | None,
    through: tuple[str, ...],
    extra_loss: float,
    margin: float,
    mode: Any,  # noqa: ANN401 # one of two literals, which click has checked
    *,
    as_json: bool,
) -> None:
    """Tell whether a link closes, and what it costs.

    Prints every line of its power budget (of its insertion loss for copper), the margin at guaranteed limits and for
    parts as they come, errors, latency, watts, dollars and failures, and what else would do. An answer of "no" is an
    answer: the exit code is 0.
    """
    known = {name: products.link(name) for name in (product, far or product, *loading.names("links"))}
    answer = link_report(
        known,
        product,
        far or "",
        length=length,
        connectors=connectors,
        through=[_pass(name) for name in through],
        extra_loss_db=extra_loss,
        policy=LinkPolicy(mode, margin),
    )
    if as_json:
        print_json(answer)
    else:
        show(Run(0, answer))


def _pass(name: str) -> CircuitSwitchPass:
    switch = products.circuit_switch(name)
    return CircuitSwitchPass(
        switch.insertion_loss_typical.value, switch.insertion_loss_maximum.value, switch.return_loss.value
    )


def show(answer: Run) -> None:
    """Print the budget, both verdicts, what the link costs, and the alternatives."""
    out = console()
    ends = " to ".join(dict.fromkeys(answer.texts("ends")))
    rate = terminal(formats.si(answer.number("rate_bps") or 0.0, "b/s"))
    length = terminal(formats.length(answer.number("length_m") or 0.0))
    verdict = "closes" if answer.at("closes") else "does not close"
    style = "bold green" if answer.at("closes") else "bold red"
    say(out, paragraph(f"{ends}, {rate} over {length}: {verdict}", style))
    if answer.at("reason"):
        out.print(paragraph(str(answer.at("reason"))))
    out.print()
    say(out, _budget(answer), _figures(answer), _alternatives(answer))


def _budget(answer: Run) -> Table:
    table = grid("at guaranteed limits", ">dB", "~how")
    for row in answer.rows("rows"):
        table.add_row(str(row["item"]), f"{row['db']:+.2f}".replace("-", "−"), terminal(str(row["how"])))
    margin = answer.number("spec_min", "margin_db") or 0.0
    table.add_section()
    table.add_row("margin", f"{margin:+.2f}".replace("-", "−"), "", style="bold")
    return table


def _figures(answer: Run) -> Table:
    share = number(answer, formats.percent, "distribution", "closes_share")
    median = number(answer, formats.decibels, "distribution", "margin_db", "p50")
    worst = number(answer, formats.decibels, "distribution", "margin_db", "p1")
    table = grid("", "~")
    table.add_row("parts as they come", f"{share} close; margin {median} median, {worst} worst in a hundred")
    if answer.number("pre_fec_ber") is not None:
        table.add_row("median link", _errors(answer))
    table.add_row("latency", number(answer, formats.duration, "latency_s"))
    inside = answer.number("watts", "inside_node")
    a, b = (number(answer, formats.watts, "watts", end) for end in ("a", "b"))
    watts = f"{a} and {b}" if inside is None else f"{terminal(formats.watts(inside))}, inside the node's own"
    table.add_row("power", f"{watts} ({answer.at('watts', 'boundary')})")
    mid, low, high = (
        number(answer, formats.usd, *path) for path in (("usd",), ("usd_band", "low"), ("usd_band", "high"))
    )
    table.add_row("price", f"{mid} ({low} … {high}), both ends and cable")
    hard, flap = (number(answer, formats.plain, "failures", kind) for kind in ("hard_fit", "flap_fit"))
    table.add_row("failures", f"{hard} FIT hard, {flap} FIT that heal themselves")
    if answer.at("failures", "shared_fate"):
        table.add_row("shared fate", terminal(str(answer.at("failures", "shared_fate"))))
    return table


def _errors(answer: Run) -> str:
    bits, frames = answer.number("pre_fec_ber") or 0.0, answer.number("frame_loss") or 0.0
    lost = f"frames lost {frames:.1e}" if frames > LEAST_FRAME_LOSS else "no frame lost in practice"
    return f"bit errors {bits:.1e} before correction, {lost}"


def _alternatives(answer: Run) -> Table:
    table = grid("alternatives of this rate", "closes", ">margin", ">share", ">watts", ">price")
    for index, row in enumerate(answer.rows("alternatives")):
        table.add_row(
            " to ".join(dict.fromkeys(answer.texts("alternatives", index, "ends"))),
            ("yes" if row["closes"] else "no") + ("" if row["sold"] else ", not sold yet"),
            number(answer, formats.decibels, "alternatives", index, "spec_min_margin_db"),
            number(answer, formats.percent, "alternatives", index, "closes_share"),
            number(answer, formats.watts, "alternatives", index, "watts"),
            number(answer, formats.usd, "alternatives", index, "usd"),
        )
    return table
