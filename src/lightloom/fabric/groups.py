"""Groups joined to each other by equally many links, as in dragonflies: who is joined, and which counts fit."""

from collections.abc import Iterator

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault
from lightloom.fabric.graph import pairs


def most_groups(members: int, ports: int) -> int:
    """Return how many groups there can be: one more than a group has ports to others.

    Args:
        members: Of a group that have such ports.
        ports: Of each of them.
    """
    return members * ports + 1


def between(members: Integers, ports: int) -> Integers:
    """Return (links, 2) ends of the links between groups, arranged absolutely.

    The ports of a group lead to the other groups in the order of their numbers, over and over.

    Args:
        members: (groups, members) vertices of each group that have ports to others.
        ports: Of each of them.
    """
    groups, each = int(members.shape[0]), int(members.shape[1])
    low, high = pairs(np.arange(groups)[None]).T
    begin = np.arange(each * ports // (groups - 1))[:, None] * (groups - 1)
    ends = [members[low, (begin + high - 1) // ports], members[high, (begin + low) // ports]]
    return np.stack(ends, axis=-1).reshape(-1, 2)


def misfit(groups: int, ports: int) -> Iterator[Fault]:
    """Yield a fault if the ports of a group do not share out evenly over the other groups, with the nearest counts.

    Args:
        groups: How many.
        ports: Of a whole group, to others.
    """
    fits = [count + 1 for count in range(1, ports + 1) if ports % count == 0]
    if groups in fits:
        return
    near = [str(fit) for fit in fits if fit < groups][-1:] + [str(fit) for fit in fits if fit > groups][:1]
    message = f"{ports} global ports of a group do not share out evenly over {groups - 1} other groups"
    yield Fault("groups", message, f"the nearest {'are' if near[1:] else 'is'} {' and '.join(near)}")
