"""From margin to bit errors to lost frames: the margin chain and the outer Reed-Solomon code."""

import numpy as np
from scipy import special

from lightloom.core.arrays import Floats, Number

CODE_SYMBOLS = 544
CORRECTABLE_SYMBOLS = 15
BITS_PER_SYMBOL = 10
"""RS(544,514) of IEEE Std 802.3 clause 91, called KP4."""

FLOOR_MARGIN_DB = 3.0
"""Beyond this margin relative intensity noise and its like set a floor that this chain does not know."""


def bit_error_ratio(q: Number) -> Number:
    """Errors per bit of Gray-coded PAM4 with the same noise on all levels: 0.75 Q(q)."""
    return 0.375 * np.asarray(special.erfc(np.asarray(q) / np.sqrt(2.0)), dtype=np.float64)


def q_factor(bit_errors: Number) -> Number:
    """Inverse of :func:`bit_error_ratio`."""
    return np.sqrt(2.0) * special.erfcinv(np.asarray(bit_errors) / 0.375)


def bit_error_ratio_at(margin_db: Number, *, threshold: Number) -> Number:
    """Errors per bit before correction, at an optical margin above the threshold of the budget.

    Args:
        margin_db: Optical decibels; 1 dB optical is 2 dB electrical, hence q grows as 10^(margin/10).
        threshold: Bit error ratio at nought margin, 2.4e-4 for KP4.

    Leaves out: noise that grows with the signal; do not trust it beyond :data:`FLOOR_MARGIN_DB`.
    """
    return bit_error_ratio(q_factor(threshold) * 10.0 ** (np.asarray(margin_db) / 10.0))


def margin_at(bit_errors: Number, *, threshold: Number) -> Number:
    """Optical margin that a measured bit error ratio betrays, dB; inverse of :func:`bit_error_ratio_at`."""
    return 10.0 * np.log10(q_factor(bit_errors) / q_factor(threshold))


def symbol_error_ratio(bit_errors: Number) -> Number:
    """Share of code symbols with a wrong bit: 1 - (1 - ber)^10, exact for tiny ratios."""
    right: Floats = np.log1p(np.negative(np.asarray(bit_errors, dtype=np.float64)))
    return np.negative(np.expm1(BITS_PER_SYMBOL * right))


def codeword_error_ratio(bit_errors: Number) -> Number:
    """Share of KP4 codewords left uncorrected when bit errors are independent: P(Binomial(544, p) > 15).

    Leaves out: bursts, which are worse.
    """
    symbol_errors = symbol_error_ratio(bit_errors)
    tail = special.betainc(CORRECTABLE_SYMBOLS + 1, CODE_SYMBOLS - CORRECTABLE_SYMBOLS, symbol_errors)
    return np.asarray(tail, dtype=np.float64)


def frame_loss_ratio(codeword_errors: Number, *, codewords: Number) -> Number:
    """Share of 64-octet frames lost: I CER (1 + 1/(8 I)) with I interleaved codewords.

    Source: IEEE Std 802.3 frame loss ratio of 1.7e-12 at 2.4e-4 bit errors, which this reproduces for I = 2.
    """
    return codewords * np.asarray(codeword_errors) * (1.0 + 1.0 / (8.0 * codewords))
