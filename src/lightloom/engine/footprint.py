"""The accelerators a job takes and the blocks they hang under, as far as traffic can tell them apart.

Two regularities spare counting. Ranks repeat: after a *period* the same domains and blocks come again, so a window of
whole groups and whole periods stands for all. And ranks come in *cells*: the ranks of a cell share their domain and, at
every level, either share their block or each have their own in the same arrangement, so that groups whose strides are
whole cells do the same from every rank of a cell, and one rank stands for all.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.placement import GroupAxes
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.fabric.fabric import Fabric


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """One level under the job's ranks.

    Args:
        name: ``domain.level``, such as ``scale_out.leaf``.
        scale_up: Whether it carries what stays in a scale-up domain, or what leaves it.
        far: Whether it is between sites.
        latency: Of crossing it, s.
        block: Block of each rank, numbered without gaps, shape (world,).
        up: Bytes/s of each block upwards, and as much downwards, shape (blocks,).
        all_cross: Seconds of the busiest block if every rank sends a byte across.
        alone: Whether every rank is a block of its own.
        whole_domains: Whether no block splits a scale-up domain.
        split_domains: Whether no block holds two ranks of a scale-up domain.
    """

    name: str
    scale_up: bool
    far: bool
    latency: float
    block: Integers
    up: Floats
    all_cross: float
    alone: bool
    whole_domains: bool
    split_domains: bool


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """The first ``world`` accelerators of a fabric, or one of each cell of them.

    Args:
        world: Ranks of the job; rank r sits on accelerator r.
        domain: Scale-up domain of each rank, shape (world,).
        funnels: Levels, in the fabric's order.
        period: Ranks after which domains, blocks and their capacities repeat, none reaching across.
        cell: Ranks of the largest cell.
    """

    world: int
    domain: Integers
    funnels: tuple[Funnel, ...]
    period: int
    cell: int

    @classmethod
    def of(cls, fabric: Fabric, world: int) -> "Footprint":
        """Return the footprint of a job of that many ranks; the last few are remembered.

        Raises:
            ValueError: The fabric has fewer accelerators.
        """
        return _footprint(fabric, world)

    @classmethod
    def built(cls, domain: Integers, funnels: list[Funnel]) -> "Footprint":
        """Return the footprint of ranks in those domains under those levels."""
        world = len(domain)
        alike = [bool((funnel.up == funnel.up[0]).all()) for funnel in funnels]
        periods = [_period(funnel.block) if same else world for funnel, same in zip(funnels, alike, strict=True)]
        cell = next(size for size in range(_run(domain), 0, -1) if _is_cell(size, domain, funnels))
        return cls(world, domain, tuple(funnels), min(math.lcm(_period(domain), *periods), world), cell)

    def window(self, tile: int) -> int:
        """Return how many first ranks stand for all, when groups tile every ``tile`` ranks.

        Later windows are translations of the first, or the beginning of one, so no block there is busier.
        """
        return min(math.lcm(tile, self.period), self.world)

    def thinned(self, cell: int) -> "Footprint":
        """Return the first rank of every cell as a footprint of its own; a block they share serves them in turn."""
        return self if cell == 1 else _thinned(self, cell)


@functools.lru_cache(maxsize=8)
def _footprint(fabric: Fabric, world: int) -> Footprint:
    if world > len(fabric.scale_up_domain):
        raise ValueError(f"{world} ranks do not fit on {len(fabric.scale_up_domain)} accelerators")
    domain = fabric.scale_up_domain[:world]
    funnels = [
        _funnel(f"{level.domain}.{level.name}", level.latency, level.block[:world], level.up, domain)
        for level in fabric.levels
    ]
    return Footprint.built(domain, funnels)


@functools.lru_cache(maxsize=32)
def _thinned(footprint: Footprint, cell: int) -> Footprint:
    domain = footprint.domain[::cell]
    funnels: list[Funnel] = []
    for funnel in footprint.funnels:
        up = funnel.up / cell if shared(funnel.block, cell) else funnel.up
        funnels.append(_funnel(funnel.name, funnel.latency, funnel.block[::cell], up, domain))
    return Footprint.built(domain, funnels)


def cell_of(footprint: Footprint, axes: GroupAxes) -> int:
    """Return how many neighbouring ranks do the same in groups of their own."""
    return math.gcd(footprint.cell, *(stride for _, stride in axes))


def _funnel(name: str, latency: float, block: Integers, up: Floats, domain: Integers) -> Funnel:
    used, dense = np.unique(block, return_inverse=True)
    up = up[used]
    with np.errstate(divide="ignore"):
        all_cross = float((np.bincount(dense) / up).max())
    return Funnel(
        name=name,
        scale_up=name.startswith("scale_up."),
        far=name.startswith("scale_across."),
        latency=latency,
        block=dense,
        up=up,
        all_cross=all_cross,
        alone=len(used) == len(block),
        whole_domains=bool((dense == dense[_first_alike(domain)]).all()),
        split_domains=len(np.unique(dense * (int(domain.max()) + 1) + domain)) == len(block),
    )


def _first_alike(label: Integers) -> Integers:
    """Return for each rank the first rank of the same label."""
    first = np.empty(int(label.max()) + 1, np.int64)
    first[label[::-1]] = np.arange(len(label) - 1, -1, -1)
    return first[label]


def _period(label: Integers) -> int:
    """Return the least count of ranks after which equal labels repeat, no label reaching across; all if none."""
    ranks = np.arange(len(label))
    last = np.empty(int(label.max()) + 1, np.int64)
    last[label] = ranks
    closed: Booleans = np.maximum.accumulate(last[label]) == ranks
    step = int(np.argmax(closed)) + 1
    first = _first_alike(label)
    return step if bool((first[step:] == first[:-step] + step).all()) else len(label)


def _run(label: Integers) -> int:
    """Return how many first ranks share a label."""
    return int(np.argmax(label != label[0])) if bool((label != label[0]).any()) else len(label)


def shared(block: Integers, cell: int) -> bool:
    """Tell whether the ranks of every cell share a block."""
    cells = block.reshape(-1, cell)
    return bool((cells == cells[:, :1]).all())


def _is_cell(cell: int, domain: Integers, funnels: list[Funnel]) -> bool:
    """Tell whether ranks come in cells of that size."""
    if len(domain) % cell or not shared(domain, cell):
        return False
    for funnel in funnels:
        first = _first_alike(funnel.block).reshape(-1, cell)
        apart = bool((first == first[:, :1] + np.arange(cell)).all() and (funnel.up == funnel.up[0]).all())
        if not apart and not shared(funnel.block, cell):
            return False
    return True
