"""Send: each member hands one message to the next of its group, as pipeline stages do."""

from typing import ClassVar

import numpy as np

from lightloom.collectives.algorithm import Algorithm, Message, Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class Send(Algorithm):
    """Every member at once, the last to the first: an upper bound where not all send."""

    kind: ClassVar[str] = "send"
    operation: ClassVar[Collective] = Collective.SEND

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return one stage of one latency; nothing in a group of one."""
        del local
        several = np.greater(size, 1)
        return ((Phase(Pattern.NEIGHBOUR, np.where(several, payload, 0.0), np.where(several, 1, 0)),),)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return one message per member; piece ``source`` is the source's."""
        del local
        if size == 1:
            return ()
        return tuple(Message(0, Pattern.NEIGHBOUR, rank, (rank + 1) % size, (rank,)) for rank in range(size))

    def piece_count(self, size: int, local: int) -> int:
        """Return one: the message."""
        del size, local
        return 1
