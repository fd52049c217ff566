"""Hierarchical all-to-all: inside the domain to the member on the target's rail, then along the rail."""

from typing import ClassVar

import numpy as np

from lightloom.collectives.algorithm import Algorithm, Message, Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Number
from lightloom.workload.program import Collective


class HierarchicalAllToAll(Algorithm):
    """More bytes inside domains, none across rails: what a rail-optimised fabric can carry without its spine.

    Leaves out: overlap of the two stages.
    """

    kind: ClassVar[str] = "hierarchical-all-to-all"
    operation: ClassVar[Collective] = Collective.ALL_TO_ALL

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return (l - 1)/l of the parts inside domains, then (m - 1)/m of as many along rails."""
        local = np.asarray(local)
        domains = np.floor_divide(size, local)
        near = Phase(Pattern.LOCAL_ALL_TO_ALL, (local - 1) / local * payload, np.where(local > 1, 1, 0))
        far = Phase(Pattern.RAIL_ALL_TO_ALL, (domains - 1) / domains * payload, np.where(domains > 1, 1, 0))
        return (near,), (far,)

    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return both stages; piece ``source * size + target`` is the source's part for the target."""
        near = (
            Message(
                0,
                Pattern.LOCAL_ALL_TO_ALL,
                source,
                peer,
                tuple(source * size + t for t in range(size)[peer % local :: local]),
            )
            for source in range(size)
            for peer in range(source - source % local, source - source % local + local)
            if peer != source
        )
        far = (
            Message(
                1,
                Pattern.RAIL_ALL_TO_ALL,
                source,
                target,
                tuple(
                    origin * size + target for origin in range(source - source % local, source - source % local + local)
                ),
            )
            for source in range(size)
            for target in range(source % local, size, local)
            if target != source
        )
        return (*near, *far)

    def piece_count(self, size: int, local: int) -> int:
        """Return a part for each member."""
        del local
        return size
