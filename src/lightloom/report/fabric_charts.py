"""What a fabric draws: its tiers with the cables between them, cables by length, and the ways between two places."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from markupsafe import Markup

from lightloom.fabric.labels import fabric_of, plain
from lightloom.report import formats
from lightloom.report.charts import Column, Segment, columns, level_axis
from lightloom.report.fabric_words import cable_kinds, lengths_words, stage_words
from lightloom.report.palette import text_on
from lightloom.report.reading import Run
from lightloom.report.scales import Linear
from lightloom.report.view import Legend

HUES = {
    "passive copper": "brown",
    "linear copper": "orange",
    "active copper": "yellow",
    "pluggable optics": "vermillion",
    "pluggable optics, one fibre": "sky",
    "active optical cable": "purple",
    "co-packaged optics": "blue",
    "coherent optics": "green",
    "board or backplane": "grey",
}
_OTHER = "ink"
_EDGES = (1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0, 200.0, 500.0)
"""Lengths that classes of cables end at, m; of longer ones there is one class."""
_ALL = 16
"""Boxes of a tier up to which each is drawn; of more, fewer are."""
_BOX, _GAP, _FLAT, _TALL = 132.0, 44.0, 24.0, 34.0
FULL = 24
"""Ways that are drawn one by one at most."""


def hue_of(technology: str) -> str:
    """Return the class of a technology's colour: of two at the ends, that of the lower."""
    return HUES.get(technology.partition(" to ")[0], _OTHER)


def legend(run: Run) -> list[Legend]:
    """Return the technologies of all cables."""
    used = dict.fromkeys(str(row["technology"]) for row in run.rows("cables"))
    return [Legend(name, hue_of(name)) for name in used]


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of a diagram: boxes, and the cables from them upwards.

    Args:
        name: How many of what.
        note: More of it.
        drawing: The boxes.
        bundle: Lines upwards; empty for the topmost.
        cables: What they are, kind by kind.
    """

    name: str
    note: str
    drawing: Markup
    bundle: Markup
    cables: Sequence[str]


def tiers(run: Run, place: int) -> list[Tier]:
    """Return the tiers of a network, topmost first."""
    network = run.rows("networks")[place]
    hybrid = any(row["joined_by"] == "hybrid" for row in network["levels"])
    boxes = _side_by_side(list(_boxes(network))) if hybrid else list(_boxes(network))
    own = [row["level"] for row in run.rows("cables") if row["domain"] == network["domain"]]
    names = list(dict.fromkeys(level for level in own if fabric_of(level) == network["fabric"]))
    over = {str(row["level"]): row["oversubscription"] for row in network["levels"]}
    meshed = any(row["joined_by"] == "mesh" for row in network["levels"])
    through = any(plain(row["tier"]) == "circuit" for row in network["switches"])
    last = len(boxes) - 1 - int((meshed and through) or hybrid)
    found: list[Tier] = []
    for index, (count, name, note) in enumerate(boxes):
        levels = names[index : index + 1] if index < last else names[index:] if index == last else []
        kinds = [kind for level in levels for kind in _kinds(run, network["domain"], level)]
        words = [_bundle_words(*kind) for kind in kinds]
        words += [f"oversubscribed {formats.plain(over[name])} : 1" for name in levels if (over.get(name) or 0) > 1.005]
        upper = boxes[index + 1][0] if index + 1 < len(boxes) else 0
        found.append(
            Tier(
                name=f"{formats.count(count)} {name}",
                note=note,
                drawing=_row(count, name),
                bundle=_lines(count, upper, name, _Hues.of(kinds)) if kinds else Markup(""),
                cables=words,
            )
        )
    return found[::-1]


def _boxes(network: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """Yield how many of what stand in each row, endpoints first."""
    islands, endpoint = int(network["islands"]), str(network["endpoint"])
    sites = next((row["blocks"] for row in network["levels"] if row["domain"] == "scale_across"), None)
    if sites is not None:
        yield int(sites), "sites", ""
    else:
        each = "" if islands == 1 else f"{formats.count(islands)} islands of {formats.count(network['endpoints'])}"
        yield islands * int(network["endpoints"]), f"{endpoint}s", each
    for row in network["switches"]:
        if row["in_node"]:
            yield islands, "nodes' own switches", str(row["product"])
        elif sites is None or row["tier"] in ("border", "hub"):
            yield int(row["boxes"]), f"{plain(row['tier'])} switches", _ports_words(row)


def _side_by_side(boxes: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Return rows with the two kinds of topmost switches in one."""
    *lower, one, other = boxes
    kinds = " and ".join(name.removesuffix(" switches") for _, name, _ in (one, other))
    note = "; ".join(f"{formats.count(count)} {name}: {words}" for count, name, words in (one, other))
    return [*lower, (one[0] + other[0], f"{kinds} switches", note)]


