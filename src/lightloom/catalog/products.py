"""The catalog's products by name, each with its class."""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import BaseModel

from lightloom.catalog import loading
from lightloom.core.errors import CatalogError, Fault, nearest
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.fibre import Fibre
from lightloom.devices.line_system import LineSystem
from lightloom.devices.nic import Nic
from lightloom.devices.node import Node
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.plant import Plant
from lightloom.devices.product import Product
from lightloom.devices.rack import Rack
from lightloom.devices.receiver import Receiver
from lightloom.devices.storage_system import StorageSystem
from lightloom.devices.transport import Transport
from lightloom.photonics.kinds import LINK_KINDS
from lightloom.photonics.parts import LinkParts
from lightloom.photonics.product import LinkProduct

PRODUCT_FOLDERS: Mapping[str, type[Product]] = MappingProxyType(
    {
        "accelerators": Accelerator,
        "nodes": Node,
        "racks": Rack,
        "nics": Nic,
        "switches": PacketSwitch,
        "circuit-switches": CircuitSwitch,
        "receivers": Receiver,
        "transports": Transport,
        "fibres": Fibre,
        "lines": LineSystem,
        "plants": Plant,
        "storage": StorageSystem,
    }
)
"""Folders whose files are all of one class; those of ``links`` are of the class their kind names."""

FIELD = "field"
"""What fleets and handbooks tell of links failing by part."""


def accelerator(name: str) -> Accelerator:
    """Return an accelerator.

    Raises:
        CatalogError: There is none of that name, or its file has faults; so for every function here.
    """
    return loading.read("accelerators", name, Accelerator)


def node(name: str) -> Node:
    """Return a node."""
    return loading.read("nodes", name, Node)


def rack(name: str) -> Rack:
    """Return a rack."""
    return loading.read("racks", name, Rack)


def nic(name: str) -> Nic:
    """Return a network card."""
    return loading.read("nics", name, Nic)


def packet_switch(name: str) -> PacketSwitch:
    """Return a packet switch."""
    return loading.read("switches", name, PacketSwitch)


def circuit_switch(name: str) -> CircuitSwitch:
    """Return a circuit switch."""
    return loading.read("circuit-switches", name, CircuitSwitch)


def fibre(name: str) -> Fibre:
    """Return a grade of fibre."""
    return loading.read("fibres", name, Fibre)


def line_system(name: str) -> LineSystem:
    """Return the line between sites."""
    return loading.read("lines", name, LineSystem)


def plant(name: str) -> Plant:
    """Return the habits of an installation."""
    return loading.read("plants", name, Plant)


def receiver(name: str) -> Receiver:
    """Return a class of receivers."""
    return loading.read("receivers", name, Receiver)


def transport(name: str) -> Transport:
    """Return a transport."""
    return loading.read("transports", name, Transport)


def link_parts(name: str = FIELD) -> LinkParts:
    """Return what is known of links failing by part."""
    return loading.read("link-parts", name, LinkParts)


def storage(name: str) -> StorageSystem:
    """Return a storage system."""
    return loading.read("storage", name, StorageSystem)


def link(name: str) -> LinkProduct:
    """Return a link product, of the class of its file's kind."""
    document = loading.document("links", name)
    if document.kind not in LINK_KINDS:
        fault = document.fault(
            ("kind",), f"no link kind is called '{document.kind}'", nearest(document.kind, LINK_KINDS)
        )
        raise CatalogError(fault)
    return loading.read("links", name, LINK_KINDS[document.kind])


def product(folder: str, name: str) -> BaseModel:
    """Return a product of ``links`` or of any folder in :data:`PRODUCT_FOLDERS`."""
    if folder == "links":
        return link(name)
    if folder not in PRODUCT_FOLDERS:
        known = nearest(folder, ("links", *PRODUCT_FOLDERS))
        raise CatalogError(Fault("", f"no folder of products is called '{folder}'", known))
    return loading.read(folder, name, PRODUCT_FOLDERS[folder])
