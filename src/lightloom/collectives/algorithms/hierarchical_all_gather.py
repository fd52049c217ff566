"""Hierarchical all-gather: gather along rails, then inside domains."""

from typing import ClassVar

from lightloom.collectives.algorithm import Algorithm, Message, Stage, Whole
from lightloom.collectives.hierarchy import along_rails, inside, inside_turn, rail_turn
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class HierarchicalAllGather(Algorithm):
    """Fewest bytes and steps between domains; what moves inside waits for them.

    Leaves out: cutting the payload so that stages of one part run beside those of another.
    """

    kind: ClassVar[str] = "hierarchical-all-gather"
    operation: ClassVar[Collective] = Collective.ALL_GATHER

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return the gathering along rails, then that inside."""
        return along_rails(size, local, payload, turns=1), inside(size, local, payload)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return two turns."""
        return (
            *rail_turn(size, local, first_step=0, reduces=False),
            *inside_turn(size, local, first_step=size // local - 1, reduces=False),
        )

    def piece_count(self, size: int, local: int) -> int:
        """Return a shard for each member."""
        del local
        return size
