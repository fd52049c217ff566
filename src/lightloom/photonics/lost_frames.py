"""What a margin comes to for frames: bit errors, codewords left wrong, frames lost, and how long until the next one."""

from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Number
from lightloom.photonics import errors, fec

FRAME_OCTETS = 64
"""Shortest Ethernet frame: the one frame loss ratios are stated for, and the densest on the wire."""

GAP_OCTETS = 20
"""Preamble and inter-packet gap that go with every frame (IEEE Std 802.3 clause 3 and 4)."""

BURST_CONTINUATION = 0.75
"""A decision-feedback equaliser of one tap, the tap at its largest (one), goes on to the next PAM4 symbol three times
in four: the worst case of its kind. Optical receivers without one make lone errors."""

LEAST_FRAME_LOSS = 1e-30
"""Less is nought here: at 1.2e9 frames a second one is lost in 2e13 years."""


@dataclass(frozen=True, slots=True, eq=False)
class LostFrames:
    """Errors of links at some margins; arrays of one shape.

    Args:
        margin_db: Above the threshold of the budget.
        bit_errors: Per bit before correction.
        frame_loss: Of 64-octet frames, errors independent.
        frame_loss_burst: Likewise, errors in bursts; never less.
        interval: Mean time between lost frames on a full link, s; infinite where none is lost.
        interval_burst: Likewise, errors in bursts.
        floored: Whether the margin exceeds what the chain vouches for; the figures are those of that margin then.
    """

    margin_db: Floats
    bit_errors: Floats
    frame_loss: Floats
    frame_loss_burst: Floats
    interval: Floats
    interval_burst: Floats
    floored: Booleans


def frame_rate(rate_bps: Number) -> Number:
    """Frames of 64 octets a second on a full link, gaps counted."""
    return rate_bps / (8.0 * (FRAME_OCTETS + GAP_OCTETS))


def lost_frames(
    margin_db: Number,
    *,
    threshold: float,
    codewords: float,
    rate_bps: float,
    continuation: float = BURST_CONTINUATION,
) -> LostFrames:
    """Return what links at these margins lose.

    Args:
        margin_db: Optical; beyond :data:`errors.FLOOR_MARGIN_DB` that one is taken, for the chain knows no floor.
        threshold: Bit error ratio at nought margin.
        codewords: Interleaved on the link.
        rate_bps: Payload, one way.
        continuation: Probability that a wrong symbol makes the next one wrong too.

    Leaves out: interleaving against bursts. Lanes of 100 Gb/s are multiplexed bit by bit, which breaks the code's
        symbols up, so that a burst is taken to strike one codeword; with bursts the figures are an upper bound.
    Source: ``fec`` and ``errors``; the symbol multiplexing that would help is that of IEEE P802.3dj.
    """
    margin = np.asarray(margin_db, dtype=np.float64)
    bits = np.asarray(errors.bit_error_ratio_at(np.minimum(margin, errors.FLOOR_MARGIN_DB), threshold=threshold))
    lone = _frames(fec.codeword_error_ratio(bits), codewords)
    burst = np.maximum(lone, _frames(fec.burst_codeword_error_ratio(bits, continuation=continuation), codewords))
    rate = float(frame_rate(rate_bps))
    return LostFrames(
        margin, bits, lone, burst, _interval(lone, rate), _interval(burst, rate), margin > errors.FLOOR_MARGIN_DB
    )


def _frames(codeword_errors: Number, codewords: float) -> Floats:
    lost = np.minimum(np.asarray(fec.frame_loss_ratio(codeword_errors, codewords=codewords)), 1.0)
    return np.where(lost < LEAST_FRAME_LOSS, 0.0, lost)


def _interval(lost: Floats, rate: float) -> Floats:
    return np.divide(1.0, lost * rate, out=np.full(lost.shape, np.inf), where=lost > 0.0)
