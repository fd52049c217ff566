"""Whether circuit switches can wire a topology: a bank of them for each permutation of nodes, or a pod of cubes.

**Ports.** Links of one kind join every node x to its image s(x): a permutation. A bank of switches has one fibre from
every node's ``+`` port and one from every node's ``-`` port of that kind; each carries both directions. One switch that
can set any permutation needs two ports a node, or one where the permutation is its own inverse and a node has a single
port. Larger machines split a bank: nodes of a coset M x of a subgroup of order m all lead to nodes of one coset M x s.
So the ``+`` fibres of one and the ``-`` fibres of the other meet in one switch of 2 m ports, nodes/m switches a bank.
What leads where between cosets is then laid down in fibre; circuits choose who joins whom between two of them.

**Cubes.** A pod of cubes of e x e x e nodes has copper inside, and opposite faces of an axis meet, place by place, in
one switch of two ports a cube. It makes the grids of three axes that repeat after whole cubes along every axis (all
vectors of their lattice are multiples of e), and, as the switches of an axis need not be set alike, the graphs of
:mod:`lightloom.fabric.synthesis.cubes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plane:
    """Links of one kind that circuits make: a permutation of nodes, or of the cubes that nodes stand in.

    Args:
        name: Of the step it is.
        members: Nodes or cubes.
        involution: Whether it is its own inverse, so that each has one port of it, not two.
        cosets: Orders of the subgroups whose cosets lead to cosets, ascending; at least 1.
    """

    name: str
    members: int
    involution: bool
    cosets: tuple[int, ...]

    @property
    def fibres_each(self) -> int:
        """Ports of each node or cube."""
        return 1 if self.involution else 2


@dataclass(frozen=True, slots=True)
class Banks:
    """How switches of one size hold a topology's links.

    Args:
        ports: That a switch needs to set any permutation of a bank.
        whole: Whether the switch asked about has so many.
        split_ports: Used of a switch, with banks split where they must be; 0 where not even that can be done.
        switches: In all, likewise.
    """

    ports: int
    whole: bool
    split_ports: int
    switches: int


def banks(planes: Sequence[Plane], ports_usable: int) -> Banks:
    """Return what banks of a switch take.

    Args:
        planes: Kinds of links.
        ports_usable: Of a switch.
    """
    needed = max(plane.fibres_each * plane.members for plane in planes)
    held = [_held(plane, ports_usable) for plane in planes]
    if not all(held):
        return Banks(needed, whole=False, split_ports=0, switches=0)
    used = max(members * plane.fibres_each for members, plane in zip(held, planes, strict=True))
    switches = sum(plane.members // members for members, plane in zip(held, planes, strict=True))
    return Banks(needed, needed <= ports_usable, used, switches)


def _held(plane: Plane, ports_usable: int) -> int:
    """Return how many a switch of a plane serves; 0 where it has too few ports for the links of one."""
    if plane.fibres_each * plane.members <= ports_usable:
        return plane.members
    return max((order for order in plane.cosets if 2 * order <= ports_usable), default=0)


def cube_rule(lattice: Sequence[Sequence[int]] | None, edge: int) -> str:
    """Return why a pod of cubes cannot wire a grid; an empty text where it can.

    Args:
        lattice: Vectors after which a grid of three axes repeats; None of a graph that is no such grid.
        edge: Nodes along a cube's edge.
    """
    if lattice is None:
        return "its links are not the steps of a grid of three axes"
    odd = next((vector for vector in lattice if any(entry % edge for entry in vector)), None)
    if odd is None:
        return ""
    return f"its grid repeats after {list(odd)}, which is not whole cubes of {edge}"
