"""A storage system: what feeds the job and takes its checkpoints."""

from dataclasses import replace
from typing import ClassVar

from lightloom.core.figures import BandwidthFigure, BytesFigure, MoneyPerBytesFigure, PowerFigure
from lightloom.core.product import Product
from lightloom.core.provenance import Figure


class StorageSystem(Product):
    """One storage system, or one building block of it.

    Args:
        read: Sustained, all clients together, bytes/s.
        write: Likewise.
        read_peak: In bursts, bytes/s.
        capacity: Usable, bytes.
        power: Whole system at ``capacity``, W.
        price_per_byte: System per usable byte, USD/byte.
    """

    kind: ClassVar[str] = "storage"

    read: BandwidthFigure
    write: BandwidthFigure
    read_peak: BandwidthFigure | None = None
    capacity: BytesFigure
    power: PowerFigure | None = None
    price_per_byte: MoneyPerBytesFigure | None = None

    @property
    def power_per_byte(self) -> Figure | None:
        """Watts per usable byte; None where the power is unknown."""
        return None if self.power is None else replace(self.power.scaled(1 / self.capacity.value), unit="W/byte")
