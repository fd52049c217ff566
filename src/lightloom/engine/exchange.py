"""What data ranks exchange: gradients reduced, weights gathered, and how much of it the step sees."""

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.hardware import Hardware
from lightloom.engine.roofline import Wires
from lightloom.workload.layout import Block
from lightloom.workload.program import Collective, Group, Program
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.stack import StackProfile

_WEIGHT = 2.0
"""Bytes of a weight as gathered."""

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
    - Otherwise once a step, as the stack allows: gathering hides behind the first micro-batch's forward, reduction
      behind the last one's backward; or, ``by-chunk``, a chunk's gradients are reduced as soon as its last micro-batch
      is through, while the chunks before it still compute, so that only the first chunk's are left at the end. The last
      call never hides.

    Args:
        held: Blocks of the critical stage, shape (rows, blocks).
        forward, backward: One micro-batch on it.
    """
    gather, reduce = np.zeros(len(recipes)), np.zeros(len(recipes))
    last_gather, last_reduce = np.zeros(len(recipes)), np.zeros(len(recipes))
    for group, parameters in held_parameters(program, held).items():
        if not np.any(parameters):
            continue
        shared = owners(recipes, group) > 1
        what = Collective.ALL_REDUCE if recipes.kind.sharding == "none" else Collective.REDUCE_SCATTER
        whole, call = _calls(wires, group, what, parameters * stack.reduction.value, stack)
        reduce, last_reduce = reduce + shared * whole, last_reduce + shared * call
        if recipes.kind.sharding != "none":
            whole, call = _calls(wires, group, Collective.ALL_GATHER, parameters * _WEIGHT, stack)
            gather, last_gather = gather + shared * whole, last_gather + shared * call
    if recipes.kind.sharding == "zero-3":
        hidden = stack.data_overlap != "none"
        ahead = np.where(hidden, np.maximum(gather - forward, last_gather), gather)
        behind = np.where(hidden, np.maximum(gather + reduce - backward, last_reduce), gather + reduce)
        return recipes.micro_batches.astype(np.float64) * (ahead + behind)
    if stack.data_overlap == "none":
        return gather + reduce
    ahead = np.maximum(gather - forward, last_gather)
    return ahead + _left_behind(recipes, stack, reduce, last_reduce, backward)


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


def _calls(wires: Wires, group: Group, what: Collective, payload: Floats, stack: StackProfile) -> tuple[Floats, Floats]:
    """Return the time of a payload sent in buckets, and of its last bucket."""
    calls = np.maximum(np.ceil(payload / stack.bucket.value), 1.0)
    one = wires.duration(group, what, payload / calls)
    return one * calls, one


def optimizer_time(recipes: RecipeColumns, program: Program, hardware: Hardware, held: Floats) -> Floats:
    """Return the time of the parameter update, bound by memory, shape (rows,)."""
    time = np.zeros(len(recipes))
    for group, parameters in held_parameters(program, held).items():
        share = 1.0 if recipes.kind.sharding == "none" else owners(recipes, group)
        time = time + parameters / share * _OPTIMIZER_TRAFFIC / hardware.memory
    return time
