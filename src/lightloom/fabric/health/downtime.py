"""Healthy sets, counted: for how much of the time so many servers are down, and what is left for jobs then.

Which servers are down is taken to be any of so many with the same chance: then what a pool, a fixed group or a domain
has left depends on their number alone, and its mean over time is a sum over that number.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.special import gammaln, xlog1py, xlogy

from lightloom.core.arrays import Floats, Number, frozen


@dataclass(frozen=True, slots=True, eq=False)
class Downtime:
    """How many of some equal servers (or blocks) are down, for how much of the time.

    Args:
        share: Part of the time with exactly k down, k from 0 on, (servers + 1,); adds up to one.
    """

    share: Floats

    @classmethod
    def independent(cls, servers: int, availability: float) -> Self:
        """Return servers that are up with a probability of their own, 0..1."""
        down = np.arange(servers + 1.0)
        chance = _log_choose(servers, down) + xlogy(servers - down, availability) + xlog1py(down, -availability)
        return cls(frozen(np.exp(chance)))

    @property
    def servers(self) -> int:
        """How many there are."""
        return len(self.share) - 1

    @property
    def up(self) -> Floats:
        """Servers that are up when k are down, (servers + 1,)."""
        return np.arange(self.servers, -1.0, -1.0)

    @property
    def mean_down_share(self) -> float:
        """Mean part of the servers that is down, 0..1."""
        return float(self.share @ np.arange(self.servers + 1)) / self.servers

    @property
    def most_down(self) -> int:
        """Most servers down at once, for any time at all."""
        return int(np.flatnonzero(self.share > 0).max())

    def down_at(self, quantile: float) -> int:
        """Return the servers that are down, or fewer, for at least that part of the time."""
        return min(int(np.searchsorted(np.cumsum(self.share), quantile - 1e-12)), self.servers)

    def group_up(self, size: int) -> float:
        """Return the part of the time that all of a fixed group of servers are up, 0..1."""
        return float(self.share @ _all_up(self.servers, self.up, size))

    def pool(self, size: int) -> float:
        """Return the part of all servers that whole jobs can use, 0..1, when any servers that are up make one.

        Args:
            size: Servers of a job.
        """
        return float(self.share @ (self.up // size)) * size / self.servers

    def slots(self, size: int) -> float:
        """Return the part of all servers that whole jobs can use, 0..1, when each must fit one of the fixed groups.

        Args:
            size: Servers of a group and of a job; servers that make no whole group are never used.
        """
        return self.servers // size * size / self.servers * self.group_up(size)

    def wasted(self, domain: int, size: int) -> float:
        """Return the part of all servers that is up and of no use to whole jobs, 0..1, as jobs cannot cross domains.

        Args:
            domain: Servers of a domain; all of them is one pool.
            size: Servers of a job.
        """
        down, lost = np.arange(self.servers + 1.0)[:, None], np.arange(domain + 1.0)
        possible = (lost <= down) & (domain - lost <= self.servers - down)
        chance = np.exp(
            _log_choose(down, lost)
            + _log_choose(self.servers - down, domain - lost)
            - _log_choose(self.servers, domain)
        )
        left_over = (domain - lost) % size / domain
        return float(self.share @ np.where(possible, chance, 0.0) @ left_over)


def block_availability(availability: Number, hosts: Number) -> Number:
    """Chance that all hosts of a block are up, 0..1.

    Args:
        availability: Of one host, 0..1.
        hosts: Of a block.
    """
    return np.asarray(availability, np.float64) ** hosts


def promised_pool(blocks: int, size: int, availability: float) -> float:
    """Return the part of all blocks that jobs can be promised, 0..1: whole jobs in the mean number of healthy blocks.

    Args:
        blocks: In the pool.
        size: Blocks of a job.
        availability: Of one block, 0..1.

    Source: Jouppi et al., "TPU v4", ISCA 2023, figure 4.
    """
    return float(np.floor(np.floor(blocks * availability) / size) * size / blocks)


def ring_breaks(nodes: Number, *, reach: Number, down: Number) -> Number:
    """Mean number of places where a ring is broken whose nodes reach several others to both sides.

    Args:
        nodes: In the ring, many.
        reach: Nearest nodes each reaches on either side; so many down in a row break it.
        down: Part of the nodes that is down, 0..1.

    Source: Shou et al., "InfiniteHBD", SIGCOMM 2025, for the ring; runs are counted where they begin.
    """
    share = np.asarray(down, np.float64)
    return nodes * (1.0 - share) * share**reach


def _all_up(servers: int, up: Floats, size: int) -> Floats:
    """Chance that a group is up when so many of the servers are."""
    chance = np.exp(_log_choose(up, size) - _log_choose(servers, size))
    return np.where(up >= size, chance, 0.0)


def _log_choose(whole: Number, part: Number) -> Floats:
    """Logarithm of a binomial coefficient; meaningless where the part is larger than the whole."""
    rest = np.maximum(np.asarray(whole, np.float64) - part, 0.0)
    return gammaln(np.asarray(whole) + 1.0) - gammaln(np.asarray(part) + 1.0) - gammaln(rest + 1.0)
