"""The few efficiencies of accelerators and stacks, fitted to measured rows that are not judged.

One accelerator and one stack at a time, so that each number is set by rows that can tell it:

1. A100: the best matrix product measured alone is the limit for large sizes, so its share is 1; what small sizes cost
   is fitted to the vTrain rows (Megatron, products of many sizes).
2. The Composer stack's matmul and attention shares on A100 are fitted to the MPT rows, the accelerator's held.
3. H100: the product of accelerator's and Composer's share, and Composer's attention there, are fitted to the MPT rows
   of H100, what small sizes cost held; the accelerator's share is the product over Composer's on A100.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from lightloom.core.arrays import Floats
from lightloom.engine.hardware import Hardware
from lightloom.study.validation.case import Case, NotCoveredError, case_of
from lightloom.study.validation.rows import Row, read_rows
from lightloom.study.validation.runs import Ready

SCALE = 0.03
"""Relative error from which on the loss grows slowly, so that unexplained rows do not steer the fit."""

_SIXTEEN_BIT = ("bf16", "fp16")

Numbers: TypeAlias = tuple[float, float, float | None]
"""What small sizes cost; share of the matmul ceiling; share of it in fused attention, or None: as shipped."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One fitted number.

    Args:
        name: ``accelerator or stack: figure``.
        value: Fitted.
        shipped: In the catalog.
        rows: Ids used.
        median_abs: Median error of those rows with the fitted numbers.
    """

    name: str
    value: float
    shipped: float
    rows: tuple[str, ...]
    median_abs: float


def calibrate(path: Path | None = None) -> tuple[Fitted, ...]:
    """Fit every efficiency anew from a file of measured runs; the shipped one if none is named.

    Raises:
        StudyError: The file cannot be read.
    """
    rows = read_rows(path)
    megatron, composer = _cases(rows, "vTrain-A100-multi"), _cases(rows, "MosaicML-MPT-a100_80gb")
    hopper = _cases(rows, "MosaicML-MPT-h100_80gb")
    size = _fit_size(megatron)
    share, attention = _fit_shares(composer, size)
    both, attention_hopper = _fit_shares(hopper, size)
    on_a100, on_h100 = (size, share, attention), (size, both, attention_hopper)
    return (
        _fitted("a100-sxm-80gb: narrow_matrix", size, _narrow, megatron, (size, 1.0, None)),
        _fitted("fsdp-composer-a100: matmul_share", share, _stack_share, composer, on_a100),
        _fitted("fsdp-composer-a100: attention_share", attention, _attention, composer, on_a100),
        _fitted("h100-sxm-80gb: matmul_share", both / share, _matmul, hopper, on_h100),
        _fitted("fsdp-composer-h100: attention_share", attention_hopper, _attention, hopper, on_h100),
    )


def _cases(rows: Sequence[Row], family: str) -> list[Ready]:
    """Return the rows of a family fit for calibration: measured well, 16-bit, no outlier."""
    found: list[Ready] = []
    for row in rows:
        usable = row.text("judge") == "accuracy" and row.text("outlier_flag") != "1"
        if row.text("family") == family and usable and row.text("compute_precision") in _SIXTEEN_BIT:
            try:
                found.append(Ready.of(case_of(row)))
            except NotCoveredError:
                continue
    return found


def _narrow(case: Case) -> float:
    return case.efficiency.narrow_matrix.value


def _matmul(case: Case) -> float:
    return case.efficiency.matmul_share.value


def _stack_share(case: Case) -> float:
    return case.stack.matmul_share.value


def _attention(case: Case) -> float:
    return case.stack.attention_share.value


def _rates(case: Case, numbers: Numbers) -> Hardware:
    size, share, attention = numbers
    ceiling = case.accelerator.matmul_bf16
    best = ceiling.value if ceiling else 0.0
    known = Hardware.of(case.accelerator, case.efficiency, case.stack)
    fused = known.attention if attention is None else attention * best
    return replace(known, matmul=share * best, narrow_matrix=size, attention=fused)


def _errors(cases: Sequence[Ready], numbers: Numbers) -> Floats:
    """Return the logarithms of predicted over measured."""
    predicted = [each.step(_rates(each.case, numbers)) for each in cases]
    return np.log(np.array(predicted) / np.array([each.case.row.number("step_time_s") for each in cases]))


def _loss(errors: Floats) -> float:
    """Return the mean Cauchy loss."""
    return float(np.log1p((errors / SCALE) ** 2).mean())


def _fit_size(cases: Sequence[Ready]) -> float:
    def loss(size: float) -> float:
        return _loss(_errors(cases, (size, 1.0, None)))

    result = minimize_scalar(loss, bounds=(20.0, 500.0), method="bounded", options={"maxiter": 14})
    return float(result.x)


def _fit_shares(cases: Sequence[Ready], size: float) -> tuple[float, float]:
    def loss(shares: Floats) -> float:
        return _loss(_errors(cases, (size, float(shares[0]), float(shares[1]))))

    result = minimize(loss, np.array([0.85, 0.35]), method="Nelder-Mead", options={"maxfev": 60})
    return float(result.x[0]), float(result.x[1])


def _fitted(
    name: str, value: float, shipped: Callable[[Case], float], cases: Sequence[Ready], numbers: Numbers
) -> Fitted:
    errors = np.abs(np.expm1(_errors(cases, numbers)))
    ids = tuple(each.case.row.id for each in cases)
    return Fitted(name, value, shipped(cases[0].case), ids, float(np.median(errors)))
