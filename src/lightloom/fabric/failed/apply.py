"""A fabric with some of its elements failed: levels with what bandwidth is left, everything bought as before."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.fabric import Broken, CircuitSpace, Fabric, Failures, Level, Mesh
from lightloom.fabric.failed.elements import ALL, CIRCUIT, Cable, Elements, Switch
from lightloom.fabric.failed.spec import DrawSpec, FailedSpec
from lightloom.fabric.graph import Graph
from lightloom.fabric.labels import fabric_of, labelled
from lightloom.fabric.mesh_layout import CUBE
from lightloom.fabric.routing.routing import Ground
from lightloom.fabric.wiring import Domain, Wiring

_TINY = 1e-9
"""Share of cables that rounding alone leaves."""


class Lost(NamedTuple):
    """What has failed of one network: its key in a study, its domain, which scale-out fabric it is, and what."""

    key: str
    domain: Domain
    fabric: str
    spec: FailedSpec


def with_failures(fabric: Fabric, failed: Iterable[Lost]) -> Fabric:
    """Return a fabric as far as it works: levels, circuits, and wiring beside the whole; cables and devices stay.

    A block keeps the share of its bandwidth upwards that the cables left to it have, those to failed switches not
    counted; a mesh keeps the links that are left.

    Args:
        fabric: Whole.
        failed: What has failed of each network.

    Raises:
        StudyError: There are no such elements; every fault, keys relative to ``fabric``.

    Leaves out: that two blocks which have lost different switches share fewer than each has left; and what failed of
        the lines between sites and of what leads up to them.
    """
    faults: list[Fault] = []
    broken: list[Broken] = []
    share = np.ones(fabric.wiring.edges)
    for key, domain, name, spec in failed:
        elements = Elements(fabric, domain, name)
        try:
            switches, cables = _failed(elements, spec)
        except StudyError as error:
            faults += [replace(fault, key=f"{key}.failed.{fault.key}") for fault in error.faults]
            continue
        if switches or cables:
            share *= _left(elements, switches, cables)
            labels = tuple(each.label for each in switches), tuple(each.label for each in cables)
            broken.append(Broken(domain, *labels, name))
    if faults:
        raise StudyError(faults)
    if not broken:
        return fabric
    return replace(
        fabric,
        levels=tuple(_level(fabric.wiring, level, share) for level in fabric.levels),
        circuit_space=_space(fabric, share),
        failures=Failures(frozen(share), _working(fabric.wiring, share), tuple(broken)),
        assumptions=(
            *fabric.assumptions,
            *(f"{each.domain}: failed, though bought and powered: {each.words}" for each in broken),
        ),
    )


def _failed(elements: Elements, spec: FailedSpec) -> tuple[list[Switch], list[Cable]]:
    """Return what has failed, each once.

    Raises:
        StudyError: There is no such element; every fault, keys relative to the entry.
    """
    faults: list[Fault] = []
    switches: list[Switch] = []
    cables: list[Cable] = []
    try:
        if isinstance(spec.switches, DrawSpec):
            switches = elements.drawn_switches(spec.switches, "switches")
        else:
            switches, faults = elements.named_switches(spec.switches, "switches")
    except StudyError as error:
        faults += error.faults
    try:
        if isinstance(spec.links, DrawSpec):
            cables = elements.drawn_cables(spec.links, "links")
        else:
            cables, more = elements.named_cables(spec.links, "links")
            faults += more
    except StudyError as error:
        faults += error.faults
    if faults:
        raise StudyError(faults)
    unique = {(each.vertex, each.box): each for each in switches}
    return list(unique.values()), list(dict.fromkeys(cables))


def _left(elements: Elements, switches: list[Switch], cables: list[Cable]) -> Floats:
    """(edges,) Share of each row's cables that work and lead to a switch that does."""
    wiring = elements.fabric.wiring
    share = np.ones(wiring.edges)
    gone = np.array([elements.cables[each.level][each.number] for each in cables], np.int64)
    np.subtract.at(share, gone, 1.0 / elements.each[gone])
    own = elements.own[wiring.level]
    left = np.ones(wiring.vertices)
    by_vertex: dict[int, set[int]] = defaultdict(set)
    for each in switches:
        by_vertex[each.vertex].add(each.box)
    for vertex, boxes in by_vertex.items():
        left[vertex] = 0.0 if ALL in boxes else 1.0 - len(boxes) / elements.several(vertex)
    share[own] *= left[wiring.ends[own]].prod(axis=1)
    return np.where(share < _TINY, 0.0, share)


def _working(wiring: Wiring, share: Floats) -> Wiring:
    """Return the wiring with what works, a part of a cable counted as one."""
    kept = share > 0
    columns = {name: frozen(getattr(wiring, name)[kept]) for name in ("ends", "level", "plane", "link_class", "rate")}
    cables = np.ceil((wiring.multiplicity * share)[kept] - _TINY).astype(np.int64)
    return replace(wiring, multiplicity=frozen(cables), **columns)


