"""Rail-only: endpoint i of every node is on rail i, and no switch joins two rails."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Literal, Self

from lightloom.core.errors import Fault
from lightloom.fabric.fold import Fold, Stage
from lightloom.fabric.folded_clos import Oversubscription
from lightloom.fabric.rails import Rails
from lightloom.fabric.tier_rates import Gauge
from lightloom.fabric.topology import Setting


class RailOnly(Rails):
    """As many leaf-spines as a node has endpoints, one for each rail.

    What has to change rails does so inside scale-up domains: collectives that keep to rails between domains are timed,
    and a job whose ranks must talk across rails directly is not feasible.

    Leaves out: relays across rails of single messages, such as sends between stages on different rails.
    Source: Wang et al., "Rail-only", arXiv 2307.12169.
    """

    kind: ClassVar[str] = "rail-only"

    topology: Literal["rail-only"] = "rail-only"

    def fold(self, setting: Setting) -> Fold:
        """Return the whole numbers of one plane, its spines dealt out to the rails; see :class:`FoldedClos`."""
        return replace(super().fold(setting), rails=setting.endpoints_per_node)

    def _top(self, setting: Setting, gauge: Gauge, *, blocks: int, block_up: int) -> tuple[Stage, list[Fault]]:
        """Return the spines of all rails; each rail has the same."""
        rails = setting.endpoints_per_node
        each, faults = super()._top(setting, gauge, blocks=blocks // rails, block_up=block_up)
        return replace(each, boxes=each.boxes * rails), faults

    def _meaningless(self) -> list[Fault]:
        faults = super()._meaningless()
        if self.core.kind != "packet":
            message = "rails apart have no common top for circuit switches"
            faults.append(Fault("core", message, "write core: packet, or topology: rail-optimised"))
        if self.levels != 2:
            message = "each rail is a leaf-spine of its own"
            faults.append(Fault("levels", message, "write levels: 2; a spine may be a chassis of many ports"))
        return faults

    @classmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Build whole groups, a broken one, tapers and planes."""
        plain = cls(switch="plain")
        return (
            (plain, Setting.plain(64, 8, per_node=4)),
            (plain, Setting.plain(56, 8, per_node=4)),
            (
                plain.model_copy(update={"oversubscription": Oversubscription(leaf=2)}),
                Setting.plain(96, 12, per_node=2),
            ),
            (cls(switch="plain", hosts_per_leaf=3, planes=2), Setting.plain(48, 8, per_node=4, nodes_per_rack=2)),
        )
