"""A link in service as a person reads it at a terminal: failures, repairs, outages, bandwidth under loss."""

from collections.abc import Iterator

from rich.table import Table

from lightloom.cli.tables import grid, number, terminal
from lightloom.report import formats
from lightloom.report.reading import Run

_SHOWN_DB = (-0.3, -0.5, -0.8)
"""Margins told at a terminal; the others are in the JSON."""


def life_rows(answer: Run) -> Iterator[tuple[str, str]]:
    """Yield lines of the table of figures: failures of both kinds, shared fate, a change of circuits, energy."""
    yield "hard failures", f"{_rate(answer, 'hard_fit')}; need a person{_mostly(answer)}"
    yield "flaps", f"{_rate(answer, 'flap_fit')}; heal themselves"
    if answer.at("failures", "shared_fate"):
        yield "shared fate", terminal(str(answer.at("failures", "shared_fate")))
    for place, row in enumerate(answer.rows("outage")):
        low, mid, high = (number(answer, formats.duration, "outage", place, "outage_s", end) for end in _BAND)
        yield f"dark, {row['setting']}", f"{mid} ({low} … {high}) when its circuit changes"
    if answer.number("energy_against", "ratio", "mid") is not None:
        low, mid, high = (number(answer, formats.plain, "energy_against", "ratio", end) for end in _BAND)
        ends = " to ".join(dict.fromkeys(answer.texts("energy_against", "ends")))
        remark = str(answer.at("energy_against", "remark") or "")
        yield "energy", f"{mid} ({low} … {high}) times that of {ends} a bit" + (f". Unfair: {remark}" if remark else "")


_BAND = ("low", "mid", "high")


def _rate(answer: Run, kind: str) -> str:
    mid = number(answer, formats.plain, "failures", kind)
    low, high = (number(answer, formats.plain, "failures", f"{kind}_band", end) for end in ("low", "high"))
    every = answer.number("failures", "plant", f"{kind.removesuffix('_fit')}_interval_s")
    links = number(answer, formats.count, "failures", "plant", "links")
    often = "" if every is None else f", one in {terminal(formats.duration(every))} among {links} links"
    return f"{mid} FIT ({low} … {high}){often}"


def _mostly(answer: Run) -> str:
    """Name the part that fails most, where that is told."""
    rows = answer.rows("failures", "hard_parts")
    if len(rows) < 2:
        return ""
    by_part: dict[str, float] = {}
    for row in rows:
        by_part[str(row["part"])] = by_part.get(str(row["part"]), 0.0) + float(row["fit"])
    first = max(by_part, key=lambda part: by_part[part])
    return f", {terminal(formats.percent(by_part[first] / sum(by_part.values())))} for {first}"


def life_tables(answer: Run) -> Iterator[Table]:
    """Yield hard failures by part where several ports fall together, and bandwidth below the edge of the budget."""
    rows = answer.rows("failures", "hard_parts")
    if any(row["ports_together"] > 1 for row in rows):
        yield _parts(answer)
    if answer.rows("delivery", "transports"):
        yield _delivery(answer)


def _parts(answer: Run) -> Table:
    rows = answer.rows("failures", "hard_parts")
    unlike = len({row["product"] for row in rows}) > 1
    table = grid("what fails hard", ">FIT", ">ports with it", "~swapped", ">repair")
    for place, row in enumerate(rows):
        path = ("failures", "hard_parts", place)
        table.add_row(
            str(row["part"]) + (f", {row['product']}" if unlike else ""),
            number(answer, formats.plain, *path, "fit"),
            f"{row['ports_together']:g}",
            str(row["swapped"]),
            number(answer, formats.duration, *path, "repair_s", "mid"),
        )
    return table


def _delivery(answer: Run) -> Table:
    told: list[float] = answer.at("delivery", "margin_db")
    margins = [float(value) for value in told]
    places = [margins.index(shown) for shown in _SHOWN_DB]
    names = [f">{terminal(formats.decibels(margin))}" for margin in _SHOWN_DB]
    table = grid("bandwidth left at margin", *names, "~a lost frame is sent again")
    for index, row in enumerate(answer.rows("delivery", "transports")):
        path = ("delivery", "transports", index)
        shares = [number(answer, formats.percent, *path, "delivered_share", place) for place in places]
        table.add_row(str(row["transport"]), *shares, _RECOVERY[str(row["recovery"])])
    return table


_RECOVERY = {
    "go-back-n": "from end to end, with all since",
    "selective": "from end to end, alone",
    "link-retry": "by the link, with all since",
}
