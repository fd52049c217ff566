"""Largest flow and smallest cut, exact for whole capacities of any size.

The library's solver counts in 32 bits. Larger capacities are taken a few binary digits at a time, the highest first:
what is left after a round is so little that the next digits fit.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_flow

from lightloom.core.arrays import Booleans, Integers

WIDTH = 30
"""Binary digits of the largest flow the library's solver is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A largest flow and what limits it.

    Args:
        flow: Its value.
        inside: (vertices,) which are on the source's side of a smallest cut.
    """

    flow: int
    inside: Booleans


def smallest_cut(ends: tuple[Integers, Integers], capacity: Integers, vertices: int, between: tuple[int, int]) -> Cut:
    """Return the largest flow from one vertex to another, and a smallest cut.

    Args:
        ends: (arcs,) tails and (arcs,) heads; no arc twice.
        capacity: (arcs,) whole, at least 0; all together below 2**62.
        vertices: How many.
        between: Source and goal.
    """
    tail, head = ends
    keys, place = np.unique(np.concatenate([tail * vertices + head, head * vertices + tail]), return_inverse=True)
    room = np.bincount(place[: len(tail)], minlength=len(keys)).astype(np.int64)
    room[place[: len(tail)]] = capacity
    rows, columns = np.divmod(keys, vertices)
    start = np.searchsorted(rows, np.arange(vertices + 1)).astype(np.int32)
    columns = columns.astype(np.int32)
    digits = max(int(room.sum()).bit_length() - WIDTH, 0)
    total = 0
    while True:
        # All that is still to come fits under 2**(digits + WIDTH), so more room than that is as good as that.
        given = np.minimum(room >> digits, (1 << WIDTH) - 1).astype(np.int32)
        found = maximum_flow(csr_array((given, columns, start), shape=(vertices, vertices)), *between)
        moved = np.asarray(found.flow.data, np.int64) << digits
        room = room - moved
        total += int(found.flow_value) << digits
        if not digits:
            break
        digits = max(digits - (WIDTH - len(keys).bit_length() - 1), 0)
    open_ways = csr_array(((room > 0).astype(np.int8), columns, start), shape=(vertices, vertices))
    open_ways.eliminate_zeros()
    inside = np.zeros(vertices, np.bool_)
    inside[breadth_first_order(open_ways, between[0], return_predecessors=False)] = True
    return Cut(total, inside)
