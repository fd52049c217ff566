"""The graph of a mesh as a network of endpoints, and which vertex of the wiring each of its vertices is."""

from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.fabric import Fabric, Level
from lightloom.fabric.graph import Graph
from lightloom.fabric.portrait.island import WITHIN, Island
from lightloom.fabric.portrait.reduced import Reduced, merged, reduce_network


def reduced_of(fabric: Fabric, island: Island) -> Reduced:
    """Return the network of an island, endpoints that no way can tell apart taken together.

    Links of a mesh that pass circuit switches are legs in the wiring, which does not say which legs meet: such a mesh
    is taken from its graph.
    """
    mesh, wiring = island.mesh, fabric.working
    if mesh is None or island.standing is None:
        return reduce_network(wiring, WITHIN[island.domain], island.members, relays=False)
    place, level = next(
        (place, each) for place, each in enumerate(fabric.levels) if each.domain == island.domain and each.mesh
    )
    _, first = np.unique(fabric.levels[place - 1].block, return_index=True)
    vertex, hosted = mesh_vertices(fabric, level, first, island.standing.part)
    reduced = reduce_network(wiring, WITHIN[island.domain], island.members, relays=not hosted)
    if not reduced.glass.any():
        return reduced
    left = reduce_graph(mesh.ground.graph, vertex[island.standing.vertex])
    return _under(left, reduced) if hosted else replace(left, home=reduced.home)


def reduce_graph(graph: Graph, vertex: Integers | None = None) -> Reduced:
    """Return a graph whose terminals relay as a network, each its own class.

    Args:
        graph: Undirected; cables of a link are its capacity in the least there is.
        vertex: (vertices,) vertex of the wiring each is; themselves if left out.
    """
    every = np.arange(graph.vertices)
    cables = np.rint(graph.capacity / graph.capacity.min()).astype(np.int64)
    ends, cables = merged(graph.ends, cables, graph.vertices)
    return Reduced(
        terminals=graph.terminals,
        weight=frozen(np.ones(graph.terminals, np.int64)),
        vertex=frozen(every if vertex is None else vertex),
        glass=frozen(np.zeros(graph.vertices, np.bool_)),
        ends=frozen(ends),
        cables=frozen(cables),
        relays=True,
        home=frozen(every[: graph.terminals].copy()),
    )


def _under(routers: Reduced, hosts: Reduced) -> Reduced:
    """Return routers with the classes of endpoints that hang under them."""
    count = hosts.terminals
    low, high = hosts.ends.T
    number = {vertex: place for place, vertex in enumerate(map(int, routers.vertex))}
    own = low < count
    above = np.array([number[int(vertex)] for vertex in hosts.vertex[high[own]]], np.int64)
    return replace(
        hosts,
        vertex=frozen(np.concatenate([hosts.vertex[:count], routers.vertex])),
        glass=frozen(np.zeros(count + routers.vertices, np.bool_)),
        ends=frozen(np.concatenate([np.stack([low[own], above + count], axis=1), routers.ends + count])),
        cables=frozen(np.concatenate([hosts.cables[own], routers.cables])),
    )


def mesh_vertices(fabric: Fabric, level: Level, first: Integers, part: int) -> tuple[Integers, bool]:
    """Return which vertex of the wiring each of a mesh's is, and whether endpoints hang under its terminals.

    Args:
        fabric: Whose.
        level: The mesh's.
        first: (endpoints,) vertex of each endpoint.
        part: Which of equal meshes.
    """
    if level.mesh is None:
        raise ValueError(f"the blocks of level {level.name} are joined by no mesh")
    wiring, graph = fabric.wiring, level.mesh.ground.graph
    here = wiring.levels.index((level.domain, level.name))
    hosts = wiring.ends[wiring.level == here - 1]
    if len(hosts):
        base = int(hosts[0, 1]) - int(level.block[hosts[0, 0]])
        return base + np.arange(graph.vertices), True
    others = wiring.ends[wiring.level == here].ravel()
    others = others[others >= wiring.endpoints]
    relays = graph.vertices - graph.terminals
    base = (int(others.min()) if len(others) else 0) + part * relays
    own = first[part * graph.terminals : (part + 1) * graph.terminals]
    return np.concatenate([own, base + np.arange(relays)]), False
