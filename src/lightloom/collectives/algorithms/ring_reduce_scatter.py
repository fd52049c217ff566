"""Ring reduce-scatter: every shard goes once round, growing, and ends on its owner."""

from typing import ClassVar

from lightloom.collectives.algorithm import Algorithm, Message, Stage, Whole
from lightloom.collectives.rings import ring_orders, ring_shards, ring_stages, turn
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class RingReduceScatter(Algorithm):
    """Least bytes, most steps: (n - 1)/n of the buffer, n - 1 latencies."""

    kind: ClassVar[str] = "ring-reduce-scatter"
    operation: ClassVar[Collective] = Collective.REDUCE_SCATTER

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return one turn of the rings."""
        return ring_stages(size, local, payload, turns=1)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return a reducing turn."""
        orders = ring_orders(size, local)
        return tuple(turn(orders, ring_shards(orders), local=local, first_step=0, reduces=True))

    def piece_count(self, size: int, local: int) -> int:
        """Return a shard for each member, a slice of it for each ring."""
        return size * local
