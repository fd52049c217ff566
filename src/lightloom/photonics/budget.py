"""Does the light arrive? Power budget of one direct-detection lane."""

import numpy as np

from lightloom.core.arrays import Booleans, Number

TOLERANCE_DB = 1e-9
"""A margin this far below nought still closes: sums of decimal decibels are not exact in binary."""


def ideal_sensitivity_dbm(*, stressed_sensitivity_dbm: Number, stressed_eye_closure_db: Number) -> Number:
    """Outer OMA a receiver needs from a signal whose eye is open, dBm: S0 = SRS - SECQ.

    Args:
        stressed_sensitivity_dbm: Outer OMA at which the receiver passes the stressed test (SRS).
        stressed_eye_closure_db: Eye closure of that test signal (SECQ).

    Source: IEEE Std 802.3, stressed receiver sensitivity of clauses 124 and 151.
    """
    return stressed_sensitivity_dbm - stressed_eye_closure_db


def fibre_loss_db(length: Number, *, loss_db_per_m: Number) -> Number:
    """Decibels lost in the glass alone; ``length`` in m, one way.

    Leaves out: bend loss, ageing.
    """
    return length * loss_db_per_m


def longest_fibre(*, channel_loss_db: Number, connectors_loss_db: Number, loss_db_per_m: Number) -> Number:
    """Metres of fibre that a channel allows beside its connectors; below nought where they alone take too much."""
    return (channel_loss_db - connectors_loss_db) / loss_db_per_m


def margin_db(
    *,
    launch_dbm: Number,
    channel_loss_db: Number,
    sensitivity_dbm: Number,
    reflection_penalty_db: Number = 0.0,
    extra_penalty_db: Number = 0.0,
) -> Number:
    """Decibels left over: (OMA - TDECQ) - channel loss - penalties - S0.

    Args:
        launch_dbm: Outer OMA minus TDECQ, the eye closure subtracted here and nowhere else.
        channel_loss_db: Everything between the two modules: fibre, joints, circuit switches, circulators.
        sensitivity_dbm: S0 of :func:`ideal_sensitivity_dbm`, never the stressed one: that would subtract closure twice.
        reflection_penalty_db: Allocation for multi-path interference and differential group delay.
        extra_penalty_db: Anything else, such as crosstalk of a circuit switch.

    Leaves out: chromatic dispersion beyond the reach of the standard; within it TDECQ already contains it.
    Source: the sum behind the power budgets of IEEE Std 802.3 clauses 124 and 151 and of the 100G Lambda MSA.
    """
    return launch_dbm - channel_loss_db - reflection_penalty_db - extra_penalty_db - sensitivity_dbm


def overload_headroom_db(*, oma_maximum_dbm: Number, channel_loss_db: Number, overload_dbm: Number) -> Number:
    """Decibels between the strongest signal that can arrive and the most the receiver takes.

    Source: receiver overload (average and OMA) limits of IEEE Std 802.3 clause 124.
    """
    return overload_dbm - (oma_maximum_dbm - channel_loss_db)


def holds(left_db: Number) -> Booleans:
    """Tell whether a margin or headroom is not negative, within :data:`TOLERANCE_DB`."""
    return np.asarray(left_db) >= -TOLERANCE_DB


def outer_oma_dbm(*, average_dbm: Number, extinction_ratio_db: Number) -> Number:
    """Outer optical modulation amplitude of a signal of known average power, dBm: 2 P (E - 1)/(E + 1).

    Source: definition of OMA and extinction ratio, IEEE Std 802.3 clause 58.
    """
    ratio = 10.0 ** (np.asarray(extinction_ratio_db) / 10.0)
    return average_dbm + 10.0 * np.log10(2.0 * (ratio - 1.0) / (ratio + 1.0))
