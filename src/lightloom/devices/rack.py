"""A rack built around a scale-up domain: what it may draw, and how far apart things stand inside it."""

from typing import ClassVar

from lightloom.core.figures import BandwidthFigure, CountFigure, LengthFigure, PowerFigure
from lightloom.core.product import Product


class Rack(Product):
    """One rack.

    Args:
        power: What the equipment in it may draw, W.
        units: Rack units (44.45 mm) that nodes and switches can use: power shelves and management taken off.
        switch_bandwidth: Scale-up switching in one rack unit, one way, bytes/s.
        lead: From a port to the run between trays, at either end of a cable within the rack, m.
    """

    kind: ClassVar[str] = "rack"

    power: PowerFigure
    units: CountFigure
    switch_bandwidth: BandwidthFigure
    lead: LengthFigure
