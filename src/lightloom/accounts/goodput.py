"""What failures leave of the time: checkpoints, work done twice, restarts, waiting for repair; in closed form."""

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from lightloom.accounts import storage as store
from lightloom.accounts.bands import MID, Band, Lever, Position, Swing, at, combined
from lightloom.accounts.bill import JobShare
from lightloom.accounts.failures import Cause, failure_levers, stop_rate
from lightloom.accounts.operation import Operation, Storage
from lightloom.core.arrays import Number


def kept_share(
    rate: Number, *, interval: Number, stall: Number, durable_after: Number = 0.0, downtime: Number = 0.0
) -> Number:
    """Share of the time that becomes progress, 0..1; floats or arrays, shapes broadcast.

    Failures come at random at a constant rate. From a (re)start the job works ``interval``, stands ``stall`` for a
    checkpoint, and so on; a checkpoint counts from ``durable_after`` on. A failure costs what was done since the last
    one that counts, and ``downtime``, in which the job may fail again. The number of checkpoints that count in one life
    is geometric; expected progress of a life over its expected length is exact:

        rate x interval x exp(-rate (durable_after + downtime)) / (exp(rate (interval + stall)) - 1)

    Args:
        rate: Stops of the job, 1/s.
        interval: Work between checkpoints, s.
        stall: Time the job stands still for one, s.
        durable_after: From the end of the stall until storage has it, s.
        downtime: Detection, restart and reading the checkpoint, s.

    Source: Daly, A higher order estimate of the optimum checkpoint interval, FGCS 22 (2006), eq. 13, with the delay of
    a checkpoint in the background added here (the same renewal argument).
    """
    lost = np.asarray(rate, dtype=np.float64)
    ideal = np.asarray(interval, dtype=np.float64) / (np.asarray(interval) + np.asarray(stall))
    cycle = np.maximum(lost, 1e-300) * (np.asarray(interval) + np.asarray(stall))
    with np.errstate(over="ignore"):
        share = ideal * cycle / np.expm1(cycle) * np.exp(-lost * (np.asarray(durable_after) + np.asarray(downtime)))
    return share if share.ndim else float(share)


def best_interval(rate: Number, stall: Number, durable_after: Number = 0.0) -> Number:
    """Interval of work that keeps the largest share, s; floats or arrays, shapes broadcast.

    The derivative of the closed form vanishes where y + exp(-y) = 1 + rate x stall, with rate x interval = 1 - exp(-y);
    for rare failures that is Young's sqrt(2 stall / rate). Newton's method from the right of the root, from where it
    does not overshoot. Never shorter than what a checkpoint in the background needs to be written.

    Source: Young, CACM 17 (1974); Daly, FGCS 22 (2006).
    """
    lost = np.maximum(np.asarray(rate, dtype=np.float64), 1e-300)
    cost = np.maximum(lost * np.asarray(stall, dtype=np.float64), 1e-14)
    y = np.minimum(np.sqrt(2.0 * cost) + cost, 1.0 + cost)
    for _ in range(8):
        y = y + (y + np.expm1(-y) - cost) / np.expm1(-y)
    x = -np.expm1(-y)
    interval = np.maximum(x / lost, np.asarray(durable_after))
    return interval if interval.ndim else float(interval)


