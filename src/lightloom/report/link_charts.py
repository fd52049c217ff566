"""What a link draws: its waterfall, margin against length, errors against power, and the plant at turn-up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.plots import Bin, Curve, Plot, Spot, Wall, histogram, step
from lightloom.report.reading import Run, Shown
from lightloom.report.scales import Linear, Log
from lightloom.report.view import Block, Chart, ChartRow, Legend

LEAST_ERRORS = 1e-18
"""Where the axis of bit errors ends: a link of 400 Gb/s makes one such error in a month."""

DEEPEST_DB = -8.0
"""Where an axis of margin ends at the latest, unless the link itself lies lower."""

LASER_HUES = ("purple", "sky")


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its axes and what its colours mean."""

    title: str
    beside: Markup
    drawing: Markup
    below: Markup
    across: str
    up: str
    legend: Sequence[Legend]


def waterfall(run: Run) -> Chart:
    """Return the budget as steps from its first line to the margin; lines of nought are left out."""
    unit, limit = str(run.at("waterfall", "unit")), run.number("waterfall", "limit") or 0.0
    steps, end = run.rows("waterfall", "steps"), run.number("waterfall", "end") or 0.0
    levels = [limit, *(float(each[key]) for each in steps for key in ("start", "end"))]
    scale = Linear.covering(levels, zero=unit == "dB")
    form = dbm if unit == "dBm" else decibels
    drawn = [index for index, each in enumerate(steps) if index == 0 or each["start"] != each["end"]]
    rows = [_step(run, index, limit, scale, form) for index in drawn]
    hue = "green" if end >= limit - 1e-9 else "vermillion"
    margin = step((end, limit), limit, scale, hue, title="margin: from what is left to the limit")
    shown = run.show(formats.decibels, "waterfall", "margin_db")
    rows.append(ChartRow("margin", margin, shown, "above the limit" if end >= limit - 1e-9 else "below the limit"))
    meaning = "what the receiver needs" if unit == "dBm" else "nought"
    note = f"Dashed line: {meaning}, {form(limit)}. Each bar takes up where the one above it ended."
    return Chart("", [Block("", rows, Plot("", scale, scale, form, form).below())], (), note)


def _step(run: Run, index: int, limit: float, scale: Linear, form: formats.Form) -> ChartRow:
    path = ("waterfall", "steps", index)
    item, start, end = str(run.at(*path, "item")), float(run.at(*path, "start")), float(run.at(*path, "end"))
    left = Shown(form(end), run.tag(*path, "end"))
    hue = "sky" if index == 0 or end > start else "orange"
    drawing = step((start, end), limit, scale, hue, title=f"{item}: {left.text} left")
    row = next(place for place, line in enumerate(run.rows("rows")) if line["item"] == item)
    first = index == 0 and start == end
    shown = run.show(dbm if first else formats.decibels, "rows", row, "db")
    return ChartRow(item, drawing, shown, "" if first else Markup("{} left").format(left))


def length_figure(run: Run) -> Figure:
    """Return margin against length, at guaranteed limits and for parts as they come."""
    path = ("curves", "margin_by_length")
    lengths = run.at(*path, "length_m")
    curves = [
        Curve(name, hue, list(zip(lengths, run.at(*path, key), strict=True)), dashed=dashed)
        for name, hue, key, dashed in (
            ("guaranteed limits", "vermillion", "spec_min_db", False),
            ("median, parts as they come", "blue", "p50_db", False),
            ("worst in a hundred", "blue", "p1_db", True),
        )
    ]
    here, spec = run.number("length_m") or 0.0, run.number("spec_min", "margin_db") or 0.0
    median = run.number("distribution", "margin_db", "p50") or 0.0
    values = [0.0, spec, median, *(up for curve in curves for _, up in curve.points if up > DEEPEST_DB)]
    reach = run.number(*path, "reach_m", "specified")
    plot = Plot(
        "Margin against length",
        Linear(0.0, float(lengths[-1]), 6),
        Linear.covering(values, wanted_ticks=6),
        formats.length,
        decibels,
        curves,
        [
            Spot(here, spec, "vermillion", "this link", run.tag("spec_min", "margin_db")),
            Spot(here, median, "blue", "", run.tag("distribution", "margin_db", "p50")),
        ],
        [] if reach is None else [Wall(reach, "specified reach", "track")],
        level=0.0,
        shade_from=reach,
    )
    return _framed(plot, "length of the cable", "margin")


