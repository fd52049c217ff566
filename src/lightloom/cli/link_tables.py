"""One link as a person reads it at a terminal: budget, both verdicts, errors, turn-up, cost, and what else would do."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from lightloom.cli.life_tables import life_rows, life_tables
from lightloom.cli.output import console
from lightloom.cli.tables import DASH, bullets, grid, number, paragraph, say, terminal
from lightloom.report import formats
from lightloom.report.link_words import warmth
from lightloom.report.reading import Run


def show(answer: Run) -> None:
    """Print the budget, both verdicts, errors, turn-up, what the link costs, remedies and alternatives."""
    out = console()
    ends = " to ".join(dict.fromkeys(answer.texts("ends")))
    rate = terminal(formats.si(answer.number("rate_bps") or 0.0, "b/s"))
    length = terminal(formats.length(answer.number("length_m") or 0.0))
    verdict = "closes" if answer.at("closes") else "does not close"
    style = "bold green" if answer.at("closes") else "bold red"
    say(out, paragraph(f"{ends}, {rate} over {length}: {verdict}", style))
    if answer.at("reason"):
        out.print(paragraph(str(answer.at("reason"))))
    out.print()
    say(out, _budget(answer), _figures(answer))
    if answer.rows("errors"):
        out.print()
        say(out, _errors(answer))
    for some in life_tables(answer):
        out.print()
        say(out, some)
    for heading, lines in (("What would make it close", _remedies(answer)), ("Not known", answer.texts("unknowns"))):
        if lines:
            out.print()
            out.print(paragraph(heading, "bold"))
            out.print(bullets(lines))
    out.print()
    say(out, _alternatives(answer), *_remarks(answer))


def _budget(answer: Run) -> Table:
    table = grid("at guaranteed limits", ">dB", ">so far", "~how")
    reached = 0.0
    for row in answer.rows("rows"):
        reached += row["db"]
        table.add_row(str(row["item"]), _signed(row["db"]), _signed(reached), terminal(str(row["how"])))
    margin = answer.number("spec_min", "margin_db") or 0.0
    table.add_section()
    table.add_row("margin", _signed(margin), "", _required(answer), style="bold")
    return table


def _required(answer: Run) -> str:
    required = answer.number("margin_required_db")
    return f"at least {terminal(formats.decibels(required))} asked" if required else ""


def _signed(decibels: float) -> str:
    return f"{round(decibels, 2) + 0.0:+.2f}".replace("-", "−")


def _figures(answer: Run) -> Table:
    share = number(answer, formats.percent, "distribution", "closes_share")
    median = number(answer, formats.decibels, "distribution", "margin_db", "p50")
    worst = number(answer, formats.decibels, "distribution", "margin_db", "p1")
    table = grid("", "~")
    table.add_row("parts as they come", f"{share} close; margin {median} median, {worst} worst in a hundred")
    if warm := warmth(answer):
        table.add_row("temperature", terminal(warm))
    table.add_row("turn-up", _turn_up(answer))
    if answer.number("overload_headroom_db") is not None:
        room = number(answer, formats.decibels, "overload_headroom_db")
        table.add_row("overload", f"{room} between the strongest transmitter and what the receiver takes")
    table.add_row("latency", number(answer, formats.duration, "latency_s"))
    inside = answer.number("watts", "inside_node")
    a, b = (number(answer, formats.watts, "watts", end) for end in ("a", "b"))
    watts = f"{a} and {b}" if inside is None else f"{terminal(formats.watts(inside))}, inside the node's own"
    table.add_row("power", f"{watts} ({answer.at('watts', 'boundary')})")
    mid, low, high = (
        number(answer, formats.usd, *path) for path in (("usd",), ("usd_band", "low"), ("usd_band", "high"))
    )
    table.add_row("price", f"{mid} ({low} … {high}), both ends and cable")
    for name, words in life_rows(answer):
        table.add_row(name, words)
    return table


def _turn_up(answer: Run) -> str:
    keys = ("links", "failing_low", "failing_high")
    links, low, high = (number(answer, formats.count, "turn_up", key) for key in keys)
    expected = answer.number("turn_up", "failing") or 0.0
    if expected < LEAST_FAILING:
        return f"none of {links} links fails at first light"
    words = f"{terminal(formats.plain(expected))} of {links} links fail at first light ({low} … {high})"
    dirty = answer.number("turn_up", "of_which_contaminated_share") or 0.0
    return f"{words}, {terminal(formats.percent(dirty))} of them for dirt"


LEAST_FAILING = 0.01
"""Fewer links of a plant are none: one plant in a hundred would show one."""


def _errors(answer: Run) -> Table:
    links = [_HEADINGS.get(str(row["link"]), str(row["link"])) for row in answer.rows("errors")]
    table = grid("errors", *(f">{name}" for name in links))
    places = range(len(links))
    table.add_row("margin", *(number(answer, formats.decibels, "errors", place, "margin_db") for place in places))
    for words, key in _RATIOS:
        table.add_row(words, *(_power(answer, "errors", place, key) for place in places))
    for words, key in _INTERVALS:
        table.add_row(words, *(_interval(answer, "errors", place, key) for place in places))
    return table


_HEADINGS = {
    "guaranteed limits": "guaranteed\nlimits",
    "median link": "median\nlink",
    "worst link in a hundred": "worst link\nin a hundred",
}
_RATIOS = (
    ("bit errors before correction", "pre_fec_ber"),
    ("frames lost, lone errors", "frame_loss"),
    ("frames lost, errors in bursts", "frame_loss_burst"),
)
_INTERVALS = (
    ("between lost frames, lone errors", "lost_frame_interval_s"),
    ("between lost frames, errors in bursts", "lost_frame_interval_burst_s"),
)


def _power(answer: Run, *path: str | int) -> str:
    value = answer.number(*path)
    return DASH if value is None else terminal(formats.rarity(value))


def _interval(answer: Run, *path: str | int) -> str:
    value = answer.number(*path)
    return "never" if value is None else terminal(formats.age(value))


def _remedies(answer: Run) -> list[str]:
    return [f"{row['change']} ({terminal(formats.decibels(row['margin_db']))} left)" for row in answer.rows("remedies")]


def _alternatives(answer: Run) -> Table:
    table = grid("others of this rate", "closes", ">margin", ">share", ">watts", ">price")
    for index in _nearest(answer):
        row = answer.rows("alternatives")[index]
        watts = number(answer, formats.watts, "alternatives", index, "watts")
        table.add_row(
            " to ".join(dict.fromkeys(answer.texts("alternatives", index, "ends")))
            + ("" if row["sold"] else " †")
            + _unranged(answer, row),
            "yes" if row["closes"] else str(row["obstacle"]),
            number(answer, formats.decibels, "alternatives", index, "spec_min_margin_db"),
            number(answer, formats.percent, "alternatives", index, "closes_share"),
            watts + ("  " if row["same_boundary"] else " *"),
            number(answer, formats.usd, "alternatives", index, "usd"),
        )
    return table


def _nearest(answer: Run) -> list[int]:
    """Return which alternatives are shown: those that close, and of the others the nearest that light could take."""
    rows = list(enumerate(answer.rows("alternatives")))
    closing = [index for index, row in rows if row["closes"]]
    others = [index for index, row in rows if not row["closes"] and row["obstacle"] != "no light"]
    return [*closing[:MOST_CLOSING], *others[:MOST_OTHERS]]


MOST_CLOSING = 8
MOST_OTHERS = 4


def _unranged(answer: Run, row: Mapping[str, Any]) -> str:
    """Mark what no document gives a range of temperatures for, where one is stated."""
    return " ‡" if answer.number("temperature_c") is not None and not row["temperatures_known"] else ""


def _remarks(answer: Run) -> list[Text]:
    shown = [answer.rows("alternatives")[index] for index in _nearest(answer)]
    left_out = len(answer.rows("alternatives")) - len(shown)
    remarks = [
        *([] if all(row["sold"] for row in shown) else ["† announced, not sold yet."]),
        *(["‡ No range of temperatures is published."] if any(_unranged(answer, row) for row in shown) else []),
        *([] if all(row["same_boundary"] for row in shown) else ["* Counted within another boundary; do not compare."]),
        *([f"{left_out} more are in --json."] if left_out else []),
    ]
    return [paragraph(" ".join(remarks))] if remarks else []
