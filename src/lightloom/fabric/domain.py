"""One network of a cluster, built: topology laid, stood on the floor, cabled, its levels and devices counted."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import CatalogError, Fault, StudyError
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.receiver import REGIMES
from lightloom.fabric.cabling import Chooser, runs
from lightloom.fabric.changes import path_outages
from lightloom.fabric.fabric import RAIL, Cables, CircuitSpace, ClusterShape, Item, Level, Mesh
from lightloom.fabric.floorplan import FloorplanSpec, lengths, place
from lightloom.fabric.mesh_layout import CUBE, MESH
from lightloom.fabric.parts import Parts, ports_of
from lightloom.fabric.topology import Layout, Setting, Topology
from lightloom.fabric.transport import NOTICED, TransportUse, carried_share
from lightloom.fabric.wiring import Domain, Wiring
from lightloom.photonics.product import LinkProduct

AnySwitch = TypeVar("AnySwitch", PacketSwitch, CircuitSwitch)


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """One of a fabric's networks.

    Args:
        layout: As laid, placed and classed.
        cables: Its links.
        levels: Its levels, lowest first.
        items: Its devices.
        circuit_space: What its circuits can join; None without.
        endpoint: (accelerators,) endpoint of each.
        transport: What carries messages; None where links do by themselves.
        remarks: What lost frames take, as text for the reader.
    """

    layout: Layout
    cables: Cables
    levels: tuple[Level, ...]
    items: tuple[Item, ...]
    circuit_space: CircuitSpace | None
    endpoint: Integers
    transport: TransportUse | None
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """What every network of a cluster is built from.

    Args:
        shape: The cluster.
        floor: Its floor.
        parts: Where switches are found.
        links: Every link product.
    """

    shape: ClusterShape
    floor: FloorplanSpec
    parts: Parts
    links: Mapping[str, LinkProduct]


def build_network(topology: Topology, section: Domain, site: Site) -> Network:
    """Build one network, of the domain its section is called after.

    Raises:
        StudyError: Every fault, keys relative to ``fabric``.
    """
    try:
        topology, setting, endpoint = _setting(topology, section, site)
        layout = topology.lay(setting)
    except StudyError as error:
        raise StudyError(replace(fault, key=f"{section}.{fault.key}".rstrip(".")) for fault in error.faults) from None
    wiring = layout.wiring
    places = place(site.floor, wiring, setting.endpoints_per_rack)
    length = lengths(site.floor, places, wiring.ends)
    in_rack = places.rack[wiring.ends[:, 0]] == places.rack[wiring.ends[:, 1]]
    if layout.tiers[0].in_node:
        length = np.full_like(length, site.floor.in_node)
    elif layout.mesh:
        length = np.where(_within_node(wiring, setting), site.floor.in_node, length)
    if layout.lengths is not None:
        length = np.where(np.isnan(layout.lengths), length, layout.lengths)
    mirrors = site.parts.circuit_switch(layout.circuits.product) if layout.circuits else None
    cables, edge_row = Chooser(topology, section, site.links, mirrors).cables(layout, runs(layout, length, in_rack))
    each = _ports_each(layout, cables)
    transport = topology.transport_use
    levels, remarks = _delivered(_levels(layout, cables, endpoint, setting, site.parts), cables, site.links, transport)
    return Network(
        layout=replace(layout, wiring=wiring.placed(places.rack).classed(edge_row)),
        cables=cables,
        levels=(*levels, *_apart(layout, setting, endpoint)),
        items=tuple(_items(layout, each)),
        circuit_space=_space(layout, mirrors, each, _outages(topology, layout, cables, mirrors, site)),
        endpoint=endpoint,
        transport=transport,
        remarks=remarks,
    )


def _setting(topology: Topology, section: Domain, site: Site) -> tuple[Topology, Setting, Integers]:
    """Return the topology, what it is told, and each accelerator's endpoint.

    Several network cards of one accelerator are parallel planes; one card of several accelerators is their common
    endpoint.
    """
    shape, node = site.shape, site.shape.accelerators_per_node
    per_node, rate = node, shape.scale_up_bandwidth
    if section == "scale_out":
        per_node = min(node, shape.nics_per_node)
        cards = shape.nics_per_node // per_node
        rate = cards * shape.nic_bandwidth
        topology = topology.with_cards(cards)
    own = getattr(topology, "switch", None)
    setting = Setting(
        endpoints=shape.nodes * per_node,
        endpoints_per_node=per_node,
        accelerators_per_endpoint=node // per_node,
        nodes_per_rack=site.floor.nodes_per_rack,
        rate=rate,
        packet_ports=lambda name: ports_of(_known(site.parts.packet_switch, name, own)),
        circuit_ports=lambda name: int(_known(site.parts.circuit_switch, name, own).ports_usable.value),
        domain=section,
    )
    return topology, setting, frozen(np.arange(shape.accelerators) // (node // per_node))


def _within_node(wiring: Wiring, setting: Setting) -> Booleans:
    """(edges,) Whether a link joins two endpoints of one node."""
    node = wiring.ends // setting.endpoints_per_node
    return np.asarray((wiring.ends < wiring.endpoints).all(axis=1) & (node[:, 0] == node[:, 1]))


def _known(find: Callable[[str], AnySwitch], name: str, own: object) -> AnySwitch:
    try:
        return find(name)
    except CatalogError as error:
        if any(fault.file for fault in error.faults):
            raise
        key = "switch" if name == own else "core.switch"
        raise StudyError(Fault(key, fault.message, fault.hint) for fault in error.faults) from None


def _ports_each(layout: Layout, cables: Cables) -> float:
    """Ports of circuit switches one end of a link takes, half a port a fibre; 0 without circuits.

    A port is a fibre in and one out. A link both ways on one fibre takes the one at one end and the other at the other;
    every set of circuits can be directed so that each block with an even count of fibres has as many in as out.
    """
    if layout.circuits is None:
        return 0.0
    rows = cables.rows(layout.wiring.levels[-1][0], layout.circuits.cables)
    return float(cables.table.fibres[rows].max()) / 2.0


def _levels(layout: Layout, cables: Cables, endpoint: Integers, setting: Setting, parts: Parts) -> tuple[Level, ...]:
    """Levels; each adds one way its cables up and down, the switch above, and the switch below on the way down."""
    found: list[Level] = []
    below = 0.0
    for index, ((domain, name), (_, block), tier) in enumerate(
        zip(layout.wiring.levels, layout.blocks, layout.tiers, strict=True)
    ):
        rows = cables.rows(domain, name)
        cable = float(np.average(cables.table.latency[rows], weights=cables.table.count[rows])) if len(rows) else 0.0
        own = frozen(block[endpoint])
        if layout.mesh and name == CUBE:
            continue  # its links are some of the mesh's
        if layout.mesh and name == MESH:
            cable = _mean_latency(cables, domain)
            mesh = Mesh(layout.mesh.ground, layout.mesh.routing, cable + below)
            found.append(Level(domain, name, own, _all_ways(layout.wiring, index, block), 0.0, mesh))
            continue
        if layout.circuits is not None and name == layout.circuits.links:
            continue  # beside the packet switches above the same blocks, not above them
        if tier.name == "circuit":
            latency = cable + below
        else:
            above = tier.hops * parts.packet_switch(tier.product).latency.value if tier.boxes else 0.0
            latency, below = 2 * cable + above + below, above
        found.append(Level(domain, name, own, _upward(layout, index, setting), latency))
    return tuple(found)


def _apart(layout: Layout, setting: Setting, endpoint: Integers) -> Iterator[Level]:
    """Yield the level that nothing crosses, where a scale-out network is of rails that no switch joins."""
    parts = int(layout.island.max()) + 1
    if setting.domain == "scale_out" and layout.mesh is None and parts > 1:
        yield Level("scale_out", RAIL, frozen(layout.island[endpoint]), frozen(np.zeros(parts)), 0.0)


def _mean_latency(cables: Cables, domain: Domain) -> float:
    """Mean of a mesh's links, those through circuit switches included, s."""
    rows = np.concatenate([cables.rows(domain, MESH), cables.rows(domain, CUBE)])
    return float(np.average(cables.table.latency[rows], weights=cables.table.count[rows]))


