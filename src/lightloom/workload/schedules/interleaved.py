"""Interleaved 1F1B: a stage holds several chunks of layers and takes them in turn, so that the pipeline fills sooner."""

from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedule import PipelineSchedule, Turn


class Interleaved(PipelineSchedule):
    """1F1B over virtual stages.

    Source: Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters, 2021, section 2.2.2.
    """

    kind: ClassVar[str] = "interleaved-1f1b"
    interleaves: ClassVar[bool] = True

    @classmethod
    def legal(cls, recipes: RecipeColumns) -> tuple[Booleans, str]:
        """Micro-batches go through a chunk in rounds of as many as there are stages."""
        rounds = recipes.micro_batches % recipes.pipeline == 0
        rule = "interleaved-1f1b takes micro-batches in rounds of the pipeline degree; their count must be a multiple of it"
        return rounds | (recipes.chunks == 1), rule

    @classmethod
    def order(cls, stage: int, stages: int, micro_batches: int, chunks: int) -> list[Turn]:
        """Warm-up of 2 (stages - 1 - stage) + (chunks - 1) stages forwards, then alternate."""
        total = micro_batches * chunks
        warm_up = min((stages - 1 - stage) * 2 + (chunks - 1) * stages, total) if chunks > 1 else stages - 1 - stage
        warm_up = min(warm_up, total)
        forward = [cls._turn(False, number, stages, chunks) for number in range(total)]
        backward = [cls._turn(True, number, stages, chunks) for number in range(total)]
        turns = forward[:warm_up]
        for number in range(total - warm_up):
            turns += [forward[warm_up + number], backward[number]]
        return turns + backward[total - warm_up :]

    @staticmethod
    def _turn(backward: bool, number: int, stages: int, chunks: int) -> Turn:  # noqa: FBT001 - the field of a Turn
        if chunks == 1:
            return Turn(backward, 0, number)
        lap, place = divmod(number, stages * chunks)
        chunk, within = divmod(place, stages)
        return Turn(backward, chunks - 1 - chunk if backward else chunk, lap * stages + within)

    @classmethod
    def in_flight(cls, stages: int, micro_batches: Integers, chunks: Integers) -> Floats:
        """The warm-up and one more chunk pass, in whole-stage units."""
        behind = stages - 1 - np.arange(stages)
        many = behind[None, :] * 2 + ((chunks - 1) * stages)[:, None] + 1
        held = np.where(chunks[:, None] > 1, many, behind[None, :] + 1)
        return np.minimum(held, (micro_batches * chunks)[:, None]) / chunks[:, None]
