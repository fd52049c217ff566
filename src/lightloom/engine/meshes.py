"""How busy the links of a mesh are while every rank sends one byte on a pattern, and how far its bytes go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, spaced
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.engine.crossing import NONE, Crossing
from lightloom.engine.footprint import Footprint, cell_of, shared
from lightloom.engine.group import SPREAD, Groups, along, parts_of
from lightloom.fabric.fabric import Level, Mesh
from lightloom.fabric.measures.distances import distances
from lightloom.fabric.measures.sparse import NoWayError
from lightloom.fabric.routing.routing import Ground


@dataclass(frozen=True, slots=True, eq=False)
class Meshed:
    """A mesh under the ranks of a job.

    Args:
        mesh: The mesh.
        inside: Whether it carries what stays in a scale-up domain, or what leaves it.
        block: Block of each rank, the job's first.
        away: (terminals, terminals) links from each vertex to each; infinite where there is no way.
        broken: By part, what is left of it and how far its vertices are from each other, likewise.
    """

    mesh: Mesh
    inside: bool
    block: Integers
    away: Floats
    broken: Mapping[int, tuple[Ground, Floats]]

    @classmethod
    def of(cls, level: Level, mesh: Mesh, world: int) -> Self:
        """Return a level's mesh under that many ranks."""
        broken = {part: (ground, distances(ground.graph)) for part, ground in mesh.broken}
        return cls(mesh, level.domain == "scale_up", level.block[:world], distances(mesh.ground.graph), broken)

    def crossing(self, footprint: Footprint, axes: GroupAxes, pattern: Pattern) -> tuple[Crossing, int]:
        """Return what the busiest link needs per byte each rank sends, and how many links the longest way has.

        Parts that carry the same are routed once, unless something of them has failed.
        """
        terminals = self.mesh.ground.graph.terminals
        flows = self._flows(footprint, axes, pattern)
        share = float(flows.sum()) / footprint.world
        if not share:
            return NONE, 0
        seconds, longest = 0.0, 0
        done: set[bytes] = set()
        for start in range(0, flows.shape[0], terminals):
            part: Floats = flows[start : start + terminals, start : start + terminals].toarray()
            broken = start // terminals in self.broken
            if part.any() and (broken or part.tobytes() not in done):
                if not broken:
                    done.add(part.tobytes())
                busiest, links = self._routed(start // terminals, part)
                seconds, longest = max(seconds, busiest), max(longest, links)
        return Crossing(seconds, share), longest

    def _routed(self, number: int, flows: Floats) -> tuple[float, int]:
        """Return what the busiest link of a part carries over what it can, and how many links the longest way has.

        It takes for ever where there is no way, or none that the routing knows.

        Leaves out: links of a way that is longer than the shortest.
        """
        ground, away = self.broken.get(number, (self.mesh.ground, self.away))
        longest = float(away[flows > 0].max())
        if not np.isfinite(longest):
            return np.inf, 0
        try:
            return self.mesh.routing.loads(ground, flows).busiest, int(longest)
        except NoWayError:
            return np.inf, 0

    def _flows(self, footprint: Footprint, axes: GroupAxes, pattern: Pattern) -> csr_array:
        """Return (blocks, blocks) bytes between blocks, sender first, while every rank of the job sends one."""
        cell = cell_of(footprint, axes)
        cell = cell if shared(self.block, cell) else 1
        thin = footprint.thinned(cell)
        groups = Groups.of(thin, spaced(axes, cell), thin.world)
        terminals = self.mesh.ground.graph.terminals
        blocks = (int(self.block.max()) // terminals + 1) * terminals
        if not groups.applies(pattern):
            return csr_array((blocks, blocks))
        count = _spread if pattern in SPREAD else _single
        found = count(groups, pattern, self.block[::cell], thin.domain, blocks, inside=self.inside) * float(cell)
        found.setdiag(0.0)
        found.eliminate_zeros()
        return csr_array(found)


def _single(
    groups: Groups, pattern: Pattern, block: Integers, domain: Integers, blocks: int, *, inside: bool
) -> csr_array:
    """Count a pattern in which every rank has one target."""
    ranks = groups.ring if pattern is Pattern.NEIGHBOUR else groups.ranks
    source, home = (along(groups, pattern, label[ranks]) for label in (block, domain))
    stays: Booleans = home == np.roll(home, -1, axis=1)
    counted = stays if inside else ~stays
    pair = (source[counted], np.roll(source, -1, axis=1)[counted])
    return csr_array((np.ones(len(pair[0])), pair), shape=(blocks, blocks))


def _spread(
    groups: Groups, pattern: Pattern, block: Integers, domain: Integers, blocks: int, *, inside: bool
) -> csr_array:
    """Count a pattern in which every rank sends equally to all members of its row's other parts."""
    label, home = (parts_of(groups, pattern, each[groups.ranks]) for each in (block, domain))
    rows, parts, inner = label.shape
    part: Integers = np.repeat(np.arange(rows * parts, dtype=np.int64), inner).reshape(label.shape)
    row = part // parts
    width = int(domain.max()) + 1
    found = _together(row * width + home, label, blocks) - _together(part * width + home, label, blocks)
    if not inside:
        found = _together(row, label, blocks) - _together(part, label, blocks) - found
    return csr_array(found / float((parts - 1) * inner))


def _together(team: Integers, label: Integers, blocks: int) -> csr_array:
    """Return for each two blocks how many ordered pairs of members of one team lie in the one and the other."""
    _, dense = np.unique(team.ravel(), return_inverse=True)
    members = csr_array((np.ones(label.size), (dense, label.ravel())), shape=(int(dense.max()) + 1, blocks))
    return csr_array(members.T @ members)
