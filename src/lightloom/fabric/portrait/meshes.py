"""What a mesh allows: by formula where its topology has one, else by programme or by cuts while it is small."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import StudyError
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.fabric import Mesh
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures import bisection as halves
from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.flow import concurrent
from lightloom.fabric.measures.sparse import orbits
from lightloom.fabric.measures.spectrum import bisection_bound
from lightloom.fabric.portrait.island import Island
from lightloom.fabric.portrait.tiers import Rate
from lightloom.fabric.topology import Topology

_ROUNDING = 1e-9
MOST_SPLIT = 24, 64
"""Vertices and links up to which the least bisection is searched for."""
MOST_FLOWS = 20_000
"""Sources times directed links up to which the best routing is searched for."""
MOST_CUTS = 200_000
"""Terminals of different surroundings times directed links up to which the best all-gather is."""
MOST_SPECTRUM = 4096
"""Vertices up to which eigenvalues are worked out."""


@dataclass(frozen=True)
class Measured:
    """A mesh and the endpoints on it; results are worked out when first asked for.

    Args:
        mesh: The mesh.
        weight: (terminals,) endpoints under each, or 1 where they are the terminals.
        known: What the topology knows of itself, in units of its own capacities; empty without formulas.
        unit: Bytes/s of a link of capacity 1.
        whole: Whether nothing of it has failed.
        name: Of the level, as ``domain.level``.
        hops: Mean links between two endpoints, those of hosts left out.
    """

    mesh: Mesh
    weight: Integers
    known: Mapping[str, float]
    unit: float
    whole: bool
    name: str
    hops: float

    @classmethod
    def of(cls, island: Island, mesh: Mesh, topology: Topology | None, hops: float) -> Self:
        """Return an island's mesh."""
        rung = next(rung for rung in island.rungs if rung.mesh is mesh)
        graph = mesh.ground.graph
        weight = np.zeros(graph.terminals, np.int64)
        weight[island.terminal] = rung.sizes
        known: Mapping[str, float] = {}
        unit = 1.0
        whole = island.standing is not None and island.standing.whole
        if isinstance(topology, DirectNetwork) and whole:
            units = graph.capacity / topology.built.capacity
            unit = float(units[0])
            known = topology.known() if np.ptp(units) <= _ROUNDING * unit else {}  # formulas know one rate
        return cls(mesh, weight, known, unit, whole, f"{rung.domain}.{rung.name}", hops)

    @property
    def graph(self) -> Graph:
        """Terminals and links, in bytes/s."""
        return self.mesh.ground.graph

    @property
    def even(self) -> bool:
        """Whether there are as many endpoints on every terminal."""
        return bool((self.weight == self.weight[0]).all())

    @property
    def endpoints(self) -> int:
        """All of them."""
        return int(self.weight.sum())

    @cached_property
    def demand(self) -> Floats | None:
        """One unit between any two endpoints, told of terminals; None where every two terminals exchange as much."""
        return None if self.even else np.outer(self.weight, self.weight).astype(np.float64)

    @property
    def each(self) -> float:
        """What a unit of :attr:`demand` stands for."""
        return float(self.weight[0]) ** 2 if self.even else 1.0

    def all_to_all(self) -> Rate:
        """Return what one endpoint sends while all send equally to all others, by the best routing there is."""
        load, how = self._least_load
        return Rate((self.endpoints - 1) / load, "exact" if how else "bound", self.name)

    @cached_property
    def _least_load(self) -> tuple[float, bool]:
        """Return seconds of the busiest link per byte between any two endpoints, and whether that is the optimum."""
        if self.even and "all_to_all" in self.known:
            return self.known["all_to_all"] * self.each / self.unit, True
        arcs = self.graph.arcs()
        sources = len(orbits(self.graph, arcs).terminals) if self.even else self.graph.terminals
        if sources * len(arcs) <= MOST_FLOWS:
            return concurrent(self.graph, self.demand).load * self.each, True
        pairs = float(self.endpoints) * (self.endpoints - 1)
        return pairs * self.hops / float(arcs.capacity.sum()), False

    @cached_property
    def routed(self) -> Rate | None:
        """The same under the mesh's own routing; None where that takes too long, or failures leave it no way."""
        try:
            load = self.mesh.routing.loads(self.mesh.ground, self.demand).busiest * self.each
        except StudyError:
            if self.mesh.routing.kind == "adaptive" or not self.whole:
                return None
            raise
        return Rate((self.endpoints - 1) / load, "routing", self.name)

    def all_gather(self) -> Rate:
        """Return bytes gathered over time, by cuts that leave whole terminals out."""
        if self.even and "all_gather" in self.known:
            return Rate(self.known["all_gather"] * self.unit, "exact", self.name)
        arcs = self.graph.arcs()
        if self.even and len(orbits(self.graph, arcs).terminals) * len(arcs) <= MOST_CUTS:
            return Rate(all_gather(self.graph).bandwidth, "exact", self.name)
        into = np.bincount(arcs.head, weights=arcs.capacity, minlength=self.graph.vertices)[: self.graph.terminals]
        held = self.weight > 0
        least = into[held] * self.endpoints / (self.endpoints - self.weight[held])
        return Rate(float(least.min()), "bound", self.name)

    def bisection(self) -> Rate:
        """Return the least between two halves of the endpoints, one way; a bound is one from below.

        Traffic between all pairs gives one: half of it crosses, whatever the halves. The eigenvalues give another.
        """
        even_halves = self.even and self.graph.terminals % 2 == 0
        if even_halves and "bisection" in self.known:
            return Rate(self.known["bisection"] * self.unit, "exact", self.name)
        small = self.graph.vertices <= MOST_SPLIT[0] and self.graph.links <= MOST_SPLIT[1]
        if even_halves and small:
            return Rate(halves.bisection(self.graph).capacity, "exact", self.name)
        load, _ = self._reached()
        bounds = [(self.endpoints // 2) * -(-self.endpoints // 2) / load]
        if even_halves and self.graph.vertices == self.graph.terminals <= MOST_SPECTRUM:
            bounds.append(bisection_bound(self.graph))
        return Rate(max(bounds), "bound", self.name)

    def _reached(self) -> tuple[float, bool]:
        """Return a load of all-to-all that some routing reaches."""
        load, optimal = self._least_load
        if optimal:
            return load, True
        if self.routed is None:
            return float("inf"), False
        return (self.endpoints - 1) / self.routed.value, False
