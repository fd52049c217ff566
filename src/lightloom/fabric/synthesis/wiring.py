"""Whether circuit switches can wire a topology: a bank of them for each permutation of nodes, or a pod of cubes.

**Ports.** Links of one kind join every node x to its image s(x): a permutation. A bank of switches has one fibre from
every node's ``+`` port and one to every node's ``-`` port of that kind; each carries both directions. One switch that
can set any permutation needs two ports a node, or one where the permutation is its own inverse and a node has a single
port. Larger machines split a bank: nodes of a coset M x of a subgroup of order m all lead to nodes of one coset M x s.
So their ``+`` fibres and the ``-`` fibres of that other coset meet in one switch of 2 m ports, nodes/m switches a bank.
What leads where between cosets is then laid down in fibre; circuits choose who joins whom between two of them.

**Cubes.** A pod of cubes of e x e x e nodes has copper inside, and opposite faces of an axis meet, place by place, in
one switch. It makes the grids of three axes that repeat after whole cubes along every axis: all vectors of their
lattice are multiples of e.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plane:
    """The links of one kind, a permutation of the nodes.

    Args:
        name: Of the step it is.
        involution: Whether it is its own inverse, so that a node has one port of it, not two.
        cosets: Orders of the subgroups whose cosets lead to cosets, ascending; at least 1.
    """

    name: str
    involution: bool
    cosets: tuple[int, ...]

    @property
    def fibres_per_node(self) -> int:
        """Ports of a node."""
        return 1 if self.involution else 2


@dataclass(frozen=True, slots=True)
class Banks:
    """How switches of one size hold a topology's links.

    Args:
        ports: That a switch needs to set any permutation of all nodes.
        whole: Whether the switch asked about has so many.
        split_ports: Used of a switch where banks are split.
        switches: In all, whole or split; 0 where not even that can be done.
    """

    ports: int
    whole: bool
    split_ports: int
    switches: int


def banks(planes: Sequence[Plane], nodes: int, ports_usable: int) -> Banks:
    """Return what banks of a switch take.

    Args:
        planes: Kinds of links.
        nodes: How many.
        ports_usable: Of a switch.
    """
    needed = max(plane.fibres_per_node for plane in planes) * nodes
    held = [_members(plane, nodes, ports_usable) for plane in planes]
    used = max(members * plane.fibres_per_node for members, plane in zip(held, planes, strict=True))
    switches = 0 if not all(held) else sum(nodes // members for members in held)
    return Banks(needed, needed <= ports_usable, used, switches)


def _members(plane: Plane, nodes: int, ports_usable: int) -> int:
    """Return nodes a switch of a plane serves; 0 where it has too few ports for the links of one."""
    if plane.fibres_per_node * nodes <= ports_usable:
        return nodes
    return max((order for order in plane.cosets if 2 * order <= ports_usable), default=0)


def cube_rule(lattice: Sequence[Sequence[int]] | None, edge: int) -> str:
    """Return why a pod of cubes cannot wire a topology; an empty text where it can.

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
