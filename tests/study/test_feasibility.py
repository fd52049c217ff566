"""What cannot be run says why, by how much, and a change that really helps.

Facts protected: memory that lacks, on which stage and by how many bytes; every remedy, typed into the study, fits or is
legal; links that do not close name their level and what would close; circuits that join no path end in a reason, not in
numbers; a replanned recipe is feasible and no slower. Source: the definitions themselves.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml

import lightloom as ll
from lightloom.core.errors import StudyError
from lightloom.engine.circuits.circuits import Circuits
from lightloom.study import timing
from lightloom.study.circuits import Setting
from lightloom.study.design import Design, design_of
from lightloom.study.evaluation import Evaluation
from lightloom.study.feasibility import Reason, reasons
from lightloom.study.replan import replanned
from lightloom.study.timing import outcome, run
from lightloom.workload.recipe import RecipeColumns

DENSE, CIRCUITS, MOE = "llama3-405b-16k", "llama3-405b-16k-ocs", "qwen3-235b-256"
FULL: dict[str, tuple[str, dict[str, Any]]] = {
    "micro-batch": (MOE, {"recipe.micro_batch": 2, "recipe.recompute": "none"}),
    "sharding": (
        MOE,
        {
            "recipe.parallel": {"tensor": 2, "pipeline": 2, "data": 64, "expert": {"degree": 32}},
            "recipe.recompute": "full",
            "recipe.sharding": "none",
        },
    ),
    "more sharding": (DENSE, {"recipe.sharding": "none"}),
    "recompute": (DENSE, {"recipe.schedule": {"kind": "1f1b", "chunks": 1}, "recipe.sequence": 32768}),
    "degrees": (DENSE, {"recipe.recompute": "full", "recipe.sequence": 131072}),
    "modules": (MOE, {"recipe.recompute": "none", "recipe.sequence": 8192}),
    "stages": (
        MOE,
        {
            "recipe.parallel": {"tensor": 2, "pipeline": 1, "data": 128, "expert": {"degree": 32}},
            "recipe.schedule": {"kind": "1f1b", "chunks": 1},
        },
    ),
}


def only(evaluation: Evaluation, code: str) -> Reason:
    assert not evaluation.feasible
    (reason,) = evaluation.reasons
    assert reason.code == code
    return reason


def as_changes(remedy: str) -> Mapping[str, object]:
    """Read a remedy, ``try micro_batch: 1, data: 8``, as edits of the study's recipe."""
    entries: dict[str, object] = yaml.safe_load("{" + remedy.removeprefix("try ") + "}")
    parallel = {"tensor", "pipeline", "data"}
    return {f"recipe.parallel.{key}" if key in parallel else f"recipe.{key}": each for key, each in entries.items()}


@pytest.mark.parametrize("case", FULL)
def test_missing_memory_is_counted_and_its_remedy_fits(case: str) -> None:
    name, changes = FULL[case]
    study = ll.load(name).replace(changes)
    found = ll.evaluate(study)
    reason = only(found, "out-of-memory")
    assert reason.unit == "B"
    assert reason.by == pytest.approx(found.memory["bytes"] - found.memory["capacity_bytes"])
    assert reason.by > 0
    assert reason.stage == found.memory["worst_stage"]
    assert found.memory["fits"] is False
    assert found.step is not None  # what it would take is still said
    remedied = ll.evaluate(study.replace(as_changes(reason.remedy)))
    assert remedied.feasible, (reason.remedy, remedied.reasons)


def test_remedies_are_the_mildest_that_help() -> None:
    remedy = {
        case: only(ll.evaluate(ll.load(name).replace(changes)), "out-of-memory").remedy
        for case, (name, changes) in FULL.items()
    }
    assert remedy["micro-batch"] == "try micro_batch: 1"
    assert remedy["sharding"] == "try sharding: zero-1"
    assert remedy["more sharding"] == "try sharding: zero-2"


