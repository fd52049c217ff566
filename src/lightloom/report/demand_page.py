"""A demand for links as one HTML file: where copper ends, how long cables are, what lies beyond; no script."""

from collections.abc import Mapping
from typing import Any

from lightloom.report import formats
from lightloom.report.demand_charts import amounts, bandwidth_figure, lengths, wall, years_figure
from lightloom.report.demand_words import bit_rate, lane, rack_words, share, span, technologies, whole
from lightloom.report.pages import template
from lightloom.report.reading import Run, Shown
from lightloom.report.view import Line, Table


def render_demand(answer: Mapping[str, Any], *, command: str = "") -> str:
    """Return the page of one answer of the verb ``demand``; the same answer gives the same bytes.

    Every number on the page that stands in the answer carries its path and its unrounded value, as in a report.

    Args:
        answer: As :meth:`lightloom.study.questions.demand.Demand.to_dict` returns it.
        command: The command that makes this page again; empty leaves it out.
    """
    run = Run(0, answer)
    verdict, lane_rate = run.texts("verdict"), run.number("job", "lane_rate_bps") or 0.0
    return template("demand.html").render(
        run=run,
        title=_title(run),
        headline=verdict[0] if verdict else run.name,
        sentences=verdict[1:],
        command=command,
        rack=rack_words(run),
        lane=lane(lane_rate),
        wall=wall(run),
        shares=_shares(run),
        ends=_ends(run),
        lengths=lengths(run),
        distributions=_distributions(run),
        watts=amounts(run, "watts", "Power of all cable ends, by accelerator", formats.watts),
        usd=amounts(run, "usd", "Price of all cables, by accelerator", formats.usd),
        unpriced=any(row["watts"] is None for row in run.rows("cells") if row["lane_rate_bps"] == lane_rate),
        bill=_bill(run),
        bandwidth=bandwidth_figure(run),
        tiers=_tiers(run),
        sizes=_sizes(run),
        years=years_figure(run),
        accelerators=_accelerators(run),
        links=_links(run),
        sources=run.rows("sources"),
        percent=share,
    )


def render_wall(answer: Mapping[str, Any]) -> str:
    """Return the chart of where copper ends as a piece of HTML with its own style, for a shadow tree of another page.

    Args:
        answer: As :meth:`lightloom.study.questions.demand.Demand.to_dict` returns it.
    """
    run = Run(0, answer)
    return template("wall.html").render(run=run, title=_title(run), rack=rack_words(run), wall=wall(run))


def _title(run: Run) -> str:
    return f"Where copper ends: {run.name}"


def _shares(run: Run) -> Table:
    """Return every cell with its band, one line a domain."""
    rates = [row["rate_bps"] for row in run.rows("lane_rates")]
    cells = {(row["domain"], row["lane_rate_bps"]): place for place, row in enumerate(run.rows("cells"))}
    lines = [
        Line(
            formats.count(row["accelerators"]),
            [
                run.show(formats.count, "domains", place, "racks"),
                run.show(formats.count, "domains", place, "switch_racks"),
                *(_band(run, formats.percent, "cells", cells[row["accelerators"], rate], "copper") for rate in rates),
            ],
        )
        for place, row in enumerate(run.rows("domains"))
    ]
    columns = ["racks", "switch racks", *map(lane, rates)]
    return Table("Share of a domain's cables that copper closes, by lane; with its band", columns, lines=lines)


def _band(run: Run, form: formats.Form, *path: str | int) -> Shown:
    """Return a number with its band as one cell, tagged by its middle."""
    return Shown(span(run, form, *path), run.tag(*path, "mid"))


def _ends(run: Run) -> Table:
    asked = technologies(run)
    places = {(row["lane_rate_bps"], row["technology"]): place for place, row in enumerate(run.rows("ends"))}
    lines: list[Line] = []
    for index, row in enumerate(run.rows("lane_rates")):
        rungs = {str(rung["technology"]): item for item, rung in enumerate(row["copper"])}
        passive = ("lane_rates", index, "copper", rungs.get("passive", -1))
        loss = run.show(formats.plain, *passive, "loss_db_per_m") if "passive" in rungs else formats.NONE
        reach = _band(run, formats.length, *passive, "reach_m") if "passive" in rungs else formats.NONE
        found = [places.get((row["rate_bps"], name)) for name in asked]
        widest = [formats.NONE if place is None else _band(run, whole, "ends", place, "domain") for place in found]
        lines.append(Line(lane(row["rate_bps"]), [loss, reach, *widest]))
    columns = ["loss of the pair, dB/m", "passive closes over", *(f"largest domain, {name}" for name in asked)]
    return Table("Where copper ends: the largest domain whose every cable it closes", columns, lines=lines)