def power_figure(run: Run) -> Figure | None:
    """Return bit errors against received power; None where margin is not optical."""
    path = ("curves", "errors_by_power")
    if run.at(*path) is None:
        return None
    chain = Curve("noise that does not grow with the signal", "vermillion", _pairs(run.at(*path)))
    noisy = [
        Curve(f"{row['name']}, {row['db_per_hz']:g} dB/Hz", hue, _pairs(row), dashed=True)
        for row, hue in zip(run.rows(*path, "with_laser_noise"), LASER_HUES, strict=False)
    ]
    needed, overload = (run.number(*path, key) or 0.0 for key in ("needed_dbm", "overload_dbm"))
    low = min(across for across, _ in chain.points)
    plot = Plot(
        "Bit errors before correction against received power",
        Linear(low, overload + 0.6, 6),
        Log(LEAST_ERRORS, 0.1),
        dbm_short,
        lambda value: formats.scientific(value).replace(".0e", "e"),
        [chain, *noisy],
        _arrivals(run, chain, low),
        [Wall(needed, "needed", "track"), Wall(overload, "overload")],
        level=run.number(*path, "threshold"),
    )
    return _framed(plot, "dBm at the receiver, outer OMA less eye closure", "bit error ratio")


def _arrivals(run: Run, chain: Curve, low: float) -> list[Spot]:
    """Return what arrives, where the curve is: at guaranteed limits, and what a median link is worth."""
    path, last = ("curves", "errors_by_power", "arrives_dbm"), chain.points[-1]
    spots: list[Spot] = []
    for key, hue, words in (("guaranteed", "vermillion", "guaranteed"), ("median", "blue", "median link")):
        power = run.number(*path, key)
        if power is not None and power >= low:
            level = last[1] if power > last[0] else _nearest(chain, power)
            spots.append(Spot(power, max(level, LEAST_ERRORS), hue, words, run.tag(*path, key)))
    return spots


def _nearest(curve: Curve, across: float) -> float:
    return min(curve.points, key=lambda point: abs(point[0] - across))[1]


def _pairs(row: Mapping[str, Any]) -> list[tuple[float, float]]:
    return list(zip(row["received_dbm"], row["pre_fec_ber"], strict=True))


def turn_up_figure(run: Run) -> Figure:
    """Return how many links of the plant have which margin."""
    path = ("turn_up", "histogram")
    edges, counts = run.at(*path, "edges_db"), run.at(*path, "links")
    bins = [
        Bin(low, high, count, "vermillion" if high <= 1e-9 else "blue")
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    plot = Plot(
        "Margin of the links of a plant at first light",
        Linear(edges[0], edges[-1], 6),
        Log(0.7, max(*counts, 10) * 1.5),
        decibels,
        formats.count,
        walls=[Wall(0.0, "no margin")],
    )
    legend = [Legend("work", "blue"), Legend("fail at turn-up", "vermillion")]
    return Figure(
        plot.title, plot.beside(), histogram(bins, plot), plot.below(), "margin", "links, logarithmic", legend
    )


def _framed(plot: Plot, across: str, up: str) -> Figure:
    legend = [Legend(curve.name, f"{curve.hue}{' broken' if curve.dashed else ''}") for curve in plot.curves]
    return Figure(plot.title, plot.beside(), plot.drawing(), plot.below(), across, up, legend)


def dbm(value: float) -> str:
    """Return an optical power."""
    return f"{round(value, 2) + 0.0:.2f}\u00a0dBm".replace("-", "−")


def dbm_short(value: float) -> str:
    """Return an optical power on an axis that says its unit."""
    return f"{value:g}".replace("-", "−")


def decibels(value: float) -> str:
    """Return decibels on an axis, without a sign where they are positive."""
    return f"{value:.4g}\u00a0dB".replace("-", "−")
