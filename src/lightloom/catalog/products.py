"""The catalog's products by name, each with its class."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from lightloom.catalog import loading
from lightloom.core.errors import CatalogError, Fault, nearest
from lightloom.core.product import Product
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.cabling import Cabling
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.fibre import Fibre
from lightloom.devices.line_system import LineSystem
from lightloom.devices.nic import Nic
from lightloom.devices.node import Node
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.plant import Plant
from lightloom.devices.rack import Rack
from lightloom.devices.receiver import Receiver
from lightloom.devices.storage_system import StorageSystem
from lightloom.devices.transport import Transport
from lightloom.devices.trunk import Trunk
from lightloom.photonics.kinds import LINK_KINDS
from lightloom.photonics.parts import LinkParts
from lightloom.photonics.product import LinkProduct

P = TypeVar("P", bound=Product)


@dataclass(frozen=True, slots=True)
class Folder(Generic[P]):
    """A folder of the catalog whose files are all of one class; called with a name, it returns that product."""

    folder: str
    shape: type[P]

    def __call__(self, name: str) -> P:
        """Return the product of that name.

        Raises:
            CatalogError: There is none, or its file has faults; so for every function here.
        """
        return loading.read(self.folder, name, self.shape)

    def every(self) -> tuple[P, ...]:
        """Return all its products, in the order of their names."""
        return tuple(self(name) for name in loading.names(self.folder))


accelerator = Folder("accelerators", Accelerator)
node = Folder("nodes", Node)
rack = Folder("racks", Rack)
nic = Folder("nics", Nic)
packet_switch = Folder("switches", PacketSwitch)
circuit_switch = Folder("circuit-switches", CircuitSwitch)
receiver = Folder("receivers", Receiver)
"""Classes of receivers."""
transport = Folder("transports", Transport)
fibre = Folder("fibres", Fibre)
"""Grades of fibre."""
trunk = Folder("trunks", Trunk)
"""Sizes of pre-terminated trunks."""
cabling = Folder("cabling", Cabling)
"""Trays, panels and cords."""
line_system = Folder("lines", LineSystem)
"""Lines between sites."""
plant = Folder("plants", Plant)
"""Habits of installations."""
storage = Folder("storage", StorageSystem)

_FOLDERS: tuple[Folder[Any], ...] = (
    accelerator, node, rack, nic, packet_switch, circuit_switch, receiver, transport, fibre, trunk, cabling,
    line_system, plant, storage,
)  # fmt: skip

PRODUCT_FOLDERS: Mapping[str, type[Product]] = MappingProxyType({each.folder: each.shape for each in _FOLDERS})
"""Folders whose files are all of one class; those of ``links`` are of the class their kind names."""

FIELD = "field"
"""What fleets and handbooks tell of links failing by part."""


def link_parts(name: str = FIELD) -> LinkParts:
    """Return what is known of links failing by part."""
    return loading.read("link-parts", name, LinkParts)


def link(name: str) -> LinkProduct:
    """Return a link product, of the class of its file's kind."""
    document = loading.document("links", name)
    if document.kind not in LINK_KINDS:
        fault = document.fault(
            ("kind",), f"no link kind is called '{document.kind}'", nearest(document.kind, LINK_KINDS)
        )
        raise CatalogError(fault)
    return loading.read("links", name, LINK_KINDS[document.kind])


def links() -> dict[str, LinkProduct]:
    """Return every link product by name."""
    return {name: link(name) for name in loading.names("links")}


def product(folder: str, name: str) -> Product:
    """Return a product of ``links`` or of any folder in :data:`PRODUCT_FOLDERS`."""
    if folder == "links":
        return link(name)
    if folder not in PRODUCT_FOLDERS:
        known = nearest(folder, ("links", *PRODUCT_FOLDERS))
        raise CatalogError(Fault("", f"no folder of products is called '{folder}'", known))
    return loading.read(folder, name, PRODUCT_FOLDERS[folder])
