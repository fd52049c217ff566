"""How long an operation takes: each stage as long as its longest phase, each phase as its slowest level.

Every algorithm's traffic is proportional to its payload. So a plan is made once for all kinds of group, and a batch of
any length only looks up a line per phase: a fixed time, and a time per byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Pattern, Stage, Way
from lightloom.collectives.algorithms import candidates
from lightloom.collectives.bounds import lower_bound
from lightloom.core.arrays import Booleans, Floats, Integers, Number
from lightloom.engine.reach import Reach
from lightloom.workload.program import Collective


@dataclass(frozen=True, slots=True, eq=False)
class Conditions:
    """Under what the levels of a :class:`Reach` work.

    Args:
        efficiency: Share of a level's bandwidth that data gets (protocol, imperfect balance), 0..1; one number, shape
            (levels,), or (rows of the reach, levels).
        speed: Factor on a level's bandwidth, to ask what it is worth; infinity: it costs no time, its latency apart.
            Same shapes.
        scale_up_step: What software adds to the latency of every step inside scale-up domains, s; one number or shape
            (rows of the reach,).
        scale_out_step: The same of every step between them, s.
    """

    efficiency: Number = 1.0
    speed: Number = 1.0
    scale_up_step: Number = 0.0
    scale_out_step: Number = 0.0


IDEAL = Conditions()


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Seconds of a phase: ``fixed + per_byte * payload``.

    Args:
        fixed: Latencies, shape (rows of the reach,); infinite where there is no path.
        per_byte: Shape (rows of the reach,).
        level: Which level binds, shape (rows of the reach,).
    """

    fixed: Floats
    per_byte: Floats
    level: Integers

    def at(self, rows: Integers, payload: Number) -> Floats:
        """Return seconds of many rows, shape (rows,)."""
        return self.fixed[rows] + self.per_byte[rows] * payload


