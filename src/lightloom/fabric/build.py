"""From the fabric section of a study to a fabric: build each network, then join them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.across import ScaleAcross, sites_fault
from lightloom.fabric.apart import named, shore
from lightloom.fabric.beside import MAIN, cards_of, unlike
from lightloom.fabric.cabling import joined
from lightloom.fabric.domain import Network, Site, build_network
from lightloom.fabric.fabric import Beside, Cables, ClusterShape, Fabric, Level
from lightloom.fabric.failed.apply import Lost, with_failures
from lightloom.fabric.parts import CatalogParts, Parts
from lightloom.fabric.replicas import replicate
from lightloom.fabric.sites import Across, join_sites, wire_sites
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.topologies.rail_only import RailOnly
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain, join


def build(spec: FabricSpec, shape: ClusterShape, parts: Parts | None = None) -> Fabric:
    """Build a cluster's fabric.

    Args:
        spec: As the study writes it.
        shape: What has to be joined.
        parts: Where products are found; the catalog if left out.

    Raises:
        StudyError: It cannot be built as written; every fault, keys relative to the study's ``fabric``.
    """
    across = spec.scale_across
    faults = [*_shape_faults(spec, shape), *unlike(spec.beside)]
    cards, misdealt = _cards(spec, shape)
    faults += misdealt
    if across:
        faults += [*sites_fault(across, shape.accelerators, shape.accelerators_per_node), *_unjoinable(spec)]
    if faults:
        raise StudyError(faults)
    parts = parts or CatalogParts()
    sites = across.sites if across else 1
    site = Site(replace(shape, accelerators=shape.accelerators // sites), spec.floorplan, parts, parts.links)
    networks = _networks(spec, site, cards)
    failed = _failed(spec)
    if across is None:
        return with_failures(_joined(spec, shape, networks), failed)
    if networks[1].layout.mesh:
        message = "stands in no tiers, so that no switch is topmost and can lead to a border"
        raise StudyError(Fault("scale_out.topology", message, "write topology: clos, or rail-optimised"))
    joint = join_sites(across, site, networks[1])
    whole = _joined(spec, shape, [replicate(each, sites) for each in networks])
    return with_failures(_with_sites(whole, across, joint, networks[1]), failed)


def _failed(spec: FabricSpec) -> list[Lost]:
    """Return what has failed, network by network."""
    sections: list[tuple[str, Domain, str, Topology | None]] = [
        ("scale_up", "scale_up", "", spec.scale_up),
        (MAIN, "scale_out", "", spec.scale_out),
        *((f"beside.{place}", "scale_out", side.name, side) for place, side in enumerate(spec.beside)),
    ]
    return [
        Lost(key, domain, name, topology.failed)
        for key, domain, name, topology in sections
        if topology and topology.failed
    ]


def _cards(spec: FabricSpec, shape: ClusterShape) -> tuple[tuple[int, ...], tuple[Fault, ...]]:
    """Return the network cards of a node by fabric, the main one first, and what is wrong with them."""
    faults: list[Fault] = []
    if spec.scale_up.cards_asked():
        faults.append(Fault("scale_up.cards", "no network card is on a scale-up network", "write cards: null"))
    if spec.scale_out is not None:
        dealt, misdealt = cards_of(spec.scale_out, spec.beside, shape)
        return dealt, (*faults, *misdealt)
    if spec.beside:
        faults.append(Fault("beside", "there is no scale-out network to stand beside", "write one as scale_out"))
    return (), tuple(faults)


def _networks(spec: FabricSpec, site: Site, cards: tuple[int, ...]) -> list[Network]:
    """Build every network of one site: scale-up, scale-out, and those beside it under names of their own.

    Raises:
        StudyError: Every fault of every network.
    """
    out = [] if spec.scale_out is None else [spec.scale_out, *spec.beside]
    keys = [MAIN, *(f"beside.{place}" for place in range(len(spec.beside)))]
    sections: list[tuple[Topology, Domain, str, Site]] = [(spec.scale_up, "scale_up", "scale_up", site)]
    for topology, key, count in zip(out, keys, cards, strict=False):
        rate = getattr(topology, "card_rate", None) or site.shape.nic_bandwidth
        own = replace(site, shape=replace(site.shape, nics_per_node=count, nic_bandwidth=rate))
        sections.append((topology, "scale_out", key, own))
    networks: list[Network] = []
    faults: list[Fault] = []
    for topology, domain, key, own in sections:
        try:
            networks.append(build_network(topology, domain, own))
        except StudyError as error:
            faults += [replace(each, key=key + each.key.removeprefix(domain)) for each in error.faults]
    if not faults and spec.scale_out is None:
        domains = int(networks[0].layout.island.max()) + 1
        if domains > 1:
            message = f"is missing, and the accelerators are in {domains} scale-up domains"
            faults.append(Fault(MAIN, message, "write, for example, {topology: clos, switch: tomahawk-4}"))
    faults += [] if faults else _second_circuits(dict(zip(keys, networks[1:], strict=False)))
    if faults:
        raise StudyError(faults)
    named_ones = (named(each, side.name) for each, side in zip(networks[2:], spec.beside, strict=True))
    return [*networks[:2], *named_ones]


def _second_circuits(networks: Mapping[str, Network]) -> list[Fault]:
    """Refuse more than one fabric whose circuits are set for the job."""
    having = [key for key, network in networks.items() if network.circuit_space]
    return [
        Fault(f"{key}.core", f"{having[0]} has circuits to set already, and one fabric may", "write core: packet")
        for key in having[1:]
    ]


def _unjoinable(spec: FabricSpec) -> list[Fault]:
    """Say what sites cannot be joined by."""
    if spec.scale_out is None:
        hint = "write, for example, {topology: clos, switch: tomahawk-4}"
        return [Fault("scale_out", "is missing, and sites are joined above it", hint)]
    networks = {MAIN: spec.scale_out, **{f"beside.{place}": side for place, side in enumerate(spec.beside)}}
    faults: list[Fault] = []
    for key, network in networks.items():
        core = getattr(getattr(network, "core", None), "kind", "packet")
        if core != "packet":
            message = "circuits are set for one site, and every site would have some"
            if (key, core) == (MAIN, "circuit"):
                message = "circuits at the top of a site have no packet switch for its border"
            faults.append(Fault(f"{key}.core", message, "write core: packet"))
    if isinstance(spec.scale_out, RailOnly):
        message = "no switch joins its rails, so none can lead to a border"
        faults.append(Fault("scale_out.topology", message, "write topology: rail-optimised"))
    return faults


def _with_sites(fabric: Fabric, spec: ScaleAcross, across: Across, inner: Network) -> Fabric:
    cables = fabric.cables
    top = inner.layout.tiers[-1].name
    return replace(
        fabric,
        levels=(*fabric.levels, across.level),
        cables=Cables(
            cables.domain + across.cables.domain,
            cables.level + across.cables.level,
            joined([cables.table, across.cables.table]),
        ),
        inventory=(*fabric.inventory, *across.items),
        coordinates=(*fabric.coordinates, ("site", across.level.block)),
        wiring=wire_sites(fabric.wiring, spec, across, top, len(cables.table)),
        assumptions=(*fabric.assumptions, *across.remarks),
    )


def _shape_faults(spec: FabricSpec, shape: ClusterShape) -> list[Fault]:
    faults: list[Fault] = []
    node = shape.accelerators_per_node
    if shape.accelerators < 1 or shape.accelerators % node:
        below = shape.accelerators // node * node
        near = f"the nearest are {below} and {below + node}" if below > 0 else f"the nearest is {node}"
        faults.append(Fault("", f"{shape.accelerators} accelerators are not whole nodes of {node}", near))
    few, many = sorted((node, shape.nics_per_node))
    if few < 1 or (many % few and not spec.beside):
        message = f"{shape.nics_per_node} network cards cannot be shared out evenly over {node} accelerators of a node"
        faults.append(Fault("", message, "one number must divide the other"))
    return faults


def _joined(spec: FabricSpec, shape: ClusterShape, networks: list[Network]) -> Fabric:
    first = networks[0]
    wiring, cables = first.layout.wiring, first.cables
    for other in networks[1:]:
        wiring = join(wiring, other.layout.wiring, other.endpoint, len(cables.table))
        table = joined([cables.table, other.cables.table])
        cables = Cables(cables.domain + other.cables.domain, cables.level + other.cables.level, table)
    spaces = [network.circuit_space for network in networks if network.circuit_space]
    beside = tuple(
        Beside(side.name, cards, side.carries, network.transport)
        for side, cards, network in zip(spec.beside, _cards(spec, shape)[0][1:], networks[2:], strict=True)
    )
    return Fabric(
        shape=shape,
        scale_up_domain=frozen(first.layout.island[first.endpoint]),
        levels=(*(level for network in networks for level in network.levels), *_shores(spec, shape)),
        cables=cables,
        inventory=tuple(item for network in networks for item in network.items),
        circuit_space=spaces[0] if spaces else None,
        coordinates=_coordinates(spec, shape, networks),
        wiring=wiring,
        assumptions=(
            *(text for network in networks for text in (*network.layout.assumptions, *network.remarks)),
            *_beside_texts(shape, beside),
            *_floor_text(spec),
        ),
        transport=next((network.transport for network in networks[:2] if network.transport), None),
        beside=beside,
    )


def _shores(spec: FabricSpec, shape: ClusterShape) -> list[Level]:
    """Return the ends of fabrics beside the main one, which alone goes on from site to site."""
    if spec.scale_across is None:
        return []
    site = frozen(np.arange(shape.accelerators) // (shape.accelerators // spec.scale_across.sites))
    return [shore(side.name, site) for side in spec.beside]


def _coordinates(spec: FabricSpec, shape: ClusterShape, networks: list[Network]) -> tuple[tuple[str, Integers], ...]:
    node = np.arange(shape.accelerators) // shape.accelerators_per_node
    nodes = shape.nodes // (spec.scale_across.sites if spec.scale_across else 1)
    racks = -(-nodes // spec.floorplan.nodes_per_rack)
    rack = node // nodes * racks + node % nodes // spec.floorplan.nodes_per_rack
    found = [("node", frozen(node)), ("rack", frozen(rack))]
    for network in networks:
        found += [(name, frozen(values[network.endpoint])) for name, values in network.layout.coordinates]
    return tuple(found)


def _beside_texts(shape: ClusterShape, beside: tuple[Beside, ...]) -> list[str]:
    """Say which traffic goes over which fabric, where there are several."""
    return [
        f"{side.name}: {side.cards} of a node's {shape.nics_per_node} network cards; carries "
        + (f"all that groups of {', '.join(side.carries)} send between scale-up domains" if side.carries else "nothing")
        for side in beside
    ]


def _floor_text(spec: FabricSpec) -> tuple[str, ...]:
    floor = spec.floorplan
    text = (
        f"floor: cables between racks go {floor.vertical:g} m up and down at each end and along rows of "
        f"{floor.racks_per_row} racks {floor.row_pitch:g} m apart, {floor.slack:.0%} slack, ordered in steps of "
        f"{floor.step:g} m; within a rack {floor.in_rack:g} m"
    )
    return (text,)
