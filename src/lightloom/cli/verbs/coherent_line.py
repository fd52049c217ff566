"""``lightloom link --coherent``: a line of amplified spans, or a path through gnpy's own network."""

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from lightloom.cli import options
from lightloom.cli.output import console, print_json
from lightloom.cli.tables import grid, number, paragraph, say, terminal
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.line_full import file_answer, full_answer
from lightloom.fabric.line_report import Json, line_report
from lightloom.photonics.request import LinkPolicy
from lightloom.report import formats
from lightloom.report.reading import Run
from lightloom.study.line import coherent_module, load_line


class LinkOrLine(click.Command):
    """``link``; with ``--coherent`` the line of a file instead of one product over one cable."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 # click's signature
    ) -> click.Context:
        """Hand over to :data:`coherent_line` where its option is given."""
        if any(word.partition("=")[0] == "--coherent" for word in args):
            return coherent_line.make_context(info_name, args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, and where those of lines are told."""
        super().format_options(ctx, formatter)
        with formatter.section("Lines of amplified spans"):
            told = "Coherent channels over the spans of a YAML file; 'link --coherent FILE --help' tells more."
            formatter.write_dl([("--coherent FILE", told)])


@click.command(
    name="link",
    epilog=options.example(
        "lightloom link --coherent spans.yaml",
        "lightloom link --coherent spans.yaml --full --margin 3dB",
        "lightloom link --coherent network.json --equipment equipment.json --module 400zr",
    ),
)
@click.option(
    "--coherent",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Spans, module and launch power (YAML); with --equipment, gnpy's network (JSON).",
)
@click.option("--full", is_flag=True, help="Ask gnpy as well; needs lightloom[coherent].")
@click.option("--equipment", metavar="FILE", type=click.Path(path_type=Path), help="gnpy's equipment library (JSON).")
@click.option("--source", metavar="NAME", help="Transceiver of gnpy's network that sends; left out: the first.")
@click.option("--destination", metavar="NAME", help="The one that receives; left out: the last.")
@click.option("--module", metavar="PRODUCT", type=options.LINK_PRODUCT, help="What receives in gnpy's network.")
@options.judged(
    margin="OSNR that must be left at least.",
    mode="Judge with the line's figures at their bad ends, or as they come.",
)
@options.as_json
def coherent_line(  # noqa: PLR0913 # one argument an option
    file: Path,
    equipment: Path | None,
    source: str | None,
    destination: str | None,
    module: str | None,
    margin: float,
    mode: Any,  # noqa: ANN401 # one of two literals, which click has checked
    *,
    full: bool,
    as_json: bool,
) -> None:
    """Tell whether coherent channels get through a line of amplified spans.

    Prints what every span does, the signal over all noise (GSNR), the margin over what the module needs, capacity,
    latency, watts and dollars. The closed form of the Gaussian-noise model answers; --full asks gnpy as well. With
    --equipment, gnpy's own files are propagated instead.
    """
    _check_options(equipment, {"--source": source, "--destination": destination, "--module": module}, full=full)
    if equipment:
        chosen = coherent_module(module) if module else None
        answer = file_answer(file, equipment, source=source, destination=destination, module=chosen)
    else:
        name, line = load_line(file)
        answer: Json = line_report(name, line, LinkPolicy(mode, margin))
        answer["gnpy"] = full_answer(line) if full else None
    if as_json:
        print_json(answer)
    else:
        show(Run(0, answer))


def _check_options(equipment: Path | None, others: dict[str, str | None], *, full: bool) -> None:
    """Refuse options that would do nothing."""
    faults = [Fault(name, "is of gnpy's network", "give --equipment too") for name, value in others.items() if value]
    if equipment:
        faults = [Fault("--full", "gnpy's own files are gnpy's answer already", "leave it out")] if full else []
    if faults:
        raise StudyError(faults)


def show(answer: Run) -> None:
    """Print a line, or a path through gnpy's network."""
    out = console()
    if answer.at("elements") is not None:
        _show_path(answer)
        return
    length = terminal(formats.length(answer.number("length_m") or 0.0))
    channels = f"{answer.at('channels')} channels of {answer.texts('ends')[0]}"
    verdict = "closes" if answer.at("closes") else "does not close"
    style = "bold green" if answer.at("closes") else "bold red"
    say(out, paragraph(f"{answer.at('name')}: {channels} over {length}: {verdict}", style))
    if answer.at("reason"):
        out.print(paragraph(str(answer.at("reason"))))
    out.print()
    say(out, _budget(answer), _spans(answer), _figures(answer), _amounts(answer))


def _signed(value: object) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _budget(answer: Run) -> Table:
    table = grid("figures at their bad ends", ">dB", "~how")
    for row in answer.rows("rows"):
        table.add_row(str(row["item"]), _signed(row["db"]), terminal(str(row["how"])))
    table.add_section()
    table.add_row("margin", _signed(answer.number("spec_min", "margin_db")), "", style="bold")
    return table