def _ports_words(row: Mapping[str, Any]) -> str:
    chips = f", {formats.count(row['chips'])} chips" if (row["chips"] or 0) > row["boxes"] else ""
    if row["ports"] is None:
        return f"{row['product']}{chips}"
    return f"{row['product']}{chips}, {formats.count(row['ports_used'])} of {formats.count(row['ports'])} ports used"


def _kinds(run: Run, domain: str, level: str) -> Iterator[tuple[str, str, int, list[float], float]]:
    """Yield colour, technology, count, lengths and rate of a level's cables."""
    rows = run.rows("cables")
    for first, places in cable_kinds(run):
        if (first["domain"], first["level"]) == (domain, level):
            own = [rows[place] for place in places]
            count = sum(int(row["count"]) for row in own)
            lengths = [float(row["length_m"]) for row in own]
            yield hue_of(first["technology"]), first["technology"], count, lengths, float(first["rate_bps"])


def _bundle_words(_hue: str, technology: str, count: int, lengths: list[float], rate: float) -> str:
    """Return a bundle of cables in words; a rate is of one."""
    return f"{formats.count(count)} × {formats.si(rate, 'b/s')}, {technology}, {lengths_words(lengths)}"


def _row(count: int, name: str) -> Markup:
    """Draw a tier."""
    shown = _drawn(count)
    pitch = 100.0 / shown
    boxes = Markup("").join(
        Markup('<rect class="box" x="{}%" y="1" width="{}%" height="16" rx="2"/>').format(
            _short((place + 0.12) * pitch), _short(0.76 * pitch)
        )
        for place in range(shown)
    )
    said = f"{name}: {shown} drawn" if count > shown else name
    return Markup('<svg class="plot" role="img" width="100%" height="18"><title>{}</title>{}</svg>').format(said, boxes)


def _drawn(count: int | None) -> int:
    """Return how many boxes stand for a tier: all of a few, of many as their logarithm grows.

    >>> _drawn(8), _drawn(64), _drawn(24576)
    (8, 24, 48)
    """
    if count is None or count <= _ALL:
        return count or 1
    return _ALL + 8 * round(math.log10(count / _ALL) * 1.25)


@dataclass(frozen=True, slots=True)
class _Hues:
    """Colours of a bundle's strands, each for as large a part of them as its cables are.

    Args:
        ends: (share up to here, class).
    """

    ends: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, kinds: Sequence[tuple[str, str, int, list[float], float]]) -> Self:
        """Return the colours of kinds of cables."""
        total = sum(kind[2] for kind in kinds)
        upto = itertools.accumulate(kind[2] / total for kind in kinds)
        return cls(tuple(zip(upto, (kind[0] for kind in kinds), strict=True)))

    def at(self, share: float) -> str:
        """Return the colour of the strand that is so far along."""
        return next((hue for end, hue in self.ends if share < end), self.ends[-1][1])


