"""How far the vertices of many graphs are from one of them, all at once: what a search ranks candidates by."""

from collections.abc import Callable

import numpy as np

from lightloom.core.arrays import Floats, Integers

UNFIT = np.inf
"""Of a graph that has too few neighbours, or does not hang together."""
AT_ONCE = 2_000_000
"""Entries of a block of graphs: a few megabytes, which stay in a processor's cache better than more."""


def load_bounds(rows: Integers) -> Floats:
    """Return the least all-to-all load that distances allow, of graphs that look alike from every vertex.

    Every unit takes at least as many links as its goal is away, and a vertex has so many links: the sum of distances
    from one vertex over its links.

    Args:
        rows: (graphs, links, vertices) where each link of a vertex leads; as many lead back.

    Returns:
        (graphs,) load, infinite for a graph that has repeated links, loops, or more than one part.
    """
    graphs, links, vertices = rows.shape
    entries = rows + np.arange(0, graphs * vertices, vertices, dtype=np.int64)[:, None, None]
    seen = np.zeros((graphs, vertices), np.bool_)
    seen[:, 0] = True
    layer, total, step = seen.copy(), np.zeros(graphs, np.int64), 0
    while layer.any():
        step += 1
        layer = layer.ravel()[entries].any(axis=1) & ~seen
        total += step * np.count_nonzero(layer, axis=1)
        seen |= layer
    beside = np.sort(rows[:, :, 0], axis=1)
    simple = (beside[:, 0] > 0) & np.all(beside[:, 1:] > beside[:, :-1], axis=1)
    return np.where(simple & seen.all(axis=1), total / links, UNFIT)


def in_blocks(rows: Callable[[Integers], Integers], points: Integers, entries: int) -> Floats:
    """Return the bounds of many candidates, block by block.

    Args:
        rows: Gives the graphs of some candidates.
        points: (candidates, …) what describes each.
        entries: Of one graph's rows.
    """
    size = max(1, AT_ONCE // entries)
    parts = [load_bounds(rows(points[start : start + size])) for start in range(0, len(points), size)]
    return np.concatenate(parts) if parts else np.zeros(0)
