"""A network in figures: how far, how many ways, how wide, how late; each says how it is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.portrait import tiers
from lightloom.fabric.portrait.island import Island, island_of, networks_of
from lightloom.fabric.portrait.meshed import reduced_of
from lightloom.fabric.portrait.meshes import Measured
from lightloom.fabric.portrait.reduced import Reduced, sources_of
from lightloom.fabric.portrait.tiers import Delay, Rate
from lightloom.fabric.portrait.ways import Spread, apart, spread
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain

_ROUNDING = 1e-9
HOST_LINKS = 2
"""From an endpoint to its switch, and from a switch to the other."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a network can carry, bytes/s one way.

    Args:
        all_to_all: What one endpoint sends while all send equally to all others, by the best routing.
        all_gather: Bytes gathered over time by the best all-gather, without multicast.
        bisection: Least between two halves of the endpoints; a bound is one from below.
        routed: ``all_to_all`` under the study's routing; None where no routing has a say, or it takes too long.
    """

    all_to_all: Rate
    all_gather: Rate
    bisection: Rate
    routed: Rate | None

    @property
    def all_reduce(self) -> Rate:
        """Message size over time of a reduce-scatter followed by an all-gather, without reduction in switches."""
        return replace(self.all_gather, value=self.all_gather.value / 2.0)

    def over(self, mesh: Measured) -> Self:
        """Return the limits of endpoints whose blocks a mesh joins."""
        routed = mesh.routed
        narrow = self.bisection, mesh.bisection()
        best = _both(self.all_to_all, mesh.all_to_all())
        if routed:
            routed = replace(min(self.all_to_all, routed, key=_value), how="routing")
            best = replace(best, how="exact") if routed.value >= best.value * (1 - _ROUNDING) else best
        return replace(
            self,
            all_to_all=best,
            all_gather=_both(self.all_gather, mesh.all_gather()),
            bisection=min(narrow, key=_value),
            routed=routed,
        )


def _value(rate: Rate) -> float:
    return rate.value


def _both(one: Rate, other: Rate) -> Rate:
    """Return the narrower of two limits from above; a bound if either is no more than one."""
    narrower = min(one, other, key=_value)
    return narrower if one.how == other.how == "exact" else replace(narrower, how="bound")


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """One network of a fabric; bandwidths are bytes/s one way.

    Args:
        island: Who it joins, and its levels; of several equal islands, one.
        reduced: Its graph.
        spread: Hops and shortest ways.
        apart: Ways at least between two endpoints' first switches that share no cable; None where nobody counted.
        limits: Bandwidths.
        delay: Latency.
    """

    island: Island
    reduced: Reduced
    spread: Spread
    apart: int | None
    limits: Limits
    delay: Delay


def portraits(
    fabric: Fabric, topologies: Mapping[Domain, Topology | None], domains: Collection[Domain] | None = None
) -> tuple[Portrait, ...]:
    """Return every network that joins two endpoints or more, innermost first.

    Args:
        fabric: Of one scale-out fabric.
        topologies: What each network was built from, where that is known.
        domains: Networks that are wanted; all if left out.

    Raises:
        StudyError: As for :func:`portrait`; keys relative to ``fabric``.
    """
    islands = (island_of(fabric, domain) for domain in networks_of(fabric) if domains is None or domain in domains)
    return tuple(_told(fabric, island, topologies.get(island.domain)) for island in islands if island.endpoints > 1)


def _told(fabric: Fabric, island: Island, topology: Topology | None) -> Portrait:
    """Measure a network; faults are told of its section."""
    try:
        return portrait(fabric, island, topology)
    except StudyError as error:
        raise StudyError(
            replace(each, key=f"{island.domain}.{each.key}".rstrip(".")) for each in error.faults
        ) from None


def portrait(fabric: Fabric, island: Island, topology: Topology | None = None) -> Portrait:
    """Measure a network.

    Args:
        fabric: As built.
        island: Of it, of at least two endpoints.
        topology: What it was built from, for its formulas; without, what is known by formula is searched for.

    Raises:
        StudyError: Some endpoint cannot be reached, or the routing is none for such a graph.

    Leaves out: collisions of flows, protocols, software.
    """
    if island.endpoints < 2:
        raise StudyError(Fault("", "a network of one endpoint joins nothing", "take more accelerators"))
    mesh = island.mesh
    reduced = reduced_of(fabric, island)
    sources = sources_of(reduced, mesh.ground.graph if mesh else None)
    found = spread(reduced, sources)
    inside = 0 if reduced.relays else HOST_LINKS
    hops = found.diameter - inside, found.mean - inside
    cut = "bound" if island.circuits else "exact"
    limits = Limits(tiers.all_to_all(island, cut), tiers.all_gather(island, cut), tiers.bisection(island, cut), None)
    if mesh:
        limits = limits.over(Measured.of(island, mesh, topology, hops[1]))
    return Portrait(
        island=island,
        reduced=reduced,
        spread=found,
        apart=apart(reduced, sources),
        limits=limits,
        delay=tiers.delay(island, mesh_hops=hops if mesh else (0, 0.0)),
    )
