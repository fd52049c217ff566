"""Greedy min-max: each circuit to the pair that takes longest, both directions counted together, until one is blocked.

Every circuit a pair got was given while its time was no shorter than the time at which the greedy stops. A better
sharing would need all of those, and one more at a block without ports: so none is better while every pair is served.
"""

import heapq
from typing import ClassVar, Literal

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.engine.circuits.circuits import PhaseByPhase, Plan, in_turn
from lightloom.fabric.fabric import CircuitSpace


class GreedyMinMax(PhaseByPhase):
    """Circuits for each phase; pairs that get none are left to another network, and held time does not count them.

    Source: Liao et al., "MixNet", SIGCOMM 2025, section 5.2.
    """

    kind: ClassVar[str] = "greedy-min-max"

    scheduler: Literal["greedy-min-max"] = "greedy-min-max"

    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return one setting a phase, held until the slowest pair that has circuits is served."""
        settings = [greedy(phase, space.ports_per_block) for phase in phases]
        holds = [
            float(np.divide(phase, joined, out=np.zeros_like(phase), where=joined > 0).max(initial=0.0))
            for joined, phase in zip(settings, phases, strict=True)
        ]
        return in_turn(settings, [hold / space.bandwidth for hold in holds], self.change(space))


def greedy(demand: Floats, degree: int) -> Integers:
    """Return how many circuits join each two blocks, symmetric.

    Pairs without a circuit come first, the largest demand before others; of equals the first in the order of rows.

    Args:
        demand: Of each pair, in both directions together, (blocks, blocks); what a block sends itself is left out.
        degree: Ports of a block.
    """
    wanted = np.triu(demand + demand.T, 1)
    joined = np.zeros(wanted.shape, np.int64)
    free = np.full(len(wanted), degree)
    queue = [(0, -float(wanted[one, other]), one, other) for one, other in np.argwhere(wanted > 0).tolist()]
    heapq.heapify(queue)
    while queue:
        _, _, one, other = heapq.heappop(queue)
        if free[one] == 0 or free[other] == 0:
            break
        joined[one, other] += 1
        free[[one, other]] -= 1
        heapq.heappush(queue, (1, -float(wanted[one, other]) / int(joined[one, other]), one, other))
    return joined + joined.T


def bottleneck(demand: Floats, joined: Integers) -> float:
    """Return the longest time of a pair, its demand over its circuits; infinite where one has none.

    Args:
        demand: As for :func:`greedy`.
        joined: Circuits, symmetric.
    """
    wanted = np.triu(demand + demand.T, 1)
    used = wanted > 0
    with np.errstate(divide="ignore"):
        return float((wanted[used] / joined[used]).max(initial=0.0))


def shortest_bottleneck(demand: Floats, degree: int) -> float:
    """Return the smallest bottleneck of any circuits that serve every pair; infinite where ports do not go round.

    A time can be kept if the circuits that every pair needs for it fit the ports; only a demand over a whole number of
    circuits can be the least such time, so it is searched among those by halving.

    Args:
        demand: As for :func:`greedy`.
        degree: Ports of a block.
    """
    wanted = np.triu(demand + demand.T, 1)
    used = wanted[wanted > 0]
    if not used.size:
        return 0.0
    times = np.unique(used[:, None] / np.arange(1, degree + 1))
    low, high = 0, len(times)
    while low < high:
        middle = (low + high) // 2
        if _fits(wanted, float(times[middle]), degree):
            high = middle
        else:
            low = middle + 1
    return float(times[low]) if low < len(times) else np.inf


def _fits(wanted: Floats, time: float, degree: int) -> bool:
    need = np.ceil(wanted / time * (1 - 1e-12))
    return bool(((need + need.T).sum(axis=1) <= degree).all())
