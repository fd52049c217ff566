"""A bill by hand: counts times unit prices, for fabrics known by their parts lists only."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """Equal parts.

    Args:
        count: How many.
        price_usd: Of one.
    """

    count: float
    price_usd: float


def total_usd(lines: Iterable[Line]) -> float:
    """Return the price of all parts, USD."""
    return sum((line.count * line.price_usd for line in lines), start=0.0)


def per_endpoint_usd(lines: Iterable[Line], endpoints: int) -> float:
    """Return the price of all parts shared out over endpoints, USD."""
    return total_usd(lines) / endpoints
