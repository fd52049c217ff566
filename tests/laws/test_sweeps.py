"""A sweep is its single runs, and a step obeys what any machine obeys.

Facts protected: each row of a batch is bit for bit what a batch of one gives; parts sum to the whole; faster hardware,
levels and shorter latencies never make a step longer; what a recipe has none of costs nothing (one tensor rank, one
stage, one data rank, one domain of experts); the more micro-batches, the smaller the share of the bubble; recomputation
costs time and saves memory. Source: the definitions; DESIGN's "a single run goes through the same code as a batch".
"""

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lightloom as ll
from lightloom.engine.network import Network
from lightloom.engine.step import Totals
from lightloom.study.design import Design, design_of
from lightloom.study.timing import Outcome, Run, again, run, sweep
from lightloom.workload.program import Collective, Group, Routing
from lightloom.workload.recipe import RecipeColumns, Recompute

DENSE, CIRCUITS, MOE = "llama3-405b-16k", "llama3-405b-16k-ocs", "qwen3-235b-256"
PARTS = ("compute", "tensor", "context", "pipeline", "expert", "data", "bubble", "optimizer")


@cache
def design(study: str) -> Design:
    return design_of(ll.load(study))


@cache
def single(study: str) -> Run:
    one = design(study)
    return run(one, RecipeColumns.single(one.scenario.recipe))[0][1]


def columns(study: str, count: int, seed: int, *, changes: dict[str, Any] | None = None) -> RecipeColumns:
    """Return random recipes of the study's job, legal and illegal ones."""
    one = design(study).scenario
    random = np.random.default_rng(seed)
    tensor, pipeline, context = random.choice([1, 2, 4, 8], count), random.choice([1, 2, 4, 8, 16], count), 1
    data = one.job.accelerators // (tensor * pipeline * context)
    recipe = one.recipe.model_copy(update=changes or {})
    experts = random.choice([1, 2, 4, 8], count) if one.model.experts else np.ones(count, int)
    return RecipeColumns.sweep(
        recipe,
        tensor=tensor,
        pipeline=pipeline,
        data=data,
        expert=experts,
        micro_batch=random.choice([1, 2, 4], count),
        chunks=random.choice([1, 2, 4], count),
        batch=data * random.choice([4, 16, 30], count),
        sequence=random.choice([2048, 8192], count),
    )


def table(outcome: Outcome) -> np.ndarray:
    kept = (outcome.time, outcome.tokens_per_s, outcome.activity, outcome.memory.bytes, outcome.memory.worst_stage)
    return np.stack([*kept, outcome.legal, outcome.fits])


@settings(max_examples=12)
@given(st.sampled_from([DENSE, MOE]), st.integers(0, 10**6), st.sampled_from(["none", "zero-1", "zero-3"]))
def test_each_row_is_bit_for_bit_a_batch_of_one(study: str, seed: int, sharding: str) -> None:
    many = columns(study, 12, seed, changes={"sharding": sharding})
    found = table(sweep(design(study), many))
    alone = [table(sweep(design(study), RecipeColumns.single(many.row(row))))[:, 0] for row in range(len(many))]
    np.testing.assert_array_equal(found, np.stack(alone, axis=1))


def test_each_row_is_a_batch_of_one_over_circuits_too() -> None:
    many = columns(CIRCUITS, 4, 3)
    found = table(sweep(design(CIRCUITS), many))
    alone = [table(sweep(design(CIRCUITS), RecipeColumns.single(many.row(row))))[:, 0] for row in range(len(many))]
    np.testing.assert_array_equal(found, np.stack(alone, axis=1))


@pytest.mark.parametrize("study", [DENSE, MOE])
def test_parts_sum_to_the_time_and_none_is_negative(study: str) -> None:
    for rows, part in run(design(study), columns(study, 200, 1)):
        step = part.totals
        total = sum(getattr(step, name) for name in PARTS)
        np.testing.assert_allclose(total, step.time, rtol=1e-12)
        assert all((getattr(step, name) >= 0).all() for name in PARTS)
        np.testing.assert_allclose(step.costs.sum(axis=1), step.compute + step.tensor + step.context + step.expert)
        assert len(rows) == len(step.time)


def timed(study: str, part: Run, *, speed: Any = 1.0, latency: float = 1.0, **hardware: float) -> Totals:
    one = design(study)
    network = Network.on(part.reach, part.groups, one.scenario.stack, speed=speed, latency=latency)
    faster = replace(one.hardware, **{name: getattr(one.hardware, name) * factor for name, factor in hardware.items()})
    return again(one, part, network, faster)


def some(study: str) -> Run:
    return run(design(study), columns(study, 60, 11))[0][1]


@pytest.mark.parametrize("study", [DENSE, MOE])
@pytest.mark.parametrize("field", [field.name for field in fields(design(MOE).hardware)])
def test_faster_hardware_is_never_slower(study: str, field: str) -> None:
    part = some(study)
    better = 0.5 if field in {"host_time", "narrow_matrix"} else 2.0
    times = [timed(study, part, **{field: factor}).time for factor in (1 / better, 1.0, better)]
    assert (times[0] >= times[1] * (1 - 1e-12)).all()
    assert (times[1] >= times[2] * (1 - 1e-12)).all()
    hidden = {"matmul_fp8", "host_time"}  # the recipes are bf16, their layers take longer than their launch
    assert (times[0] > times[2]).any() == (field not in hidden)


