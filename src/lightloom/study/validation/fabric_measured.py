"""What cases ask of topologies: measured on the graph, or by formula where the graph would be too large to search."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, TypeAlias, TypeVar, cast

from pydantic import BeforeValidator, Field

from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures import bisection, cuts, flow
from lightloom.fabric.measures.hops import Hops, hops
from lightloom.study.validation.case_fields import CaseError, whole

Side: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000), BeforeValidator(whole)]
Sides: TypeAlias = Annotated[tuple[Side, ...], Field(strict=False, min_length=1, max_length=24)]

SEARCHED = 300_000
"""Links up to which distances and cuts are searched where a formula is known as well."""
ROUTED = 30_000
"""Links up to which the flow programme is solved, likewise."""
BUILT = 2_000_000
"""Links up to which a graph is built at all."""


Found = TypeVar("Found")


def _kept(solve: Callable[[DirectTopology], Found]) -> Callable[[DirectTopology], Found]:
    """Keep the last answers: several questions are asked about one topology."""
    return cast("Callable[[DirectTopology], Found]", lru_cache(maxsize=4)(solve))


@_kept
def graph_of(topology: DirectTopology) -> Graph:
    """Return the graph.

    Raises:
        CaseError: It is too large.
        StudyError: The parameters are impossible.
    """
    links = topology.known()["links"]
    if links > BUILT:
        message = f"a graph of {links:.0f} links is too large to search"
        raise CaseError(message)
    return topology.graph()


def count(topology: DirectTopology, name: str) -> float:
    """Return a count by formula; a law holds it to the graph's."""
    return topology.known()[name]


@_kept
def _distances(topology: DirectTopology) -> Hops:
    return hops(graph_of(topology))


@_kept
def _load(topology: DirectTopology) -> float:
    return flow.all_to_all(graph_of(topology)).load


def diameter(topology: DirectTopology) -> float:
    """Return links between the terminals farthest apart."""
    return _asked(topology, "diameter", lambda: _distances(topology).diameter, SEARCHED)


def mean_hops(topology: DirectTopology) -> float:
    """Return links between two terminals on average."""
    return _asked(topology, "mean_hops", lambda: _distances(topology).mean, SEARCHED)


def all_to_all(topology: DirectTopology) -> float:
    """Return the load of the busiest link."""
    return _asked(topology, "all_to_all", lambda: _load(topology), ROUTED)


def all_gather(topology: DirectTopology) -> float:
    """Return message over time, in the unit of capacities."""
    return _asked(topology, "all_gather", lambda: cuts.all_gather(graph_of(topology)).bandwidth, SEARCHED)


def halves(topology: DirectTopology) -> float:
    """Return the bisection by formula, which a law holds to the narrowest cut; searched where none is known."""
    known = topology.known().get("bisection")
    return bisection.bisection(graph_of(topology)).capacity if known is None else known


def _asked(topology: DirectTopology, name: str, measured: Callable[[], float], largest: int) -> float:
    known = topology.known()
    return known[name] if name in known and known["links"] > largest else measured()
