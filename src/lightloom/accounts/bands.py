"""Bands: what a result becomes when one figure goes to its low or high end, and what all of them make together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from lightloom.core.provenance import Figure

Position: TypeAlias = Mapping[str, int]
"""Which figures are not at their value: -1 at their low end, +1 at their high end, by the key of their lever."""

MID: Position = {}


@dataclass(frozen=True, slots=True)
class Lever:
    """A figure a result depends on.

    Args:
        key: The same for two accounts that use the same figure for the same thing.
        title: What a person calls it.
        figure: With its band.
    """

    key: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Band:
    """A result with its band."""

    mid: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return ``{mid, low, high}``."""
        return {"mid": self.mid, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Swing:
    """A result with one figure at either end of its band, all others at their value.

    Args:
        lever: The figure.
        at_low: Result with the figure at its low end.
        at_high: Likewise at its high end.
    """

    lever: Lever
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        """How far the two ends are apart."""
        return abs(self.at_high - self.at_low)


def at(figure: Figure, key: str, position: Position) -> float:
    """Return a figure's value, or the end of its band where its lever is moved."""
    where = position.get(key, 0)
    if where == 0:
        return figure.value
    return figure.low if where < 0 else figure.high


def combined(mid: float, swings: Iterable[Swing]) -> Band:
    """Return the band of a result from the swings of the figures under it; see :func:`spread`."""
    return spread(mid, ((swing.at_low, swing.at_high) for swing in swings))


def spread(mid: float, ends: Iterable[tuple[float, float]]) -> Band:
    """Return the band of a result from what it becomes with each figure at either end of its band.

    The figures are taken as independent: deviations add in quadrature, upward and downward ones apart. Two figures that
    err together (all prices quoted by one analyst) make the true band wider.
    """
    off = [(low - mid, high - mid) for low, high in ends]
    up = float(np.sqrt(sum(max(0.0, low, high) ** 2 for low, high in off)))
    down = float(np.sqrt(sum(min(0.0, low, high) ** 2 for low, high in off)))
    return Band(mid, mid - down, mid + up)
