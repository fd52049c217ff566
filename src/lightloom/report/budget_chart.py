"""The budget of a link as one drawing: words over bars, so that it keeps its shape on a desk and a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report.formats import Form, tick
from lightloom.report.plots import thinned
from lightloom.report.reading import Shown
from lightloom.report.scales import Linear

_PITCH = 33
_WORDS, _BAR, _THICK = 12, 17, 12
_AXIS = 18
_MOST_TICKS = 5
_AIR = 0.05


@dataclass(frozen=True, slots=True)
class Fall:
    """One line of a budget: from one level to the next.

    Args:
        item: What it is.
        start: Level before it.
        end: Level after it; one that is no step, such as what the receiver needs, has both alike.
        shown: Its decibels.
        hue: Class that colours it.
    """

    item: str
    start: float
    end: float
    shown: Shown
    hue: str


@dataclass(frozen=True, slots=True)
class Typical:
    """Where links of parts as they come end: the worst in a hundred and the median, as levels."""

    item: str
    worst: float
    median: float
    shown: Shown


def falls(steps: Sequence[Fall], typical: Typical, limit: float, form: Form, *, title: str, zero: bool) -> Markup:
    """Return the steps from the top down, the limit dashed through all of them, the typical link last.

    Args:
        steps: From the transmitter to the margin.
        typical: Drawn as a dot with its whisker.
        limit: What the levels must stay above.
        form: How levels are printed.
        title: What it shows.
        zero: Whether the axis begins at nought.
    """
    levels = [limit, typical.worst, typical.median, *(level for step in steps for level in (step.start, step.end))]
    air = _AIR * (max(levels) - min(levels))
    scale = Linear.covering([min(levels) - air, max(levels) + air], zero=zero)
    marks = thinned(scale.ticks, _MOST_TICKS)
    foot = _PITCH * (len(steps) + 1)
    parts = [_upright(scale, mark, 0, foot, "grid") for mark in marks]
    parts.append(_upright(scale, limit, 0, foot, "limit"))
    parts += [_fall(step, place, _taken_up(steps, place), scale) for place, step in enumerate(steps)]
    parts.append(_typical(typical, len(steps), scale))
    parts += [_tick(scale, mark, foot + 13, tick(form, mark)) for mark in marks]
    told = "; ".join(f"{each.item} {each.shown.text}" for each in (*steps, typical))
    return Markup(
        '<svg class="plot fall" role="img" width="100%" height="{}"><title>{}</title><desc>{}</desc>{}</svg>'
    ).format(foot + _AXIS, title, told, _joined(parts))


def _taken_up(steps: Sequence[Fall], place: int) -> int:
    """Return which step begins where this one ends; itself if none does."""
    after = range(place + 1, len(steps))
    return next((later for later in after if steps[later].start == steps[place].end), place)


def _fall(step: Fall, place: int, until: int, scale: Linear) -> Markup:
    top = place * _PITCH + _BAR
    left, right = sorted(scale.position(level) for level in (step.start, step.end))
    bar = _upright(scale, step.end, top, top + _THICK, f"end {step.hue}")
    if right > left:
        bar = Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}"/>').format(
            step.hue, _percent(left), top, _percent(right - left), _THICK
        )
    words = _words(step.item, step.shown, place * _PITCH)
    if until == place:
        return _joined([bar, words])
    return _joined([_upright(scale, step.end, top, until * _PITCH + _BAR + _THICK, "tie"), bar, words])


def _typical(typical: Typical, place: int, scale: Linear) -> Markup:
    top = place * _PITCH
    middle = top + _BAR + _THICK // 2
    whisker = Markup('<g class="whisker"><line x1="{}%" x2="{}%" y1="{y}" y2="{y}"/></g>').format(
        _percent(scale.position(typical.worst)), _percent(scale.position(typical.median)), y=middle
    )
    dot = Markup('<circle class="dot blue" cx="{}%" cy="{}" r="5"/>').format(
        _percent(scale.position(typical.median)), middle
    )
    return _joined([whisker, dot, _words(typical.item, typical.shown, top)])


def _words(item: str, shown: Shown, top: int) -> Markup:
    return Markup('<text y="{y}">{}</text><text class="n" x="100%" y="{y}"{}>{}</text>').format(
        item, shown.tag or "", shown.text, y=top + _WORDS
    )


def _upright(scale: Linear, level: float, top: int, bottom: int, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{p}%" x2="{p}%" y1="{}" y2="{}"/>').format(
        kind, top, bottom, p=_percent(scale.position(level))
    )


def _tick(scale: Linear, level: float, baseline: int, words: str) -> Markup:
    at = scale.position(level)
    anchor = "start" if at < 4.0 else "end" if at > 96.0 else "middle"
    return Markup('<text class="tick" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
        _percent(at), baseline, anchor, words
    )


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)


def _percent(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
