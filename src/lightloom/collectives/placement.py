"""Where the ranks of a group sit: a group is a few (size, stride) axes over the numbering of ranks."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.core.dimensions import Dimension

GroupAxes: TypeAlias = tuple[tuple[int, int], ...]
"""Pairs (size, stride), fastest first: rank r is at (r // stride) % size on each, and its group differs only there."""

Count = TypeVar("Count", int, Integers)


def strides(degrees: Mapping[Dimension, Count], order: Iterable[Dimension]) -> dict[Dimension, Count]:
    """Return how many ranks apart two neighbours along each dimension are.

    Args:
        degrees: Ranks along each dimension, numbers or columns; those not named are 1.
        order: Dimensions as ranks are numbered, fastest first.

    >>> strides({Dimension.TENSOR: 8, Dimension.PIPELINE: 16}, (Dimension.TENSOR, Dimension.PIPELINE, Dimension.DATA))
    {<Dimension.TENSOR: 0>: 1, <Dimension.PIPELINE: 2>: 8, <Dimension.DATA: 4>: 128}
    """
    some = next(iter(degrees.values()))
    step = some // some
    steps: dict[Dimension, Count] = {}
    for dimension in order:
        steps[dimension] = step
        step = step * degrees.get(dimension, 1)
    return steps


def normal(axes: GroupAxes) -> GroupAxes:
    """Return the one form that every spelling of a group shares: sorted by stride, no axis of one, runs joined.

    Raises:
        ValueError: Two axes overlap, so that some ranks would be counted twice.

    >>> normal(((16, 16), (2, 1), (8, 2)))
    ((256, 1),)
    """
    joined: list[tuple[int, int]] = []
    for size, stride in sorted(axes, key=lambda axis: axis[1]):
        if size < 1 or stride < 1:
            raise ValueError(f"sizes and strides of {axes} must be at least 1")
        if size == 1:
            continue
        reach = joined[-1][0] * joined[-1][1] if joined else 1
        if stride % reach:
            raise ValueError(f"axes of {axes} overlap")
        if joined and stride == reach:
            joined[-1] = (joined[-1][0] * size, joined[-1][1])
        else:
            joined.append((size, stride))
    return tuple(joined)


def size_of(axes: GroupAxes) -> int:
    """Return how many ranks a group has."""
    return int(np.prod([size for size, _ in axes], dtype=np.int64))


def extent(axes: GroupAxes) -> int:
    """Return the least count of consecutive ranks that whole groups tile."""
    return max((size * stride for size, stride in axes), default=1)


def spaced(axes: GroupAxes, cell: int) -> GroupAxes:
    """Return the groups among every ``cell``-th rank alone; ``cell`` divides all strides."""
    return tuple((size, stride // cell) for size, stride in axes)


def members(axes: GroupAxes, world: int) -> Integers:
    """Return the ranks of every group, shape (groups, size), groups by their first rank, members fastest axis first.

    Raises:
        ValueError: The groups do not tile the world.

    >>> members(((2, 1), (2, 4)), 8)
    array([[0, 1, 4, 5],
           [2, 3, 6, 7]])
    """
    axes = normal(axes)
    if world % extent(axes):
        raise ValueError(f"groups {axes} do not tile {world} ranks")
    shape: list[int] = []  # slowest first, alternating: ranks between axes, the axis
    rest = world
    for size, stride in reversed(axes):
        shape += [rest // (size * stride), size]
        rest = stride
    shape.append(rest)
    along = [2 * index + 1 for index in range(len(axes))]
    between = [2 * index for index in range(len(axes) + 1)]
    ranks = np.arange(world, dtype=np.int64).reshape(shape).transpose([*between, *along])
    return ranks.reshape(-1, size_of(axes))


def distinct(sizes: Integers, steps: Integers) -> tuple[tuple[GroupAxes, ...], Integers]:
    """Return the different groups among many rows, and which of them each row has.

    Args:
        sizes: Shape (rows, axes); an axis of one is none.
        steps: Strides, same shape.
    """
    table = np.concatenate([sizes, np.where(sizes > 1, steps, 1)], axis=1)
    order = np.lexsort(table.T)
    new = np.ones(len(table), np.bool_)
    new[1:] = (table[order[1:]] != table[order[:-1]]).any(axis=1)
    which = np.empty(len(table), np.int64)
    which[order] = np.cumsum(new) - 1
    spellings = [normal(tuple(zip(row[: sizes.shape[1]], row[sizes.shape[1] :], strict=True)))
                 for row in table[order[new]].tolist()]  # fmt: skip
    keys = tuple(dict.fromkeys(spellings))
    place = {key: index for index, key in enumerate(keys)}
    return keys, np.array([place[spelling] for spelling in spellings], np.int64)[which]
