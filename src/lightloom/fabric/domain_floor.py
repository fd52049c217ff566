"""How long the cables of one scale-up domain are: within a rack, to the rack beside it, or up over the tray.

Every accelerator is joined to every switch of its domain. In a domain of one rack the switches stand amid the nodes; a
wider one has switch racks of its own in the middle of its racks, as the floorplan stands a switch amid what hangs
under it.
"""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.devices.node import Node
from lightloom.devices.rack import Rack
from lightloom.fabric.floorplan import FloorplanSpec, Hall, Places, lengths

UNIT = 0.04445
"""Height of a rack unit, m (IEC 60297)."""

_STEP = 1e-3
"""Lengths closer than this are one class, m."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a scale-up domain is built of.

    Args:
        floor: Dimensions of the hall.
        accelerators_per_node: In one node.
        node_units: Height of a node.
        node_power: What is provisioned for a node, W.
        rack_power: What a rack may draw, W.
        rack_units: What of a rack nodes and switches can use.
        lead: From a port to the run between trays, m.
        switches_per_unit: Scale-up switching in one rack unit, in accelerators it serves with all their bandwidth.
    """

    floor: FloorplanSpec
    accelerators_per_node: int
    node_units: float
    node_power: float
    rack_power: float
    rack_units: float
    lead: float
    switches_per_unit: float

    @classmethod
    def of(cls, floor: FloorplanSpec, node: Node, rack: Rack, *, rack_power: float, bandwidth: float) -> Self:
        """Return the room of nodes in such racks.

        Args:
            floor: Dimensions of the hall.
            node: A node without a stated height is taken as one unit an accelerator.
            rack: Its height and leads.
            rack_power: W.
            bandwidth: Scale-up, of one accelerator, one way, bytes/s.
        """
        units = float(node.accelerators) if node.rack_units is None else node.rack_units.value
        return cls(
            floor=floor,
            accelerators_per_node=node.accelerators,
            node_units=units,
            node_power=node.power_nameplate.value,
            rack_power=rack_power,
            rack_units=rack.units.value,
            lead=rack.lead.value,
            switches_per_unit=rack.switch_bandwidth.value / bandwidth,
        )

    @property
    def nodes_by_power(self) -> int:
        """Nodes a rack can feed."""
        return math.floor(self.rack_power / self.node_power * (1 + 1e-9))

    @property
    def nodes_by_height(self) -> int:
        """Nodes a rack can hold."""
        return math.floor(self.rack_units / self.node_units * (1 + 1e-9))

    @property
    def nodes_per_rack(self) -> int:
        """Nodes in a rack without switches."""
        return min(self.nodes_by_power, self.nodes_by_height)

    @property
    def nodes_beside_switches(self) -> int:
        """Most nodes in a rack that also holds the switches of all of them."""
        fitting = [
            nodes
            for nodes in range(1, self.nodes_per_rack + 1)
            if nodes * self.node_units + self.switch_units(nodes * self.accelerators_per_node) <= self.rack_units
        ]
        return max(fitting, default=0)

    def switch_units(self, accelerators: int) -> int:
        """Rack units of the switches that so many accelerators need."""
        return math.ceil(accelerators / self.switches_per_unit * (1 - 1e-9))

    def check(self) -> None:
        """Refuse a rack that holds no node.

        Raises:
            StudyError: It cannot feed one, or one is taller than it.
        """
        if self.nodes_by_power < 1:
            message = f"a rack of {self.rack_power / 1e3:g} kW cannot feed a node of {self.node_power / 1e3:g} kW"
            raise StudyError(Fault("", message, "give a rack more power"))
        if self.nodes_by_height < 1:
            message = f"a node of {self.node_units:g} units does not fit the {self.rack_units:g} of a rack"
            raise StudyError(Fault("", message, "take a lower node"))


@dataclass(frozen=True, slots=True, eq=False)
class DomainCables:
    """Cables of one domain by length.

    Args:
        accelerators: In the domain.
        racks: With nodes, or with nodes and switches.
        switch_racks: With switches alone.
        length: (classes,) m, one way, shortest first.
        share: (classes,) share of an accelerator's bandwidth on cables of that length; sums to one.
    """

    accelerators: int
    racks: int
    switch_racks: int
    length: Floats
    share: Floats

    @property
    def in_node(self) -> bool:
        """Whether the domain needs no cable."""
        return self.racks == 0

    @property
    def mean(self) -> float:
        """Mean length, m."""
        return float(self.length @ self.share)

    def quantile(self, share: float) -> float:
        """Length that a share of the cables does not exceed, m."""
        place = int(np.searchsorted(np.cumsum(self.share), share * (1 - 1e-9)))
        return float(self.length[min(place, len(self.length) - 1)])

    def within(self, reach: float) -> float:
        """Share of the cables no longer than that."""
        return float(self.share[self.length <= reach * (1 + 1e-9)].sum())


