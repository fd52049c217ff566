"""Every decibel of the light of each design, from transmitter to receiver; links alike but for their length once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.budget_chart import Fall, Typical, falls
from lightloom.report.link_charts import dbm
from lightloom.report.link_words import on_the_way
from lightloom.report.reading import Path, Run, Shown, finite

SHOWN_AT_ONCE = 2
_DOMAINS = ("scale_out", "scale_across", "scale_up")
_OF_LENGTH = "fibre"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a link is found: in one level of one design, with what its longest leaves."""

    run: Run
    level: str
    length: Shown
    guaranteed: Shown
    median: Shown
    share: Shown
    closes: bool


@dataclass(frozen=True, slots=True)
class Budget:
    """Links of one pair of ends that differ in nothing but their length: one drawing, and where they are."""

    run: Run
    name: str
    drawing: Markup
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Budgets:
    """Those shown at once, and those behind a click."""

    first: Sequence[Budget]
    more: Sequence[Budget]


def view(runs: Sequence[Run]) -> Budgets | None:
    """Return the budgets of light, scale-out first and the tightest first; None if no answer holds one."""
    found: dict[object, list[tuple[Run, Path]]] = {}
    for run in runs:
        for path in _lit(run):
            found.setdefault(_kind(run, path), []).append((run, path))
    ordered = sorted(found.values(), key=lambda places: min(_rank(run, path) for run, path in places))
    drawn = [_budget(places) for places in ordered]
    return Budgets(drawn[:SHOWN_AT_ONCE], drawn[SHOWN_AT_ONCE:]) if drawn else None


def _lit(run: Run) -> Iterator[Path]:
    """Yield where products stand that carry light and whose budget is told whole."""
    for level in range(len(run.rows("network"))):
        for item, product in enumerate(run.rows("network", level, "products")):
            path: Path = ("network", level, "products", item)
            if product.get("medium") == "fibre" and _whole(run, (*path, "budget")):
                yield path


def _whole(run: Run, path: Path) -> bool:
    """Whether nothing that is drawn is missing."""
    steps, rows = run.rows(*path, "waterfall", "steps"), run.rows(*path, "rows")
    known = {str(row.get("item")) for row in rows if finite(row.get("db")) is not None}
    margins = [run.number(*path, "margin_db", key) for key in ("spec_min", "p1", "p50")]
    levels = [run.number(*path, "waterfall", key) for key in ("limit", "end")]
    levels += [finite(step.get(key)) for step in steps for key in ("start", "end")]
    named = all(str(step.get("item")) in known for step in steps)
    return bool(steps) and named and None not in (*margins, *levels)


def _kind(run: Run, path: Path) -> object:
    """Return what links have in common that share a drawing."""
    budget = (*path, "budget")
    rows = [
        (str(row.get("item")), finite(row.get("db")))
        for row in run.rows(*budget, "rows")
        if row.get("item") != _OF_LENGTH
    ]
    way = (run.number(*budget, key) for key in ("connectors", "circuit_switch_passes"))
    return (*run.texts(*path, "ends"), *way, *rows)


def _rank(run: Run, path: Path) -> tuple[int, float]:
    domain = str(run.at(*path[:2], "domain"))
    margin = run.number(*path, "budget", "margin_db", "spec_min") or 0.0
    return _DOMAINS.index(domain) if domain in _DOMAINS else len(_DOMAINS), margin


def _budget(places: Sequence[tuple[Run, Path]]) -> Budget:
    run, path = min(places, key=lambda place: _rank(*place)[1])
    name = _name(run, path)
    return Budget(run, name, _drawing(run, (*path, "budget"), name), [_place(*place) for place in places])


def _name(run: Run, path: Path) -> str:
    """Return the ends and what lies between them."""
    ends = " ↔ ".join(dict.fromkeys(run.texts(*path, "ends")))
    return ", ".join([ends, *on_the_way(run, *path, "budget")])


def _drawing(run: Run, path: Path, name: str) -> Markup:
    limit, end = (run.number(*path, "waterfall", key) or 0.0 for key in ("limit", "end"))
    steps = run.rows(*path, "waterfall", "steps")
    drawn = [index for index, step in enumerate(steps) if index == 0 or step["start"] != step["end"]]
    in_dbm = run.at(*path, "waterfall", "unit") == "dBm"
    form = dbm if in_dbm else formats.decibels
    hue = "green" if end >= limit - 1e-9 else "vermillion"
    margin = run.show(formats.decibels, *path, "margin_db", "spec_min")
    lines = [*(_fall(run, path, index, form) for index in drawn), *_need(run, path, limit)]
    lines.append(Fall("margin at guaranteed limits", end, limit, margin, hue))
    worst, median = (limit + (run.number(*path, "margin_db", key) or 0.0) for key in ("p1", "p50"))
    shown = run.show(formats.decibels, *path, "margin_db", "p50")
    typical = Typical("parts as they come, median", worst, median, shown)
    title = f"{name}, {run.show(formats.length, *path, 'length_m').text}: budget in {'dBm' if in_dbm else 'dB'}"
    return falls(lines, typical, limit, form, title=title, zero=not in_dbm)


def _need(run: Run, path: Path, limit: float) -> Iterator[Fall]:
    """Yield what the receiver needs where it is a power, which is no step but the line all of them stay above."""
    stepped = {str(step.get("item")) for step in run.rows(*path, "waterfall", "steps")}
    shown = run.show(lambda level: f"needs {dbm(level)}", *path, "waterfall", "limit")
    for row in run.rows(*path, "rows"):
        if str(row.get("item")) not in stepped:
            yield Fall(str(row.get("item")), limit, limit, shown, "ink")


def _fall(run: Run, path: Path, index: int, form: formats.Form) -> Fall:
    step = run.rows(*path, "waterfall", "steps")[index]
    item, start, end = str(step.get("item")), float(step["start"]), float(step["end"])
    row = next(place for place, line in enumerate(run.rows(*path, "rows")) if str(line.get("item")) == item)
    first = index == 0 and start == end
    shown = run.show(form if first else formats.decibels, *path, "rows", row, "db")
    return Fall(item, start, end, shown, "sky" if index == 0 or end > start else "orange")


def _place(run: Run, path: Path) -> Place:
    budget = (*path, "budget")
    domain, level = (formats.words(str(run.at(*path[:2], key) or "")) for key in ("domain", "level"))
    return Place(
        run=run,
        level=f"{domain} {level}",
        length=run.show(formats.length, *budget, "length_m"),
        guaranteed=run.show(formats.decibels, *budget, "margin_db", "spec_min"),
        median=run.show(formats.decibels, *budget, "margin_db", "p50"),
        share=run.show(formats.percent, *path, "distribution", "closes_share"),
        closes=run.at(*path, "spec_min", "closes") is not False,
    )
