"""A small network drawn whole: rows of a tree, a grid leaned back, groups on a circle, or a circle."""

import itertools
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from markupsafe import Markup

from lightloom.report.palette import colours
from lightloom.report.view import Legend

Point: TypeAlias = tuple[float, float]

_PITCH = 62.0
_LEAN = (17.0, -12.0)
"""How far each step along a third axis leads aside and up."""
_WIDE, _ROW = 1080.0, 110.0
_MARGIN = 24.0
_BULGE = 40.0
"""How far aside a bent link is pulled at most, of which it goes half."""


def kinds(picture: Mapping[str, Any]) -> list[Legend]:
    """Return the kinds of vertices and their colours; endpoints under them counted where all have as many."""
    of = colours(str(vertex["kind"]) for vertex in picture["vertices"])
    found: list[Legend] = []
    for kind, hue in of.items():
        own = [int(vertex["endpoints"]) for vertex in picture["vertices"] if vertex["kind"] == kind]
        held = Counter(own)
        many = max(own)
        under = "" if many < 2 else f", {many} endpoints under each" if len(held) == 1 else f", up to {many} under each"
        found.append(Legend(f"{kind} ({len(own)}){under}", hue))
    gone = sum(not vertex["working"] for vertex in picture["vertices"])
    cables = sum(int(link["cables"]) - int(link["working"]) for link in picture["links"])
    if gone or cables:
        found.append(Legend(f"failed or cut off ({gone}, and {cables:,} cables)", "gone"))
    return found


def graph(picture: Mapping[str, Any], path: Mapping[str, Any] | None = None) -> Markup:
    """Return the drawing of a network; ways that lead over its vertices are drawn bold.

    Args:
        picture: Vertices with their places, and links.
        path: Ways listed; None without.
    """
    vertices: Sequence[Mapping[str, Any]] = picture["vertices"]
    places = [tuple(map(int, vertex["place"])) for vertex in vertices]
    points = _points(str(picture["layout"]), places)
    radius = _radius(points)
    bold = _bold(vertices, path)
    grid = picture["layout"] == "grid"
    lines = [
        _line(points, places if grid else None, link, bold.get(frozenset(link["ends"])))
        for link in sorted(picture["links"], key=lambda link: frozenset(link["ends"]) in bold)
    ]
    of = colours(str(vertex["kind"]) for vertex in vertices)
    dots = [
        Markup('<circle class="dot {}{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>').format(
            of[str(vertex["kind"])],
            "" if vertex["working"] else " gone",
            _short(x),
            _short(y),
            _short(radius),
            _told(vertex),
        )
        for vertex, (x, y) in zip(vertices, points, strict=True)
    ]
    left, top, width, height = _frame(points)
    return Markup(
        '<svg class="plot graph" role="img" viewBox="{} {} {} {}" style="max-width:{}px"><title>{}</title>{}{}</svg>'
    ).format(
        *map(_short, (left, top, width, height, min(width * 1.4, 1200.0))),
        f"{len(vertices)} vertices, {len(picture['links'])} links",
        Markup("").join(lines),
        Markup("").join(dots),
    )


def _told(vertex: Mapping[str, Any]) -> str:
    many = int(vertex["endpoints"])
    under = "" if many < 2 else f": {many} endpoints"
    return f"{vertex['name']}{under}{'' if vertex['working'] else ', failed or cut off'}"


def _points(layout: str, places: Sequence[tuple[int, ...]]) -> list[Point]:
    if layout == "rows":
        return _rows(places)
    if layout == "groups":
        return _groups(places)
    if layout == "grid" and sum(side > 1 for side in _sides(places)) > 1:
        return _grid(places)
    if layout == "grid":
        return _ring(len(places), (0.0, 0.0), _round(len(places)))
    return _rings(places)


def _sides(places: Sequence[tuple[int, ...]]) -> list[int]:
    return [max(column) + 1 for column in zip(*places, strict=True)]


def _rows(places: Sequence[tuple[int, ...]]) -> list[Point]:
    """Lowest tier at the bottom, each spread over the whole width."""
    held = Counter(row for row, _ in places)
    return [((place + 0.5) * _WIDE / held[row], -row * _ROW) for row, place in places]


