"""The two views of a step agree: the closed form over the critical stage, and the simulation turn by turn.

Facts protected: fill, drain, bubble and exposed sends of both schedules, with sends that hide and sends that do not,
are what an event simulation finds, to 0.5 %; idle time is the critical stage's. Source: the simulation of
:mod:`lightloom.engine.timeline`; Narayanan et al. 2021, section 2.2.
"""

import numpy as np
import pytest

from lightloom.catalog.loading import read
from lightloom.engine.hardware import Hardware
from lightloom.engine.roofline import block_times
from lightloom.engine.step import hop_time, stages_of, totals
from lightloom.engine.timeline import simulate
from lightloom.workload.compile import compile_program
from lightloom.workload.models import model_named
from lightloom.workload.program import Group
from lightloom.workload.recipe import Recipe, RecipeColumns
from lightloom.workload.schedules import SCHEDULES
from lightloom.workload.stack import StackProfile

MODEL = model_named("megatron-175b")
HARDWARE = Hardware(2.7e14, 2.7e14, 275.0, 1e14, 1.5e12, 0.0)
SHAPES = [(4, 1, 4), (4, 1, 16), (8, 1, 32), (12, 2, 24), (8, 3, 8), (8, 3, 64), (16, 6, 16), (11, 1, 22), (24, 1, 48)]
"""Stages, chunks, micro-batches; 96 layers do not divide over 11 stages."""


class Wires:
    """Every send takes the same time, everything else none."""

    def __init__(self, send):
        self.send = send

    def duration(self, group, _what, payload, _copies=0):
        """Return seconds, shape (rows,)."""
        return np.full(np.shape(payload), self.send if group is Group.PIPELINE else 0.0)


def both_views(pipeline, chunks, micro_batches, *, overlap, share):
    """Return the step by closed form and by simulation; ``share``: of a send, in a stage's forward pass."""
    stack = read("stacks", "megatron-2022", StackProfile).model_copy(update={"send_overlap": overlap})
    schedule = {"kind": "interleaved-1f1b" if chunks > 1 else "1f1b", "chunks": chunks}
    parallel = {"tensor": 8, "pipeline": pipeline}
    recipe = Recipe(sequence=2048, batch=micro_batches, parallel=parallel, schedule=schedule, sharding="none")
    recipes = RecipeColumns.single(recipe)
    program = compile_program(MODEL, recipes, stack)
    alone = totals(MODEL, recipes, stack, program, HARDWARE, Wires(0.0))
    wires = Wires(share * float(alone.pace.forward[0]))
    found = totals(MODEL, recipes, stack, program, HARDWARE, wires)
    blocks, hop = block_times(program, HARDWARE, wires, 1), hop_time(recipes, program, wires)
    stages = stages_of(pipeline, recipes.chunks, MODEL.layers, recipes, blocks)
    forward, backward = (np.repeat(one[0][:, None] / chunks, chunks, 1) for one in (stages.forward, stages.backward))
    line = simulate(
        SCHEDULES[schedule["kind"]],
        forward,
        backward,
        micro_batches,
        hop=float(hop[0]),
        blocking=not overlap or chunks == 1,
    )
    return found, line


@pytest.mark.parametrize("overlap", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.1])
@pytest.mark.parametrize(("pipeline", "chunks", "micro_batches"), SHAPES)
def test_closed_form_agrees_with_the_simulation(pipeline, chunks, micro_batches, share, overlap):
    found, line = both_views(pipeline, chunks, micro_batches, overlap=overlap, share=share)
    pipeline_only = float(found.time[0] - found.data[0] - found.optimizer[0])
    assert pipeline_only == pytest.approx(line.time, rel=0.005)


@pytest.mark.parametrize(("pipeline", "chunks", "micro_batches"), SHAPES)
def test_bubble_is_the_idle_time_of_the_critical_stage(pipeline, chunks, micro_batches):
    found, line = both_views(pipeline, chunks, micro_batches, overlap=True, share=0.0)
    stage = int(found.pace.stage[0])
    assert float(found.bubble[0]) == pytest.approx(float(line.idle[stage]), rel=0.05, abs=0.01 * line.time)
