"""``lightloom demand``: what a job asks of links, and where copper ends.

``--json`` prints one object, ``demand/1``; keys are stable (more may come), units stand in them, bandwidths are one way
and per accelerator, a band is ``{mid, low, high}``::

    scenario     {name, hash, version, seed}
    job          {accelerators, accelerator, bandwidth_bytes_per_s, target_share, mode, margin_db, temperature_c,
                  lane_rate_bps}
    rack         {name, power_w, node_power_w, node_units, units, nodes, accelerators, accelerators_beside_switches,
                  limited_by: power | height}
    tiers        [{domain, level, bytes_per_step, bytes_per_s, needed_bytes_per_s, installed_bytes_per_s}]
                  of the study's own network; needed: that tier adds target_share to the step, the rest as installed
    domains      [{accelerators, racks, switch_racks, length_m: {min, p10, median, p90, max, mean},
                   lengths: [{up_to_m, share}], step_s, scale_up: tier, scale_out: tier}]
    lane_rates   [{rate_bps, copper: [{technology, product, sold, nyquist_hz, loss_db_per_m, reach_m: band}]}]
    cells        [{domain, lane_rate_bps, copper: band, optical_ports: band, fibres, watts: band, usd: band,
                   rows: [{technology, product, share, links, ports, pairs, fibres, watts: band, usd: band}],
                   per_accelerator: {watts: band, usd: band}, all_optical: row}]
                  rows add up to the cell; null where the catalog holds no product to say
    ends         [{lane_rate_bps, technology, domain: band}]      largest domain whose every cable copper closes when it
                  may be no more than that technology
    generations  {accelerators: [{name, title, year, scale_up_bps, domain, lane_rate_bps, lanes}],
                  links: [{lane_rate_bps, copper: {product, year, low, high}, optical: likewise, passive_reach_m,
                  widest_bps, sold}], ports: [{product, year, rate_bps}]}      ports: faster than any before
    verdict, assumptions, warnings [text], sources [{id, title, where}]

Technologies: ``in the node``, ``passive``, ``linear``, ``retimed``, ``optical``.
"""

from pathlib import Path

import click

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.demand_tables import show
from lightloom.cli.output import check_report, give, working
from lightloom.core import units
from lightloom.report.demand_page import render_demand
from lightloom.report.reading import Run
from lightloom.study.questions.question import DOMAINS, LANE_RATES, TARGET, DemandQuestion


@click.command(
    epilog=options.example(
        "lightloom demand qwen3-235b-256",
        "lightloom demand llama3-405b-16k --rack-power 120kW --report demand.html",
        "lightloom demand my.yaml --domain 72 --domain 144 --lane-rate 200Gb/s",
    )
)
@click.argument("study", type=options.STUDY)
@options.sets
@click.option(
    "--domain",
    "domains",
    type=click.IntRange(1, 1_000_000),
    multiple=True,
    metavar="COUNT",
    help="Accelerators in a scale-up domain; repeat for several. Left out: 8 to 8192.",
)
@options.quantity(
    "--lane-rate",
    units.BIT_RATE,
    "RATE",
    "Lane told in full, such as 200Gb/s; left out: that of the study's scale-up links.",
)
@options.quantity(
    "--rack-power", units.POWER, "POWER", "What a rack may draw, such as 120kW; left out: what the study's racks do."
)
@options.quantity(
    "--bandwidth", units.BANDWIDTH, "RATE", "Scale-up bandwidth of an accelerator, one way; left out: its own."
)
@options.quantity(
    "--target",
    units.SHARE,
    "SHARE",
    "What a tier of the network may add to the step.",
    default=f"{TARGET:.0%}",
    show_default=True,
)
@options.link_product("--optics", told="Optics to take; left out: the cheapest.")
@options.as_json
@options.report
def demand(  # noqa: PLR0913 # one argument an option
    study: str,
    sets: tuple[str, ...],
    domains: tuple[int, ...],
    lane_rate: float | None,
    rack_power: float | None,
    bandwidth: float | None,
    target: float,
    optics: str | None,
    *,
    as_json: bool,
    report: Path | None,
) -> None:
    """Tell where copper ends for a job, and what lies beyond.

    For scale-up domains of 8 to 8192 accelerators at lanes of 25 to 400 Gb/s: racks and lengths of cable, the share
    that copper closes by its insertion loss, and the optical ports, fibres, watts and dollars of the rest, with bands;
    and the bandwidth that the job needs of every tier.
    """
    check_report(report)
    question = DemandQuestion(
        domains=domains or DOMAINS,
        lane_rates=LANE_RATES,
        lane_rate=lane_rate,
        rack_power=rack_power,
        bandwidth=bandwidth,
        target=target,
        optics=optics or "",
    )
    with working(f"asking {study}"):
        answer = ll.demand(ll.load(study, sets), question).to_dict()
    give(
        answer,
        as_json=as_json,
        show=lambda: show(Run(0, answer)),
        report=report,
        page=lambda: render_demand(answer, command=_command(study, sets, question)),
    )


def _command(study: str, sets: tuple[str, ...], question: DemandQuestion) -> str:
    """Return the command that gives the same answer again."""
    words = [] if question.domains == DOMAINS else [f"--domain {size}" for size in question.domains]
    for name, value, unit in (
        ("lane-rate", question.lane_rate, "b/s"),
        ("rack-power", question.rack_power, "W"),
        ("bandwidth", question.bandwidth, "B/s"),
    ):
        words += [] if value is None else [f"--{name} {_prefixed(value)}{unit}"]
    words += [] if question.target == TARGET else [f"--target {question.target:g}"]
    words += [f"--optics {question.optics}"] if question.optics else []
    return " ".join([options.command_line("demand", study, sets=sets), *words])


def _prefixed(value: float) -> str:
    """Return a number of base units as one types it.

    >>> _prefixed(2e11), _prefixed(40800.0), _prefixed(0.5)
    ('200G', '40.8k', '0.5')
    """
    for factor, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= factor:
            return f"{value / factor:.12g}{prefix}"
    return f"{value:.12g}"
