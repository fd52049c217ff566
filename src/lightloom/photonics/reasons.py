"""Why a link does not close, by how much, and what would."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.photonics.budget import TOLERANCE_DB, holds
from lightloom.photonics.pair import Mode, Pair, Verdict
from lightloom.photonics.product import Path
from lightloom.photonics.request import LinkPolicy

NEWTON_STEPS = 8
"""More than the longest length ever takes; one is enough where decibels fall in proportion."""


def explain(pair: Pair, path: Path, policy: LinkPolicy, others: Sequence[Pair]) -> list[str]:
    """One sentence per path that the pair does not close on: by how many decibels or metres, and what would close.

    Args:
        pair: The least bad of those allowed.
        path: Arrays, one entry per link class.
        policy: What counts as closing, and what may be proposed.
        others: Every pair known at that rate.
    """
    verdict = pair.judge(path, mode=policy.mode, required_db=policy.margin_db)
    longest = longest_length(pair, path, mode=policy.mode, required_db=policy.margin_db)
    rescue = _rescue(path, policy, others)
    failures = [
        _outside(pair, path, row)
        if verdict.unbarred[row] and not verdict.within_temperature[row]
        else _failure(pair, verdict, float(longest[row]), float(np.asarray(path.length)[row]), row)
        for row in range(len(longest))
    ]
    return [f"{failure}; {other}" for failure, other in zip(failures, rescue, strict=True)]


def longest_length(pair: Pair, path: Path, *, mode: Mode, required_db: float) -> Floats:
    """Longest cable, m, on which the pair would close with everything else of the path unchanged; 0 if none.

    Decibels fall nearly in proportion to length, exactly so where nothing is reflected, so a few steps of Newton's
    rule find where they are used up; in ``distribution`` mode too, since the spread does not depend on length.
    """

    def left_db(length: Floats) -> Floats:
        return pair.judge(replace(path, length=length), mode=mode, required_db=required_db).deciding_db

    bare = pair.judge(replace(path, length=np.zeros(np.shape(path.length))), mode=mode, required_db=required_db)
    reached, left = np.zeros(np.shape(path.length)), bare.deciding_db
    for _ in range(NEWTON_STEPS):
        reached = reached + left / (left - left_db(reached + 1.0))
        left = left_db(reached)
        if np.all(np.abs(left) < TOLERANCE_DB):
            break
    possible = holds(bare.deciding_db) & bare.unbarred & bare.within_temperature
    return np.clip(np.where(possible, reached, 0.0), 0.0, pair.reach)


def nearness(pair: Pair, path: Path, *, mode: Mode, required_db: float) -> Floats:
    """How near a pair comes to closing, to compare those that do not: metres it reaches, else decibels, less 1e9.

    Less as much again where it is too warm or too cold, whatever its margin.
    """
    longest = longest_length(pair, path, mode=mode, required_db=required_db)
    verdict = pair.judge(path, mode=mode, required_db=required_db)
    less = np.where(verdict.within_temperature, 1e9, 2e9)
    lacking = np.where(verdict.unbarred, np.minimum(verdict.deciding_db, 0.0) - less, -np.inf)
    return np.where(longest > 0.0, longest, lacking)


def _failure(pair: Pair, verdict: Verdict, longest: float, length: float, row: int) -> str:
    if not verdict.unbarred[row]:
        barred = pair.b if pair.a.passes_circuits else pair.a
        return f"{pair.label} is {barred.carrier} and passes no circuit switch"
    lacking = -float(verdict.deciding_db[row])
    if not verdict.within_reach[row]:
        return (
            f"{pair.label} is specified to {_metres(pair.reach)} and this link is {_metres(length - pair.reach)} longer"
        )
    if lacking > TOLERANCE_DB and longest > 0:
        longer = f"this link is {_metres(length - longest, digits=3)} longer ({lacking:.2f} dB)"
        return f"{pair.label} reaches {_metres(longest, digits=3)} here and {longer}"
    if lacking > TOLERANCE_DB:
        return f"{pair.label} misses by {lacking:.2f} dB at {_metres(length)} and closes at none"
    return f"{pair.label} overloads its receiver by {-verdict.headroom_db[row]:.2f} dB"


def _outside(pair: Pair, path: Path, row: int) -> str:
    """Why a link that is too warm or too cold does not close."""
    low, high = pair.temperatures
    here = np.broadcast_to(np.asarray(path.temperature), np.shape(path.length))[row]
    return f"{pair.label} is specified from {low:g} to {high:g} °C and this link is at {here:g} °C"


def _rescue(path: Path, policy: LinkPolicy, others: Sequence[Pair]) -> list[str]:
    """Name for each path the cheapest that would close.

    What is only announced where nothing sold would; where a temperature is stated, what no document gives a range of
    temperatures for after all others.
    """
    proposed = [pair for pair in others if policy.proposes(pair.a.name) and policy.proposes(pair.b.name)]
    length = np.asarray(path.length)
    if not proposed:
        return [f"no other product of this rate is {'allowed' if others else 'known'}"] * len(length)
    verdicts = [pair.judge(path, mode=policy.mode, required_db=policy.margin_db) for pair in proposed]
    prices = np.stack([
        np.where(verdict.closes, pair.price_usd(length), np.inf)
        for pair, verdict in zip(proposed, verdicts, strict=True)
    ])  # fmt: skip
    stated = ~np.isnan(np.broadcast_to(np.asarray(path.temperature), length.shape))
    rank = np.array([[not pair.sold] for pair in proposed]) + 2.0 * (
        np.array([[not pair.temperatures_known] for pair in proposed]) & stated
    )
    best: list[int] = np.argmin(prices + DEAREST * rank, axis=0).tolist()
    return [
        f"{proposed[index].label}{_REMARKS[int(rank[index, row])]} would close"
        f" with {verdicts[index].deciding_db[row]:.2f} dB left"
        if np.isfinite(prices[index, row])
        else f"no {'allowed' if policy.allow else 'known'} product of this rate would close"
        for row, index in enumerate(best)
    ]


DEAREST = 1e12
"""More than any link costs, USD: what is worse in kind comes after all that is cheaper."""

_REMARKS = (
    "",
    ", announced only,",
    ", for which no range of temperatures is published,",
    ", announced only and for which no range of temperatures is published,",
)


def _metres(length: float, *, digits: int = 4) -> str:
    """A length as it is said: in kilometres where metres would take five digits."""
    return f"{length:.{digits}g} m" if length < 10.0**digits else f"{length / 1e3:.{digits}g} km"
