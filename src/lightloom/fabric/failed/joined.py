"""Who can still reach whom: accelerators that failures cut off from others."""

from collections.abc import Collection

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Booleans, Integers
from lightloom.fabric.fabric import Fabric, Level
from lightloom.fabric.measures.sparse import matrix, rows_alike
from lightloom.fabric.wiring import Domain, Wiring


def cut_off(
    fabric: Fabric, domains: Collection[Domain], members: Integers | None = None, *, planes: bool = False
) -> Integers:
    """Return which accelerators cannot reach some others they reached before; of two parts, those of the smaller.

    Over switches in tiers two accelerators reach each other where some switch is above both, in any plane; over a mesh
    where any way is left.

    Args:
        fabric: As built.
        domains: Whose cables count.
        members: (members,) accelerators that are to reach each other; all if left out.
        planes: Whether to look only at those who have a way up at every level, and may not have it in the same plane.
    """
    if fabric.failures is None:
        return np.zeros(0, np.int64)
    chosen = np.arange(len(fabric.scale_up_domain)) if members is None else np.sort(members)
    island, hurt = _islands(fabric, domains)
    lost = np.zeros(len(chosen), np.bool_)
    before, after = (_joins(wiring, domains) for wiring in (fabric.wiring, fabric.working))
    home = _homes(fabric, domains)
    looked_at = _upward(fabric, domains)[chosen] if planes else np.ones(len(chosen), np.bool_)
    mesh = _mesh(fabric, domains)
    for each in np.unique(island[chosen][hurt[chosen]]):
        here = np.flatnonzero((island[chosen] == each) & looked_at)
        if not len(here):
            continue
        if mesh is None:
            lost[here] = _without_common(before, after, home[chosen[here]])
        else:
            lost[here] = _apart(_reaching(fabric, mesh, int(each))[chosen[here]])
    return chosen[lost]


def _upward(fabric: Fabric, domains: Collection[Domain]) -> Booleans:
    """(accelerators,) Whether each has bandwidth left at every level."""
    levels = [level for level in fabric.levels if level.domain in domains and level.mesh is None]
    return np.all([level.up[level.block] > 0 for level in levels], axis=0)


def touched(fabric: Fabric, domains: Collection[Domain]) -> Booleans:
    """(accelerators,) Whether something has failed of what each was joined to by whatever way.

    Args:
        fabric: As built.
        domains: Whose cables count.
    """
    return _islands(fabric, domains)[1]


def _islands(fabric: Fabric, domains: Collection[Domain]) -> tuple[Integers, Booleans]:
    """(accelerators,) Number shared by those that were joined, and whether something of what joined them has failed."""
    wiring, mesh = fabric.wiring, _mesh(fabric, domains)
    if fabric.failures is None:
        return np.zeros(len(fabric.scale_up_domain), np.int64), np.zeros(len(fabric.scale_up_domain), np.bool_)
    rows = _own(wiring, domains) & (fabric.failures.share < 1)
    if mesh is None or mesh.mesh is None:
        part = _parts(_joins(wiring, domains))
        island = part[_homes(fabric, domains)]
        return island, np.isin(island, part[wiring.ends[rows]])
    island = mesh.block // mesh.mesh.ground.graph.terminals
    hosts = wiring.ends[rows, 0]
    broken = [part for part, _ in mesh.mesh.broken]
    return island, np.isin(island, [*broken, *island[hosts[hosts < wiring.endpoints]]])


def _homes(fabric: Fabric, domains: Collection[Domain]) -> Integers:
    """(accelerators,) The one that stands for the endpoint of each in the wiring."""
    host = next(level for level in fabric.levels if level.domain in domains).block
    _, first, endpoint = np.unique(host, return_index=True, return_inverse=True)
    return first[endpoint]


def _mesh(fabric: Fabric, domains: Collection[Domain]) -> Level | None:
    """Return the level whose blocks a mesh joins."""
    return next((level for level in fabric.levels if level.domain in domains and level.mesh), None)


def _reaching(fabric: Fabric, level: Level, part: int) -> Integers:
    """(accelerators,) Number shared by those that ways are left between in one part of a mesh.

    The wiring does not say which legs meet at a circuit switch: it is the graph that does.
    """
    if level.mesh is None:
        raise ValueError(f"the blocks of level {level.name} are joined by no mesh")
    graph = level.mesh.part(part).graph
    _, label = connected_components(matrix(graph.arcs(), graph.vertices), directed=False)
    below = fabric.levels[fabric.levels.index(level) - 1]
    alone = graph.vertices + below.block
    return np.where(below.up[below.block] > 0, label[level.block % graph.terminals], alone)


def _joins(wiring: Wiring, domains: Collection[Domain]) -> csr_array:
    """Return (vertices, vertices) which vertex has which other directly above it."""
    own = _own(wiring, domains)
    ones = np.ones(int(own.sum()), np.float32)
    found = csr_array(coo_array((ones, tuple(wiring.ends[own].T)), shape=(wiring.vertices, wiring.vertices)))
    found.data[:] = 1.0
    return found


def _own(wiring: Wiring, domains: Collection[Domain]) -> Booleans:
    return np.array([of in domains for of, _ in wiring.levels], np.bool_)[wiring.level]


def _parts(joins: csr_array) -> Integers:
    """(vertices,) Number shared by vertices that are joined."""
    return np.asarray(connected_components(joins, directed=False)[1], np.int64)


def _apart(label: Integers) -> Booleans:
    """(members,) Who is not in the largest part."""
    return np.asarray(label != np.bincount(label).argmax())


def _without_common(before: csr_array, after: csr_array, home: Integers) -> Booleans:
    """(members,) Who has no switch in common with some of those it had one with; the rarest kinds give way."""
    kind = np.stack([rows_alike(csr_array(joins[home])) for joins in (before, after)])
    _, first, which = np.unique(kind, axis=1, return_index=True, return_inverse=True)
    places, which = home[first], which.ravel()
    broken = _common(before, places) & ~_common(after, places)
    kept = np.zeros(len(places), np.bool_)
    for each in np.argsort(-np.bincount(which), kind="stable"):
        kept[each] = not broken[each, each] and not broken[each, kept].any()
    return ~kept[which]


def _common(joins: csr_array, places: Integers) -> Booleans:
    """(places, places) Whether some switch is above both, at whatever height."""
    here = csr_array(joins[places])
    found = here
    while here.nnz:
        here = csr_array((here @ joins) > 0).astype(np.float32)
        found = csr_array((found + here) > 0).astype(np.float32)
    used = np.unique(found.indices)
    table = np.asarray(found[:, used].todense(), np.float32)
    return table @ table.T > 0
