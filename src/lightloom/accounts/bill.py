"""What the cluster is made of: every part with its count, watts and price, and the share of it billed to the job."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lightloom.accounts.operation import LifeClass, Operation, Storage
from lightloom.core.provenance import Figure, Source
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.line_system import LineSystem
from lightloom.devices.node import Node
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.fabric.fabric import Cables, Fabric, Item
from lightloom.photonics.product import LinkProduct

Group: TypeAlias = Literal["node", "switch", "circuit-switch", "optics", "copper", "fibre", "storage"]
Load: TypeAlias = Literal["job", "idle", "steady"]

LIFE_OF: Mapping[Group, LifeClass] = {
    "node": "accelerators",
    "switch": "network",
    "circuit-switch": "network",
    "optics": "optics",
    "copper": "optics",
    "fibre": "fibre",
    "storage": "storage",
}
NETWORK: frozenset[Group] = frozenset(("switch", "circuit-switch", "optics", "copper", "fibre"))


@dataclass(frozen=True, slots=True)
class JobShare:
    """Which part of a cluster a job holds.

    Args:
        accelerators: That compute.
        spares: Held ready for them; None where a replacement is always at hand and nobody counts it.
        cluster: All accelerators there are.
        per_node: Accelerators of a node.
    """

    accelerators: int
    spares: int | None
    cluster: int
    per_node: int

    @property
    def nodes(self) -> int:
        """Nodes that compute."""
        return -(-self.accelerators // self.per_node)

    @property
    def spare_nodes(self) -> int:
        """Nodes held ready, as far as the cluster has them."""
        return min(-(-(self.spares or 0) // self.per_node), self.cluster_nodes - self.nodes)

    @property
    def cluster_nodes(self) -> int:
        """All nodes."""
        return -(-self.cluster // self.per_node)

    @property
    def billed(self) -> float:
        """Share of what the cluster uses together (network, storage) that is billed to the job, 0..1."""
        return (self.nodes + self.spare_nodes) / self.cluster_nodes


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of part.

    Args:
        item: What a person calls it.
        group: What it is.
        product: Catalog name.
        count: In the whole cluster.
        billed: Share of the count billed to the job, 0..1.
        load: Whether its watts follow the job, are those of an idle node, or do not change.
        power: Each, W: a node's under training, without its own modules; None if it draws nothing.
        nameplate: Each, W to provision.
        price: Each, USD; None if its price is inside another's.
    """

    item: str
    group: Group
    product: str
    count: float
    billed: float
    load: Load
    power: Figure | None
    nameplate: Figure | None
    price: Figure | None


