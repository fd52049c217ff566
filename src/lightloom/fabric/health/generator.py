"""Faults made up, as a real cluster had them: the default where there is no trace of one's own.

Three things make real faults worse than independent ones, and each is kept: repairs are heavy-tailed (most take a day,
a few take months), faults come in bursts, and some servers fail again and again while most never do.
"""

import numpy as np
from pydantic import Field
from scipy.optimize import brentq

from lightloom.core.random import stream
from lightloom.core.specs import Spec
from lightloom.fabric.health.fault_files import DAY, HOUR
from lightloom.fabric.health.faults import FaultTrace


class FaultStatistics(Spec):
    """What is known of a cluster's faults.

    The defaults are of InfiniteHBD-Trace (github.com/stepfun-ai/InfiniteHBD-Trace, released with Shou et al., SIGCOMM
    2025): its README for the servers and the span, its table of faults for their number; durations and burstiness were
    computed from its events.

    Args:
        servers: That were watched.
        servers_failed: Of them, that failed at least once.
        faults: In all.
        span: How long they were watched, s.
        duration_mean: Of a fault, s.
        duration_median: Of a fault, s; much less than the mean means a heavy tail.
        burstiness: Standard deviation of the gap between faults over its mean; 1 where none knows of another.
    """

    servers: int = Field(default=400, ge=1)
    servers_failed: int = Field(default=231, ge=1)
    faults: int = Field(default=584, ge=1)
    span: float = Field(default=348.98 * DAY, gt=0)
    duration_mean: float = Field(default=132.8 * HOUR, gt=0)
    duration_median: float = Field(default=20.4 * HOUR, gt=0)
    burstiness: float = Field(default=1.76, gt=0)

    @property
    def down_share(self) -> float:
        """Part of the servers that is down at a time, 0..1, overlaps counted twice."""
        return self.faults * self.duration_mean / (self.servers * self.span)


def generate(
    statistics: FaultStatistics | None = None, *, servers: int | None = None, span: float | None = None, seed: int = 0
) -> FaultTrace:
    """Return made-up faults with such statistics; the same arguments give the same faults.

    Incidents know nothing of each other; each takes down servers by a geometric count, so that gaps between faults are
    as bursty as observed, and all of them come back together after a log-normal time of the observed mean and median.
    Servers have rates with a gamma distribution, from how many never fail. What is down at the end is down at the
    beginning too, so that a trace has no idle start.

    Args:
        statistics: What is known; None takes that of InfiniteHBD-Trace.
        servers: How many servers to have; as many as were watched if left out. Faults grow with them.
        span: For how long, s; as long as they were watched if left out.
        seed: Of the random draws.

    Leaves out: seasons, age, and what kind of fault it is. How many are down at once spreads less than observed: the
    real trace has larger incidents than its gaps alone tell.
    """
    known = statistics or FaultStatistics()
    count, until = servers or known.servers, span or known.span
    random = stream(seed, "server faults")
    together = max(1.0, (1.0 + known.burstiness**2) / 2.0)
    incidents = int(random.poisson(known.faults * count * until / (known.servers * known.span * together)))
    sizes = random.geometric(1.0 / together, size=incidents)
    start = np.repeat(np.sort(random.uniform(0.0, until, size=incidents)), sizes)
    spread = np.sqrt(2.0 * np.log(max(1.0, known.duration_mean / known.duration_median)))
    lasts = np.repeat(known.duration_median * np.exp(spread * random.standard_normal(incidents)), sizes)
    rates = random.gamma(_rate_shape(known), size=count)
    server = random.choice(count, len(start), p=rates / rates.sum())
    end = start + lasts
    over = end > until
    return FaultTrace.of(
        np.concatenate([server[over], server]),
        np.concatenate([np.zeros(int(over.sum())), start]),
        np.concatenate([np.minimum(end[over] - until, until), np.minimum(end, until)]),
    )


def _rate_shape(known: FaultStatistics) -> float:
    """Shape of the servers' rates with which the observed part of them never fails.

    With m faults a server on average and rates of gamma shape r, none falls on a server with chance (1 + m/r)^-r. Where
    even equal rates leave more untouched than observed, rates are equal (a large shape).
    """
    mean = known.faults / known.servers
    untouched = max(1.0 - known.servers_failed / known.servers, 1e-6)

    def too_many(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return float(-shape * np.log1p(mean / shape) - np.log(untouched))

    low, high = np.log(1e-4), np.log(1e4)
    if too_many(float(high)) > 0:
        return 1e4
    return float(np.exp(brentq(too_many, low, high)))