def test_without_a_remedy_more_accelerators_are_asked_for() -> None:
    study = ll.load(MOE).replace({"recipe.sequence": 2**23, "recipe.recompute": "full", "recipe.sharding": "zero-3"})
    assert "more accelerators" in only(ll.evaluate(study), "out-of-memory").remedy


@pytest.mark.parametrize(
    ("links", "where"),
    [
        ({"leaf": "400g-dac"}, "scale_out.leaf"),
        ({"host": "400g-dac"}, "scale_out.host"),
    ],
)
def test_link_too_long_for_copper_says_where_and_what_closes(links: Mapping[str, str], where: str) -> None:
    reason = only(ll.evaluate(ll.load(MOE).replace({"fabric.scale_out.links": links})), "link-does-not-close")
    assert (reason.stage, reason.unit) == (where, "dB")
    assert reason.by is not None
    assert reason.by > 0
    assert "400g-dac reaches" in reason.remedy
    assert "would close" in reason.remedy


@pytest.mark.parametrize("mode", ["spec_min", "distribution"])
def test_what_a_link_lacks_counts_the_margin_asked_for(mode: str) -> None:
    def lacking(margin: str) -> float:
        policy = {"allow": ["400g-dr4"], "mode": mode, "margin": margin}
        found = ll.evaluate(ll.load(MOE).replace({"fabric.scale_out.link_policy": policy}))
        reason = next(each for each in found.reasons if each.stage == "scale_out.host")
        assert reason.by is not None
        assert f"misses by {reason.by:.2f} dB" in reason.remedy
        return reason.by

    assert lacking("10 dB") == pytest.approx(lacking("9 dB") + 1)


def test_what_would_close_at_a_network_card_plugs_in() -> None:
    study = ll.load(MOE).replace({"fabric.scale_out.links": {"host": "400g-dac"}})
    remedy = only(ll.evaluate(study), "link-does-not-close").remedy
    better = next(word for word in remedy.split() if word.startswith("400g") and word != "400g-dac")
    assert "cpo" not in better
    assert ll.evaluate(study.replace({"fabric.scale_out.links": {"host": better}})).feasible


def test_remedied_link_closes() -> None:
    links = {"leaf": "400g-dac"}
    reason = only(ll.evaluate(ll.load(MOE).replace({"fabric.scale_out.links": links})), "link-does-not-close")
    better = next(word for word in reason.remedy.split() if word.startswith("400g") and word != "400g-dac")
    assert ll.evaluate(ll.load(MOE).replace({"fabric.scale_out.links": {"leaf": better}})).feasible


def test_every_obstacle_at_once() -> None:
    changes = {**FULL["micro-batch"][1], "fabric.scale_out.links": {"leaf": "400g-dac"}}
    found = ll.evaluate(ll.load(MOE).replace(changes))
    assert [reason.code for reason in found.reasons] == ["link-does-not-close", "out-of-memory"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"recipe.batch": "1920 sequences"}, "multiple of the pipeline degree.*; nearest batch: 2048$"),
        ({"recipe.schedule": {"kind": "1f1b", "chunks": 2}}, "1f1b holds one chunk a stage.*; write 'chunks: 1'"),
        ({"recipe.schedule": "1f1b"}, "8 chunks .*; write 'chunks: 1'"),  # the base study's chunks stay
        ({"recipe.batch": "2049 sequences"}, "nearest: 2048"),
        ({"recipe.schedule.chunks": 16}, "at most 128 in all"),
        ({"recipe.parallel": {"tensor": 3, "pipeline": 16, "data": 128}}, "not the job's 16384"),
    ],
)
def test_impossible_recipe_is_refused_when_the_study_is_read(changes: Mapping[str, object], word: str) -> None:
    with pytest.raises(StudyError, match=word):
        ll.load(DENSE).replace(changes)


