"""What failures and checkpoints leave of the time, and what stops the job."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.report import formats
from lightloom.report.charts import Segment, axis, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Run, Shown, Tag
from lightloom.report.scales import Linear
from lightloom.report.view import Chart, ChartRow, Line, Table, by_job, legends


@dataclass(frozen=True, slots=True)
class Goodput:
    """Lost time by what it goes into, stops by kind of cause, the numbers behind them, and every cause."""

    losses: Chart | None
    stops: Chart | None
    table: Table
    causes: Table


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
        causes=_causes(known),
    )


def _causes(runs: Sequence[Run]) -> Table:
    """Return the share of every cause in the stops of each design."""
    places = {
        run.index: {str(row.get("item", "")): place for place, row in enumerate(run.rows("goodput", "rows"))}
        for run in runs
    }
    lines = [
        Line(item, [_share(run, places[run.index].get(item)) for run in runs])
        for item in dict.fromkeys(item for found in places.values() for item in found)
    ]
    return Table("Share of the stops", lines=lines, runs=runs)


def _share(run: Run, place: int | None) -> Shown:
    if place is None:
        return Shown(formats.NONE)
    return run.show(formats.percent, "goodput", "rows", place, "stops_share")


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
            label=run.short,
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
    return Chart(title, by_job(drawn, axis(scale, formats.percent)), legends(hues))


def _segments(run: Run, rows: str, share: str) -> list[Segment]:
    """Return the rows with a share of their own; those of one group together, without a tag where they are several."""
    found: dict[str, list[tuple[float, Tag | None]]] = {}
    for place, row in enumerate(run.rows("goodput", rows)):
        path = ("goodput", rows, place, share)
        value = run.number(*path)
        if value is not None and value > 0.0:
            found.setdefault(str(row.get("group") or row.get("item", "")), []).append((value, run.tag(*path)))
    return [_segment(name, pieces) for name, pieces in found.items()]


def _segment(name: str, pieces: Sequence[tuple[float, Tag | None]]) -> Segment:
    whole = sum(value for value, _ in pieces)
    return Segment(name, whole, formats.percent(whole), "", pieces[0][1] if len(pieces) == 1 else None)
