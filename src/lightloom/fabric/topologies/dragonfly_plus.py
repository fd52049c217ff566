"""Dragonfly+: groups that are leaf-spines, and one or more links between the spines of any two groups."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Literal, Self

import numpy as np

from lightloom.core.errors import Fault
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.groups import between, misfit, most_groups


class DragonflyPlus(DirectNetwork):
    """Groups arranged absolutely: the ports of a group lead to the other groups in the order of their numbers.

    Args:
        hosts_per_leaf: Endpoints under a leaf.
        leaves: In a group.
        spines: In a group.
        global_ports: Of a spine, to other groups.
        groups: How many; one more than a group has global ports if left out, which is one link between any two.

    Source: Shpiner et al., "Dragonfly+: low cost topology for scaling datacenters", HiPINEB 2017.
    """

    kind: ClassVar[str] = "dragonfly-plus"

    topology: Literal["dragonfly-plus"] = "dragonfly-plus"
    hosts_per_leaf: Side
    leaves: Side
    spines: Side
    global_ports: Side
    groups: Side | None = None

    @property
    def most_groups(self) -> int:
        """One more than a group's global ports."""
        return most_groups(self.spines, self.global_ports)

    @property
    def group_count(self) -> int:
        """Groups, those stated or the most."""
        return self.groups or self.most_groups

    def build(self) -> Graph:
        """Join hosts, leaves and spines; see :class:`DirectNetwork`."""
        groups = self.group_count
        hosts, leaves, spines = numbered(
            [(groups, self.leaves, self.hosts_per_leaf), (groups, self.leaves), (groups, self.spines)]
        )
        blocks = [hosts, leaves, spines]
        backwards = np.concatenate([block[::-1, ::-1].ravel() for block in blocks])
        return Graph.of(
            {"host": hosts.size, "leaf": leaves.size, "spine": spines.size},
            {
                "host": joined(hosts, leaves[..., None]),
                "local": joined(leaves[:, :, None], spines[:, None, :]),
                "global": between(spines, self.global_ports),
            },
            automorphisms=[backwards, *turns(blocks, {0: 1, 1: 1}), *turns(blocks, {0: 2})],
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; farthest apart are hosts of two groups, by one link between their spines."""
        groups, local = self.group_count, self.leaves * self.spines
        own = self.leaves * self.hosts_per_leaf
        between = groups * local + groups * self.spines * self.global_ports // 2
        known = {
            "terminals": groups * own,
            "switches": groups * (self.leaves + self.spines),
            "links": groups * own + between,
            "switch_links": between,
        }
        if groups < self.most_groups:
            return known
        count = groups * own
        up = self.hosts_per_leaf * (count - self.hosts_per_leaf) / self.spines
        return {**known, "diameter": 5, "all_to_all": max(count - 1, up, own**2)}

    def refusals(self) -> Iterable[Fault]:
        """Refuse groups that do not share out a group's ports evenly, or are too many or one."""
        return misfit(self.group_count, self.most_groups - 1)

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build one link between groups, several, and groups of one leaf or one spine."""
        return [
            cls(hosts_per_leaf=1, leaves=2, spines=2, global_ports=1),
            cls(hosts_per_leaf=2, leaves=1, spines=1, global_ports=2),
            cls(hosts_per_leaf=1, leaves=2, spines=2, global_ports=2, groups=3),
            cls(hosts_per_leaf=2, leaves=3, spines=2, global_ports=1),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return too many groups, one, and a number that does not fit."""
        return [cls(hosts_per_leaf=1, leaves=2, spines=2, global_ports=2, groups=count) for count in (9, 1, 4)]
