"""The wiring of a graph without tiers: endpoints that are its vertices, or that hang under its routers."""

from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.routing.routing import Ground, Routing
from lightloom.fabric.topology import Layout, MeshLayout, Setting, Tier
from lightloom.fabric.wiring import Wiring

NO_TIER = Tier("", "", 0)
"""Stands above a level that has no switch above it."""

AXES = ("x", "y", "z", "w", "v", "u")
"""What the axes of a grid are called as coordinates."""


@dataclass(frozen=True, slots=True, eq=False)
class Meshwork:
    """A graph and what of a cluster it joins.

    Args:
        ground: Its vertices and links, capacities relative to a link of rate 1.
        routing: How traffic is led.
        hosts: Endpoints under each terminal of the graph, which is a router then; 0: the terminals are the endpoints.
        switch: Catalog name of what the other vertices are, and the terminals too where they are routers.
        trunk: Equal cables of every link.
        rates: (levels of the graph,) of a link of relative capacity 1, all its cables together, bytes/s one way.
        radix: Ports of the switch at the slowest cable's rate; 0 without switches.
        lengths: (links,) m, NaN where the floor decides; None if it decides all.
        remarks: What was assumed or rounded.
    """

    ground: Ground
    routing: Routing
    hosts: int
    switch: str
    trunk: int
    rates: Floats
    radix: int
    lengths: Floats | None = None
    remarks: tuple[str, ...] = ()

    @property
    def capacity(self) -> Floats:
        """(links,) bytes/s one way."""
        graph = self.ground.graph
        return graph.capacity * self.rates[graph.level]


def parts_of(mesh: Meshwork, setting: Setting) -> int:
    """Return how many equal graphs join the endpoints of a cluster: one of routers, or a domain each.

    Raises:
        StudyError: The graph is too small, or its domains are not whole.
    """
    terminals = mesh.ground.graph.terminals
    if mesh.hosts:
        most = terminals * mesh.hosts
        if setting.endpoints > most:
            message = f"{terminals} routers of {mesh.hosts} endpoints each join {most}, not {setting.endpoints}"
            needed = -(-setting.endpoints // terminals)
            raise StudyError(Fault("hosts", message, f"write hosts: {needed} at least, or a larger shape"))
        return 1
    if setting.domain == "scale_out" and setting.endpoints != terminals:
        message = f"{setting.endpoints} network cards are not the {terminals} vertices that this graph joins"
        raise StudyError(Fault("", message, "take a shape of as many, or name a switch and write hosts"))
    if setting.endpoints % terminals:
        below = setting.endpoints // terminals * terminals
        near = f"{below} or {below + terminals}" if below else f"{terminals}"
        message = f"{setting.endpoints} endpoints are not whole graphs of {terminals}"
        raise StudyError(Fault("", message, f"the nearest are {near}"))
    return setting.endpoints // terminals


def lay_mesh(mesh: Meshwork, setting: Setting) -> Layout:
    """Wire a graph.

    Raises:
        StudyError: As for :func:`parts_of`.
    """
    parts = parts_of(mesh, setting)
    graph, count = mesh.ground.graph, setting.endpoints
    endpoint = np.arange(count)
    home = endpoint // mesh.hosts if mesh.hosts else endpoint
    wiring = _wired(mesh, setting, parts, home)
    switches = (graph.vertices if mesh.hosts else graph.vertices - graph.terminals) * parts
    name = "router" if mesh.hosts else "relay"
    edge = Tier(name, mesh.switch, switches) if switches else NO_TIER
    kept = () if np.ptp(mesh.rates) else graph.automorphisms
    capacity = replace(graph, capacity=frozen(mesh.capacity), automorphisms=kept)
    return Layout(
        wiring=wiring,
        blocks=(("host", frozen(endpoint)), ("mesh", frozen(home))),
        island=frozen(endpoint // (graph.terminals if not mesh.hosts else count)),
        coordinates=_coordinates(mesh, home),
        tiers=(edge, NO_TIER),
        circuits=None,
        assumptions=mesh.remarks,
        mesh=MeshLayout(replace(mesh.ground, graph=capacity), mesh.routing),
        lengths=_lengths(mesh, parts, wiring.edges),
    )


def _lengths(mesh: Meshwork, parts: int, edges: int) -> Floats | None:
    """(edges,) m, NaN where the floor decides; host links come first."""
    if mesh.lengths is None:
        return None
    known = np.tile(mesh.lengths, parts)
    return frozen(np.concatenate([np.full(edges - len(known), np.nan), known]))


def _coordinates(mesh: Meshwork, home: Integers) -> tuple[tuple[str, Integers], ...]:
    found = [("router", frozen(home.copy()))] if mesh.hosts else []
    if mesh.ground.sides:
        places = np.unravel_index(home % mesh.ground.graph.terminals, mesh.ground.sides)
        found += [(name, frozen(np.asarray(place, np.int64))) for name, place in zip(AXES, places, strict=False)]
    return tuple(found)


def _wired(mesh: Meshwork, setting: Setting, parts: int, home: Integers) -> Wiring:
    """Number endpoints first, then part by part the vertices that are none; host links first, then part by part."""
    graph, count = mesh.ground.graph, setting.endpoints
    first = 0 if mesh.hosts else graph.terminals  # the first vertex of a part that is no endpoint
    others = graph.vertices - first
    part = np.arange(parts)[:, None]
    inside = np.arange(graph.vertices)[None, :]
    number = np.where(inside < first, part * first + inside, count + part * others + inside - first)
    hosts = np.stack([np.arange(count), count + home], axis=1) if mesh.hosts else np.zeros((0, 2), np.int64)
    mesh_ends = np.sort(number[:, graph.ends].reshape(-1, 2), axis=1)
    kinds = ("endpoint", "router" if mesh.hosts else "relay")
    vertices = count + parts * others
    sizes, links = [count, vertices - count], len(mesh_ends)
    cables = cables_of(graph) * mesh.trunk
    each: Floats = graph.capacity / cables_of(graph) * mesh.rates[graph.level] / mesh.trunk
    return Wiring(
        endpoints=count,
        kinds=kinds,
        kind=frozen(np.repeat([0, 1], sizes)),
        site=frozen(np.zeros(vertices, np.int64)),
        rack=frozen(np.full(vertices, -1)),
        group=frozen(np.concatenate([np.arange(count), np.arange(vertices - count)])),
        ports=frozen(np.repeat([1 if mesh.hosts else most_cables(graph) * mesh.trunk, mesh.radix], sizes)),
        levels=((setting.domain, "host"), (setting.domain, "mesh")),
        ends=frozen(np.concatenate([hosts, mesh_ends])),
        multiplicity=frozen(np.concatenate([np.ones(len(hosts), np.int64), np.tile(cables, parts)])),
        level=frozen(np.repeat([0, 1], [len(hosts), links])),
        plane=frozen(np.zeros(len(hosts) + links, np.int64)),
        link_class=frozen(np.full(len(hosts) + links, -1)),
        rate=frozen(np.concatenate([np.full(len(hosts), setting.rate), np.tile(each, parts)])),
    )


def cables_of(graph: Graph) -> Integers:
    """(links,) Equal cables that make up each link: its capacity where all are whole numbers, else one."""
    whole = np.rint(graph.capacity)
    return whole.astype(np.int64) if np.array_equal(whole, graph.capacity) else np.ones(graph.links, np.int64)


def most_cables(graph: Graph) -> int:
    """Cables at the vertex that has most of them."""
    return int(np.bincount(graph.ends.ravel(), np.repeat(cables_of(graph), 2)).max())
