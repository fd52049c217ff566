"""A pre-terminated trunk: many fibres in one jacket, multi-fibre connectors put on at the factory at both ends."""

from typing import ClassVar, Self

from pydantic import model_validator

from lightloom.core.figures import CountFigure, LengthFigure
from lightloom.core.product import Product

TWELVE = 12
"""Fibres of a ribbon, and of the connector on it (MPO-12, IEC 61754-7)."""


class Trunk(Product):
    """One size of trunk; its length is made to order.

    Args:
        fibres: In the jacket, all of them in connectors: a multiple of 12.
        diameter: Over the jacket, m.
    """

    kind: ClassVar[str] = "trunk"

    fibres: CountFigure
    diameter: LengthFigure

    @model_validator(mode="after")
    def _made_of_ribbons(self) -> Self:
        if self.fibres.value % TWELVE:
            message = f"a trunk is made of ribbons of {TWELVE} fibres; {self.fibres.value:g} are not whole ones"
            raise ValueError(message)
        return self
