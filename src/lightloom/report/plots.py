"""Curves, waterfalls and histograms as SVG text: places across in per cent, heights in pixels, as in ``charts``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report.formats import Form, tick
from lightloom.report.reading import Tag
from lightloom.report.scales import Linear, Log, Scale

HEIGHT = 250
_TOP, _BOTTOM = 10.0, 20.0
_STEP = 26
_MOST_TICKS = 7
_MOST_ACROSS = 5
_BELOW_DOT = 16.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a plot.

    Args:
        name: What it is, for the legend and for who cannot see it.
        hue: Class that colours it.
        points: Across and up, ascending across; those above or below the plot are left out.
        dashed: Whether it is drawn broken.
    """

    name: str
    hue: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a plot with words beside it."""

    across: float
    up: float
    hue: str
    words: str = ""
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Wall:
    """An upright line, with words at its top."""

    across: float
    words: str
    kind: str = "limit"


@dataclass(frozen=True, slots=True)
class Plot:
    """Axes, and what is drawn between them.

    Args:
        title: What it shows.
        across: Axis of the width.
        up: Axis of the height.
        across_form: How its numbers are printed.
        up_form: Likewise.
        curves: Lines.
        spots: Points.
        walls: Upright lines.
        level: Where a dashed line lies across, if anywhere.
        shade_from: From here on the ground is shaded.
    """

    title: str
    across: Scale
    up: Scale
    across_form: Form
    up_form: Form
    curves: Sequence[Curve] = ()
    spots: Sequence[Spot] = ()
    walls: Sequence[Wall] = ()
    level: float | None = None
    shade_from: float | None = None

    def drawing(self, height: int = HEIGHT) -> Markup:
        """Return the plot without its numbers."""
        parts: list[Markup] = []
        if self.shade_from is not None and self.across.position(self.shade_from) < 100.0:
            start = self.across.position(self.shade_from)
            parts.append(
                Markup('<rect class="shade" x="{}%" y="{}" width="{}%" height="{}"/>').format(
                    _percent(start), _pixels(_TOP), _percent(100.0 - start), _pixels(height - _TOP - _BOTTOM)
                )
            )
        parts += [_level_line(_height(mark, self.up, height), "grid") for mark in thinned(self.up.ticks)]
        marks = thinned(self.across.ticks, _MOST_ACROSS)
        parts += [_wall(self.across.position(mark), height, "grid") for mark in marks]
        if self.level is not None:
            parts.append(_level_line(_height(self.level, self.up, height), "limit"))
        parts.append(self._lines(height))
        parts += [part for wall in self.walls for part in _walled(wall, self.across.position(wall.across), height)]
        parts += [_spot(spot, self.across, self.up, height) for spot in self.spots]
        return _drawing(parts, height, self.title, (curve.name for curve in self.curves))

    def beside(self, height: int = HEIGHT) -> Markup:
        """Return the numbers of the upright axis."""
        texts = [
            Markup('<text class="tick" x="100%" y="{}" text-anchor="end">{}</text>').format(
                _pixels(_height(mark, self.up, height) + 4.0), tick(self.up_form, mark)
            )
            for mark in thinned(self.up.ticks)
        ]
        return Markup('<svg class="plot" aria-hidden="true" width="52" height="{}">{}</svg>').format(
            height, Markup("").join(texts)
        )

    def below(self) -> Markup:
        """Return the numbers of the axis across."""
        texts: list[Markup] = []
        for mark in thinned(self.across.ticks, _MOST_ACROSS):
            at = self.across.position(mark)
            anchor = "start" if at < 4.0 else "end" if at > 96.0 else "middle"
            texts.append(_text(at, 13.0, tick(self.across_form, mark), anchor, "tick"))
        return Markup('<svg class="plot" aria-hidden="true" width="100%" height="20">{}</svg>').format(
            Markup("").join(texts)
        )

    def _lines(self, height: int) -> Markup:
        """Draw the curves in a box whose width is a hundred and whose height is in pixels."""
        drawn = [
            Markup('<polyline class="curve {}{}" points="{}"/>').format(
                curve.hue, " dashed" if curve.dashed else "", self._points(curve, height)
            )
            for curve in self.curves
        ]
        return Markup(
            '<svg viewBox="0 0 100 {h}" width="100%" height="{h}" preserveAspectRatio="none">{}</svg>'
        ).format(Markup("").join(drawn), h=height)

    def _points(self, curve: Curve, height: int) -> str:
        low, high = (self.up.low, self.up.high) if isinstance(self.up, (Linear, Log)) else (-1e300, 1e300)
        inside = [(across, up) for across, up in curve.points if low <= up <= high]
        return " ".join(
            f"{_percent(self.across.position(across))},{_pixels(_height(up, self.up, height))}" for across, up in inside
        )


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram: its ends and how much is in it."""

    low: float
    high: float
    amount: float
    hue: str


