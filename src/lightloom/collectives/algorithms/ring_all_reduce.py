"""Ring all-reduce: one turn sums every shard on its owner, a second brings it to all."""

from typing import ClassVar

from lightloom.collectives.algorithm import Algorithm, Message, Stage, Whole
from lightloom.collectives.rings import ring_orders, ring_shards, ring_stages, turn
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class RingAllReduce(Algorithm):
    """Least bytes, most steps: 2(n - 1)/n of the buffer, 2(n - 1) latencies."""

    kind: ClassVar[str] = "ring-all-reduce"
    operation: ClassVar[Collective] = Collective.ALL_REDUCE

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return two turns of the rings."""
        return ring_stages(size, local, payload, turns=2)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return a reducing and a gathering turn."""
        orders = ring_orders(size, local)
        shards = ring_shards(orders)
        return (
            *turn(orders, shards, local=local, first_step=0, reduces=True),
            *turn(orders, shards, local=local, first_step=size - 1, reduces=False),
        )

    def piece_count(self, size: int, local: int) -> int:
        """Return a shard for each member, a slice of it for each ring."""
        return size * local
