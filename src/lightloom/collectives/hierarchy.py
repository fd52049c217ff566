"""Two levels: inside domains first, so that only what must leaves them, and leaves through every port at once."""

from collections.abc import Iterator

import numpy as np

from lightloom.collectives.algorithm import Message, Pattern, Phase, Stage, Whole
from lightloom.collectives.rings import turn
from lightloom.core.arrays import Number


def inside(size: Whole, local: Whole, payload: Number) -> Stage:
    """Return the turn inside domains over the whole payload: (l - 1)/l of it."""
    del size
    return (Phase(Pattern.LOCAL_RING, (local - 1) / np.asarray(local) * payload, local - 1),)


def along_rails(size: Whole, local: Whole, payload: Number, *, turns: int) -> Stage:
    """Return the turns between domains, each member on its own rail with its 1/l of the payload."""
    domains = np.floor_divide(size, local)
    sent = turns * (domains - 1) / np.asarray(size) * payload
    return (Phase(Pattern.REMOTE_RING, sent, turns * (domains - 1)),)


def inside_turn(size: int, local: int, *, first_step: int, reduces: bool) -> Iterator[Message]:
    """Yield the messages of ``inside``: a member's part are the shards of its rail in every domain."""
    orders = [list(range(first, first + local)) for first in range(0, size, local)]
    shards = [[tuple(range(member, size, local)) for member in range(local)] for _ in orders]
    yield from turn(orders, shards, local=local, first_step=first_step, reduces=reduces)


def rail_turn(size: int, local: int, *, first_step: int, reduces: bool) -> Iterator[Message]:
    """Yield the messages of one turn along rails: a member's part is its own shard."""
    orders = [list(range(member, size, local)) for member in range(local)]
    shards = [[(member,) for member in order] for order in orders]
    yield from turn(orders, shards, local=local, first_step=first_step, reduces=reduces)
