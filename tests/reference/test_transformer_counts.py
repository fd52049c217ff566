"""FLOPs and memory of a step are those its sources worked out, for the four models of Korthikanti et al. 2022, table 3.

Facts protected: hardware FLOPs 72 B s L h^2 (1 + s/6h + V/12Lh) (appendix A) and what selective and full recomputation
add; activations s b h / t (34 + 5 a s / h), 34, or 2 a layer (table 2), times L (1 + (p - 1)/(p v)) on the first stage;
18 bytes a parameter of weights, gradients and Adam states (16 of Rajbhandari et al. 2020, section 3.1, plus two, since
gradients accumulate in four bytes).
"""

import numpy as np
import pytest

from lightloom.catalog.loading import read
from lightloom.engine.traffic import uses
from lightloom.workload.compile import compile_program, recomputed_flops
from lightloom.workload.layout import Block
from lightloom.workload.memory import PARTS, stage_memory
from lightloom.workload.models import model_named
from lightloom.workload.program import Group, Kind
from lightloom.workload.recipe import Recipe, RecipeColumns
from lightloom.workload.stack import StackProfile

SEQUENCE, TENSOR = 2048, 8
STACK = read("stacks", "megatron-2022", StackProfile)
SHAPES = [("megatron-22b", 1, 1, 4), ("megatron-175b", 8, 3, 1), ("megatron-530b", 35, 3, 1), ("megatron-1t", 64, 1, 1)]
"""Model, stages, chunks, micro-batch: table 3."""


def compiled(name, pipeline, chunks, micro_batch, recompute="none"):
    schedule = {"kind": "interleaved-1f1b" if chunks > 1 else "1f1b", "chunks": chunks}
    recipe = Recipe(
        sequence=SEQUENCE,
        batch=micro_batch * 8 * pipeline,
        micro_batch=micro_batch,
        parallel={"tensor": TENSOR, "pipeline": pipeline},
        schedule=schedule,
        sharding="none",
        recompute={"kind": recompute},
    )
    model, recipes = model_named(name), RecipeColumns.single(recipe)
    return model, recipes, compile_program(model, recipes, STACK)


@pytest.mark.parametrize(("name", "pipeline", "chunks", "micro_batch"), SHAPES)
def test_flops_of_a_micro_batch(name, pipeline, chunks, micro_batch):
    model, _, program = compiled(name, pipeline, chunks, micro_batch)
    blocks = {Block.LAYER: model.layers, Block.EMBEDDING: 1, Block.LOSS: 1}
    products = [item for item in program.operations if item.kind is Kind.MATMUL]
    found = TENSOR * sum(blocks[item.block] * float(item.flops[0]) for item in products)
    layers, hidden = model.layers, model.hidden
    terms = 1 + SEQUENCE / (6 * hidden) + model.vocabulary / (12 * layers * hidden)
    assert found == pytest.approx(72 * micro_batch * SEQUENCE * layers * hidden**2 * terms, rel=1e-12)


@pytest.mark.parametrize(("name", "pipeline", "chunks", "micro_batch"), SHAPES)
def test_flops_of_recomputation(name, pipeline, chunks, micro_batch):
    model, _, program = compiled(name, pipeline, chunks, micro_batch, "selective")
    tokens, width = micro_batch * SEQUENCE, model.hidden
    found = TENSOR * recomputed_flops(program, model.layers)[0]
    assert found == pytest.approx(4 * tokens * SEQUENCE * width * model.layers, rel=1e-12)
    model, _, program = compiled(name, pipeline, chunks, micro_batch, "full")
    found = TENSOR * recomputed_flops(program, model.layers)[0]
    assert found == pytest.approx(24 * tokens * model.layers * width**2 * (1 + SEQUENCE / (6 * width)), rel=1e-12)


@pytest.mark.parametrize("recompute", ["none", "selective", "full"])
@pytest.mark.parametrize(("name", "pipeline", "chunks", "micro_batch"), SHAPES)
def test_activations_of_the_first_stage(name, pipeline, chunks, micro_batch, recompute):
    model, recipes, program = compiled(name, pipeline, chunks, micro_batch, recompute)
    table = stage_memory(model, recipes, STACK, program, pipeline, np.arange(1))[0]
    scores = 34 + 5 * model.heads * SEQUENCE / model.hidden
    a_layer = SEQUENCE * micro_batch * model.hidden / TENSOR * {"none": scores, "selective": 34, "full": 2}[recompute]
    flights = 1 + (pipeline - 1) / (pipeline * chunks) if chunks > 1 else 1
    assert table[0, PARTS.index("activations")] == pytest.approx(a_layer * model.layers * flights, rel=1e-12)


@pytest.mark.parametrize(("name", "pipeline", "chunks", "micro_batch"), SHAPES)
def test_tensor_collectives_of_sequence_parallelism(name, pipeline, chunks, micro_batch):
    # Figures 4 to 6: four a layer forward, four backward, and the input of each region gathered once more backward. The
    # ends: the embedding scatters and gathers back; the logits gather, gather again and scatter.
    model, recipes, program = compiled(name, pipeline, chunks, micro_batch)
    sent = [use for use in uses(model, recipes, STACK, program) if use.group is Group.TENSOR]
    found = sum(float(use.times[0] * use.payload[0]) for use in sent) * pipeline / recipes.micro_batches[0]
    assert found == pytest.approx((10 * model.layers + 5) * 2 * micro_batch * SEQUENCE * model.hidden, rel=1e-12)


@pytest.mark.parametrize(("name", "pipeline", "chunks", "micro_batch"), SHAPES)
def test_eighteen_bytes_a_parameter(name, pipeline, chunks, micro_batch):
    model, recipes, program = compiled(name, pipeline, chunks, micro_batch)
    table = stage_memory(model, recipes, STACK, program, pipeline, np.arange(1))[0]
    held = 12 * model.layers * model.hidden**2 / pipeline + model.hidden * model.vocabulary
    assert table[0, :3].sum() == pytest.approx(18 * held / TENSOR, rel=5e-3)  # but for norms, biases, positions