def _upward(layout: Layout, index: int, setting: Setting) -> Floats:
    """Bytes/s of each block upwards; an endpoint that is a vertex of a mesh itself sends what it has at most."""
    if layout.wiring.cables(index):
        return frozen(layout.wiring.capacity(index))
    return frozen(np.full(setting.endpoints, setting.rate))


def _all_ways(wiring: Wiring, index: int, block: Integers) -> Floats:
    """Bytes/s of each block of a mesh over all its links together, one way."""
    rows = wiring.level >= index
    each = wiring.multiplicity[rows] * wiring.rate[rows]
    total = np.bincount(wiring.ends[rows].ravel(), np.repeat(each, 2), wiring.vertices).astype(np.float64)
    first = 0 if wiring.cables(0) == 0 else wiring.endpoints
    return frozen(total[first : first + int(block.max()) + 1])


def _delivered(
    levels: tuple[Level, ...], cables: Cables, links: Mapping[str, LinkProduct], transport: TransportUse | None
) -> tuple[tuple[Level, ...], tuple[str, ...]]:
    """Levels with what lost frames leave of their bandwidth, and a word on those that lose any."""
    round_trip = 2.0 * sum(level.latency for level in levels)
    product = transport.product if transport else None
    found: list[Level] = []
    remarks: list[str] = []
    for level in levels:
        rows = cables.rows(level.domain, level.name)
        if level.mesh:
            rows = np.concatenate([rows, cables.rows(level.domain, CUBE)])
        share = carried_share(cables.table, rows, links, product, round_trip)
        if share < 1.0 - NOTICED:
            remarks.append(f"{level.name} links lose frames, and what is sent again leaves {share:.2%} of bandwidth")
        found.append(level if share == 1.0 else _slowed(level, share))
    return tuple(found), tuple(remarks)


