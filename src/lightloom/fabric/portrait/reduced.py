"""A network with the endpoints that no way can tell apart taken together: as exact as the whole, and far smaller."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from lightloom.core.arrays import Booleans, Integers, frozen
from lightloom.fabric.graph import Graph
from lightloom.fabric.labels import plain
from lightloom.fabric.measures.sparse import orbits, rows_alike
from lightloom.fabric.wiring import Domain, Wiring

GLASS = frozenset(("circuit", "line"))
"""Kinds of vertices that light passes without being received: the two legs of a link count as one hop."""


@dataclass(frozen=True, slots=True, eq=False)
class Reduced:
    """Classes of endpoints first, then everything else, as one undirected graph; arrays are read-only.

    Args:
        terminals: How many classes of endpoints; a class hangs under the same vertices by as many cables.
        weight: (terminals,) endpoints of each.
        vertex: (vertices,) vertex of the wiring; of a class, its first endpoint.
        glass: (vertices,) whether light passes it unreceived.
        ends: (links, 2) vertices.
        cables: (links,) equal cables; of a class, those of one endpoint.
        relays: Whether endpoints pass on what others send, as those that are joined to each other do.
        home: (endpoints of the wiring,) class of each; -1 for those that are not in this network.
    """

    terminals: int
    weight: Integers
    vertex: Integers
    glass: Booleans
    ends: Integers
    cables: Integers
    relays: bool
    home: Integers

    @property
    def vertices(self) -> int:
        """How many vertices."""
        return len(self.vertex)

    @property
    def endpoints(self) -> int:
        """Endpoints of all classes."""
        return int(self.weight.sum())

    def matrix(self, rows: Booleans) -> csr_array:
        """Return the (vertices, vertices) symmetric matrix of ones of some links."""
        first, second = self.ends[rows].T
        both = np.concatenate([first, second]), np.concatenate([second, first])
        found = csr_array(coo_array((np.ones(len(both[0])), both), shape=(self.vertices, self.vertices)))
        found.data[:] = 1.0
        return found

    @property
    def legs(self) -> Booleans:
        """(links,) Which links lead to glass."""
        return np.asarray(self.glass[self.ends].any(axis=1))


def reduce_network(wiring: Wiring, domains: frozenset[Domain], members: Integers, *, relays: bool) -> Reduced:
    """Return a network of a fabric, or one island of it.

    Args:
        wiring: Of the whole fabric.
        domains: Those whose cables count.
        members: (endpoints,) vertices of the wiring that are its endpoints.
        relays: Whether endpoints pass on what others send; they stay apart then.
    """
    serves = np.array([domain in domains for domain, _ in wiring.levels], np.bool_)
    inside = np.ones(wiring.vertices, np.bool_)
    inside[: wiring.endpoints] = False
    inside[members] = True
    rows = np.flatnonzero(serves[wiring.level] & inside[wiring.ends].all(axis=1))
    if len(members) < wiring.endpoints:
        rows = rows[_reached(wiring, wiring.ends[rows], members)]
    ends, cables = merged(wiring.ends[rows], wiring.multiplicity[rows], wiring.vertices)
    classes = np.arange(len(members)) if relays else _alike(ends, cables, members, wiring.vertices)
    _, first, home, weight = np.unique(classes, return_index=True, return_inverse=True, return_counts=True)
    others = np.unique(ends[ends >= wiring.endpoints])
    vertex = np.concatenate([members[first], others])
    number = np.full(wiring.vertices, -1)
    number[vertex] = np.arange(len(vertex))
    kept = (number[ends] >= 0).all(axis=1)
    glass = np.array([plain(kind) in GLASS for kind in wiring.kinds], np.bool_)[wiring.kind[vertex]]
    homes = np.full(wiring.endpoints, -1)
    homes[members] = home
    return Reduced(
        terminals=len(first),
        weight=frozen(weight.astype(np.int64)),
        vertex=frozen(vertex),
        glass=frozen(glass),
        ends=frozen(number[ends[kept]]),
        cables=frozen(cables[kept]),
        relays=relays,
        home=frozen(homes),
    )


def _reached(wiring: Wiring, ends: Integers, members: Integers) -> Booleans:
    """(links,) Those of the islands that some member is part of; other endpoints are gone already."""
    here = np.zeros(wiring.vertices, np.bool_)
    here[members] = True
    while True:
        touched = here[ends].any(axis=1)
        grown = here.copy()
        grown[ends[touched].ravel()] = True
        if np.array_equal(grown, here):
            return np.asarray(touched)
        here = grown


def merged(ends: Integers, cables: Integers, vertices: int) -> tuple[Integers, Integers]:
    """Return each pair of vertices once, with all cables between them; the lower number first."""
    low, high = np.sort(ends, axis=1).T
    keys, place = np.unique(low * vertices + high, return_inverse=True)
    total = np.bincount(place, weights=cables, minlength=len(keys))
    return np.stack(np.divmod(keys, vertices), axis=1), np.rint(total).astype(np.int64)


def _alike(ends: Integers, cables: Integers, members: Integers, vertices: int) -> Integers:
    """(members,) Number shared by endpoints that hang under the same vertices by as many cables."""
    place = np.full(vertices, -1)
    place[members] = np.arange(len(members))
    own = place[ends[:, 0]] >= 0
    if not own.any():
        return np.arange(len(members))
    hung = (cables[own].astype(np.float64), (place[ends[own, 0]], ends[own, 1]))
    return rows_alike(csr_array(coo_array(hung, shape=(len(members), vertices))))


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Classes of endpoints that stand for others, which see the network as they do.

    Args:
        terminal: (sources,) a class of each kind.
        many: (sources,) classes of that kind.
        others: Classes that, each with the first source, stand for all pairs with it.
    """

    terminal: Integers
    many: Integers
    others: Integers


