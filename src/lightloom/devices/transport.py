"""A transport: what carries messages over the scale-out links, and what a lost frame or a flap does to the job."""

from typing import ClassVar, Literal

from lightloom.core.figures import BytesFigure, DurationFigure, ShareFigure
from lightloom.core.product import Product


class Transport(Product):
    """One transport, as network cards and their library run it.

    Args:
        recovery: What the sender sends again for one lost frame: everything since, or that frame alone.
        link_retry: Each link sends its own lost frames again, before the transport sees that they were.
        multipath: Packets of one message take many paths at once, and leave one that fails.
        lost_per_flap: Chance that the job dies of one flap of a link it uses, or of a failure the network can avoid.
        frame: Longest frame's payload, bytes.
        timeout: Until the sender gives up a frame nobody spoke of, s; left out where it is not published.
    """

    kind: ClassVar[str] = "transport"

    recovery: Literal["go-back-n", "selective"]
    link_retry: bool
    multipath: bool
    lost_per_flap: ShareFigure
    frame: BytesFigure
    timeout: DurationFigure | None = None
