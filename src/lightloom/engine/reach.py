"""What a group of ranks gets of a fabric: one small table that every recipe indexes into.

For every kind of group and every pattern of traffic, all groups of that kind being active at once: how long the busiest
block of each level takes per byte that each rank sends, and how late a message arrives. Bandwidth is thus divided among
the flows that really cross a boundary under the placement, not by a factor of oversubscription.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes, normal, spaced
from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.engine.circuits.carried import Carried
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.circuits.moving import Moving
from lightloom.engine.circuits.routing import Routes, circuit_level
from lightloom.engine.crossing import crossings
from lightloom.engine.footprint import Footprint, cell_of
from lightloom.engine.group import Groups
from lightloom.engine.meshes import Meshed
from lightloom.engine.pairs import Pairs
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of, labelled

CIRCUIT = "circuit"
RINGS = frozenset({Pattern.LOCAL_RING, Pattern.REMOTE_RING})


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Bandwidth, concurrency and latency by kind of group.

    Args:
        keys: Kinds of group in their normal form, one a row; of several scale-out fabrics, once for each, those of the
            main one first.
        levels: ``domain.level`` of each column, in the fabric's order; circuits, where there are, last.
        scale_up: Which levels are inside scale-up domains, shape (levels,).
        size: Ranks of a group, shape (rows,).
        local: How many of them each scale-up domain counts as holding (the greatest number dividing all), (rows,).
        domains: Scale-up domains the widest group touches, (rows,).
        seconds_per_byte: Time of the busiest block per byte each rank sends, (rows, patterns, levels); infinite where
            circuits join no path.
        latency: One way from rank to rank at worst, s, (rows, patterns); between sites, of a ring's mean hop.
        share: Bytes that cross a level upwards per byte sent, mean over all ranks, (rows, patterns, levels).
        setup: Paid once for each phase of an operation, s, (rows, patterns): changes of circuits.
        index: Row of each kind of group on the main fabric.
        begins: Rows before those of the fabric that carries a group of ranks, by its name; 0 for those not in it.
    """

    keys: tuple[GroupAxes, ...]
    levels: tuple[str, ...]
    scale_up: Booleans
    size: Integers
    local: Integers
    domains: Integers
    seconds_per_byte: Floats
    latency: Floats
    share: Floats
    setup: Floats
    index: Mapping[GroupAxes, int] = field(repr=False)
    begins: Mapping[str, int] = field(default_factory=dict[str, int], repr=False)

    def row(self, axes: GroupAxes) -> int:
        """Return the row of a kind of group, however spelt; KeyError if it was not measured."""
        return self.index[normal(axes)]

    def rows(self, keys: Sequence[GroupAxes], group: str = "") -> Integers:
        """Return the rows of several kinds of group.

        Args:
            keys: Kinds of group.
            group: Which ranks they are, such as ``expert``: what carries them may be a fabric beside the main one.
        """
        return np.array([self.row(axes) for axes in keys], np.int64) + self.begins.get(group, 0)

    def repeated(self, times: int) -> "Reach":
        """Return the table so many times over, one below the other; :meth:`row` finds the first."""

        def tiled(column: Any) -> Any:  # noqa: ANN401 - an array of any kind and shape
            return frozen(np.concatenate([column] * times))

        return replace(
            self,
            keys=self.keys * times,
            size=tiled(self.size),
            local=tiled(self.local),
            domains=tiled(self.domains),
            seconds_per_byte=tiled(self.seconds_per_byte),
            latency=tiled(self.latency),
            share=tiled(self.share),
            setup=tiled(self.setup),
        )

    @property
    def unreachable(self) -> Booleans:
        """Which (row, pattern) has members that no path of circuits joins."""
        return np.asarray(np.isinf(self.seconds_per_byte).any(axis=2))


