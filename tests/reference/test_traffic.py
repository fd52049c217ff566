"""Bytes of a step by hand: Llama 3.1 8B over tensor 8, pipeline 2 of 2 chunks, data 16 on 256 accelerators.

Facts protected: tensor ranks with sequence parallelism gather or scatter b s h ten times a layer (Korthikanti et al.
2022, section 4.2.2: two of each a block forward, as many backward, and the input gathered again for its weight
gradient), each sending (t - 1)/t of it; a stage sends b s h / t to the next and back for each chunk border; data ranks
reduce-scatter gradients of four bytes and gather weights of two, each sending (d - 1)/d; and each on its own level.
"""

from dataclasses import dataclass

import numpy as np
import pytest

import lightloom as ll
from lightloom.core.arrays import Floats
from lightloom.engine.network import Network
from lightloom.engine.traffic import Use, load
from lightloom.study.design import design_of
from lightloom.study.timing import Run, run
from lightloom.workload.layout import Block
from lightloom.workload.program import Collective, Group, Kind
from lightloom.workload.recipe import RecipeColumns

TENSOR, PIPELINE, CHUNKS, DATA = 8, 2, 2, 16
SEQUENCE, HIDDEN, LAYERS, PARAMETERS = 4096, 4096, 32, 8_030_261_248
MANY = 8
HIDDEN_STATE = SEQUENCE * HIDDEN * 2.0


@dataclass(frozen=True)
class Case:
    """The run, and what it asks of each level."""

    part: Run
    network: Network

    def crossing(self, uses: tuple[Use, ...]) -> dict[str, float]:
        """Return the bytes an average rank sends up across each level."""
        found: Floats = load(uses, self.network, 1).crossing[0]
        return dict(zip(self.part.reach.levels, map(float, found), strict=True))

    def of(self, *groups: Group) -> tuple[Use, ...]:
        """Return the collectives of some groups."""
        return tuple(use for use in self.part.uses if use.group in groups)


@pytest.fixture(scope="module")
def case() -> Case:
    study = ll.load("qwen3-235b-256").replace(
        {
            "model": "llama-3.1-8b",
            "recipe.sequence": SEQUENCE,
            "recipe.batch": f"{DATA * MANY} sequences",
            "recipe.parallel": {"tensor": TENSOR, "pipeline": PIPELINE, "data": DATA, "expert": None},
            "recipe.schedule": {"kind": "interleaved-1f1b", "chunks": CHUNKS},
            "recipe.recompute": "none",
            "recipe.sharding": "zero-1",
        }
    )
    part = run(design_of(study), RecipeColumns.single(study.recipe))[0][1]
    return Case(part, Network.on(part.reach, part.groups, study.stack))


def test_a_layer_gathers_or_scatters_ten_hidden_states(case: Case) -> None:
    inside = [
        item for item in case.part.program.operations if item.kind is Kind.COLLECTIVE and item.block is Block.LAYER
    ]
    assert {item.group for item in inside} == {Group.TENSOR}
    assert {float(item.payload[0]) for item in inside} == {HIDDEN_STATE}
    assert [item.backward for item in inside].count(False) == 4
    assert [item.backward for item in inside].count(True) == 6


def test_tensor_bytes_stay_in_the_domain(case: Case) -> None:
    layer = tuple(use for use in case.of(Group.TENSOR) if use.times[0] == MANY * LAYERS / PIPELINE)
    assert len(layer) == 10
    crossing = case.crossing(layer)
    by_hand = 10 * (TENSOR - 1) / TENSOR * HIDDEN_STATE * MANY * LAYERS / PIPELINE
    assert crossing.pop("scale_up.host") == pytest.approx(by_hand, rel=1e-12)
    assert set(crossing.values()) == {0.0}


def test_pipeline_sends_a_part_of_the_hidden_state_over_every_border(case: Case) -> None:
    crossing = case.crossing(case.of(Group.PIPELINE))
    borders = PIPELINE * CHUNKS - 1
    by_hand = 2 * borders * MANY * HIDDEN_STATE / TENSOR / PIPELINE
    assert crossing["scale_out.host"] == pytest.approx(by_hand, rel=1e-12)
    assert crossing["scale_up.host"] == 0


def test_data_ranks_reduce_four_bytes_and_gather_two(case: Case) -> None:
    uses = case.of(Group.DATA)
    assert {use.what for use in uses} == {Collective.REDUCE_SCATTER, Collective.ALL_GATHER}
    held = PARAMETERS / TENSOR / PIPELINE
    by_hand = (4 + 2) * (DATA - 1) / DATA * held
    crossing = case.crossing(uses)
    assert crossing["scale_out.host"] == pytest.approx(by_hand, rel=1e-12)
    assert crossing["scale_up.host"] == 0


def test_sixteen_domains_on_rails_stay_below_the_leaves(case: Case) -> None:
    crossing = case.crossing(case.part.uses)
    assert crossing["scale_out.host"] > 0
    above = [sent for level, sent in crossing.items() if level not in {"scale_up.host", "scale_out.host"}]
    assert np.all(np.array(above) <= crossing["scale_out.host"])


def test_without_sharding_data_ranks_reduce_to_all() -> None:
    study = ll.load("qwen3-235b-256").replace({"recipe.sharding": "none"})
    part = run(design_of(study), RecipeColumns.single(study.recipe))[0][1]
    exchanged = {use.what for use in part.uses if use.group in {Group.DATA, Group.EXPERT_DATA}}
    assert exchanged == {Collective.ALL_REDUCE}


def test_experts_send_each_token_there_and_back_twice() -> None:
    study = ll.load("qwen3-235b-256")
    part = run(design_of(study), RecipeColumns.single(study.recipe))[0][1]
    uses = [use for use in part.uses if use.group is Group.EXPERT]
    assert len(uses) == 4  # dispatch and combine, forward and backward
    owned = 4096 / 2 * study.model.hidden * 2.0
    assert [float(use.payload[0]) for use in uses] == [owned] * 4
    assert [float(use.times[0]) for use in uses] == [128 * 94 / 8] * 4
