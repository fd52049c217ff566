"""Clos: leaves take endpoints in the order of the racks; switches above join every leaf to every other."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.units import Count
from lightloom.fabric.fold import Unit
from lightloom.fabric.folded_clos import Core, FoldedClos, Oversubscription
from lightloom.fabric.topology import Setting


class Clos(FoldedClos):
    """A folded Clos; with every port used it is the leaf-spine (two levels) or k-ary fat tree (three).

    Args:
        hosts_per_leaf: Endpoints under a leaf: ``rack`` (those of a rack, shared out over as few leaves as it takes),
            ``full`` (as many as radix and oversubscription allow), or a count.
    """

    kind: ClassVar[str] = "clos"

    topology: Literal["clos"] = "clos"
    hosts_per_leaf: Annotated[Count, Field(ge=1)] | Literal["rack", "full"] = "rack"

    def hosts_asked(self) -> int | None:
        """Endpoints per leaf if the study states a number."""
        return None if isinstance(self.hosts_per_leaf, str) else self.hosts_per_leaf

    def unit(self, setting: Setting, most_hosts: int) -> Unit:
        """Return a leaf, or the leaves of a rack."""
        if self.hosts_per_leaf != "rack":
            hosts = self.hosts_asked() or most_hosts
            return Unit(endpoints=hosts, leaves=1, hosts=hosts)
        rack = min(setting.endpoints_per_rack, setting.endpoints)
        leaves = -(-rack // most_hosts)
        hosts = -(-rack // leaves)
        return Unit(endpoints=rack, leaves=-(-rack // hosts), hosts=hosts)

    @classmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Build full trees, odd ones, tapered ones, planes, chassis and circuit cores."""
        two = cls(switch="plain", hosts_per_leaf="full")
        three = two.model_copy(update={"levels": 3})
        taper = Oversubscription(aggregation=7)
        pods = cls(switch="plain", levels=3, pod=96, oversubscription=taper)
        planes = two.model_copy(update={"planes": 2})
        thin = two.model_copy(update={"oversubscription": Oversubscription(leaf=3)})
        circuits = planes.model_copy(update={"levels": 3, "pod": 16, "core": Core(kind="circuit", switch="mirrors")})
        both = planes.model_copy(update={"levels": 3, "pod": 16, "core": Core(kind="hybrid", switch="mirrors")})
        some = two.model_copy(update={"core": Core(kind="hybrid", circuit_share=0.3)})
        no_spine = two.model_copy(update={"core": Core(kind="circuit")})
        return (
            (two, Setting.plain(8, 4)),
            (two, Setting.plain(7, 4)),
            (thin, Setting.plain(50, 8, per_node=2)),
            (planes, Setting.plain(24, 8, per_node=4)),
            (three, Setting.plain(16, 4)),
            (three, Setting.plain(128, 8, per_node=8)),
            (three, Setting.plain(93, 8, per_node=3)),
            (cls(switch="plain"), Setting.plain(40, 16, per_node=8, nodes_per_rack=3)),
            (pods, Setting.plain(300, 16, per_node=4, nodes_per_rack=2)),
            (circuits, Setting.plain(96, 8, per_node=8, circuit_ports=14)),
            (both, Setting.plain(96, 8, per_node=8, circuit_ports=14)),
            (some, Setting.plain(24, 8, circuit_ports=16)),
            (no_spine, Setting.plain(24, 8, circuit_ports=16)),
        )
