"""How long a pipeline takes: the longest of the paths through its turns that stay on one stage and leave it to wait.

A timeline does turn after turn; this says the same for many recipes at once, from a few paths only.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats, Integers


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The stages whose paths are tried, columns of shape (rows, candidates); times are those of one chunk.

    The first and the last of the slowest stages, and the last stage: with layers laid as evenly as they go, no path
    along another one was longer.

    Args:
        forward, backward: One turn of the stage.
        before: From the first micro-batch's start to the stage and from there back to the start, others' time only.
        beyond: From the stage to the last one and back.
        behind: Stages after it.
        laps: Through all stages once, forward and backward, shape (rows, 1).
        last: Both turns of the last stage, shape (rows, 1).
    """

    forward: Floats
    backward: Floats
    before: Floats
    beyond: Floats
    behind: Integers
    laps: tuple[Floats, Floats]
    last: Floats

    @classmethod
    def of(cls, forward: Floats, backward: Floats, chunks: Floats, hop: Floats) -> Self:
        """Return the candidates of rows.

        Args:
            forward, backward: Time of each stage for one micro-batch, all its chunks, shape (rows, stages).
            chunks: Chunks a stage, shape (rows, 1).
            hop: Time of a send, shape (rows, 1).
        """
        stages = forward.shape[1]
        both = (forward + backward) / chunks
        ends = np.full(len(both), stages - 1)
        at = np.stack([np.argmax(both, axis=1), ends - np.argmax(both[:, ::-1], axis=1), ends], axis=1)
        through = np.take_along_axis(np.cumsum(both, axis=1), at, 1)
        own = [np.take_along_axis(each, at, 1) / chunks for each in (forward, backward)]
        return cls(
            forward=own[0],
            backward=own[1],
            before=through - own[0] - own[1] + 2 * at * hop,
            beyond=both.sum(axis=1)[:, None] - through + 2 * (stages - 1 - at) * hop,
            behind=stages - 1 - at,
            laps=(
                forward.sum(axis=1)[:, None] / chunks + stages * hop,
                backward.sum(axis=1)[:, None] / chunks + stages * hop,
            ),
            last=both[:, -1:],
        )

    @property
    def turn(self) -> Floats:
        """Forward and backward of a chunk."""
        return self.forward + self.backward


def longest(at: Candidates, stages: int, micro_batches: Floats, chunks: Floats, ahead: Integers) -> Floats:
    """Return the length of the longest path, shape (rows,).

    Args:
        at: The stages tried.
        stages: Of the pipeline.
        micro_batches: Of the step, shape (rows, 1).
        chunks: Chunks a stage, shape (rows, 1).
        ahead: Chunk forwards a stage does between a micro-batch's last one and its first backward, as ``at``.
    """
    whole = at.before + micro_batches * chunks * at.turn
    whole += _journeys(at, stages, micro_batches, chunks, ahead) + _laps(at, stages, micro_batches / stages, chunks)
    return np.asarray(whole.max(axis=1))


def _journeys(at: Candidates, stages: int, micro_batches: Floats, chunks: Floats, ahead: Integers) -> Floats:
    """Return what paths gain that go to the last stage and back while their own stage has too little to do meanwhile.

    The first micro-batch goes, the last one goes, and so does every one between for which the stage has nothing ahead,
    which takes long sends; or the path stays on the last stage from the first micro-batch to the last.
    """
    room = micro_batches * chunks - (chunks - 1) * stages - 1
    covered = np.minimum(ahead, room)
    first = np.maximum(at.beyond - covered * at.forward, 0.0)
    last = np.maximum(at.beyond - covered * at.backward, 0.0)
    between = np.maximum(at.beyond - ahead * at.turn, 0.0) * np.maximum(room // (ahead + 1) - 1, 0)
    apart = np.where(room > ahead, first + last + between, np.maximum(first, last))
    return np.maximum(apart, at.beyond + room * (at.last - at.turn))


def _laps(at: Candidates, stages: int, rounds: Floats, chunks: Floats) -> Floats:
    """Return what paths gain that follow a micro-batch through all stages to its next chunk.

    In the first round a stage has forwards only to do meanwhile, in the last one backwards only, between them both.
    """
    forward, backward = at.laps
    first = np.maximum(forward - stages * at.forward, 0.0)
    last = np.maximum(backward - stages * at.backward, 0.0)
    between = np.maximum(np.maximum(forward, backward) - stages * at.turn, 0.0) * np.maximum(rounds - 1, 0.0)
    return (chunks - 1) * (first + last + between)
