"""The groups of one kind, all at once: who is local to whom, and how many flows cross each block's boundary."""

from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, extent, members
from lightloom.core.arrays import Booleans, Integers
from lightloom.engine.footprint import Footprint

LOCAL = frozenset({Pattern.LOCAL_RING, Pattern.LOCAL_ALL_TO_ALL})
SPREAD = frozenset({Pattern.LOCAL_ALL_TO_ALL, Pattern.REMOTE_ALL_TO_ALL, Pattern.RAIL_ALL_TO_ALL})


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """All groups of one key within a window of the job's ranks.

    Where a group has unequal counts of members in its domains, each domain counts as several of ``local`` members, the
    greatest number that divides all: exact, at the price of calling a few messages remote that stay inside.

    Args:
        ranks: Shape (groups, domains, local): members by domain, in the order of the group.
        ring: Shape (groups, size): members in the order of the group alone.
        ordered: Whether both orders are the same.
        apart: Whether all domains of every group are different ones.
        domain_count: Scale-up domains the widest group touches.
    """

    ranks: Integers
    ring: Integers
    ordered: bool
    apart: bool
    domain_count: int

    @classmethod
    def of(cls, footprint: Footprint, axes: GroupAxes, window: int | None = None) -> "Groups":
        """Return the groups among the first ``window`` ranks; None: as many as stand for all.

        Raises:
            ValueError: The groups do not tile the world.
        """
        if footprint.world % extent(axes):
            raise ValueError(f"groups {axes} do not tile {footprint.world} ranks")
        window = footprint.window(extent(axes)) if window is None else window
        ring = members(axes, window)
        domain = footprint.domain[ring]
        ordered = bool((domain[:, 1:] >= domain[:, :-1]).all())
        ranks = ring
        if not ordered:
            order = np.argsort(domain, axis=1, kind="stable")
            ranks, domain = np.take_along_axis(ring, order, 1), np.take_along_axis(domain, order, 1)
        counts, starts = runs(domain)
        least, most = int(counts.min()), int(counts.max())
        local = least if least == most else int(np.gcd.reduce(np.unique(counts)))
        touched = np.bincount(starts // ring.shape[1], minlength=len(ring))
        return cls(ranks.reshape(len(ring), -1, local), ring, ordered, least == most == local, int(touched.max()))

    @property
    def size(self) -> int:
        """Members of a group."""
        return self.ring.shape[1]

    @property
    def local(self) -> int:
        """Members a domain."""
        return self.ranks.shape[2]

    @property
    def domains(self) -> int:
        """Domains a group."""
        return self.ranks.shape[1]

    def applies(self, pattern: Pattern) -> bool:
        """Tell whether anyone sends on that pattern."""
        if pattern is Pattern.NEIGHBOUR:
            return self.size > 1
        if pattern in LOCAL:
            return self.local > 1
        return self.domains > 1

    def equivalent(self, pattern: Pattern) -> Pattern:
        """Return the first pattern that has the same flows in these groups."""
        if self.local == 1 and pattern is Pattern.RAIL_ALL_TO_ALL:
            return Pattern.REMOTE_ALL_TO_ALL
        if pattern is Pattern.NEIGHBOUR and self.ordered and self.local == 1:
            return Pattern.REMOTE_RING
        if pattern is Pattern.NEIGHBOUR and self.ordered and self.domains == 1:
            return Pattern.LOCAL_RING
        return pattern


def along(groups: Groups, pattern: Pattern, label: Integers) -> Integers:
    """Return labels with the sender's on the last axis but one and its one target's next on it, the last to the first.

    Args:
        groups: Whose.
        pattern: A ring or neighbours.
        label: Anything of each rank, such as its block: as ``groups.ring`` for neighbours, else as ``groups.ranks``.
    """
    if pattern is Pattern.NEIGHBOUR:
        return label.reshape(-1, groups.size, 1)
    if pattern is Pattern.LOCAL_RING:
        return label.reshape(-1, groups.local, 1)
    return label


def next_differs(label: Integers) -> Booleans:
    """Return where the label of the next along the last axis but one differs, the first being next to the last."""
    differs: Booleans = np.empty(label.shape, np.bool_)
    np.not_equal(label[:, :-1], label[:, 1:], out=differs[:, :-1])
    np.not_equal(label[:, -1], label[:, 0], out=differs[:, -1])
    return differs


def parts_of(groups: Groups, pattern: Pattern, label: Integers) -> Integers:
    """Return labels of shape (rows, parts, members): every member sends equally to all of its row's other parts.

    Args:
        groups: Whose.
        pattern: An all-to-all.
        label: Anything of each rank, as ``groups.ranks``.
    """
    if pattern is Pattern.REMOTE_ALL_TO_ALL:
        return label
    if pattern is Pattern.RAIL_ALL_TO_ALL:
        return label.transpose(0, 2, 1).reshape(-1, groups.domains, 1)
    return label.reshape(-1, groups.local, 1)


def others_alike(label: Integers) -> Integers:
    """Return how many members of the other parts of its row share each member's label, (rows, parts, members)."""
    rows, parts, inner = label.shape
    alike = _alike(label.reshape(rows, parts * inner)).reshape(label.shape)
    own = _alike(label.reshape(rows * parts, inner)).reshape(label.shape) if inner > 1 else 1
    return alike - own


def _alike(label: Integers) -> Integers:
    """Return how many in its row share each element's label, itself included."""
    order = np.argsort(label, axis=1)
    counts, _ = runs(np.take_along_axis(label, order, 1))
    alike = np.empty_like(label)
    np.put_along_axis(alike, order, np.repeat(counts, counts).reshape(label.shape), 1)
    return alike


def runs(label: Integers) -> tuple[Integers, Integers]:
    """Return lengths and flat starts of the runs of equal labels, row after row."""
    new: Booleans = np.ones(label.shape, np.bool_)
    np.not_equal(label[:, 1:], label[:, :-1], out=new[:, 1:])
    starts = np.flatnonzero(new)
    return np.diff(starts, append=label.size), starts
