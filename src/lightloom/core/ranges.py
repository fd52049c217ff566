"""Ranges within which a study's figure makes sense, said in the units people write."""

from pydantic import AfterValidator

from lightloom.core.provenance import Figure
from lightloom.core.units import Dimension


def within(dimension: Dimension, low: str, high: str, why: str = "") -> AfterValidator:
    """Return a validator that refuses figures and SI numbers outside a range, band included.

    Args:
        dimension: Of the figure.
        low: Least sensible value, as written in a study.
        high: Largest one, likewise.
        why: Said behind the range, where a reader may wonder.
    """
    least, most = dimension.parse(low), dimension.parse(high)
    rule = f"the range is {low} … {high}{f': {why}' if why else ''}"

    def check(value: Figure | float) -> Figure | float:
        bottom, top = (value.low, value.high) if isinstance(value, Figure) else (value, value)
        if not (least <= bottom and top <= most):
            shown = value.printed if isinstance(value, Figure) else f"{value:g} {dimension.si}".strip()
            message = f"'{shown:.40}' is outside the range of what makes sense here; {rule}"
            raise ValueError(message)
        return value

    return AfterValidator(check)
