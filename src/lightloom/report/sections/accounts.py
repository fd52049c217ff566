"""Where the watts and the dollars go, with their bands; what the price of a token depends on.

Clusters differ in size and jobs hold a part of them, so a design is drawn per accelerator of its job, from the part of
every row that is the job's. Where an answer does not say that part, every bar is a whole and its pieces are shares.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lightloom.report import formats
from lightloom.report.charts import Band, Segment, axis, span_bar, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Run, Shown, Tag, finite
from lightloom.report.scales import Linear
from lightloom.report.view import Block, Chart, ChartRow, Group, Line, Panel, Table, by_job, legends

_GROUPS_SHOWN = 9
_SWINGS_SHOWN = 8
_PANEL_PIXELS = 110
_OTHER = "other"
_BAND_NOTE = "The line below the end of a bar goes from all figures at their low ends to all at their high ends."
_TITLES = {
    "node": "nodes",
    "switch": "packet switches",
    "circuit-switch": "circuit switches",
    "overhead": "cooling and losses",
}
_PLACES = (
    "nodes",
    "packet switches",
    "circuit switches",
    "optics",
    "optical modules and engines",
    "copper",
    "copper cables",
    "fibre",
    "storage",
)
_ORDER = {title: place for place, title in enumerate(_PLACES)}


@dataclass(frozen=True, slots=True)
class _Account:
    """How one account spells its rows: total, each, and the part that is the job's."""

    key: str
    title: str
    form: formats.Form
    total: str
    row_total: str
    row_each: str
    row_job: str


_POWER = _Account("power", "Power", formats.watts, "total_w", "w_total", "w_each", "job_w")
_COST = _Account("cost", "Capital", formats.usd, "capital_usd", "usd_total", "usd_each", "job_usd")


@dataclass(frozen=True, slots=True)
class Accounts:
    """The charts of watts and dollars, the tables of all rows, and a tornado for each design."""

    power: Chart | None
    hours: Chart | None
    cost: Chart | None
    tables: Sequence[Table]
    tornados: Sequence[Panel]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.power or self.hours or self.cost or self.tornados)


def view(runs: Sequence[Run]) -> Accounts:
    """Return what the answers hold of power and cost."""
    return Accounts(
        power=_chart(runs, _POWER),
        hours=_hours(runs),
        cost=_chart(runs, _COST),
        tables=_tables(runs),
        tornados=_tornados(runs),
    )


def _tables(runs: Sequence[Run]) -> list[Table]:
    """Return the tables of all rows that the answers hold."""
    tables = [_table(runs, account) for account in (_POWER, _COST)]
    return [table for table in (*tables, _hour_table(runs)) if table.groups or table.runs]


@dataclass(frozen=True, slots=True)
class _Stack:
    """One bar: sizes by group and the band of their sum, in the unit of the chart."""

    run: Run
    sizes: Mapping[str, float]
    band: Band | None


def _chart(runs: Sequence[Run], account: _Account) -> Chart | None:
    known = [run for run in runs if run.rows(account.key, "rows")]
    if not known:
        return None
    per_job = all(run.accelerators and _says_job(run, account) for run in known)
    stacks = [_stack(run, account, per_job=per_job) for run in known]
    hues = colours(_groups(stacks))
    ends = [sum(stack.sizes.values()) for stack in stacks]
    form = account.form if per_job else formats.percent
    scale = Linear.covering([*ends, *(stack.band.high for stack in stacks if stack.band)])
    rows = [
        ChartRow(
            label=stack.run.short,
            run=stack.run,
            drawing=stacked_bar(
                _segments(stack, hues, form),
                scale,
                title=f"{stack.run.letter}: {account.title.lower()}",
                band=stack.band,
            ),
            value=form(end) if per_job else stack.run.show(account.form, account.key, account.total),
            note=_note(stack.run, account),
        )
        for stack, end in zip(stacks, ends, strict=True)
    ]
    title = f"{account.title} per accelerator of the job" if per_job else f"{account.title} of the cluster, in shares"
    note = _BAND_NOTE if any(stack.band for stack in stacks) else ""
    return Chart(title, by_job(rows, axis(scale, form)), legends(hues), note)


