"""The ways between two accelerators, by name and with what share of the traffic each takes."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.fabric import RAIL, Fabric, Level, Mesh
from lightloom.fabric.failed.joined import cut_off
from lightloom.fabric.graph import Graph
from lightloom.fabric.labels import plain
from lightloom.fabric.portrait.island import WITHIN, networks_of
from lightloom.fabric.portrait.meshed import mesh_vertices, reduce_graph
from lightloom.fabric.portrait.names import ENDPOINT, Names
from lightloom.fabric.portrait.reduced import reduce_network
from lightloom.fabric.portrait.shortest_ways import NoWayError, ShortestWays
from lightloom.fabric.routing.routing import Way
from lightloom.fabric.routing.shortest import Shortest
from lightloom.fabric.wiring import Domain

LISTED = 64
"""Ways that are listed at most."""


@dataclass(frozen=True, slots=True)
class NamedWay:
    """One way.

    Args:
        vertices: What it passes, both accelerators included, and glass between packet switches.
        hops: Links; the two legs through glass are one.
        share: Of the traffic between the two.
    """

    vertices: tuple[str, ...]
    hops: int
    share: float


@dataclass(frozen=True, slots=True)
class Stage:
    """What equally long ways pass at one place.

    Args:
        kind: Of vertex.
        count: How many different ones.
        first: One of them.
    """

    kind: str
    count: int
    first: str


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways between two accelerators.

    Args:
        source: Accelerator.
        target: Accelerator.
        domain: Network they take.
        routing: What shares them out, a routing by its name.
        count: How many there are; None where there are more than are listed and the routing does not say.
        listed: Some of them, at every switch that with the largest share first; all of them where there are few.
        stages: Place by place what all of them pass, where switches above the endpoints join them.
    """

    source: int
    target: int
    domain: Domain
    routing: str
    count: int | None
    listed: tuple[NamedWay, ...]
    stages: tuple[Stage, ...]


def paths(fabric: Fabric, source: int, target: int) -> Paths:
    """Return the ways from one accelerator to another: within their scale-up domain, else over the network outside.

    Raises:
        NoWayError: There is no way.
        StudyError: There are no two such accelerators, or the routing has no ways of its own; keys relative to
            ``fabric``, none for what was asked.
    """
    _check(fabric, source, target)
    domain = _network(fabric, source, target)
    levels = [level for level in fabric.levels if level.domain in WITHIN[domain]]
    _, first = np.unique(levels[0].block, return_index=True)
    ends = int(first[levels[0].block[source]]), int(first[levels[0].block[target]])
    if ends[0] == ends[1]:
        message = f"accelerators {source} and {target} share a network card"
        raise StudyError(Fault("", message, "choose two of different cards"))
    told = {f"{ENDPOINT} {end}": f"{ENDPOINT} {asked}" for end, asked in zip(ends, (source, target), strict=True)}
    mesh = levels[-1].mesh
    if mesh:
        stages: tuple[Stage, ...] = ()
        try:
            routing, count, ways = _over_mesh(fabric, levels[-1], mesh, first, ends)
        except StudyError as error:
            raise StudyError(replace(each, key=f"{domain}.{each.key}".rstrip(".")) for each in error.faults) from None
    else:
        routing, count, ways, stages = _over_tiers(fabric, domain, ends)
    return Paths(
        source=source,
        target=target,
        domain=domain,
        routing=routing,
        count=count,
        listed=tuple(
            NamedWay(tuple(told.get(name, name) for name in way.vertices), way.hops, way.share) for way in ways
        ),
        stages=tuple(Stage(stage.kind, stage.count, told.get(stage.first, stage.first)) for stage in stages),
    )


