"""Curves of one link: margin against length, and bit errors against received power."""

from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Booleans, Floats, frozen
from lightloom.photonics import errors, spread
from lightloom.photonics.lanes import lane_rate_bps
from lightloom.photonics.levels import Levels
from lightloom.photonics.noise import Receiver
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.pair import WORST_SHARE, Mode, Pair
from lightloom.photonics.product import Path
from lightloom.photonics.reasons import longest_length

POINTS = 41
"""Points of a curve."""

AIR = 1.25
"""How far a curve goes beyond what matters, as a factor."""

STARVED_DB = 3.0
"""How far below the need of the receiver the curve of bit errors begins, dB."""

LASERS = (("laser noise at the clause's limit", -136.0), ("quiet external laser", -144.0))
"""Relative intensity noise, dB/Hz: the limit of IEEE Std 802.3 clause 124, and that of OCI external laser modules."""

EXTINCTION_RATIO_DB = 3.5
"""Least of IEEE Std 802.3 clause 124."""

LINE_RATE = 1.0625
"""Bits on the line for a bit of payload: 106.25 Gb/s for 100."""

_DENSITIES = (1e-13, 1e-8)
_HALVINGS = 60

_MODES: tuple[Mode, ...] = ("spec_min", "distribution")


@dataclass(frozen=True, slots=True, eq=False)
class LengthCurve:
    """Margin of a link against the length of its cable, all else unchanged; arrays of one shape.

    Args:
        length: m.
        spec_db: At guaranteed limits.
        median_db: Parts as they come.
        worst_db: The worst in a hundred of these.
        within_reach: Where the specification speaks of that length.
        reach_spec: Longest cable that closes at guaranteed limits, m; 0 if none does.
        reach_worst: Likewise for the worst in a hundred, parts as they come.
    """

    length: Floats
    spec_db: Floats
    median_db: Floats
    worst_db: Floats
    within_reach: Booleans
    reach_spec: float
    reach_worst: float


@dataclass(frozen=True, slots=True, eq=False)
class NoisyCurve:
    """Bit errors of a receiver with thermal, shot and laser noise, as sensitive as its guaranteed limit says.

    Args:
        name: What laser.
        relative_intensity_noise_db: Its noise, dB/Hz.
        received_dbm: Ascending, to overload.
        bit_errors: At these.
        floor: Bit errors that no light betters.
    """

    name: str
    relative_intensity_noise_db: float
    received_dbm: Floats
    bit_errors: Floats
    floor: float


@dataclass(frozen=True, slots=True, eq=False)
class PowerCurve:
    """Bit errors against received power; the walls of the bathtub are noise at the left and overload at the right.

    Received power is the outer OMA that reaches the receiver, less the transmitter's eye closure, as in the budget.

    Args:
        received_dbm: Ascending.
        bit_errors: Of a receiver at its guaranteed limit.
        threshold: Bit error ratio the code corrects; the budget's margin is nought there.
        needed_dbm: Received power at the threshold.
        floor_dbm: Beyond it the curve knows no floor, and is not drawn further.
        overload_dbm: Outer OMA the receiver takes at most.
        limit_dbm: What arrives at guaranteed limits.
        median_dbm: What a median link is worth to a receiver at its limit.
        strongest_dbm: Outer OMA of the strongest transmitter over this path.
        noisy: The same receiver lit by lasers whose own noise makes a floor.
    """

    received_dbm: Floats
    bit_errors: Floats
    threshold: float
    needed_dbm: float
    floor_dbm: float
    overload_dbm: float
    limit_dbm: float
    median_dbm: float
    strongest_dbm: float
    noisy: tuple[NoisyCurve, ...]


def against_length(pair: Pair, path: Path, *, required_db: float = 0.0, points: int = POINTS) -> LengthCurve:
    """Return margins from nought metres to beyond the link, its reach, and where it stops to close.

    Args:
        pair: The two ends.
        path: One link: every field an array of one.
        required_db: Margin that counts as closing, for the two reaches.
        points: Of the curve, at least two.
    """
    length = float(np.asarray(path.length).item())
    reached = {mode: float(longest_length(pair, path, mode=mode, required_db=required_db)[0]) for mode in _MODES}
    specified = pair.reach if np.isfinite(pair.reach) else 0.0
    far = AIR * max(length, specified, *reached.values(), 1.0)
    lengths = np.linspace(0.0, far, points)
    swept = replace(path, length=lengths)
    verdict = pair.judge(swept, mode="spec_min", required_db=0.0)
    worst = np.asarray(spread.percentile_db(verdict.margin_mean_db, verdict.margin_sigma_db, share=WORST_SHARE))
    return LengthCurve(
        length=frozen(lengths),
        spec_db=frozen(np.array(verdict.margin_spec_db)),
        median_db=frozen(np.array(verdict.margin_mean_db)),
        worst_db=frozen(worst),
        within_reach=frozen(np.array(verdict.within_reach)),
        reach_spec=reached["spec_min"],
        reach_worst=reached["distribution"],
    )


