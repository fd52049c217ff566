"""Vertices numbered as arrays of coordinates, and the permutations that turn their axes: symmetry of a construction."""

from collections.abc import Iterator, Mapping, Sequence
from math import prod

import numpy as np

from lightloom.core.arrays import Integers


def numbered(shapes: Sequence[Sequence[int]]) -> tuple[Integers, ...]:
    """Return vertex numbers as arrays of the given shapes, one block after the other.

    >>> hosts, switches = numbered([(2, 2), (2,)])
    >>> switches.tolist()
    [4, 5]
    """
    sizes = [prod(shape) for shape in shapes]
    starts = np.cumsum([0, *sizes[:-1]])
    return tuple(
        (start + np.arange(size)).reshape(shape) for start, size, shape in zip(starts, sizes, shapes, strict=True)
    )


def turns(blocks: Sequence[Integers], axes: Mapping[int, int]) -> Iterator[Integers]:
    """Yield permutations that generate every reordering of an axis: a step around, and two neighbours swapped.

    Args:
        blocks: Arrays of vertex numbers, all vertices together.
        axes: Which axis of which block, by the block's index; blocks that are not named stay.
    """
    block, axis = next(iter(axes.items()))
    size = int(blocks[block].shape[axis])
    around = (np.arange(size) + 1) % size
    swapped = np.arange(size)
    swapped[:2] = swapped[:2][::-1]
    for order in (around, swapped) if size > 2 else (around,):
        yield reordered(blocks, axes, order)


def reordered(blocks: Sequence[Integers], axes: Mapping[int, int], order: Integers) -> Integers:
    """Return the permutation of vertices that reorders an axis of some blocks alike.

    Args:
        blocks: Arrays of vertex numbers, all vertices together.
        axes: Which axis of which block, by the block's index.
        order: (size of the axis,) where each place takes its image from.
    """
    permutation = np.empty(sum(block.size for block in blocks), np.int64)
    for index, block in enumerate(blocks):
        image = block.take(order, axis=axes[index]) if index in axes else block
        permutation[block.ravel()] = image.ravel()
    return permutation


def joined(*parts: Integers) -> Integers:
    """Return (links, 2) ends from two arrays of vertices that broadcast against each other.

    >>> joined(np.array([[0], [1]]), np.array([[5, 6]])).tolist()
    [[0, 5], [0, 6], [1, 5], [1, 6]]
    """
    return np.stack(np.broadcast_arrays(*parts), axis=-1).reshape(-1, 2)
