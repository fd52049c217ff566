"""How often something fails, from what fleets count: failures in 1e9 hours (FIT), with what follows for many of them.

A link fails in two ways. A *flap* heals itself; a *hard* failure stays until a person comes. Both are told in FIT.
"""

import numpy as np
from scipy import special

from lightloom.core.arrays import Number

HOUR = 3600.0
YEAR = 8766.0 * HOUR
"""365.25 days, s."""

PER_FIT = 1e-9 / HOUR
"""1/s of one failure in 1e9 hours."""


def fit_of(mean_time: Number) -> Number:
    """Failures in 1e9 hours of what fails once in ``mean_time`` seconds."""
    return 1.0 / (PER_FIT * np.asarray(mean_time, dtype=np.float64))


def mean_time(fit: Number) -> Number:
    """Mean time between failures, s; infinite at a rate of nought."""
    with np.errstate(divide="ignore"):
        return 1.0 / (PER_FIT * np.asarray(fit, dtype=np.float64))


def fit_counted(events: Number, device_time: Number) -> Number:
    """Failures in 1e9 hours that a fleet showed.

    Args:
        events: Failures counted.
        device_time: Devices times the time each was watched, s.
    """
    return np.asarray(events, dtype=np.float64) / (PER_FIT * np.asarray(device_time))


def fit_upper(events: Number, device_time: Number, *, confidence: Number) -> Number:
    """Rate that so few failures exclude: at it, fewer or as many come with a chance of 1 - ``confidence``, FIT.

    With no failure seen this is what the absence of failures proves, which is never a rate of nought.

    Args:
        events: Failures counted.
        device_time: Devices times the time each was watched, s.
        confidence: One-sided, 0..1.

    Source: chi-square limit of a Poisson count, chi2(confidence, 2 (events + 1)) / 2.
    """
    expected = special.gammaincinv(np.asarray(events, dtype=np.float64) + 1.0, confidence)
    return expected / (PER_FIT * np.asarray(device_time))


def yearly_share(fit: Number) -> Number:
    """Share of devices that fail within a year, 0..1: 1 - exp(-year / mean time)."""
    return -np.expm1(-PER_FIT * YEAR * np.asarray(fit, dtype=np.float64))


def daily_events(fit: Number) -> Number:
    """Failures of one device in a day."""
    return PER_FIT * 24.0 * HOUR * np.asarray(fit, dtype=np.float64)


def fleet_interval(fit: Number, *, devices: Number) -> Number:
    """Mean time until any of many equal devices fails, s.

    Args:
        fit: Of one.
        devices: How many.
    """
    return mean_time(np.asarray(fit) * np.asarray(devices))


def unavailable_share(fit: Number, repair: Number) -> Number:
    """Share of the time a device is away, 0..1: failing while it works, then away ``repair`` seconds.

    Source: renewal of working and waiting; exact for any spread of repair times about that mean.
    """
    away = PER_FIT * np.asarray(fit, dtype=np.float64) * np.asarray(repair)
    return away / (1.0 + away)


def with_maintenance(fit: Number, *, matings: Number, dirty_share: Number) -> Number:
    """Failures in 1e9 hours once repairs bring failures of their own: fit / (1 - matings x dirty share).

    Every repair mates connectors, those of the link and those it disturbs beside it; a share of matings leaves dirt
    that becomes a hard failure, which is repaired in turn. Infinite where a repair makes at least one new failure.

    Args:
        fit: Hard failures that nobody's hand brought about.
        matings: Connectors mated or disturbed in one repair.
        dirty_share: Share of matings that end in a failure, 0..1.

    Source: total progeny of a branching process, 1 / (1 - mean offspring).
    """
    offspring = np.asarray(matings, dtype=np.float64) * np.asarray(dirty_share)
    return np.where(offspring < 1.0, np.asarray(fit) / np.maximum(1.0 - offspring, 1e-300), np.inf)
