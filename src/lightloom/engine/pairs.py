"""Bytes from block to block: what circuits between blocks would carry, and what a scheduler is told."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, spaced
from lightloom.core.arrays import Floats, Integers
from lightloom.engine.footprint import Footprint, cell_of, shared
from lightloom.engine.group import LOCAL, SPREAD, Groups, along, next_differs, parts_of

_DENSE = 16
"""Entries of a table per rank up to which a dense one is faster than a sparse one."""


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
    rows, parts, inner = label.shape
    part: Integers = np.repeat(np.arange(rows * parts, dtype=np.int64), inner).reshape(label.shape)
    row = part // parts
    pairs = _together(row, label, blocks)
    if inner > 1:  # a part of one only pairs with itself
        pairs -= _together(part, label, blocks)
    if not groups.apart:
        domain = parts_of(groups, pattern, footprint.domain[groups.ranks])
        width = int(footprint.domain.max()) + 1
        for team in (row, part):
            sign = 1 if team is row else -1
            _, dense = np.unique((team * width + domain).ravel(), return_inverse=True)
            pairs -= sign * _together(dense, label, blocks)
    elif pattern in LOCAL:
        pairs[:] = 0.0
    return pairs / ((parts - 1) * inner)


def _together(team: Integers, label: Integers, blocks: int) -> Floats:
    """Return for each two blocks how many ordered pairs of members of one team lie in the one and the other."""
    teams = int(team.max()) + 1
    if teams * blocks <= _DENSE * label.size:
        counts = np.bincount((team * blocks + label.reshape(team.shape)).ravel(), minlength=teams * blocks)
        table = counts.reshape(teams, blocks).astype(np.float64)
        return table.T @ table
    sparse = csr_array((np.ones(label.size), (team.ravel(), label.ravel())), shape=(teams, blocks))
    return np.asarray((sparse.T @ sparse).todense(), np.float64)