def test_illegal_row_of_a_sweep_is_a_reason_with_the_nearest_batch() -> None:
    design = design_of(ll.load(DENSE))
    recipe = design.scenario.recipe.model_copy(update={"batch": 1920})
    odd = Design(
        scenario=replace(design.scenario, recipe=recipe),
        fabric=design.fabric,
        ground=design.ground,
        hardware=design.hardware,
        open_links=(),
    )
    rows = RecipeColumns.single(recipe)
    (reason,) = reasons(odd, outcome(odd, rows, run(odd, rows)))
    assert reason.code == "schedule-illegal"
    assert "nearest batch that works: 2048 sequences" in reason.remedy


def test_circuits_that_join_no_path_end_in_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(design: Design, groups: object, sent: object, world: int) -> list[Setting]:
        del groups, sent, world
        blocks = design.fabric.circuit_space.blocks if design.fabric.circuit_space else 0
        return [Setting(np.arange(1), Circuits(np.zeros((blocks, blocks), np.int64)))]

    monkeypatch.setattr(timing, "settings_of", none)
    found = ll.evaluate(ll.load(CIRCUITS))
    reason = only(found, "circuits-unreachable")
    assert "no path" in reason.remedy
    answer = found.to_dict()
    assert answer["step"] is answer["cost"] is answer["power"] is None
    assert answer["memory"]["fits"] is True
    assert found.to_json()
    assert found.headline()["feasible"].startswith("no")
    compared = ll.compare([ll.load(DENSE), ll.load(CIRCUITS)])
    assert any("circuits unreachable" in sentence for sentence in compared.verdict)
    assert "no path" in ll.render([answer], [], title="unreachable", command="lightloom run")


@pytest.mark.slow
def test_replanned_recipe_is_feasible_and_no_slower() -> None:
    study = ll.load(MOE)
    planned = replanned(study)
    before, after = ll.evaluate(study), ll.evaluate(planned)
    assert after.feasible
    assert before.step is not None
    assert after.step is not None
    assert after.step["time_s"] <= before.step["time_s"]
    assert planned.recipe.batch == study.recipe.batch
    assert planned.recipe.parallel.accelerators == study.job.accelerators


@pytest.mark.slow
def test_replanning_finds_a_way_where_the_written_recipe_has_none() -> None:
    name, changes = FULL["stages"]
    assert not ll.evaluate(ll.load(name).replace(changes)).feasible
    assert ll.evaluate(replanned(ll.load(name).replace(changes))).feasible


ENDLESS: tuple[tuple[str, dict[str, Any]], ...] = (
    (DENSE, {"storage": {"read": "1 MB/s", "write": "1 GB/s", "capacity": "1 PB"}}),
    (MOE, {"operation.checkpoint": {"mode": "async", "interval": "1 year"}}),
)


@pytest.mark.parametrize(("study", "change"), ENDLESS)
def test_job_that_never_gets_past_a_checkpoint_is_infeasible(study: str, change: dict[str, Any]) -> None:
    answer = ll.evaluate(ll.load(study).replace(change))
    only(answer, "no-progress")
    assert answer.cost is None
    assert json.loads(answer.to_json())["feasible"] is False


def test_links_warmer_than_their_products_are_specified_for_do_not_close() -> None:
    def at(celsius: str, mode: str = "spec_min") -> Evaluation:
        policy = {"temperature": celsius, "mode": mode}
        return ll.evaluate(ll.load(DENSE).replace({"fabric.scale_out.link_policy": policy}))

    usual, warm, hot = ll.evaluate(ll.load(DENSE)), at("60 °C"), at("75 C")
    assert warm.feasible
    assert warm.step == usual.step
    assert not hot.feasible
    assert any("is specified from 0 to 70 °C and this link is at 75 °C" in each.remedy for each in hot.reasons)
    with pytest.raises(StudyError, match="outside the range of a temperature here"):
        at("-280 °C")