def _lines(lower: int, upper: int, name: str, hues: _Hues) -> Markup:
    """Draw cables between two tiers, or an arc over a tier that is joined to itself."""
    below = _drawn(lower)
    if not upper:
        arcs = Markup("").join(
            Markup('<line class="strand {}" x1="{}%" x2="{}%" y1="28" y2="6"/>').format(
                hues.at(place / below), _short((place + 0.5) * 100.0 / below), _short((place + side) * 100.0 / below)
            )
            for place in range(below)
            for side in (0.0, 1.0)
        )
        return _bundle(arcs, f"{name}, joined to each other")
    above = _drawn(upper)
    most = max(below, above)
    pairs = {
        (place * below // most, min(max(place * above // most + turn, 0), above - 1))
        for place in range(most)
        for turn in (-1, 0, 1)
    }
    strands = Markup("").join(
        Markup('<line class="strand {}" x1="{}%" x2="{}%" y1="28" y2="0"/>').format(
            hues.at(low / below), _short((low + 0.5) * 100.0 / below), _short((high + 0.5) * 100.0 / above)
        )
        for low, high in sorted(pairs)
    )
    return _bundle(strands, f"from {name} upwards")


def _bundle(strands: Markup, said: str) -> Markup:
    return Markup('<svg class="plot" role="img" width="100%" height="28"><title>{}</title>{}</svg>').format(
        said, strands
    )


def lengths(run: Run) -> tuple[Markup, Markup] | None:
    """Return upright columns of cables by length, and their axis; None without cables."""
    rows = run.rows("cables")
    if not rows:
        return None
    held: dict[int, dict[str, float]] = {}
    for row in rows:
        bin_ = sum(float(row["length_m"]) > edge * (1 + 1e-9) for edge in _EDGES)
        own = held.setdefault(bin_, {})
        own[row["technology"]] = own.get(row["technology"], 0.0) + float(row["count"])
    stacks = [
        Column(_class_name(bin_), tuple(_segments(held.get(bin_, {})))) for bin_ in range(min(held), max(held) + 1)
    ]
    scale = Linear.covering([sum(segment.value for segment in stack.segments) for stack in stacks])
    return columns(stacks, scale, formats.count, title="cables by length"), level_axis(scale, formats.count)


def _segments(held: Mapping[str, float]) -> Iterator[Segment]:
    return (Segment(name, count, formats.count(count), hue_of(name)) for name, count in held.items())


def _class_name(bin_: int) -> str:
    return f"> {_EDGES[-1]:g} m" if bin_ == len(_EDGES) else f"≤ {_EDGES[bin_]:g} m"


def ways(path: Mapping[str, Any]) -> Markup:
    """Return the ways asked for, from left to right; place by place where there are many."""
    if path["stages"] and (path["ways"] or 0) > FULL:
        rows = [[stage_words(stage)] for stage in path["stages"]]
        strands = [(place, 0, 0, 1.0) for place in range(len(rows) - 1)]
        return _flow(rows, strands, "all ways, place by place")
    listed = path["listed"][:FULL]
    places: list[list[str]] = [[] for _ in range(max(len(way["vertices"]) for way in listed))]
    shares: dict[tuple[int, int, int], float] = {}
    for way in listed:
        rows_of = [_placed(places[place], name) for place, name in enumerate(_aligned(way["vertices"], len(places)))]
        for place, pair in enumerate(itertools.pairwise(rows_of)):
            key = (place, *pair)
            shares[key] = shares.get(key, 0.0) + float(way["share"])
    strands = [(*key, share) for key, share in shares.items()]
    return _flow(places, strands, f"{len(listed)} ways")


def _aligned(vertices: Sequence[str], width: int) -> list[str]:
    """Return the places of a way, its goal in the last column; columns it does not need are empty."""
    return [*vertices[:-1], *[""] * (width - len(vertices)), vertices[-1]]


def _placed(column: list[str], name: str) -> int:
    if name not in column:
        column.append(name)
    return column.index(name)


def _flow(places: Sequence[Sequence[str]], strands: Sequence[tuple[int, int, int, float]], said: str) -> Markup:
    """Draw columns of boxes and the strands between them, as wide as their shares."""
    tallest = max(map(len, places))
    width, height = len(places) * (_BOX + _GAP) - _GAP, tallest * _TALL

    def middle(place: int, row: int) -> float:
        return (row + 0.5) * height / len(places[place])

    drawn = [
        Markup('<path class="way" stroke-width="{}" d="M{} {}C{} {} {} {} {} {}"><title>{}</title></path>').format(
            _short(1.2 + 7.0 * share), *map(_short, _curve(place, middle(place, low), middle(place + 1, high))),
            formats.percent(share),
        )
        for place, low, high, share in strands
    ]  # fmt: skip
    boxes = [
        Markup(
            '<rect class="blue" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
            '<text class="label-on {}" x="{}" y="{}">{}</text>'
        ).format(
            _short(place * (_BOX + _GAP)), _short(middle(place, row) - _FLAT / 2), _short(_BOX), _short(_FLAT),
            text_on("blue"), _short(place * (_BOX + _GAP) + _BOX / 2), _short(middle(place, row) + 4), name,
        )
        for place, column in enumerate(places)
        for row, name in enumerate(column)
        if name
    ]  # fmt: skip
    return Markup(
        '<svg class="plot flow" role="img" width="{w}" height="{h}" viewBox="0 0 {w} {h}"><title>{}</title>{}{}</svg>'
    ).format(said, Markup("").join(drawn), Markup("").join(boxes), w=_short(width), h=_short(height))


def _curve(place: int, low: float, high: float) -> tuple[float, ...]:
    start = place * (_BOX + _GAP) + _BOX
    end = start + _GAP
    half = (start + end) / 2
    return (start, low, half, low, half, high, end, high)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
