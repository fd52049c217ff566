"""What is said of a topology that was found: its distances and loads, and the same from its list of links alone."""

from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import Hops, hops
from lightloom.fabric.measures.moore import all_to_all_bound, mean_hops_bound
from lightloom.fabric.measures.sparse import orbits
from lightloom.fabric.synthesis.family import Family

FULL = 48
"""Nodes up to which the second programme has every node as a source: a second."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One topology. Loads are those of the busiest link when every ordered pair exchanges 1 unit; arrays are read-only.

    Args:
        topology: It.
        edges: (links, 2) the two nodes of each link, the smaller first, in ascending order; repeated links repeat.
        hops: Its distances.
        bound: Load that distances allow at best.
        load: Least there is, over any mix of ways.
        again: The same once more, from the links alone; with automorphisms only above so many nodes, each held against
            every link.
        sources: Nodes that programme had as sources.
        split: Load where every node splits evenly over all shortest ways (ECMP).
        moore_hops: Mean hops that no graph of that degree can beat.
        moore: Load likewise.
        all_gather: Best bandwidth of an all-gather, in links; a bound where nodes are not all alike.
    """

    topology: Family
    edges: Integers
    hops: Hops
    bound: float
    load: float
    again: float
    sources: int
    split: float
    moore_hops: float
    moore: float
    all_gather: float

    @property
    def gap(self) -> float:
        """How far the load is above the Moore bound, 0 for not at all."""
        return self.load / self.moore - 1.0


def judge(topology: Family, load: float) -> Judged:
    """Measure a topology whose load is known, and solve it again from its links alone."""
    graph = topology.graph()
    nodes, degree = topology.nodes, topology.degree
    edges = links_of(graph)
    plain = Graph.of({"node": nodes}, {"link": edges})
    fresh = plain if nodes <= FULL else replace(plain, automorphisms=graph.automorphisms)
    found = hops(plain)
    return Judged(
        topology=topology,
        edges=edges,
        hops=found,
        bound=found.total / (nodes * degree),
        load=load,
        again=all_to_all(fresh).load,
        sources=len(orbits(fresh, fresh.arcs()).terminals),
        split=loads(graph).busiest,
        moore_hops=mean_hops_bound(nodes, degree),
        moore=all_to_all_bound(nodes, degree),
        all_gather=nodes * degree / (nodes - 1),
    )


def links_of(graph: Graph) -> Integers:
    """Return (links, 2) the links in ascending order, the smaller end first."""
    ordered = np.sort(graph.ends, axis=1)
    return frozen(ordered[np.lexsort((ordered[:, 1], ordered[:, 0]))])
