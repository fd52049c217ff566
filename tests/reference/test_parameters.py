"""Parameters, FLOPs and states of the built-in models are those their sources print.

Facts protected: published parameter counts; FLOPs a token in the convention of the Megatron-Bridge and Megatron MoE
performance pages (causal half of attention, output layer in, input embedding out), which print step time beside TFLOP/s
per GPU; bytes of weights, gradients and Adam states by sharding (Rajbhandari et al., ZeRO, 2020, section 3.1); 1F1B's
activations fall from stage to stage. Rows: measured step times and TFLOP/s of those pages, by the ids of
``src/lightloom/measured/training_runs.csv`` or of the same table's other rows.
"""

import numpy as np
import pytest

from lightloom.catalog.loading import names, read
from lightloom.workload.compile import compile_program
from lightloom.workload.layout import Block, composition
from lightloom.workload.memory import PARTS, memory, stage_memory
from lightloom.workload.models import model_named
from lightloom.workload.recipe import Parallel, Recipe, RecipeColumns, Schedule
from lightloom.workload.stack import StackProfile

STACK = read("stacks", "megatron-core", StackProfile)

PUBLISHED = {
    "llama-3.1-405b": 405_853_388_800,
    "llama-3.1-70b": 70_553_706_496,
    "llama-3.1-8b": 8_030_261_248,
    "qwen3-235b-a22b": 235_093_634_560,
}
"""From the safetensors index of each release on Hugging Face."""

ROUNDED = {
    "gpt-3-175b": 175e9,
    "megatron-22b": 22e9,
    "megatron-175b": 175e9,
    "megatron-530b": 530e9,
    "megatron-1t": 1e12,
}
"""Brown et al. 2020, table 2.1; Korthikanti et al. 2022, table 3."""

PRINTED = [
    ("mbridge-26.04_Llama3-70B_n64_d04ca8", "llama-3.1-70b", 64, 8192, 256, 20.0661, 734.0),
    ("mbridge-25.09_Llama3-8B_n8_0d0824", "llama-3.1-8b", 8, 8192, 128, 9.3098, 725.0),
    ("mbridge-25.11_Llama3.1-405B_n1024_28e091", "llama-3.1-405b", 1024, 8192, 512, 14.0274, 737.0),
    ("mbridge-25.09_Qwen3-235B-A22B_n256_2a7306", "qwen3-235b-a22b", 256, 4096, 2048, 27.2159, 178.0),
    ("moe-zoo-qwen3_Qwen3-235B-A22B_n256_74ebc8", "qwen3-235b-a22b", 256, 4096, 2048, 17.6, 276.0),
]
"""Row, model, accelerators, sequence, batch, seconds a step, TFLOP/s an accelerator."""


@pytest.mark.parametrize(("name", "count"), PUBLISHED.items())
def test_parameters_are_published(name: str, count: int) -> None:
    assert model_named(name).parameters == count


@pytest.mark.parametrize(("name", "count"), ROUNDED.items())
def test_parameters_round_to_the_name(name: str, count: float) -> None:
    assert model_named(name).parameters == pytest.approx(count, rel=0.02)


def test_every_built_in_model_is_held_to_a_source() -> None:
    assert set(names("models")) == {*PUBLISHED, *ROUNDED}


def test_qwen3_235b_activates_22_billion() -> None:
    assert model_named("qwen3-235b-a22b").active_parameters == pytest.approx(22e9, rel=0.01)


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row[0])
def test_flops_are_those_the_pages_print(row: tuple[str, str, int, int, int, float, float]) -> None:
    _, name, accelerators, sequence, batch, seconds, printed = row
    flops = float(model_named(name).flops_per_token(float(sequence))) * sequence * batch
    # TFLOP/s are printed to the unit, some times to 0.1 s; the pages count a little less of an expert layer.
    assert flops / seconds / accelerators / 1e12 == pytest.approx(printed, rel=0.008)


def test_flops_of_a_token_by_hand() -> None:
    model = model_named("llama-3.1-8b")
    layer = 4096 * (4096 + 2 * 1024 + 4096) + 3 * 4096 * 14336
    by_hand = 6 * (32 * layer + 4096 * 128256) + 6 * 32 * 4096 * 8192
    assert model.flops_per_token(8192.0) == by_hand
    assert model.flops_per_token(np.array([0.0, 8192.0])).tolist() == [by_hand - 6 * 32 * 4096 * 8192, by_hand]


def llama(sharding: str, *, chunks: int = 8, micro_batches: int = 16) -> Recipe:
    return Recipe(
        sequence=8192,
        batch=128 * micro_batches,
        parallel=Parallel(tensor=8, pipeline=16, data=128),
        schedule=Schedule(kind="1f1b" if chunks == 1 else "interleaved-1f1b", chunks=chunks),
        sharding=sharding,  # pyright: ignore[reportArgumentType] - drawn from a list of texts
    )


def stages(recipe: Recipe) -> np.ndarray:
    model, recipes = model_named("llama-3.1-405b"), RecipeColumns.single(recipe)
    program = compile_program(model, recipes, STACK)
    table = stage_memory(model, recipes, STACK, program, 16, np.arange(1))[0]
    fullest = memory(model, recipes, STACK, program)
    assert fullest.worst_stage[0] == np.argmax(table.sum(axis=1))
    assert fullest.bytes[0] == table.sum(axis=1).max()
    return table


@pytest.mark.parametrize(
    ("sharding", "split", "whole"),
    [
        ("none", (1, 1, 1), (0, 0, 0)),
        ("zero-1", (1, 1, 128), (0, 0, 0)),
        ("zero-2", (1, 128, 128), (0, 1, 0)),
        ("zero-3", (128, 128, 128), (2, 1, 0)),
    ],
)
def test_states_are_split_as_zero_says(sharding: str, split: tuple[int, int, int], whole: tuple[int, int, int]) -> None:
    table = stages(llama(sharding))
    model = model_named("llama-3.1-405b")
    layer = (model.attention_parameters + model.dense_parameters) / 8  # over eight tensor ranks
    # Eight layers of the second stage, and beside what is split the layers at work: gathered, or yet to be reduced.
    by_hand = [each * (8 / parts + more) * layer for each, parts, more in zip((2, 4, 12), split, whole, strict=True)]
    assert table[1, :3].tolist() == pytest.approx(by_hand, rel=1e-12)


def test_whole_model_is_held_once_over_stages_and_tensor_ranks() -> None:
    table = stages(llama("none"))
    assert table[:, PARTS.index("weights")].sum() * 8 == pytest.approx(2 * 405_853_388_800, rel=1e-12)


def test_1f1b_keeps_fewer_activations_from_stage_to_stage() -> None:
    kept = stages(llama("zero-1", chunks=1, micro_batches=64))[:, PARTS.index("activations")]
    layers = composition(126, 16, np.array([1]), "auto")[0, :, Block.LAYER]
    flights = kept / layers
    assert flights / flights[-1] == pytest.approx(np.arange(16, 0, -1))
    few = stages(llama("zero-1", chunks=1, micro_batches=4))[:, PARTS.index("activations")] / layers
    assert few / few[-1] == pytest.approx([4] * 13 + [3, 2, 1])


def test_logits_stand_on_the_last_stage_only() -> None:
    logits = stages(llama("zero-1"))[:, PARTS.index("logits")]
    assert np.flatnonzero(logits).tolist() == [15]
