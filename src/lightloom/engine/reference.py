"""The slow, obvious way to measure a kind of group: every flow of every group, one by one. An oracle for tests."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, normal
from lightloom.engine.circuits.circuits import Circuits
from lightloom.fabric.fabric import Fabric, Level, Mesh

Flow = tuple[int, int, float]  # sender, receiver, bytes


@dataclass(frozen=True, slots=True)
class Measured:
    """One pattern of one kind of group.

    Args:
        seconds: Time of the busiest block of each level, the circuits' last where there are any.
        share: Bytes that cross each level upwards per byte sent.
        latency: Of the slowest hop, s; between sites, of a ring's mean hop.
    """

    seconds: tuple[float, ...]
    share: tuple[float, ...]
    latency: float


def groups_of(axes: GroupAxes, world: int) -> list[list[int]]:
    """Return the members of every group, in order: rank by rank, with those that differ only along the axes."""
    axes = normal(axes)
    groups: defaultdict[int, list[tuple[tuple[int, ...], int]]] = defaultdict(list)
    for rank in range(world):
        place = tuple(rank // stride % size for size, stride in axes)
        first = rank - sum(at * stride for at, (_, stride) in zip(place, axes, strict=True))
        groups[first].append((place[::-1], rank))
    return [[rank for _, rank in sorted(found)] for _, found in sorted(groups.items())]


def local_count(fabric: Fabric, groups: list[list[int]]) -> int:
    """Return the greatest number that divides every group's count of members in each of its domains."""
    counts: list[int] = []
    for group in groups:
        held = [int(fabric.scale_up_domain[rank]) for rank in group]
        counts += [held.count(domain) for domain in set(held)]
    return math.gcd(*counts)


def domains_of(fabric: Fabric, group: list[int], local: int) -> list[list[int]]:
    """Return a group's members domain by domain, ``local`` at a time, in the order of the group."""
    ranks = sorted(group, key=lambda rank: int(fabric.scale_up_domain[rank]))
    return [ranks[first : first + local] for first in range(0, len(ranks), local)]


def flows_of(pattern: Pattern, group: list[int], domains: list[list[int]]) -> Iterator[Flow]:
    """Yield what one group sends while each rank sends one byte."""
    local, many = len(domains[0]), len(domains)
    if pattern is Pattern.NEIGHBOUR:
        pairs = [(rank, group[(place + 1) % len(group)]) for place, rank in enumerate(group)]
        yield from ((a, b, 1.0) for a, b in pairs if a != b)
        return
    for index, place in product(range(many), range(local)):
        source = domains[index][place]
        match pattern:
            case Pattern.LOCAL_RING:
                targets = [domains[index][(place + 1) % local]]
            case Pattern.REMOTE_RING:
                targets = [domains[(index + 1) % many][place]]
            case Pattern.LOCAL_ALL_TO_ALL:
                targets = domains[index]
            case Pattern.REMOTE_ALL_TO_ALL:
                targets = [rank for other, ranks in enumerate(domains) if other != index for rank in ranks]
            case Pattern.RAIL_ALL_TO_ALL:
                targets = [ranks[place] for ranks in domains]
        targets = [target for target in targets if target != source]
        yield from ((source, target, 1 / len(targets)) for target in targets)


def crosses(fabric: Fabric, level: Level, source: int, target: int, over: str = "") -> bool:
    """Tell whether a flow passes up and down a level; between scale-up domains it goes over one fabric."""
    inside = bool(fabric.scale_up_domain[source] == fabric.scale_up_domain[target])
    if inside != (level.domain == "scale_up") or (not inside and level.fabric != over):
        return False
    return bool(level.block[source] != level.block[target])


def measure_one(
    fabric: Fabric,
    world: int,
    axes: GroupAxes,
    pattern: Pattern,
    circuits: Circuits | None = None,
    over: str = "",
) -> Measured:
    """Measure one pattern of one kind of group, all groups active at once, over one scale-out fabric."""
    groups = groups_of(axes, world)
    local = local_count(fabric, groups)
    flows = [flow for group in groups for flow in flows_of(pattern, group, domains_of(fabric, group, local))]
    seconds: list[float] = []
    share: list[float] = []
    hopped = 0.0
    for level in fabric.levels:
        if level.mesh is not None:
            busiest, crossed, hops = _over_mesh(fabric, level, level.mesh, flows, over)
            seconds.append(busiest)
            share.append(crossed / world)
            hopped += hops * level.mesh.hop
            continue
        up: defaultdict[int, float] = defaultdict(float)
        down: defaultdict[int, float] = defaultdict(float)
        for source, target, sent in flows:
            if crosses(fabric, level, source, target, over):
                up[int(level.block[source])] += sent
                down[int(level.block[target])] += sent
        loads = [*up.items(), *down.items()]
        seconds.append(max((_time(sent, float(level.up[block])) for block, sent in loads), default=0.0))
        share.append(sum(up.values()) / world)
    latency = _latency(fabric, groups, local, pattern, over) + hopped
    if circuits is not None:
        busiest, crossed, relayed = _over_circuits(fabric, circuits, flows, over)
        seconds.append(busiest)
        share.append(crossed / world)
        latency += relayed
    return Measured(tuple(seconds), tuple(share), latency)


