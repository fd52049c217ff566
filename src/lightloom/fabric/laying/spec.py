"""The ``cabling`` entry of a fabric: how cables are laid; no time, watt or dollar of an answer depends on it."""

from typing import Annotated, Literal

from pydantic import Field

from lightloom.core.specs import Reference, Spec
from lightloom.core.units import Count


class CablingSpec(Spec):
    """How the cables of a fabric are laid.

    Args:
        hardware: Trays, panels and cords.
        trunks: Sizes of trunks that may be taken; left out: every one of the catalog.
        between: What trunks join: panels in each rack, or one panel in the middle of each row, cords along the row.
        least: Cables with which a trunk begins; fewer between two places are laid one by one.
    """

    hardware: Annotated[str, Reference("cabling")] = "overhead"
    trunks: tuple[Annotated[str, Reference("trunks")], ...] = ()
    between: Literal["racks", "rows"] = "racks"
    least: Annotated[Count, Field(ge=1, le=1_000_000)] = 2
