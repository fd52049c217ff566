"""Bytes from block to block: what circuits between blocks would carry, and what a scheduler is told."""

import numpy as np
from scipy.sparse import csr_array

from lightloom.collectives.algorithm import Pattern
from lightloom.core.arrays import Floats, Integers
from lightloom.engine.footprint import Footprint
from lightloom.engine.group import SPREAD, Groups, along, next_differs, parts_of


def pair_flows(footprint: Footprint, groups: Groups, pattern: Pattern, block: Integers, blocks: int) -> Floats:
    """Return bytes from each block to each other while every rank sends one byte on a pattern.

    What stays in a block or in a scale-up domain is not counted.

    Args:
        footprint: Where the job is.
        groups: All groups of a kind, over the whole world.
        pattern: On which they send.
        block: Block of each rank, shape (world,).
        blocks: How many blocks there are.

    Returns:
        Shape (blocks, blocks), sender first.
    """
    if not groups.applies(pattern):
        return np.zeros((blocks, blocks))
    count = _spread if pattern in SPREAD else _single
    flows = count(footprint, groups, pattern, block, blocks)
    np.fill_diagonal(flows, 0.0)
    return flows


def _single(footprint: Footprint, groups: Groups, pattern: Pattern, block: Integers, blocks: int) -> Floats:
    ranks = groups.ring if pattern is Pattern.NEIGHBOUR else groups.ranks
    source = along(groups, pattern, block[ranks])
    leaves = next_differs(along(groups, pattern, footprint.domain[ranks]))
    pair = (source * blocks + np.roll(source, -1, axis=1))[leaves]
    return np.bincount(pair, minlength=blocks * blocks).reshape(blocks, blocks).astype(np.float64)


def _spread(footprint: Footprint, groups: Groups, pattern: Pattern, block: Integers, blocks: int) -> Floats:
    """Count pairs of one row, less those of one part, less those of one domain that are of different parts."""
    label = parts_of(groups, pattern, block[groups.ranks])
    domain = parts_of(groups, pattern, footprint.domain[groups.ranks])
    rows, parts, inner = label.shape
    part: Integers = np.repeat(np.arange(rows * parts, dtype=np.int64), inner).reshape(label.shape)
    row = part // parts
    width = int(footprint.domain.max()) + 1
    pairs = _together(row, label, blocks) - _together(part, label, blocks)
    if not groups.apart:
        pairs -= _together(row * width + domain, label, blocks) - _together(part * width + domain, label, blocks)
    elif pattern is Pattern.LOCAL_ALL_TO_ALL:
        pairs[:] = 0.0
    return pairs / ((parts - 1) * inner)


def _together(team: Integers, label: Integers, blocks: int) -> Floats:
    """Return for each two blocks how many ordered pairs of members of one team lie in the one and the other."""
    _, dense = np.unique(team.ravel(), return_inverse=True)
    ones = np.ones(dense.size)
    counts = csr_array((ones, (dense, label.ravel())), shape=(int(dense.max()) + 1, blocks))
    return np.asarray((counts.T @ counts).todense(), np.float64)
