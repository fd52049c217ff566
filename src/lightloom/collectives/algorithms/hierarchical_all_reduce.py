"""Hierarchical all-reduce: scatter the sum inside domains, sum each shard along its rail, gather inside domains."""

from typing import ClassVar

from lightloom.collectives.algorithm import Algorithm, Message, Stage, Whole
from lightloom.collectives.hierarchy import along_rails, inside, inside_turn, rail_turn
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class HierarchicalAllReduce(Algorithm):
    """Fewest bytes and steps between domains; what moves inside waits for them.

    Leaves out: cutting the payload so that stages of one part run beside those of another.
    """

    kind: ClassVar[str] = "hierarchical-all-reduce"
    operation: ClassVar[Collective] = Collective.ALL_REDUCE

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return scatter, all-reduce along rails, gather."""
        turn = inside(size, local, payload)
        return turn, along_rails(size, local, payload, turns=2), turn

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return four turns."""
        domains = size // local
        return (
            *inside_turn(size, local, first_step=0, reduces=True),
            *rail_turn(size, local, first_step=local - 1, reduces=True),
            *rail_turn(size, local, first_step=local + domains - 2, reduces=False),
            *inside_turn(size, local, first_step=local + 2 * domains - 3, reduces=False),
        )

    def piece_count(self, size: int, local: int) -> int:
        """Return a shard for each member."""
        del local
        return size
