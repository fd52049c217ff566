"""Layers fall on stages whole, as evenly as they go, and none is lost.

Facts protected: stages' layers sum to the model's; none is negative where the recipe is legal; chunks differ by at most
a layer, so stages by at most one; embedding and loss stand on the first and the last stage. Source: Llama 3 paper,
section 3.3.2 (126 layers: first and last stage one fewer), Megatron-Core's ``account_for_embedding_in_pipeline_split``.
"""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.workload.layout import Block, composition, counts_as_layers, divides, layers_of_stages
from lightloom.workload.recipe import Layout

LAYOUTS: tuple[Layout, ...] = get_args(Layout)


@given(st.integers(1, 24), st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(0, 200), st.data())
def test_layers_are_all_there_and_even(stages: int, chunks: list[int], more: int, data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from(LAYOUTS))
    columns = np.array(chunks)
    layers = max(stages * max(chunks) - 2, 1) + more  # what timing.legal asks for
    held = layers_of_stages(layers, stages, columns, layout)
    assert held.shape == (len(chunks), stages)
    assert (held.sum(axis=1) == layers).all()
    assert (held >= 0).all()
    places = held.copy()
    taken = counts_as_layers(layers, np.full(len(chunks), stages), columns, layout)
    places[:, 0] += taken
    places[:, -1] += taken
    assert (places.max(axis=1) - places.min(axis=1) <= 1).all()
    exact = divides(layers, np.full(len(chunks), stages), columns, layout) & (layout not in {"auto", "uneven"})
    assert (places[exact] == places[exact][:, :1]).all()
    alone = [layers_of_stages(layers, stages, columns[[row]], layout)[0] for row in range(len(chunks))]
    assert (held == alone).all()


@given(st.integers(2, 24), st.integers(1, 8), st.integers(1, 200))
def test_what_does_not_divide_spares_the_first_stage(stages: int, chunks: int, more: int) -> None:
    held = layers_of_stages(stages * chunks + more, stages, np.array([chunks]), "uneven")[0]
    assert held[0] == held.min()


def test_llama_3_1_405b_on_sixteen_stages() -> None:
    for chunks in (1, 2, 4, 8):
        held = layers_of_stages(126, 16, np.array([chunks]), "auto")[0]
        assert held.tolist() == [7, *[8] * 14, 7]


def test_qwen3_235b_on_eight_stages_of_four_chunks() -> None:
    assert layers_of_stages(94, 8, np.array([4]), "auto")[0].tolist() == [11, *[12] * 6, 11]


def test_layers_that_divide_need_no_place_for_embedding_and_loss() -> None:
    assert layers_of_stages(96, 8, np.array([1, 2, 3]), "auto").tolist() == [[12] * 8] * 3
    assert counts_as_layers(96, np.array([8, 7, 98]), np.array([1, 14, 1]), "auto").tolist() == [0, 1, 1]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("stages", [1, 2, 7])
def test_embedding_and_loss_stand_at_the_ends(layout: Layout, stages: int) -> None:
    held = composition(30, stages, np.array([1, 2]), layout)
    assert held.shape == (2, stages, len(Block))
    assert (held[:, :, Block.LAYER] == layers_of_stages(30, stages, np.array([1, 2]), layout)).all()
    assert (held[:, 0, Block.EMBEDDING] == 1).all()
    assert (held[:, -1, Block.LOSS] == 1).all()
    assert (held[:, :, Block.EMBEDDING :].sum(axis=1) == 1).all()
