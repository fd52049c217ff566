"""How far terminals are from each other, in links: diameter, mean, and how many pairs are how far apart."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.sparse import matrix, orbits

BLOCK = 128
"""Sources searched from at once: their columns of a matrix stay in a processor's cache."""
FEW = 64
"""Sources below which one search each is quicker."""
DEEP = 24
"""Links to the farthest vertex beyond which it is, too."""


@dataclass(frozen=True, slots=True, eq=False)
class Hops:
    """Distances between terminals, in links; self pairs are left out.

    Args:
        pairs: (diameter + 1,) ordered pairs of terminals that are so many links apart.
    """

    pairs: Integers

    @property
    def diameter(self) -> int:
        """Links between the two terminals farthest apart."""
        return len(self.pairs) - 1

    @property
    def mean(self) -> float:
        """Links between two terminals, averaged over ordered pairs."""
        return self.total / int(self.pairs.sum()) if self.diameter else 0.0

    @property
    def total(self) -> int:
        """Links of all ordered pairs together."""
        return int(self.pairs @ np.arange(len(self.pairs)))


def hops(graph: Graph) -> Hops:
    """Count the links between terminals, from one terminal of each orbit.

    Raises:
        StudyError: Some terminal cannot be reached.
    """
    arcs = graph.arcs()
    found = orbits(graph, arcs)
    steps = matrix(arcs, graph.vertices, np.ones(len(arcs)))
    counted = np.zeros(1, np.int64)
    for place, distances in _searches(steps, found.terminals):
        between = distances[: graph.terminals]
        if np.any(between < 0):
            lost = int(np.flatnonzero(np.any(between < 0, axis=1))[0])
            message = f"terminal {lost} cannot be reached from terminal {int(found.terminals[place][0])}"
            raise StudyError(Fault("", message, "add links until all terminals are joined"))
        weights = np.broadcast_to(found.sizes[place].astype(np.float64), between.shape)
        here = np.rint(np.bincount(between.ravel(), weights=weights.ravel())).astype(np.int64)
        counted = np.pad(counted, (0, max(len(here) - len(counted), 0)))
        counted[: len(here)] += here
    counted[0] = 0
    return Hops(frozen(counted))


def _searches(steps: csr_array, sources: Integers) -> Iterator[tuple[slice, NDArray[np.int16]]]:
    """Yield blocks of sources, and (vertices, block) links from each of them, -1 where there is no way."""
    first = _alone(steps, sources[:1])
    if len(sources) <= FEW or first.max() > DEEP:
        for start in range(0, len(sources), FEW):
            place = slice(start, start + FEW)
            yield place, _alone(steps, sources[place])
        return
    inward = csr_array(steps.T).astype(np.float32)
    for start in range(0, len(sources), BLOCK):
        place = slice(start, start + BLOCK)
        yield place, spread(inward, sources[place])[0]


def _alone(steps: csr_array, sources: Integers) -> NDArray[np.int16]:
    """Search from one source after the other."""
    far = dijkstra(steps, unweighted=True, indices=sources)
    return np.where(np.isfinite(far), far, -1).astype(np.int16).T


def spread(inward: csr_array, sources: Integers) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
    """Search breadth first from several vertices at once, by products of a sparse matrix with the last layers.

    Args:
        inward: (vertices, vertices) float32; row v holds the weights of links into v.
        sources: (block,) vertices to start from.

    Returns:
        (vertices, block) links from each source, -1 where there is no way, and the weights of the links from the layer
        before, added up.
    """
    shape = (inward.shape[0], len(sources))
    away = np.full(shape, -1, np.int16)
    weights = np.zeros(shape, np.float32)
    away[sources, np.arange(len(sources))] = 0
    layer = away == 0
    unseen, step = away.size - len(sources), 0
    while unseen and layer.any():
        step += 1
        reached = inward @ layer.astype(np.float32)
        layer = (reached > 0) & (away < 0)
        # Whole arrays times a mask: several times as quick as operations that skip places.
        reached *= layer
        weights += reached
        away += layer * np.int16(step + 1)
        unseen -= int(np.count_nonzero(layer))
    return away, weights
