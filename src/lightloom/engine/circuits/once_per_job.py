"""Once per job: circuits shared out by the job's whole demand, set before it starts and never changed.

Each pair's time is its demand over its circuits, and the longest counts. So every circuit goes to the pair that then
takes longest. While every demanded pair has a circuit of its own, no other sharing has a shorter longest time: the pair
at which it stops has a block without ports left, and each circuit of that block was given while its pair's time was no
shorter, so all of them are needed to stay below it.
"""

import heapq
from typing import ClassVar, Literal

import numpy as np
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.engine.circuits.circuits import Changes, Circuits, Plan, Scheduler
from lightloom.engine.circuits.routing import Routes
from lightloom.fabric.fabric import CircuitSpace


class OncePerJob(Scheduler):
    """Greedy min-max of demand over circuits; what no circuit serves is relayed.

    A circuit carries both directions, so the busier one is the demand. Where a block has fewer ports than partners,
    every demanded pair gets a path first, then those furthest apart for their demand a circuit. Ports left over join
    what is not connected, then go on to the pairs that take longest. Without any demand all pairs are alike.

    Leaves out: what relayed traffic does to the sharing of parallel circuits after they are added.
    Source: Liao et al., "MixNet", section 5.2, for the greedy; its optimality as in the module's description.
    """

    kind: ClassVar[str] = "once-per-job"
    changes: ClassVar[Changes] = "never"

    scheduler: Literal["once-per-job"] = "once-per-job"

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return one setting for the demand of all phases together, from the start of the job to its end."""
        return (Circuits(frozen(share_out(phases.sum(axis=0), space.ports_per_block))),)


def share_out(demand: Floats, ports: int) -> Integers:
    """Return how many circuits join each two blocks.

    Args:
        demand: Bytes from block to block, (blocks, blocks).
        ports: Of each block.
    """
    wanted = np.maximum(demand, demand.T)
    np.fill_diagonal(wanted, 0.0)
    if not wanted.any():
        wanted = 1.0 - np.eye(len(wanted))
    joined = _serve(wanted, ports)
    load = wanted if bool((joined > 0)[wanted > 0].all()) else _relayed(wanted, joined)
    joined = _enough(load, joined, ports)
    _give(load, joined, ports, until_blocked=True)
    _connect(joined, ports)
    _give(load, joined, ports, until_blocked=False)
    return joined


def _serve(wanted: Floats, ports: int) -> Integers:
    """Return one circuit for each demanded pair; where ports do not go round, a path for each, then what they allow."""
    joined = (wanted > 0).astype(np.int64)
    if int(joined.sum(axis=1).max()) <= ports:
        return joined
    joined = _span(wanted, ports)
    apart = np.minimum(Routes.over(joined).hops, len(wanted))  # no path: further than any
    free = ports - joined.sum(axis=1)
    while True:
        usable = (joined == 0) & (wanted > 0) & (free[:, None] > 0) & (free > 0)
        if not usable.any():
            return joined
        one, other = _furthest(wanted * apart, usable, free)
        joined[one, other] = joined[other, one] = 1
        free[[one, other]] -= 1
        for near, far in ((one, other), (other, one)):
            apart = np.minimum(apart, apart[:, near, None] + 1 + apart[far])


def _span(wanted: Floats, ports: int) -> Integers:
    """Return circuits that give every demanded pair a path, the largest demands direct; needs two ports a block.

    A tree of k blocks uses 2(k - 1) of at least 2k ports: any two can always be joined, if not at the pair itself.
    """
    count = len(wanted)
    joined = np.zeros((count, count), np.int64)
    part, free = np.arange(count), np.full(count, ports)
    one, other = np.triu_indices(count, 1)
    for index in np.argsort(-wanted[one, other], kind="stable"):
        pair = (int(one[index]), int(other[index]))
        if wanted[pair] == 0 or part[pair[0]] == part[pair[1]]:
            continue
        ends = [end if free[end] else int(np.argmax(np.where(part == part[end], free, -1))) for end in pair]
        if not free[ends].all():
            continue
        joined[ends[0], ends[1]] = joined[ends[1], ends[0]] = 1
        free[ends] -= 1
        part[part == part[pair[1]]] = part[pair[0]]
    return joined


def _furthest(score: Floats, usable: Booleans, free: Integers) -> tuple[int, int]:
    """Return the usable pair of highest score; of equals, the one with most ports left."""
    best = np.where(usable, score, -1.0)
    ties = best >= best.max() * (1 - 1e-12)
    spare = np.where(ties & usable, free[:, None] + free, -1)
    one, other = divmod(int(np.argmax(spare)), len(score))
    return one, other


def _relayed(wanted: Floats, joined: Integers) -> Floats:
    """Return what each pair of joined blocks carries, relays included; what has no path is left out."""
    routes = Routes.over(joined)
    loads = routes.loads(np.where(np.isfinite(routes.hops), wanted, 0.0))
    return np.maximum(loads, loads.T)


def _enough(load: Floats, joined: Integers, ports: int) -> Integers:
    """Return the circuits the greedy has given when the longest time first falls below the shortest it can reach early.

    Giving one circuit at a time passes through "as many as each pair needs to take no longer than t" for every t; the
    least t that ports allow is found by halving, which spares thousands of single steps.
    """
    low, high = 0.0, float(load.max())
    enough = joined
    for _ in range(60):
        time = (low + high) / 2
        need = np.maximum(joined, np.ceil(load / time)) if time > 0 else np.full(joined.shape, np.inf)
        if bool((need.sum(axis=1) <= ports).all()):
            high, enough = time, need.astype(np.int64)
        else:
            low = time
    return enough


def _give(load: Floats, joined: Integers, ports: int, *, until_blocked: bool) -> None:
    """Add circuits, each to the pair that takes longest, in place.

    Args:
        load: Bytes of each pair.
        joined: Circuits so far.
        ports: Of each block.
        until_blocked: Stop at the first pair without free ports, or pass it over.
    """
    free = ports - joined.sum(axis=1)
    pairs = np.argwhere(np.triu((joined > 0) & (load > 0), 1)).tolist()
    queue = [(-float(load[one, other]) / int(joined[one, other]), one, other) for one, other in pairs]
    heapq.heapify(queue)
    while queue:
        _, one, other = heapq.heappop(queue)
        if free[one] == 0 or free[other] == 0:
            if until_blocked:
                return
            continue
        joined[one, other] += 1
        joined[other, one] += 1
        free[one] -= 1
        free[other] -= 1
        heapq.heappush(queue, (-float(load[one, other]) / int(joined[one, other]), one, other))


def _connect(joined: Integers, ports: int) -> None:
    """Join parts of the blocks that no circuits join, as long as they have free ports, in place."""
    while True:
        count, part = connected_components(joined, directed=False)
        free = ports - joined.sum(axis=1)
        apart = (part[:, None] != part) & (free[:, None] > 0) & (free > 0)
        if count == 1 or not apart.any():
            return
        one, other = _furthest(np.ones(joined.shape), apart, free)
        joined[one, other] += 1
        joined[other, one] += 1