def _hours(runs: Sequence[Run]) -> Chart | None:
    """Draw what an hour of one accelerator costs by purpose, with the band of a token's price in proportion."""
    known = [run for run in runs if run.rows("cost", "per_hour") and run.accelerators]
    if not known:
        return None
    stacks = [_hour_stack(run) for run in known]
    hues = colours(_groups(stacks))
    ends = [sum(stack.sizes.values()) for stack in stacks]
    scale = Linear.covering([*ends, *(stack.band.high for stack in stacks if stack.band)])
    rows = [
        ChartRow(
            label=stack.run.short,
            run=stack.run,
            drawing=stacked_bar(
                _segments(stack, hues, formats.usd),
                scale,
                title=f"{stack.run.letter}: dollars an hour",
                band=stack.band,
            ),
            value=formats.usd(end),
            note=f"job {formats.usd(stack.run.number('cost', 'usd_per_hour') or 0.0)}",
        )
        for stack, end in zip(stacks, ends, strict=True)
    ]
    note = "The line below the end of a bar is the band of the price of a token, in proportion."
    blocks = by_job(rows, axis(scale, formats.usd))
    return Chart("Dollars per accelerator and hour", blocks, legends(hues), note)


def _hour_stack(run: Run) -> _Stack:
    share = run.accelerators or 1.0
    rows = run.rows("cost", "per_hour")
    sizes = {str(row.get("item", "")): (finite(row.get("usd_per_hour")) or 0.0) / share for row in rows}
    low, mid, high = (run.number("cost", "usd_per_million_tokens", end) for end in ("low", "mid", "high"))
    if low is None or high is None or not mid:
        return _Stack(run, sizes, None)
    whole = sum(sizes.values())
    return _Stack(run, sizes, Band(whole * low / mid, whole * high / mid))


def _hour_table(runs: Sequence[Run]) -> Table:
    """Return dollars an hour by purpose, a column for each design that says them."""
    known = [run for run in runs if run.rows("cost", "per_hour")]
    places = {
        run.index: {str(row.get("item", "")): place for place, row in enumerate(run.rows("cost", "per_hour"))}
        for run in known
    }
    purposes = dict.fromkeys(purpose for found in places.values() for purpose in found)
    lines = [Line(purpose, [_hourly(run, places[run.index].get(purpose)) for run in known]) for purpose in purposes]
    total = Line("total", [run.show(formats.usd, "cost", "usd_per_hour") for run in known])
    return Table("Dollars an hour of the job", lines=[*lines, total], runs=known)


def _hourly(run: Run, place: int | None) -> Shown:
    return Shown(formats.NONE) if place is None else run.show(formats.usd, "cost", "per_hour", place, "usd_per_hour")


def _says_job(run: Run, account: _Account) -> bool:
    return all(finite(row.get(account.row_job)) is not None for row in run.rows(account.key, "rows"))


def _stack(run: Run, account: _Account, *, per_job: bool) -> _Stack:
    """Sum the rows of each group, and their ends, each row by the part of it that counts."""
    rows = run.rows(account.key, "rows")
    whole = sum(finite(row.get(account.row_total)) or 0.0 for row in rows) or 1.0
    divisor = (run.accelerators or 1.0) if per_job else whole
    sizes: dict[str, float] = {}
    ends = {"low": 0.0, "high": 0.0}
    for row in rows:
        total = finite(row.get(account.row_total)) or 0.0
        counted = (finite(row.get(account.row_job)) or 0.0) if per_job else total
        name = _group(row)
        sizes[name] = sizes.get(name, 0.0) + counted / divisor
        for end in ends:
            value = finite(row.get(end))
            ends[end] += (counted if value is None or not total else value * counted / total) / divisor
    return _Stack(run, sizes, Band(ends["low"], ends["high"]) if ends["low"] < ends["high"] else None)


def _group(row: Mapping[str, Any]) -> str:
    name = str(row.get("group") or row.get("item") or _OTHER)
    return _TITLES.get(name, name)


def _groups(stacks: Sequence[_Stack]) -> list[str]:
    """Return the groups that matter most in any design and ``other`` if some are left.

    Nodes come first, then what makes up the network side by side, then the rest, largest first.
    """
    most: dict[str, float] = {}
    for stack in stacks:
        whole = sum(stack.sizes.values()) or 1.0
        for name, size in stack.sizes.items():
            most[name] = max(most.get(name, 0.0), size / whole)
    ranked = sorted(most, key=lambda name: (-most[name], name))
    few = len(ranked) <= _GROUPS_SHOWN + 1
    shown = sorted(ranked if few else ranked[:_GROUPS_SHOWN], key=lambda name: _ORDER.get(name, len(_ORDER)))
    return shown if few else [*shown, _OTHER]


def _segments(stack: _Stack, hues: dict[str, str], form: formats.Form) -> list[Segment]:
    sizes = dict.fromkeys(hues, 0.0)
    for name, size in stack.sizes.items():
        sizes[name if name in hues else _OTHER] += size
    return [Segment(name, size, form(size), hues[name]) for name, size in sizes.items() if size > 0.0]


