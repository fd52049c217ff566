"""How far a product closes, and how sure that is: where its copper ends, from the loss of its own figures."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.provenance import Figure
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.pair import Mode, Pair
from lightloom.photonics.product import Path

_PROBE = np.array([0.0, 1.0])
"""Two lengths that give the line on which the margin of copper falls, m."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Longest cable that closes, m, with its band."""

    mid: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return ``{mid, low, high}``."""
        return {"mid": self.mid, "low": self.low, "high": self.high}


def longest(product: ElectricalProduct, *, mode: Mode, required_db: float = 0.0) -> float:
    """Return the longest cable that closes, m.

    The margin in decibels falls on a straight line of length, so two lengths give where it is spent; a cable is never
    longer than its specification speaks of.

    Args:
        product: Both ends.
        mode: ``spec_min``, or ``distribution``: the worst of a hundred cables closes.
        required_db: Margin it must leave.
    """
    left = Pair(product, product).judge(Path(_PROBE), mode=mode, required_db=required_db).deciding_db
    return float(min(max(0.0, left[0] / (left[0] - left[1])), product.reach))


def longest_band(product: ElectricalProduct, *, mode: Mode, required_db: float = 0.0) -> Reach:
    """Return the longest cable that closes, with the band its figures leave.

    Each figure goes to either end of its band while the others stay; deviations add in quadrature, longer and shorter
    ones apart. The two losses by which the cable's attenuation is known are one figure: they err together.
    """
    mid = longest(product, mode=mode, required_db=required_db)
    up = down = 0.0
    for group in _levers(product):
        moved = [
            longest(_moved(product, group, high=high), mode=mode, required_db=required_db) for high in (False, True)
        ]
        up += max(0.0, *(length - mid for length in moved)) ** 2
        down += min(0.0, *(length - mid for length in moved)) ** 2
    return Reach(mid, max(0.0, mid - float(np.sqrt(down))), mid + float(np.sqrt(up)))


_CABLE = ("first_loss", "second_loss")


def _levers(product: ElectricalProduct) -> list[tuple[str, ...]]:
    """Return names of figures with a band, those that err together in one entry."""
    fields = [name for name in type(product).model_fields if isinstance(getattr(product, name), Figure)]
    return [_CABLE, *((name,) for name in fields if name not in _CABLE)]


def _moved(product: ElectricalProduct, names: tuple[str, ...], *, high: bool) -> ElectricalProduct:
    changes: dict[str, Figure] = {}
    for name in names:
        figure: Figure = getattr(product, name)
        end = figure.high if high else figure.low
        changes[name] = Figure(end, end, end, figure.sure, figure.source)
    return product.model_copy(update=changes)
