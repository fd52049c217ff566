"""Bits a second of one lane, and the refusal of a technology that has no such lanes."""

from collections.abc import Mapping, Sequence

from lightloom.core.errors import Fault, StudyError
from lightloom.photonics.product import LinkProduct

LINE_OVERHEAD = 0.15
"""Most that coding adds to a lane's payload: 106.25 for 100 Gb/s, 113.4 for 106.25. Either name of a lane is taken."""


def lane_rate_bps(product: LinkProduct) -> float:
    """Payload of one lane, one way, bits/s: 100 Gb/s of a 400G link over four, whatever coding adds."""
    return product.rate.value / product.lanes.value


def has_lanes(product: LinkProduct, wanted_bps: float) -> bool:
    """Tell whether its lanes are called by that rate: the payload's or the line's."""
    nominal = lane_rate_bps(product)
    return nominal * (1 - 1e-6) <= wanted_bps <= nominal * (1 + LINE_OVERHEAD)


def refuse(names: Sequence[str], wanted_bps: float, products: Mapping[str, LinkProduct]) -> None:
    """Refuse products whose lanes run at another rate.

    Raises:
        StudyError: One fault for each, with the products of its rate that have such lanes.
    """
    faults: list[Fault] = []
    for name in dict.fromkeys(names):
        if name in products and not has_lanes(products[name], wanted_bps):
            product = products[name]
            fitting = [
                other.offered
                for other in products.values()
                if other.serves(product.rate.value) and has_lanes(other, wanted_bps)
            ]
            offered = f"of its rate with such lanes: {', '.join(fitting)}" if fitting else "no product of its rate has"
            has = f"{product.lanes.value:g} lanes of {lane_rate_bps(product) / 1e9:g} Gb/s"
            faults.append(Fault("lane_rate", f"{name} has {has}, not of {wanted_bps / 1e9:g} Gb/s", offered))
    if faults:
        raise StudyError(faults)
