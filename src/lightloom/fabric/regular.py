"""Random graphs of one degree: ends drawn in pairs, then swapped until no link is a loop or there twice."""

import numpy as np

from lightloom.core.arrays import Booleans, Integers


def random_regular(nodes: int, degree: int, draws: np.random.Generator) -> Integers:
    """Return (nodes * degree / 2, 2) ends of a connected simple graph.

    Args:
        nodes: How many, more than ``degree``; one of both even.
        degree: Links of each, at least 2 for more than two nodes.
        draws: Random numbers.

    Leaves out: exact uniformity over all such graphs; swaps come close to it.
    Source: the configuration model (Bollobás 1980), repaired by swaps as in Singla et al., NSDI 2012.
    """
    if 2 * degree > nodes - 1:
        return _complement(nodes, degree, draws)
    while True:
        links = _simple(draws.permutation(np.repeat(np.arange(nodes), degree)).reshape(-1, 2), nodes, draws)
        if reached(links, nodes):
            return links


def _complement(nodes: int, degree: int, draws: np.random.Generator) -> Integers:
    """Return all links but those of a thin graph; dense as this is, it is connected."""
    absent = nodes - 1 - degree
    first, second = np.triu_indices(nodes, k=1)
    if not absent:
        return np.stack([first, second], axis=1).astype(np.int64)
    ends = draws.permutation(np.repeat(np.arange(nodes), absent)).reshape(-1, 2)
    thin = np.sort(_simple(ends, nodes, draws), axis=1)
    keep = ~np.isin(first * nodes + second, thin[:, 0] * nodes + thin[:, 1])
    return np.stack([first[keep], second[keep]], axis=1).astype(np.int64)


def _simple(links: Integers, nodes: int, draws: np.random.Generator) -> Integers:
    """Swap ends of links that are loops or there twice with those of links drawn at random, until there are none."""
    while True:
        bad = np.flatnonzero(_unfit(links, nodes))
        if not len(bad):
            return links
        for place in bad:
            other = int(draws.integers(len(links)))
            turned = links[other][:: 1 if draws.integers(2) else -1].copy()
            links[other] = links[place, 0], turned[1]
            links[place] = turned[0], links[place, 1]


def _unfit(links: Integers, nodes: int) -> Booleans:
    """Return (links,) which are loops, or there before."""
    low, high = links.min(axis=1), links.max(axis=1)
    _, first = np.unique(low * nodes + high, return_index=True)
    unfit = np.ones(len(links), np.bool_)
    unfit[first] = False
    return unfit | (low == high)


def reached(links: Integers, nodes: int) -> bool:
    """Tell whether all nodes hang together: the smallest number around spreads, twice as far each time.

    >>> reached(np.array([[0, 1], [2, 1]]), 3), reached(np.array([[0, 1], [2, 3]]), 4)
    (True, False)
    """
    label = np.arange(nodes)
    while True:
        low = label.copy()
        np.minimum.at(low, links[:, 0], label[links[:, 1]])
        np.minimum.at(low, links[:, 1], label[links[:, 0]])
        low = low[low]
        if np.array_equal(low, label):
            return not label.any()
        label = low