def spare_shortage(concurrent: Number, spare_nodes: int) -> Number:
    """Share of the time in which more nodes are away than there are spares, and the job waits; floats or arrays.

    Args:
        concurrent: Nodes that would be away on average: failures per second x repair time.
        spare_nodes: Held ready.

    Source: Erlang's loss formula with ``spare_nodes + 1`` servers; exact for any distribution of repair times while the
    job adds no failures as it waits.
    """
    load = np.asarray(concurrent, dtype=np.float64)
    share = np.ones_like(load)
    for servers in range(1, spare_nodes + 2):
        share = load * share / (servers + load * share)
    return share if share.ndim else float(share)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Everything goodput depends on, to be asked again with figures at the ends of their bands.

    Args:
        causes: What stops the job.
        share: Its nodes and spares.
        storage: Where checkpoints go.
        operation: Mode, interval, restart times.
        state_bytes: Weights and optimizer, one copy, bytes.
    """

    causes: tuple[Cause, ...]
    share: JobShare
    storage: Storage
    operation: Operation
    state_bytes: float

    def checkpoint(self, position: Position = MID) -> store.Checkpoint:
        """What one checkpoint takes."""
        return store.checkpoint(self.state_bytes, self.storage, self.operation, position)

    def interval(self, position: Position = MID) -> float:
        """Work between two checkpoints, s: the study's, or the best one."""
        chosen = self.operation.checkpoint.interval
        if chosen != "auto":
            return chosen
        taken = self.checkpoint(position)
        return float(best_interval(stop_rate(self.causes, position), taken.stall, taken.durable_after))

    def downtime(self, position: Position = MID) -> float:
        """From a stop until the job works again, s: detection, restart, checkpoint read."""
        profile = self.operation.failures
        detection, restart = at(profile.detection, "detection", position), at(profile.restart, "restart", position)
        return detection + restart + self.checkpoint(position).read_time

    def shortage(self, position: Position = MID) -> float:
        """Share of the time the job waits for a repaired node, 0..1; nought where spares are not counted."""
        if self.share.spares is None:
            return 0.0
        away = sum(cause.away_nodes(position) for cause in self.causes)
        return float(spare_shortage(away, self.share.spare_nodes))

    def fraction(self, position: Position = MID) -> float:
        """Share of the time that becomes progress, 0..1."""
        taken = self.checkpoint(position)
        kept = kept_share(
            stop_rate(self.causes, position),
            interval=self.interval(position),
            stall=taken.stall,
            durable_after=taken.durable_after,
            downtime=self.downtime(position),
        )
        return float(kept) * (1.0 - self.shortage(position))

    def levers(self) -> tuple[Lever, ...]:
        """Figures goodput depends on that have a band."""
        profile, storage = self.operation.failures, self.storage
        background = self.operation.checkpoint.mode == "async"
        listed = [
            Lever("detection", "time to detect and diagnose", profile.detection),
            Lever("restart", "restart time", profile.restart),
            Lever("storage_read", "storage read bandwidth", storage.read),
            Lever("storage_write", "storage write bandwidth", storage.write),
            *([Lever("snapshot_stall", "stall of a checkpoint", self.operation.assumed.snapshot_stall)] * background),
        ]
        spared = self.share.spares is not None
        return (
            *failure_levers(self.causes, repairs=spared),
            *(lever for lever in listed if lever.figure.low < lever.figure.high),
        )


@dataclass(frozen=True, slots=True)
class StopRow:
    """One cause of stops.

    Args:
        item: What fails.
        group: The kind of thing it is one of.
        count: How many of it the job depends on.
        fit_each: Failures of one, per 1e9 h.
        felt: Chance that one stops the job, 0..1.
        mtbf_s: Mean time between stops by it, s.
        stops_share: Of all stops, 0..1.
    """

    item: str
    group: str
    count: float
    fit_each: float
    felt: float
    mtbf_s: float
    stops_share: float


@dataclass(frozen=True, slots=True)
class LossRow:
    """Where time goes that is no progress.

    Args:
        item: ``checkpoints``, ``work done twice``, ``restarts``, ``waiting for repair``.
        time_share: Of all time, 0..1; they and the fraction sum to one.
    """

    item: Literal["checkpoints", "work done twice", "restarts", "waiting for repair"]
    time_share: float


