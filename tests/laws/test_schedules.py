"""Every registered pipeline schedule does all the work once, in an order that never deadlocks, and holds what it says.

Facts protected: each stage does each (micro-batch, chunk) forward and backward exactly once and forward first; the
order runs to its end; ``in_flight`` is the most activations a stage holds in the simulated order; busy and idle fill
the time of every stage; no turn starts before what it needs has arrived. Source: Narayanan et al., Efficient
Large-Scale Language Model Training on GPU Clusters, 2021, section 2.2.
"""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.engine.timeline import Event, Timeline, simulate
from lightloom.workload.recipe import Parallel, Recipe, RecipeColumns, Schedule
from lightloom.workload.schedule import PipelineSchedule, Turn
from lightloom.workload.schedules import SCHEDULES

Shape = tuple[type[PipelineSchedule], int, int, int]
"""Schedule, stages, micro-batches, chunks."""


def legal(schedule: type[PipelineSchedule], stages: int, micro_batches: int, chunks: int) -> bool:
    recipe = Recipe(
        sequence=8,
        batch=micro_batches,
        parallel=Parallel(pipeline=stages),
        schedule=Schedule(kind=schedule.kind, chunks=chunks),
    )
    allowed, rule = schedule.legal(RecipeColumns.single(recipe))
    assert schedule.kind in rule
    return bool(allowed[0])


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    schedule = SCHEDULES[draw(st.sampled_from(sorted(SCHEDULES)))]
    stages, chunks = draw(st.integers(1, 10)), draw(st.integers(1, 5)) if schedule.interleaves else 1
    wanted = draw(st.integers(1, 40))
    near = (many for step in range(41) for many in (wanted + step, wanted - step) if many > 0)
    return schedule, stages, next(many for many in near if legal(schedule, stages, many, chunks)), chunks


def timeline(shape: Shape, seed: int = 0) -> Timeline:
    schedule, stages, micro_batches, chunks = shape
    random = np.random.default_rng(seed)
    forward, backward = 1 + random.random((stages, chunks)), 2 + random.random((stages, chunks))
    hop, blocking = float(random.choice([0.0, 0.1])), bool(random.integers(2))
    return simulate(schedule, forward, backward, micro_batches, hop=hop, blocking=blocking)


def of_stage(line: Timeline, stage: int) -> list[Event]:
    return [event for event in line.events if event.stage == stage]


@given(shapes())
def test_every_turn_is_taken_once_forward_first(shape: Shape) -> None:
    schedule, stages, micro_batches, chunks = shape
    all_of_them = {(chunk, micro) for chunk in range(chunks) for micro in range(micro_batches)}
    for stage in range(stages):
        order = schedule.order(stage, stages, micro_batches, chunks)
        assert set(Counter(order).values()) == {1}
        place = {turn: index for index, turn in enumerate(order)}
        for backward in (False, True):
            assert {(turn.chunk, turn.micro_batch) for turn in order if turn.backward is backward} == all_of_them
        for chunk, micro in all_of_them:
            assert (
                place[Turn(backward=False, chunk=chunk, micro_batch=micro)]
                < place[Turn(backward=True, chunk=chunk, micro_batch=micro)]
            )


@given(shapes())
def test_in_flight_is_the_most_a_stage_ever_holds(shape: Shape) -> None:
    schedule, stages, micro_batches, chunks = shape
    said = schedule.in_flight(stages, np.array([micro_batches]), np.array([chunks]))
    assert said.shape == (1, stages)
    for stage in range(stages):
        steps = [-1 if turn.backward else 1 for turn in schedule.order(stage, stages, micro_batches, chunks)]
        assert said[0, stage] * chunks == pytest.approx(np.cumsum(steps).max())


