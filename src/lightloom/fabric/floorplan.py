"""Where things stand, and so how long every cable is: racks in rows, rows in columns of a near-square hall."""

from typing import Annotated, Literal

from pydantic import Field

from lightloom.core.specs import Spec
from lightloom.core.units import Count, Length, Share


class FloorplanSpec(Spec):
    """Racks on a floor.

    Between racks a cable goes up to the tray, along rows and aisles, and down: length = (2 x vertical + distance along
    rows + distance across rows) x (1 + slack), rounded up to whole steps as cables are ordered.

    Args:
        nodes_per_rack: Nodes in a rack.
        racks_per_row: Racks side by side.
        rows_per_column: Rows behind each other before the next column of rows begins; ``auto`` makes the hall about as
            deep as it is wide.
        rack_pitch: Width of a rack, m.
        row_pitch: Row to row, m: 1.2 m of racks, aisles on both sides; 2.4 to 3.6 m is usual.
        cross_aisle: Between columns of rows, m.
        vertical: From a port up to the tray, m, at either end.
        slack: Length added for routing that is never straight.
        in_rack: Cable from a node to a switch of the same rack, m: the longest passive one sold for 100 Gb/s lanes,
            enough for either end of a 2.2 m rack from its middle.
        in_node: Link inside a node, m.
        step: Cables are ordered in multiples of this, m.

    Source: dimensions of a facility by common practice (rack 0.6 x 1.2 x 2.2 m, 3 m to the tray and back, 10 % slack);
        estimates all, to be replaced by those of the site.
    """

    nodes_per_rack: Annotated[Count, Field(ge=1, le=1000)] = 4
    racks_per_row: Annotated[Count, Field(ge=1, le=10_000)] = 16
    rows_per_column: Annotated[Count, Field(ge=1, le=10_000)] | Literal["auto"] = "auto"
    rack_pitch: Annotated[Length, Field(gt=0, le=10)] = 0.6
    row_pitch: Annotated[Length, Field(gt=0, le=100)] = 3.0
    cross_aisle: Annotated[Length, Field(le=100)] = 1.8
    vertical: Annotated[Length, Field(le=100)] = 3.0
    slack: Annotated[Share, Field(le=1)] = 0.1
    in_rack: Annotated[Length, Field(gt=0, le=10)] = 2.0
    in_node: Annotated[Length, Field(gt=0, le=2)] = 0.5
    step: Annotated[Length, Field(gt=0, le=100)] = 1.0
