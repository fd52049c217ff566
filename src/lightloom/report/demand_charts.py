"""What a demand draws: where copper ends, lengths of cable, what they cost, what the job asks, and the years."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.charts import Band, Segment, axis, stacked_bar
from lightloom.report.demand_words import HUES, bit_rate, ends, lane, span, whole
from lightloom.report.link_charts import Figure
from lightloom.report.plots import Curve, Plot, Spot
from lightloom.report.reading import Run, Tag
from lightloom.report.scales import Linear, Log
from lightloom.report.view import Block, Chart, ChartRow, Legend

_CELL = 46
_STRIP = 30
_MOST_LABELS = 3
_DOWN = "accelerators in a domain"
_NAMES = {"in the node": "inside the node", "passive": "passive copper", "linear": "copper with redrivers",
          "retimed": "retimed copper", "optical": "optics"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """One cell of a strip: its domain, shares of technologies from the ground up, and the number written in it."""

    name: str
    title: str
    shares: tuple[tuple[str, float], ...]
    words: str
    tag: Tag | None


def wall(run: Run) -> Chart:
    """Return the chart of where copper ends: lane rates down, sizes of domain across."""
    sizes = [row["accelerators"] for row in run.rows("domains")]
    rows = [_lane_row(run, rate, sizes) for rate in reversed([row["rate_bps"] for row in run.rows("lane_rates")])]
    note = (
        "Filled from the ground: what carries the cables of a domain of that size. Written: per cent that copper "
        "closes. Red line: the widest domain of these that copper carries whole. At the right: the widest of any size, "
        "and its band."
    )
    return Chart("", [Block("", rows, _sizes_axis(sizes))], _legend(run), note)


def _legend(run: Run) -> list[Legend]:
    used = {str(row["technology"]) for cell in run.rows("cells") for row in cell["rows"]}
    return [Legend(_NAMES[name], hue) for name, hue in HUES.items() if name in used]


def _lane_row(run: Run, rate: float, sizes: Sequence[int]) -> ChartRow:
    places = {row["domain"]: place for place, row in enumerate(run.rows("cells")) if row["lane_rate_bps"] == rate}
    cells = [_filled(run, places[size]) for size in sizes]
    whole_ones = sum(1 for size in sizes if run.number("cells", places[size], "copper", "mid") == 1.0)
    drawing = strip(cells, whole_ones, title=f"Copper's share by size of domain at {lane(rate)} a lane")
    mine = [place for place, row in enumerate(run.rows("ends")) if row["lane_rate_bps"] == rate]
    if not mine:
        return ChartRow(f"{lane(rate)} a lane", drawing)
    path = ("ends", mine[-1], "domain")
    return ChartRow(f"{lane(rate)} a lane", drawing, run.show(whole, *path, "mid"), _ends(run, whole, *path))


def _ends(run: Run, form: formats.Form, *path: str | int) -> str:
    """Return the ends of a band; empty where they are one."""
    low, high = (run.number(*path, key) for key in ("low", "high"))
    return "" if low is None or high is None or low == high else ends(low, high, form)


def _filled(run: Run, place: int) -> Filled:
    row = run.rows("cells")[place]
    shares = tuple((HUES[str(each["technology"])], float(each["share"])) for each in row["rows"])
    told = ", ".join(f"{_NAMES[str(each['technology'])]} {formats.percent(each['share'])}" for each in row["rows"])
    band = span(run, formats.percent, "cells", place, "copper")
    title = f"{row['domain']} accelerators: {told}; copper {band}"
    name, words = formats.count(row["domain"]), _per_cent(float(row["copper"]["mid"]))
    return Filled(name, title, shares, words, run.tag("cells", place, "copper", "mid"))


def _per_cent(share: float) -> str:
    """Return a share in per cent as a cell has room for it; neither all nor nothing is rounded to.

    >>> _per_cent(1.0), _per_cent(0.999), _per_cent(0.25), _per_cent(0.002), _per_cent(0.0)
    ('100', '99', '25', '<1', '0')
    """
    if share in (0.0, 1.0):
        return f"{share * 100:.0f}"
    return "<1" if share < 0.005 else f"{min(99.0, share * 100):.0f}"


def strip(cells: Sequence[Filled], whole_ones: int, *, title: str, height: int = _CELL) -> Markup:
    """Return cells side by side, with the wall after those that copper carries whole."""
    pitch = 100.0 / max(1, len(cells))
    parts = [_cell(each, index * pitch, pitch, height) for index, each in enumerate(cells)]
    if 0 < whole_ones < len(cells):
        at = _percent(whole_ones * pitch)
        parts.append(Markup('<line class="wall" x1="{p}%" x2="{p}%" y1="0" y2="{}"/>').format(height, p=at))
    described = "; ".join(f"{each.name}: {each.words} %" for each in cells)
    return Markup(
        '<svg class="plot cells" role="img" width="100%" height="{}"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(height, title, described, Markup("").join(parts))


def _cell(each: Filled, left: float, width: float, height: float) -> Markup:
    parts: list[Markup] = []
    ground = 0.0
    for hue, share in each.shares:
        top = height * (1.0 - ground - share)
        parts.append(
            Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
                hue, _percent(left), _pixels(top), _percent(width), _pixels(height * share)
            )
        )
        ground += share
    words = Markup('<text class="in-cell" x="{}%" y="{}"{}>{}</text>').format(
        _percent(left + width / 2), _pixels(height / 2 + 4.0), each.tag or "", each.words
    )
    return Markup("<g><title>{}</title>{}{}</g>").format(each.title, Markup("").join(parts), words)


def _sizes_axis(sizes: Sequence[int]) -> Markup:
    pitch = 100.0 / max(1, len(sizes))
    texts = [
        Markup('<text class="tick" x="{}%" y="13" text-anchor="middle">{}</text>').format(
            _percent((index + 0.5) * pitch), size
        )
        for index, size in enumerate(sizes)
    ]
    return Markup('<svg class="plot" aria-hidden="true" width="100%" height="20">{}</svg>').format(
        Markup("").join(texts)
    )


def lengths(run: Run) -> Chart:
    """Return the lengths of cable by size of domain on one logarithmic axis, with what copper reaches."""
    rows = run.rows("domains")
    ends = [
        run.number("domains", place, "length_m", key) or 0.0 for place in range(len(rows)) for key in ("min", "max")
    ]
    reaches = _reaches(run)
    scale = Log.covering([*ends, *(reach for _, reach in reaches)])
    drawn = [
        ChartRow(
            f"{row['accelerators']:,}",
            _length_strip(run, place, scale, reaches),
            run.show(formats.length, "domains", place, "length_m", "median"),
            _longest(run, place),
        )
        for place, row in enumerate(rows)
    ]
    rate = run.number("job", "lane_rate_bps") or 0.0
    told = ", ".join(f"{_NAMES[name]} {formats.length(reach)}" for name, reach in reaches)
    note = (
        "Dot: median cable. Bar: from the tenth to the ninetieth per cent. Line: shortest to longest. Upright lines: "
        f"how far copper closes at {lane(rate)} a lane: {told}."
    )
    legend = [Legend(_NAMES[name], HUES[name]) for name, _ in reaches]
    return Chart("", [Block(_DOWN, drawn, axis(scale, formats.length))], legend, note)


def _longest(run: Run, place: int) -> str:
    median, longest = (run.number("domains", place, "length_m", key) or 0.0 for key in ("median", "max"))
    return f"to {formats.length(longest)}" if longest > median else ""


def _reaches(run: Run) -> list[tuple[str, float]]:
    rate = run.number("job", "lane_rate_bps")
    for row in run.rows("lane_rates"):
        if row["rate_bps"] == rate:
            return [(str(rung["technology"]), float(rung["reach_m"]["mid"])) for rung in row["copper"]]
    return []


def _length_strip(run: Run, place: int, scale: Log, reaches: Sequence[tuple[str, float]]) -> Markup:
    keys = ("min", "p10", "median", "p90", "max")
    least, tenth, median, ninetieth, most = (
        scale.position(run.number("domains", place, "length_m", key) or 0.0) for key in keys
    )
    middle = _STRIP / 2
    parts = [Markup('<line class="track" x1="0%" x2="100%" y1="{y}" y2="{y}"/>').format(y=_pixels(middle))]
    parts += [
        Markup('<line class="reach {}" x1="{p}%" x2="{p}%" y1="0" y2="{}"/>').format(
            HUES[name], _STRIP, p=_percent(scale.position(reach))
        )
        for name, reach in reaches
    ]
    parts.append(
        Markup('<g class="whisker"><line x1="{}%" x2="{}%" y1="{y}" y2="{y}"/></g>').format(
            _percent(least), _percent(most), y=_pixels(middle)
        )
    )
    parts.append(
        Markup('<rect class="sky" x="{}%" y="{}" width="{}%" height="10" rx="2"/>').format(
            _percent(tenth), _pixels(middle - 5.0), _percent(max(0.6, ninetieth - tenth))
        )
    )
    parts.append(Markup('<circle class="dot blue" cx="{}%" cy="{}" r="6"/>').format(_percent(median), _pixels(middle)))
    told = ", ".join(f"{key} {formats.length(run.number('domains', place, 'length_m', key) or 0.0)}" for key in keys)
    return Markup('<svg class="plot" role="img" width="100%" height="{}"><title>{}</title>{}</svg>').format(
        _STRIP, told, Markup("").join(parts)
    )


def amounts(run: Run, key: str, title: str, form: formats.Form) -> Chart | None:
    """Return watts or dollars by size of domain, split by technology, with the band; None where nothing is known."""
    rate = run.number("job", "lane_rate_bps")
    places = [
        place
        for place, row in enumerate(run.rows("cells"))
        if row["lane_rate_bps"] == rate and row["rows"][0]["technology"] != "in the node" and row[key] is not None
    ]
    if not places:
        return None
    path = ("per_accelerator", key)
    highest = [run.number("cells", place, *path, "high") or 0.0 for place in places]
    scale = Linear.covering(highest)
    rows = [
        ChartRow(
            f"{run.rows('cells')[place]['domain']:,}",
            _amount_bar(run, place, key, scale, form),
            run.show(form, "cells", place, *path, "mid"),
            _ends(run, form, "cells", place, *path),
        )
        for place in places
    ]
    return Chart(title, [Block(_DOWN, rows, axis(scale, form))])


def _amount_bar(run: Run, place: int, key: str, scale: Linear, form: formats.Form) -> Markup:
    row = run.rows("cells")[place]
    segments = [
        Segment(
            _NAMES[str(each["technology"])],
            each[key]["mid"] / row["domain"],
            form(each[key]["mid"] / row["domain"]),
            HUES[str(each["technology"])],
        )
        for each in row["rows"]
        if each[key]
    ]
    low, high = (run.number("cells", place, "per_accelerator", key, end) or 0.0 for end in ("low", "high"))
    return stacked_bar(segments, scale, title=f"{row['domain']} accelerators", band=Band(low, high), height=34)


def bandwidth_figure(run: Run) -> Figure:
    """Return the bandwidth needed inside and outside a domain against its size."""
    sizes = [float(row["accelerators"]) for row in run.rows("domains")]
    curves: list[Curve] = []
    values: list[float] = []
    for domain, name, hue in (("scale_up", "inside", "blue"), ("scale_out", "outside", "vermillion")):
        needed = [run.number("domains", place, domain, "needed_bytes_per_s") or 0.0 for place in range(len(sizes))]
        installed = run.number("domains", 0, domain, "installed_bytes_per_s") or 0.0
        curves.append(Curve(f"{name}: needed", hue, [pair for pair in zip(sizes, needed, strict=True) if pair[1] > 0]))
        curves.append(Curve(f"{name}: installed", hue, [(sizes[0], installed), (sizes[-1], installed)], dashed=True))
        values += [*needed, installed]
    plot = Plot(
        "Bandwidth of an accelerator, one way, against the size of its domain",
        _Sizes(min(sizes), max(*sizes, 2 * min(sizes))),
        Log.covering(values),
        formats.count,
        formats.bandwidth,
        curves,
    )
    return _framed(plot, "accelerators in a scale-up domain", "bandwidth, logarithmic")


@dataclass(frozen=True, slots=True)
class _Sizes:
    """A logarithmic axis of sizes, marked at powers of two."""

    low: float
    high: float

    def position(self, value: float) -> float:
        return Log(self.low, self.high).position(value)

    @property
    def ticks(self) -> tuple[float, ...]:
        marks = [float(2**power) for power in range(1, 25)]
        inside = tuple(mark for mark in marks if self.low * (1 - 1e-9) <= mark <= self.high * (1 + 1e-9))
        return inside[:: -(-len(inside) // 4)]


def years_figure(run: Run) -> Figure | None:
    """Return accelerators against links over the years; None where nothing is dated."""
    chips = _chips(run)
    if not chips:
        return None
    lanes = _lanes(run)
    ports = [(float(row["year"]), float(row["rate_bps"])) for row in run.rows("generations", "ports")]
    years = [*(year for year, _, _ in chips), *(year for year, *_ in lanes)]
    curves = [
        Curve("scale-up bandwidth of an accelerator", "blue", [(year, value) for year, value, _ in chips]),
        Curve("fastest pluggable port", "vermillion", ports),
        Curve("lane", "orange", [(year, rate) for year, rate, _ in lanes], dashed=True),
    ]
    spots = [Spot(year, value, "blue", name) for year, value, name in chips]
    spots += [Spot(year, value, "vermillion") for year, value in ports]
    spots += [Spot(year, rate, "orange", words) for year, rate, words in lanes]
    values = [up for curve in curves for _, up in curve.points]
    plot = Plot(
        "Accelerators against links over the years",
        Linear(min(years) - 1.0, max(years) + 1.0, 6),
        Log.covering([*values, max(values) * 1.6]),
        lambda value: f"{value:.0f}",
        bit_rate,
        curves,
        spots,
    )
    return _framed(plot, "year first sold; those of links are recalled", "bits/s one way, logarithmic")


def _chips(run: Run) -> list[tuple[float, float, str]]:
    """Return (year, bandwidth, names) of accelerators, those at one point together."""
    found: dict[tuple[float, float], list[str]] = {}
    for row in run.rows("generations", "accelerators"):
        name = str(row["name"]).split("-")[0].upper()
        names = found.setdefault((float(row["year"]), float(row["scale_up_bps"])), [])
        if name not in names:
            names.append(name)
    return [(year, value, ", ".join(names[:_MOST_LABELS])) for (year, value), names in sorted(found.items())]


def _lanes(run: Run) -> list[tuple[float, float, str]]:
    """Return (year, lane rate, words): the year in which the first product of that lane was sold."""
    found: list[tuple[float, float, str]] = []
    for row in run.rows("generations", "links"):
        years = [float(row[medium]["year"]) for medium in ("copper", "optical") if row[medium] is not None]
        rate = float(row["lane_rate_bps"])
        if years:
            found.append((min(years), rate, lane(rate) if row["sold"] else f"{lane(rate)}, not sold"))
    return sorted(found)


def _framed(plot: Plot, across: str, up: str) -> Figure:
    legend = [Legend(curve.name, f"{curve.hue}{' broken' if curve.dashed else ''}") for curve in plot.curves]
    return Figure(plot.title, plot.beside(), plot.drawing(), plot.below(), across, up, legend)


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _pixels(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
