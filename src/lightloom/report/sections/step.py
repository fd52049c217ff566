"""Where the time of one step goes: every design as one bar, those of one job on one time axis."""

from collections.abc import Sequence

from lightloom.report import formats
from lightloom.report.charts import Segment, axis, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Path, Run, same_job
from lightloom.report.scales import Linear
from lightloom.report.view import Block, Chart, ChartRow, Line, Table, legends

_BEFORE = ("compute", "bubble")
_AFTER = ("optimizer", "input")


def view(runs: Sequence[Run]) -> tuple[Chart, Table] | None:
    """Return the bars and the table with the same numbers; None if no answer holds a step."""
    known = [run for run in runs if run.number("step", "time_s")]
    if not known:
        return None
    parts = _parts(known)
    hues = colours(parts)
    lines = [
        Line(_title(name), [run.show(formats.duration, *path) for run in known], hues[name])
        for name, path in parts.items()
    ]
    total = Line("whole step", [run.show(formats.duration, "step", "time_s") for run in known])
    shown = {_title(name): hue for name, hue in hues.items()}
    return (
        Chart("Time of one step on its critical stage", _blocks(known, hues), legends(shown), _note(known)),
        Table("Parts of a step", lines=[*lines, total], runs=known),
    )


def _blocks(runs: Sequence[Run], hues: dict[str, str]) -> list[Block]:
    """Return the designs of each job together; steps of two jobs have nothing in common but the second."""
    return [_block(group, hues) for group in same_job(runs)]


def _block(group: Sequence[Run], hues: dict[str, str]) -> Block:
    scale = Linear.covering([run.number("step", "time_s") or 0.0 for run in group])
    rows = [
        ChartRow(
            label=run.short,
            run=run,
            drawing=stacked_bar(segments(run, hues), scale, title=f"{run.letter}: where the time of a step goes"),
            value=run.show(formats.duration, "step", "time_s"),
            note=_exposed(run),
        )
        for run in group
    ]
    return Block(group[0].job, rows, axis(scale, formats.duration))


def _note(runs: Sequence[Run]) -> str:
    words = "Exposed: waiting for traffic that nothing hides."
    return f"{words} Every job has an axis of its own." if len(same_job(runs)) > 1 else words


def segments(run: Run, hues: dict[str, str]) -> list[Segment]:
    """Return the parts of a step that take time, in the order of the legend."""
    found: list[Segment] = []
    for name, path in _parts([run]).items():
        value = run.number(*path)
        if value is not None and value > 0.0:
            found.append(
                Segment(_title(name), value, formats.duration(value), hues[name], run.tag(*path), formats.words(name))
            )
    return found


def _parts(runs: Sequence[Run]) -> dict[str, Path]:
    """Return the parts that take time in any of the runs and where they stand."""
    parts: dict[str, Path] = {name: ("step", f"{name}_s") for name in _BEFORE}
    for run in runs:
        parts.update({str(path[-1]): path for path, _ in run.leaves("step", "exposed_s")})
    parts.update({name: ("step", f"{name}_s") for name in _AFTER})
    return {name: path for name, path in parts.items() if any(run.number(*path) for run in runs)}


def _title(name: str) -> str:
    return name if name in (*_BEFORE, *_AFTER) else f"exposed {formats.words(name)}"


def _exposed(run: Run) -> str:
    whole = run.number("step", "time_s") or 0.0
    waited = sum(value for _, value in run.leaves("step", "exposed_s"))
    return f"{formats.percent(waited / whole)} exposed" if whole else ""
