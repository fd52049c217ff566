"""Circuits as mirrors: for every circuit switch, by which port light leaves that entered by another.

A switch has as many ports in as out, and joins each to at most one. So what it does is a permutation, and circuits of
several ports are shared out over switches by colouring the edges of a bipartite graph, senders on one side and
receivers on the other.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.permutations import coloured


@dataclass(frozen=True, slots=True, eq=False)
class PortMaps:
    """What each circuit switch joins.

    Args:
        out: Port by which what enters each port leaves, -1 for none, (switches, ports).
        block: Block behind each port, -1 for none, (ports,); the same at every switch.
    """

    out: Integers
    block: Integers

    @property
    def joined(self) -> Integers:
        """Connections from each block to each, (blocks, blocks)."""
        count = int(self.block.max(initial=-1)) + 1
        switch, port = np.nonzero(self.out >= 0)
        found = np.zeros((count, count), np.int64)
        np.add.at(found, (self.block[port], self.block[self.out[switch, port]]), 1)
        return found


def port_maps(joined: Integers, *, ports: int, switch_ports: int) -> PortMaps:
    """Return a setting of switches that joins blocks as wanted, each block by the same number of ports at every switch.

    Where circuits are symmetric, both directions of one pass the same switch, over the same two ports of its blocks;
    otherwise each port sends to one block and receives from another.

    Args:
        joined: Circuits from each block to each, (blocks, blocks); no block to itself.
        ports: Of each block; a port is a way out and a way in.
        switch_ports: Of each switch.

    Raises:
        StudyError: A block has too many circuits, or a switch too few ports for every block.
    """
    blocks = len(joined)
    both_ways = bool((joined == joined.T).all())
    _check(joined, ports, switch_ports, both_ways=both_ways)
    colours = coloured(_halves(joined) if both_ways else joined)
    each = switch_ports // blocks
    lines = each // 2 if both_ways else each  # settings of every block that fit one switch
    count = max(1, -(-(ports // 2 if both_ways else ports) // lines))
    out = np.full((count, switch_ports), -1, np.int64)
    sender, line = np.arange(blocks) * each, np.arange(len(colours))
    for colour, switch, place in zip(colours, line // lines, line % lines, strict=True):
        one = colour >= 0
        if both_ways:
            near, far = sender[one] + 2 * place, sender[colour[one]] + 2 * place + 1
            out[switch, near], out[switch, far] = far, near
        else:
            out[switch, sender[one] + place] = sender[colour[one]] + place
    block = np.where(np.arange(switch_ports) < blocks * each, np.arange(switch_ports) // each, -1)
    return PortMaps(frozen(out), frozen(block))


def _check(joined: Integers, ports: int, switch_ports: int, *, both_ways: bool) -> None:
    blocks, faults = len(joined), list[Fault]()
    most = int(max(joined.sum(axis=0).max(initial=0), joined.sum(axis=1).max(initial=0)))
    if most > ports:
        faults.append(Fault("circuits", f"a block has {most} circuits and {ports} ports", f"join at most {ports}"))
    if bool(joined.diagonal().any()):
        faults.append(Fault("circuits", "a block is joined to itself", "leave the diagonal at 0"))
    least = 2 * blocks if both_ways else blocks
    if switch_ports < least:
        message = f"a switch of {switch_ports} ports cannot serve {blocks} blocks"
        hint = f"take one of at least {least}" + (", an even number for each block" if both_ways else "")
        faults.append(Fault("switch", message, hint))
    if both_ways and ports % 2:
        message = f"{ports} ports a block cannot be halved into those that begin a circuit and those that end it"
        faults.append(Fault("ports", message, f"take {ports - 1} or {ports + 1}"))
    if faults:
        raise StudyError(faults)


def _halves(joined: Integers) -> Integers:
    """Return symmetric circuits with a direction each, so that every block begins as many as it ends, or one more.

    Of equal circuits between two blocks half go each way. What is odd is left: one circuit each between some blocks,
    and to make their number even everywhere, one between some blocks and a further one. A flow chooses where each
    begins, half of those at every block.

    Source: Petersen 1891; that half of the even number at each block can begin there is Euler's tour.
    """
    blocks = len(joined)
    odd = np.argwhere(np.triu(joined % 2, 1))
    uneven = np.flatnonzero(np.bincount(odd.ravel(), minlength=blocks) % 2)
    edges = np.concatenate([odd, np.stack([uneven, np.full_like(uneven, blocks)], axis=1)])
    directed = joined // 2
    if not len(edges):
        return directed
    count, sink = len(edges), 1 + len(edges) + blocks + 1
    vertex = 1 + count + np.arange(blocks + 1)
    degree = np.bincount(edges.ravel(), minlength=blocks + 1)
    number = 1 + np.arange(count)
    start = np.concatenate([np.zeros(count, np.int64), number, number, vertex])
    end = np.concatenate([number, vertex[edges[:, 0]], vertex[edges[:, 1]], np.full(blocks + 1, sink)])
    room = np.concatenate([np.ones(3 * count, np.int64), degree // 2]).astype(np.int32)
    network = csr_array((room, (start, end)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(network, 0, sink).flow
    begins_first = np.asarray(flow[number, vertex[edges[:, 0]]]).ravel() > 0
    tail = np.where(begins_first, edges[:, 0], edges[:, 1])
    head = np.where(begins_first, edges[:, 1], edges[:, 0])
    real = (tail < blocks) & (head < blocks)
    np.add.at(directed, (tail[real], head[real]), 1)
    return directed
