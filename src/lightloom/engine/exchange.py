"""What data ranks exchange: gradients reduced, weights gathered, and how much of it the step sees."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.hardware import Hardware
from lightloom.engine.roofline import Wires
from lightloom.workload.blocks.sizes import WIDTH
from lightloom.workload.layout import Block
from lightloom.workload.program import Collective, Group, Program
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.stack import StackProfile

_OPTIMIZER_TRAFFIC = 30.0
"""Bytes an Adam update moves a parameter: gradient 4, master and two moments read and written 24, weight written 2."""


def owners(recipes: RecipeColumns, group: Group) -> Floats:
    """Return the ranks that hold the same parameters, shape (rows,)."""
    same = (recipes.context * recipes.data).astype(np.float64)
    return same * recipes.tensor / recipes.expert if group is Group.EXPERT_DATA else same


def held_parameters(program: Program, held: Floats) -> dict[Group, Floats]:
    """Return the parameters a rank of a stage holds, by the group that shares them.

    Args:
        held: Blocks of the stage, shape (rows, blocks).
    """
    return {
        Group.DATA: (held * program.dense_parameters).sum(axis=-1),
        Group.EXPERT_DATA: held[:, Block.LAYER] * program.expert_parameters,
    }


@dataclass(frozen=True, slots=True, eq=False)
class Exchange:
    """One collective of the data ranks; arrays have shape (rows,).

    Args:
        group: Who.
        what: Gradients reduced or weights gathered.
        payload: Bytes as the collective counts them; 0 where nobody shares.
        times: How often in a step.
    """

    group: Group
    what: Collective
    payload: Floats
    times: Floats

    def calls(self, stack: StackProfile) -> Floats:
        """Return in how many buckets the payload is sent, shape (rows,)."""
        return np.maximum(np.ceil(self.payload / stack.bucket.value), 1.0)


def exchanges(recipes: RecipeColumns, stack: StackProfile, parameters: Mapping[Group, Floats]) -> tuple[Exchange, ...]:
    """Return what data ranks exchange in a step, by how far they shard.

    Args:
        recipes: Rows.
        stack: Precision of the reduction.
        parameters: Of a stage, by the group that shares them, as of :func:`held_parameters`.
    """
    sharding = recipes.kind.sharding
    one = np.ones(len(recipes))
    many = recipes.micro_batches.astype(np.float64)
    reduce_times = {"zero-2": rounds(recipes), "zero-3": many}.get(sharding, one)
    found: list[Exchange] = []
    for group, held in parameters.items():
        shared = np.where(owners(recipes, group) > 1, held, 0.0)
        if not np.any(shared):
            continue
        what = Collective.ALL_REDUCE if sharding == "none" else Collective.REDUCE_SCATTER
        found.append(Exchange(group, what, shared * stack.reduction.value, reduce_times))
        if sharding != "none":
            gather_times = 2.0 * many if sharding == "zero-3" else one
            found.append(Exchange(group, Collective.ALL_GATHER, shared * WIDTH, gather_times))
    return tuple(found)


def rounds(recipes: RecipeColumns) -> Floats:
    """Return how often a chunk's gradients must be reduced where they are kept split (zero-2), shape (rows,).

    A chunk can hold its own whole gradients while as many micro-batches as stages pass through it in turn; then other
    chunks need the room. Without chunks each micro-batch is a round.
    """
    each = np.where(recipes.chunks > 1, recipes.pipeline, 1)
    return np.ceil(recipes.micro_batches / each)


def data_exchange(
    recipes: RecipeColumns,
    stack: StackProfile,
    program: Program,
    wires: Wires,
    held: Floats,
    forward: Floats,
    backward: Floats,
) -> Floats:
    """Return what gradient reduction and weight gathering add to the step, shape (rows,).

    - Sharded weights (zero-3): every micro-batch gathers forward, gathers again and reduces backward; each hides behind
      the pass it belongs to, but for the first call.
    - Otherwise weights are gathered once a step, behind the first micro-batch's forward, and gradients reduced behind
      the last one's backward, as the stack allows; or, ``by-chunk``, a chunk's gradients are reduced as soon as its
      last micro-batch is through, while the chunks before it still compute, so that only the first chunk's are left at
      the end. The last call never hides.
    - Sharded gradients (zero-2): the same after every round; a round hides behind the next one's computation.

    Args:
        held: Blocks of the critical stage, shape (rows, blocks).
        forward, backward: One micro-batch on it.

    Leaves out: the sum of a tied embedding's gradients over first and last stage.
    """
    gather, reduce = np.zeros(len(recipes)), np.zeros(len(recipes))
    last_gather, last_reduce = np.zeros(len(recipes)), np.zeros(len(recipes))
    for item in exchanges(recipes, stack, held_parameters(program, held)):
        whole, call = _calls(wires, item, stack)
        if item.what is Collective.ALL_GATHER:
            gather, last_gather = gather + whole, last_gather + call
        else:
            reduce, last_reduce = reduce + whole, last_reduce + call
    if recipes.kind.sharding == "zero-3":
        hidden = stack.data_overlap != "none"
        ahead = np.where(hidden, np.maximum(gather - forward, last_gather), gather)
        behind = np.where(hidden, np.maximum(gather + reduce - backward, last_reduce), gather + reduce)
        return recipes.micro_batches.astype(np.float64) * (ahead + behind)
    earlier = rounds(recipes) - 1 if recipes.kind.sharding == "zero-2" else np.zeros(len(recipes))
    if stack.data_overlap == "none":
        return gather + reduce * (1 + earlier)
    each = np.where(recipes.chunks > 1, recipes.pipeline, 1)
    ahead = np.maximum(gather - forward, last_gather)
    left = np.maximum(reduce - each * (forward + backward), 0.0)  # infinite where circuits join no path
    between = np.multiply(earlier, left, out=np.zeros(len(recipes)), where=earlier > 0)
    return ahead + between + _left_behind(recipes, stack, reduce, last_reduce, backward)


def _left_behind(
    recipes: RecipeColumns, stack: StackProfile, reduce: Floats, last_reduce: Floats, backward: Floats
) -> Floats:
    """Return what of the gradient reduction outlasts the backward passes, shape (rows,).

    By chunk: the last round passes as many micro-batches as there are stages through each chunk in turn, so the chunks
    but the last to finish hide behind that many of their successors' passes.
    """
    chunks = recipes.chunks.astype(np.float64) if stack.data_overlap == "by-chunk" else np.ones(len(recipes))
    round_of = np.minimum(recipes.micro_batches, recipes.pipeline)
    window = (round_of * (chunks - 1) + 1) / chunks * backward
    own = reduce / chunks
    return np.maximum.reduce([own - backward / chunks, reduce - window, np.minimum(last_reduce, own)])


def _calls(wires: Wires, item: Exchange, stack: StackProfile) -> tuple[Floats, Floats]:
    """Return the time of a payload sent in buckets, and of its last bucket."""
    calls = item.calls(stack)
    one = wires.duration(item.group, item.what, item.payload / calls)
    return one * calls, one


def optimizer_time(recipes: RecipeColumns, program: Program, hardware: Hardware, held: Floats) -> Floats:
    """Return the time of the parameter update, bound by memory, shape (rows,)."""
    time = np.zeros(len(recipes))
    for group, parameters in held_parameters(program, held).items():
        share = 1.0 if recipes.kind.sharding == "none" else owners(recipes, group)
        time = time + parameters / share * _OPTIMIZER_TRAFFIC / hardware.memory
    return time
