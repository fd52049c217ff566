"""A network as a graph small enough to draw: what its vertices are, where they belong, what joins them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Integers
from lightloom.fabric.fabric import Fabric, Mesh
from lightloom.fabric.graph import Graph
from lightloom.fabric.portrait.island import WITHIN, island_of
from lightloom.fabric.portrait.meshed import reduced_of
from lightloom.fabric.portrait.names import Names
from lightloom.fabric.portrait.portrait import Portrait
from lightloom.fabric.portrait.reduced import Reduced, reduce_network

LARGEST, LARGEST_GRID = 150, 300
"""Vertices up to which a network is drawn as a graph, and one on a grid."""
Arrangement: TypeAlias = Literal["rows", "grid", "groups", "circle"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One vertex.

    Args:
        name: What it is called.
        kind: Of vertex.
        endpoints: That hang under it; 0 for those of higher tiers, 1 for an endpoint itself.
        place: Where it belongs: row, group or ring with the place in it, or coordinates.
        working: Whether failures leave it.
    """

    name: str
    kind: str
    endpoints: int
    place: tuple[int, ...]
    working: bool

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``vertices``."""
        return {**asdict(self), "place": list(self.place)}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A network as vertices and links.

    Args:
        layout: What places mean.
        vertices: In the order that links number them.
        links: (one, other, cables, those of them that work), each pair once.
    """

    layout: Arrangement
    vertices: tuple[Drawn, ...]
    links: tuple[tuple[int, int, int, int], ...]

    def to_dict(self) -> dict[str, object]:
        """Return the object ``picture``."""
        return {
            "layout": self.layout,
            "vertices": [vertex.to_dict() for vertex in self.vertices],
            "links": [
                {"ends": [one, other], "cables": cables, "working": working}
                for one, other, cables, working in self.links
            ],
        }


def picture(fabric: Fabric, portrait: Portrait) -> Picture | None:
    """Return an island as a graph, endpoints as counts at what they hang under; None where that is too large to draw.

    What has failed, and what that cuts off, is drawn as well. An island of a single switch is drawn with its endpoints;
    without them it were a dot.
    """
    working, island = portrait.reduced, portrait.island
    reduced = working
    if fabric.failures is not None:
        whole = _unbroken(fabric)
        island = island_of(whole, island.domain, int(island.members[0]))
        reduced = reduced_of(whole, island)
    alone = reduced.vertices - reduced.terminals == 1
    if alone and island.endpoints < LARGEST:
        domains = WITHIN[island.domain]
        reduced = reduce_network(fabric.wiring, domains, island.members, relays=True)
        working = reduce_network(fabric.working, domains, portrait.island.members, relays=True)
    shown = np.arange(reduced.vertices)
    if not reduced.relays:
        shown = shown[reduced.terminals :]
    mesh = island.mesh
    if not 1 < len(shown) <= (LARGEST_GRID if mesh and mesh.ground.sides else LARGEST):
        return None
    number = np.full(reduced.vertices, -1)
    number[shown] = np.arange(len(shown))
    kept = (number[reduced.ends] >= 0).all(axis=1)
    layout, places = _places(fabric, reduced, shown) if mesh is None else _of_mesh(mesh)
    names, held = Names.of(fabric), _held(reduced)
    stands, left = set(map(int, working.vertex)), _left(working)
    ends = np.sort(reduced.vertex[reduced.ends[kept]], axis=1).tolist()
    return Picture(
        layout=layout,
        vertices=tuple(
            Drawn(names(vertex), names.kind(vertex), int(held[each]), place, vertex in stands)
            for each, vertex, place in zip(map(int, shown), map(int, reduced.vertex[shown]), places, strict=True)
        ),
        links=tuple(
            (int(one), int(other), int(cables), min(int(cables), left.get((low, high), 0)))
            for (one, other), cables, (low, high) in zip(
                number[reduced.ends[kept]], reduced.cables[kept], ends, strict=True
            )
        ),
    )


def _unbroken(fabric: Fabric) -> Fabric:
    """Return a fabric as if nothing of it had failed, for who is joined to whom."""
    levels = (replace(level, mesh=level.mesh and replace(level.mesh, broken=())) for level in fabric.levels)
    return replace(fabric, levels=tuple(levels), failures=None)


def _left(working: Reduced) -> dict[tuple[int, int], int]:
    """Return the cables between two vertices of the wiring that work."""
    ends = np.sort(working.vertex[working.ends], axis=1).tolist()
    return {(low, high): cables for (low, high), cables in zip(ends, working.cables.tolist(), strict=True)}


def _held(reduced: Reduced) -> Integers:
    """(vertices,) Endpoints that hang under each, or are it."""
    held = np.zeros(reduced.vertices, np.int64)
    if reduced.relays:
        held[: reduced.terminals] = 1
        return held
    low, high = reduced.ends.T
    hosts = low < reduced.terminals
    np.add.at(held, high[hosts], reduced.weight[low[hosts]])
    return held


def _places(fabric: Fabric, reduced: Reduced, shown: Integers) -> tuple[Arrangement, list[tuple[int, ...]]]:
    """Return the tier of each vertex, lowest first, and its place in it."""
    kinds = fabric.wiring.kind[reduced.vertex[shown]]
    _, row = np.unique(kinds, return_inverse=True)
    return "rows", list(_numbered(row))


def _of_mesh(mesh: Mesh) -> tuple[Arrangement, list[tuple[int, ...]]]:
    """Return where the vertices of a mesh belong: on a grid, in groups, else on a circle, relays inside."""
    graph, sides = mesh.ground.graph, mesh.ground.sides
    if sides:
        places = np.stack(np.unravel_index(np.arange(graph.vertices), sides), axis=1)
        return "grid", [tuple(map(int, place)) for place in places]
    if graph.vertices > graph.terminals:
        ring = np.repeat([0, 1], [graph.terminals, graph.vertices - graph.terminals])
        return "circle", list(_numbered(ring))
    groups = _groups(graph)
    if groups is not None:
        return "groups", list(_numbered(groups))
    return "circle", list(_numbered(np.zeros(graph.vertices, np.int64)))


def _groups(graph: Graph) -> Integers | None:
    """(vertices,) Group of each, where links of the first level join vertices to several equal groups of some size."""
    if len(graph.levels) < 2:
        return None
    ends = graph.ends[graph.level == 0]
    size = graph.vertices
    joined = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(size, size))
    count, label = connected_components(joined, directed=False)
    return label.astype(np.int64) if 1 < count < size else None


def _numbered(label: Integers) -> Iterator[tuple[int, ...]]:
    """Yield each label with its place among those of the label."""
    seen: dict[int, int] = {}
    for each in map(int, label):
        place = seen.get(each, 0)
        seen[each] = place + 1
        yield each, place
