"""Groups of ranks are what their axes say.

Fact protected: groups partition the job, members differ only along the axes, every spelling of a group is one key, and
strides follow the stated order of dimensions. Source: the definition, applied rank by rank.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.collectives.placement import distinct, extent, members, normal, size_of, spaced, strides
from lightloom.core.dimensions import Dimension
from lightloom.engine.reference import groups_of

nested = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), max_size=3).map(
    lambda steps: tuple(
        (size, int(np.prod([size * gap for size, gap in steps[:index]])) * gap)
        for index, (size, gap) in enumerate(steps)
    )
)


@given(nested, st.integers(1, 3))
def test_members_are_those_of_the_definition(axes, times) -> None:
    world = extent(normal(axes)) * times
    table = members(axes, world)
    assert table.tolist() == groups_of(axes, world)
    assert sorted(table.ravel().tolist()) == list(range(world))
    assert table.shape[1] == size_of(axes)


@given(nested, st.randoms())
def test_spellings_have_one_normal_form(axes, random) -> None:
    mixed = [*axes, (1, 7)]
    random.shuffle(mixed)
    assert normal(tuple(mixed)) == normal(axes)


@given(nested, st.integers(1, 5))
def test_every_other_rank_has_the_same_groups(axes, cell) -> None:
    wide = tuple((size, stride * cell) for size, stride in axes)
    assert spaced(wide, cell) == axes


def test_strides_follow_the_order_numbers_or_columns() -> None:
    order = (Dimension.TENSOR, Dimension.CONTEXT, Dimension.DATA, Dimension.PIPELINE)
    degrees = {Dimension.TENSOR: 8, Dimension.DATA: 128, Dimension.PIPELINE: 16}
    assert strides(degrees, order) == {
        Dimension.TENSOR: 1, Dimension.CONTEXT: 8, Dimension.DATA: 8, Dimension.PIPELINE: 1024,
    }  # fmt: skip
    columns = strides({key: np.array([1, degree]) for key, degree in degrees.items()}, order)
    assert columns[Dimension.PIPELINE].tolist() == [1, 1024]


def test_rows_share_the_groups_they_share() -> None:
    sizes = np.array([[8, 1], [2, 4], [8, 1], [4, 2], [1, 1]])
    steps = np.array([[1, 5], [1, 2], [1, 9], [1, 8], [3, 3]])
    keys, which = distinct(sizes, steps)
    assert [keys[index] for index in which] == [((8, 1),), ((8, 1),), ((8, 1),), ((4, 1), (2, 8)), ()]


@pytest.mark.parametrize("axes", [((2, 1), (2, 1)), ((4, 1), (2, 2))])
def test_axes_that_overlap_are_refused(axes) -> None:
    with pytest.raises(ValueError, match="overlap"):
        normal(axes)


def test_groups_that_do_not_tile_are_refused() -> None:
    with pytest.raises(ValueError, match="tile"):
        members(((4, 2),), 12)


@pytest.mark.parametrize("axes", [((0, 1),), ((2, 0),)])
def test_nothing_is_no_size(axes) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        normal(axes)
