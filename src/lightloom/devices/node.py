"""A node: the accelerators, network cards and host that are bought, powered and repaired together."""

from typing import ClassVar, Self

from pydantic import PositiveInt, model_validator

from lightloom.core.figures import BandwidthFigure, CountFigure, MoneyFigure, PowerFigure
from lightloom.core.product import Product


class Node(Product):
    """One server.

    Args:
        accelerator: Catalog name of its accelerator.
        accelerators: How many it holds.
        nic: Catalog name of its scale-out network card.
        nics: How many of them.
        power_training: Mean at the wall (AC) while training, W; contains the network cards and their modules.
        power_nameplate: Rating to provision for, W.
        power_module_share: Part of ``power_training`` drawn by the modules in its own network cards, W: what to
            subtract before links are added; 0 if it was measured with copper.
        price: Whole node with its network cards, without modules and cables, USD.
        rack_units: Height.
        nvme_read: Local drives together, sequential, bytes/s.
        nvme_write: Likewise.
    """

    kind: ClassVar[str] = "node"

    accelerator: str
    accelerators: PositiveInt
    nic: str
    nics: PositiveInt
    power_training: PowerFigure
    power_nameplate: PowerFigure
    power_module_share: PowerFigure
    price: MoneyFigure
    rack_units: CountFigure | None = None
    nvme_read: BandwidthFigure | None = None
    nvme_write: BandwidthFigure | None = None

    @model_validator(mode="after")
    def _measured_lies_below_nameplate(self) -> Self:
        if self.power_training.value > self.power_nameplate.value:
            message = (
                f"power_training ({self.power_training.value:g} W) is above power_nameplate "
                f"({self.power_nameplate.value:g} W); set both"
            )
            raise ValueError(message)
        if self.power_module_share.value > self.power_training.value:
            message = "power_module_share is more than the whole of power_training"
            raise ValueError(message)
        return self