@pytest.mark.parametrize("study", [DENSE, MOE])
def test_faster_levels_and_shorter_latencies_are_never_slower(study: str) -> None:
    part = some(study)
    base = timed(study, part).time
    for index in range(len(part.reach.levels)):
        speed = np.ones(len(part.reach.levels))
        for factor in (1.5, 10.0, np.inf):
            speed[index] = factor
            assert (timed(study, part, speed=speed).time <= base * (1 + 1e-12)).all()
        speed[index] = 0.5
        assert (timed(study, part, speed=speed).time >= base * (1 - 1e-12)).all()
    assert (timed(study, part, latency=0.5).time <= base * (1 + 1e-12)).all()
    assert (timed(study, part, latency=2.0).time > base).any()


def one_of(study: str, **changes: Any) -> Run:
    recipe = design(study).scenario.recipe
    return run(
        design(study), RecipeColumns.sweep(recipe, **{name: np.array([each]) for name, each in changes.items()})
    )[0][1]


def test_what_a_recipe_has_none_of_costs_nothing() -> None:
    whole = one_of(MOE, tensor=1, data=32).totals
    assert whole.tensor[0] == 0
    assert whole.context[0] == 0
    flat = one_of(MOE, pipeline=1, data=128, chunks=1).totals
    assert flat.bubble[0] == flat.pipeline[0] == 0
    assert one_of(MOE, tensor=8, pipeline=32, data=1, expert=8, chunks=1).totals.data[0] == 0
    assert one_of(MOE, expert=1).totals.expert[0] == 0
    assert min(one_of(MOE).totals.tensor[0], one_of(MOE).totals.bubble[0], one_of(MOE).totals.expert[0]) > 0


def test_experts_inside_a_domain_send_nothing_between_domains() -> None:
    part = one_of(MOE, expert=8)
    network = Network.on(part.reach, part.groups, design(MOE).scenario.stack)
    payload, routing = np.array([1e9]), Routing(experts=128, chosen=8)
    sent = network.transfer(Group.EXPERT, Collective.ALL_TO_ALL, payload, routing).crossing[0]
    inside = part.reach.scale_up
    assert sent[inside].sum() > 0
    assert sent[~inside].sum() == 0
    wide = single(MOE)
    abroad = Network.on(wide.reach, wide.groups, design(MOE).scenario.stack)
    assert abroad.transfer(Group.EXPERT, Collective.ALL_TO_ALL, payload, routing).crossing[0][~inside].sum() > 0


@pytest.mark.parametrize("kind", ["1f1b", "interleaved-1f1b"])
def test_more_micro_batches_shrink_the_share_of_the_bubble(kind: str) -> None:
    recipe = design(DENSE).scenario.recipe
    schedule = recipe.schedule.model_copy(update={"kind": kind, "chunks": 1 if kind == "1f1b" else 4})
    batches = 128 * 16 * np.array([1, 2, 3, 8, 32])
    swept = RecipeColumns.sweep(recipe.model_copy(update={"schedule": schedule}), batch=batches)
    step = run(design(DENSE), swept)[0][1].totals
    assert (np.diff(step.bubble / step.time) < 0).all()
    assert (np.diff(step.time / batches) < 0).all()


@pytest.mark.parametrize("study", [DENSE, MOE])
def test_recomputation_costs_time_and_saves_memory(study: str) -> None:
    recipe = design(study).scenario.recipe
    found = [
        sweep(design(study), RecipeColumns.single(recipe.model_copy(update={"recompute": each})))
        for each in (Recompute(), Recompute(kind="selective", modules=("layernorm",)), Recompute(kind="full"))
    ]
    times, need = [one.time[0] for one in found], [one.memory.bytes[0] for one in found]
    assert times[0] < times[1] < times[2]
    assert times[2] < 1.45 * times[0]  # a forward is a third of a layer's products
    assert need[0] > need[1] > need[2]


@pytest.mark.parametrize("study", [DENSE, MOE, CIRCUITS])
@pytest.mark.parametrize("group", list(Group))
def test_more_bytes_never_take_less_time(study: str, group: Group) -> None:
    part = single(study)
    network = Network.on(part.reach, part.groups, design(study).scenario.stack)
    for what in Collective:
        payloads = (0.0, 1.0, 1e3, 1e6, 1e9)
        times = np.array([network.duration(group, what, np.array([each]))[0] for each in payloads])
        assert (np.diff(times) >= 0).all(), what
        assert times[0] == 0


@pytest.mark.parametrize("study", [DENSE, MOE])
def test_sharding_more_needs_less_memory(study: str) -> None:
    recipe = design(study).scenario.recipe
    need = [
        sweep(design(study), RecipeColumns.single(recipe.model_copy(update={"sharding": each}))).memory.bytes[0]
        for each in ("none", "zero-1", "zero-2", "zero-3")
    ]
    assert need == sorted(need, reverse=True)
    assert len(set(need)) == 4


def test_a_row_read_back_is_the_recipe() -> None:
    recipe = design(MOE).scenario.recipe
    assert RecipeColumns.single(recipe).row(0) == recipe
    assert RecipeColumns.sweep(recipe, batch=np.array([256, 512])).row(1).batch == 512
