"""What circuits do to one pattern of traffic: the one thing the step model asks of them."""

from dataclasses import dataclass
from typing import Protocol

from lightloom.core.arrays import Floats, Integers
from lightloom.engine.crossing import NONE, Crossing


@dataclass(frozen=True, slots=True)
class Carried:
    """One pattern over circuits.

    Args:
        crossing: Seconds of the busiest circuit per byte each rank sends, and the share of bytes that use circuits.
        latency: What circuits add to the way of a message at worst, s: relays, and waiting for their turn.
        setup: What they cost once for each phase, however long, s.
        beside: The same as ``crossing`` for the packet switches that join the same blocks, where there are any.
    """

    crossing: Crossing
    latency: float = 0.0
    setup: float = 0.0
    beside: Crossing | None = None


NOTHING = Carried(NONE)


class Carrier(Protocol):
    """Circuits under a job, set once or changing."""

    @property
    def block(self) -> Integers:
        """(accelerators,) Block of each accelerator."""
        ...

    @property
    def blocks(self) -> int:
        """How many blocks."""
        ...

    def carry(self, flows: Floats, world: int) -> Carried:
        """Return what a pattern needs.

        Args:
            flows: Bytes from block to block while each rank sends one, (blocks, blocks).
            world: How many ranks send.
        """
        ...
