"""Recipes on a design: steps, memory and traffic as columns, with circuits set from the demand where there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from lightloom.accounts.storage import exposed_input
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.engine.circuits import Circuits, Moving
from lightloom.engine.hardware import Hardware
from lightloom.engine.network import Groups, Network
from lightloom.engine.reach import Reach, measure
from lightloom.engine.step import Totals, bounded, totals
from lightloom.engine.traffic import Use, floor, uses
from lightloom.study.circuits import settings_of
from lightloom.study.design import Design
from lightloom.workload.compile import compile_program
from lightloom.workload.layout import divides
from lightloom.workload.memory import Memory, memory
from lightloom.workload.model import Model
from lightloom.workload.program import Program
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedules import SCHEDULES

NOTHING: Mapping[int, Reach] = MappingProxyType({})

CHUNK = 8192
"""Rows worked at once: temporaries stay in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Recipes that share a count of accelerators and a setting of circuits, as the engine sees them.

    Args:
        recipes: Rows.
        program: Operations.
        reach: What their groups get of the fabric.
        groups: Which row has which.
        circuits: Joined, or who changes them; None without circuit switches.
        totals: The step.
        uses: What it sends.
    """

    recipes: RecipeColumns
    program: Program
    reach: Reach
    groups: Groups
    circuits: Circuits | Moving | None
    totals: Totals
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Many recipes on one design; every array has shape (rows,).

    Args:
        recipes: Rows.
        time: The step with what it waits for its input, s; infinite where some message has no way.
        input_wait: What it waits for its input, s.
        tokens_per_s: Of the whole job.
        activity: Share of the step in which accelerators compute.
        memory: Of the fullest stage.
        legal: Whether the schedule can run the row.
        fits: Whether memory suffices.
    """

    recipes: RecipeColumns
    time: Floats
    input_wait: Floats
    tokens_per_s: Floats
    activity: Floats
    memory: Memory
    legal: Booleans
    fits: Booleans

    @property
    def feasible(self) -> Booleans:
        """Whether the row can be run."""
        return self.legal & self.fits & np.isfinite(self.time)


def reaches(design: Design, recipes: RecipeColumns) -> dict[int, Reach]:
    """Return what all groups of a batch get of the fabric, by count of accelerators; empty where circuits decide."""
    if design.fabric.circuit_space is not None:
        return {}
    found: dict[int, Reach] = {}
    for world in map(int, np.unique(recipes.accelerators)):
        keys = Groups.of(recipes.take(np.flatnonzero(recipes.accelerators == world))).keys
        found[world] = measure(design.ground, world, keys)
    return found


def run(design: Design, recipes: RecipeColumns, known: Mapping[int, Reach] = NOTHING) -> list[tuple[Integers, Run]]:
    """Return the rows' steps, in parts that share accelerators and circuits, with the indices of their rows.

    Args:
        design: Where.
        recipes: Rows.
        known: Reach measured before, of more kinds of group perhaps than these rows have.
    """
    parts: list[tuple[Integers, Run]] = []
    for world in map(int, np.unique(recipes.accelerators)):
        chosen = np.flatnonzero(recipes.accelerators == world)
        mine = _run_world(design, recipes.take(chosen), world, known.get(world))
        parts += [(chosen[rows], part) for rows, part in mine]
    return parts


def _run_world(design: Design, recipes: RecipeColumns, world: int, known: Reach | None) -> list[tuple[Integers, Run]]:
    model, stack = design.scenario.model, design.scenario.stack
    program = compile_program(model, recipes, stack)
    groups = Groups.of(recipes)
    sent = uses(model, recipes, stack, program)
    everyone = np.arange(len(recipes))
    if design.fabric.circuit_space is None:
        reach = known or measure(design.ground, world, groups.keys)
        return [(everyone, _timed(design, recipes, program, reach, groups, None, sent))]
    parts: list[tuple[Integers, Run]] = []
    for setting in settings_of(design, groups, sent, world):
        few = recipes.take(setting.rows)
        part, few_groups = compile_program(model, few, stack), groups.take(setting.rows)
        reach = setting.reach or measure(design.ground, world, few_groups.keys, setting.circuits)
        few_sent = uses(model, few, stack, part)
        parts.append((setting.rows, _timed(design, few, part, reach, few_groups, setting.circuits, few_sent)))
    return parts


