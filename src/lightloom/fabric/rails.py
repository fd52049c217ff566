"""Rails: endpoint i of every node hangs under a leaf of rail i; what rail-optimised and rail-only fabrics share."""

from abc import ABC
from typing import Annotated, Literal

from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.fold import Unit
from lightloom.fabric.folded_clos import FoldedClos
from lightloom.fabric.topology import Setting


class Rails(FoldedClos, ABC):
    """A folded Clos whose leaves each take one rail of a group of nodes; a node's endpoints are one of each rail.

    Args:
        hosts_per_leaf: Nodes of a group: ``full`` (as many as radix and oversubscription allow) or a count.
    """

    hosts_per_leaf: Annotated[Count, Field(ge=1)] | Literal["full"] = "full"

    def hosts_asked(self) -> int | None:
        """Nodes per group if the study states a number."""
        return None if isinstance(self.hosts_per_leaf, str) else self.hosts_per_leaf

    def unit(self, setting: Setting, most_hosts: int) -> Unit:
        """Return one leaf of each rail."""
        nodes = self.hosts_asked() or most_hosts
        rails = setting.endpoints_per_node
        return Unit(endpoints=nodes * rails, leaves=rails, hosts=nodes, striped=True)