def _slowed(level: Level, share: float) -> Level:
    """Level with a share of its bandwidth."""
    mesh = level.mesh
    if mesh:
        graph = mesh.ground.graph
        left = replace(graph, capacity=frozen(graph.capacity * share))
        mesh = replace(mesh, ground=replace(mesh.ground, graph=left))
    return replace(level, up=frozen(level.up * share), mesh=mesh)


def _items(layout: Layout, ports_each: float) -> list[Item]:
    found: list[Item] = []
    for (domain, _), tier in zip(layout.wiring.levels, layout.tiers, strict=True):
        if tier.in_node or not tier.boxes:
            continue
        if tier.name == "circuit" and layout.circuits is not None:
            ports = math.ceil(layout.circuits.blocks * layout.circuits.ports_per_block * ports_each)
            boxes = math.ceil(tier.boxes * ports_each)
            found.append(Item("circuit switch", tier.product, "circuit-switch", boxes, domain, tier.name))
            found.append(Item("circuit switch port in use", tier.product, "circuit-port", ports, domain, tier.name))
            continue
        name = f"{tier.name} switch" if tier.chips == 1 else f"{tier.name} switch chip in chassis"
        found.append(Item(name, tier.product, "packet-switch", tier.boxes * tier.chips, domain, tier.name))
    return found


def _outages(
    topology: Topology, layout: Layout, cables: Cables, mirrors: CircuitSwitch | None, site: Site
) -> tuple[tuple[str, float], ...]:
    """Outage of a change under every regime that the receivers at its ends know, s; of the slower end."""
    if layout.circuits is None or mirrors is None or layout.circuits.fixed:
        return ()
    stated = topology.circuit_ends
    if stated.outage is not None:
        return tuple((regime, stated.outage) for regime in REGIMES)
    rows = cables.rows("scale_out", layout.circuits.cables)
    ends = {name for row in map(int, rows) for name in (cables.table.a[row], cables.table.b[row])}
    classes = {stated.receiver} if stated.receiver else {site.links[name].receiver for name in ends} - {""}
    receivers = [site.parts.receiver(name) for name in sorted(classes)]
    return tuple((change.setting, change.total.value) for change in path_outages((mirrors,), receivers))


def _beside(layout: Layout) -> Floats:
    """(blocks,) Bytes/s one way from each block of the topmost level to its packet switches."""
    return frozen(layout.wiring.capacity(len(layout.wiring.levels) - 2))


def _space(
    layout: Layout, mirrors: CircuitSwitch | None, ports_each: float, outage: tuple[tuple[str, float], ...]
) -> CircuitSpace | None:
    circuits = layout.circuits
    if circuits is None or mirrors is None or circuits.fixed:
        return None
    return CircuitSpace(
        level=circuits.level,
        blocks=circuits.blocks,
        ports_per_block=circuits.ports_per_block,
        bandwidth=float(layout.wiring.rate[-1]),
        switch=circuits.product,
        switches=math.ceil(layout.tiers[-1].boxes * ports_each),
        outage=outage,
        packet=_beside(layout) if circuits.links else None,
    )
