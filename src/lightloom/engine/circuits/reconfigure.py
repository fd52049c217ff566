"""To reconfigure or not: when circuits changed inside a collective pay for the outage of the change.

An outage is control, switch, receiver lock and bring-up of the link one after the other: see
:func:`lightloom.photonics.outage.outage`. All formulas here take its sum, so that a sum with bring-up and one without
can be put side by side. Against what a change is held matters as much: the best algorithm on a static network, not the
same algorithm on a network made for another.
"""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, Number


def ring_all_reduce(nodes: Number, message: Number, *, bandwidth: Number, latency: Number) -> Number:
    """Time of an all-reduce round a ring that never changes, s.

    Args:
        nodes: In the ring.
        message: Bytes each node holds.
        bandwidth: Of a node, bytes/s one way.
        latency: Of a step, s.
    """
    count = np.asarray(nodes, np.float64)
    return 2.0 * (count - 1.0) * latency + _moved(count, message) / bandwidth


def halving_doubling(
    nodes: Number, message: Number, *, bandwidth: Number, latency: Number, outage: Number = 0.0
) -> Number:
    """Time of recursive halving, then doubling, with circuits to the partner set before every step, s.

    Args:
        nodes: A power of two.
        message: Bytes each node holds.
        bandwidth: Of a node, bytes/s one way.
        latency: Of a step, s.
        outage: Of a change, s.
    """
    count = np.asarray(nodes, np.float64)
    return 2.0 * np.log2(count) * (np.asarray(latency) + outage) + _moved(count, message) / bandwidth


def _moved(nodes: Floats, message: Number) -> Number:
    """Bytes a node sends in an all-reduce that sends no byte twice."""
    return 2.0 * (nodes - 1.0) / nodes * message


def longest_outage(nodes: Number, *, latency: Number) -> Number:
    """Outage up to which halving and doubling over changing circuits beats the ring, s, whatever the message.

    Args:
        nodes: Taking part.
        latency: Of a step, s.
    """
    count = np.asarray(nodes, np.float64)
    return latency * ((count - 1.0) / np.log2(count) - 1.0)


def least_volume(outage: Number, *, bandwidth: Number, stretch: Number) -> Number:
    """Bytes a node must send between two changes for a change to pay.

    Args:
        outage: Of a change, s.
        bandwidth: Of a node, bytes/s one way.
        stretch: Time on the network left as it is over that on one made for the traffic, more than one.
    """
    return np.asarray(outage, np.float64) * bandwidth / (np.asarray(stretch, np.float64) - 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """When to change circuits.

    Args:
        time: Of all steps and changes, s, (rows,).
        changes: How many changes, (rows,).
        matched: Whether each step runs over circuits made for it, (rows, steps).
    """

    time: Floats
    changes: Integers
    matched: Booleans


def decide(base: Floats, matched: Floats, setting: Integers, outage: Floats) -> Decision:
    """Choose for every step the base network or circuits made for it; the least time, of equals the fewest changes.

    Args:
        base: Time of each step on the base network, where it all begins, s, (rows, steps).
        matched: Over circuits made for the step, s, (rows, steps).
        setting: Which circuits those are, (steps,); consecutive steps of one setting need no change between them.
        outage: Of a change, s, (rows,).

    Leaves out: keeping circuits made for another step, changes hidden behind computation (take the outage less what
    hides it).
    """
    rows, steps = base.shape
    times = np.stack([np.zeros(rows), np.full(rows, np.inf)], axis=1)
    changes = np.zeros((rows, 2), np.int64)
    came = np.zeros((steps, rows, 2), np.int64)
    alike = np.concatenate([[False], setting[1:] == setting[:-1]])
    for step in range(steps):
        change = np.ones((2, 2), np.int64)  # from, to: 0 the base, 1 what was made for the step
        change[0, 0] = 0
        change[1, 1] = 0 if alike[step] else 1
        with_change = times[:, :, None] + change * outage[:, None, None]
        count = changes[:, :, None] + change
        came[step] = _better(with_change, count)
        pick = came[step][:, None]
        times = np.take_along_axis(with_change, pick, axis=1)[:, 0] + np.stack(
            [base[:, step], matched[:, step]], axis=1
        )
        changes = np.take_along_axis(count, pick, axis=1)[:, 0]
    last = _better(times[:, :, None], changes[:, :, None])[:, 0]
    row = np.arange(rows, dtype=np.int64)
    chosen = np.zeros((rows, steps), np.bool_)
    here = last
    for step in reversed(range(steps)):
        chosen[:, step] = here == 1
        here = came[step, row, here]
    return Decision(times[row, last], changes[row, last], chosen)


def _better(times: Floats, changes: Integers) -> Integers:
    """Return which of two ways in is quicker, the one of fewer changes where times are alike, (rows, ways out)."""
    first, second = times[:, 0], times[:, 1]
    alike = np.isclose(first, second, rtol=1e-12, atol=0.0)
    return np.where(np.where(alike, changes[:, 1] < changes[:, 0], second < first), 1, 0)


def all_reduce_changes(nodes: int, message: Floats, *, bandwidth: Floats, latency: Floats, outage: Floats) -> Decision:
    """Decide for halving and doubling over a ring that can be changed for circuits to the partner of any step.

    Step k pairs nodes 2^k apart: first all with half of what is left, then all back. On the ring each link has half of
    a node's bandwidth either way; on the circuits of its step a pair has all of it.

    Args:
        nodes: A power of two, two or more.
        message: Bytes each node holds, (rows,).
        bandwidth: Of a node, bytes/s one way, (rows,).
        latency: Of a step, s, (rows,).
        outage: Of a change, s, (rows,).

    Raises:
        ValueError: The nodes are no power of two.

    Source: "To reconfigure or not to reconfigure" as described in its abstract: a choice at every step, solved by
    dynamic programming.
    """
    if nodes < 2 or nodes & (nodes - 1):
        problem = f"{nodes} nodes are no power of two; the nearest are {_powers(nodes)}"
        raise ValueError(problem)
    halving = np.arange(nodes.bit_length() - 1)
    step = np.concatenate([halving, halving[::-1]])
    size = message[:, None] / 2.0 ** (step + 1)
    load = np.where(2**step < nodes / 2, 2.0**step, max(1.0, nodes / 4))
    base = latency[:, None] + size * load / (bandwidth[:, None] / 2.0)
    matched = latency[:, None] + size / bandwidth[:, None]
    return decide(base, matched, step, outage)


def _powers(nodes: int) -> str:
    below = 1 << max(1, nodes.bit_length() - 1)
    return f"{below} and {2 * below}"


def bruck_phases(nodes: int) -> tuple[int, int]:
    """Return the phases of an all-to-all among so many nodes with two partners a phase, and with one.

    Each phase may need its own circuits. Exact: by powers of whole numbers, not by logarithms.

    Source: Bruck et al. 1997; with circuits changed for every phase, ReTri.
    """
    return _digits(nodes, 3), _digits(nodes, 2)


def _digits(nodes: int, radix: int) -> int:
    """Return the least exponent whose power of the radix is no less than the nodes."""
    exponent, reached = 0, 1
    while reached < nodes:
        exponent, reached = exponent + 1, reached * radix
    return exponent