def _note(run: Run, account: _Account) -> str:
    """Say what share of the energy the network takes, or how large the whole is."""
    joules, network = run.number("energy", "joules_per_token"), run.number("energy", "of_which", "network")
    if account is _POWER and joules and network is not None:
        return f"network {formats.percent(network / joules)}"
    whole = run.number(account.key, account.total)
    return "" if whole is None else f"cluster {account.form(whole)}"


def _table(runs: Sequence[Run], account: _Account) -> Table:
    known = [run for run in runs if run.rows(account.key, "rows")]
    caption = f"{account.title} of the cluster, every row"
    groups = [Group(run, _lines(run, account)) for run in known]
    return Table(caption, ["count", "each", "total", "low", "high"], groups=groups)


def _lines(run: Run, account: _Account) -> list[Line]:
    key, form = account.key, account.form
    lines = [
        Line(
            str(row.get("item", "")),
            [
                run.show(formats.count, key, "rows", place, "count"),
                run.show(form, key, "rows", place, account.row_each),
                run.show(form, key, "rows", place, account.row_total),
                run.show(form, key, "rows", place, "low"),
                run.show(form, key, "rows", place, "high"),
            ],
        )
        for place, row in enumerate(run.rows(key, "rows"))
    ]
    return [*lines, Line("total", ["", "", run.show(form, key, account.total), "", ""])]


@dataclass(frozen=True, slots=True)
class _Swing:
    """One bar of a tornado; the ends in order, whichever end of the figure brings them."""

    figure: str
    sure: str
    band: Band
    tag: Tag | None


def _tornados(runs: Sequence[Run]) -> list[Panel]:
    """Return a panel for every design, but one for those of a job that depend on the same figures in the same order."""
    first: dict[tuple[str, ...], Run] = {}
    others: dict[int, list[Run]] = {}
    for run in runs:
        alike = (run.job or run.name, *(swing.figure for swing in _swings(run)))
        others.setdefault(first.setdefault(alike, run).index, []).append(run)
    panels = (_tornado(run, others[run.index][1:]) for run in first.values())
    return [panel for panel in panels if panel]


def _tornado(run: Run, others: Sequence[Run]) -> Panel | None:
    swings = _swings(run)
    mid = run.number("cost", "usd_per_million_tokens", "mid")
    if not swings or mid is None:
        return None
    ends = [end for swing in swings for end in (swing.band.low, swing.band.high)]
    scale = Linear.covering([mid, *ends], zero=False, wanted_ticks=4)
    rows = [_swing_row(run, swing, mid, scale) for swing in swings]
    drawn = axis(scale, formats.usd, least_width=_PANEL_PIXELS)
    words = f"{formats.usd(mid)} per million tokens swings, over the band of …"
    letters = ", ".join(other.letter for other in others)
    texts = [f"Drawn for {run.letter}; {letters}: the same figures in the same order."] if others else []
    return Panel(run, chart=Chart(words, [Block("", rows, drawn)]), others=others, texts=texts)


def _swings(run: Run) -> list[_Swing]:
    """Return the swings, widest first."""
    found: list[_Swing] = []
    for place, row in enumerate(run.rows("cost", "tornado")):
        low, high = (_end(row, end) for end in ("low", "high"))
        at_low, at_high = (finite(row.get(key)) for key in (low, high))
        if at_low is not None and at_high is not None and at_low != at_high:
            tag = run.tag("cost", "tornado", place, high)
            band = Band(min(at_low, at_high), max(at_low, at_high))
            name = str(row.get("item") or row.get("figure") or "")
            found.append(_Swing(name, str(row.get("sure") or ""), band, tag))
    return sorted(found, key=lambda swing: swing.band.low - swing.band.high)[:_SWINGS_SHOWN]


def _end(row: Mapping[str, Any], end: str) -> str:
    """Return the key of the price at that end of the figure; ``low`` itself is the figure's where both stand."""
    return f"usd_at_{end}" if f"usd_at_{end}" in row else end


def _swing_row(run: Run, swing: _Swing, mid: float, scale: Linear) -> ChartRow:
    band = swing.band
    words = f"{formats.usd(band.low)} to {formats.usd(band.high)}"
    segment = Segment(swing.figure, band.high - band.low, words, "blue", swing.tag)
    drawing = span_bar(segment, band, scale, title=f"{run.letter}, {swing.figure}", anchor=mid)
    return ChartRow(swing.figure, drawing, formats.usd(band.high - band.low), swing.sure)
