"""What a pod draws: its cubes and who has them, what one switch of each axis joins, and what slices can use."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, isqrt

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.charts import Segment, axis, small_bar, stacked_bar
from lightloom.report.palette import colours, text_on
from lightloom.report.reading import Run
from lightloom.report.scales import Linear
from lightloom.report.view import Block, Chart, ChartRow, Legend

_CUBE = 40.0
_GAP = 4.0
_PORT = 5.5
_SWITCH_WIDTH = 220
_MARGIN = 34
_OUTAGE = (
    ("control_s", "control", "sky"),
    ("switching_s", "switch", "yellow"),
    ("receiver_lock_s", "receiver lock", "green"),
    ("bring_up_s", "bring-up", "vermillion"),
)
_WIRINGS = (
    ("circuits", ("mean", "circuits_share"), "blue"),
    ("fixed, boxes move", ("mean", "moving_share"), "orange"),
    ("fixed, slots stay", ("mean", "fixed_share"), "brown"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing under a heading."""

    title: str
    drawing: Markup
    note: str = ""


def hues(run: Run) -> dict[str, str]:
    """Return the class of each slice's colour, by its letter."""
    return colours(str(row["slice"]) for row in run.rows("slices"))


def slice_legend(run: Run) -> list[Legend]:
    """Return what the letters stand for."""
    of = hues(run)
    return [Legend(f"{row['slice']} {row['shape']}", of[row["slice"]]) for row in run.rows("slices")]


