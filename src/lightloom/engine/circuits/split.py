"""Circuits beside packet switches: how traffic is best shared out over the two."""

import numpy as np

from lightloom.core.arrays import Floats


def shared_out(flows: Floats, circuits: Floats, packet: Floats) -> tuple[float, Floats]:
    """Return how long blocks take with both, s, and the bytes that go over circuits, (blocks, blocks).

    For ever where a pair has neither.

    Each pair fills its own circuits as long as the others are busy; what is left goes through the packet switches, at
    most so much from and to each block. In time t a block's packet links must carry
    ``sum_j max(0, flows_ij - circuits_ij t)``, which is convex in t; so Newton's steps from below never pass the
    shortest time and reach it after finitely many.

    Args:
        flows: Bytes from block to block, sender first, (blocks, blocks).
        circuits: Bytes/s of the circuits from block to block, (blocks, blocks).
        packet: Bytes/s of each block to the packet switches, and as much from them, (blocks,); 0 where none work.

    Leaves out: relays over circuits; packets lost or reordered between the two ways.
    """
    time, longer = 0.0, True
    while longer:
        left = flows > circuits * time
        longest = max(
            _longest((flows * left).sum(axis=axis), (circuits * left).sum(axis=axis) + packet) for axis in (0, 1)
        )
        if np.isinf(longest):
            return np.inf, np.where(circuits > 0, flows, 0.0)
        longer = longest > time * (1 + 1e-12)
        time = max(time, longest)
    return time, np.minimum(flows, circuits * time)


def _longest(amount: Floats, rate: Floats) -> float:
    """Return the time of the block that takes longest, s; a block that sends nothing takes none."""
    return float(np.divide(amount, rate, out=np.where(amount > 0, np.inf, 0.0), where=rate > 0).max())