@dataclass(frozen=True, slots=True)
class GoodputAccount:
    """What failures leave.

    Args:
        fraction: Share of the time that becomes progress, 0..1.
        band: With the bands of rates and times, combined as independent.
        swings: Fraction with each of them at the ends of its band.
        mtbf_s: Mean time between stops of the job, s.
        interval_s: Work between checkpoints.
        checkpoint: What one takes.
        write_bytes_per_s: Storage bandwidth needed, bytes/s: to be done before the next checkpoint (async), or while
            the job waits for this one (sync).
        stops: By cause; shares sum to one.
        losses: Where the rest of the time goes.
        warnings: What does not add up, as text for the reader.
        reliability: To ask again.
    """

    fraction: float
    band: Band
    swings: tuple[Swing, ...]
    mtbf_s: float
    interval_s: float
    checkpoint: store.Checkpoint
    write_bytes_per_s: float
    stops: tuple[StopRow, ...]
    losses: tuple[LossRow, ...]
    warnings: tuple[str, ...]
    reliability: Reliability

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What was taken for granted, as text for the reader."""
        profile, share = self.reliability.operation.failures, self.reliability.share
        away = f"{share.spare_nodes} spare nodes; a failed node is away {profile.repair.value / 3600:g} h"
        at_hand = "no spares are counted: a node to replace a failed one is taken to be at hand always"
        down = self.reliability.downtime()
        felt = {cause.felt.title: cause.felt.chance.value for cause in self.reliability.causes if cause.felt.key}
        return (
            f"Failures come at constant rates: {profile.title}.",
            *(f"{title[:1].upper()}{title[1:]}: {chance:.2%}." for title, chance in felt.items()),
            f"A stop costs {down:.0f} s until the first step, and the work since the last checkpoint; "
            + (at_hand if share.spares is None else away)
            + ".",
            "Stragglers and planned stops are left out.",
        )

    def fraction_at(self, position: Position) -> float:
        """Fraction with figures moved to the ends of their bands: those already asked are not computed again."""
        moved = {swing.lever.key: swing for swing in self.swings if swing.lever.key in position}
        if not moved:
            return self.fraction
        if len(moved) == 1:
            ((key, swing),) = moved.items()
            return {-1: swing.at_low, 0: self.fraction, 1: swing.at_high}[position[key]]
        return self.reliability.fraction(position)

    def to_dict(self) -> dict[str, object]:
        """Return ``goodput`` of the evaluation."""
        taken = self.checkpoint
        return {
            "fraction": self.fraction,
            "band": self.band.to_dict(),
            "mtbf_s": _finite(self.mtbf_s),
            "checkpoint": {
                "interval_s": self.interval_s,
                "bytes": taken.size,
                "write_bytes_per_s": self.write_bytes_per_s,
                "stall_s": taken.stall,
                "write_s": taken.write_time,
                "read_s": taken.read_time,
            },
            "rows": [{**asdict(row), "mtbf_s": _finite(row.mtbf_s)} for row in self.stops],
            "losses": [asdict(row) for row in self.losses],
        }


def _finite(seconds: float) -> float | None:
    """JSON has no infinity: what never happens has no mean time."""
    return seconds if np.isfinite(seconds) else None


def goodput(reliability: Reliability) -> GoodputAccount:
    """Account for the time of a job that fails now and then.

    Leaves out: stragglers; planned stops; wear-out and infant mortality (rates are constant).
    """
    rate = stop_rate(reliability.causes)
    taken, interval = reliability.checkpoint(), reliability.interval()
    fraction = reliability.fraction()
    swings = tuple(
        Swing(lever, reliability.fraction({lever.key: -1}), reliability.fraction({lever.key: 1}))
        for lever in reliability.levers()
    )
    background = reliability.operation.checkpoint.mode == "async"
    return GoodputAccount(
        fraction=fraction,
        band=combined(fraction, swings),
        swings=swings,
        mtbf_s=1.0 / rate if rate else np.inf,
        interval_s=interval,
        checkpoint=taken,
        write_bytes_per_s=taken.size / (interval if background else taken.write_time),
        stops=tuple(_stop(cause, rate) for cause in reliability.causes),
        losses=_losses(reliability, rate, fraction),
        warnings=_warnings(taken, interval),
        reliability=reliability,
    )


def _warnings(taken: store.Checkpoint, interval: float) -> tuple[str, ...]:
    if taken.durable_after <= interval:
        return ()
    text = f"A checkpoint is written in {taken.durable_after:.3g} s, longer than the {interval:.3g} s to the next one"
    return (f"{text}: storage cannot keep up; write less often, or faster.",)


def _stop(cause: Cause, rate: float) -> StopRow:
    own = cause.rate()
    mtbf = 1.0 / own if own else np.inf
    share = own / rate if rate else 0.0
    return StopRow(
        cause.item, cause.group or cause.item, cause.count, cause.fit.value * cause.weight, cause.chance(), mtbf, share
    )


def _losses(reliability: Reliability, rate: float, fraction: float) -> tuple[LossRow, ...]:
    """Split what is not progress; a life is work, stalls and downtime, and the job waits between lives."""
    waiting = reliability.shortage()
    down = (1.0 - waiting) * float(-np.expm1(-rate * reliability.downtime()))
    running = 1.0 - waiting - down
    interval, stall = reliability.interval(), reliability.checkpoint().stall
    stalled = running * stall / (interval + stall)
    return (
        LossRow("checkpoints", stalled),
        LossRow("work done twice", running - stalled - fraction),
        LossRow("restarts", down),
        LossRow("waiting for repair", waiting),
    )
