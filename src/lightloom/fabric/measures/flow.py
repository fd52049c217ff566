"""How little the busiest link need carry: concurrent flow over any mix of ways, as one linear programme.

What leaves a terminal for all others is one flow that splits and thins out, so that there are as many flows as sending
terminals, not as pairs. Where automorphisms map terminals onto each other one of each orbit is enough, and links of an
orbit carry alike: averaging a solution over the group keeps it one. On a Cayley graph that leaves one source.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Arcs, Graph
from lightloom.fabric.measures.sparse import Orbits, check_connected, orbits

LARGEST = 400_000
"""Unknowns (sources times directed links) above which a programme takes more than two minutes."""
PATIENCE = 600.0
"""Seconds after which one is given up."""


@dataclass(frozen=True, slots=True, eq=False)
class Concurrent:
    """The best routing of a demand; arrays are read-only.

    Args:
        load: Largest ratio of flow to capacity, s of links of capacity 1/s for a demand of units.
        arcs: The graph's directed links.
        flow: (arcs,) units each carries in one best routing.
    """

    load: float
    arcs: Arcs
    flow: Floats

    @property
    def throughput(self) -> float:
        """Share of the demand that fits at once, more than 1 where there is room; infinite without demand."""
        return 1.0 / self.load if self.load else float("inf")


def all_to_all(graph: Graph) -> Concurrent:
    """Route one unit from every terminal to every other.

    Raises:
        StudyError: Some terminal cannot be reached, or the programme is too large.
    """
    return concurrent(graph)


def concurrent(graph: Graph, demand: Floats | None = None) -> Concurrent:
    """Route a demand so that the busiest link carries least; terminals relay, packets may take any ways.

    Args:
        graph: A graph.
        demand: (terminals, terminals) units from each to each; 1 between any two if left out. Automorphisms that change
            it are not used.

    Raises:
        StudyError: Some terminal cannot be reached, or the programme is too large.
    """
    check_connected(graph, demand)
    if demand is not None:
        graph = replace(graph, automorphisms=_keeping(graph, demand))
    arcs = graph.arcs()
    found = orbits(graph, arcs)
    sending = np.ones(len(found.terminals), np.bool_) if demand is None else _sends(demand)[found.terminals]
    sources, sizes = found.terminals[sending], found.sizes[sending]
    if not len(sources) or graph.terminals == 1:
        return Concurrent(0.0, arcs, frozen(np.zeros(len(arcs))))
    unknowns = len(sources) * len(arcs)
    if unknowns > LARGEST:
        message = (
            f"{len(sources)} sources of different surroundings and {len(arcs)} directed links make a programme of "
            f"{unknowns} unknowns"
        )
        raise StudyError(Fault("", message, f"at most {LARGEST} are solved; take a smaller or a symmetric graph"))
    return _Programme(graph, arcs, found, sources, sizes, _wanted(graph, sources, demand)).solved()


def _sends(demand: Floats) -> Booleans:
    """Return (terminals,) which send anything to others."""
    return demand.sum(axis=1) > np.diagonal(demand)


def _keeping(graph: Graph, demand: Floats) -> Sequence[Integers]:
    count = graph.terminals
    return tuple(
        each for each in graph.automorphisms if np.array_equal(demand[np.ix_(each[:count], each[:count])], demand)
    )


def _wanted(graph: Graph, sources: Integers, demand: Floats | None) -> Floats:
    """Return (sources, vertices) units each source sends to each vertex, none to itself."""
    wanted = np.zeros((len(sources), graph.vertices))
    wanted[:, : graph.terminals] = 1.0 if demand is None else demand[sources]
    wanted[np.arange(len(sources)), sources] = 0.0
    return wanted


@dataclass(frozen=True, slots=True, eq=False)
class _Programme:
    """Unknowns: what each source puts on each directed link, source by source, then the load.

    Args:
        graph: A graph.
        arcs: Its directed links.
        found: Its orbits.
        sources: (sources,) one sending terminal of each orbit.
        sizes: (sources,) terminals in it.
        wanted: (sources, vertices) units to each vertex.
    """

    graph: Graph
    arcs: Arcs
    found: Orbits
    sources: Integers
    sizes: Integers
    wanted: Floats

    def solved(self) -> Concurrent:
        """Solve it; interior point with crossover, which is quickest on flows of this kind."""
        full = float(np.bincount(self.found.arc, weights=self.arcs.capacity).max())
        units = float(self.wanted.sum(axis=1).max())
        balance, needs = self._balance(units)
        answer = linprog(
            np.append(np.zeros(len(self.sources) * len(self.arcs)), 1.0),
            A_ub=cast("Any", self._limits(full)),  # sparse ones are taken too, as the stubs do not know
            b_ub=np.zeros(self.found.arcs),
            A_eq=cast("Any", balance),
            b_eq=needs,
            bounds=(0.0, None),
            method="highs-ipm",
            options={"time_limit": PATIENCE},
        )
        if answer.x is None or answer.status != 0:
            message = f"the flow programme of {self.graph.terminals} terminals was not solved in {PATIENCE:g} s"
            raise StudyError(Fault("", message, "take a smaller or a symmetric graph"))
        flow = answer.x[:-1].reshape(len(self.sources), -1) * units
        spread = np.bincount(self.found.arc, weights=self.sizes @ flow, minlength=self.found.arcs)
        each = (spread / np.bincount(self.found.arc, minlength=self.found.arcs))[self.found.arc]
        return Concurrent(float((each / self.arcs.capacity).max()), self.arcs, frozen(each))

    def _balance(self, units: float) -> tuple[coo_array, Floats]:
        """What enters a vertex less what leaves it is what it wants; a source gives out what all want."""
        count, vertices, links = len(self.sources), self.graph.vertices, len(self.arcs)
        source, link = np.divmod(np.arange(count * links), links)
        rows = source * vertices
        entries = np.repeat([1.0, -1.0], count * links)
        places = (
            np.concatenate([rows + self.arcs.head[link], rows + self.arcs.tail[link]]),
            np.tile(np.arange(count * links), 2),
        )
        needs = self.wanted / units
        needs[np.arange(count), self.sources] = -needs.sum(axis=1)
        return coo_array((entries, places), shape=(count * vertices, count * links + 1)), needs.ravel()

    def _limits(self, full: float) -> coo_array:
        """All sources of an orbit together put no more on an orbit of links than the load times its capacity."""
        count, links, classes = len(self.sources), len(self.arcs), self.found.arcs
        room = np.bincount(self.found.arc, weights=self.arcs.capacity, minlength=classes)
        entries = np.concatenate([np.repeat(self.sizes / self.sizes.max(), links), -room / full])
        rows = np.concatenate([np.tile(self.found.arc, count), np.arange(classes)])
        columns = np.concatenate([np.arange(count * links), np.full(classes, count * links)])
        return coo_array((entries, (rows, columns)), shape=(classes, count * links + 1))
