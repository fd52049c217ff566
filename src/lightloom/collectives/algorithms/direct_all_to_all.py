"""Direct all-to-all: every part straight to whom it is for, all at once."""

from typing import ClassVar

import numpy as np

from lightloom.collectives.algorithm import Algorithm, Message, Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class DirectAllToAll(Algorithm):
    """Each byte moves once: 1/n stays, (l - 1)/n inside the domain, (n - l)/n through the network ports.

    Leaves out: the cost of many small messages to a network card.
    """

    kind: ClassVar[str] = "direct-all-to-all"
    operation: ClassVar[Collective] = Collective.ALL_TO_ALL

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return one stage: both patterns at once, one latency each."""
        size = np.asarray(size)
        near = Phase(Pattern.LOCAL_ALL_TO_ALL, (local - 1) / size * payload, np.where(np.greater(local, 1), 1, 0))
        far = Phase(Pattern.REMOTE_ALL_TO_ALL, (size - local) / size * payload, np.where(size > local, 1, 0))
        return ((near, far),)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return one message per pair; piece ``source * size + target`` is the source's part for the target."""
        return tuple(
            Message(
                0,
                Pattern.LOCAL_ALL_TO_ALL if source // local == target // local else Pattern.REMOTE_ALL_TO_ALL,
                source,
                target,
                (source * size + target,),
            )
            for source in range(size)
            for target in range(size)
            if source != target
        )

    def piece_count(self, size: int, local: int) -> int:
        """Return a part for each member."""
        del local
        return size
