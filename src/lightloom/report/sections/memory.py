"""What each pipeline stage holds in memory, against what an accelerator has."""

from collections.abc import Sequence

from lightloom.report import formats
from lightloom.report.charts import Column, Segment, columns, level_axis
from lightloom.report.palette import colours
from lightloom.report.reading import Run, Shown
from lightloom.report.scales import Linear
from lightloom.report.view import Block, Chart, ChartRow, Legend, Panel, legends


def view(runs: Sequence[Run]) -> tuple[list[Panel], list[Legend]] | None:
    """Return a panel for each design and one legend; None if no answer holds memory."""
    known = [run for run in runs if run.rows("memory", "stages")]
    if not known:
        return None
    stacks = {run.index: [run.leaves("memory", "stages", place, "parts") for place in _places(run)] for run in known}
    hues = colours(str(path[-1]) for stack in stacks.values() for parts in stack for path, _ in parts)
    heights = [sum(value for _, value in parts) for stack in stacks.values() for parts in stack]
    limits = [limit for run in known if (limit := run.number("memory", "capacity_bytes"))]
    scale = Linear.covering([*heights, *limits], wanted_ticks=4)
    shown = {formats.words(name): hue for name, hue in hues.items()}
    return [_panel(run, others, hues, scale) for run, others in _distinct(known)], legends(shown)


def _places(run: Run) -> range:
    return range(len(run.rows("memory", "stages")))


def _panel(run: Run, others: Sequence[Run], hues: dict[str, str], scale: Linear) -> Panel:
    drawing = columns(
        [_column(run, place, hues) for place in _places(run)],
        scale,
        formats.amount,
        title=f"{run.letter}: memory of each stage; the dashed line is the usable memory of an accelerator",
        limit=run.number("memory", "capacity_bytes"),
    )
    chart = Chart("", [Block("", [ChartRow("", drawing)], level_axis(scale, formats.amount))])
    return Panel(run, chart=chart, summary=_summary(run), others=others, ok=run.at("memory", "fits") is not False)


def _column(run: Run, place: int, hues: dict[str, str]) -> Column:
    found = run.leaves("memory", "stages", place, "parts")
    segments = tuple(
        Segment(
            formats.words(str(path[-1])),
            value,
            formats.amount(value),
            hues[str(path[-1])],
            run.tag(*path),
        )
        for path, value in found
        if value > 0.0
    )
    return Column(str(run.at("memory", "stages", place, "stage")), segments)


def _distinct(runs: Sequence[Run]) -> list[tuple[Run, list[Run]]]:
    """Return the first run with each memory, and the others with the same one."""
    found: list[tuple[Run, list[Run]]] = []
    for run in runs:
        twin = next((others for first, others in found if first.at("memory") == run.at("memory")), None)
        if twin is None:
            found.append((run, []))
        else:
            twin.append(run)
    return found


def _summary(run: Run) -> list[Shown | str]:
    """Return the worst stage and its share of the capacity, in words and numbers."""
    used, room = run.number("memory", "bytes"), run.number("memory", "capacity_bytes")
    if used is None or not room:
        return []
    worst = run.at("memory", "worst_stage")
    return [
        f"Stage {worst} holds most: ",
        run.show(formats.amount, "memory", "bytes"),
        " of ",
        run.show(formats.amount, "memory", "capacity_bytes"),
        f" ({formats.percent(used / room)})",
    ]
