"""Bytes from block to block: what circuits between blocks would carry, and what a scheduler is told."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, spaced
from lightloom.core.arrays import Floats, Integers
from lightloom.engine.footprint import Footprint, cell_of, shared
from lightloom.engine.group import SPREAD, Groups, along, next_differs, parts_of


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The groups of one kind over a whole job, and the blocks they sit on.

    Args:
        footprint: Where the job is, or the first rank of each cell of it.
        groups: All groups.
        block: Block of each rank, shape (world of the footprint,).
        blocks: How many blocks there are.
        cell: Ranks that each of the footprint's stands for.
    """

    footprint: Footprint
    groups: Groups
    block: Integers
    blocks: int
    cell: int

    @classmethod
    def of(cls, footprint: Footprint, axes: GroupAxes, block: Integers, blocks: int) -> Self:
        """Return the groups of a kind.

        Args:
            footprint: Where the job is.
            axes: Kind of group.
            block: Block of each accelerator, the job's first.
            blocks: How many blocks there are.
        """
        block = block[: footprint.world]
        cell = cell_of(footprint, axes)
        cell = cell if shared(block, cell) else 1
        thin = footprint.thinned(cell)
        return cls(thin, Groups.of(thin, spaced(axes, cell), thin.world), block[::cell], blocks, cell)

    def flows(self, pattern: Pattern) -> Floats:
        """Return bytes from each block to each other while every rank sends one byte, sender first, (blocks, blocks).

        What stays in a block or in a scale-up domain is not counted.
        """
        if not self.groups.applies(pattern):
            return np.zeros((self.blocks, self.blocks))
        count = _spread if pattern in SPREAD else _single
        flows = count(self.footprint, self.groups, pattern, self.block, self.blocks) * self.cell
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
