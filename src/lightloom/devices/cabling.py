"""What cables lie in and end at: trays over the racks, patch panels, racks of switches, and cords."""

from typing import ClassVar

from lightloom.core.figures import CountFigure, LengthFigure, ShareFigure
from lightloom.core.product import Product


class Cabling(Product):
    """The passive hardware of a hall.

    Args:
        tray_width: Inside, m.
        tray_depth: Inside, m.
        tray_fill: Most of a tray's cross-section that cables may take.
        panel_fibres: Fibres behind duplex connectors at the front of one rack unit of panels.
        panel_connectors: Multi-fibre connectors at the front of one rack unit of panels.
        switches_per_rack: Switch boxes in a rack that holds no nodes, panels beside them.
        cord_diameter: A cable of up to 16 fibres, m; more fibres are as many such cables side by side.
        copper_diameter: A passive cable of 16 pairs, m; its cross-section goes with the pairs.
        active_copper_diameter: Likewise with electronics in its ends, which take thinner wire.
    """

    kind: ClassVar[str] = "cabling"

    tray_width: LengthFigure
    tray_depth: LengthFigure
    tray_fill: ShareFigure
    panel_fibres: CountFigure
    panel_connectors: CountFigure
    switches_per_rack: CountFigure
    cord_diameter: LengthFigure
    copper_diameter: LengthFigure
    active_copper_diameter: LengthFigure
