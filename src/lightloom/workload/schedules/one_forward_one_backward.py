"""1F1B: after a warm-up of forwards, each stage alternates one forward and one backward."""

from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedule import PipelineSchedule, Turn, backward, forward


class OneForwardOneBackward(PipelineSchedule):
    """The memory-efficient schedule of PipeDream-Flush.

    Source: Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters, 2021, section 2.2.1.
    """

    kind: ClassVar[str] = "1f1b"
    interleaves: ClassVar[bool] = False

    @classmethod
    def legal(cls, recipes: RecipeColumns) -> tuple[Booleans, str]:
        """One chunk a stage."""
        return recipes.chunks == 1, "1f1b holds one chunk a stage; for more take interleaved-1f1b"

    @classmethod
    def order(cls, stage: int, stages: int, micro_batches: int, chunks: int) -> list[Turn]:
        """Warm-up of one forward for each stage behind, then alternate, then the backwards left."""
        del chunks
        warm_up = min(stages - 1 - stage, micro_batches)
        turns = [forward(number) for number in range(warm_up)]
        for number in range(micro_batches - warm_up):
            turns += [forward(warm_up + number), backward(number)]
        return turns + [backward(number) for number in range(micro_batches - warm_up, micro_batches)]

    @classmethod
    def in_flight(cls, stages: int, micro_batches: Integers, chunks: Integers) -> Floats:
        """As many as stages from here to the end."""
        del chunks
        behind = stages - np.arange(stages)
        return np.minimum(micro_batches[:, None], behind[None, :]).astype(np.float64)

    @classmethod
    def ahead(cls, behind: Integers, chunks: Integers) -> Integers:
        """One for each stage behind."""
        return behind * np.ones_like(chunks)
