"""What the levels of a network allow: the cut around every block, which no routing gets around.

Where blocks funnel upwards into switches that reach every block, as in a folded Clos, the narrowest of these cuts is
all there is: traffic spread evenly over what is above fills it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.fabric.portrait.island import Island, Rung, shared_pairs

How: TypeAlias = Literal["exact", "bound", "routing"]
"""Known as it is; only that it is no better (of a bisection: no narrower); or what the routing makes of it."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Rate:
    """Bytes/s, and how they are known.

    Args:
        value: Bytes/s.
        how: ``exact``, ``bound`` or ``routing``.
        by: What limits: a level, as ``domain.level``.
    """

    value: float
    how: How
    by: str


def _cuts(island: Island) -> list[tuple[Rung, Floats, Floats]]:
    """Return levels that are cut by blocks, with the endpoints in each and the bytes/s out of it."""
    return [(rung, rung.sizes.astype(np.float64), rung.up) for rung in island.rungs if rung.funnels]


def all_to_all(island: Island, how: How) -> Rate:
    """Return what one endpoint sends while all send equally to all others, bytes/s, by the cuts around blocks."""
    count = float(island.endpoints)
    rates = [
        (float((up * (count - 1) / (size * (count - size))).min()), f"{rung.domain}.{rung.name}")
        for rung, size, up in _cuts(island)
    ]
    value, by = _narrowest(rates)
    return Rate(value, how, by)


def all_gather(island: Island, how: How) -> Rate:
    """Return bytes gathered over time (M/T) of the best all-gather without multicast, by the same cuts.

    What is outside a block has to enter it, and what is inside has to leave it: the larger side binds.
    """
    count = float(island.endpoints)
    rates = [
        (float((up * count / np.maximum(size, count - size)).min()), f"{rung.domain}.{rung.name}")
        for rung, size, up in _cuts(island)
    ]
    value, by = _narrowest(rates)
    return Rate(value, how, by)


def bisection(island: Island, how: How) -> Rate:
    """Return the least between two halves of the endpoints, bytes/s one way, by the narrowest level.

    Every endpoint's even share of the narrowest level, half of them together: that much always fits between two halves.
    It is all where the blocks of that level are alike and fall into two halves.
    """
    cuts = _cuts(island)
    share, by = _narrowest([(float((up / size).min()), f"{rung.domain}.{rung.name}") for rung, size, up in cuts])
    size, up = next((size, up) for rung, size, up in cuts if f"{rung.domain}.{rung.name}" == by)
    halves = len(size) % 2 == 0 and np.ptp(size) == 0 and np.ptp(up) == 0
    return Rate(share * (island.endpoints // 2), how if halves else "bound", by)


def _narrowest(rates: list[tuple[float, str]]) -> tuple[float, str]:
    """Return the least, and of those that differ by rounding the lowest level."""
    least = min(rate for rate, _ in rates)
    return next(each for each in rates if each[0] <= least * (1 + _ROUNDING))


@dataclass(frozen=True, slots=True)
class Delay:
    """One way between endpoints, s.

    Args:
        worst: Between the two farthest apart.
        mean: Over ordered pairs.
    """

    worst: float
    mean: float


def delay(island: Island, *, mesh_hops: tuple[int, float]) -> Delay:
    """Return the latency of the network: cables and switches, without software and without queues.

    Args:
        island: A network.
        mesh_hops: Most and mean hops between endpoints over links of the mesh; noughts without one.
    """
    worst = mean = 0.0
    for rung in island.rungs:
        if len(rung.up) > 1:
            worst += rung.latency
            mean += rung.latency * (1.0 - shared_pairs(rung.block))
        if rung.mesh:
            worst += rung.mesh.hop * mesh_hops[0]
            mean += rung.mesh.hop * mesh_hops[1]
    return Delay(worst, mean)
