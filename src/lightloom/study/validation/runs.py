"""Measured training steps: predicted beside measured, by group, with the ratios of strong scaling."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from lightloom.catalog.loading import names, read
from lightloom.devices.efficiency import Efficiency
from lightloom.engine.hardware import Hardware
from lightloom.engine.network import Groups, Network
from lightloom.engine.reach import measure
from lightloom.engine.step import totals
from lightloom.study.validation.case import Case, NotCoveredError, case_of
from lightloom.study.validation.rows import Row, read_rows
from lightloom.workload.compile import compile_program
from lightloom.workload.program import Program
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.stack import StackProfile

CHUNKS = (4, 2, 1)
"""Other counts of chunks to predict a row with that does not publish its own."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A row predicted with another count of chunks than the assumed one.

    Args:
        chunks: Of a stage.
        predicted: Step, s.
        error: predicted / measured - 1.
    """

    chunks: int
    predicted: float
    error: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """One row predicted.

    Args:
        id: Of the row.
        group: Its family.
        measured: Step, s.
        predicted: Step, s.
        error: predicted / measured - 1.
        calibrated_on: Whether a calibration used the row.
        judge: What the row is fit for, as its file says.
        note: What had to be assumed.
        otherwise: The row again with fewer chunks, where they had to be assumed.
    """

    id: str
    group: str
    measured: float
    predicted: float
    error: float
    calibrated_on: bool
    judge: str
    note: str
    otherwise: tuple[Otherwise, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Tokens a second per accelerator of one run over another of its series; calibration cancels.

    Args:
        series: Name of the series.
        id_from, id_to: The two rows, fewer accelerators first.
        measured, predicted: Second over first.
        error: predicted - measured, in points of 1.
    """

    series: str
    id_from: str
    id_to: str
    measured: float
    predicted: float
    error: float


@dataclass(frozen=True, slots=True)
class Gap:
    """A row that cannot be predicted, and why."""

    id: str
    why: str


@dataclass(frozen=True, slots=True)
class Validation:
    """Every row of a file.

    Args:
        rows: Predicted ones, in the order of the file.
        not_covered: The others.
        ratios: Of scaling series.
    """

    rows: tuple[Prediction, ...]
    not_covered: tuple[Gap, ...]
    ratios: tuple[Ratio, ...]

    def summary(self) -> dict[str, dict[str, Any]]:
        """Return per group: rows, mean absolute error, median, 90th percentile, bias (mean) and worst, as shares.

        Rows that a calibration used are a group of their own: they are no evidence.
        """
        groups: dict[str, list[Prediction]] = {}
        for row in self.rows:
            groups.setdefault(f"{row.group} (calibration)" if row.calibrated_on else row.group, []).append(row)
        return {name: _statistics([row.error for row in rows]) for name, rows in groups.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {
            "rows": [asdict(row) for row in self.rows],
            "ratios": [asdict(ratio) for ratio in self.ratios],
            "not_covered": [asdict(gap) for gap in self.not_covered],
            "summary": self.summary(),
        }


def _statistics(errors: Sequence[float]) -> dict[str, Any]:
    values = np.array(errors)
    away = np.abs(values)
    return {
        "rows": len(values),
        "mean_abs": float(away.mean()),
        "median_abs": float(np.median(away)),
        "p90_abs": float(np.quantile(away, 0.9)),
        "bias": float(values.mean()),
        "worst": float(values[np.argmax(away)]),
    }


def validate_runs(path: Path | None = None) -> Validation:
    """Predict every row of a file of measured runs; the shipped one if none is named.

    Raises:
        StudyError: The file cannot be read.
    """
    used = calibration_rows()
    found: list[tuple[Row, Prediction]] = []
    gaps: list[Gap] = []
    for row in read_rows(path):
        try:
            case = case_of(row)
        except NotCoveredError as reason:
            gaps.append(Gap(row.id, str(reason)))
            continue
        found.append((row, _prediction(case, used)))
    return Validation(tuple(one for _, one in found), tuple(gaps), tuple(_ratios(found)))


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A case with what the rates of its accelerator do not change, worked out once.

    Args:
        case: What to predict.
        recipes: Its recipe, as one row.
        program: What each layer does.
        network: Of its groups.
    """

    case: Case
    recipes: RecipeColumns
    program: Program
    network: Network

    @classmethod
    def of(cls, case: Case) -> Self:
        """Compile a case's recipe and measure what its groups get of the fabric."""
        recipes = RecipeColumns.single(case.recipe)
        program = compile_program(case.model, recipes, case.stack)
        groups = Groups.of(recipes)
        reach = measure(case.fabric, int(recipes.accelerators[0]), groups.keys)
        return cls(case, recipes, program, Network.on(reach, groups, case.stack))

    def step(self, hardware: Hardware | None = None) -> float:
        """Return the step, s.

        Args:
            hardware: Other rates than the calibrated ones, for calibration.
        """
        case = self.case
        rates = hardware or Hardware.of(case.accelerator, case.efficiency, case.stack)
        return float(totals(case.model, self.recipes, case.stack, self.program, rates, self.network).time[0])


def calibration_rows() -> frozenset[str]:
    """Return the ids of all rows any shipped calibration used."""
    efficiencies = [read("calibrations", name, Efficiency).calibrated_on for name in names("calibrations")]
    stacks = [read("stacks", name, StackProfile).calibrated_on for name in names("stacks")]
    return frozenset(each for listed in (*efficiencies, *stacks) for each in listed)


def _prediction(case: Case, used: frozenset[str]) -> Prediction:
    row = case.row
    measured, predicted = row.number("step_time_s"), Ready.of(case).step()
    return Prediction(
        id=row.id,
        group=row.text("family"),
        measured=measured,
        predicted=predicted,
        error=predicted / measured - 1,
        calibrated_on=row.id in used,
        judge=row.text("judge", "accuracy"),
        note=case.note,
        otherwise=tuple(_otherwise(case, measured)),
    )


def _otherwise(case: Case, measured: float) -> Iterator[Otherwise]:
    for count in CHUNKS:
        try:
            other = case_of(case.row, chunks=count)
        except NotCoveredError:  # the row's layout or schedule has no place for that many
            continue
        if other.recipe != case.recipe:
            predicted = Ready.of(other).step()
            yield Otherwise(count, predicted, predicted / measured - 1)


def _ratios(found: Iterable[tuple[Row, Prediction]]) -> Iterator[Ratio]:
    """Return, for every series, each run of strong or mixed scaling against the smallest."""
    series: dict[str, list[tuple[Row, Prediction]]] = {}
    for row, one in found:
        if row.text("scaling_pair") and row.text("scaling_kind") in ("strong", "mixed", "weak"):
            series.setdefault(row.text("scaling_pair"), []).append((row, one))
    for name, runs in series.items():
        ordered = sorted(runs, key=lambda run: run[0].count("n_accel"))
        for run in ordered[1:]:
            yield _ratio(name, ordered[0], run)


def _ratio(name: str, base: tuple[Row, Prediction], other: tuple[Row, Prediction]) -> Ratio:
    def rate(run: tuple[Row, Prediction], seconds: float) -> float:
        return run[0].number("gbs") * run[0].number("seq") / run[0].number("n_accel") / seconds

    measured = rate(other, other[1].measured) / rate(base, base[1].measured)
    predicted = rate(other, other[1].predicted) / rate(base, base[1].predicted)
    return Ratio(name, base[1].id, other[1].id, measured, predicted, predicted - measured)
