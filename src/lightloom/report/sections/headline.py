"""What a design is worth, in six numbers, each against the first design that does the same job.

A difference in price is not judged here: designs share most uncertain figures, so that bands of single prices say
little about their difference. The verdict, which knows the figures, judges it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from lightloom.report import formats
from lightloom.report.charts import Band, band_mark
from lightloom.report.reading import Path, Run, Shown, finite, same_job
from lightloom.report.scales import Linear

_PRICE: Path = ("cost", "usd_per_million_tokens")
_WORTH_A_MARK = 5e-3
"""Differences below it are said, not judged: no model here is that exact."""


@dataclass(frozen=True, slots=True)
class _Headline:
    """A number worth a place at the top: its words, its path, and whether more of it is better."""

    title: str
    path: Path
    form: Callable[[float], str]
    more_is_better: bool
    is_share: bool = False


_HEADLINES = (
    _Headline("tokens/s per accelerator", ("throughput", "tokens_per_s_per_accelerator"), formats.plain, True),  # noqa: FBT003 # reads as a table
    _Headline("model FLOPs utilisation", ("throughput", "mfu"), formats.percent, True, is_share=True),  # noqa: FBT003
    _Headline("time to train", ("throughput", "days_to_train"), formats.days, False),  # noqa: FBT003
    _Headline("$ per million tokens", (*_PRICE, "mid"), formats.usd, False),  # noqa: FBT003
    _Headline("energy per token", ("energy", "joules_per_token"), formats.joules, False),  # noqa: FBT003
    _Headline("goodput", ("goodput", "fraction"), formats.percent, True, is_share=True),  # noqa: FBT003
)


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of a card.

    Args:
        title: What it is.
        shown: The number.
        change: Words on how it differs from the first design of the job; empty for that one.
        kind: ``better``, ``worse`` or ``same``; a class of the style sheet.
        low: Lower end of the band, if there is one.
        high: Upper end.
        drawing: The band, drawn on the axis of the job's designs.
    """

    title: str
    shown: Shown
    change: str = ""
    kind: str = "same"
    low: Shown | None = None
    high: Shown | None = None
    drawing: Markup | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a design cannot do its job.

    Args:
        what: What is wrong, in a few words.
        where: The stage or the level where it is; empty if it is nowhere in particular.
        size: By how much.
        remedy: What to do about it.
        entry: File, line and key of the entry of the study it is about; empty if it is about none.
    """

    what: str
    where: str
    size: Shown
    remedy: str
    entry: str


@dataclass(frozen=True, slots=True)
class Card:
    """One design at a glance."""

    run: Run
    metrics: Sequence[Metric]
    reasons: Sequence[Reason]

    @property
    def bare(self) -> bool:
        """Whether the design failed before any of its numbers was known."""
        return not self.run.feasible and not any(metric.shown.known for metric in self.metrics)


def view(runs: Sequence[Run]) -> list[Card]:
    """Return a card for every design, in order."""
    base = {run.index: _base(group) for group in same_job(runs) for run in group}
    scales = {run.index: _price_scale(group) for group in same_job(runs) for run in group}
    return [
        Card(
            run=run,
            metrics=[_metric(headline, run, base[run.index], scales[run.index]) for headline in _HEADLINES],
            reasons=[_reason(run, place) for place in range(len(run.rows("reasons")))],
        )
        for run in runs
    ]


def _base(group: Sequence[Run]) -> Run:
    """Return the design the others of its job are held against: the first that can run."""
    return next((run for run in group if run.feasible), group[0])


def _metric(headline: _Headline, run: Run, base: Run, scale: Linear) -> Metric:
    shown = run.show(headline.form, *headline.path)
    change, kind = _change(headline, run, base)
    if headline.path[:2] != _PRICE or not shown.known:
        return Metric(headline.title, shown, change, kind)
    low, high = (run.show(headline.form, *_PRICE, end) for end in ("low", "high"))
    return Metric(headline.title, shown, change, kind, low, high, _price_mark(run, scale))


def _change(headline: _Headline, run: Run, base: Run) -> tuple[str, str]:
    here, there = run.number(*headline.path), base.number(*headline.path)
    if run is base or not run.feasible or here is None or not there:
        return "", "same"
    difference = here - there if headline.is_share else here / there - 1.0
    if abs(difference) < 5e-4:
        return f"same as {base.letter}", "same"
    amount = f"{abs(difference) * 100:.1f}" if abs(difference) < 0.0995 else f"{abs(difference) * 100:.0f}"
    unit = "points" if headline.is_share else "%"
    direction = "more" if difference > 0 else "less"
    words = f"{amount}\u00a0{unit} {direction} than {base.letter}"
    if headline.path[:2] == _PRICE or abs(difference) < _WORTH_A_MARK:
        return words, "same"
    return words, "better" if bool(difference > 0) == headline.more_is_better else "worse"


def _price_band(run: Run) -> Band | None:
    low, high = run.number(*_PRICE, "low"), run.number(*_PRICE, "high")
    return None if low is None or high is None else Band(low, high)


def _price_scale(group: Sequence[Run]) -> Linear:
    ends = [run.number(*_PRICE, end) for run in group for end in ("low", "mid", "high")]
    return Linear.covering([end for end in ends if end is not None], zero=False)


def _price_mark(run: Run, scale: Linear) -> Markup | None:
    value, band = run.number(*_PRICE, "mid"), _price_band(run)
    if value is None or band is None:
        return None
    return band_mark(value, band, scale, title=f"{run.letter}: $ per million tokens with its band")


def _reason(run: Run, place: int) -> Reason:
    stage = run.at("reasons", place, "stage")
    where = "" if stage is None else formats.place(stage) if isinstance(stage, str) else f"stage {stage}"
    return Reason(
        what=str(run.at("reasons", place, "code") or "unknown").replace("-", " "),
        where=where,
        size=_by(run, place),
        remedy=str(run.at("reasons", place, "remedy") or ""),
        entry=_entry(run, place),
    )


def _entry(run: Run, place: int) -> str:
    if run.at("reasons", place, "where") is None:
        return ""
    file, line, key = (run.at("reasons", place, "where", part) for part in ("file", "line", "key"))
    return f"{file}:{line} {key}" if file and line else str(key)


def _by(run: Run, place: int) -> Shown:
    """Return how much is missing, with its unit."""
    unit = str(run.at("reasons", place, "unit") or "")
    if finite(run.at("reasons", place, "by")) is None:
        return Shown("")
    return run.show(lambda value: _sized(value, unit), "reasons", place, "by")


def _sized(value: float, unit: str) -> str:
    if unit in {"B", "byte", "bytes"}:
        return formats.amount(value)
    return f"{formats.plain(value)}\u00a0{unit}".strip()
