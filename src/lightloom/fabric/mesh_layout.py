"""The wiring of a graph without tiers: endpoints that are its vertices, or that hang under its routers."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.routing.routing import Ground, Routing
from lightloom.fabric.topology import Circuits, Layout, MeshLayout, Setting, Tier
from lightloom.fabric.wiring import LevelKey, Wiring

Ends: TypeAlias = tuple[Integers, Integers]
"""Link of the graph that each edge of the wiring is of, and its ends, (edges, 2)."""

NO_TIER = Tier("", "", 0)
"""Stands above a level that has no switch above it."""

AXES = ("x", "y", "z", "w", "v", "u")
"""What the axes of a grid are called as coordinates."""


MESH, CUBE = "mesh", "cube"
"""Levels of links: those of the graph, and those of them that circuit switches make, named by the block they leave."""


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """Links of a graph that circuit switches make, set once for the job.

    Args:
        product: Catalog name of the circuit switch.
        box: (links,) switch that each link passes, -1 for none; all parts share the switches.
        block: (terminals,) block whose ports the terminal's links take.
    """

    product: str
    box: Integers
    block: Integers

    @property
    def boxes(self) -> int:
        """How many switches."""
        return int(self.box.max()) + 1

    @property
    def blocks(self) -> int:
        """How many blocks, in one part."""
        return int(self.block.max()) + 1


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
        passes: Links through circuit switches; None without.
        mirrors: Ports of such a switch.
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
    passes: Passes | None = None
    mirrors: int = 0
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
        hint = "take a shape of as many"
        if mesh.ground.graph.vertices == terminals:  # else the graph has switches of its own
            hint += f", or name a switch and write hosts: {-(-setting.endpoints // terminals)}"
        raise StudyError(Fault("", message, hint))
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
    blocks = [("host", frozen(endpoint)), (MESH, frozen(home))]
    circuits = _circuits(mesh, parts)
    tiers = [edge, NO_TIER]
    if mesh.passes and circuits:
        part, place = np.divmod(home, graph.terminals)
        blocks.append((CUBE, frozen(part * mesh.passes.blocks + mesh.passes.block[place])))
        tiers.append(Tier("circuit", mesh.passes.product, mesh.passes.boxes))
    kept = () if np.ptp(mesh.rates) else graph.automorphisms
    capacity = replace(graph, capacity=frozen(mesh.capacity), automorphisms=kept)
    return Layout(
        wiring=wiring,
        blocks=tuple(blocks),
        island=frozen(endpoint // (graph.terminals if not mesh.hosts else count)),
        coordinates=_coordinates(mesh, home),
        tiers=tuple(tiers),
        circuits=circuits,
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
    boxes = mesh.passes.boxes if mesh.passes else 0
    vertices = count + parts * others + boxes
    kinds = ("endpoint", "router" if mesh.hosts else "relay", *(["circuit"] if boxes else []))
    sizes = [count, vertices - count - boxes, *([boxes] if boxes else [])]
    direct, legs = _joined(mesh, number, vertices - boxes)
    link, links = np.concatenate([direct[0], legs[0]]), [len(hosts), len(direct[0]), len(legs[0])]
    cables = cables_of(graph)[link] * mesh.trunk
    each: Floats = graph.capacity[link] / cables_of(graph)[link] * mesh.rates[graph.level[link]] / mesh.trunk
    ports = [1 if mesh.hosts else most_cables(graph) * mesh.trunk, mesh.radix, *([mesh.mirrors] if boxes else [])]
    levels: list[LevelKey] = [(setting.domain, "host"), (setting.domain, MESH)]
    wiring = Wiring(
        endpoints=count,
        kinds=kinds,
        kind=frozen(np.repeat(np.arange(len(sizes)), sizes)),
        site=frozen(np.zeros(vertices, np.int64)),
        rack=frozen(np.full(vertices, -1)),
        group=frozen(np.concatenate([np.arange(count), np.arange(vertices - count)])),
        ports=frozen(np.repeat(ports, sizes)),
        levels=(*levels, (setting.domain, CUBE)) if boxes else tuple(levels),
        ends=frozen(np.concatenate([hosts, direct[1], legs[1]])),
        multiplicity=frozen(np.concatenate([np.ones(len(hosts), np.int64), cables])),
        level=frozen(np.repeat([0, 1, 2], links)),
        plane=frozen(np.zeros(sum(links), np.int64)),
        link_class=frozen(np.full(sum(links), -1)),
        rate=frozen(np.concatenate([np.full(len(hosts), setting.rate), each])),
    )
    return wiring if mesh.radix == 0 or np.ptp(wiring.rate) == 0 else _split(wiring, mesh, setting)


def _split(wiring: Wiring, mesh: Meshwork, setting: Setting) -> Wiring:
    """Return the wiring with the ports of its switches: those in use, and as many of the slowest rate as are left."""
    rates, which = np.unique(wiring.rate, return_inverse=True)
    offered = np.array([setting.packet_ports(mesh.switch).at(float(rate)) for rate in rates])
    if not offered.all():
        return wiring
    each = wiring.multiplicity / offered[which]
    taken = np.bincount(wiring.ends.ravel(), np.repeat(each, 2), wiring.vertices)
    left = np.floor(np.maximum(1.0 - taken, 0.0) * mesh.radix + 1e-6).astype(np.int64)
    return replace(wiring, ports=frozen(np.where(wiring.kind == 1, wiring.used_ports + left, wiring.ports)))


def _joined(mesh: Meshwork, number: Integers, first_box: int) -> tuple[Ends, Ends]:
    """Return direct links, and the legs of those through circuit switches, part by part: link of each, and its ends."""
    ends = np.sort(number[:, mesh.ground.graph.ends], axis=2)
    parts, links = ends.shape[:2]
    box = mesh.passes.box if mesh.passes else np.full(links, -1)
    straight, passing = np.flatnonzero(box < 0), np.flatnonzero(box >= 0)
    direct = np.tile(straight, parts), ends[:, straight].reshape(-1, 2)
    leg = np.tile(np.repeat(passing, 2), parts)
    return direct, (leg, np.stack([ends[:, passing].ravel(), first_box + box[leg]], axis=1))


def _circuits(mesh: Meshwork, parts: int) -> Circuits | None:
    passes, graph = mesh.passes, mesh.ground.graph
    if passes is None:
        return None
    passing = graph.ends[passes.box >= 0]
    each = np.bincount(passes.block[passing.ravel()], np.repeat(cables_of(graph)[passes.box >= 0] * mesh.trunk, 2))
    return Circuits(CUBE, passes.blocks * parts, int(each.max()), passes.product, fixed=True)


def cables_of(graph: Graph) -> Integers:
    """(links,) Equal cables that make up each link: its capacity where all are whole numbers, else one."""
    whole = np.rint(graph.capacity)
    return whole.astype(np.int64) if np.array_equal(whole, graph.capacity) else np.ones(graph.links, np.int64)


def most_cables(graph: Graph) -> int:
    """Cables at the vertex that has most of them."""
    return int(np.bincount(graph.ends.ravel(), np.repeat(cables_of(graph), 2)).max())
