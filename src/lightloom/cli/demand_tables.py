"""A demand as a person reads it at a terminal: the answer, the wall, what lies beyond, and what the job asks."""

from rich.table import Table

from lightloom.cli.output import console
from lightloom.cli.tables import DASH, bullets, grid, number, paragraph, say, terminal
from lightloom.report import formats
from lightloom.report.demand_words import bit_rate, ends, lane, rack_words, share, technologies, whole
from lightloom.report.reading import Run


def show(answer: Run) -> None:
    """Print the sentences, then table by table what they rest on."""
    out = console()
    verdict = answer.texts("verdict")
    say(out, paragraph(answer.name, "bold"), bullets(verdict))
    for text in answer.texts("warnings"):
        out.print(paragraph(f"! {text}"))
    out.print()
    say(out, paragraph(rack_words(answer)), _wall(answer), _ends(answer), _bill(answer), _tiers(answer), _sizes(answer))
    out.print()
    say(out, _accelerators(answer), _links(answer))
    out.print()
    assumed, known = len(answer.texts("assumptions")), len(answer.rows("sources"))
    out.print(paragraph(f"Assumptions: {assumed}, sources: {known}; see --json or --report."))


def _cells(answer: Run) -> dict[tuple[float, float], int]:
    """Place of each cell by domain and lane rate."""
    return {(row["domain"], row["lane_rate_bps"]): place for place, row in enumerate(answer.rows("cells"))}


def _rates(answer: Run) -> list[float]:
    return [row["rate_bps"] for row in answer.rows("lane_rates")]


def _wall(answer: Run) -> Table:
    rates, cells = _rates(answer), _cells(answer)
    title = "Share of a domain's cables that copper closes, %, by lane (band)"
    table = grid(">domain", *(f">{lane(rate)}" for rate in rates), title=title)
    for place, row in enumerate(answer.rows("domains")):
        shares = [_share(answer, cells[row["accelerators"], rate]) for rate in rates]
        table.add_row(number(answer, formats.count, "domains", place, "accelerators"), *shares)
    return table


def _share(answer: Run, place: int) -> str:
    mid, low, high = (
        round(100 * (answer.number("cells", place, "copper", key) or 0.0)) for key in ("mid", "low", "high")
    )
    return f"{mid}" if low == high else f"{mid} ({low}–{high})"


def _ends(answer: Run) -> Table:
    title = "Where copper ends: reach of passive cables, and the largest domain copper carries whole"
    asked = technologies(answer)
    table = grid("lane", ">dB/m", ">passive reach, m", *(f">{name}" for name in asked), title=title)
    for place, row in enumerate(answer.rows("lane_rates")):
        table.add_row(
            lane(row["rate_bps"]), *_passive(answer, place), *(_end(answer, row["rate_bps"], name) for name in asked)
        )
    return table


def _passive(answer: Run, place: int) -> tuple[str, str]:
    for item, row in enumerate(answer.rows("lane_rates", place, "copper")):
        if row["technology"] == "passive":
            path = ("lane_rates", place, "copper", item)
            loss = number(answer, formats.plain, *path, "loss_db_per_m")
            return loss, _band(answer, _metres, *path, "reach_m")
    return DASH, DASH


def _end(answer: Run, rate: float, technology: str) -> str:
    for place, row in enumerate(answer.rows("ends")):
        if (row["lane_rate_bps"], row["technology"]) == (rate, technology):
            return _band(answer, whole, "ends", place, "domain")
    return DASH


def _metres(value: float) -> str:
    return f"{value:.3g}"


def _band(answer: Run, form: formats.Form, *path: str | int) -> str:
    """Return a band on one line, in few characters."""
    mid, low, high = (number(answer, form, *path, key) for key in ("mid", "low", "high"))
    return mid if low == high else f"{mid} ({low}–{high})"


