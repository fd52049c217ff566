"""A network card: the accelerator's door to the scale-out network."""

from typing import ClassVar

from lightloom.core.figures import BandwidthFigure, DurationFigure, MoneyFigure, PowerFigure
from lightloom.core.product import Product


class Nic(Product):
    """One network card, without module or cable.

    Args:
        rate: All its ports together, one way, bytes/s.
        power: Card without modules, W.
        price: Card alone, USD; a node's price contains its own cards.
        latency: Card alone, one way, s.
    """

    kind: ClassVar[str] = "nic"

    rate: BandwidthFigure
    power: PowerFigure
    price: MoneyFigure | None = None
    latency: DurationFigure | None = None