def sources_of(reduced: Reduced, graph: Graph | None) -> Sources:
    """Return one class of each kind.

    Args:
        reduced: A network.
        graph: The mesh it is made of, where it is one: terminals are the classes, in order.
    """
    if graph is None:
        return _twins(reduced)
    every = np.arange(reduced.terminals)
    if reduced.terminals < graph.terminals or np.ptp(reduced.weight):
        return Sources(frozen(every), frozen(np.ones_like(every)), frozen(every[1:]))
    found = orbits(graph, graph.arcs())
    return Sources(found.terminals, found.sizes, frozen(every[every != found.terminals[0]]))


def _twins(reduced: Reduced) -> Sources:
    """Take classes together whose first vertices serve nobody else and are joined to the same others alike."""
    count = reduced.terminals
    low, high = reduced.ends.T
    hosts = low < count
    served = np.bincount(high[hosts], minlength=reduced.vertices)
    size = reduced.vertices
    weights = reduced.cables[~hosts].astype(np.float64)
    places = (np.concatenate([low[~hosts], high[~hosts]]), np.concatenate([high[~hosts], low[~hosts]]))
    above = csr_array(coo_array((np.tile(weights, 2), places), shape=(size, size)))
    above.sort_indices()
    first: list[list[int]] = [list[int]() for _ in range(count)]
    for terminal, vertex in zip(map(int, low[hosts]), map(int, high[hosts]), strict=True):
        first[terminal].append(vertex)
    kinds: dict[tuple[object, int], list[int]] = {}
    for terminal, vertices in enumerate(first):
        shared = any(served[vertex] > 1 for vertex in vertices)
        seen = terminal if shared else tuple(_row(above, vertex) for vertex in vertices)
        key = (seen, int(reduced.weight[terminal]))
        kinds.setdefault(key, list[int]()).append(terminal)
    members = list(kinds.values())
    return Sources(
        frozen(np.array([each[0] for each in members], np.int64)),
        frozen(np.array([len(each) for each in members], np.int64)),
        frozen(np.array([*members[0][1:2], *(each[0] for each in members[1:])], np.int64)),
    )


def _row(matrix: csr_array, row: int) -> tuple[bytes, bytes]:
    place = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    return matrix.indices[place].tobytes(), matrix.data[place].tobytes()