def cubes(run: Run) -> list[Picture]:
    """Return the pod twice: slices on any cubes, and slices on boxes of neighbours."""
    pod = run.at("pod")
    count, (x, y, z) = int(pod["cubes"]), pod["fixed_grid"]
    square = isqrt(count) if isqrt(count) ** 2 == count else ceil(count**0.5)
    free = [_square(number // square, number % square) for number in range(count)]
    layers = ceil(x**0.5)
    wired = [
        _square(
            (number // (y * z)) // layers * y + number // z % y,
            (number // (y * z)) % layers * z + number % z,
            ((number // (y * z)) // layers, (number // (y * z)) % layers),
        )
        for number in range(count)
    ]
    return [
        Picture("With circuits", _pod(run, "circuits", free), "Cubes by number; any that are up make a slice."),
        Picture(
            "With fixed wiring",
            _pod(run, "fixed", wired),
            f"The same cubes as a torus of {x}x{y}x{z}, layer by layer; a slice needs a box of neighbours.",
        ),
    ]


def _square(row: int, column: int, layer: tuple[int, int] = (0, 0)) -> tuple[float, float]:
    """Return the upper left corner of a cube."""
    return column * (_CUBE + _GAP) + 12 * layer[1], row * (_CUBE + _GAP) + 12 * layer[0]


def _pod(run: Run, wiring: str, corners: Sequence[tuple[float, float]]) -> Markup:
    of = hues(run)
    owner: dict[int, str] = {}
    replaced: list[tuple[int, int]] = []
    for row in run.rows("slices"):
        owner.update(dict.fromkeys(row[wiring]["cubes"] or (), str(row["slice"])))
        replaced += [(each["cube"], each["by"]) for each in row[wiring].get("replaced", ())]
    down = {int(row["cube"]) for row in run.rows("down")}
    parts = [_cube(number, corner, owner.get(number), of, dead=number in down) for number, corner in enumerate(corners)]
    parts += [_move(corners[old], corners[new]) for old, new in replaced]
    width, height = (max(corner[side] for corner in corners) + _CUBE for side in (0, 1))
    said = f"{len(owner)} of {len(corners)} cubes in slices, {len(down)} down"
    return Markup(
        '<svg class="plot pod" role="img" viewBox="-2 -2 {} {}" style="max-width:{}px"><title>{}</title>{}</svg>'
    ).format(_plain(width + 4), _plain(height + 4), _plain(1.15 * width), said, Markup("").join(parts))


def _cube(number: int, corner: tuple[float, float], name: str | None, of: Mapping[str, str], *, dead: bool) -> Markup:
    x, y = corner
    hue = of[name] if name else "unused"
    told = f"cube {number}: {'down' if dead else f'slice {name}' if name else 'free'}"
    letter = Markup('<text class="letter {}" x="{}" y="{}">{}</text>').format(
        text_on(hue), _plain(x + _CUBE / 2), _plain(y + 29), name or ""
    )
    cross = Markup('<path class="dead" d="M{l} {t}L{r} {b}M{r} {t}L{l} {b}"/>').format(
        l=_plain(x + 5), r=_plain(x + _CUBE - 5), t=_plain(y + 5), b=_plain(y + _CUBE - 5)
    )
    return Markup(
        '<g><title>{}</title><rect class="{}" x="{}" y="{}" width="{c}" height="{c}" rx="4"/>'
        '<text class="number {}" x="{}" y="{}">{}</text>{}{}</g>'
    ).format(
        told,
        hue,
        _plain(x),
        _plain(y),
        text_on(hue) if name else "",
        _plain(x + 4),
        _plain(y + 12),
        number,
        letter if name else "",
        cross if dead else "",
        c=_plain(_CUBE),
    )


def _move(old: tuple[float, float], new: tuple[float, float]) -> Markup:
    """Draw from a dead cube to the one that took its place."""
    start = (old[0] + _CUBE / 2, old[1] + _CUBE / 2)
    end = (new[0] + _CUBE - 8, new[1] + 8)  # clear of its letter and its number
    return Markup('<path class="move" d="M{} {}L{} {}"/><circle class="move" cx="{}" cy="{}" r="4"/>').format(
        _plain(start[0]), _plain(start[1]), _plain(end[0]), _plain(end[1]), _plain(end[0]), _plain(end[1])
    )


def switches(run: Run) -> list[Picture]:
    """Return one switch of each axis: light goes from left to right; ports after the last that is lit are cut."""
    found: list[Picture] = []
    rows = run.rows("configuration", "switches")
    for name in dict.fromkeys(str(row["axis"]) for row in rows):
        alike = [row for row in rows if row["axis"] == name]
        title = f"Axis {name}: switches {alike[0]['switch']}–{alike[-1]['switch']}, all alike"
        found.append(Picture(title, _switch(run, name, alike[0]["out"])))
    return found


def _switch(run: Run, name: str, out: Sequence[int | None]) -> Markup:
    of = hues(run)
    owner = {cube: str(row["slice"]) for row in run.rows("slices") for cube in row["circuits"]["cubes"] or ()}
    used = [max(port, leads) for port, leads in enumerate(out) if leads is not None]
    shown = min(len(out), -(-(max(used, default=0) + 1) // 8) * 8)
    heads = Markup('<text class="tick" x="0" y="-4">in (+ face)</text>')
    heads += Markup('<text class="tick" x="{}" y="-4" text-anchor="end">out (− face)</text>').format(_SWITCH_WIDTH)
    parts = (_path(port, leads, of, owner) for port, leads in enumerate(out[:shown]))
    names = (_port_name(port) for port in range(0, shown, 8))
    return Markup('<svg class="plot switch" role="img" viewBox="0 -14 {} {}"><title>{}</title>{}{}{}</svg>').format(
        _SWITCH_WIDTH,
        _plain(shown * _PORT + 18),
        f"axis {name}: {len(used)} circuits",
        heads,
        Markup("").join(parts),
        Markup("").join(names),
    )


def _path(port: int, leads: int | None, of: Mapping[str, str], owner: Mapping[int, str]) -> Markup:
    """Draw the light of one circuit; a dot where a port is dark."""
    left, right, middle = _MARGIN, _SWITCH_WIDTH - _MARGIN, _SWITCH_WIDTH / 2
    start = _plain((port + 0.5) * _PORT)
    if leads is None:
        return Markup('<circle class="dark" cx="{}" cy="{}" r="1.2"/>').format(_plain(left), start)
    end = _plain((leads + 0.5) * _PORT)
    way = f"M{left} {start}C{middle} {start} {middle} {end} {right} {end}"
    return Markup('<path class="curve {}" d="{}"><title>{} to {}</title></path>').format(
        of[owner[port]], way, port, leads
    )


def _port_name(port: int) -> Markup:
    """Number a port at both sides."""
    height = _plain((port + 0.5) * _PORT + 3.5)
    near = Markup('<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>').format(_MARGIN - 5, height, port)
    return near + Markup('<text class="tick" x="{}" y="{}">{}</text>').format(_SWITCH_WIDTH - _MARGIN + 5, height, port)


def shares(run: Run) -> Chart:
    """Return what slices of each size can use on the mean."""
    scale = Linear(0.0, 1.0)
    rows = run.rows("usable")
    blocks: list[Block] = []
    for place, row in enumerate(rows):
        heading = f"{formats.count(row['chips'])} chips ({row['shape']})"
        lines = [
            ChartRow(name, _bar(run, scale, place, path, hue), run.show(formats.percent, "usable", place, *path))
            for name, path, hue in _WIRINGS
        ]
        blocks.append(Block(heading, lines, axis(scale, formats.percent) if place == len(rows) - 1 else None))
    return Chart("", blocks, [Legend(name, hue) for name, _, hue in _WIRINGS])


def _bar(run: Run, scale: Linear, place: int, path: tuple[str, ...], hue: str) -> Markup:
    value = run.number("usable", place, *path) or 0.0
    return small_bar(value, scale, hue, title=formats.percent(value), height=12)


def outages(run: Run) -> Chart:
    """Return what a change consists of; each bar is one change whole, however long."""
    rows: list[ChartRow] = []
    for place, row in enumerate(run.rows("changes", "outage")):
        path: tuple[str | int, ...] = ("changes", "outage", place)
        total = run.number(*path, "outage_s", "mid") or 0.0
        drawing = stacked_bar(list(_parts(run, path)), Linear(0.0, total or 1.0), title=f"change, {row['setting']}")
        rows.append(ChartRow(str(row["setting"]), drawing, run.show(formats.duration, *path, "outage_s", "mid")))
    legend = [Legend(name, hue) for _, name, hue in _OUTAGE]
    note = "Each bar is one whole change, so that only its parts compare; at the right how long it is."
    return Chart("", [Block("", rows)], legend, note)


def _parts(run: Run, path: Iterable[str | int]) -> Iterator[Segment]:
    for key, name, hue in _OUTAGE:
        value = run.number(*path, key)
        if value:
            yield Segment(name, value, formats.duration(value), hue, run.tag(*path, key))


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