@dataclass(frozen=True, slots=True)
class Bill:
    """Every part of a cluster.

    Args:
        parts: In the order of reports: nodes, switches, links, storage.
        share: The job's part.
        assumptions: How it was counted, as text for the reader.
    """

    parts: tuple[Part, ...]
    share: JobShare
    assumptions: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Documents behind watts and prices, each once."""
        figures = [figure for part in self.parts for figure in (part.power, part.nameplate, part.price) if figure]
        return tuple(sorted({figure.source for figure in figures if figure.source}))


@dataclass(frozen=True, slots=True)
class Products:
    """The products a fabric names.

    Args:
        node: Of every accelerator.
        packet_switches: By catalog name.
        circuit_switches: Likewise.
        links: Likewise.
        lines: Likewise; those between sites.
    """

    node: Node
    packet_switches: Mapping[str, PacketSwitch]
    circuit_switches: Mapping[str, CircuitSwitch]
    links: Mapping[str, LinkProduct]
    lines: Mapping[str, LineSystem]


def bill(fabric: Fabric, products: Products, storage: Storage, operation: Operation, share: JobShare) -> Bill:
    """List every part of a cluster, with the study's own prices where it sets some.

    Network cards are inside their node, with their watts and price; so is whatever the catalog marks ``part_of_node``.
    A node's measured power contains the modules in its own network cards: they are taken off, since the link table
    brings the modules of both ends.

    Leaves out: racks, patch panels, cooling loops (the facility's), management network, labour.
    """
    parts = (
        *_nodes(products.node, operation, share),
        *_devices(fabric.inventory, products, operation, share.billed),
        *_links(fabric.cables, products.links, operation, share.billed),
        _storage(storage, share.billed),
    )
    return Bill(tuple(part for part in parts if part.count), share, tuple(_texts(products.node, share)))


def _texts(node: Node, share: JobShare) -> Iterator[str]:
    if share.billed < 1:
        yield (
            f"Watts and capital are of the whole cluster; dollars per hour and per token, and joules per token, are of "
            f"the job's {share.nodes} nodes and {share.spare_nodes} spare ones and {share.billed:.1%} of network, "
            f"storage and facility, their share of the {share.cluster_nodes} nodes."
        )
    if node.power_module_share.value:
        yield (
            f"A node's measured power contains about {node.power_module_share.value:g} W of modules in its own network "
            f"cards; they are taken off, and the modules of the fabric's links added."
        )
    yield "Labour, land, taxes, software and what hardware is worth after its life are left out."


def _nodes(node: Node, operation: Operation, share: JobShare) -> Iterator[Part]:
    price = operation.price(node.name, node.price)
    own = node.power_module_share
    measured, rated = node.power_training, node.power_nameplate
    net = _with(measured, measured.value - own.value, measured.low - own.high, measured.high - own.low)
    nameplate = _with(rated, rated.value - own.value, rated.low - own.high, rated.high - own.low)
    others = share.cluster_nodes - share.nodes - share.spare_nodes
    kinds: tuple[tuple[str, int, float, Load], ...] = (
        ("node, computing", share.nodes, 1.0, "job"),
        ("node, spare", share.spare_nodes, 1.0, "idle"),
        ("node, not of this job", others, 0.0, "idle"),
    )
    for item, count, billed, load in kinds:
        yield Part(f"{item} ({node.name})", "node", node.name, count, billed, load, net, nameplate, price)


def _devices(inventory: tuple[Item, ...], products: Products, operation: Operation, billed: float) -> Iterator[Part]:
    for item in inventory:
        title = f"{item.name} ({item.product})"
        if item.role == "packet-switch":
            switch = products.packet_switches[item.product]
            if not switch.part_of_node:
                power, price = switch.power_typical, operation.price(switch.name, switch.price)
                yield Part(title, "switch", switch.name, item.count, billed, "steady", power, provisioned(power), price)
        elif item.role == "circuit-switch":
            chassis = products.circuit_switches[item.product]
            whole = operation.price(chassis.name, chassis.price_per_port.scaled(chassis.ports.value))
            yield Part(
                title, "circuit-switch", chassis.name, item.count, billed, "steady", chassis.power, chassis.power, whole
            )
        elif item.product in products.lines:
            yield _of_line(item, title, products.lines[item.product], operation, billed)


def _of_line(item: Item, title: str, line: LineSystem, operation: Operation, billed: float) -> Part:
    """Return amplifiers, multiplexer ports or fibre; a study prices each by the line's name and its role."""
    group: Group = "fibre" if item.role == "fibre-route" else "optics"
    listed = {
        "line-amplifier": line.amplifier_price,
        "multiplexer-port": line.channel_price,
        "fibre-route": line.fibre_price.scaled(1e3),
    }[item.role]
    name = f"{line.name} {item.role}"
    power = line.amplifier_power if item.role == "line-amplifier" else None
    nameplate = provisioned(power) if power else None
    return Part(title, group, name, item.count, billed, "steady", power, nameplate, operation.price(name, listed))


def _links(cables: Cables, products: Mapping[str, LinkProduct], operation: Operation, billed: float) -> Iterator[Part]:
    """Ends by product, then the medium by the product of its lower end."""
    table = cables.table
    ends: dict[str, float] = defaultdict(float)
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(~table.part_of_node):
        ends[table.a[row]] += float(table.count[row])
        ends[table.b[row]] += float(table.count[row])
        rows_of[table.a[row]].append(int(row))
    for name, count in ends.items():
        product = products[name]
        group: Group = "optics" if product.medium == "fibre" else "copper"
        what = "module or engine" if group == "optics" else "cable end"
        power, price = product.power, operation.price(name, product.price)
        yield Part(f"{what} ({name})", group, name, count, billed, "steady", power, provisioned(power), price)
    for name, rows in rows_of.items():
        count = table.count[rows]
        each = [
            float(np.average(column[rows], weights=count)) if count.sum() else 0.0
            for column in (table.price_medium_usd, table.price_medium_usd_low, table.price_medium_usd_high)
        ]
        if each[2] > 0:
            product = products[name]
            listed = product.medium_price or product.medium_price_per_length or product.price
            price = _with(listed, *each)
            medium: Group = "fibre" if product.medium == "fibre" else "copper"
            title = f"{'fibre cable' if medium == 'fibre' else 'cable'} ({name})"
            yield Part(title, medium, f"{name} {medium}", float(count.sum()), billed, "steady", None, None, price)


def _storage(storage: Storage, billed: float) -> Part:
    each = 1 / storage.count
    power = storage.power.scaled(each)
    return Part(
        f"storage ({storage.name})", "storage", storage.name, storage.count, billed, "steady",
        power, provisioned(power), storage.price.scaled(each),
    )  # fmt: skip


def provisioned(power: Figure) -> Figure:
    """Watts to provision for a part rated only with what it holds, or not at all: the top of its typical band.

    A switch's own rating counts every cage filled, and its modules are parts of their own here.
    """
    return _with(power, power.high, power.value, power.high)


def _with(figure: Figure, value: float, low: float, high: float) -> Figure:
    return Figure(value, low, high, figure.sure, figure.source, figure.at, figure.how, figure.printed, figure.unit)
