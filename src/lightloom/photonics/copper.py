"""Where copper ends: insertion loss at the Nyquist frequency of the lane."""

import numpy as np

from lightloom.core.arrays import Number


def nyquist_frequency(baud: Number) -> Number:
    """Half the symbol rate, Hz: the highest frequency the lane must carry."""
    return baud / 2.0


def loss_per_length_db(frequency: Number, *, first: tuple[float, float], second: tuple[float, float]) -> Number:
    """Attenuation of a pair of conductors, dB/m: k1 sqrt(f) + k2 f, through two known points.

    Args:
        frequency: Hz.
        first: Frequency, Hz, and attenuation there, dB/m.
        second: Another such point.

    Leaves out: resonances, roughness; temperature, which moves :func:`skin_loss_per_length_db` alone.
    Source: skin effect (square root) and dielectric loss (linear), as in IEEE Std 802.3 annexes on cable assemblies.
    """
    skin, dielectric = _skin_and_dielectric(first, second)
    return skin * np.sqrt(frequency) + dielectric * frequency


def skin_loss_per_length_db(frequency: Number, *, first: tuple[float, float], second: tuple[float, float]) -> Number:
    """Part of :func:`loss_per_length_db` that the conductors take, dB/m: k1 sqrt(f).

    Args:
        frequency: Hz.
        first: Frequency, Hz, and attenuation there, dB/m.
        second: Another such point.
    """
    return _skin_and_dielectric(first, second)[0] * np.sqrt(frequency)


def _skin_and_dielectric(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    corners = np.array([[np.sqrt(point[0]), point[0]] for point in (first, second)])
    skin, dielectric = np.linalg.solve(corners, np.array([first[1], second[1]]))
    return float(skin), float(dielectric)


def reach(*, channel_budget_db: Number, fixed_loss_db: Number, loss_db_per_m: Number) -> Number:
    """Longest cable, m, that leaves nothing of the electrical budget; below nought where the ends alone take too much.

    Args:
        channel_budget_db: Insertion loss the two ends bridge, die to die, at Nyquist.
        fixed_loss_db: Packages, host boards and connectors of both ends together.
        loss_db_per_m: Cable at Nyquist.

    Source: reach = (IL budget - packages - hosts - connectors)/attenuation.
    """
    return (channel_budget_db - fixed_loss_db) / loss_db_per_m


def reach_by_rate(lane_rate_bps: Number, *, product: Number) -> Number:
    """Longest cable, m, by the rule of thumb that reach falls as the lane rate grows.

    Args:
        lane_rate_bps: Of one pair.
        product: Reach times lane rate, m bits/s; 500 m Gb/s (5e11) is Marvell's optimistic rule.
    """
    return product / lane_rate_bps
