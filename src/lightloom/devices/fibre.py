"""A grade of cabled fibre: what a metre of it loses, and how fast light is in it."""

from typing import ClassVar, Literal

from lightloom.core.figures import AttenuationFigure, RatioFigure
from lightloom.core.product import Product


class Fibre(Product):
    """One grade of cabled fibre.

    Args:
        modes: One mode for lasers in the O and C band, many for light of 850 nm; a module takes one or the other.
        attenuation: Guaranteed, at the band the grade is sold for.
        attenuation_typical: As installed.
        group_index: Speed of light over speed in the glass.
    """

    kind: ClassVar[str] = "fibre"

    modes: Literal["single", "multi"]
    attenuation: AttenuationFigure
    attenuation_typical: AttenuationFigure
    group_index: RatioFigure
