"""Model x recipe → program: what every block of layers does forward and backward, for one micro-batch."""

from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.workload.blocks import attention, dense, ends, experts
from lightloom.workload.blocks.sizes import Sizes
from lightloom.workload.layout import Block
from lightloom.workload.model import Model
from lightloom.workload.program import Operation, Program
from lightloom.workload.recipe import RecipeColumns, Recompute
from lightloom.workload.stack import StackProfile

_REPEATED_BY: dict[str, tuple[str, ...]] = {
    "attention": ("scores", "softmax", "values"),
    "layernorm": ("attention-norm", "feed-forward-norm"),
    "mlp-activation": ("activation",),
    "moe-activation": ("expert-activation",),
}
"""Forward operations that each module of selective recomputation does again."""


def compile_program(model: Model, recipes: RecipeColumns, stack: StackProfile) -> Program:
    """Return the operations, payloads and parameters of every row.

    Leaves out: kernels below a percent (rotary tables, gradient clipping, loss reduction over tensor ranks).
    """
    sizes = Sizes.of(model, recipes, stack)
    layer = [*attention.operations(model, sizes, stack), *_feed_forward(model, sizes, recipes, stack)]
    operations = [*layer, *_repeated(layer, recipes.kind.recompute, stack), *ends.operations(model, sizes, stack)]
    boundary = sizes.tokens * model.hidden * 2.0
    gathered = (sizes.tensor > 1) & stack.shards_sends & (not stack.sequence_parallel)
    tokens = recipes.batch * recipes.sequence.astype(np.float64)
    return Program(
        operations=tuple(operations),
        boundary=boundary / np.where(stack.shards_sends, sizes.tensor, 1.0),
        boundary_gather=np.where(gathered, boundary, 0.0),
        dense_parameters=_dense_parameters(model, sizes, recipes),
        expert_parameters=model.expert_parameters / recipes.expert.astype(np.float64),
        model_flops=model.flops_per_token(recipes.sequence.astype(np.float64)) * tokens,
        tokens=tokens,
    )


def _feed_forward(model: Model, sizes: Sizes, recipes: RecipeColumns, stack: StackProfile) -> list[Operation]:
    if model.experts is None:
        return dense.operations(model, sizes, stack)
    return experts.operations(model, model.experts, sizes, stack, recipes.kind.parallel.expert)


def _repeated(layer: list[Operation], recompute: Recompute, stack: StackProfile) -> list[Operation]:
    """Return the forward operations done again in the backward pass."""
    if recompute.kind == "none":
        return []
    names: set[str] = set()
    for module in recompute.modules:
        names.update(_REPEATED_BY[module])
    if stack.attention == "flash":
        names -= set(_REPEATED_BY["attention"])  # the fused kernel's own backward computes the scores again already
    wanted = [item for item in layer if not item.backward and (recompute.kind == "full" or item.name in names)]
    return [replace(item, name=f"{item.name}-again", backward=True, recomputed=True, behind=()) for item in wanted]


def _dense_parameters(model: Model, sizes: Sizes, recipes: RecipeColumns) -> Floats:
    """Return the parameters a rank holds of one block of each kind, without experts; shape (rows, blocks)."""
    tensor = sizes.tensor
    sparse = model.router_parameters + model.shared_parameters / tensor
    feed_forward = sparse if model.experts else model.dense_parameters / tensor
    held = np.zeros((len(recipes), len(Block)))
    held[:, Block.LAYER] = model.attention_parameters / tensor + feed_forward
    held[:, Block.EMBEDDING] = model.embedding_parameters / tensor
    copied = model.tied & (recipes.pipeline > 1)
    held[:, Block.LOSS] = (model.output_parameters + np.where(copied, model.hidden * model.vocabulary, 0)) / tensor
    return held


def recomputed_flops(program: Program, layers: int) -> Floats:
    """Return FLOPs one model-parallel rank group adds by recomputation for one micro-batch; shape (rows,)."""
    again = [item.flops for item in program.operations if item.recomputed and item.block is Block.LAYER]
    return layers * np.sum(again, axis=0) if again else np.zeros(len(program.tokens))
