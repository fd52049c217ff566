"""Balance, remedies and replanning say what running the changed study would show.

Facts protected: changed conditions tried in one batch give the steps they give alone; where a step waits for its input,
nothing but storage is worth anything; a remedy is a study that loads and fits; replanning writes the recipe it found,
whatever was written before. Source: the definitions themselves.
"""

import numpy as np
import pytest

import lightloom
from lightloom.engine.network import Network
from lightloom.study.design import design_of
from lightloom.study.evaluate import price
from lightloom.study.replan import replanned
from lightloom.study.timing import again, run
from lightloom.workload.recipe import RecipeColumns

QWEN = "qwen3-235b-256"


@pytest.mark.parametrize("study", [QWEN, "llama3-405b-16k-ocs"])
def test_conditions_in_one_batch_are_those_alone(study):
    design = design_of(lightloom.load(study))
    part = run(design, RecipeColumns.single(design.scenario.recipe))[0][1]
    levels, stack = len(part.reach.levels), design.scenario.stack
    speed = np.ones((levels + 2, levels))
    speed[np.arange(levels), np.arange(levels)] = np.inf
    latency = np.r_[np.ones(levels), 0.5, 1.0]
    memory = np.r_[np.ones(levels + 1), 1.5]
    together = again(
        design,
        part,
        Network.under(part.reach, part.groups, stack, speed=speed, latency=latency),
        design.hardware.sped_up(memory=memory),
        levels + 2,
    )
    alone = [
        again(
            design,
            part,
            Network.on(part.reach, part.groups, stack, speed=speed[row], latency=latency[row]),
            design.hardware.sped_up(memory=memory[row]),
        ).time[0]
        for row in range(levels + 2)
    ]
    assert together.time == pytest.approx(alone, rel=1e-12)
    assert len(set(np.round(alone, 9))) > 2


def test_only_storage_is_worth_anything_where_the_step_waits_for_its_input():
    slow = lightloom.load(QWEN).replace({"storage": {"like": "flash-generic", "read": "1 MB/s"}})
    found = lightloom.evaluate(slow)
    assert found.step["input_s"] > 0
    worth = dict(found.balance.elasticity)
    assert worth.pop("storage") == pytest.approx(1.0, rel=1e-6)
    assert set(worth.values()) == {0.0}
    assert all(level.exposed_s == 0.0 for level in found.network)


def test_a_batch_of_one_waits_for_its_input_as_a_single_run_does():
    slow = lightloom.load(QWEN).replace({"storage": {"like": "flash-generic", "read": "1 MB/s"}})
    found, (outcome, dollars) = lightloom.evaluate(slow), price(slow, RecipeColumns.single(slow.recipe))
    assert outcome.time[0] == found.step["time_s"]
    assert outcome.tokens_per_s[0] == pytest.approx(found.throughput["tokens_per_s"])
    assert outcome.activity[0] == pytest.approx(found.step["compute_s"] / found.step["time_s"])
    assert dollars[0] == pytest.approx(found.cost.usd_per_million_tokens.mid)


def test_storage_is_worth_nothing_where_reading_hides():
    found = lightloom.evaluate(lightloom.load(QWEN))
    assert found.step["input_s"] == 0.0
    assert found.balance.elasticity["storage"] == 0.0


def test_remedy_for_memory_is_a_recipe_that_the_study_may_hold():
    # The first change that fits is a tensor degree of 128, over which the 64 heads do not divide.
    full = lightloom.load(QWEN).replace(
        {
            "recipe.sequence": 524_288,
            "recipe.parallel": {"tensor": 64, "pipeline": 1, "data": 4, "expert": {"degree": 8}},
            "recipe.schedule": {"kind": "1f1b", "chunks": 1},
            "recipe.recompute": "full",
            "recipe.sharding": "zero-2",
        }
    )
    memory = [reason for reason in lightloom.evaluate(full).reasons if reason.code == "out-of-memory"]
    assert len(memory) == 1
    assert "pipeline: 2, data: 2" in memory[0].remedy
    remedied = full.replace({"recipe.parallel.pipeline": 2, "recipe.parallel.data": 2})
    assert lightloom.evaluate(remedied).memory["fits"]


def test_layout_that_does_not_divide_is_refused_and_not_planned():
    llama = lightloom.load("llama3-405b-16k")
    with pytest.raises(lightloom.StudyError, match="126 layers do not fall on 128 chunks as 'even' asks"):
        llama.replace({"recipe.layout": "even"})
    even = lightloom.load(QWEN).replace(
        {
            "recipe.layout": "even",
            "recipe.parallel.pipeline": 2,
            "recipe.parallel.data": 64,
            "recipe.schedule.chunks": 1,
        }
    )
    found = replanned(even).recipe
    assert 94 % (found.parallel.pipeline * found.schedule.chunks) == 0


def test_replanning_does_not_depend_on_the_expert_degree_written():
    study = lightloom.load(QWEN)
    one = replanned(study).recipe
    other = replanned(study.replace({"recipe.parallel.expert.degree": 8})).recipe
    assert one.parallel == other.parallel