@dataclass(frozen=True, slots=True, eq=False)
class Transfer:
    """One operation on many rows.

    Args:
        seconds: Shape (rows,); infinite where circuits join no path.
        by_level: The same seconds, given to the level that bound each stage, (rows, levels).
        crossing: Bytes an average rank sends upwards across each level, (rows, levels).
        choice: Which of ``names`` is used, (rows,).
        names: Algorithms considered.
    """

    seconds: Floats
    by_level: Floats
    crossing: Floats
    choice: Integers
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Every way to do an operation, ready for any payload on any kind of group.

    Args:
        names: Algorithms, in the order considered.
        stages: Of each algorithm, the lines of every stage's phases.
        share: Bytes an average rank sends up across each level per byte of payload, (algorithms, rows of the reach,
            levels).
    """

    names: tuple[str, ...]
    stages: tuple[tuple[tuple[Line, ...], ...], ...]
    share: Floats

    def seconds(self, rows: Integers, payload: Number) -> Floats:
        """Return what the fastest algorithm takes, shape (rows,); nothing where the payload is nothing."""
        times = [self._time(stages, rows, payload) for stages in self.stages]
        return np.where(np.greater(payload, 0), np.minimum.reduce(times), 0.0)

    def transfer(self, rows: Integers, payload: Number) -> Transfer:
        """Return the same and what it is made of; the first algorithm where several tie."""
        times = np.stack([self._time(stages, rows, payload) for stages in self.stages])
        choice = np.argmin(times, axis=0)
        each = np.arange(len(rows))
        sends = np.broadcast_to(np.greater(payload, 0), rows.shape)
        by_level = np.zeros((len(rows), self.share.shape[2]))
        for way, stages in enumerate(self.stages):
            mine = sends & (choice == way)
            for stage in stages:
                longest, level = _longest(stage, rows, payload)
                by_level[each[mine], level[mine]] += longest[mine]
        return Transfer(
            seconds=np.where(sends, times[choice, each], 0.0),
            by_level=by_level,
            crossing=self.share[choice, rows] * np.broadcast_to(payload, rows.shape)[:, None],
            choice=choice,
            names=self.names,
        )

    @staticmethod
    def _time(stages: Sequence[Sequence[Line]], rows: Integers, payload: Number) -> Floats:
        total = np.zeros(len(rows))
        for stage in stages:
            total += np.maximum.reduce([line.at(rows, payload) for line in stage])
        return total


def _longest(stage: Sequence[Line], rows: Integers, payload: Number) -> tuple[Floats, Integers]:
    times = np.stack([line.at(rows, payload) for line in stage])
    phase = np.argmax(times, axis=0)
    levels = np.stack([line.level[rows] for line in stage])
    each = np.arange(len(rows))
    return times[phase, each], levels[phase, each]


def prepare(
    operation: Collective,
    reach: Reach,
    conditions: Conditions = IDEAL,
    *,
    among: Sequence[Way] | None = None,
) -> Plan:
    """Plan an operation on every kind of group of a reach.

    Args:
        operation: What is done.
        reach: Bandwidth and latency by kind of group.
        conditions: Under what its levels work.
        among: Algorithms to consider; None: all registered.

    Raises:
        RuntimeError: A result would beat what the ports can carry: a bug, not an input.
    """
    ways = candidates(operation) if among is None else tuple(among)
    traffic = [way.stages(reach.size, reach.local, 1.0) for way in ways]
    stages = tuple(tuple(_lines(stage, reach, conditions) for stage in plan) for plan in traffic)
    share = np.stack([_share(plan, reach) for plan in traffic])
    least = bound(operation, reach, conditions)
    for name, plan in zip((way.kind for way in ways), stages, strict=True):
        per_byte = sum(np.maximum.reduce([line.per_byte for line in stage]) for stage in plan)
        lost = np.any([np.isinf(line.fixed) for stage in plan for line in stage], axis=0)
        if np.any((per_byte < least * (1 - 1e-9)) & ~lost):
            raise RuntimeError(f"{name} is faster than its ports allow")
    return Plan(tuple(way.kind for way in ways), tuple(_merged(plan) for plan in stages), share)


def fastest(
    operation: Collective,
    reach: Reach,
    rows: Integers,
    payload: Number,
    conditions: Conditions = IDEAL,
) -> Transfer:
    """Return every row's fastest algorithm.

    Args:
        operation: What is done.
        reach: Bandwidth and latency by kind of group.
        rows: Which of the reach's rows each row is.
        payload: Bytes as ``operation`` counts them, one number or shape (rows,).
        conditions: Under what levels work.
    """
    return prepare(operation, reach, conditions).transfer(rows, payload)


def bound(operation: Collective, reach: Reach, conditions: Conditions = IDEAL) -> Floats:
    """Return the least seconds per byte of payload over the ports of each kind of group, shape (rows of the reach,).

    Source: :func:`lightloom.collectives.bounds.lower_bound`.
    """
    fast = _fast(reach, conditions)
    bandwidth = [
        _bandwidth(reach.seconds_per_byte[:, pattern, inside], fast[:, inside])
        for pattern, inside in ((Pattern.LOCAL_RING, reach.scale_up), (Pattern.REMOTE_RING, ~reach.scale_up))
    ]
    local, remote = bandwidth
    return lower_bound(operation, reach.size, reach.local, 1.0, local_bandwidth=local, remote_bandwidth=remote)


def _fast(reach: Reach, conditions: Conditions) -> Floats:
    return np.broadcast_to(
        np.asarray(np.multiply(conditions.efficiency, conditions.speed), np.float64),
        (len(reach.keys), len(reach.levels)),
    )


def _bandwidth(seconds_per_byte: Floats, fast: Floats) -> Floats:
    """Return bytes/s of one port: that of the first level of its fabric, through which every byte goes."""
    if not seconds_per_byte.shape[1]:
        return np.full(len(seconds_per_byte), np.inf)
    rows = np.arange(len(seconds_per_byte))
    lowest = np.argmax(seconds_per_byte > 0, axis=1)
    first = seconds_per_byte[rows, lowest]
    none = np.where(np.isinf(first), 0.0, np.inf)  # of what has failed, however fast it is thought to be
    return np.divide(fast[rows, lowest], first, out=none, where=(first > 0) & np.isfinite(first))


def _lines(stage: Stage, reach: Reach, conditions: Conditions) -> tuple[Line, ...]:
    """Return a stage's phases; where two use one level, each waits for the bytes of both."""
    rows = len(reach.keys)
    slow = 1 / _fast(reach, conditions)
    wire = reach.seconds_per_byte
    lost = np.isinf(wire)
    finite = np.where(lost, 0.0, wire) * slow[:, None, :]
    sent = [np.broadcast_to(np.asarray(phase.sent, np.float64), (rows,)) for phase in stage]
    load = sum(
        (bytes_sent[:, None] * finite[:, phase.pattern] for bytes_sent, phase in zip(sent, stage, strict=True)),
        np.zeros((rows, len(reach.levels))),
    )
    lines: list[Line] = []
    for bytes_sent, phase in zip(sent, stage, strict=True):
        sends = bytes_sent > 0
        times = np.where(sends[:, None] & (wire[:, phase.pattern] > 0), load, 0.0)
        step = _step_overhead(phase.pattern, reach, conditions)
        waits = phase.steps * (reach.latency[:, phase.pattern] + step) + reach.setup[:, phase.pattern]
        fixed = np.where(phase.steps > 0, waits, 0.0)
        pathless: Booleans = sends & lost[:, phase.pattern].any(axis=1)
        fixed = np.where(pathless, np.inf, fixed)
        level = np.argmax(np.where(wire[:, phase.pattern] > 0, times, -1.0), axis=1)
        lines.append(Line(fixed, times.max(axis=1), level))
    return tuple(lines)


def _step_overhead(pattern: Pattern, reach: Reach, conditions: Conditions) -> Number:
    if pattern in {Pattern.LOCAL_RING, Pattern.LOCAL_ALL_TO_ALL}:
        return conditions.scale_up_step
    if pattern is Pattern.NEIGHBOUR:
        return np.where(reach.domains > 1, conditions.scale_out_step, conditions.scale_up_step)
    return conditions.scale_out_step


def _share(plan: Sequence[Stage], reach: Reach) -> Floats:
    total = np.zeros((len(reach.keys), len(reach.levels)))
    for stage in plan:
        for phase in stage:
            total += np.broadcast_to(phase.sent, reach.size.shape)[:, None] * reach.share[:, phase.pattern]
    return total


def _merged(stages: Sequence[tuple[Line, ...]]) -> tuple[tuple[Line, ...], ...]:
    """Return the stages with those of one phase and the same binding level everywhere made one: their lines add."""
    merged: list[tuple[Line, ...]] = []
    for stage in stages:
        last = merged[-1] if merged else ()
        if len(stage) == 1 and len(last) == 1 and np.array_equal(stage[0].level, last[0].level):
            merged[-1] = (Line(last[0].fixed + stage[0].fixed, last[0].per_byte + stage[0].per_byte, last[0].level),)
        else:
            merged.append(stage)
    return tuple(merged)