def _spans(answer: Run) -> Table:
    table = grid(
        "spans", ">length", ">launch\ndBm", ">loss\ndB", ">gain\ndB", ">noise\nfigure", ">OSNR\ndB", ">NLI\ndB"
    )
    keys = ("launch_dbm", "loss_db", "gain_db", "noise_figure_db", "osnr_ase_db", "snr_nli_db")
    for index, row in enumerate(answer.rows("spans")):
        numbers = (f"{answer.number('spans', index, key) or 0.0:.2f}".replace("-", "−") for key in keys)
        table.add_row(f"{row['count']} ×", number(answer, formats.length, "spans", index, "length_m"), *numbers)
    return table


def _figures(answer: Run) -> Table:
    def decibels(*path: str) -> str:
        return number(answer, formats.decibels, *path)

    share = number(answer, formats.percent, "distribution", "closes_share")
    p50, p1 = decibels("distribution", "margin_db", "p50"), decibels("distribution", "margin_db", "p1")
    table = grid("", "~")
    table.add_row("line as it comes", f"{share} close; margin {p50} median, {p1} worst in a hundred")
    table.add_row("GSNR", f"{decibels('typical', 'gsnr_0p1nm_db')} in 0.1 nm, {decibels('typical', 'gsnr_db')} in band")
    table.add_row("of it amplifiers", f"OSNR {decibels('typical', 'osnr_ase_db')}")
    table.add_row("of it interference", f"{decibels('typical', 'snr_nli_db')} in band")
    if answer.at("gnpy") is not None:
        apart = _signed(answer.number("gnpy", "closed_form_above_db"))
        full = decibels("gnpy", "middle", "gsnr_0p1nm_db")
        table.add_row("gnpy", f"{full} in 0.1 nm, margin {decibels('gnpy', 'margin_db')}; closed form {apart} dB")
    launch, best = (_signed(answer.number(key)) for key in ("launch_dbm", "best_launch_dbm"))
    table.add_row("launch", f"{launch} dBm a channel; best {best} dBm")
    bound = terminal(formats.si(answer.number("shannon_bps") or 0.0, "b/s"))
    capacity = terminal(formats.si(answer.number("capacity_bps") or 0.0, "b/s"))
    table.add_row("capacity", f"{capacity} a fibre pair each way (Shannon's bound {bound})")
    table.add_row("latency", number(answer, formats.duration, "latency_s"))
    spread = (answer.number("accumulated_dispersion_s_per_m") or 0.0) * 1e3
    table.add_row("dispersion", f"{terminal(formats.plain(spread))} ps/nm")
    return table


def _amounts(answer: Run) -> Table:
    table = grid("one fibre pair", ">count", ">watts", ">dollars")
    watts = {str(row["item"]): row["total"] for row in answer.rows("watts", "rows")}
    for index, row in enumerate(answer.rows("usd", "rows")):
        item = str(row["item"])
        drawn = watts.get(item)
        count = f"{float(str(row['count'])) / 1e3:,.4g} km" if item == "fibre" else f"{row['count']}"
        table.add_row(
            item,
            count,
            terminal(formats.watts(drawn)) if isinstance(drawn, float) else "",
            number(answer, formats.usd, "usd", "rows", index, "total"),
        )
    table.add_section()
    table.add_row(
        "together", "", number(answer, formats.watts, "watts", "total"), number(answer, formats.usd, "usd", "total")
    )
    return table


def _show_path(answer: Run) -> None:
    out = console()
    elements = answer.texts("elements")
    between = f"{elements[0]} to {elements[-1]}, {len(elements) - 2} elements between"
    say(out, paragraph(f"{answer.at('name')}: {answer.at('channels')} channels, {between}", "bold"))
    out.print()
    table = grid("", "~")
    worst = number(answer, formats.decibels, "worst_channel", "gsnr_0p1nm_db")
    frequency = (answer.number("worst_channel", "frequency_hz") or 0.0) / 1e12
    table.add_row("worst channel", f"GSNR {worst} in 0.1 nm at {frequency:.3f} THz")
    table.add_row("of it amplifiers", f"OSNR {number(answer, formats.decibels, 'worst_channel', 'osnr_ase_db')}")
    inside = number(answer, formats.decibels, "worst_channel", "snr_nli_db")
    table.add_row("of it interference", f"{inside} in band")
    if answer.number("margin_db") is not None:
        verdict = "closes" if answer.at("closes") else "does not close"
        table.add_row(str(answer.at("module")), f"margin {number(answer, formats.decibels, 'margin_db')}: {verdict}")
    table.add_row("latency", number(answer, formats.duration, "latency_s"))
    say(out, table)