def histogram(bins: Sequence[Bin], plot: Plot, height: int = HEIGHT) -> Markup:
    """Return upright bars on the axes of a plot, whose walls and spots are drawn over them."""
    ground = _height(plot.up.low, plot.up, height) if isinstance(plot.up, (Linear, Log)) else height - _BOTTOM
    parts = [_level_line(_height(mark, plot.up, height), "grid") for mark in thinned(plot.up.ticks)]
    for each in bins:
        if each.amount <= 0.0:
            continue
        left, right = plot.across.position(each.low), plot.across.position(each.high)
        top = min(_height(each.amount, plot.up, height), ground - 1.0)
        parts.append(
            Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
                each.hue, _percent(left), _pixels(top), _percent(right - left), _pixels(ground - top)
            )
        )
    parts += [part for wall in plot.walls for part in _walled(wall, plot.across.position(wall.across), height)]
    return _drawing(parts, height, plot.title, ())


def step(ends: tuple[float, float], limit: float, scale: Scale, hue: str, *, title: str) -> Markup:
    """Return one step of a waterfall: a bar from one level to the next, a mark where it ends, the limit dashed."""
    left, right = sorted(scale.position(end) for end in ends)
    parts = [
        Markup('<g class="grid">{}</g>').format(
            Markup("").join(Markup('<rect x="{}%"/>').format(_percent(scale.position(mark))) for mark in scale.ticks)
        ),
        Markup('<line class="limit" x1="{p}%" x2="{p}%" y1="0" y2="{}"/>').format(
            _STEP, p=_percent(scale.position(limit))
        ),
    ]
    if right - left > 0.0:
        parts.append(
            Markup('<rect class="{}" x="{}%" y="5" width="{}%" height="{}"/>').format(
                hue, _percent(left), _percent(right - left), _STEP - 10
            )
        )
    parts.append(
        Markup('<line class="end {}" x1="{p}%" x2="{p}%" y1="2" y2="{}"/>').format(
            hue, _STEP - 2, p=_percent(scale.position(ends[1]))
        )
    )
    return _drawing(parts, _STEP, title, ())


def thinned(marks: Sequence[float], most: int = _MOST_TICKS) -> Sequence[float]:
    """Return every second, third … mark, so that at most so many are left."""
    return marks[:: -(-len(marks) // most)] if marks else marks


def _height(value: float, scale: Scale, height: float) -> float:
    return height - _BOTTOM - (height - _TOP - _BOTTOM) * scale.position(value) / 100.0


def _level_line(at: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="0%" x2="100%" y1="{y}" y2="{y}"/>').format(kind, y=_pixels(at))


def _wall(at: float, height: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{p}%" x2="{p}%" y1="{}" y2="{}"/>').format(
        kind, _pixels(_TOP), _pixels(height - _BOTTOM), p=_percent(at)
    )


def _walled(wall: Wall, at: float, height: float) -> tuple[Markup, ...]:
    anchor = "start" if at < 60.0 else "end"
    shift = 5 if anchor == "start" else -5
    words = Markup('<text class="said" x="{}%" y="{}" dx="{}" text-anchor="{}">{}</text>').format(
        _percent(at), _pixels(_TOP + 12.0), shift, anchor, wall.words
    )
    return (_wall(at, height, wall.kind), words)


def _spot(spot: Spot, across: Scale, up: Scale, height: float) -> Markup:
    at, level = across.position(spot.across), _height(spot.up, up, height)
    anchor = "start" if at < 60.0 else "end"
    below = level + _BELOW_DOT if level < height / 2 else level - _BELOW_DOT / 2
    words = Markup('<text class="said" x="{}%" y="{}" dx="{}" text-anchor="{}">{}</text>').format(
        _percent(at), _pixels(below), 8 if anchor == "start" else -8, anchor, spot.words
    )
    dot = Markup('<circle class="dot {}" cx="{}%" cy="{}" r="5.5"{}/>').format(
        spot.hue, _percent(at), _pixels(level), spot.tag or ""
    )
    return Markup("").join((dot, words))


def _text(at: float, baseline: float, words: str, anchor: str, kind: str) -> Markup:
    return Markup('<text class="{}" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        kind, _percent(at), _pixels(baseline), anchor, words
    )


def _drawing(parts: Iterable[Markup], height: float, title: str, described: Iterable[str]) -> Markup:
    words = "; ".join(described)
    description = Markup("<desc>{}</desc>").format(words) if words else Markup("")
    return Markup('<svg class="plot" role="img" width="100%" height="{}"><title>{}</title>{}{}</svg>').format(
        _pixels(height), title, description, Markup("").join(parts)
    )


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _pixels(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