@given(shapes())
def test_first_backward_comes_when_the_schedule_says(shape: Shape) -> None:
    schedule, stages, micro_batches, chunks = shape
    for stage in range(stages):
        order = schedule.order(stage, stages, micro_batches, chunks)
        first = next(index for index, turn in enumerate(order) if turn.backward)
        last_chunk = order.index(Turn(backward=False, chunk=chunks - 1, micro_batch=0))
        ahead = schedule.ahead(np.array([stages - 1 - stage]), np.array([chunks]))[0]
        assert first - 1 - last_chunk == min(ahead, micro_batches * chunks - 1 - last_chunk)


@given(shapes(), st.integers(0, 99))
def test_order_runs_to_its_end_and_no_stage_does_two_things_at_once(shape: Shape, seed: int) -> None:
    _, stages, micro_batches, chunks = shape
    line = timeline(shape, seed)
    assert len(line.events) == 2 * stages * micro_batches * chunks
    for stage in range(stages):
        turns = of_stage(line, stage)
        assert all(before.end <= after.start + 1e-12 for before, after in pairwise(turns))
        worked = sum(event.end - event.start for event in turns)
        assert worked == pytest.approx(line.busy[stage])
        assert line.busy[stage] + line.idle[stage] == pytest.approx(line.time)
        assert line.idle[stage] >= -1e-9
        assert line.end[stage] == turns[-1].end


@given(shapes(), st.integers(0, 99))
def test_nothing_starts_before_what_it_needs(shape: Shape, seed: int) -> None:
    _, stages, _, chunks = shape
    line = timeline(shape, seed)
    ends = {(e.turn.backward, e.turn.chunk * stages + e.stage, e.turn.micro_batch): e.end for e in line.events}
    last = stages * chunks - 1
    for event in line.events:
        turn, place = event.turn, event.turn.chunk * stages + event.stage
        if turn.backward:
            needs = [(False, place, turn.micro_batch), *([(True, place + 1, turn.micro_batch)] if place < last else [])]
        else:
            needs = [(False, place - 1, turn.micro_batch)] if place else []
        assert all(ends[need] <= event.start + 1e-12 for need in needs)


def test_interleaving_needs_whole_rounds() -> None:
    interleaved = SCHEDULES["interleaved-1f1b"]
    assert legal(interleaved, 4, 8, 3)
    assert not legal(interleaved, 4, 6, 3)
    assert legal(interleaved, 4, 6, 1)


def test_1f1b_holds_one_chunk_a_stage() -> None:
    assert legal(SCHEDULES["1f1b"], 4, 3, 1)
    assert not legal(SCHEDULES["1f1b"], 4, 8, 2)


def test_1f1b_of_eight_stages_holds_eight_to_one() -> None:
    held = SCHEDULES["1f1b"].in_flight(8, np.array([64, 3]), np.array([1, 1]))
    assert held.tolist() == [[8, 7, 6, 5, 4, 3, 2, 1], [3, 3, 3, 3, 3, 3, 2, 1]]


def test_interleaving_holds_the_published_factor_more_on_the_first_stage() -> None:
    # Korthikanti et al. 2022, section 4.2.3: a factor 1 + (p - 1)/(p m) for m chunks, over p whole stages.
    for stages, chunks in ((8, 3), (35, 3), (16, 8)):
        held = SCHEDULES["interleaved-1f1b"].in_flight(stages, np.array([64 * stages]), np.array([chunks]))
        assert held[0, 0] / stages == pytest.approx(1 + (stages - 1) / (stages * chunks))


def test_a_wrong_order_deadlocks_aloud() -> None:
    class Backwards(SCHEDULES["1f1b"]):  # type: ignore[misc]
        kind = "backwards"

        @classmethod
        def order(cls, stage: int, stages: int, micro_batches: int, chunks: int) -> list[Turn]:
            return super().order(stage, stages, micro_batches, chunks)[::-1]

    with pytest.raises(RuntimeError, match="backwards deadlocks with 2 stages"):
        simulate(Backwards, np.ones((2, 1)), np.ones((2, 1)), 3, hop=0.0, blocking=False)
