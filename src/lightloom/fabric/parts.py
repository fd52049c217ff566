"""Where a fabric finds the products its study names: the catalog, unless a caller brings its own."""

from collections.abc import Mapping
from typing import Protocol

from lightloom.catalog import products
from lightloom.core.errors import CatalogError, Fault
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.line_system import LineSystem
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.receiver import Receiver
from lightloom.fabric.topology import Ports
from lightloom.photonics.product import LinkProduct


class Parts(Protocol):
    """Products by name."""

    def packet_switch(self, name: str) -> PacketSwitch:
        """Return a packet switch; raises CatalogError."""
        ...

    def circuit_switch(self, name: str) -> CircuitSwitch:
        """Return a circuit switch; raises CatalogError."""
        ...

    def receiver(self, name: str) -> Receiver:
        """Return a class of receivers; raises CatalogError."""
        ...

    def line_system(self, name: str) -> LineSystem:
        """Return a line between sites; raises CatalogError."""
        ...

    @property
    def links(self) -> Mapping[str, LinkProduct]:
        """Every link product."""
        ...


class CatalogParts:
    """The shipped catalog."""

    def packet_switch(self, name: str) -> PacketSwitch:
        """Return a packet switch."""
        return products.packet_switch(name)

    def circuit_switch(self, name: str) -> CircuitSwitch:
        """Return a circuit switch."""
        return products.circuit_switch(name)

    def receiver(self, name: str) -> Receiver:
        """Return a class of receivers."""
        return products.receiver(name)

    def line_system(self, name: str) -> LineSystem:
        """Return a line between sites."""
        return products.line_system(name)

    @property
    def links(self) -> Mapping[str, LinkProduct]:
        """Every link product."""
        return products.links()


def ports_of(switch: PacketSwitch) -> Ports:
    """Return what a topology asks of a packet switch."""
    return Ports(switch.port_rate.value, lambda rate: int(switch.radix_at(rate)))


def unknown(error: CatalogError, key: str) -> list[Fault]:
    """Say at the study's key what the catalog could not find; faults inside a catalog file keep their place."""
    return [fault if fault.file else Fault(key, fault.message, fault.hint) for fault in error.faults]
