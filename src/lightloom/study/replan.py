"""The best recipe of a design: every division of the job's accelerators, tried as columns."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.study.design import Design, design_of
from lightloom.study.scenario import Scenario
from lightloom.study.timing import sweep
from lightloom.workload.recipe import Recipe, RecipeColumns, Recompute

_MICRO_BATCHES = (1, 2, 4)
_CHUNKS = (1, 2, 3, 4, 6, 8, 12)
_TENSOR_LIMIT, _PIPELINE_LIMIT = 64, 64


def replanned(scenario: Scenario) -> Scenario:
    """Return the scenario with the recipe of most tokens per second that fits; itself if none does.

    Tried: every tensor, pipeline and data degree that divides the job, micro-batches of 1, 2 and 4, chunks, expert
    degrees, recomputation none, selective and full. Batch, sequence, context, order, precision, sharding, stack stay.

    Raises:
        StudyError: The design cannot be built.
    """
    design = design_of(scenario)
    best = _best(design)
    return scenario if best is None else scenario.replace(_changes(best, scenario.recipe))


def _best(design: Design) -> Recipe | None:
    found: tuple[float, Recipe] | None = None
    for columns in _batches(design):
        outcome = sweep(design, columns)
        speed = np.where(outcome.feasible, outcome.tokens_per_s, 0.0)
        index = int(np.argmax(speed))
        if speed[index] > (found[0] if found else 0.0):
            found = (float(speed[index]), columns.row(index))
    return found[1] if found else None


def _batches(design: Design) -> Iterator[RecipeColumns]:
    """Return a batch of columns for every kind of recipe."""
    recipe = design.scenario.recipe
    options = [Recompute(kind="none"), Recompute(kind="full")]
    modules = recipe.recompute.modules if recipe.recompute.kind == "selective" else ("attention", "layernorm")
    options.append(Recompute(kind="selective", modules=modules))
    for recompute, interleaved in product(options, (False, True)):
        schedule = recipe.schedule.model_copy(
            update={"kind": "interleaved-1f1b" if interleaved else "1f1b", "chunks": 1}
        )
        kind = recipe.model_copy(update={"recompute": recompute, "schedule": schedule})
        columns = _columns(design, kind, _CHUNKS[1:] if interleaved else (1,))
        if columns:
            yield columns


def _columns(design: Design, kind: Recipe, chunks: tuple[int, ...]) -> RecipeColumns | None:
    """Return every legal division of the job as columns; None if there is none."""
    model, world = design.scenario.model, design.scenario.job.accelerators
    context = kind.parallel.context
    tensors = [each for each in _divisors(world // context) if each <= _TENSOR_LIMIT and model.heads % each == 0]
    rows: list[tuple[int, ...]] = []
    for tensor, chunk, micro in product(tensors, chunks, _MICRO_BATCHES):
        for pipeline in _divisors(world // context // tensor):
            data = world // context // tensor // pipeline
            places = pipeline * chunk
            if pipeline > _PIPELINE_LIMIT or places > model.layers + 2 or kind.batch % (data * micro):
                continue
            rows += [
                (tensor, pipeline, data, expert, micro, chunk) for expert in _experts(design, tensor * context * data)
            ]
    if not rows:
        return None
    table: Integers = np.array(rows, np.int64)
    names = ("tensor", "pipeline", "data", "expert", "micro_batch", "chunks")
    return RecipeColumns.sweep(kind, **{name: table[:, index] for index, name in enumerate(names)})


def _experts(design: Design, ranks: int) -> list[int]:
    experts = design.scenario.model.experts
    if experts is None:
        return [1]
    return [each for each in _divisors(experts.count) if ranks % each == 0]


def _divisors(number: int) -> list[int]:
    return [each for each in range(1, number + 1) if number % each == 0]


def _changes(recipe: Recipe, written: Recipe) -> dict[str, object]:
    """Return the recipe as edits of a study that holds another."""
    parallel = recipe.parallel
    degrees = {name: getattr(parallel, name) for name in ("tensor", "pipeline", "data")}
    expert = parallel.expert.degree
    recompute: object = recipe.recompute.kind
    if recipe.recompute.kind == "selective":
        recompute = {"kind": "selective", "modules": list(recipe.recompute.modules)}
    return {
        **{f"recipe.parallel.{name}": degree for name, degree in degrees.items()},
        **({"recipe.parallel.expert.degree": expert} if expert != written.parallel.expert.degree else {}),
        "recipe.micro_batch": recipe.micro_batch,
        "recipe.recompute": recompute,
        "recipe.schedule": {"kind": recipe.schedule.kind, "chunks": recipe.schedule.chunks},
    }
