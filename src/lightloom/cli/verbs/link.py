"""``lightloom link``: one link, line by line."""

import shlex
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from lightloom.catalog import loading, products
from lightloom.cli import options
from lightloom.cli.link_tables import show
from lightloom.cli.output import check_report, give
from lightloom.cli.verbs.coherent_line import LinkOrLine
from lightloom.core import units
from lightloom.core.errors import CatalogError, Fault, StudyError, nearest
from lightloom.devices.transport import Transport
from lightloom.fabric.changes import path_outages
from lightloom.photonics import lanes
from lightloom.photonics.delivery import Recovery
from lightloom.photonics.link_life import LinkLife, Resending
from lightloom.photonics.link_report import link_report
from lightloom.photonics.monte_carlo import Handling
from lightloom.photonics.pair import Pair
from lightloom.photonics.plant import FibreGrade, StatedPlant
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy
from lightloom.report.link_page import render_link
from lightloom.report.reading import Run


@click.command(
    cls=LinkOrLine,
    epilog=options.example(
        "lightloom link 400g-dr4 --length 120m",
        "lightloom link 800G-DR8 --length 350m --connectors 4 --through palomar-ocs:2",
        "lightloom link 400g-dr4 --to 400g-dr4-lpo --length 300m --report link.html",
    ),
)
@click.argument("product", type=options.LINK_PRODUCT, callback=options.name_in("links"))
@options.link_product("--to", "far", told="The other end; left out: the same.")
@options.quantity("--length", units.LENGTH, "LENGTH", "Cable from end to end, such as 30m.", required=True)
@click.option(
    "--connectors",
    callback=options.count_or_standard,
    metavar="COUNT",
    default="4",
    show_default=True,
    help="Optical connectors on the way, or 'standard' for its allocation.",
)
@options.quantity("--connector-loss", units.LOSS, "LOSS", "Of one connector; left out: the product's typical.")
@click.option(
    "--fibre",
    type=options.FIBRE,
    callback=options.name_in("fibres"),
    metavar="GRADE",
    help="Grade of fibre, such as os1a; left out: the product's.",
)
@click.option(
    "--through",
    type=options.CIRCUIT_SWITCH,
    callback=options.passes,
    multiple=True,
    metavar="SWITCH[:PASSES]",
    help="A circuit switch on the way, and how often it is passed.",
)
@options.quantity("--extra-loss", units.LOSS, "LOSS", "Other loss, such as circulators.", default="0 dB")
@options.quantity(
    "--temperature",
    units.TEMPERATURE,
    "TEMPERATURE",
    "Of the modules' cases or of the copper, such as 55C; left out: that of each figure.",
)
@options.quantity("--lane-rate", units.BIT_RATE, "RATE", "Insist on lanes of that rate, such as 100Gb/s.")
@options.judged(
    margin="What must be left at least.",
    mode="Judge by guaranteed limits, or by parts as they come.",
)
@options.link_product("--against", told="Compare the energy of a bit with that of this product at both ends.")
@click.option(
    "--across-boundaries",
    is_flag=True,
    help="Compare energy even where watts are counted otherwise.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the plant drawn for turn-up.")
@options.as_json
@options.report
@click.pass_context
def link(  # noqa: PLR0913 # one argument an option
    context: click.Context,
    product: str,
    *,
    far: str | None,
    length: float,
    connectors: int | None,
    connector_loss: float | None,
    fibre: str | None,
    through: tuple[str, ...],
    extra_loss: float,
    temperature: float | None,
    lane_rate: float | None,
    margin: float,
    mode: Any,  # noqa: ANN401 # one of two literals, which click has checked
    against: str | None,
    across_boundaries: bool,
    seed: int,
    as_json: bool,
    report: Path | None,
) -> None:
    """Tell whether a link closes, and what it costs.

    Prints every line of its power budget (of its insertion loss for copper), the margin at guaranteed limits and for
    parts as they come, bit errors and lost frames, how many links of a plant fail at turn-up, latency, watts, dollars,
    failures by part and what else goes down with them, bandwidth left where frames are lost, how long a changed circuit
    is dark, and what else would do. With --report, the same as a page with its waterfall and curves. An answer of
    "no" is an answer: the exit code is 0.
    """
    check_report(report)
    named = (product, far or product, against or product)
    ends = [("PRODUCT", "links", product), ("--to", "links", far), ("--against", "links", against)]
    _check_names([*ends, ("--fibre", "fibres", fibre), *(("--through", "circuit-switches", name) for name in through)])
    known = products.links()
    with _as_typed():
        if lane_rate is not None:
            lanes.refuse((product, far or product), lane_rate, known)
        answer = link_report(
            known,
            product,
            far or "",
            length=length,
            connectors=connectors,
            through=[_pass(name) for name in through],
            extra_loss_db=extra_loss,
            temperature=temperature,
            policy=LinkPolicy(mode, margin),
            plant=_plant(fibre, connector_loss),
            life=_life(
                [known[name] for name in named], through, across_boundaries=across_boundaries, compared=bool(against)
            ),
            seed=seed,
        )
    give(
        answer,
        as_json=as_json,
        show=lambda: show(Run(0, answer)),
        report=report,
        page=lambda: render_link(answer, command=_command(context)),
    )


