"""The two views of a step agree: totals from a few longest paths, the timeline turn by turn.

Fact protected: ``PipelineSchedule.span`` is the makespan of the schedule's own order of turns. Its accuracy: 1F1B
without sends is exact; sends that hide (up to 3 % of a stage's forward) and interleaved chunks leave 4 % at most, never
too much by more than the last send's 1 %. Stages are laid as :mod:`lightloom.workload.layout` lays them, with a heavier
last one. On the built-in studies the two agree within 2 %, and the bubble is the critical stage's idle time.
Source: the timeline, which follows Narayanan et al. 2021, sections 2.2.1 and 2.2.2, turn by turn.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import lightloom as ll
from lightloom.core.arrays import Floats
from lightloom.engine.timeline import Timeline, simulate
from lightloom.study.design import design_of
from lightloom.study.timeline import timeline_of
from lightloom.study.timing import run
from lightloom.workload.layout import layers_of_stages
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedules import SCHEDULES

STUDIES = ("llama3-405b-16k", "llama3-405b-16k-cpo", "llama3-405b-16k-ocs", "qwen3-235b-256", "qwen3-235b-256-scaleup")


@dataclass(frozen=True)
class Pipeline:
    """One pipeline: schedule, stages, chunks, micro-batches, time of every stage, one send."""

    kind: str
    chunks: int
    micro_batches: int
    forward: Floats
    backward: Floats
    hop: float = 0.0
    blocking: bool = False

    def timeline(self) -> Timeline:
        """Return the slow way."""
        split = [np.repeat(each[:, None] / self.chunks, self.chunks, axis=1) for each in (self.forward, self.backward)]
        return simulate(SCHEDULES[self.kind], *split, self.micro_batches, hop=self.hop, blocking=self.blocking)

    def span(self) -> float:
        """Return the fast way, as the step uses it."""
        hop = self.hop if len(self.forward) > 1 else 0.0
        held_up = hop * self.chunks if self.blocking else 0.0
        span = SCHEDULES[self.kind].span(
            self.forward[None] + held_up,
            self.backward[None] + held_up,
            np.array([self.micro_batches]),
            np.array([self.chunks]),
            np.array([0.0 if self.blocking else hop]),
        )
        return float(span[0])


@st.composite
def pipelines(draw: st.DrawFn, *, interleaved: bool, sends: bool) -> Pipeline:
    stages = draw(st.integers(1, 16))
    chunks = draw(st.integers(2, 8)) if interleaved else 1
    rounds = draw(st.integers(1, 6))
    micro_batches = stages * rounds if interleaved else draw(st.integers(1, 64))
    layers = draw(st.integers(stages * chunks, 6 * stages * chunks))
    forward = layers_of_stages(layers, stages, np.array([chunks]), "auto")[0].astype(np.float64)
    forward[0] += 0.05
    forward[-1] += draw(st.sampled_from([0.0, 0.5, 2.0]))
    backward = draw(st.sampled_from([1.5, 2.0, 3.0])) * forward
    hop = draw(st.sampled_from([0.0, 0.01, 0.03])) * float(forward.mean()) / chunks if sends else 0.0
    kind = "interleaved-1f1b" if interleaved else draw(st.sampled_from(["1f1b", "interleaved-1f1b"]))
    return Pipeline(kind, chunks, micro_batches, forward, backward, hop, draw(st.booleans()))


@given(pipelines(interleaved=False, sends=False))
def test_1f1b_without_sends_is_exact(one: Pipeline) -> None:
    assert one.span() == pytest.approx(one.timeline().time, rel=1e-9)


@given(pipelines(interleaved=False, sends=True) | pipelines(interleaved=True, sends=True))
@example(Pipeline("1f1b", 1, 50, np.ones(11), np.full(11, 1.5), 0.03))
@example(Pipeline("interleaved-1f1b", 7, 8, np.ones(8), np.full(8, 1.5), 0.01, blocking=True))
def test_totals_and_timeline_agree(one: Pipeline) -> None:
    assert -0.04 <= one.span() / one.timeline().time - 1 <= 0.01


def test_totals_and_timeline_agree_within_two_per_cent_nearly_always() -> None:
    random = np.random.default_rng(7)
    misses: list[float] = []
    for _ in range(80):
        stages, chunks = int(random.integers(2, 17)), int(random.integers(1, 9))
        layers = int(random.integers(stages * chunks, 6 * stages * chunks))
        forward = layers_of_stages(layers, stages, np.array([chunks]), "auto")[0].astype(np.float64)
        forward[-1] += random.choice([0.0, 0.5, 2.0])
        many, hop = stages * int(random.integers(1, 5)), 0.03 * float(forward.mean()) / chunks
        one = Pipeline("interleaved-1f1b", chunks, many, forward, 2 * forward, hop, bool(random.integers(2)))
        misses.append(abs(one.span() / one.timeline().time - 1))
    assert np.quantile(misses, 0.95) <= 0.02
    assert np.mean(misses) <= 0.005


@pytest.mark.parametrize(("kind", "chunks"), [("1f1b", 1), ("interleaved-1f1b", 1), ("interleaved-1f1b", 4)])
@pytest.mark.parametrize("stages", [1, 2, 8])
def test_equal_stages_leave_the_textbook_bubble(kind: str, chunks: int, stages: int) -> None:
    one = Pipeline(kind, chunks, 3 * stages, np.ones(stages), np.full(stages, 2.0))
    bubble = (stages - 1) * 3.0 / chunks
    assert one.span() == pytest.approx(3 * stages * 3.0 + bubble)
    assert one.timeline().time == pytest.approx(3 * stages * 3.0 + bubble)


@pytest.mark.parametrize("study", STUDIES)
def test_built_in_studies_within_two_per_cent(study: str) -> None:
    scenario = ll.load(study)
    design = design_of(scenario)
    recipes = RecipeColumns.single(scenario.recipe)
    part = run(design, recipes)[0][1]
    timeline, totals = timeline_of(scenario), part.totals
    pipeline = float((totals.time - totals.data - totals.optimizer)[0])
    assert pipeline == pytest.approx(timeline.time, rel=0.02)
    idle = float((totals.bubble + totals.pipeline)[0])
    assert idle == pytest.approx(timeline.idle[int(totals.pace.stage[0])], rel=0.1)
