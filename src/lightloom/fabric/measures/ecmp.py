"""Loads of links where every vertex splits what it passes on evenly over all shortest ways (ECMP).

A search backwards from a terminal gives every vertex its distance and its next hops; what all terminals send there then
moves one layer closer at a time, as a product of a sparse matrix with the flows of a layer. Many terminals are done at
once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault
from lightloom.fabric.graph import Arcs, Graph
from lightloom.fabric.measures.hops import spread
from lightloom.fabric.measures.sparse import NoWayError, Orbits, matrix, orbits

BLOCK = 32
"""Terminals done at once: their columns of a matrix stay in a processor's cache."""
CHUNK = 2048
"""Links looked at at once, likewise."""

Split: TypeAlias = Literal["even", "capacity"]


@dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """What equal-split routing puts on directed links; arrays are read-only.

    Args:
        arcs: The links.
        flow: (arcs,) units carried.
    """

    arcs: Arcs
    flow: Floats

    @property
    def busiest(self) -> float:
        """Largest ratio of flow to capacity; with one unit between any two terminals, never below the optimal load."""
        return float((self.flow / self.arcs.capacity).max())

    @property
    def passes(self) -> float:
        """Units times links they take."""
        return float(self.flow.sum())


def loads(graph: Graph, demand: Floats | None = None, *, split: Split = "even") -> Loads:
    """Route demand over all shortest ways.

    Args:
        graph: A graph.
        demand: (terminals, terminals) units from each to each; 1 between any two if left out, which lets a graph's
            symmetry be used.
        split: Whether next hops get equal shares, or shares by the capacity that leads to them.

    Raises:
        NoWayError: Some terminal cannot reach another.
    """
    arcs = graph.arcs()
    found = orbits(graph if demand is None else replace(graph, automorphisms=()), arcs)
    weights = np.ones(len(arcs), np.float32) if split == "even" else arcs.capacity.astype(np.float32)
    outward = matrix(arcs, graph.vertices, weights)  # row v: what leaves v, so products search backwards
    inward = csr_array(outward.T).astype(np.float64)
    flow = np.zeros(len(arcs))
    for place in _blocks(len(found.terminals)):
        goals = found.terminals[place]
        wanted = _wanted(graph, goals, demand)
        away, share = _one_block(outward, inward, goals, wanted)
        flow += _carried(arcs, outward.data, away, share, found.sizes[place].astype(np.float64))
    return Loads(arcs, frozen(_levelled(flow, found)))


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, start + BLOCK) for start in range(0, count, BLOCK))


def _wanted(graph: Graph, goals: Integers, demand: Floats | None) -> Floats:
    """Return (vertices, block) units that start at each vertex for each goal."""
    wanted = np.zeros((graph.vertices, len(goals)))
    wanted[: graph.terminals] = 1.0 if demand is None else demand[:, goals]
    wanted[goals, np.arange(len(goals))] = 0.0
    return wanted


def _one_block(
    outward: csr_array, inward: csr_array, goals: Integers, wanted: Floats
) -> tuple[NDArray[np.int16], Floats]:
    """Return (vertices, block) links to each goal, and units on each next hop per unit of its weight.

    Raises:
        NoWayError: A goal cannot be reached.
    """
    away, total = spread(outward, goals)
    if np.any((away < 0) & (wanted > 0)):
        vertex, column = (int(place[0]) for place in np.nonzero((away < 0) & (wanted > 0)))
        message = f"terminal {int(goals[column])} cannot be reached from terminal {vertex}"
        raise NoWayError(Fault("", message, "add links until all terminals are joined"))
    rate = 1.0 / np.where(total > 0, total, np.inf).astype(np.float64)
    passing, sent = wanted, np.empty_like(wanted)
    for step in range(int(away.max()), 1, -1):
        # Whole arrays times a mask: several times as quick as operations that skip places.
        np.multiply(passing, rate, out=sent)
        sent *= away == step
        moved = inward @ sent
        moved *= away == step - 1
        passing += moved
    return away, np.multiply(passing, rate, out=sent)


def _carried(arcs: Arcs, weights: Floats, away: NDArray[np.int16], share: Floats, sizes: Floats) -> Floats:
    """Return (arcs,) units on each link, goals counted as often as their orbit has terminals."""
    flow = np.empty(len(arcs))
    for start in range(0, len(arcs), CHUNK):
        tail, head = arcs.tail[start : start + CHUNK], arcs.head[start : start + CHUNK]
        sent = share.take(tail, axis=0)
        sent *= away.take(head, axis=0) == away.take(tail, axis=0) - 1
        flow[start : start + CHUNK] = sent @ sizes
    return flow * weights


def _levelled(flow: Floats, found: Orbits) -> Floats:
    """Return the mean over each orbit of links: what all sources together put on each of them."""
    sums = np.bincount(found.arc, weights=flow, minlength=found.arcs)
    return (sums / np.bincount(found.arc, minlength=found.arcs))[found.arc].astype(np.float64)