def _check_names(typed: Iterable[tuple[str, str, str | None]]) -> None:
    """Refuse names nobody knows, by the words they were typed with: option, folder of the catalog, name."""
    faults = [
        Fault(word, f"the catalog has no {folder}/{name:.60}", nearest(name, loading.names(folder)))
        for word, folder, name in dict.fromkeys(typed)
        if name is not None and name not in loading.names(folder)
    ]
    if faults:
        raise CatalogError(faults)


@contextmanager
def _as_typed() -> Generator[None]:
    """Name in faults the argument or option that was typed."""
    try:
        yield
    except StudyError as error:
        faults = [replace(fault, key=_ARGUMENTS.get(fault.key, fault.key)) for fault in error.faults]
        raise StudyError(faults) from None


_ARGUMENTS = {
    "a": "PRODUCT",
    "b": "--to",
    "length": "--length",
    "connectors": "--connectors",
    "connector_loss": "--connector-loss",
    "fibre": "--fibre",
    "extra_loss": "--extra-loss",
    "temperature": "--temperature",
    "lane_rate": "--lane-rate",
    "margin": "--margin",
    "boundary": "--against",
}
"""How the keys of faults are typed."""


def _pass(name: str) -> CircuitSwitchPass:
    switch = products.circuit_switch(name)
    return CircuitSwitchPass(
        switch.insertion_loss_typical.value, switch.insertion_loss_maximum.value, switch.return_loss_db
    )


def _life(ends: Sequence[LinkProduct], through: Sequence[str], *, compared: bool, across_boundaries: bool) -> LinkLife:
    """Return what the catalog knows of a link in service.

    Args:
        ends: Lower, upper, and the product to compare energy with.
        through: Circuit switches on the way, one entry a pass.
        compared: Whether to compare energy.
        across_boundaries: Likewise, whatever watts are counted in.
    """
    a, b, other = ends
    receivers = [products.receiver(name) for name in sorted({a.receiver, b.receiver} - {""})]
    switches = [products.circuit_switch(name) for name in dict.fromkeys(through)]
    return LinkLife(
        parts=products.link_parts(),
        outages=path_outages(switches, receivers),
        resending=tuple(map(_resending, products.transport.every())),
        against=Pair(other, other) if compared else None,
        across_boundaries=across_boundaries,
    )


def _resending(transport: Transport) -> Resending:
    recovery: Recovery = "link-retry" if transport.link_retry else transport.recovery
    return Resending(
        transport.name, recovery, transport.frame.value, transport.timeout.value if transport.timeout else 0.0
    )


def _plant(fibre: str | None, connector_loss_db: float | None) -> StatedPlant:
    hall = products.plant("hall")
    handling = Handling(hall.contaminated_share.value, hall.contamination_loss.value, hall.temperature_spread.value)
    return StatedPlant(None if fibre is None else _grade(fibre), connector_loss_db, handling)


def _grade(name: str) -> FibreGrade:
    grade = products.fibre(name)
    return FibreGrade(
        grade.name, grade.modes == "multi", grade.attenuation, grade.attenuation_typical, grade.group_index
    )


_TYPED: dict[str, tuple[str, Callable[[Any], str]]] = {
    "far": ("--to", str),
    "length": ("--length", "{:g}m".format),
    "connectors": ("--connectors", lambda count: "standard" if count is None else str(count)),
    "connector_loss": ("--connector-loss", "{:g}dB".format),
    "fibre": ("--fibre", str),
    "extra_loss": ("--extra-loss", "{:g}dB".format),
    "temperature": ("--temperature", "{:g}C".format),
    "lane_rate": ("--lane-rate", "{:g}b/s".format),
    "margin": ("--margin", "{:g}dB".format),
    "mode": ("--mode", str),
    "against": ("--against", str),
    "across_boundaries": ("--across-boundaries", lambda _: ""),
    "seed": ("--seed", str),
}
"""How each option is typed from what was read of it; empty for one that takes no value."""


def _command(context: click.Context) -> str:
    """Return the command that gives the same page again, as one would type it."""
    given: dict[str, Any] = context.params
    words: list[str] = ["lightloom", "link", given["product"]]
    for key, (option, typed) in _TYPED.items():
        if context.get_parameter_source(key) == ParameterSource.COMMANDLINE:
            words += [word for word in (option, typed(given[key])) if word]
    passed: tuple[str, ...] = given["through"]
    for name, count in Counter(passed).items():
        words += ["--through", f"{name}:{count}"]
    return shlex.join(words)
