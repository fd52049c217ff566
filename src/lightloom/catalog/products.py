"""The catalog's products by name, each with its class."""

from collections.abc import Mapping
from types import MappingProxyType

from lightloom.catalog import loading
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.nic import Nic
from lightloom.devices.node import Node
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.product import Product
from lightloom.devices.storage_system import StorageSystem

PRODUCT_FOLDERS: Mapping[str, type[Product]] = MappingProxyType(
    {
        "accelerators": Accelerator,
        "nodes": Node,
        "nics": Nic,
        "switches": PacketSwitch,
        "circuit-switches": CircuitSwitch,
        "storage": StorageSystem,
    }
)
"""Folders whose files are all of one class."""


def accelerator(name: str) -> Accelerator:
    """Return an accelerator; raises :class:`CatalogError` with the nearest name."""
    return loading.read("accelerators", name, Accelerator)


def node(name: str) -> Node:
    """Return a node; raises :class:`CatalogError` with the nearest name."""
    return loading.read("nodes", name, Node)


def nic(name: str) -> Nic:
    """Return a network card; raises :class:`CatalogError` with the nearest name."""
    return loading.read("nics", name, Nic)


def packet_switch(name: str) -> PacketSwitch:
    """Return a packet switch; raises :class:`CatalogError` with the nearest name."""
    return loading.read("switches", name, PacketSwitch)


def circuit_switch(name: str) -> CircuitSwitch:
    """Return a circuit switch; raises :class:`CatalogError` with the nearest name."""
    return loading.read("circuit-switches", name, CircuitSwitch)


def storage(name: str) -> StorageSystem:
    """Return a storage system; raises :class:`CatalogError` with the nearest name."""
    return loading.read("storage", name, StorageSystem)
