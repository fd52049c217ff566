"""What failures and checkpoints leave of the time, and what stops the job."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.report import formats
from lightloom.report.charts import Segment, axis, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Run, Shown
from lightloom.report.scales import Linear
from lightloom.report.view import Chart, ChartRow, Line, Table, legends

_CAUSES_SHOWN = 7
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Goodput:
    """Lost time by what it goes into, stops by their cause, and the numbers behind them."""

    losses: Chart | None
    stops: Chart | None
    table: Table


def view(runs: Sequence[Run]) -> Goodput | None:
    """Return what the answers hold of goodput; None if none holds any."""
    known = [run for run in runs if run.number("goodput", "fraction") is not None]
    if not known:
        return None
    lines = [
        Line("share of time that trains", [run.show(formats.percent, "goodput", "fraction") for run in known]),
        Line("mean time between stops", [run.show(formats.duration, "goodput", "mtbf_s") for run in known]),
        Line("time between checkpoints", [_checkpoint(run, formats.duration, "interval_s") for run in known]),
        Line("size of a checkpoint", [_checkpoint(run, formats.amount, "bytes") for run in known]),
        Line("write bandwidth it needs", [_checkpoint(run, formats.bandwidth, "write_bytes_per_s") for run in known]),
    ]
    return Goodput(
        losses=_chart(known, "losses", "time_share", "Time lost to failures and checkpoints"),
        stops=_chart(known, "rows", "stops_share", "What stops the job"),
        table=Table("Goodput and checkpoints", lines=lines, runs=known),
    )


def _checkpoint(run: Run, form: formats.Form, key: str) -> Shown:
    return run.show(form, "goodput", "checkpoint", key)


def _chart(runs: Sequence[Run], rows: str, share: str, title: str) -> Chart | None:
    """Return one bar of shares for each design that has such rows."""
    stacks = {run.index: _segments(run, rows, share) for run in runs}
    known = [run for run in runs if stacks[run.index]]
    if not known:
        return None
    hues = colours(segment.name for run in known for segment in stacks[run.index])
    sums = {run.index: sum(segment.value for segment in stacks[run.index]) for run in known}
    scale = Linear.covering(sums.values())
    drawn = [
        ChartRow(
            label=run.name,
            run=run,
            drawing=stacked_bar(
                [
                    Segment(piece.name, piece.value, piece.text, hues[piece.name], piece.tag)
                    for piece in stacks[run.index]
                ],
                scale,
                title=f"{run.letter}: {title.lower()}",
            ),
            value=formats.percent(sums[run.index])
            if rows == "losses"
            else run.show(formats.duration, "goodput", "mtbf_s"),
            note="lost" if rows == "losses" else "between stops",
        )
        for run in known
    ]
    return Chart(title, drawn, axis(scale, formats.percent), legends(hues))


def _segments(run: Run, rows: str, share: str) -> list[Segment]:
    """Return the rows with a share of their own, largest first, the small ones together."""
    found: list[Segment] = []
    for place, row in enumerate(run.rows("goodput", rows)):
        value = run.number("goodput", rows, place, share)
        if value is not None and value > 0.0:
            tag = run.tag("goodput", rows, place, share)
            found.append(Segment(str(row.get("item", "")), value, formats.percent(value), "", tag))
    if rows == "losses" or len(found) <= _CAUSES_SHOWN + 1:
        return found
    found.sort(key=lambda piece: -piece.value)
    rest = sum(piece.value for piece in found[_CAUSES_SHOWN:])
    return [*found[:_CAUSES_SHOWN], Segment(_OTHER, rest, formats.percent(rest), "")]
