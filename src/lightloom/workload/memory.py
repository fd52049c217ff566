"""What each stage keeps in memory: weights, gradients, optimizer states, activations in flight."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.workload.blocks.sizes import WIDTH, Sizes
from lightloom.workload.layout import Block, composition
from lightloom.workload.model import Model
from lightloom.workload.program import Program
from lightloom.workload.recipe import RecipeColumns, Recompute
from lightloom.workload.schedules import SCHEDULES
from lightloom.workload.stack import StackProfile

PARTS = ("weights", "gradients", "optimizer", "activations", "recomputed", "logits", "reserved")
"""Columns of :func:`stage_memory`."""

_GATHERED_LAYERS = 2.0
"""Layers whose whole weights are there at once where weights are sharded: the one at work and the next."""

_LOGIT = 4.0 + WIDTH
"""Bytes a logit keeps between the loss's passes: the value and its four-byte softmax."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Memory of the fullest stage of every row.

    Args:
        worst_stage: Which stage, shape (rows,).
        bytes: What it needs, shape (rows,).
    """

    worst_stage: Integers
    bytes: Floats


def memory(model: Model, recipes: RecipeColumns, stack: StackProfile, program: Program) -> Memory:
    """Return the fullest stage of every row; rows are worked by pipeline degree."""
    worst, need = np.zeros(len(recipes), np.int64), np.zeros(len(recipes))
    for degree in np.unique(recipes.pipeline):
        chosen = np.flatnonzero(recipes.pipeline == degree)
        total = stage_memory(model, recipes, stack, program, int(degree), chosen).sum(axis=-1)
        worst[chosen] = np.argmax(total, axis=1)
        need[chosen] = total.max(axis=1)
    return Memory(worst, need)


def stage_memory(
    model: Model, recipes: RecipeColumns, stack: StackProfile, program: Program, stages: int, rows: Integers
) -> Floats:
    """Return bytes of every stage by part, shape (rows, stages, parts), for rows of one pipeline degree.

    Beside what is kept: with sharded gradients, whole ones of the chunk (or layer) at work; with sharded weights, two
    gathered layers; with recomputation, what the layer at work has computed again.

    Leaves out: fragmentation and communication buffers beyond the stack's reserve; output of embedding and stage inputs
    (one hidden state a micro-batch, counted with its layer).
    Source: parts of Korthikanti et al. 2022, section 4, taken apart by tensor kept.
    """
    chosen = recipes.take(rows)
    held = composition(model.layers, stages, chosen.chunks, chosen.kind.layout)
    dense = np.einsum("rsb,rb->rs", held, program.dense_parameters[rows])
    experts = held[:, :, Block.LAYER] * program.expert_parameters[rows, None]
    owners = (chosen.context * chosen.data).astype(np.float64)[:, None]
    expert_owners = owners * (chosen.tensor / chosen.expert)[:, None]
    shards = _shards(chosen, owners), _shards(chosen, expert_owners)
    parts = np.zeros((*dense.shape, len(PARTS)))
    for index, each in enumerate((WIDTH, stack.gradient.value, stack.optimizer.value)):
        parts[:, :, index] = each * (dense / shards[0][index] + experts / shards[1][index])
    layer = program.dense_parameters[rows, Block.LAYER] + program.expert_parameters[rows]
    if chosen.kind.sharding in ("zero-2", "zero-3"):
        whole = np.where(chosen.chunks > 1, held[:, :, Block.LAYER].max(axis=1) / chosen.chunks, 1.0)
        parts[:, :, 1] += (stack.gradient.value * whole * layer)[:, None]
    if chosen.kind.sharding == "zero-3":
        parts[:, :, 0] += (_GATHERED_LAYERS * WIDTH * layer)[:, None]
    flights = SCHEDULES[chosen.kind.schedule.kind].in_flight(stages, chosen.micro_batches, chosen.chunks)
    sizes = Sizes.of(model, chosen, stack)
    kept = _layer_bytes(model, chosen.kind.recompute, sizes, stack)
    again = _layer_bytes(model, Recompute(kind="none"), sizes, stack) - kept
    parts[:, :, 3] = flights * held[:, :, Block.LAYER] * kept[:, None]
    parts[:, :, 4] = again[:, None]
    parts[:, -1, 5] = _LOGIT * sizes.tokens * model.vocabulary / sizes.tensor
    parts[:, :, 6] = stack.reserved.value
    return parts


def _shards(recipes: RecipeColumns, owners: Floats) -> tuple[Floats, Floats, Floats]:
    """Return into how many parts weights, gradients and optimizer states are split, shape (rows, 1)."""
    one = np.ones_like(owners)
    split = {"none": 0, "zero-1": 1, "zero-2": 2, "zero-3": 3}[recipes.kind.sharding]
    return (owners if split > 2 else one, owners if split > 1 else one, owners if split > 0 else one)


def _layer_bytes(model: Model, recompute: Recompute, sizes: Sizes, stack: StackProfile) -> Floats:
    """Return what one layer keeps of one micro-batch, bytes, shape (rows,)."""
    stream = sizes.shard * model.hidden * WIDTH
    if recompute.kind == "full":
        return stream
    skipped = recompute.modules if recompute.kind == "selective" else ()
    norms = 1.0 if "layernorm" in skipped else 2.0
    kept = 2 * norms * stream + (stream if stack.dropout else 0.0)  # two masks of a byte
    width = sizes.heads * model.head_dim + 2 * sizes.kv_heads * model.head_dim
    kept = kept + sizes.tokens * (width + sizes.heads * model.head_dim) * WIDTH
    if stack.attention == "unfused" and "attention" not in skipped:
        scores = sizes.tokens * sizes.sequence * sizes.heads
        kept = kept + scores * (5.0 if stack.dropout else WIDTH)
    return kept + (_expert_bytes if model.experts else _dense_bytes)(model, sizes, skipped)


def _dense_bytes(model: Model, sizes: Sizes, skipped: tuple[str, ...]) -> Floats:
    """Return inputs and output of the activation; its output can be computed again."""
    tensors = model.matrices - 1 + (0 if "mlp-activation" in skipped else 1)
    return tensors * sizes.tokens * model.feed_forward / sizes.tensor * WIDTH


def _expert_bytes(model: Model, sizes: Sizes, skipped: tuple[str, ...]) -> Floats:
    """Return tokens as they arrive at the experts, and inputs and output of the experts' activation."""
    if model.experts is None:
        return np.zeros_like(sizes.tokens)
    routed = sizes.owned * model.experts.chosen
    tensors = 2 + (0 if "moe-activation" in skipped else 1)
    shared = sizes.tokens * 3 * model.experts.shared_feed_forward / sizes.tensor
    return (routed * (model.hidden + tensors * model.experts.feed_forward) + shared) * WIDTH
