"""The step of every row: stages from blocks, the pipeline around the critical stage, what data ranks add."""

from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.engine.exchange import data_exchange, optimizer_time
from lightloom.engine.hardware import Hardware
from lightloom.engine.roofline import COMPUTE, Cost, Wires, block_times
from lightloom.workload.layout import Block, composition
from lightloom.workload.model import Model
from lightloom.workload.program import Collective, Group, Program
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.schedules import SCHEDULES
from lightloom.workload.stack import StackProfile


@dataclass(frozen=True, slots=True, eq=False)
class Pace:
    """The critical stage of every row.

    Args:
        stage: Which stage sets the pace, shape (rows,).
        costs: One micro-batch on it by pass and :class:`Cost`, shape (rows, 2, costs).
        held: Blocks it holds, shape (rows, blocks).
        bubble: Idle while it waits for the work of other stages, shape (rows,).
        sends: Waiting for sends, its own and those of others, shape (rows,).
    """

    stage: Integers
    costs: Floats
    held: Floats
    bubble: Floats
    sends: Floats

    @property
    def forward(self) -> Floats:
        """One micro-batch forward, shape (rows,)."""
        return self.costs[:, 0].sum(axis=-1)

    @property
    def backward(self) -> Floats:
        """One micro-batch backward, shape (rows,)."""
        return self.costs[:, 1].sum(axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """The step as columns of the critical stage, shape (rows,), in seconds; the parts sum to ``time``.

    Args:
        time: The step.
        compute: Arithmetic, memory and host, all micro-batches.
        tensor, context, pipeline, expert, data: Waiting for the network on behalf of that dimension.
        bubble: Idle while the pipeline fills and drains.
        optimizer: Parameter update.
        costs: Compute and waiting inside layers by :class:`Cost`, shape (rows, costs).
        pace: One micro-batch of the critical stage.
    """

    time: Floats
    compute: Floats
    tensor: Floats
    context: Floats
    pipeline: Floats
    expert: Floats
    data: Floats
    bubble: Floats
    optimizer: Floats
    costs: Floats
    pace: Pace


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Every stage of rows that share a pipeline degree.

    Args:
        held: Blocks of each kind, shape (rows, stages, blocks).
        costs: Seconds of one micro-batch by pass and :class:`Cost`, shape (rows, stages, 2, costs).
    """

    held: Floats
    costs: Floats

    @property
    def forward(self) -> Floats:
        """Seconds of one micro-batch forward, shape (rows, stages)."""
        return self.costs[:, :, 0].sum(axis=-1)

    @property
    def backward(self) -> Floats:
        """Seconds of one micro-batch backward, shape (rows, stages)."""
        return self.costs[:, :, 1].sum(axis=-1)


def stages_of(degree: int, chunks: Integers, layers: int, recipes: RecipeColumns, blocks: Floats) -> Stages:
    """Return the stages of rows that share a pipeline degree.

    Args:
        degree: Stages.
        chunks: Chunks a stage, shape (rows,).
        layers: Of the model.
        recipes: For the layout only.
        blocks: Of those rows, from :func:`lightloom.engine.roofline.block_times`.
    """
    held = composition(layers, degree, chunks, recipes.kind.layout)
    return Stages(held, np.einsum("rsb,rbpc->rspc", held, blocks))


def bounded(step: Totals, floor: Floats) -> Totals:
    """Return the step, no shorter than its traffic takes; what is missing counts as exposed data traffic.

    Args:
        step: As the overlaps allow.
        floor: From :func:`lightloom.engine.traffic.floor`.
    """
    known = np.isfinite(step.time)
    missing = np.maximum(np.subtract(floor, step.time, out=np.zeros_like(floor), where=known), 0.0)
    return replace(step, time=step.time + missing, data=step.data + missing)


def hop_time(recipes: RecipeColumns, program: Program, wires: Wires) -> Floats:
    """Return the time of one send between stages, shape (rows,); 0 without a pipeline."""
    send = wires.duration(Group.PIPELINE, Collective.SEND, program.boundary)
    gather = wires.duration(Group.TENSOR, Collective.ALL_GATHER, program.boundary_gather)
    return np.where(recipes.pipeline > 1, send + np.where(program.boundary_gather > 0, gather, 0.0), 0.0)


def totals(
    model: Model, recipes: RecipeColumns, stack: StackProfile, program: Program, hardware: Hardware, wires: Wires
) -> Totals:
    """Return the step of every row; rows are worked by pipeline degree, since stages are columns.

    The critical stage is the one with most work a micro-batch. Its step is its own work, the idle time the schedule
    leaves it, what sends between stages make that longer, and what the exchange of data ranks and the optimizer add.

    Leaves out: stragglers, imbalance of real routing, clock throttling, reading of input (see storage).
    """
    blocks = block_times(program, hardware, wires, len(recipes))
    pace = _pace(model, recipes, stack, blocks, hop_time(recipes, program, wires))
    many = recipes.micro_batches.astype(np.float64)
    step = pace.costs.sum(axis=1) * many[:, None]
    data = data_exchange(recipes, stack, program, wires, pace.held, pace.forward, pace.backward)
    optimizer = optimizer_time(recipes, program, hardware, pace.held)
    return Totals(
        time=step.sum(axis=-1) + pace.sends + pace.bubble + data + optimizer,
        compute=step[:, list(COMPUTE)].sum(axis=-1),
        tensor=step[:, Cost.TENSOR],
        context=step[:, Cost.CONTEXT],
        pipeline=pace.sends,
        expert=step[:, Cost.EXPERT],
        data=data,
        bubble=pace.bubble,
        optimizer=optimizer,
        costs=step,
        pace=pace,
    )


def _pace(model: Model, recipes: RecipeColumns, stack: StackProfile, blocks: Floats, hop: Floats) -> Pace:
    """Return the critical stage of every row, degree by degree."""
    rows = len(recipes)
    stage, bubble, sends = np.zeros(rows, np.int64), np.zeros(rows), np.zeros(rows)
    costs, held = np.zeros((rows, 2, len(Cost))), np.zeros((rows, len(Block)))
    for degree in np.unique(recipes.pipeline):
        chosen = np.flatnonzero(recipes.pipeline == degree)
        some = recipes.take(chosen)
        stages = stages_of(int(degree), some.chunks, model.layers, some, blocks[chosen])
        busy = stages.forward + stages.backward
        slowest = np.argmax(busy, axis=1)
        at = (np.arange(len(chosen)), slowest)
        stage[chosen], costs[chosen], held[chosen] = slowest, stages.costs[at], stages.held[at]
        bubble[chosen], sends[chosen] = _idle(some, stack, stages, busy[at], hop[chosen])
    return Pace(stage, costs, held, bubble, sends)


def _idle(
    recipes: RecipeColumns, stack: StackProfile, stages: Stages, own: Floats, hop: Floats
) -> tuple[Floats, Floats]:
    """Return how long the critical stage waits for others' work, and for sends, shape (rows,).

    With one chunk a stage no other work lies between a send and the turn that needs what comes back for it: such sends
    hold up both ends.
    """
    schedule = SCHEDULES[recipes.kind.schedule.kind]
    known = np.isfinite(own) & np.isfinite(hop)  # circuits that join no path make the whole step infinite
    forward, backward = (np.where(known[:, None], each, 0.0) for each in (stages.forward, stages.backward))
    waits: Floats = np.where(known, hop, 0.0)
    hidden: Floats = np.where(stack.send_overlap & (recipes.chunks > 1), waits, 0.0)
    sending = ((waits - hidden) * recipes.chunks)[:, None]
    many, chunks = recipes.micro_batches, recipes.chunks
    alone = schedule.span(forward, backward, many, chunks, np.zeros(len(recipes)))
    together = schedule.span(forward + sending, backward + sending, many, chunks, hidden)
    bubble = alone - many * np.where(known, own, 0.0)
    return np.maximum(bubble, 0.0), np.where(known, np.maximum(together - alone, 0.0), hop)
