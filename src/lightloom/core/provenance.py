"""Who says so: a figure with its band, how sure it is, and its source."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Sure: TypeAlias = Literal["published", "measured", "derived", "estimate"]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A document figures were read from.

    Args:
        id: Short name, unique in its file; ``file/id`` in results.
        title: Author, title, date as printed.
        where: Address, clause or page.
        read: ISO date of reading; empty if unknown.
    """

    id: str
    title: str
    where: str
    read: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in SI (or the unit its name says) with low and high, how sure, and who says so.

    Args:
        value: The figure used.
        low: Lower end of the band; equals ``value`` where it is certain.
        high: Upper end of the band.
        sure: ``published``, ``measured``, ``derived`` or ``estimate``.
        source: The document; None only for a figure the user set in a study.
        at: Place in the document.
        how: Derivation, for derived figures and estimates.
        printed: The figure as printed, with its convention, such as ``900 GB/s both ways``.
        unit: Unit of value, low and high, such as ``byte/s``; empty for counts and ratios.
    """

    value: float
    low: float
    high: float
    sure: Sure
    source: Source | None
    at: str = ""
    how: str = ""
    printed: str = ""
    unit: str = ""

    def __float__(self) -> float:
        """Return the value used."""
        return self.value

    def scaled(self, factor: float) -> "Figure":
        """Return the figure and its band times a factor; for conversions such as per-port to per-box."""
        low, high = sorted((self.low * factor, self.high * factor))
        return replace(self, value=self.value * factor, low=low, high=high)

    def map(self, change: Callable[[float], float]) -> "Figure":
        """Return the figure with a monotone function applied to value and band."""
        low, high = sorted((change(self.low), change(self.high)))
        return replace(self, value=change(self.value), low=low, high=high)
