"""One of a fabric's networks, as far as its endpoints reach each other: who they are, and the levels above them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.across import ACROSS
from lightloom.fabric.fabric import Fabric, Level, Mesh
from lightloom.fabric.failed.joined import cut_off, touched
from lightloom.fabric.portrait.standing import Standing, standing
from lightloom.fabric.wiring import Domain

WITHIN: Mapping[Domain, frozenset[Domain]] = {
    "scale_up": frozenset[Domain](("scale_up",)),
    "scale_out": frozenset[Domain](("scale_out",)),
    "scale_across": frozenset[Domain](("scale_out", "scale_across")),
}
"""Whose cables a network's traffic takes: what goes from site to site takes those of the sites too."""


@dataclass(frozen=True, slots=True, eq=False)
class Rung:
    """A level as the endpoints of one island see it; arrays are read-only.

    Args:
        domain: Where it is of.
        name: Of the level.
        block: (endpoints,) block each is in, numbered without gaps.
        up: (blocks,) bytes/s one way, over packet switches and circuits together where blocks have both.
        latency: Of crossing it, s.
        mesh: How its blocks are joined to each other; None where by what is above them.
    """

    domain: Domain
    name: str
    block: Integers
    up: Floats
    latency: float
    mesh: Mesh | None

    @property
    def sizes(self) -> Integers:
        """(blocks,) Endpoints in each."""
        return np.bincount(self.block, minlength=len(self.up))

    @property
    def funnels(self) -> bool:
        """Whether something above joins its blocks, of which there are several."""
        return self.mesh is None and len(self.up) > 1


@dataclass(frozen=True, slots=True, eq=False)
class Island:
    """Endpoints that a network joins; of several equal ones the largest.

    Args:
        domain: Which network.
        islands: How many there are.
        members: (endpoints,) vertices of the wiring, ascending: of a network card, its first accelerator.
        sharers: Accelerators that share one endpoint.
        rungs: Levels, lowest first.
        circuits: Whether circuit switches join the blocks of one of them.
        hybrid: Whether packet switches join the same blocks too.
        standing: What there is of the mesh that joins the blocks of the topmost level; None without, or without links.
        terminal: (blocks,) terminal of that mesh each block is; empty without.
        lost: Accelerators of the network that failures cut off.
    """

    domain: Domain
    islands: int
    members: Integers
    sharers: int
    rungs: tuple[Rung, ...]
    circuits: bool
    standing: Standing | None
    terminal: Integers
    lost: int
    hybrid: bool = False

    @property
    def endpoints(self) -> int:
        """How many."""
        return len(self.members)

    @property
    def mesh(self) -> Mesh | None:
        """How the blocks of the topmost level are joined to each other, where they are."""
        return self.standing.mesh if self.standing else None


def networks_of(fabric: Fabric) -> tuple[Domain, ...]:
    """Return the networks of a fabric, innermost first."""
    return tuple(dict.fromkeys(level.domain for level in fabric.levels))


def island_of(fabric: Fabric, domain: Domain, member: int | None = None) -> Island:
    """Return one island of a network, of those in which something has failed, if any, the first of the largest.

    Whom failures cut off is of none.

    Args:
        fabric: As built.
        domain: Which network.
        member: An endpoint of the island that is wanted; the above if left out.

    Raises:
        StudyError: Failures leave nobody who reaches another.
    """
    levels = [level for level in fabric.levels if level.domain in WITHIN[domain]]
    host = levels[0].block
    _, first = np.unique(host, return_index=True)
    lost = cut_off(fabric, WITHIN[domain])
    reaching = np.setdiff1d(first, lost)
    label = _labels(fabric, domain, levels)[reaching]
    kinds, sizes = np.unique(label, return_counts=True)
    if len(lost) and sizes.max(initial=0) < 2:
        message = "leaves no two endpoints that reach each other"
        raise StudyError(Fault(f"{levels[0].domain}.failed", message, "let less fail"))
    hurt = touched(fabric, WITHIN[domain])[reaching]
    members = reaching[label == _chosen(kinds, sizes, label, hurt)]
    if member is not None:
        members = reaching[label == label[reaching == member]]
    stands, terminal = _standing(levels[-1], members)
    return Island(
        domain=domain,
        islands=len(kinds),
        members=frozen(members),
        sharers=round(len(host) / len(first)),
        rungs=tuple(_rung(level, members, _aside(fabric, level), stands) for level in levels if _leads(fabric, level)),
        circuits=domain != "scale_up" and fabric.circuit_space is not None,
        hybrid=domain != "scale_up" and fabric.circuit_space is not None and fabric.circuit_space.packet is not None,
        standing=stands,
        terminal=frozen(terminal),
        lost=len(lost),
    )


def _chosen(kinds: Integers, sizes: Integers, label: Integers, hurt: Booleans) -> int:
    """Return the label of the largest island, of those in which something has failed where these are not too small."""
    failed = np.isin(kinds, label[hurt]) & (sizes > 1)
    return int(kinds[np.argmax(np.where(failed, sizes, 0) if failed.any() else sizes)])


def _labels(fabric: Fabric, domain: Domain, levels: list[Level]) -> Integers:
    """(accelerators,) Island of each: its scale-up domain, its site, its rail, or its part of equal graphs."""
    label = np.zeros_like(fabric.scale_up_domain)
    if domain == "scale_up":
        return fabric.scale_up_domain
    if domain == "scale_out":
        label = next((level.block for level in fabric.levels if level.domain == ACROSS), label)
    top = levels[-1]
    if not _leads(fabric, top):
        return label * len(top.up) + top.block
    if top.mesh is None:
        return label
    return label * (int(top.block.max()) + 1) + top.block // top.mesh.ground.graph.terminals


def _leads(fabric: Fabric, level: Level) -> bool:
    """Return whether anything leads on from a level's blocks."""
    return bool(level.up.any()) or _aside(fabric, level) > 0


def _aside(fabric: Fabric, level: Level) -> float:
    """Return bytes/s of a level's blocks over circuits beside its packet switches, one way."""
    space = fabric.circuit_space
    if space is None or space.packet is None or (level.domain, level.name) != ("scale_out", space.level):
        return 0.0
    return space.ports_per_block * space.bandwidth


def _standing(top: Level, members: Integers) -> tuple[Standing | None, Integers]:
    """Return what the members have of a mesh, and which of its terminals their blocks are."""
    if top.mesh is None:
        return None, np.zeros(0, np.int64)
    used = np.unique(top.block[members])
    part, first = divmod(int(used[0]), top.mesh.ground.graph.terminals)
    homes = used - part * top.mesh.ground.graph.terminals
    found = standing(top.mesh, part, np.array([first]))
    if not found.mesh.ground.graph.links:
        return None, np.zeros(0, np.int64)
    return found, np.searchsorted(found.vertex, homes)


def _rung(level: Level, members: Integers, aside: float, stands: Standing | None) -> Rung:
    used, block = np.unique(level.block[members], return_inverse=True)
    mesh = stands.mesh if level.mesh and stands else None
    return Rung(level.domain, level.name, frozen(block), frozen(level.up[used] + aside), level.latency, mesh)


def shared_pairs(block: Integers) -> float:
    """Return the share of ordered pairs of different endpoints that are in one block."""
    sizes = np.bincount(block).astype(np.float64)
    count = float(len(block))
    return float((sizes * (sizes - 1)).sum() / (count * (count - 1)))
