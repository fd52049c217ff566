"""The demand matrices of a job are the traffic the engine times.

Facts protected: over all collectives, what leaves the blocks of a level is what an average accelerator sends across it;
rings of data ranks name their neighbours; a job inside one block demands nothing. Source: the evaluation itself, and
rings by hand.
"""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import lightloom
from lightloom.cli.main import lightloom as verbs
from lightloom.study.demand_matrix import demand_matrices


@pytest.mark.parametrize("study", ["qwen3-235b-256", "llama3-405b-16k", "llama3-405b-16k-ocs"])
def test_what_leaves_blocks_is_what_crosses_the_level(study: str) -> None:
    scenario = lightloom.load(study)
    found = demand_matrices(scenario)
    domain, _, name = found.level.partition(".")
    (crossing,) = (
        level.bytes_per_step_per_accelerator
        for level in lightloom.evaluate(scenario).network
        if (level.domain, level.level) == (domain, name)
    )
    sent = sum(float(each.sent.sum()) for each in found.matrices)
    assert sent / scenario.job.accelerators == pytest.approx(crossing, rel=1e-9)
    assert all(not np.diag(each.sent).any() for each in found.matrices)
    assert {each.phase for each in found.matrices} <= {"layers", "between stages", "end of step"}


def test_rings_of_data_ranks_pass_from_pod_to_pod() -> None:
    found = demand_matrices(lightloom.load("llama3-405b-16k-ocs"))
    ring = next(each for each in found.matrices if each.group == "data")
    sender, receiver = np.nonzero(ring.sent)
    assert receiver.tolist() == [(pod + 1) % len(sender) for pod in sender.tolist()]


def test_a_job_of_one_block_demands_nothing_between_blocks() -> None:
    small = lightloom.load("llama3-405b-16k").replace(
        {"job.accelerators": 2048, "recipe.parallel.data": 16, "recipe.batch": 2048}
    )
    assert demand_matrices(small).matrices == ()


def test_the_exporter_writes_a_row_a_pair() -> None:
    result = CliRunner().invoke(verbs, ["export", "llama3-405b-16k-ocs", "demand-matrix"])
    assert result.exit_code == 0
    header, *rows = result.stdout.splitlines()
    assert header.endswith("sender,receiver,bytes_per_step")
    found = demand_matrices(lightloom.load("llama3-405b-16k-ocs"))
    assert len(rows) == sum(np.count_nonzero(each.sent) for each in found.matrices)
    assert float(json.loads(rows[0].rpartition(",")[2])) == found.matrices[0].sent[found.matrices[0].sent > 0][0]
