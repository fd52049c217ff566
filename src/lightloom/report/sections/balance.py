"""What binds the step, what one per cent more of each resource is worth, and what hides the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.report import formats
from lightloom.report.charts import Segment, axis, small_bar, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Path, Run, Shown, Tag, dotted
from lightloom.report.scales import Linear
from lightloom.report.view import Bar, Chart, ChartRow, Line, Said, Table, by_job, legends, said


@dataclass(frozen=True, slots=True)
class Balance:
    """Shares of the step in one chart, elasticities in one table, and what hides the rest."""

    shares: Chart | None
    elasticities: Table | None
    hidden: Sequence[Said]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.shares or self.elasticities or self.hidden)


def view(runs: Sequence[Run]) -> Balance:
    """Return what the answers hold of balance."""
    hidden = [(run, [formats.place(text) for text in run.texts("balance", "hidden")]) for run in runs]
    return Balance(_shares(runs), _elasticities(runs), said(hidden))


def _shares(runs: Sequence[Run]) -> Chart | None:
    known = [run for run in runs if run.leaves("balance", "shares")]
    if not known:
        return None
    hues = colours(_name(path) for run in known for path, _ in run.leaves("balance", "shares"))
    whole = max(1.0, *(sum(value for _, value in run.leaves("balance", "shares")) for run in known))
    scale = Linear(0.0, whole)
    rows = [
        ChartRow(
            label=run.short,
            run=run,
            drawing=stacked_bar(_segments(run, hues), scale, title=f"{run.letter}: which resource binds the step"),
            value=formats.words(str(run.at("balance", "binding") or "")),
            note="binds most" if run.at("balance", "binding") else "",
        )
        for run in known
    ]
    blocks = by_job(rows, axis(scale, formats.percent))
    return Chart("Share of a step that each resource binds", blocks, legends(hues))


def _segments(run: Run, hues: dict[str, str]) -> list[Segment]:
    return [
        Segment(_name(path), value, formats.percent(value), hues[_name(path)], run.tag(*path))
        for path, value in run.leaves("balance", "shares")
        if value > 0.0
    ]


def _elasticities(runs: Sequence[Run]) -> Table | None:
    """Return a line for each resource, those first that are worth most to any design, and a column for each design."""
    known = [run for run in runs if run.leaves("balance", "elasticity")]
    found = {run.index: dict(run.leaves("balance", "elasticity")) for run in known}
    most: dict[Path, float] = {}
    for leaves in found.values():
        for path, value in leaves.items():
            most[path] = max(most.get(path, 0.0), abs(value))
    if not most:
        return None
    scale = Linear.covering([value for leaves in found.values() for value in leaves.values()])
    lines = [
        Line(_name(path), [_cell(run, path, found[run.index].get(path), scale) for run in known])
        for path in sorted(most, key=lambda path: -most[path])
    ]
    return Table("Gain in tokens/s for one per cent more of …", lines=lines, runs=known)


def _cell(run: Run, path: Path, value: float | None, scale: Linear) -> Bar | str:
    if value is None:
        return formats.NONE
    text, hue = _per_cent(value), "green" if value >= 0.0 else "vermillion"
    return Bar(Shown(text, Tag(dotted(path), value)), small_bar(value, scale, hue, title=f"{run.letter}: {text}"))


def _per_cent(value: float) -> str:
    """Return an elasticity: per cent of tokens/s for one per cent of the resource."""
    return (
        f"{value:.2f}\u00a0%".replace("-", "−")
        if abs(value) >= 0.005 or value == 0.0
        else f"{value:.3f}\u00a0%".replace("-", "−")
    )


def _name(path: Path) -> str:
    return " ".join(formats.words(str(part)) for part in path[2:])
