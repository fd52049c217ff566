"""A packet switch: one chip in one box, whose throughput is split into ports."""

from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import BandwidthFigure, CountFigure, DurationFigure, MoneyFigure, PowerFigure
from lightloom.core.product import Product


class PacketSwitch(Product):
    """One switch box.

    Args:
        throughput: One way, all ports together, bytes/s.
        port_rate: Fastest port, one way, bytes/s.
        ports: Ports at ``port_rate``.
        lanes: Electrical lanes: the most ports it can be split into; unknown is no limit.
        power_typical: Box under load without modules, W.
        power_maximum: Rating of the box with every cage filled, W. Contains modules: never add links to it.
        latency: Port to port, unloaded, s.
        price: Box without modules, USD.
        part_of_node: Its watts and price are inside those of the node that holds it.
    """

    kind: ClassVar[str] = "packet-switch"

    throughput: BandwidthFigure
    port_rate: BandwidthFigure
    ports: CountFigure
    lanes: CountFigure | None = None
    power_typical: PowerFigure
    power_maximum: PowerFigure
    latency: DurationFigure
    price: MoneyFigure
    part_of_node: bool = False

    def radix_at(self, rate: Number) -> Number:
        """Ports the box offers at a rate, bytes/s one way: 0 above its fastest port, at most one a lane.

        Leaves out: port groups and reserved ports of particular boxes.
        """
        most = np.inf if self.lanes is None else self.lanes.value
        share = np.floor(self.throughput.value / np.asarray(rate, dtype=np.float64) * (1 + 1e-9))
        ports = np.where(np.asarray(rate) > self.port_rate.value * (1 + 1e-9), 0.0, np.minimum(share, most))
        return ports if np.ndim(rate) else float(ports)
