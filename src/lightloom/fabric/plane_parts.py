"""Parts lists of networks of equal switches, plane by plane: switches, short cables and long ones, without wiring any.

A plane is one of several equal networks side by side. Cables that stay in a rack or two are counted apart from those
across a hall, as the former can be copper and the latter cannot.
"""

from dataclasses import dataclass
from math import ceil

from lightloom.fabric.topologies.dragonfly import Dragonfly
from lightloom.fabric.topologies.hammingmesh import HammingMesh
from lightloom.fabric.topologies.torus import Torus


@dataclass(frozen=True, slots=True)
class PlaneParts:
    """What one plane, or several, is made of.

    Args:
        endpoints: Joined.
        switches: Equal ones.
        short: Cables from endpoints to their switch, and within a group.
        long: Cables across the hall.
    """

    endpoints: int
    switches: int
    short: int
    long: int

    def planes(self, count: int) -> "PlaneParts":
        """Return those of several planes that join the same endpoints."""
        return PlaneParts(self.endpoints, self.switches * count, self.short * count, self.long * count)


def tree_parts(endpoints: int, radix: int, down: int | None = None) -> PlaneParts:
    """Return the parts of a tree whose leaves may have fewer ports up than down; above them nothing is oversubscribed.

    Args:
        endpoints: At least so many; the last leaf is filled up.
        radix: Ports of a switch, even.
        down: Ports of a leaf to endpoints, the others lead up; half of them if left out.

    Leaves out: whether uplinks share out evenly over the switches above, and more levels than three.
    """
    below = down or radix // 2
    leaves = ceil(endpoints / below)
    links = leaves * (radix - below)
    if leaves <= radix:
        return PlaneParts(leaves * below, leaves + ceil(links / radix), leaves * below, links)
    middle = ceil(2 * links / radix)
    lifted = middle * (radix // 2)
    return PlaneParts(leaves * below, leaves + middle + ceil(lifted / radix), leaves * below, links + lifted)


def dragonfly_parts(network: Dragonfly) -> PlaneParts:
    """Return the parts of a dragonfly, every global port cabled whether or not groups share them out evenly."""
    routers = network.routers * network.group_count
    within = routers * (network.routers - 1) // 2
    return PlaneParts(network.endpoints, routers, network.endpoints + within, routers * network.global_ports // 2)


def row_parts(endpoints: int, *, rows: int, ends: int, radix: int) -> PlaneParts:
    """Return the parts of rows whose ends meet in switches: those of several rows share one, or one row takes a tree.

    Half of the ends are near their switch.

    Args:
        endpoints: Joined.
        rows: In all directions together.
        ends: Of links from endpoints, of one row.
        radix: Ports of a switch.
    """
    if ends <= radix:
        return PlaneParts(endpoints, ceil(rows / (radix // ends)), rows * ends // 2, rows * ends // 2)
    tree = tree_parts(ends, radix)
    return PlaneParts(endpoints, rows * tree.switches, rows * ends // 2, rows * (ends // 2 + tree.long))


def board_parts(network: HammingMesh, radix: int) -> PlaneParts:
    """Return the parts of a HammingMesh; its boards are printed, so that they take no cables."""
    known = network.known()
    return row_parts(int(known["terminals"]), rows=int(known["switches"]), ends=2 * network.boards, radix=radix)


def torus_parts(network: Torus, board: int) -> PlaneParts:
    """Return the parts of a torus of two axes on printed boards, whose cables all lead from board to board.

    Args:
        network: Its sides are whole boards.
        board: Endpoints along a side of a board.
    """
    known = network.known()
    printed = int(known["terminals"]) // board**2 * 2 * board * (board - 1)
    return PlaneParts(int(known["terminals"]), 0, 0, int(known["links"]) - printed)