def domain_cables(room: Room, accelerators: int) -> DomainCables:
    """Return the cables of a domain.

    Nodes are spread evenly over as few racks as hold them, switches over the height of theirs. Only the two racks
    beside the switch racks reach one of them sideways, through the walls between; all other cables go over the tray,
    as :func:`lightloom.fabric.floorplan.lengths` has it.

    Leaves out: a second stage of switches, which a domain of more accelerators than a switch has ports needs: it is
    taken as boards inside the switches' chassis. Cables are as long as they must be, not as they are sold.

    Raises:
        StudyError: A rack holds no node.
    """
    room.check()
    if accelerators <= room.accelerators_per_node:
        return DomainCables(accelerators, 0, 0, frozen(np.array([room.floor.in_node])), frozen(np.ones(1)))
    nodes = math.ceil(accelerators / room.accelerators_per_node)
    switches = room.switch_units(accelerators)
    if nodes <= room.nodes_beside_switches:
        run = _apart(_around(nodes, room.node_units, switches), _stack(switches, 1.0))
        length = run * UNIT + 2 * room.lead
        return _classes(accelerators, 1, 0, length.ravel(), np.full(length.size, 1 / length.size))
    return _between_racks(room, accelerators, nodes, switches)


def _between_racks(room: Room, accelerators: int, nodes: int, switches: int) -> DomainCables:
    racks = math.ceil(nodes / room.nodes_per_rack)
    switch_racks = math.ceil(switches / room.rack_units * (1 - 1e-9))
    beside = min(racks, 2) / racks / switch_racks
    heights = _apart(_stack(math.ceil(nodes / racks), room.node_units), _stack(math.floor(room.rack_units), 1.0))
    near = heights.ravel() * UNIT + room.floor.rack_pitch + 2 * room.lead
    over, middle = _over_tray(room.floor, racks)
    over_share = np.full(racks, 1 / racks)
    over_share[middle] -= beside / len(middle)
    return _classes(
        accelerators,
        racks,
        switch_racks,
        np.concatenate([near, over]),
        np.concatenate([np.full(near.size, beside / near.size), over_share]),
    )


def _over_tray(floor: FloorplanSpec, racks: int) -> tuple[Floats, Integers]:
    """Return the cable from each rack to a switch rack amid them, m, and which racks stand beside that."""
    hall = Hall.of(floor, racks)
    x, y = hall.stand(np.arange(racks))
    amid = hall.near(np.atleast_1d(x.mean()), np.atleast_1d(y.mean()))
    places = Places(np.append(x, amid[0]), np.append(y, amid[1]), np.arange(racks + 1))
    apart = np.abs(x - amid[0]) + np.abs(y - amid[1])
    over = lengths(floor, places, np.stack([np.arange(racks), np.full(racks, racks)], axis=1))
    return over, np.argsort(apart, kind="stable")[:2]


def _stack(count: int, units: float) -> Floats:
    """Heights of the middles of things stacked around the middle of a rack, units."""
    return np.asarray((np.arange(count) - (count - 1) / 2) * units, np.float64)


def _around(nodes: int, units: float, amid: int) -> Floats:
    """Heights of nodes, half of them above and half below what stands amid them, units."""
    above = nodes - nodes // 2
    up, down = (amid / 2 + (np.arange(count) + 0.5) * units for count in (above, nodes // 2))
    return np.asarray(np.concatenate([up, -down]), np.float64)


def _apart(a: Floats, b: Floats) -> Floats:
    return np.abs(a[:, None] - b[None, :])


def _classes(accelerators: int, racks: int, switch_racks: int, length: Floats, share: Floats) -> DomainCables:
    """Group equal lengths, shortest first."""
    found, inverse = np.unique(np.rint(length / _STEP), return_inverse=True)
    total = np.bincount(inverse, weights=share).astype(np.float64)
    kept = total > 0
    return DomainCables(accelerators, racks, switch_racks, frozen((found * _STEP)[kept]), frozen(total[kept]))
