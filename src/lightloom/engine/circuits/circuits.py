"""Circuits: which blocks are joined by how many, from when to when; and what a scheduler of them is."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.specs import Spec
from lightloom.core.units import Duration
from lightloom.fabric.fabric import CircuitSpace


@dataclass(frozen=True, slots=True, eq=False)
class Circuits:
    """One setting of the circuit switches.

    Args:
        joined: How many circuits lead from one block to another, (blocks, blocks). Symmetric where each carries both
            directions; otherwise what a block sends and what it receives pass the switches on their own.
        start: From when, s.
        end: Until when, s; infinity: to the end of the job.
    """

    joined: Integers
    start: float = 0.0
    end: float = np.inf


Plan: TypeAlias = tuple[Circuits, ...]
"""Settings of one job in the order of time; between two that differ, circuits carry nothing. Empty: nothing is sent."""


Changes: TypeAlias = Literal["never", "by-phase", "in-turn"]
"""When a scheduler changes circuits: never within a job; for each phase of an operation; or in a cycle of its own."""


class Scheduler(Spec, ABC):
    """Decides which circuits are joined and when, from what the job will send; the ``circuits`` section of a study.

    A subclass is one file of this package and a line of its registry; it writes :meth:`plan`, and may write
    :meth:`choose` too where many jobs are cheaper together. It declares ``scheduler: Literal["its-kind"]`` beside
    ``kind``, so that studies know it, and its own settings have defaults. ``changes`` tells the step model whether the
    plan is one setting for the whole job, is made for one phase and held while that lasts, or is a cycle that goes on
    whatever is sent.
    """

    kind: ClassVar[str]
    changes: ClassVar[Changes] = "by-phase"

    @abstractmethod
    def plan(self, space: CircuitSpace, phases: Floats) -> Plan:
        """Return the settings of one job; no block sends or receives by more circuits than it has ports.

        Args:
            space: What can be joined.
            phases: Bytes from block to block, sender first, phase after phase, (phases, blocks, blocks).

        Raises:
            StudyError: The space cannot serve the demand this way.
        """

    def choose(self, space: CircuitSpace, demand: Floats) -> tuple[Plan, ...]:
        """Return one plan per job.

        Args:
            space: What can be joined.
            demand: As the phases of :meth:`plan`, one job a row, (rows, phases, blocks, blocks).
        """
        return tuple(self.plan(space, phases) for phases in demand)

    def pause(self, space: CircuitSpace) -> float:
        """Return how long a phase waits for each setting made for it, s.

        Args:
            space: What can be joined.

        Raises:
            StudyError: It is not known.
        """
        return change_time(space)


class Changing(Scheduler, ABC):
    """A scheduler whose circuits change while the job runs.

    Args:
        regime: Who brings a changed link up again; empty takes the quickest that is known.
    """

    regime: str = ""

    def change(self, space: CircuitSpace) -> float:
        """Return how long a changed circuit carries nothing, s; see :func:`change_time`."""
        return change_time(space, self.regime)


class PhaseByPhase(Changing, ABC):
    """A scheduler that sets circuits anew for each phase of an operation.

    Args:
        regime: Who brings a changed link up again; empty takes the quickest that is known.
        hidden: How much of every change hides behind computation that goes on meanwhile.
    """

    hidden: Annotated[Duration, Field(ge=0)] = 0.0

    def pause(self, space: CircuitSpace) -> float:
        """Return how long a phase waits for a change, s; see :class:`Scheduler`."""
        return max(0.0, self.change(space) - self.hidden)


def change_time(space: CircuitSpace, regime: str = "") -> float:
    """Return how long a changed circuit carries nothing, s.

    Args:
        space: Whose outages are known by regime.
        regime: Who brings the link up again; empty takes the quickest that is known, 0 where none is.

    Raises:
        StudyError: No such regime is known.
    """
    known = dict(space.outage)
    if not regime:
        return min(known.values(), default=0.0)
    if regime not in known:
        raise StudyError(Fault("regime", f"no outage is known for '{regime}'", nearest(regime, known)))
    return known[regime]


def in_turn(settings: Sequence[Integers], holds: Sequence[float], change: float) -> Plan:
    """Return settings held one after the other; a setting like the one before it goes on without a break.

    Args:
        settings: Circuits, each (blocks, blocks).
        holds: How long each is held, s; one that is not held at all is left out.
        change: Between two that differ, s.
    """
    return tuple(_in_turn(settings, holds, change))


def _in_turn(settings: Sequence[Integers], holds: Sequence[float], change: float) -> Iterator[Circuits]:
    current: Circuits | None = None
    for joined, hold in zip(settings, holds, strict=True):
        if hold <= 0:
            continue
        if current is None:
            current = Circuits(frozen(joined), 0.0, hold)
        elif np.array_equal(current.joined, joined):
            current = Circuits(current.joined, current.start, current.end + hold)
        else:
            yield current
            current = Circuits(frozen(joined), current.end + change, current.end + change + hold)
    if current is not None:
        yield current


def delivered(plan: Sequence[Circuits], bandwidth: float) -> Floats:
    """Return bytes that a plan can carry from block to block without relays, (blocks, blocks).

    Args:
        plan: Settings that end, one at least.
        bandwidth: Of one circuit, bytes/s one way.
    """
    return bandwidth * np.stack([one.joined * (one.end - one.start) for one in plan]).sum(axis=0)


def changed(settings: Sequence[Circuits]) -> Integers:
    """Return how many circuits each change from one setting to the next breaks."""
    broken = [np.maximum(a.joined - b.joined, 0).sum() // 2 for a, b in itertools.pairwise(settings)]
    return np.array(broken, np.int64)
