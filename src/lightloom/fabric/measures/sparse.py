"""A graph's directed links as a sparse matrix, and its orbits: what the solvers start from."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Arcs, Graph


def matrix(arcs: Arcs, vertices: int, weights: NDArray[np.floating[Any]] | None = None) -> csr_array:
    """Return the (vertices, vertices) matrix of directed links; their capacities unless other weights are given.

    Args:
        arcs: Directed links, in their order.
        vertices: How many.
        weights: (arcs,) entries.
    """
    start = np.searchsorted(arcs.tail, np.arange(vertices + 1))
    entries = arcs.capacity if weights is None else weights
    return csr_array((entries, arcs.head, start), shape=(vertices, vertices))


def rows_alike(table: csr_array) -> Integers:
    """(rows,) Number shared by equal rows of a sparse matrix that has few entries in each: the first of them."""
    table = table.copy()
    table.sort_indices()
    held = np.diff(table.indptr)
    row = np.repeat(np.arange(len(held)), held)
    place = np.arange(table.nnz) - table.indptr[row]
    columns = np.full((len(held), int(held.max(initial=0)), 2), -1.0)
    columns[row, place] = np.stack([table.indices, table.data], axis=1)
    _, first, which = np.unique(columns.reshape(len(held), -1), axis=0, return_index=True, return_inverse=True)
    return first[which.ravel()].astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Orbits:
    """What a graph's automorphisms map onto each other; every array is read-only.

    Args:
        terminals: (representatives,) one terminal of each orbit.
        sizes: (representatives,) terminals in it.
        arc: (arcs,) orbit of each directed link, numbered from 0.
        arcs: How many orbits of directed links.
    """

    terminals: Integers
    sizes: Integers
    arc: Integers
    arcs: int


def orbits(graph: Graph, arcs: Arcs) -> Orbits:
    """Return the orbits of a graph's terminals and directed links; each is its own without automorphisms.

    Args:
        graph: A graph.
        arcs: Those of ``graph.arcs()``.

    Raises:
        ValueError: What a topology calls an automorphism is none.
    """
    count = graph.vertices
    if not graph.automorphisms:
        terminals = np.arange(graph.terminals)
        return Orbits(frozen(terminals), frozen(np.ones_like(terminals)), frozen(np.arange(len(arcs))), len(arcs))
    keys = arcs.tail * count + arcs.head
    images = [_image(graph, arcs, keys, permutation) for permutation in graph.automorphisms]
    _, vertex = _components(count, graph.automorphisms)
    classes, arc = _components(len(arcs), images)
    _, first, sizes = np.unique(vertex[: graph.terminals], return_index=True, return_counts=True)
    return Orbits(frozen(first), frozen(sizes), frozen(arc), classes)


def _image(graph: Graph, arcs: Arcs, keys: Integers, permutation: Integers) -> Integers:
    """Return the directed link each is mapped to."""
    wanted = permutation[arcs.tail] * graph.vertices + permutation[arcs.head]
    found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    kept = np.array_equal(keys[found], wanted) and np.allclose(arcs.capacity[found], arcs.capacity, rtol=1e-12)
    if not kept or np.any(np.sort(permutation[: graph.terminals]) != np.arange(graph.terminals)):
        message = "a permutation of the vertices is no automorphism of the graph"
        raise ValueError(message)
    return found


def _components(count: int, images: tuple[Integers, ...] | list[Integers]) -> tuple[int, Integers]:
    """Return how many orbits, and (count,) which; images are permutations, so that weak components are orbits."""
    here = np.tile(np.arange(count), len(images))
    joined = coo_array((np.ones(len(here), np.int8), (here, np.concatenate(images))), shape=(count, count))
    number, labels = connected_components(joined, directed=False)
    return int(number), labels.astype(np.int64)


class NoWayError(StudyError):
    """Some terminal cannot be reached from another that sends to it."""


def check_connected(graph: Graph, demand: Floats | None = None) -> None:
    """Refuse a graph whose terminals do not all reach each other, or those they send to.

    Args:
        graph: A graph.
        demand: (terminals, terminals) what is sent from each to each; left out: all send to all.

    Raises:
        NoWayError: Some do not.
    """
    arcs = graph.arcs()
    _, labels = connected_components(matrix(arcs, graph.vertices), directed=graph.directed, connection="strong")
    sources, targets = np.zeros(graph.terminals, np.int64), np.arange(graph.terminals)
    if demand is not None:
        sources, targets = np.nonzero(demand)
    lost = np.flatnonzero(labels[sources] != labels[targets])
    if len(lost):
        message = f"terminal {int(targets[lost[0]])} is not joined to terminal {int(sources[lost[0]])}"
        raise NoWayError(Fault("", message, "add links until all terminals are joined"))
