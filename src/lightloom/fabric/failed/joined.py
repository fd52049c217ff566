"""Who can still reach whom: accelerators that failures cut off from others."""

from collections.abc import Collection

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Booleans, Integers
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.measures.sparse import rows_alike
from lightloom.fabric.wiring import Domain, Wiring


def cut_off(fabric: Fabric, domains: Collection[Domain], members: Integers | None = None) -> Integers:
    """Return which accelerators cannot reach some others they reached before; of two parts, those of the smaller.

    Over switches in tiers two accelerators reach each other where some switch is above both, in any plane; over a mesh
    where any way is left.

    Args:
        fabric: As built.
        domains: Whose cables count.
        members: (members,) accelerators that are to reach each other; all if left out.
    """
    if fabric.failures is None:
        return np.zeros(0, np.int64)
    levels = [level for level in fabric.levels if level.domain in domains]
    _, first, endpoint = np.unique(levels[0].block, return_index=True, return_inverse=True)
    chosen = np.arange(len(endpoint)) if members is None else np.sort(members)
    home = first[endpoint][chosen]  # the accelerator that stands for its endpoint in the wiring
    before, after = (_joins(wiring, domains) for wiring in (fabric.wiring, fabric.working))
    island = _parts(before)[home]
    if any(level.mesh for level in levels):
        return chosen[_apart(island, _parts(after)[home])]
    lost = np.zeros(len(home), np.bool_)
    for each in np.unique(island[touched(fabric, domains)[home]]):
        here = np.flatnonzero(island == each)
        lost[here] = _without_common(before, after, home[here])
    return chosen[lost]


def touched(fabric: Fabric, domains: Collection[Domain]) -> Booleans:
    """(vertices,) Whether something has failed of what a vertex was joined to by whatever way.

    Args:
        fabric: As built.
        domains: Whose cables count.
    """
    hurt = np.zeros(fabric.wiring.vertices, np.bool_)
    if fabric.failures is None:
        return hurt
    rows = _own(fabric.wiring, domains) & (fabric.failures.share < 1)
    hurt[fabric.wiring.ends[rows]] = True
    part = _parts(_joins(fabric.wiring, domains))
    return np.isin(part, part[hurt])


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


def _apart(before: Integers, after: Integers) -> Booleans:
    """(members,) Who is not in the largest part that is left of what was joined."""
    lost = np.zeros(len(before), np.bool_)
    for part in np.unique(before):
        members = before == part
        lost |= members & (after != np.bincount(after[members]).argmax())
    return lost


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
