"""The step of one recipe, turn by turn: who does what from when to when. What a person inspects; checks the totals."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.workload.schedule import PipelineSchedule, Turn


@dataclass(frozen=True, slots=True)
class Event:
    """One turn of one stage."""

    stage: int
    turn: Turn
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Every turn of every stage of one pipeline.

    Args:
        events: Stage by stage, in the order each takes them.
        end: When the last turn of each stage ends, shape (stages,).
        busy: What each stage works, shape (stages,).
    """

    events: tuple[Event, ...]
    end: Floats
    busy: Floats

    @property
    def time(self) -> float:
        """When the last stage is done."""
        return float(self.end.max())

    @property
    def idle(self) -> Floats:
        """What each stage waits until all are done, shape (stages,)."""
        return self.time - self.busy


def simulate(
    schedule: type[PipelineSchedule],
    forward: Floats,
    backward: Floats,
    micro_batches: int,
    *,
    hop: float,
    blocking: bool,
) -> Timeline:
    """Return the timeline of one pipeline.

    A turn begins when its stage is free and what it needs has arrived: forward, the activations of the chunk before;
    backward, the gradients of the chunk behind, or its own forward on the last chunk. A turn is never split.

    Args:
        schedule: Order of turns on each stage.
        forward: Time of each chunk's forward for one micro-batch, shape (stages, chunks).
        backward: The same backward.
        micro_batches: Of the step.
        hop: Time of a send.
        blocking: Whether a stage waits for each of its sends (it does where sends do not hide).

    Raises:
        RuntimeError: The schedule's order deadlocks: a bug in it.
    """
    stages, chunks = forward.shape
    hop = hop if stages > 1 else 0.0
    orders: list[list[Turn]] = [schedule.order(stage, stages, micro_batches, chunks) for stage in range(stages)]
    done: dict[tuple[bool, int, int], float] = {}
    events: list[list[Event]] = [[] for _ in range(stages)]
    free: list[float] = [0.0] * stages
    place: list[int] = [0] * stages
    remaining = sum(len(order) for order in orders)
    while remaining:
        before = remaining
        for stage in range(stages):
            while place[stage] < len(orders[stage]):
                turn: Turn = orders[stage][place[stage]]
                ready = _ready(turn, stage, stages, chunks, done, hop)
                if ready is None:
                    break
                start = max(free[stage], ready)
                length = (backward if turn.backward else forward)[stage, turn.chunk]
                end = start + float(length)
                done[turn.backward, turn.chunk * stages + stage, turn.micro_batch] = end
                free[stage] = end + (hop if blocking else 0.0)
                events[stage].append(Event(stage, turn, start, end))
                place[stage] += 1
                remaining -= 1
        if remaining == before:
            raise RuntimeError(f"{schedule.kind} deadlocks with {stages} stages and {micro_batches} micro-batches")
    busy = micro_batches * (forward.sum(axis=1) + backward.sum(axis=1))
    end = np.array([stage_events[-1].end for stage_events in events])
    return Timeline(tuple(event for stage_events in events for event in stage_events), end, busy)


def _ready(
    turn: Turn, stage: int, stages: int, chunks: int, done: dict[tuple[bool, int, int], float], hop: float
) -> float | None:
    """Return when what a turn needs has arrived; None if it has not been computed yet."""
    place = turn.chunk * stages + stage
    if not turn.backward:
        if place == 0:
            return 0.0
        sent = done.get((False, place - 1, turn.micro_batch))
        return None if sent is None else sent + hop
    if place == stages * chunks - 1:
        return done.get((False, place, turn.micro_batch))
    sent = done.get((True, place + 1, turn.micro_batch))
    return None if sent is None else sent + hop
