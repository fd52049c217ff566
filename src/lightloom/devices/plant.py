"""How links come out of the hands that install them: what a plant adds to the spread of its parts."""

from typing import ClassVar

from lightloom.core.figures import LossFigure, ShareFigure
from lightloom.core.product import Product


class Plant(Product):
    """Habits of an installation.

    Args:
        contaminated_share: Connectors that are dirty when a link is first lit, after the installer's own inspection.
        contamination_loss: Mean loss a dirty connector adds; exponentially distributed, dB.
        temperature_spread: Standard deviation of margin that the modules' temperatures alone make, dB.
    """

    kind: ClassVar[str] = "plant"

    contaminated_share: ShareFigure
    contamination_loss: LossFigure
    temperature_spread: LossFigure