def _time(sent: float, capacity: float) -> float:
    return sent / capacity if capacity else math.inf


def _latency(fabric: Fabric, groups: list[list[int]], local: int, pattern: Pattern, over: str) -> float:
    """Return what levels in a hall add to the slowest hop, and those between sites to the mean hop of a ring."""
    ringed = pattern in {Pattern.LOCAL_RING, Pattern.REMOTE_RING}
    near = [level for level in fabric.levels if not (ringed and level.domain == "scale_across")]
    far = [level for level in fabric.levels if level not in near]
    slowest, longest = 0.0, 0.0
    for group in groups:
        domains = domains_of(fabric, group, local)
        for ring in _rings(pattern, group, domains) if far else ():
            hops = [sum(one.latency for one in far if crosses(fabric, one, a, b, over)) for a, b, _ in ring]
            longest = max(longest, sum(hops) / len(hops))
        for a, b, _ in flows_of(pattern, group, domains):
            slowest = max(slowest, sum(one.latency for one in near if crosses(fabric, one, a, b, over)))
    return slowest + longest


def _rings(pattern: Pattern, group: list[int], domains: list[list[int]]) -> list[list[Flow]]:
    """Return the flows of a group ring by ring: a domain's own, or one for each place in a domain."""
    flows = list(flows_of(pattern, group, domains))
    home = {rank: (index, place) for index, ranks in enumerate(domains) for place, rank in enumerate(ranks)}
    which = 0 if pattern is Pattern.LOCAL_RING else 1
    rings: defaultdict[int, list[Flow]] = defaultdict(list)
    for flow in flows:
        rings[home[flow[0]][which]].append(flow)
    return list(rings.values())


def _over_mesh(fabric: Fabric, level: Level, mesh: Mesh, flows: list[Flow], over: str) -> tuple[float, float, int]:
    """Return seconds of the busiest link, bytes that cross any, and the links of the longest way."""
    terminals = mesh.ground.graph.terminals
    capacity: dict[tuple[int, int, int], float] = {}
    for part in range(int(level.block.max()) // terminals + 1):
        arcs = mesh.part(part).graph.arcs()
        ends = zip(arcs.tail.tolist(), arcs.head.tolist(), arcs.capacity.tolist(), strict=True)
        capacity |= {(part, tail, head): each for tail, head, each in ends}
    loads: defaultdict[tuple[int, int, int], float] = defaultdict(float)
    crossed, longest = 0.0, 0
    for source, target, sent in flows:
        if not crosses(fabric, level, source, target, over):
            continue
        crossed += sent
        part, start = divmod(int(level.block[source]), terminals)
        for way in mesh.routing.ways(mesh.part(part), start, int(level.block[target]) % terminals):
            longest = max(longest, way.hops)
            for hop in pairwise(way.vertices):
                loads[part, *hop] += sent * way.share
    return max((load / capacity[hop] for hop, load in loads.items()), default=0.0), crossed, longest


def _over_circuits(fabric: Fabric, circuits: Circuits, flows: list[Flow], over: str) -> tuple[float, float, float]:
    """Return seconds of the busiest circuits, bytes that cross any, and the latency of the relays at worst."""
    space = fabric.circuit_space
    if space is None:
        return 0.0, 0.0, 0.0
    level = next(one for one in fabric.levels if (one.domain, one.name) == ("scale_out", space.level))
    loads: defaultdict[tuple[int, int], float] = defaultdict(float)
    crossed, relays = 0.0, 0
    for source, target, sent in flows:
        if not crosses(fabric, level, source, target, over):
            continue
        crossed += sent
        paths = _shortest_paths(circuits, int(level.block[source]), int(level.block[target]))
        if not paths:
            return math.inf, _crossing_bytes(fabric, level, flows, over), 0.0
        total = sum(ways for _, ways in paths)
        for path, ways in paths:
            relays = max(relays, len(path) - 2)
            for hop in pairwise(path):
                loads[hop] += sent * ways / total
    seconds = [load / (float(circuits.joined[hop]) * space.bandwidth) for hop, load in loads.items()]
    return max(seconds, default=0.0), crossed, relays * level.latency


def _crossing_bytes(fabric: Fabric, level: Level, flows: list[Flow], over: str) -> float:
    return sum(sent for source, target, sent in flows if crosses(fabric, level, source, target, over))


def _shortest_paths(circuits: Circuits, start: int, end: int) -> list[tuple[tuple[int, ...], int]]:
    """Return every shortest path of blocks with the number of ways to take it: one per choice of parallel circuits."""
    paths: list[tuple[tuple[int, ...], int]] = [((start,), 1)]
    seen = {start}
    while paths and not any(path[-1] == end for path, _ in paths):
        longer = [
            ((*path, block), ways * int(circuits.joined[path[-1], block]))
            for path, ways in paths
            for block in range(len(circuits.joined))
            if circuits.joined[path[-1], block] > 0 and block not in seen
        ]
        seen |= {path[-1] for path, _ in longer}
        paths = longer
    return [(path, ways) for path, ways in paths if path[-1] == end]
