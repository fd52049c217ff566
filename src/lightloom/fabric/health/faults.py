"""A trace of faults: which server was down from when to when, and what that leaves up at each moment."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.health.downtime import Downtime


@dataclass(frozen=True, slots=True, eq=False)
class FaultTrace:
    """Faults as recorded; those of one server may overlap. Arrays are read-only.

    Args:
        server: Which server, numbered from 0 on in order of first appearance, (faults,).
        start: When it went down, s since the trace began, (faults,).
        end: When it was up again, s, not before ``start``, (faults,).
    """

    server: Integers
    start: Floats
    end: Floats

    @classmethod
    def of(cls, server: Integers, start: Floats, end: Floats) -> Self:
        """Return faults whose servers are any numbers."""
        _, first, number = np.unique(server, return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")
        return cls(
            frozen(rank[number].astype(np.int64)), frozen(start.astype(np.float64)), frozen(end.astype(np.float64))
        )

    @property
    def faults(self) -> int:
        """How many."""
        return len(self.server)

    @property
    def servers_failed(self) -> int:
        """Servers that failed at least once."""
        return len(np.unique(self.server))

    @property
    def span(self) -> float:
        """From the beginning of the trace to the last end, s."""
        return float(self.end.max(initial=0.0))

    @property
    def duration(self) -> Floats:
        """How long each fault lasted, s, (faults,)."""
        return self.end - self.start

    def outages(self) -> tuple[Integers, Floats, Floats]:
        """Return servers, starts and ends of the times each was down; faults that overlap or touch are one."""
        order = np.lexsort((self.end, self.start, self.server))
        server, start, end = self.server[order], self.start[order], self.end[order]
        # Shifted by server, the times of one end before those of the next begin, so that one running maximum serves.
        shift = server * (self.span + 1.0)
        reached = np.maximum.accumulate(end + shift)
        fresh = np.ones(len(server), np.bool_)
        fresh[1:] = (start + shift)[1:] > reached[:-1]
        first = np.flatnonzero(fresh)
        last = np.maximum.reduceat(end, first) if len(first) else end
        return server[first], start[first], last

    def downtime(self, servers: int) -> Downtime:
        """Return for how much of the span how many servers were down.

        Args:
            servers: All that were watched, those that never failed included.

        Raises:
            StudyError: More failed than that, or nothing was watched for any time.
        """
        if servers < self.servers_failed:
            message = f"{self.servers_failed} servers failed of {servers}"
            raise StudyError(Fault("servers", message, f"count all that were watched, at least {self.servers_failed}"))
        if not self.span > 0:
            raise StudyError(Fault("trace", "the trace covers no time", "give one with faults that end"))
        _, start, end = self.outages()
        when = np.concatenate([[0.0], start, end])
        step = np.concatenate([[0], np.ones(len(start), np.int64), np.full(len(end), -1)])
        order = np.argsort(when, kind="stable")
        down = np.cumsum(step[order])
        held = np.diff(np.append(when[order], self.span))
        busy = held > 0  # between events at one moment the count means nothing
        share = np.bincount(down[busy], weights=held[busy], minlength=servers + 1) / self.span
        return Downtime(frozen(share.astype(np.float64)))