def measure(
    fabric: Fabric,
    world: int,
    keys: Sequence[GroupAxes],
    circuits: Circuits | Moving | None = None,
    *,
    patterns: Collection[Pattern] = tuple(Pattern),
) -> Reach:
    """Measure kinds of group of a job that takes the first ``world`` accelerators.

    Args:
        fabric: Where.
        world: Ranks of the job; rank r sits on accelerator r.
        keys: Kinds of group; spellings of one kind share a row.
        circuits: What circuit switches join, or who changes it; None: blocks are joined as if by circuits without end.
        patterns: Those to count; the columns of others stay zero.

    Of several scale-out fabrics each is measured by itself, as if it carried everything between scale-up domains.

    Raises:
        ValueError: The job does not fit on the fabric, or groups do not tile it.

    Leaves out: collisions of flows on single links (each level spreads its flows evenly over its planes and switches;
    a mesh splits them as its routing says, exactly);
    other kinds of group active at the same time. Latency is the sum over all levels a pattern crosses anywhere. Between
    sites, where it counts, a ring pays the long hops once a turn, as a message meets them, not at every step.
    """
    if fabric.beside:
        return _side_by_side(fabric, _each(fabric, world, keys, circuits, patterns))
    terrain = Footprint.of(fabric, world)
    kinds = tuple(dict.fromkeys(normal(axes) for axes in keys))
    carrier = Routes.of(fabric, circuits) if isinstance(circuits, Circuits) else circuits
    meshes = {
        column: Meshed.of(level, level.mesh, world)
        for column, level in enumerate(fabric.levels)
        if level.mesh is not None
    }
    levels = [funnel.name for funnel in terrain.funnels] + ([_column(fabric)] if carrier else [])
    table = np.zeros((len(kinds), len(Pattern), len(levels), 2))
    latency, setup = np.zeros((2, len(kinds), len(Pattern)))
    counts = np.ones((3, len(kinds)), np.int64)
    thin = {cell: terrain.thinned(cell) for cell in {cell_of(terrain, axes) for axes in kinds}}
    for row, axes in enumerate(kinds):
        cell = cell_of(terrain, axes)
        groups = Groups.of(thin[cell], spaced(axes, cell))
        counts[:, row] = groups.size, groups.local, groups.domain_count
        _fill(table[row], latency[row], thin[cell], groups, patterns)
        for column, mesh in meshes.items():
            _fill_mesh(table[row, :, column], latency[row], mesh, terrain, axes, patterns)
        if carrier:
            pairs = Pairs.of(terrain, axes, carrier.block, carrier.blocks)
            carried = {pattern: carrier.carry(pairs.flows(pattern), world) for pattern in patterns}
            _fill_circuits(table[row], latency[row], setup[row], carried, levels.index(_joined_level(fabric)))
    size, local, domains = counts
    return Reach(
        keys=kinds,
        levels=tuple(levels),
        scale_up=frozen(np.array([name.startswith("scale_up.") for name in levels], np.bool_)),
        size=frozen(size),
        local=frozen(local),
        domains=frozen(domains),
        seconds_per_byte=frozen(table[..., 0].copy()),
        latency=frozen(latency),
        share=frozen(table[..., 1].copy()),
        setup=frozen(setup),
        index={axes: row for row, axes in enumerate(kinds)},
    )


def _each(
    fabric: Fabric,
    world: int,
    keys: Sequence[GroupAxes],
    circuits: Circuits | Moving | None,
    patterns: Collection[Pattern],
) -> list[Reach]:
    """Return the tables of a cluster's scale-out fabrics, the main one first; circuits are of the one that has some."""
    found: list[Reach] = []
    for name in fabric.fabrics:
        one = alone(fabric, name)
        found.append(measure(one, world, keys, circuits if one.circuit_space else None, patterns=patterns))
    return found


