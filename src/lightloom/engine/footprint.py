"""The accelerators a job takes and the blocks they hang under, as far as traffic can tell them apart."""

import math
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.fabric.fabric import Fabric


@dataclass(frozen=True, slots=True, eq=False)
class Funnel:
    """One level under the job's ranks.

    Args:
        name: ``domain.level``, such as ``scale_out.leaf``.
        scale_up: Whether it carries what stays in a scale-up domain, or what leaves it.
        block: Block of each rank, shape (world,).
        up: Bytes/s of each block upwards, and as much downwards, shape (blocks,).
        latency: Of crossing it, s.
        alone: Whether every rank is a block of its own.
        whole_domains: Whether no block splits a scale-up domain.
    """

    name: str
    scale_up: bool
    block: Integers
    up: Floats
    latency: float
    alone: bool
    whole_domains: bool


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """The first ``world`` accelerators of a fabric.

    Args:
        world: Ranks of the job; rank r sits on accelerator r.
        domain: Scale-up domain of each rank, shape (world,).
        funnels: Levels, in the fabric's order.
        period: Ranks after which domains, blocks and their capacities repeat, none reaching across.
    """

    world: int
    domain: Integers
    funnels: tuple[Funnel, ...]
    period: int

    @classmethod
    def of(cls, fabric: Fabric, world: int) -> "Footprint":
        """Return the footprint of a job of that many ranks.

        Raises:
            ValueError: The fabric has fewer accelerators.
        """
        if world > len(fabric.scale_up_domain):
            raise ValueError(f"{world} ranks do not fit on {len(fabric.scale_up_domain)} accelerators")
        domain = fabric.scale_up_domain[:world]
        funnels: list[Funnel] = []
        period = _period(domain)
        for level in fabric.levels:
            block = level.block[:world]
            first = _first_alike(block)
            used = level.up[block]
            equal = bool((used == used[0]).all())
            period = math.lcm(period, _period(block) if equal else world)
            funnels.append(
                Funnel(
                    name=f"{level.domain}.{level.name}",
                    scale_up=level.domain == "scale_up",
                    block=block,
                    up=level.up,
                    latency=level.latency,
                    alone=bool((first == np.arange(world)).all()),
                    whole_domains=bool((block == block[_first_alike(domain)]).all()),
                )
            )
        return cls(world, domain, tuple(funnels), min(period, world))

    def window(self, tile: int) -> int:
        """Return how many first ranks stand for all, when groups tile every ``tile`` ranks.

        Later windows are translations of the first, or the beginning of one, so no block there is busier.
        """
        return min(math.lcm(tile, self.period), self.world)


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
