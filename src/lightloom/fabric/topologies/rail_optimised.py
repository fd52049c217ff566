"""Rail-optimised: endpoint i of every node hangs under a leaf of rail i, so that equals are one switch apart."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.fold import Unit
from lightloom.fabric.folded_clos import Core, FoldedClos, Oversubscription
from lightloom.fabric.topology import Setting


class RailOptimised(FoldedClos):
    """A folded Clos whose leaves each take one rail of a group of nodes; a node's endpoints are one of each rail.

    Args:
        hosts_per_leaf: Nodes of a group: ``full`` (as many as radix and oversubscription allow) or a count.
    """

    kind: ClassVar[str] = "rail-optimised"

    topology: Literal["rail-optimised"] = "rail-optimised"
    hosts_per_leaf: Annotated[Count, Field(ge=1)] | Literal["full"] = "full"

    def hosts_asked(self) -> int | None:
        """Nodes per group if the study states a number."""
        return None if isinstance(self.hosts_per_leaf, str) else self.hosts_per_leaf

    def unit(self, setting: Setting, most_hosts: int) -> Unit:
        """Return one leaf of each rail."""
        nodes = self.hosts_asked() or most_hosts
        rails = setting.endpoints_per_node
        return Unit(endpoints=nodes * rails, leaves=rails, hosts=nodes, striped=True)

    @classmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Build whole groups, a broken one, pods, tapers, planes and a circuit core."""
        plain = cls(switch="plain")
        tapered = cls(switch="plain", levels=3, oversubscription=Oversubscription(leaf=2))
        circuits = cls(
            switch="plain",
            levels=3,
            pod=64,
            oversubscription=Oversubscription(aggregation=3),
            core=Core(kind="circuit"),
        )
        return (
            (plain, Setting.plain(64, 16, per_node=8)),
            (plain, Setting.plain(56, 8, per_node=4)),
            (cls(switch="plain", hosts_per_leaf=3, planes=2), Setting.plain(48, 8, per_node=4, nodes_per_rack=2)),
            (tapered, Setting.plain(192, 12, per_node=2)),
            (circuits, Setting.plain(256, 16, per_node=4, nodes_per_rack=4)),
        )