def _side_by_side(fabric: Fabric, tables: Sequence[Reach]) -> Reach:
    """Return the tables of a cluster's scale-out fabrics, the main one first, as one: each below the one before."""
    levels = tuple(f"{level.domain}.{level.name}" for level in fabric.levels)
    levels = tuple(dict.fromkeys((*levels, *(name for table in tables for name in table.levels))))
    kinds = len(tables[0].keys)
    places = [np.array([levels.index(name) for name in table.levels], np.int64) for table in tables]

    def stacked(columns: Sequence[Any]) -> Any:  # noqa: ANN401 - arrays of any kind and shape
        return frozen(np.concatenate(columns))

    def spread(columns: Sequence[Floats]) -> Floats:
        found = np.zeros((len(tables), kinds, len(Pattern), len(levels)))
        for block, column, place in zip(found, columns, places, strict=True):
            block[:, :, place] = column
        return frozen(found.reshape(-1, *found.shape[2:]))

    return replace(
        tables[0],
        keys=tuple(axes for table in tables for axes in table.keys),
        levels=levels,
        scale_up=frozen(np.array([name.startswith("scale_up.") for name in levels], np.bool_)),
        size=stacked([table.size for table in tables]),
        local=stacked([table.local for table in tables]),
        domains=stacked([table.domains for table in tables]),
        seconds_per_byte=spread([table.seconds_per_byte for table in tables]),
        latency=stacked([table.latency for table in tables]),
        share=spread([table.share for table in tables]),
        setup=stacked([table.setup for table in tables]),
        begins=MappingProxyType(
            {group: kinds * place for place, each in enumerate(fabric.beside, 1) for group in each.carries}
        ),
    )


def _fill(table: Floats, latency: Floats, footprint: Footprint, groups: Groups, patterns: Collection[Pattern]) -> None:
    """Write seconds and shares, (patterns, levels, 2), and latencies, (patterns,), of one kind of group."""
    used = {pattern: groups.equivalent(pattern) for pattern in sorted(patterns) if groups.applies(pattern)}
    counted = sorted(set(used.values()))
    worst, mean = np.zeros(len(latency)), np.zeros(len(latency))
    for column, funnel in enumerate(footprint.funnels):
        for pattern, one in zip(counted, crossings(footprint, funnel, groups, counted), strict=True):
            table[pattern, column] = one.seconds, one.share
            worst[pattern] += funnel.latency * (one.share > 0)
            mean[pattern] += funnel.latency * (one.turn if funnel.far else one.share > 0)
    for pattern, same in used.items():
        table[pattern], latency[pattern] = table[same], (mean if pattern in RINGS else worst)[same]
    for pattern in set(counted) - set(used):
        table[pattern], latency[pattern] = 0.0, 0.0


def _fill_mesh(
    table: Floats,
    latency: Floats,
    mesh: Meshed,
    footprint: Footprint,
    axes: GroupAxes,
    patterns: Collection[Pattern],
) -> None:
    """Write seconds and shares of a mesh, (patterns, 2), and add the latency of its hops."""
    for pattern in patterns:
        one, links = mesh.crossing(footprint, axes, pattern)
        table[pattern] = one.seconds, one.share
        latency[pattern] += mesh.mesh.hop * links


def _column(fabric: Fabric) -> str:
    """Return the name of the column of a fabric's circuits."""
    space, level = circuit_level(fabric)
    return f"{level.domain}.{labelled(fabric_of(space.level), CIRCUIT)}"


def _joined_level(fabric: Fabric) -> str:
    """Return ``domain.level`` of the level whose blocks circuits join."""
    _, level = circuit_level(fabric)
    return f"{level.domain}.{level.name}"


def _fill_circuits(
    table: Floats, latency: Floats, setup: Floats, carried: Mapping[Pattern, Carried], below: int
) -> None:
    """Write what patterns need of circuits, in the last column of (patterns, levels, 2), and add what they wait.

    Packet switches that join the same blocks carry less of what leaves the level ``below`` than all of it.
    """
    for pattern, one in carried.items():
        table[pattern, -1] = one.crossing.seconds, one.crossing.share
        if one.beside is not None:
            table[pattern, below] = one.beside.seconds, one.beside.share
        latency[pattern] += one.latency
        setup[pattern] = one.setup
