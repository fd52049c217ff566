"""What a step sends: every collective an average rank takes part in, how often, and the bytes it puts on each level."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.exchange import exchanges, held_parameters
from lightloom.engine.network import Network
from lightloom.workload.layout import Block
from lightloom.workload.model import Model
from lightloom.workload.program import Collective, Group, Kind, Program, Routing
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.stack import StackProfile


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One collective of a step.

    Args:
        group: Who.
        what: What they do.
        payload: Bytes as the collective counts them, shape (rows,).
        routing: Of expert dispatch and combination.
        times: How often a rank takes part in a step, the mean over stages, shape (rows,).
    """

    group: Group
    what: Collective
    payload: Floats
    routing: Routing | None
    times: Floats


def uses(model: Model, recipes: RecipeColumns, stack: StackProfile, program: Program) -> tuple[Use, ...]:
    """Return every collective of a step: in layers and at the ends, between stages, between data ranks."""
    return (
        *_inside(model, recipes, program),
        *_sends(recipes, program),
        *_exchange(model, recipes, stack, program),
    )


def _inside(model: Model, recipes: RecipeColumns, program: Program) -> Iterator[Use]:
    many = recipes.micro_batches / recipes.pipeline
    for item in program.operations:
        if item.kind is Kind.COLLECTIVE and item.group and item.collective:
            blocks = model.layers if item.block is Block.LAYER else 1
            yield Use(item.group, item.collective, item.payload, item.routing, many * blocks)


def _sends(recipes: RecipeColumns, program: Program) -> Iterator[Use]:
    """Forward and backward over every border between chunks."""
    places = recipes.pipeline * recipes.chunks
    times = np.where(recipes.pipeline > 1, 2.0 * recipes.micro_batches * (places - 1) / recipes.pipeline, 0.0)
    yield Use(Group.PIPELINE, Collective.SEND, program.boundary, None, times)
    gathers = np.where(program.boundary_gather > 0, times, 0.0)
    yield Use(Group.TENSOR, Collective.ALL_GATHER, program.boundary_gather, None, gathers)


def _exchange(model: Model, recipes: RecipeColumns, stack: StackProfile, program: Program) -> Iterator[Use]:
    """Gradients reduced and weights gathered, of a stage that holds the mean of all."""
    counts = np.array([model.layers, 1, 1])[None, :] / recipes.pipeline[:, None]
    for item in exchanges(recipes, stack, held_parameters(program, counts)):
        calls = item.calls(stack)
        yield Use(
            item.group, item.what, item.payload / calls, None, np.where(item.payload > 0, item.times * calls, 0.0)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """What collectives of each kind of group ask of the network in a step.

    Args:
        crossing: Bytes an average rank sends upwards across each level, shape (rows, levels).
        seconds: Time of its collectives on the level that binds each, were none hidden, by group, (rows, levels).
    """

    crossing: Floats
    seconds: dict[Group, Floats]


def load(listed: tuple[Use, ...], network: Network, rows: int) -> Load:
    """Return what a step's collectives ask of each level."""
    levels = len(network.reach.levels)
    crossing = np.zeros((rows, levels))
    seconds = {group: np.zeros((rows, levels)) for group in Group}
    for use in listed:
        if not np.any(use.times):
            continue
        transfer = network.transfer(use.group, use.what, use.payload, use.routing)
        crossing += use.times[:, None] * transfer.crossing
        seconds[use.group] += use.times[:, None] * transfer.by_level
    return Load(crossing, seconds)


def floor(listed: tuple[Use, ...], network: Network, rows: int) -> Floats:
    """Return the least a step can take, shape (rows,): all a rank's traffic one after the other, hidden or not.

    What leaves the scale-up domain shares the network cards of one fabric; what stays inside shares the scale-up ports.
    Overlap may hide traffic behind computation, never behind other traffic on the same wires.
    """
    inside = np.zeros(rows)
    outside: dict[int, Floats] = {0: np.zeros(rows)}
    for use in listed:
        if np.any(use.times):
            seconds = use.times * network.duration(use.group, use.what, use.payload, use.routing)
            away = network.leaves(use.group)
            fabric = network.reach.begins.get(use.group, 0)
            outside[fabric] = outside.get(fabric, 0.0) + np.where(away, seconds, 0.0)
            inside += np.where(away, 0.0, seconds)
    return np.maximum.reduce([inside, *outside.values()])
