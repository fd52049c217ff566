"""What no algorithm can beat: bytes that must leave a rank and a domain, over the ports they have."""

import numpy as np

from lightloom.collectives.algorithm import Whole
from lightloom.core.arrays import Floats, Number
from lightloom.workload.program import Collective


def bytes_per_rank(operation: Collective, size: Whole, payload: Number) -> Floats:
    """Return the least bytes some rank must send, without help from switches that reduce or multicast.

    Args:
        operation: What is done.
        size: Ranks of the group.
        payload: As ``Collective`` counts it, bytes.

    Source: Chan et al., "Collective communication: theory, practice, and experience", 2007, section 3: (n - 1)/n of the
    buffer to gather or to scatter the sum, twice that to all-reduce; for all-to-all and send, the definition.
    """
    return _least(operation, size, payload)


def lower_bound(
    operation: Collective,
    size: Whole,
    local: Whole,
    payload: Number,
    *,
    local_bandwidth: Number,
    remote_bandwidth: Number,
) -> Floats:
    """Return the least seconds any algorithm without reduction or multicast in switches needs, latency apart.

    The larger of two: what a rank must send over all its ports, and what a domain must send over all its members' ports
    to the others.

    Args:
        operation: What is done.
        size: Ranks of the group.
        local: How many of them each scale-up domain holds.
        payload: As ``Collective`` counts it, bytes.
        local_bandwidth: Of one rank into its scale-up domain, bytes/s, one direction.
        remote_bandwidth: Of one rank out of its domain, bytes/s, one direction.

    Leaves out: the latencies, and anything above the ports.
    Source: cuts of one rank and of one domain; reference cases N(s + n)/(N - 1) and k g n/(k - 1) for all-gather.
    """
    domains = np.floor_divide(size, local)
    ports = np.where(np.greater(local, 1), local_bandwidth, 0.0) + np.where(domains > 1, remote_bandwidth, 0.0)
    rank = _over(_least(operation, size, payload), ports)
    if operation is Collective.SEND:
        return rank
    inputs = payload * np.asarray(local) if operation is Collective.ALL_TO_ALL else payload
    domain = _over(_least(operation, domains, inputs), np.asarray(local) * remote_bandwidth)
    return np.maximum(rank, domain)


def _least(operation: Collective, size: Whole, payload: Number) -> Floats:
    if operation is Collective.SEND:
        return np.where(np.greater(size, 1), payload, 0.0)
    turns = 2 if operation is Collective.ALL_REDUCE else 1
    return np.asarray(turns * (size - 1) / np.asarray(size) * payload)


def _over(amount: Floats, bandwidth: Number) -> Floats:
    """Divide, nothing taking no time even where there is no port, and all else for ever where none is left."""
    amount, bandwidth = np.broadcast_arrays(amount, bandwidth)
    with np.errstate(divide="ignore"):
        return np.divide(amount, bandwidth, out=np.zeros(amount.shape), where=amount > 0)