def _timed(
    design: Design,
    recipes: RecipeColumns,
    program: Program,
    reach: Reach,
    groups: Groups,
    circuits: Circuits | Moving | None,
    sent: tuple[Use, ...],
) -> Run:
    scenario = design.scenario
    network = Network.on(reach, groups, scenario.stack)
    with np.errstate(invalid="ignore"):  # an endless wait less another is no number, and told as endless
        step = totals(scenario.model, recipes, scenario.stack, program, design.hardware, network)
        step = bounded(step, floor(sent, network, len(recipes)))
    return Run(recipes, program, reach, groups, circuits, step, sent)


def again(design: Design, part: Run, network: Network, hardware: Hardware | None = None, rows: int = 0) -> Totals:
    """Return the step of a run under another network or faster hardware, everything else as it was.

    Args:
        design: Where.
        part: The run.
        network: Of its rows; or of one row under many conditions (:meth:`Network.under`).
        hardware: Its rates, or a column of them in step with the conditions.
        rows: How many conditions, for a run of one row; 0: the run's own rows.
    """
    scenario = design.scenario
    recipes = part.recipes.take(np.zeros(rows, np.int64)) if rows else part.recipes
    step = totals(scenario.model, recipes, scenario.stack, part.program, hardware or design.hardware, network)
    return bounded(step, floor(part.uses, network, len(recipes)))


def sweep(design: Design, recipes: RecipeColumns) -> Outcome:
    """Return many recipes on one design, chunk by chunk, through the code of a single run."""
    known = reaches(design, recipes) if len(recipes) > CHUNK else NOTHING
    starts = range(0, len(recipes), CHUNK)
    chunks = [recipes.take(np.arange(at, min(at + CHUNK, len(recipes)))) for at in starts]
    parts = [outcome(design, chunk, run(design, chunk, known)) for chunk in chunks]
    return parts[0] if len(parts) == 1 else _joined(parts, recipes)


def outcome(design: Design, recipes: RecipeColumns, parts: Sequence[tuple[Integers, Run]]) -> Outcome:
    """Return steps, memory and legality of every row from the parts they were run in."""
    scenario = design.scenario
    rows = len(recipes)
    time, compute, need, stage = np.zeros(rows), np.zeros(rows), np.zeros(rows), np.zeros(rows, np.int64)
    for chosen, part in parts:
        endless = np.isnan(part.totals.time)
        time[chosen], compute[chosen] = np.where(endless, np.inf, part.totals.time), part.totals.compute
        used = memory(scenario.model, part.recipes, scenario.stack, part.program)
        need[chosen], stage[chosen] = used.bytes, used.worst_stage
    tokens = recipes.batch * recipes.sequence.astype(np.float64)
    stored = scenario.operation.assumed.input_bytes_per_token.value
    wait = np.asarray(exposed_input(tokens, time, bytes_per_token=stored, read=scenario.storage.read.value))
    time = time + wait
    return Outcome(
        recipes=recipes,
        time=time,
        input_wait=wait,
        tokens_per_s=tokens / time,
        activity=np.divide(compute, time, out=np.zeros(rows), where=np.isfinite(time)),
        memory=Memory(stage, need),
        legal=legal(scenario.model, recipes),
        fits=need <= scenario.accelerator.memory_usable.value,
    )


def legal(model: Model, recipes: RecipeColumns) -> Booleans:
    """Return which rows can run: whole micro-batches, a layer for every place, the rules of schedule and layout."""
    allowed, _ = SCHEDULES[recipes.kind.schedule.kind].legal(recipes)
    whole = recipes.batch % (recipes.data * recipes.micro_batch) == 0
    filled = model.layers + 2 >= recipes.pipeline * recipes.chunks
    return allowed & whole & filled & divides(model.layers, recipes.pipeline, recipes.chunks, recipes.kind.layout)


def _joined(parts: Sequence[Outcome], recipes: RecipeColumns) -> Outcome:
    return Outcome(
        recipes=recipes,
        time=np.concatenate([part.time for part in parts]),
        input_wait=np.concatenate([part.input_wait for part in parts]),
        tokens_per_s=np.concatenate([part.tokens_per_s for part in parts]),
        activity=np.concatenate([part.activity for part in parts]),
        memory=Memory(
            np.concatenate([part.memory.worst_stage for part in parts]),
            np.concatenate([part.memory.bytes for part in parts]),
        ),
        legal=np.concatenate([part.legal for part in parts]),
        fits=np.concatenate([part.fits for part in parts]),
    )
