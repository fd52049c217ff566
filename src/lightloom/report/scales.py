"""Scales: where a value stands on an axis, in per cent of its length, and where the ticks go."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class Scale(Protocol):
    """An axis: values to per cent of the width, so that a drawing fits any screen."""

    @property
    def ticks(self) -> tuple[float, ...]:
        """Round values along the axis."""
        ...

    def position(self, value: float) -> float:
        """Return 0 … 100; values beyond the axis stay at its end."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear axis from ``low`` to ``high``."""

    low: float
    high: float
    wanted_ticks: int = 5

    def position(self, value: float) -> float:
        """Return 0 … 100, clipped to the axis."""
        return min(100.0, max(0.0, 100.0 * (value - self.low) / (self.high - self.low)))

    @property
    def ticks(self) -> tuple[float, ...]:
        """Multiples of 1, 2, 2.5 or 5 times a power of ten."""
        rough = (self.high - self.low) / self.wanted_ticks
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(size * power for size in _STEPS if size * power >= rough * (1 - 1e-9))
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return tuple(_clean(index * step) for index in range(first, last + 1))

    @classmethod
    def covering(cls, values: Iterable[float], *, zero: bool = True, wanted_ticks: int = 5) -> "Linear":
        """Return the axis that shows every value with a little air at the end; from zero unless told otherwise."""
        known = [value for value in values if math.isfinite(value)] or [0.0]
        low, high = min(known), max(known)
        if zero:
            low, high = min(0.0, low), max(0.0, high)
        if low == high:
            low, high = (0.0, 1.0) if low == 0.0 else (low - abs(low) / 2, high + abs(high) / 2)
        air = 0.03 * (high - low)
        return cls(low - (air if low < 0.0 or not zero else 0.0), high + (air if high > 0.0 else 0.0), wanted_ticks)


@dataclass(frozen=True, slots=True)
class Log:
    """A logarithmic axis between two positive values."""

    low: float
    high: float

    def position(self, value: float) -> float:
        """Return 0 … 100, clipped to the axis; what is not positive stays at its start."""
        if value <= self.low:
            return 0.0
        return min(100.0, 100.0 * math.log(value / self.low) / math.log(self.high / self.low))

    @property
    def ticks(self) -> tuple[float, ...]:
        """Powers of ten; with 3 between them where there are few."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        factors = (1.0, 3.0) if last - first <= 3 else (1.0,)
        marks = (_clean(factor * 10.0**power) for power in range(first, last + 1) for factor in factors)
        return tuple(mark for mark in marks if self.low * (1 - 1e-9) <= mark <= self.high * (1 + 1e-9))

    @classmethod
    def covering(cls, values: Iterable[float]) -> "Log":
        """Return the axis that shows every positive value with a little air at both ends."""
        known = [value for value in values if math.isfinite(value) and value > 0.0] or [1.0]
        return cls(min(known) / 1.6, max(known) * 1.6)


def _clean(value: float) -> float:
    return float(f"{value:.12g}")
