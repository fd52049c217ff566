"""Interleaved 1F1B: a stage holds several chunks of layers, taken in turn, so that the pipeline fills sooner."""

from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedule import PipelineSchedule, Turn, backward, forward


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
        rule = "interleaved-1f1b needs a count of micro-batches that is a multiple of the pipeline degree"
        return rounds | (recipes.chunks == 1), rule

    @classmethod
    def order(cls, stage: int, stages: int, micro_batches: int, chunks: int) -> list[Turn]:
        """Warm-up of 2 (stages - 1 - stage) + (chunks - 1) stages forwards, then alternate."""
        total = micro_batches * chunks
        behind = stages - 1 - stage
        warm_up = min(behind * 2 + (chunks - 1) * stages if chunks > 1 else behind, total)
        places = [_place(number, stages, chunks) for number in range(total)]
        ahead = [forward(micro_batch, chunk) for micro_batch, chunk in places]
        back = [backward(micro_batch, chunks - 1 - chunk) for micro_batch, chunk in places]
        turns = ahead[:warm_up]
        for number in range(total - warm_up):
            turns += [ahead[warm_up + number], back[number]]
        return turns + back[total - warm_up :]

    @classmethod
    def in_flight(cls, stages: int, micro_batches: Integers, chunks: Integers) -> Floats:
        """The warm-up and one more chunk pass, in whole-stage units."""
        behind = stages - 1 - np.arange(stages)
        many = behind[None, :] * 2 + ((chunks - 1) * stages)[:, None] + 1
        held = np.where(chunks[:, None] > 1, many, behind[None, :] + 1)
        return np.minimum(held, (micro_batches * chunks)[:, None]) / chunks[:, None]

    @classmethod
    def ahead(cls, behind: Integers, chunks: Integers) -> Integers:
        """Two for each stage behind; one where there is nothing to interleave."""
        return np.where(chunks > 1, 2, 1) * behind


def _place(number: int, stages: int, chunks: int) -> tuple[int, int]:
    """Return the micro-batch and the chunk, counted in the order of the pass, of a stage's n-th turn."""
    if chunks == 1:
        return number, 0
    lap, place = divmod(number, stages * chunks)
    chunk, within = divmod(place, stages)
    return lap * stages + within, chunk