def _bill(answer: Run) -> Table:
    rate = answer.number("job", "lane_rate_bps") or 0.0
    cells = _cells(answer)
    table = grid(
        ">domain",
        ">cables, m",
        ">optical ports",
        ">fibres",
        ">power",
        ">price",
        title=f"All cables of a domain at {lane(rate)} a lane",
    )
    for index, row in enumerate(answer.rows("domains")):
        if not row["racks"]:
            continue
        place = cells[row["accelerators"], rate]
        median, longest = (answer.number("domains", index, "length_m", key) or 0.0 for key in ("median", "max"))
        table.add_row(
            number(answer, formats.count, "domains", index, "accelerators"),
            f"{median:.2g} … {longest:.2g}" if median < longest else f"{median:.2g}",
            _two_lines(answer, whole, place, "optical_ports"),
            number(answer, formats.count, "cells", place, "fibres"),
            _two_lines(answer, formats.watts, place, "watts"),
            _two_lines(answer, formats.usd, place, "usd"),
        )
    return table


def _two_lines(answer: Run, form: formats.Form, place: int, key: str) -> str:
    """Return the middle, and under it the band."""
    mid = number(answer, form, "cells", place, key, "mid")
    low, high = (answer.number("cells", place, key, end) for end in ("low", "high"))
    return mid if low is None or high is None or low == high else f"{mid}\n{terminal(ends(low, high, form))}"


def _tiers(answer: Run) -> Table:
    target = number(answer, share, "job", "target_share")
    title = f"What the job asks of each tier as built, an accelerator, one way (needed: it adds {target} to the step)"
    table = grid("tier", ">a step", ">spread over it", ">needed", ">installed", title=title)
    for place, row in enumerate(answer.rows("tiers")):
        table.add_row(
            terminal(formats.words(f"{row['domain']} {row['level']}")),
            number(answer, formats.amount, "tiers", place, "bytes_per_step"),
            number(answer, formats.bandwidth, "tiers", place, "bytes_per_s"),
            number(answer, formats.bandwidth, "tiers", place, "needed_bytes_per_s"),
            number(answer, formats.bandwidth, "tiers", place, "installed_bytes_per_s"),
        )
    return table


def _sizes(answer: Run) -> Table:
    title = "Racks, and what the job would ask in domains of other sizes, networks never blocking"
    heads = (">domain", ">racks", ">step", ">inside, a step", ">needed", ">outside, a step", ">needed")
    table = grid(*heads, title=title)
    for place, row in enumerate(answer.rows("domains")):
        path = ("domains", place)
        table.add_row(
            number(answer, formats.count, *path, "accelerators"),
            number(answer, formats.count, *path, "racks") if row["racks"] else "node",
            number(answer, formats.duration, *path, "step_s"),
            *(
                number(answer, form, *path, domain, key)
                for domain in ("scale_up", "scale_out")
                for form, key in ((formats.amount, "bytes_per_step"), (formats.bandwidth, "needed_bytes_per_s"))
            ),
        )
    return table


def _accelerators(answer: Run) -> Table:
    table = grid(
        ">year",
        "accelerator",
        ">scale-up",
        ">lanes",
        "of",
        ">domain",
        title="Accelerators against lanes over the years",
    )
    for place, row in enumerate(answer.rows("generations", "accelerators")):
        path = ("generations", "accelerators", place)
        rate = row["lane_rate_bps"]
        table.add_row(
            str(row["year"]),
            str(row["name"]),
            number(answer, bit_rate, *path, "scale_up_bps"),
            number(answer, formats.count, *path, "lanes"),
            DASH if rate is None else lane(rate),
            number(answer, formats.count, *path, "domain"),
        )
    return table


def _links(answer: Run) -> Table:
    table = grid("lane", ">copper since", ">optics since", ">fastest port", ">passive copper closes")
    for place, row in enumerate(answer.rows("generations", "links")):
        path = ("generations", "links", place)
        years = [DASH if row[key] is None else str(row[key]["year"]) for key in ("copper", "optical")]
        table.add_row(
            lane(row["lane_rate_bps"]),
            *years,
            number(answer, bit_rate, *path, "widest_bps"),
            number(answer, formats.length, *path, "passive_reach_m"),
        )
    return table
