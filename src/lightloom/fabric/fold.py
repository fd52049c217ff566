"""Whole numbers of a folded Clos: how many switches of each tier, with how many ports down and up."""

import math
from dataclasses import dataclass
from typing import Self

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault

TINY = 1e-9
"""Relative room for rounding when bandwidths are divided."""


def uplinks(downlinks: int, oversubscription: float, gear: float = 1.0) -> int:
    """Fewest whole uplinks that keep a switch within its oversubscription.

    Args:
        downlinks: Of a switch.
        oversubscription: Bandwidth below over bandwidth above, at most.
        gear: Rate of an uplink over that of a downlink.
    """
    return math.ceil(downlinks / (oversubscription * gear) * (1 - TINY))


@dataclass(frozen=True, slots=True)
class Split:
    """How the throughput of a switch may be split into ports of one rate below and of one above.

    Args:
        below: Ports, were all of them of the rate below; what capacity is counted in.
        above: Ports, were all of them of the rate above.
        gear: Rate above over rate below.

    Leaves out: cages whose ports are of several rates each, which some switches do not have.
    """

    below: int
    above: int
    gear: float = 1.0

    @classmethod
    def even(cls, ports: int) -> Self:
        """Return that of a switch whose ports are all of one rate."""
        return cls(ports, ports)

    def taken(self, downlinks: int, uplinks: int) -> int:
        """Ports of the rate below that would take as much of the switch as its links do.

        >>> Split(128, 64, 2.0).taken(64, 32)
        128
        """
        return downlinks + -(-uplinks * self.below // self.above)

    def uplinks(self, downlinks: int, oversubscription: float) -> int:
        """Fewest that keep within an oversubscription."""
        return uplinks(downlinks, oversubscription, self.gear)

    def most_downlinks(self, oversubscription: float) -> int:
        """Most downlinks whose uplinks still find ports; 0 if not even one does."""
        narrower = oversubscription * self.gear * self.above
        share = math.floor(self.below * narrower / (self.below + narrower) * (1 + TINY)) + 1
        fits = (
            down for down in range(share, 0, -1) if self.taken(down, self.uplinks(down, oversubscription)) <= self.below
        )
        return next(fits, 0)

    def most_uplinks(self, downlinks: int) -> int:
        """Most uplinks beside so many downlinks."""
        return max(self.below - downlinks, 0) * self.above // self.below

    def times(self, ports: int) -> "Split":
        """Return that of a box of so many ports of the rate below."""
        return Split(ports, ports * self.above // self.below, self.gear)

    def offered(self, limit: int, downlinks: Integers, uplinks: Integers) -> Integers:
        """(switches,) Ports as they are split: those in use, and what is left as ports of the slower rate.

        Args:
            limit: Ports of the rate below that a box has.
            downlinks: (switches,) in use.
            uplinks: (switches,) in use.
        """
        left = (limit - downlinks) * self.above - uplinks * self.below
        return downlinks + uplinks + left // min(self.below, self.above)


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
        ports: Most ports one of them uses, counted as ports of the rate below.
        limit: Ports it has, likewise.
        chips: What it is made of.
        split: Of one chip.
    """

    boxes: int
    ports: int
    limit: int
    chips: int
    split: Split


@dataclass(frozen=True, slots=True)
class Fold:
    """One plane of a folded Clos.

    Args:
        unit: Smallest whole piece of the leaf tier.
        rates: Of a cable of each level, lowest first, bytes/s one way.
        split: Of a leaf.
        leaves: Leaves in all.
        leaf_up: Uplinks of a leaf.
        leaves_per_pod: Leaves in a pod; without an aggregation tier each leaf is one.
        pods: Pods; without an aggregation tier, leaves.
        aggregation: Switches of a pod; None with two levels.
        aggregation_up: Uplinks of each of them.
        top: Switches above all pods, packet or circuit.
        mirrors: Circuit switches beside packet switches at the top; None without such.
        mirrors_up: Of the uplinks of each switch below the top, those to them.
        rails: Parts that no switch joins, leaves and top switches dealt out to them in turn; 1 where the top joins all.
    """

    unit: Unit
    rates: tuple[float, ...]
    split: Split
    leaves: int
    leaf_up: int
    leaves_per_pod: int
    pods: int
    aggregation: Stage | None
    aggregation_up: int
    top: Stage
    mirrors: Stage | None = None
    mirrors_up: int = 0
    rails: int = 1

    @property
    def top_up(self) -> int:
        """Uplinks of each switch below the top, all of them."""
        return self.aggregation_up if self.aggregation else self.leaf_up

    @property
    def pod_mirrors_up(self) -> int:
        """Of the uplinks of a pod, those to circuit switches beside packet switches."""
        return self.mirrors_up * (self.aggregation.boxes if self.aggregation else 1)

    @property
    def pod_up(self) -> int:
        """Uplinks of a pod."""
        return self.aggregation.boxes * self.aggregation_up if self.aggregation else self.leaf_up

    @property
    def oversubscription(self) -> tuple[float, float]:
        """What whole ports make of it at a full leaf and at a full pod (1 without an aggregation tier)."""
        leaf = self.unit.hosts / (self.leaf_up * self.split.gear)
        if self.aggregation is None:
            return leaf, 1.0
        return leaf, self.leaves_per_pod * self.leaf_up / (self.pod_up * self.aggregation.split.gear)


@dataclass(frozen=True, slots=True)
class Boxes:
    """What boxes may be built of.

    Args:
        product: Catalog name of the switch.
        split: Its ports.
        chassis: Whether a box may hold several.
        port: What ports are counted as, such as ``400 Gb/s``, where a box has two rates.
    """

    product: str
    split: Split
    chassis: bool
    port: str = ""

    @property
    def radix(self) -> int:
        """Ports of one switch, of the rate below."""
        return self.split.below

    def stage(self, boxes: int, down: int, up: int = 0) -> Stage:
        """Return boxes of a tier, each with so many links at most."""
        ports = self.split.taken(down, up)
        return Stage(boxes, ports, max(ports, self.radix), chassis_chips(ports, self.radix), self.split)

    @property
    def most_ports(self) -> int:
        """Ports of the largest box."""
        return largest_chassis(self.radix) if self.chassis else self.radix

    def fault(self, ports: int, key: str, what: str, hint: str) -> Fault | None:
        """Say why a box with that many ports cannot be had, or nothing."""
        if ports <= self.most_ports:
            return None
        counted = f"ports of {self.port}" if self.port else "ports"
        if self.chassis:
            message = (
                f"{what} needs boxes of {ports} {counted}; a chassis of '{self.product}' has at most {self.most_ports}"
            )
            return Fault(key, message, hint)
        message = f"{what} needs switches of {ports} {counted}; '{self.product}' has {self.radix}"
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
