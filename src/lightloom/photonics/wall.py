"""How far a product closes, and how sure that is: where its copper ends, from the loss of its own figures."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.provenance import Figure
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.pair import Mode, Pair
from lightloom.photonics.product import Path
from lightloom.photonics.temperature import AT_REFERENCE

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


def longest(
    product: ElectricalProduct, *, mode: Mode, required_db: float = 0.0, temperature: float = AT_REFERENCE
) -> float:
    """Return the longest cable that closes, m.

    The margin in decibels falls on a straight line of length, so two lengths give where it is spent; a cable is never
    longer than its specification speaks of.

    Args:
        product: Both ends.
        mode: ``spec_min``, or ``distribution``: the worst of a hundred cables closes.
        required_db: Margin it must leave.
        temperature: Of the copper, °C; :data:`AT_REFERENCE` for that of its figures. Nought metres where it is
            specified for no such one.
    """
    path = Path(_PROBE, temperature=temperature)
    verdict = Pair(product, product).judge(path, mode=mode, required_db=required_db)
    left = verdict.deciding_db
    mild = bool(verdict.within_temperature.all())
    return float(min(max(0.0, left[0] / (left[0] - left[1])), product.reach)) if mild else 0.0


@dataclass(frozen=True, slots=True)
class ReachSwing:
    """What the longest cable becomes with figures at either end of their band.

    Args:
        names: Figures of the product that err together; mostly one.
        at_low: Longest cable with them at their low end, m.
        at_high: Likewise at their high end.
    """

    names: tuple[str, ...]
    at_low: float
    at_high: float

    @property
    def size(self) -> float:
        """How far the two ends are apart, m."""
        return abs(self.at_high - self.at_low)


def reach_swings(
    product: ElectricalProduct, *, mode: Mode, required_db: float = 0.0, temperature: float = AT_REFERENCE
) -> tuple[ReachSwing, ...]:
    """Return what each figure with a band does to the longest cable, the others at their values; largest first.

    The two losses by which the cable's attenuation is known are one figure: they err together.
    """
    found: list[ReachSwing] = []
    for names in _levers(product):
        low, high = (
            longest(_moved(product, names, high=end), mode=mode, required_db=required_db, temperature=temperature)
            for end in (False, True)
        )
        found.append(ReachSwing(names, low, high))
    return tuple(sorted((swing for swing in found if swing.size > 0), key=lambda swing: -swing.size))


def longest_band(
    product: ElectricalProduct, *, mode: Mode, required_db: float = 0.0, temperature: float = AT_REFERENCE
) -> Reach:
    """Return the longest cable that closes, with the band its figures leave.

    Deviations of :func:`reach_swings` add in quadrature, longer and shorter ones apart.
    """
    mid = longest(product, mode=mode, required_db=required_db, temperature=temperature)
    moved = [
        (swing.at_low - mid, swing.at_high - mid)
        for swing in reach_swings(product, mode=mode, required_db=required_db, temperature=temperature)
    ]
    up = sum(max(0.0, *ends) ** 2 for ends in moved)
    down = sum(min(0.0, *ends) ** 2 for ends in moved)
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
