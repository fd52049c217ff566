"""Matrices as sums of permutations: what a switch that joins each port to one other can serve, one setting at a time.

A matrix whose rows and columns all have the same sum has a permutation in its support (König), so that it can be taken
apart until nothing is left. Matchings are scipy's.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from lightloom.core.arrays import Floats, Integers


def filled(matrix: Floats) -> Floats:
    """Return what has to be added to make all sums of rows and columns equal the largest of them.

    What rows lack and what columns lack is the same in all; laid out along one line, row after row and column after
    column, each entry gets the stretch that its row and its column share.

    Args:
        matrix: Not negative, (n, n).
    """
    rows, columns = matrix.sum(axis=1), matrix.sum(axis=0)
    most = max(rows.max(initial=0), columns.max(initial=0))
    ends = [np.cumsum(most - sums) for sums in (rows, columns)]
    starts = [np.concatenate([[0], end[:-1]]) for end in ends]
    overlap = np.minimum(ends[0][:, None], ends[1]) - np.maximum(starts[0][:, None], starts[1])
    return np.maximum(overlap, 0)


def widest(matrix: Floats) -> Integers | None:
    """Return the column of each row in the permutation whose smallest entry is largest; None if there is none.

    Args:
        matrix: Not negative, (n, n); an entry of 0 is not in the support.
    """
    values = np.unique(matrix[matrix > 0])
    low, high = 0, len(values) - 1
    best: Integers | None = None
    while low <= high:
        middle = (low + high) // 2
        found = _matching(matrix >= values[middle])
        if found is None:
            high = middle - 1
        else:
            best, low = found, middle + 1
    return best


def _matching(support: np.ndarray) -> Integers | None:
    columns = maximum_bipartite_matching(csr_array(support), perm_type="column")
    return None if bool((columns < 0).any()) else np.asarray(columns, np.int64)


def birkhoff(matrix: Floats) -> Iterator[tuple[float, Integers]]:
    """Yield weights and permutations (the column of each row) that add up to the matrix, the widest always first.

    Args:
        matrix: Not negative, all sums of rows and columns equal but for rounding, (n, n).

    Raises:
        ValueError: The sums are not equal.

    Source: Birkhoff 1946 for the decomposition; at most n^2 - 2n + 2 permutations.
    """
    left = matrix.astype(np.float64)
    sums = np.concatenate([left.sum(axis=0), left.sum(axis=1)])
    total = float(sums.max(initial=0.0))
    if bool((np.abs(sums - total) > 1e-9 * total).any()) or bool((left < 0).any()):
        message = "rows and columns must have the same sum, and no entry may be negative"
        raise ValueError(message)
    dust = 1e-12 * total
    rows = np.arange(len(left))
    left[left <= dust] = 0.0
    while total > 0 and left.sum() > 1e-9 * total:
        columns = widest(left)
        if columns is None:
            return  # what is left is rounding
        weight = float(left[rows, columns].min())
        left[rows, columns] -= weight
        left[left <= dust] = 0.0
        yield weight, columns


def coloured(counts: Integers) -> Integers:
    """Return counts as permutations: in each, every row has at most one column and every column at most one row.

    There are as many as the largest sum of a row or column, the fewest possible (König 1916).

    Args:
        counts: How often each row needs each column, (n, n).

    Returns:
        (colours, n) the column of each row, -1 for none.
    """
    real = counts.astype(np.int64)
    left = real + filled(real.astype(np.float64)).astype(np.int64)
    colours = int(left.sum(axis=1).max(initial=0))
    found = np.full((colours, len(left)), -1, np.int64)
    rows, done = np.arange(len(left)), 0
    while done < colours:
        columns = _matching(left > 0)
        if columns is None:  # cannot happen: all sums are equal
            message = "a matrix of equal sums has no permutation"
            raise ArithmeticError(message)
        times = int(left[rows, columns].min())
        ours = np.minimum(real[rows, columns], times)
        real[rows, columns] -= ours
        left[rows, columns] -= times
        found[done : done + times] = np.where(np.arange(times)[:, None] < ours, columns, -1)
        done += times
    return found
