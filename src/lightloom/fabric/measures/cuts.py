"""What cuts allow: the best all-gather, exact, by the set of vertices that can send least per member.

All-gather ends when every terminal has all shards. Whoever is outside a set of vertices must get the shards of the
terminals inside through the links that leave it, so that the ratio of those links to those terminals limits the rate of
a shard; the smallest ratio is reached (Zhao et al., "ForestColl", arXiv 2402.06787). Dinkelbach's iteration finds it:
ask by a largest flow whether any set falls below a ratio, and go on with the ratio of the set found.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.maxflow import smallest_cut
from lightloom.fabric.measures.sparse import check_connected, orbits

LARGEST = 10_000_000
"""Terminals of different surroundings times directed links above which the search takes minutes."""
FINEST = 1 << 32
"""Steps that the largest capacity is counted in at most."""


@dataclass(frozen=True, slots=True, eq=False)
class AllGather:
    """The best all-gather; in-network multicast and reduction left out.

    Args:
        bandwidth: Bytes gathered over time (M/T), in units of the capacities.
        inside: (vertices,) which are in a set that limits it.
    """

    bandwidth: float
    inside: Booleans


def all_gather(graph: Graph) -> AllGather:
    """Return the bandwidth of the best pipelined all-gather.

    Args:
        graph: At least two terminals.

    Raises:
        StudyError: There is one terminal, some cannot be reached, or the search is too large.
    """
    if graph.terminals < 2:
        raise StudyError(Fault("", "an all-gather needs two terminals", "add terminals"))
    check_connected(graph)
    arcs = graph.arcs()
    outside = orbits(graph, arcs).terminals  # a limiting set lacks some terminal, as well one of these
    if len(outside) * len(arcs) > LARGEST:
        message = f"{len(outside)} terminals of different surroundings and {len(arcs)} directed links take too long"
        raise StudyError(Fault("", message, "take a smaller or a symmetric graph"))
    search = _Search(graph.vertices, graph.terminals, arcs.tail, arcs.head, whole_capacities(arcs.capacity))
    best = search.around(int(outside[0]))
    for terminal in outside:
        best = search.improved(best, int(terminal))
    leaving = float(arcs.capacity[best.inside[arcs.tail] & ~best.inside[arcs.head]].sum())
    members = int(np.count_nonzero(best.inside[: graph.terminals]))
    return AllGather(graph.terminals * leaving / members, frozen(best.inside))


def reduce_scatter(graph: Graph) -> AllGather:
    """Return the bandwidth of the best reduce-scatter: that of all-gather with every link turned round."""
    return all_gather(replace(graph, ends=frozen(graph.ends[:, ::-1].copy())) if graph.directed else graph)


def all_reduce_bandwidth(graph: Graph) -> float:
    """Return message size over time of a reduce-scatter followed by an all-gather, in units of the capacities."""
    return 1.0 / (1.0 / all_gather(graph).bandwidth + 1.0 / reduce_scatter(graph).bandwidth)


def whole_capacities(capacity: Floats) -> Integers:
    """Return capacities as whole numbers in the same proportion: exactly wherever that is one of small numbers.

    Args:
        capacity: Positive.

    Leaves out: odd mixes of capacities, whose proportions are kept to a billionth of the largest.
    """
    values, place = np.unique(capacity, return_inverse=True)
    shares = [Fraction(float(value / values[-1])).limit_denominator(1_000_000) for value in values]
    below = lcm(*(share.denominator for share in shares))
    near = np.array([float(share) for share in shares]) * values[-1]
    if below > FINEST or np.any(np.abs(near - values) > 4 * np.spacing(values)):
        shares, below = [Fraction(float(value / values[-1])) for value in values], FINEST
    return np.array([round(share * below) for share in shares], np.int64)[place]


@dataclass(frozen=True, slots=True, eq=False)
class _Set:
    """Vertices, and the capacity that leaves them over the terminals among them."""

    ratio: Fraction
    inside: Booleans


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """A graph of whole capacities."""

    vertices: int
    terminals: int
    tail: Integers
    head: Integers
    capacity: Integers

    def around(self, terminal: int) -> _Set:
        """Return all vertices but one terminal."""
        inside = np.ones(self.vertices, np.bool_)
        inside[terminal] = False
        return self.measured(inside)

    def measured(self, inside: Booleans) -> _Set:
        """Return a set with its ratio."""
        leaving = int(self.capacity[inside[self.tail] & ~inside[self.head]].sum())
        return _Set(Fraction(leaving, int(np.count_nonzero(inside[: self.terminals]))), inside)

    def improved(self, best: _Set, terminal: int) -> _Set:
        """Return the set of the smallest ratio among those without a terminal, if it is below the best so far."""
        while True:
            cut = self._cut(best.ratio, terminal)
            if cut is None:
                return best
            best = self.measured(cut)

    def _cut(self, ratio: Fraction, terminal: int) -> Booleans | None:
        """Return a set without a terminal whose ratio is below a given one; None if there is none.

        A source feeds every terminal at the ratio; all of it reaches the terminal left out unless a set is too narrow.
        """
        over, under = ratio.numerator, ratio.denominator
        fed = np.arange(self.terminals)
        tail = np.concatenate([self.tail, np.full(self.terminals, self.vertices)])
        head = np.concatenate([self.head, fed])
        capacity = np.concatenate([self.capacity * under, np.full(self.terminals, over)])
        cut = smallest_cut((tail, head), capacity, self.vertices + 1, (self.vertices, terminal))
        if cut.flow >= over * self.terminals:
            return None
        return cut.inside[:-1]
