"""Charts as SVG text: horizontal places in per cent, heights in pixels, so that one drawing fits a desk and a phone.

Letters keep their size at every width, which a scaled view box would not allow. A label has a class that says at which
widths of the chart it fits (``at-ml``: medium and large); the style sheet hides it at the others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report.formats import Form, tick
from lightloom.report.palette import text_on
from lightloom.report.reading import Tag
from lightloom.report.scales import Linear, Scale

_CHARACTER_PIXELS = 6.6
_AIR_PIXELS = 10.0
_WIDTHS = (("s", 300.0), ("m", 500.0), ("l", 720.0))


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of a bar.

    Args:
        name: What it is.
        value: Its size, in the unit of the axis.
        text: The size as printed.
        hue: Class that colours it.
        tag: Where the number comes from; None for a computed one.
        short: Name for the label inside the bar; empty takes ``name``.
    """

    name: str
    value: float
    text: str
    hue: str
    tag: Tag | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """Low and high of a value, in the unit of the axis."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column of :func:`columns`: a label below it and its segments, from the ground up."""

    label: str
    segments: tuple[Segment, ...]


def stacked_bar(
    segments: Sequence[Segment], scale: Scale, *, title: str, band: Band | None = None, height: int = 36
) -> Markup:
    """Return one horizontal bar of segments from zero on; a band is a whisker below the bar's end."""
    bar_height = height - 12 if band is None else height - 16
    parts: list[Markup] = [_grid(scale)]
    start = 0.0
    for segment in segments:
        left, right = scale.position(start), scale.position(start + segment.value)
        parts.append(_rectangle(segment, left, right - left, 6, bar_height))
        parts.append(_label(segment, left, right - left, 6 + bar_height / 2 + 4))
        start += segment.value
    if band is not None:
        parts.append(_whisker(band, scale, height - 5.0))
    return _drawing(parts, height, title, (f"{segment.name} {segment.text}" for segment in segments))


def span_bar(
    segment: Segment, band: Band, scale: Scale, *, title: str, anchor: float | None = None, height: int = 26
) -> Markup:
    """Return a bar between two values, with a line at the anchor: for tornados and for bars that may be negative."""
    left, right = scale.position(band.low), scale.position(band.high)
    parts = [_piece(segment, left, right - left, 5, height - 10)]
    if anchor is not None:
        parts.append(_line(scale.position(anchor), 0, height, "anchor"))
    return _drawing(parts, height, f"{title}: {segment.text}", ())


def small_bar(value: float, scale: Scale, hue: str, *, title: str, height: int = 8) -> Markup:
    """Return a bar from zero to the value, for the cell of a table."""
    ends = sorted((scale.position(0.0), scale.position(value)))
    bar = Markup('<rect class="{}" x="{}%" width="{}%" height="{}"/>').format(
        hue, _percent(ends[0]), _percent(ends[1] - ends[0]), height
    )
    return _drawing([bar], height, title, ())


def band_mark(value: float, band: Band | None, scale: Scale, *, title: str, height: int = 22) -> Markup:
    """Return a dot at the value with a whisker over its band, on a thin track."""
    middle = height / 2
    parts = [_track(middle)]
    if band is not None:
        parts.append(_whisker(band, scale, middle))
    parts.append(_dot(scale.position(value), middle, 5, "dot"))
    return _drawing(parts, height, title, ())


def reach_strip(median: float, longest: float, scale: Scale, hue: str, *, title: str, height: int = 34) -> Markup:
    """Return the lengths of a class of cables: a bar from the median (dot) to the longest (bar end)."""
    middle = height / 2
    left, right = scale.position(median), scale.position(longest)
    bar = Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="8" rx="2"/>').format(
        hue, _percent(left), _pixels(middle - 4), _percent(right - left)
    )
    parts = [
        _grid(scale),
        _track(middle),
        bar,
        _line(right, middle - 9, middle + 9, f"end {hue}"),
        _dot(left, middle, 6, f"dot {hue}"),
    ]
    return _drawing(parts, height, title, ())


