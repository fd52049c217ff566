"""What binds the step, what one per cent more of each resource is worth, and what hides the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.report import formats
from lightloom.report.charts import Band, Segment, axis, span_bar, stacked_bar
from lightloom.report.palette import colours
from lightloom.report.reading import Path, Run, Shown, Tag, dotted
from lightloom.report.scales import Linear
from lightloom.report.view import Chart, ChartRow, Panel, legends

_ELASTICITIES_SHOWN = 9
_PANEL_PIXELS = 110


@dataclass(frozen=True, slots=True)
class Balance:
    """Shares of the step in one chart; elasticities and hidden things for each design."""

    shares: Chart | None
    elasticities: Sequence[Panel]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.shares is None and not self.elasticities


def view(runs: Sequence[Run]) -> Balance:
    """Return what the answers hold of balance."""
    known = [run for run in runs if run.leaves("balance", "elasticity") or run.texts("balance", "hidden")]
    values = [value for run in known for _, value in run.leaves("balance", "elasticity")]
    scale = Linear.covering(values or [0.0], wanted_ticks=3)
    return Balance(_shares(runs), [_panel(run, scale) for run in known])


def _shares(runs: Sequence[Run]) -> Chart | None:
    known = [run for run in runs if run.leaves("balance", "shares")]
    if not known:
        return None
    hues = colours(_name(path) for run in known for path, _ in run.leaves("balance", "shares"))
    whole = max(1.0, *(sum(value for _, value in run.leaves("balance", "shares")) for run in known))
    scale = Linear(0.0, whole)
    rows = [
        ChartRow(
            label=run.name,
            run=run,
            drawing=stacked_bar(_segments(run, hues), scale, title=f"{run.letter}: which resource binds the step"),
            value=formats.words(str(run.at("balance", "binding") or "")),
            note="binds most" if run.at("balance", "binding") else "",
        )
        for run in known
    ]
    return Chart("Share of a step that each resource binds", rows, axis(scale, formats.percent), legends(hues))


def _segments(run: Run, hues: dict[str, str]) -> list[Segment]:
    return [
        Segment(_name(path), value, formats.percent(value), hues[_name(path)], run.tag(*path))
        for path, value in run.leaves("balance", "shares")
        if value > 0.0
    ]


def _panel(run: Run, scale: Linear) -> Panel:
    found = sorted(run.leaves("balance", "elasticity"), key=lambda leaf: -abs(leaf[1]))[:_ELASTICITIES_SHOWN]
    rows = [_row(run, path, value, scale) for path, value in found]
    chart = (
        Chart("Tokens/s gained per 1 % more of …", rows, axis(scale, _per_cent, least_width=_PANEL_PIXELS))
        if rows
        else None
    )
    return Panel(run, chart=chart, texts=run.texts("balance", "hidden"))


def _row(run: Run, path: Path, value: float, scale: Linear) -> ChartRow:
    name, text = _name(path), _per_cent(value)
    segment = Segment(name, value, text, "green" if value >= 0.0 else "vermillion", run.tag(*path))
    band = Band(min(0.0, value), max(0.0, value))
    drawing = span_bar(segment, band, scale, title=f"{run.letter}, {name}", anchor=0.0)
    return ChartRow(name, drawing, Shown(text, Tag(dotted(path), value)))


def _per_cent(value: float) -> str:
    """Return an elasticity: per cent of tokens/s for one per cent of the resource."""
    return (
        f"{value:.2f}\u00a0%".replace("-", "−")
        if abs(value) >= 0.005 or value == 0.0
        else f"{value:.3f}\u00a0%".replace("-", "−")
    )


def _name(path: Path) -> str:
    return " ".join(formats.words(str(part)) for part in path[2:])
