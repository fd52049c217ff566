"""Rail-optimised: endpoint i of every node hangs under a leaf of rail i, so that equals are one switch apart."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from lightloom.fabric.folded_clos import Core, Oversubscription
from lightloom.fabric.rails import Rails
from lightloom.fabric.topology import Setting


class RailOptimised(Rails):
    """Leaves of one rail each, and switches above that join all leaves: a node reaches its equals in one switch."""

    kind: ClassVar[str] = "rail-optimised"

    topology: Literal["rail-optimised"] = "rail-optimised"

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
