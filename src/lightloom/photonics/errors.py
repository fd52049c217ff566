"""From margin to bit errors: quality factor, two and four levels, and the chain from decibels left over.

What the codes make of bit errors is in :mod:`lightloom.photonics.fec`.
"""

from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from lightloom.core.arrays import Number

Modulation: TypeAlias = Literal["nrz", "pam4"]

LEVELS: dict[Modulation, int] = {"nrz": 2, "pam4": 4}

FLOOR_MARGIN_DB = 3.0
"""Beyond this margin relative intensity noise and its like set a floor that this chain does not know."""


def gaussian_tail(distance: Number) -> Number:
    """Probability that normal noise exceeds so many standard deviations: Q(x) = erfc(x/sqrt 2)/2."""
    return 0.5 * np.asarray(special.erfc(np.asarray(distance) / np.sqrt(2.0)), dtype=np.float64)


def gaussian_distance(probability: Number) -> Number:
    """Inverse of :func:`gaussian_tail`; not a number outside 0 … 1."""
    return np.sqrt(2.0) * special.erfcinv(2.0 * np.asarray(probability))


def decision_error_ratio(q: Number, *, modulation: Modulation = "pam4") -> Number:
    """Wrong decisions per symbol with the same noise on all levels: 2 (1 - 1/M) Q(q); 1.5 Q(q) for PAM4.

    Args:
        q: Half the distance of neighbouring levels over the standard deviation of the noise.
        modulation: Two levels or four.
    """
    return 2.0 * (1.0 - 1.0 / LEVELS[modulation]) * gaussian_tail(q)


def bit_error_ratio(q: Number, *, modulation: Modulation = "pam4") -> Number:
    """Errors per bit of Gray-coded symbols with the same noise on all levels: Q(q), 0.75 Q(q) for PAM4.

    Leaves out: decisions that miss by two levels, which matter above a bit error ratio of 0.01.
    """
    return decision_error_ratio(q, modulation=modulation) / np.log2(LEVELS[modulation])


def q_factor(bit_errors: Number, *, modulation: Modulation = "pam4") -> Number:
    """Inverse of :func:`bit_error_ratio`."""
    bits_per_symbol = np.log2(LEVELS[modulation])
    return q_factor_of_decisions(np.asarray(bit_errors) * bits_per_symbol, modulation=modulation)


def q_factor_of_decisions(decision_errors: Number, *, modulation: Modulation = "pam4") -> Number:
    """Inverse of :func:`decision_error_ratio`."""
    return gaussian_distance(np.asarray(decision_errors) / (2.0 * (1.0 - 1.0 / LEVELS[modulation])))


def level_penalty_db(modulation: Modulation) -> Number:
    """Optical decibels more than NRZ of the same amplitude, noise and quality factor: 10 log10(M - 1).

    The eye between two neighbouring levels is 1/(M - 1) of the outer amplitude: 4.77 dB for PAM4.
    """
    return 10.0 * np.log10(LEVELS[modulation] - 1.0)


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