def _distributions(run: Run) -> Table:
    """Return the share of cables by length, one line a domain."""
    edges: list[float | None] = [entry["up_to_m"] for entry in run.rows("domains", 0, "lengths")]
    lines = [
        Line(
            formats.count(row["accelerators"]),
            [
                *(run.show(formats.length, "domains", place, "length_m", key) for key in ("median", "mean", "max")),
                *(run.show(formats.percent, "domains", place, "lengths", item, "share") for item in range(len(edges))),
            ],
        )
        for place, row in enumerate(run.rows("domains"))
    ]
    classes = [f"to {formats.length(edge)}" if edge is not None else "longer" for edge in edges]
    return Table("Cables of a domain by length", ["median", "mean", "longest", *classes], lines=lines)


def _bill(run: Run) -> Table:
    rate = run.number("job", "lane_rate_bps")
    lines: list[Line] = []
    for place, row in enumerate(run.rows("cells")):
        if row["lane_rate_bps"] != rate:
            continue
        path = ("cells", place)
        used = ", ".join(dict.fromkeys(str(each["product"] or each["technology"]) for each in row["rows"]))
        optical = ("all_optical", "ports"), ("all_optical", "watts", "mid"), ("all_optical", "usd", "mid")
        lines.append(
            Line(
                formats.count(row["domain"]),
                [
                    used,
                    _band(run, whole, *path, "optical_ports"),
                    run.show(formats.count, *path, "fibres"),
                    _band(run, formats.watts, *path, "watts"),
                    _band(run, formats.usd, *path, "usd"),
                    *(
                        run.show(form, *path, *keys)
                        for form, keys in zip((formats.count, formats.watts, formats.usd), optical, strict=True)
                    ),
                ],
            )
        )
    columns = ["products", "optical ports", "fibres", "power", "price", "all optical: ports", "power", "price"]
    return Table("All cables of a domain, and what they were if all of them were optical", columns, lines=lines)


def _tiers(run: Run) -> Table:
    lines = [
        Line(
            formats.words(f"{row['domain']} {row['level']}"),
            [
                run.show(formats.amount, "tiers", place, "bytes_per_step"),
                *(
                    run.show(formats.bandwidth, "tiers", place, key)
                    for key in ("bytes_per_s", "needed_bytes_per_s", "installed_bytes_per_s")
                ),
            ],
        )
        for place, row in enumerate(run.rows("tiers"))
    ]
    return Table(
        "The study's own network, by accelerator and one way",
        ["sent a step", "spread over the step", "needed", "installed"],
        lines=lines,
    )


def _sizes(run: Run) -> Table:
    lines = [
        Line(
            formats.count(row["accelerators"]),
            [
                run.show(formats.duration, "domains", place, "step_s"),
                *(
                    run.show(form, "domains", place, domain, key)
                    for domain in ("scale_up", "scale_out")
                    for form, key in (
                        (formats.amount, "bytes_per_step"),
                        (formats.bandwidth, "bytes_per_s"),
                        (formats.bandwidth, "needed_bytes_per_s"),
                    )
                ),
            ],
        )
        for place, row in enumerate(run.rows("domains"))
    ]
    columns = ["step", "inside: a step", "spread", "needed", "outside: a step", "spread", "needed"]
    return Table("The same job in domains of other sizes, by accelerator and one way", columns, lines=lines)


def _accelerators(run: Run) -> Table:
    lines = [
        Line(
            str(row["title"]),
            [
                run.show(_year, "generations", "accelerators", place, "year"),
                run.show(bit_rate, "generations", "accelerators", place, "scale_up_bps"),
                run.show(formats.count, "generations", "accelerators", place, "lanes"),
                run.show(bit_rate, "generations", "accelerators", place, "lane_rate_bps"),
                run.show(formats.count, "generations", "accelerators", place, "domain"),
            ],
        )
        for place, row in enumerate(run.rows("generations", "accelerators"))
    ]
    columns = ["year", "scale-up, one way", "lanes", "lane", "domain as sold"]
    return Table("Accelerators of the catalog", columns, lines=lines)


def _links(run: Run) -> Table:
    lines = [
        Line(
            lane(row["lane_rate_bps"]),
            [
                run.show(_year, "generations", "links", place, "copper", "year"),
                run.show(_year, "generations", "links", place, "optical", "year"),
                run.show(bit_rate, "generations", "links", place, "widest_bps"),
                run.show(formats.length, "generations", "links", place, "passive_reach_m"),
            ],
        )
        for place, row in enumerate(run.rows("generations", "links"))
    ]
    columns = ["copper since", "optics since", "fastest port", "passive copper closes over"]
    return Table("Lanes of the catalog; years are recalled", columns, lines=lines)


def _year(value: float) -> str:
    return f"{value:.0f}"
