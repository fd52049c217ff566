"""The pipeline of a scenario's step, turn by turn: what a person looks at, and what checks the totals."""

import numpy as np

from lightloom.core.errors import StudyError
from lightloom.engine.network import Network
from lightloom.engine.roofline import block_times
from lightloom.engine.step import hop_time, stages_of
from lightloom.engine.timeline import Timeline, simulate
from lightloom.study.design import design_of
from lightloom.study.scenario import Scenario
from lightloom.study.timing import legal, run
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedules import SCHEDULES

MOST_TURNS = 1_000_000
"""Passes a timeline may have, over all stages."""


def timeline_of(scenario: Scenario) -> Timeline:
    """Return the timeline of one step's pipeline, in seconds from its first forward pass.

    The chunks of a stage share its time equally.

    Raises:
        StudyError: The fabric cannot be built, the schedule cannot run the recipe, circuits join no path, or there are
            more than :data:`MOST_TURNS` passes; at the study's lines.

    Leaves out: what follows the pipeline, the exchange of data ranks and the optimizer.
    """
    design = design_of(scenario)
    recipes = RecipeColumns.single(scenario.recipe)
    degree, chunks, many = (int(each[0]) for each in (recipes.pipeline, recipes.chunks, recipes.micro_batches))
    _check(scenario, recipes, 2 * degree * chunks * many)
    part = run(design, recipes)[0][1]
    if not np.isfinite(part.totals.time[0]):
        message = "no timeline: the circuits join no path between ranks that must talk"
        raise StudyError(scenario.fault("fabric", message, "give blocks more ports"))
    network = Network.on(part.reach, part.groups, scenario.stack)
    blocks = block_times(part.program, design.hardware, network, 1)
    stages = stages_of(degree, recipes.chunks, scenario.model.layers, recipes, blocks)
    forward, backward = (
        np.repeat(each[0][:, None] / chunks, chunks, axis=1) for each in (stages.forward, stages.backward)
    )
    hop = float(hop_time(recipes, part.program, network)[0])
    schedule = SCHEDULES[scenario.recipe.schedule.kind]
    hidden = scenario.stack.send_overlap and chunks > 1
    return simulate(schedule, forward, backward, many, hop=hop, blocking=not hidden)


def _check(scenario: Scenario, recipes: RecipeColumns, turns: int) -> None:
    """Refuse what cannot be laid out turn by turn."""
    if not legal(scenario.model, recipes)[0]:
        message = f"no timeline: {scenario.recipe.schedule.kind} cannot run this recipe"
        raise StudyError(scenario.fault("recipe", message, "lightloom run says why"))
    if turns > MOST_TURNS:
        message = f"no timeline: {turns} passes, more than {MOST_TURNS}"
        raise StudyError(scenario.fault("recipe.batch", message, "take a smaller batch; its rounds repeat"))
