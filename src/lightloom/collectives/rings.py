"""Rings: through every member of every domain in turn, as many at once as a domain has members.

A single ring leaves each domain through one member and would use one of its network ports. So ``local`` rings run at
once, each on its share of the payload, shifted so that every member is the exit of exactly one of them: what a member
sends out of its domain is 1/local of what a single ring sends, and all ports work.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from lightloom.collectives.algorithm import Message, Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Number


def ring_stages(size: Whole, local: Whole, payload: Number, *, turns: int) -> tuple[Stage, ...]:
    """Return the traffic of ``turns`` turns of the rings: one for gathering or scattering, two for all-reduce.

    A piece passes size - 1 hops in a turn, at worst through every exit. The last stage carries no bytes: it is the
    latency of the hops inside domains, which comes on top of that of the hops between them.

    Source: each rank of a ring sends (n - 1)/n of the buffer a turn; latencies as counted by NCCL's tuning model
    (``src/graph/tuning.cc``: ``nInterSteps`` between nodes, the others within).
    """
    domains = np.floor_divide(size, local)
    sent = turns * (size - 1) / size * payload
    out = np.where(domains > 1, 1 / np.asarray(local), 0.0)
    remote_steps = turns * np.where(domains > 1, np.minimum(domains, size - 1), 0)
    local_steps = turns * (size - 1) - remote_steps
    bytes_at_once = (
        Phase(Pattern.LOCAL_RING, sent * (1 - out), 0),
        Phase(Pattern.REMOTE_RING, sent * out, remote_steps),
    )
    return bytes_at_once, (Phase(Pattern.LOCAL_RING, 0.0 * sent, local_steps),)


def ring_orders(size: int, local: int) -> list[list[int]]:
    """Return for each of the ``local`` rings the members in the order it visits them.

    Between domains a ring stays on one rail. With two members in each of an odd number of domains that is impossible
    for a single boundary, which then crosses.
    """
    domains = size // local
    exits = [domain % 2 for domain in range(domains)]
    if domains % 2 and domains > 1 and local > 2:
        exits[-1] = 2
    entries = [exits[domain - 1] for domain in range(domains)]
    if domains == 1 or (local == 2 and domains % 2):
        entries[0] = exits[0] + 1
    orders: list[list[int]] = []
    for ring in range(local):
        order: list[int] = []
        for domain in range(domains):
            first, last = (ring + entries[domain]) % local, (ring + exits[domain]) % local
            inner = [member for member in range(local) if member not in {first, last}]
            path = [first, *inner, last] if local > 1 else [0]
            order += [domain * local + member for member in path]
        orders.append(order)
    return orders


def ring_shards(orders: Sequence[Sequence[int]]) -> list[list[tuple[int, ...]]]:
    """Return for each ring, place by place, its slice of that member's shard: piece ``shard * rings + ring``."""
    return [[(member * len(orders) + ring,) for member in order] for ring, order in enumerate(orders)]


def turn(
    orders: Sequence[Sequence[int]],
    shards: Sequence[Sequence[tuple[int, ...]]],
    *,
    local: int,
    first_step: int,
    reduces: bool,
) -> Iterator[Message]:
    """Yield one turn of several rings.

    Args:
        orders: Members of each ring in the order it visits them.
        shards: Pieces of the payload that belong to each of those places.
        local: Members per domain.
        first_step: Number of the first step.
        reduces: Whether shards grow on their way and end complete at their place, or leave it complete for all others.
    """
    start = -1 if reduces else 0
    for order, parts in zip(orders, shards, strict=True):
        size = len(order)
        for step in range(size - 1):
            for place, source in enumerate(order):
                target = order[(place + 1) % size]
                pattern = Pattern.LOCAL_RING if source // local == target // local else Pattern.REMOTE_RING
                yield Message(first_step + step, pattern, source, target, parts[(place + start - step) % size], reduces)