def columns(
    stacks: Sequence[Column], scale: Linear, form: Form, *, title: str, limit: float | None = None, height: int = 170
) -> Markup:
    """Return upright stacked columns side by side, with a dashed line at the limit."""
    pitch = 100.0 / max(1, len(stacks))
    stride = -(-len(stacks) // 16)
    parts = [_level_line(_level(mark, scale, height)) for mark in scale.ticks]
    for index, stack in enumerate(stacks):
        base = 0.0
        drawn: list[Markup] = []
        for segment in stack.segments:
            top, bottom = (_level(value, scale, height) for value in (base + segment.value, base))
            drawn.append(_piece(segment, (index + 0.12) * pitch, 0.76 * pitch, top, bottom - top))
            base += segment.value
        parts.append(Markup("<g><title>{}</title>{}</g>").format(_contents(stack, form), Markup("").join(drawn)))
        if index % stride == 0:
            parts.append(_tick_text((index + 0.5) * pitch, height - 4.0, stack.label, "middle"))
    if limit is not None:
        parts.append(_limit(_level(limit, scale, height)))
    return _drawing(parts, height, title, (f"{stack.label}: {_sum_text(stack, form)}" for stack in stacks))


def level_axis(scale: Linear, form: Form, *, height: int = 170) -> Markup:
    """Return the numbers beside :func:`columns` of the same height."""
    texts = [
        Markup('<text class="tick" x="100%" y="{}" text-anchor="end">{}</text>').format(
            _pixels(_level(mark, scale, height) + 4), tick(form, mark)
        )
        for mark in scale.ticks
    ]
    return Markup('<svg class="plot" aria-hidden="true" width="46" height="{}">{}</svg>').format(
        height, Markup("").join(texts)
    )


def axis(scale: Scale, form: Form, *, least_width: float = 300.0) -> Markup:
    """Return the numbers below a chart; hidden from screen readers, which get the values themselves.

    Numbers that would run into each other in a chart ``least_width`` pixels wide are left out.
    """
    texts: list[Markup] = []
    taken = -_AIR_PIXELS
    for mark in scale.ticks:
        at, words = scale.position(mark), tick(form, mark)
        anchor, before = ("start", 0.0) if at < 4.0 else ("end", 1.0) if at > 96.0 else ("middle", 0.5)
        length = len(words) * _CHARACTER_PIXELS
        start = at / 100.0 * least_width - before * length
        if start >= taken + _AIR_PIXELS / 2:
            texts.append(_tick_text(at, 13.0, words, anchor))
            taken = start + length
    return Markup('<svg class="plot" aria-hidden="true" width="100%" height="20">{}</svg>').format(
        Markup("").join(texts)
    )


def _drawing(parts: Iterable[Markup], height: float, title: str, described: Iterable[str]) -> Markup:
    words = "; ".join(described)
    description = Markup("<desc>{}</desc>").format(words) if words else Markup("")
    return Markup('<svg class="plot" role="img" width="100%" height="{}"><title>{}</title>{}{}</svg>').format(
        _pixels(height), title, description, Markup("").join(parts)
    )


def _rectangle(segment: Segment, left: float, width: float, top: float, height: float) -> Markup:
    """Draw a segment that says what it is to the pointer."""
    return Markup("<g>{}<title>{} {}</title></g>").format(
        _piece(segment, left, width, top, height), segment.name, segment.text
    )


def _piece(segment: Segment, left: float, width: float, top: float, height: float) -> Markup:
    return Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"{}/>').format(
        segment.hue, _percent(left), _pixels(top), _percent(width), _pixels(height), segment.tag or ""
    )


def _label(segment: Segment, left: float, width: float, baseline: float) -> Markup:
    """Write name and value into the segment, or one of them, whichever fits at each width of the chart."""
    name = segment.short or segment.name
    at_width: dict[str, list[str]] = {}
    for size, pixels in _WIDTHS:
        room = width / 100.0 * pixels - _AIR_PIXELS
        for words in (f"{name} {segment.text}", name, segment.text):
            if len(words) * _CHARACTER_PIXELS <= room:
                at_width.setdefault(words, []).append(size)
                break
    return Markup("").join(
        Markup('<text class="label {} {}" x="{}%" y="{}">{}</text>').format(
            text_on(segment.hue), f"at-{''.join(sizes)}", _percent(left + width / 2), _pixels(baseline), words
        )
        for words, sizes in at_width.items()
    )


def _grid(scale: Scale) -> Markup:
    """Mark the ticks; width and height of the lines are the style sheet's, for there are many of them."""
    lines = (Markup('<rect x="{}%"/>').format(_percent(scale.position(mark))) for mark in scale.ticks)
    return Markup('<g class="grid">{}</g>').format(Markup("").join(lines))


def _line(at: float, top: float, bottom: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{p}%" x2="{p}%" y1="{}" y2="{}"/>').format(
        kind, _pixels(top), _pixels(bottom), p=_percent(at)
    )


def _track(middle: float) -> Markup:
    return Markup('<line class="track" x1="0%" x2="100%" y1="{y}" y2="{y}"/>').format(y=_pixels(middle))


def _dot(at: float, middle: float, radius: float, kind: str) -> Markup:
    return Markup('<circle class="{}" cx="{}%" cy="{}" r="{}"/>').format(
        kind, _percent(at), _pixels(middle), _pixels(radius)
    )


def _whisker(band: Band, scale: Scale, middle: float) -> Markup:
    low, high = scale.position(band.low), scale.position(band.high)
    stroke = Markup('<line x1="{}%" x2="{}%" y1="{y}" y2="{y}"/>').format(
        _percent(low), _percent(high), y=_pixels(middle)
    )
    strokes = Markup("").join((stroke, _cap(low, middle), _cap(high, middle)))
    return Markup('<g class="whisker">{}</g>').format(strokes)


def _cap(at: float, middle: float) -> Markup:
    return Markup('<line x1="{p}%" x2="{p}%" y1="{}" y2="{}"/>').format(
        _pixels(middle - 4), _pixels(middle + 4), p=_percent(at)
    )


def _level(value: float, scale: Linear, height: float) -> float:
    """Return how far from the top of an upright chart a value stands, pixels."""
    return height - 18.0 - (height - 26.0) * scale.position(value) / 100.0


def _level_line(at: float) -> Markup:
    return Markup('<line class="grid" x1="0%" x2="100%" y1="{y}" y2="{y}"/>').format(y=_pixels(at))


def _limit(at: float) -> Markup:
    return Markup('<line class="limit" x1="0%" x2="100%" y1="{y}" y2="{y}"/>').format(y=_pixels(at))


def _tick_text(at: float, baseline: float, words: str, anchor: str) -> Markup:
    return Markup('<text class="tick" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        _percent(at), _pixels(baseline), anchor, words
    )


def _sum_text(stack: Column, form: Form) -> str:
    return form(sum(segment.value for segment in stack.segments))


def _contents(stack: Column, form: Form) -> str:
    """Spell out a column for the pointer."""
    parts = ", ".join(f"{segment.name} {segment.text}" for segment in reversed(stack.segments))
    return f"{stack.label}: {_sum_text(stack, form)} ({parts})"


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _pixels(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