def _level(wiring: Wiring, level: Level, share: Floats) -> Level:
    """Return a level with the bandwidth that is left."""
    if level.mesh is not None:
        return replace(level, mesh=_mesh(level.mesh, _of_links(wiring, level, share)))
    return replace(level, up=frozen(level.up * _kept(wiring, level, share)))


def _kept(wiring: Wiring, level: Level, share: Floats) -> Floats:
    """(blocks,) Share of what leads up from a block that works."""
    key = level.domain, level.name
    rows = wiring.level == (wiring.levels.index(key) if key in wiring.levels else -1)
    if not rows.any():
        return np.ones(len(level.up))
    lower = wiring.ends[rows, 0]
    inner = lower < wiring.endpoints
    block = np.where(inner, level.block[np.where(inner, lower, 0)], wiring.group[lower])
    each = wiring.multiplicity[rows] * wiring.rate[rows]
    total, left = (np.bincount(block, weights, len(level.up)) for weights in (each, each * share[rows]))
    return np.divide(left, total, out=np.ones_like(total), where=left < total)


def _of_links(wiring: Wiring, level: Level, share: Floats) -> Floats:
    """(parts, links) What is left of each link of a mesh; one through a circuit switch needs both of its halves."""
    graph = level.mesh.ground.graph if level.mesh else None
    rows = wiring.level == wiring.levels.index((level.domain, level.name))
    cube = level.domain, labelled(level.fabric, CUBE)
    if graph is None or cube not in wiring.levels:
        return share[rows].reshape(-1, graph.links if graph else 1)
    legs = wiring.level == wiring.levels.index(cube)
    pairs = _blocks(wiring, level, wiring.ends[legs, 0]).reshape(-1, 2)
    passing = _link(graph, pairs % graph.terminals)
    part = pairs[:, 0] // graph.terminals
    straight = np.setdiff1d(np.arange(graph.links), passing)
    found = np.ones((int(part.max()) + 1, graph.links))
    found[:, straight] = share[rows].reshape(-1, len(straight))
    found[part, passing] = share[legs].reshape(-1, 2).min(axis=1)
    return found


def _blocks(wiring: Wiring, level: Level, vertex: Integers) -> Integers:
    """(vertices,) Block of a mesh that each terminal is: an endpoint, or a router, which follow each other."""
    inner = vertex < wiring.endpoints
    if inner.all():
        return level.block[vertex]
    hosts = wiring.ends[wiring.level == wiring.levels.index((level.domain, level.name)) - 1]
    return vertex - int(hosts[0, 1]) + int(level.block[hosts[0, 0]])


def _link(graph: Graph, pairs: Integers) -> Integers:
    """(pairs,) Link of a graph that joins each two terminals."""
    own, asked = (np.sort(each, axis=1) @ np.array([graph.vertices, 1]) for each in (graph.ends, pairs))
    order = np.argsort(own, kind="stable")
    return order[np.searchsorted(own[order], asked)]


def _mesh(mesh: Mesh, left: Floats) -> Mesh:
    """Return a mesh without what has failed of each of its equal parts."""
    parts = ((part, links) for part, links in enumerate(left) if (links < 1).any())
    return replace(mesh, broken=tuple((part, _ground(mesh.ground, links)) for part, links in parts))


def _ground(ground: Ground, left: Floats) -> Ground:
    graph, kept = ground.graph, left > 0
    changed = replace(
        graph,
        level=frozen(graph.level[kept]),
        ends=frozen(graph.ends[kept]),
        capacity=frozen((graph.capacity * left)[kept]),
        automorphisms=(),
    )
    return replace(ground, graph=changed)


def _space(fabric: Fabric, share: Floats) -> CircuitSpace | None:
    """Return what circuits can join: every block as many as that which has fewest left, of those not cut off."""
    space, wiring = fabric.circuit_space, fabric.wiring
    if space is None:
        return None
    legs = space.level if space.packet is None else labelled(fabric_of(space.level), CIRCUIT)
    rows = wiring.level == wiring.levels.index(("scale_out", legs))
    ports = np.bincount(wiring.group[wiring.ends[rows, 0]], (wiring.multiplicity * share)[rows], space.blocks)
    joined, packet = ports > _TINY, space.packet
    if packet is not None:
        level = next(level for level in fabric.levels if (level.domain, level.name) == ("scale_out", space.level))
        packet = frozen(packet * _kept(wiring, level, share))
        joined |= packet > 0
    fewest = int(np.floor(ports[joined].min(initial=float(space.ports_per_block)) + _TINY))
    return replace(space, ports_per_block=fewest, packet=packet)
