"""Dragonfly: groups of routers in full mesh, and one or more links between any two groups."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph, pairs
from lightloom.fabric.groups import between, misfit, most_groups
from lightloom.fabric.topology import Setting


class Dragonfly(DirectNetwork):
    """Groups arranged absolutely: the ports of a group lead to the other groups in the order of their numbers.

    Args:
        routers: In a group.
        global_ports: Of a router, to other groups.
        groups: How many; one more than a group has global ports if left out, which is one link between any two.

    Source: Kim et al., "Technology-driven, highly-scalable dragonfly topology", ISCA 2008.
    """

    kind: ClassVar[str] = "dragonfly"

    topology: Literal["dragonfly"] = "dragonfly"
    routers: Annotated[Count, Field(ge=1)]
    global_ports: Annotated[Count, Field(ge=1)]
    groups: Annotated[Count, Field(ge=2)] | None = None

    @property
    def group_count(self) -> int:
        """Groups, those stated or the most."""
        return self.groups or self.most_groups

    @property
    def most_groups(self) -> int:
        """One more than a group's global ports."""
        return most_groups(self.routers, self.global_ports)

    def usual_hosts(self, setting: Setting | None = None) -> int:  # noqa: ARG002 - whatever the cluster
        """As many as global ports."""
        return self.global_ports

    @property
    def endpoints(self) -> int:
        """Endpoints of all routers."""
        return self.routers * self.group_count * self.hosts_each

    @property
    def adversarial_minimal(self) -> float:
        """Share of injection when all endpoints of a group send to the next one, over the link between the two."""
        return 1 / (self.routers * self.hosts_each)

    @property
    def adversarial_valiant(self) -> float:
        """Most of that when packets go by a random third group, and pass two global links each."""
        return min(1.0, self.global_ports / (2 * self.hosts_each))

    def build(self) -> Graph:
        """Join the routers; see :class:`DirectNetwork`."""
        groups = self.group_count
        routers = np.arange(groups * self.routers).reshape(groups, self.routers)
        backwards = routers[::-1, ::-1].ravel()
        return Graph.of(
            {"router": routers.size},
            {"local": pairs(routers), "global": between(routers, self.global_ports)},
            automorphisms=[backwards],
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; the farthest are a link within each group and the one between them apart."""
        groups, local = self.group_count, self.routers * (self.routers - 1) // 2
        known = {
            "terminals": groups * self.routers,
            "switches": 0,
            "links": groups * local + groups * self.routers * self.global_ports // 2,
        }
        return {**known, "diameter": min(3, 2 * self.routers - 1)} if groups == self.most_groups else known

    def refusals(self) -> Iterable[Fault]:
        """Refuse groups that do not share out a group's ports evenly, or are too many."""
        return misfit(self.group_count, self.most_groups - 1)

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build one link between groups, several, and groups of one router."""
        small, twice = cls(routers=2, global_ports=1), cls(routers=4, global_ports=2, groups=5)
        return [small, cls(routers=4, global_ports=2), cls(routers=1, global_ports=4), twice]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return too many groups, and a number that does not fit."""
        return [cls(routers=4, global_ports=2, groups=10), cls(routers=4, global_ports=2, groups=7)]
