"""Whole numbers of a folded Clos: how many switches of each tier, with how many ports down and up."""

import math
from dataclasses import dataclass

from lightloom.core.errors import Fault

TINY = 1e-9
"""Relative room for rounding when bandwidths are divided."""


def uplinks(downlinks: int, oversubscription: float) -> int:
    """Fewest whole uplinks that keep a switch within its oversubscription."""
    return math.ceil(downlinks / oversubscription * (1 - TINY))


def most_downlinks(radix: int, oversubscription: float) -> int:
    """Most downlinks of a switch whose uplinks still find ports; 0 if not even one does."""
    share = math.floor(radix * oversubscription / (1 + oversubscription) * (1 + TINY)) + 1
    return next((down for down in range(share, 0, -1) if down + uplinks(down, oversubscription) <= radix), 0)


def chassis_chips(ports: int, radix: int) -> int:
    """Switch chips of a box with that many ports: one, or two non-blocking stages inside.

    Line chips give half their ports to the outside, fabric chips all of theirs to line chips.
    """
    if ports <= radix:
        return 1
    lines = math.ceil(ports / (radix // 2))
    return lines + math.ceil(lines * (radix // 2) / radix)


def largest_chassis(radix: int) -> int:
    """Ports of the largest box of two stages."""
    return radix * (radix // 2)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest whole piece of the leaf tier: a leaf, the leaves of a rack, or one leaf of each rail.

    Args:
        endpoints: Under the piece.
        leaves: In it.
        hosts: Endpoints under each leaf.
        striped: Endpoints go round the leaves in turn (rails) instead of filling one after the other.
    """

    endpoints: int
    leaves: int
    hosts: int
    striped: bool = False

    def leaves_for(self, endpoints: int) -> int:
        """Leaves that a number of endpoints needs."""
        whole, rest = divmod(endpoints, self.endpoints)
        return whole * self.leaves + min(rest if self.striped else -(-rest // self.hosts), self.leaves)


@dataclass(frozen=True, slots=True)
class Stage:
    """Switches of one tier, of one plane.

    Args:
        boxes: In each pod that they serve alone, or in all.
        ports: Most ports one of them uses.
        limit: Ports it has.
        chips: What it is made of.
    """

    boxes: int
    ports: int
    limit: int
    chips: int


@dataclass(frozen=True, slots=True)
class Fold:
    """One plane of a folded Clos.

    Args:
        unit: Smallest whole piece of the leaf tier.
        radix: Ports of the packet switch.
        leaves: Leaves in all.
        leaf_up: Uplinks of a leaf.
        leaves_per_pod: Leaves in a pod; without an aggregation tier each leaf is one.
        pods: Pods; without an aggregation tier, leaves.
        aggregation: Switches of a pod; None with two levels.
        aggregation_up: Uplinks of each of them.
        top: Switches above all pods, packet or circuit.
    """

    unit: Unit
    radix: int
    leaves: int
    leaf_up: int
    leaves_per_pod: int
    pods: int
    aggregation: Stage | None
    aggregation_up: int
    top: Stage

    @property
    def pod_up(self) -> int:
        """Uplinks of a pod."""
        return self.aggregation.boxes * self.aggregation_up if self.aggregation else self.leaf_up

    @property
    def oversubscription(self) -> tuple[float, float]:
        """What whole ports make of it at a full leaf and at a full pod (1 without an aggregation tier)."""
        leaf = self.unit.hosts / self.leaf_up
        return leaf, self.leaves_per_pod * self.leaf_up / self.pod_up if self.aggregation else 1.0


@dataclass(frozen=True, slots=True)
class Boxes:
    """What boxes may be built of.

    Args:
        product: Catalog name of the switch.
        radix: Its ports at the links' rate.
        chassis: Whether a box may hold several.
    """

    product: str
    radix: int
    chassis: bool

    def stage(self, boxes: int, ports: int) -> Stage:
        """Return boxes of a tier."""
        return Stage(boxes, ports, max(ports, self.radix), chassis_chips(ports, self.radix))

    @property
    def most_ports(self) -> int:
        """Ports of the largest box."""
        return largest_chassis(self.radix) if self.chassis else self.radix

    def fault(self, ports: int, key: str, what: str, hint: str) -> Fault | None:
        """Say why a box with that many ports cannot be had, or nothing."""
        if ports <= self.most_ports:
            return None
        if self.chassis:
            message = (
                f"{what} needs boxes of {ports} ports; a chassis of '{self.product}' has at most {self.most_ports}"
            )
            return Fault(key, message, hint)
        message = f"{what} needs switches of {ports} ports; '{self.product}' has {self.radix}"
        return Fault(key, message, f"{hint}, or let a box hold several chips: chassis: true")


def spread(links: int, lowest: int, boxes: Boxes) -> tuple[int, int]:
    """Share links out over as few boxes as the radix allows, yet so that every block below reaches every box.

    Args:
        links: Uplinks of all blocks together.
        lowest: Uplinks of one block: there may be no more boxes than that.
        boxes: What a box may be.

    Returns:
        How many boxes, and the most ports one of them uses.
    """
    count = min(math.ceil(links / boxes.radix), lowest)
    return count, math.ceil(links / count)