def _check(fabric: Fabric, source: int, target: int) -> None:
    """Refuse ends that are none.

    Raises:
        NoWayError: Failures cut one off, or they are on rails that no switch joins.
        StudyError: There are no such accelerators, or they are one.
    """
    count = fabric.shape.accelerators
    wrong = [end for end in dict.fromkeys((source, target)) if not 0 <= end < count]
    faults = [Fault("", f"there is no accelerator {end}", f"choose from 0 to {count - 1}") for end in wrong]
    if source == target:
        faults.append(Fault("", f"accelerator {source} needs no way to itself", "choose two different ones"))
    if faults:
        raise StudyError(faults)
    domains = WITHIN[_network(fabric, source, target)]
    rail = next((level.block for level in fabric.levels if level.domain in domains and plain(level.name) == RAIL), None)
    if rail is not None and rail[source] != rail[target]:
        message = f"no switch joins the rails of accelerators {source} and {target}"
        raise NoWayError(Fault("", message, "choose two of one rail"))
    if len(cut_off(fabric, domains, np.array([source, target]))):
        message = f"failures leave no way between accelerators {source} and {target}"
        raise NoWayError(Fault("", message, "choose others, or let less fail"))


def _network(fabric: Fabric, source: int, target: int) -> Domain:
    """Return the innermost network that joins the two."""
    if fabric.scale_up_domain[source] == fabric.scale_up_domain[target]:
        return "scale_up"
    sites = next((level.block for level in fabric.levels if level.domain == "scale_across"), None)
    if sites is not None and sites[source] != sites[target]:
        return "scale_across"
    return next(domain for domain in networks_of(fabric) if domain != "scale_up")


def _over_tiers(
    fabric: Fabric, domain: Domain, ends: tuple[int, int]
) -> tuple[str, int, list[NamedWay], tuple[Stage, ...]]:
    """Follow all shortest ways; every vertex splits evenly over the cables that lead on."""
    names = Names.of(fabric)
    members = np.sort(np.array(ends, np.int64))
    reduced = reduce_network(fabric.working, WITHIN[domain], members, relays=True)
    found = ShortestWays.of(reduced, *(int(np.searchsorted(members, end)) for end in ends))
    ways = [
        NamedWay(tuple(names(int(reduced.vertex[vertex])) for vertex in vertices), found.hops, share)
        for vertices, share in itertools.islice(found.each(), LISTED)
    ]
    stages = tuple(_stage(names, reduced.vertex[place]) for place in found.stages())
    return "ecmp", found.count, sorted(ways, key=lambda way: -way.share), stages


def _stage(names: Names, vertices: Integers) -> Stage:
    kinds = dict.fromkeys(names.kind(int(vertex)) for vertex in vertices)
    return Stage(" or ".join(kinds), len(vertices), names(int(vertices[0])))


def _over_mesh(
    fabric: Fabric, level: Level, mesh: Mesh, first: Integers, ends: tuple[int, int]
) -> tuple[str, int | None, list[NamedWay]]:
    """Follow the mesh's routing between the blocks of two endpoints."""
    terminals = mesh.ground.graph.terminals
    part = int(level.block[ends[0]]) // terminals
    source, target = (int(level.block[end]) % terminals for end in ends)
    vertex, hosted = mesh_vertices(fabric, level, first, part)
    ground = mesh.part(part)
    names = Names.of(fabric)
    found: Iterator[Way] = iter([Way((source,), 1.0)])
    if source != target:
        found = mesh.routing.ways(ground, source, target)
    shares: dict[tuple[int, ...], float] = {}
    for way in itertools.islice(found, LISTED):  # over a vertex in between, some ways come again
        shares[way.vertices] = shares.get(way.vertices, 0.0) + way.share
    ways: list[NamedWay] = []
    for passed, share in shares.items():
        inside = vertex[list(passed)].tolist()
        whole = [ends[0], *inside, ends[1]] if hosted else inside
        ways.append(NamedWay(tuple(map(names, whole)), len(whole) - 1, share))
    count: int | None = len(ways)
    if next(found, None) is not None:
        count = _counted(ground.graph, source, target) if isinstance(mesh.routing, Shortest) else None
    return mesh.routing.kind, count, ways


def _counted(graph: Graph, source: int, target: int) -> int:
    """Return how many shortest ways there are."""
    reduced = reduce_graph(graph)
    return ShortestWays.of(reduced, source, target).count
