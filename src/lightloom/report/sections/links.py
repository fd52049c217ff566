"""Which technology carries each level, and how far: cables on one logarithmic axis of length."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.charts import axis, reach_strip
from lightloom.report.reading import Path, Run, Shown
from lightloom.report.scales import Log
from lightloom.report.view import Group, Legend, Line, Table

_MEDIA = {"board": "purple", "copper": "vermillion", "fibre": "blue"}
_UNKNOWN = "sky"


@dataclass(frozen=True, slots=True)
class Product:
    """One pair of ends on a level: how far it reaches, and whether its light, or its current, arrives."""

    name: str
    hue: str
    cables: Shown
    median: Shown
    longest: Shown
    drawing: Markup
    margin: Shown
    share: Shown
    closes: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its cables and its products."""

    name: str
    domain: str
    cables: Shown
    products: Sequence[Product]


@dataclass(frozen=True, slots=True)
class Strip:
    """The levels of one design."""

    run: Run
    levels: Sequence[Level]


@dataclass(frozen=True, slots=True)
class Links:
    """All strips over one axis, a legend of media, and the network table."""

    strips: Sequence[Strip]
    axis: Markup
    legend: Sequence[Legend]
    table: Table


def view(runs: Sequence[Run]) -> Links | None:
    """Return the strips and tables; None if no answer holds a network."""
    known = [run for run in runs if run.rows("network")]
    if not known:
        return None
    scale = Log.covering([end for run in known for path in _places(run) for end in _lengths(run, path)])
    strips = [Strip(run, [_level(run, place, scale) for place in range(len(run.rows("network")))]) for run in known]
    used = {product.hue for strip in strips for level in strip.levels for product in level.products}
    legend = [Legend(medium, hue) for medium, hue in _MEDIA.items() if hue in used]
    return Links(strips, axis(scale, formats.length), legend, _table(known))


def _places(run: Run) -> list[Path]:
    """Return where products stand, in order."""
    levels = range(len(run.rows("network")))
    return [
        ("network", place, "products", item)
        for place in levels
        for item in range(len(run.rows("network", place, "products")))
    ]


def _reach(run: Run, path: Path) -> Path:
    """Return where the lengths of a product stand; those of its level where it has none of its own."""
    own = (*path, "length_m")
    return own if run.number(*own, "max") is not None else (*path[:2], "length_m")


def _lengths(run: Run, path: Path) -> list[float]:
    ends = (run.number(*_reach(run, path), end) for end in ("median", "max"))
    return [end for end in ends if end is not None]


def _level(run: Run, place: int, scale: Log) -> Level:
    row = run.rows("network")[place]
    domain, level = (formats.words(str(row.get(key, ""))) for key in ("domain", "level"))
    return Level(
        name=level,
        domain=domain,
        cables=run.show(formats.count, "network", place, "cables"),
        products=[_product(run, path, scale) for path in _places(run) if path[1] == place],
    )


def _product(run: Run, path: Path, scale: Log) -> Product:
    closes, reach, lengths = run.at(*path, "spec_min", "closes"), _reach(run, path), _lengths(run, path)
    name, hue = _ends(run.texts(*path, "ends")), _MEDIA.get(str(run.at(*path, "medium")), _UNKNOWN)
    words = f"{run.letter}, {name}: cable lengths, median to longest"
    return Product(
        name=name,
        hue=hue,
        cables=run.show(formats.count, *path, "cables"),
        median=run.show(formats.length, *reach, "median"),
        longest=run.show(formats.length, *reach, "max"),
        drawing=reach_strip(min(lengths), max(lengths), scale, hue, title=words) if lengths else Markup(""),
        margin=run.show(formats.decibels, *path, "spec_min", "margin_db"),
        share=run.show(formats.percent, *path, "distribution", "closes_share"),
        closes=closes if isinstance(closes, bool) else None,
        reason=str(run.at(*path, "reason") or ""),
    )


def _ends(ends: Sequence[str]) -> str:
    """Return the pair of ends; one name where both are alike."""
    names = list(dict.fromkeys(ends))
    return " ↔ ".join(names) if names else "unnamed"


def _table(runs: Sequence[Run]) -> Table:
    columns = [
        "cables",
        "median",
        "longest",
        "products",
        "power",
        "price",
        "sent per step",
        "sent per second",
        "exposed",
    ]
    return Table(
        "Levels of the network; data per accelerator", columns, groups=[Group(run, _lines(run)) for run in runs]
    )


def _lines(run: Run) -> list[Line]:
    return [
        Line(
            f"{formats.words(str(row.get('domain', '')))} {formats.words(str(row.get('level', '')))}",
            [
                run.show(formats.count, "network", place, "cables"),
                run.show(formats.length, "network", place, "length_m", "median"),
                run.show(formats.length, "network", place, "length_m", "max"),
                _each(run, place, "name"),
                _each(run, place, "watts_total"),
                _each(run, place, "usd_total"),
                run.show(formats.amount, "network", place, "bytes_per_step_per_accelerator"),
                run.show(formats.bandwidth, "network", place, "bytes_per_s_per_accelerator"),
                run.show(formats.duration, "network", place, "exposed_s"),
            ],
        )
        for place, row in enumerate(run.rows("network"))
    ]


def _each(run: Run, place: int, key: str) -> Shown | str:
    """Return one line for each product, so that numbers and names stand side by side."""
    form = formats.watts if key == "watts_total" else formats.usd
    cells: list[Markup] = []
    for item in range(len(run.rows("network", place, "products"))):
        path = ("network", place, "products", item)
        cell = _ends(run.texts(*path, "ends")) if key == "name" else run.show(form, *path, key)
        cells.append(Markup("<div>{}</div>").format(cell))
    return Markup("").join(cells) if cells else formats.NONE