def against_power(pair: Pair, path: Path, *, points: int = POINTS) -> PowerCurve | None:
    """Return the bathtub of the worse direction; None where margin is not optical.

    Args:
        pair: The two ends.
        path: One link: every field an array of one.
        points: Of the curve.
    """
    threshold = pair.a.bit_error_threshold
    receiver, penalty = _worse_receiver(pair)
    if threshold is None or receiver is None:
        return None
    verdict = pair.judge(path, mode="spec_min", required_db=0.0)
    needed = receiver.sensitivity_dbm + penalty
    received = np.linspace(needed - STARVED_DB, needed + errors.FLOOR_MARGIN_DB, points)
    return PowerCurve(
        received_dbm=frozen(received),
        bit_errors=frozen(np.asarray(errors.bit_error_ratio_at(received - needed, threshold=threshold))),
        threshold=threshold,
        needed_dbm=needed,
        floor_dbm=float(received[-1]),
        overload_dbm=receiver.overload_dbm,
        limit_dbm=needed + float(verdict.margin_spec_db[0]),
        median_dbm=needed + float(verdict.margin_mean_db[0]),
        strongest_dbm=receiver.overload_dbm - float(verdict.headroom_db[0]),
        noisy=_noisy(needed, max(receiver.overload_dbm, needed + AIR), threshold, lane_rate_bps(pair.a), points),
    )


def _noisy(needed: float, end: float, threshold: float, lane_bps: float, points: int) -> tuple[NoisyCurve, ...]:
    received = np.linspace(needed - STARVED_DB, end, points)
    bandwidth = LINE_RATE * lane_bps / 4.0
    found: list[NoisyCurve] = []
    for name, decibels in LASERS:
        receiver = receiver_as_sensitive(needed, threshold, bandwidth=bandwidth, relative_intensity_noise_db=decibels)
        errors_seen, floor = receiver.bit_error_ratio(received), float(np.asarray(receiver.error_floor()))
        found.append(NoisyCurve(name, decibels, frozen(received), frozen(np.asarray(errors_seen)), floor))
    return tuple(found)


def receiver_as_sensitive(
    needed_dbm: float, bit_errors: float, *, bandwidth: float, relative_intensity_noise_db: float
) -> Receiver:
    """Return a PAM4 receiver that just reaches a bit error ratio at some power, its amplifier as noisy as that allows.

    Args:
        needed_dbm: Outer OMA at the photodiode.
        bit_errors: To be reached there.
        bandwidth: Equivalent noise bandwidth, Hz; half the symbol rate for an ideal equaliser.
        relative_intensity_noise_db: Of the laser, dB/Hz; what it takes is not the amplifier's any more.

    Leaves out: responsivity, taken as 1 A/W: only its product with the noise counts but for shot noise, which is small.
    """
    quiet, loud = _DENSITIES
    noise = 10.0 ** (relative_intensity_noise_db / 10.0)
    for _ in range(_HALVINGS):
        density = float(np.sqrt(quiet * loud))
        errs = Receiver(1.0, density, bandwidth, noise, EXTINCTION_RATIO_DB).bit_error_ratio(needed_dbm)
        quiet, loud = (quiet, density) if float(np.asarray(errs)) > bit_errors else (density, loud)
    return Receiver(1.0, quiet, bandwidth, noise, EXTINCTION_RATIO_DB)


def _worse_receiver(pair: Pair) -> tuple[Levels | None, float]:
    """Return the receiver of the direction that leaves less margin, and what reflections take; None without levels."""
    near, far = (end.levels if isinstance(end, OpticalProduct) else None for end in (pair.a, pair.b))
    if near is None or far is None:
        return None, 0.0
    forth, back = near.launch_dbm - far.sensitivity_dbm, far.launch_dbm - near.sensitivity_dbm
    return far if forth <= back else near, max(near.reflection_penalty_db, far.reflection_penalty_db)
