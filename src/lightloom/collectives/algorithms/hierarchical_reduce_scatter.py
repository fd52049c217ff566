"""Hierarchical reduce-scatter: scatter the sum inside domains, then along rails."""

from typing import ClassVar

from lightloom.collectives.algorithm import Algorithm, Message, Stage, Whole
from lightloom.collectives.hierarchy import along_rails, inside, inside_turn, rail_turn
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class HierarchicalReduceScatter(Algorithm):
    """Fewest bytes and steps between domains; what moves inside comes before them.

    Leaves out: cutting the payload so that stages of one part run beside those of another.
    """

    kind: ClassVar[str] = "hierarchical-reduce-scatter"
    operation: ClassVar[Collective] = Collective.REDUCE_SCATTER

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return the scattering inside, then that along rails."""
        return inside(size, local, payload), along_rails(size, local, payload, turns=1)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return two turns."""
        return (
            *inside_turn(size, local, first_step=0, reduces=True),
            *rail_turn(size, local, first_step=local - 1, reduces=True),
        )

    def piece_count(self, size: int, local: int) -> int:
        """Return a shard for each member."""
        del local
        return size