def _grid(places: Sequence[tuple[int, ...]]) -> list[Point]:
    """The first two axes lie down and across, a third leans back, others set blocks side by side and below."""
    sides = [*_sides(places), 1, 1, 1, 1]
    lean_x, lean_y = ((sides[2] - 1) * abs(step) for step in _LEAN)
    wide, tall = (sides[1] + 0.7) * _PITCH + lean_x, (sides[0] + 0.7) * _PITCH + lean_y
    found: list[Point] = []
    for place in places:
        down, across, back, right, below = (*place, 0, 0, 0, 0)[:5]
        x = across * _PITCH + back * _LEAN[0] + right * wide
        found.append((x, down * _PITCH + back * _LEAN[1] + below * tall))
    return found


def _groups(places: Sequence[tuple[int, ...]]) -> list[Point]:
    held = Counter(group for group, _ in places)
    inner = {group: _round(count) * 0.8 for group, count in held.items()}
    widest = max(inner.values())
    outer = max(len(held) * (widest + 24.0) / math.pi, 2.4 * widest)
    centres = _ring(len(held), (0.0, 0.0), outer)
    found: list[Point] = []
    for group, place in places:
        turn = 2 * math.pi * group / len(held) - math.pi / 2
        found.append(_ring(held[group], centres[group], inner[group], turn)[place])
    return found


def _rings(places: Sequence[tuple[int, ...]]) -> list[Point]:
    """Terminals outside, relays inside."""
    held = Counter(ring for ring, _ in places)
    outer = _round(held[0])
    rings = [_ring(held[ring], (0.0, 0.0), outer if ring == 0 else outer * 0.55) for ring in sorted(held)]
    return [rings[ring][place] for ring, place in places]


def _ring(count: int, centre: Point, radius: float, turn: float = -math.pi / 2) -> list[Point]:
    if count == 1:
        return [centre]
    steps = (turn + 2 * math.pi * place / count for place in range(count))
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in steps]


def _round(count: int) -> float:
    """Return the radius of a circle with room for so many."""
    return max(count * 26.0 / (2 * math.pi), 26.0)


def _radius(points: Sequence[Point]) -> float:
    """Return how large dots may be: no two touch."""
    nearest = min((math.dist(one, other) for one, other in itertools.combinations(points, 2)), default=40.0)
    return max(min(nearest * 0.36, 9.0), 2.0)


def _bold(vertices: Sequence[Mapping[str, Any]], path: Mapping[str, Any] | None) -> dict[frozenset[int], float]:
    """Return the links that ways lead over, with the share of the traffic."""
    number = {str(vertex["name"]): place for place, vertex in enumerate(vertices)}
    found: dict[frozenset[int], float] = {}
    for way in path["listed"] if path else ():
        for one, other in itertools.pairwise(way["vertices"]):
            if one in number and other in number:
                key = frozenset((number[one], number[other]))
                found[key] = found.get(key, 0.0) + float(way["share"])
    return found


def _line(
    points: Sequence[Point], places: Sequence[tuple[int, ...]] | None, link: Mapping[str, Any], share: float | None
) -> Markup:
    """Draw a link; on a grid one that passes others by bends aside."""
    one, other = map(int, link["ends"])
    (x1, y1), (x2, y2) = points[one], points[other]
    kind = "link gone" if not link["working"] else "link" if share is None else "link on"
    width = min(0.8 + 0.25 * math.log2(link["working"] or 1), 3.0) if share is None else 1.8 + 3.0 * share
    steps = sum(abs(a - b) for a, b in zip(places[one], places[other], strict=True)) if places else 1
    bend = min(0.16, _BULGE / math.dist((x1, y1), (x2, y2))) if steps > 1 else 0.0
    middle = ((x1 + x2) / 2 + bend * (y2 - y1), (y1 + y2) / 2 - bend * (x2 - x1))
    return Markup('<path class="{}" stroke-width="{}" d="M{} {}Q{} {} {} {}"/>').format(
        kind, _short(width), *map(_short, (x1, y1, *middle, x2, y2))
    )


def _frame(points: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    left, top = min(xs) - _MARGIN, min(ys) - _MARGIN
    return left, top, max(xs) - left + _MARGIN, max(ys) - top + _MARGIN


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
