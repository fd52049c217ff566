"""What reflections cost: light that took another way beats with the signal on the receiver.

Three models, from the kindest to the harshest: many weak echoes as Gaussian noise, pairs of reflections with a
discount, and one strong echo in phase with the signal all the time. A penalty is in optical dB; infinite where the eye
is shut.
"""

import numpy as np

from lightloom.core.arrays import Floats, Number
from lightloom.photonics.errors import LEVELS, Modulation


def gaussian_penalty_db(
    interferer_db: Number, *, extinction_ratio_db: Number, q: Number, polarisation: Number
) -> Number:
    """Penalty of PAM4 when interference is noise of the top level's field with an echo of average power.

    Args:
        interferer_db: Sum of all echoes relative to the signal, dB.
        extinction_ratio_db: Of signal and echo.
        q: Quality factor without interference, 3.414 at 2.4e-4.
        polarisation: Share of an echo in the signal's polarisation, 1 for aligned, 0.5 on average.

    Leaves out: which is exact for many independent echoes and too harsh for one weak one.
    """
    ratio = _ratio(extinction_ratio_db)
    top, average = ratio / (ratio - 1.0), (ratio + 1.0) / (2.0 * (ratio - 1.0))  # in units of OMA
    variance = 2.0 * polarisation * top * average * _ratio(interferer_db)
    return -5.0 * _decades(1.0 - 36.0 * np.asarray(q) ** 2 * variance)


def coherent_penalty_db(interferer_db: Number, *, extinction_ratio_db: Number) -> Number:
    """Penalty of PAM4 with one echo in phase with the signal and of its polarisation: the worst there is.

    Args:
        interferer_db: Echo relative to the signal, dB.
        extinction_ratio_db: Of both.
    """
    return _shut(12.0 * np.sqrt(_ratio(interferer_db)), extinction_ratio_db)


def pair_penalty_db(
    pair_sum: Number, *, extinction_ratio_db: Number, discount: Number, modulation: Modulation = "pam4"
) -> Number:
    """Penalty of all pairs of reflections between two modules.

    Args:
        pair_sum: Of :func:`pair_sum`.
        extinction_ratio_db: Of the signal.
        discount: Share of the sum that counts; 0.5 in IEEE 802.3 budgets, 1 if all echoes add in phase.
        modulation: The inner eye of PAM4 feels three times what that of NRZ does.

    Source: Bhatt and King, multi-path interference analysis of IEEE P802.3bs.
    """
    return _shut(4.0 * (LEVELS[modulation] - 1.0) * discount * pair_sum, extinction_ratio_db)


def pair_sum(*, transmitter_db: Number, receiver_db: Number, connector_db: Number, connectors: Number) -> Number:
    """Fields of all doubly reflected paths added up, relative to the signal's: sum of sqrt(R1 R2) over pairs.

    Args:
        transmitter_db, receiver_db: Reflectance of the modules, dB, below nought.
        connector_db: Reflectance of each connector.
        connectors: Between the modules.

    Leaves out: loss between the two reflections of a pair, which would make the sum smaller.
    """
    near, far, joint = (np.sqrt(_ratio(each)) for each in (transmitter_db, receiver_db, connector_db))
    count = np.asarray(connectors, dtype=np.float64)
    return near * far + count * joint * (near + far) + count * (count - 1.0) / 2.0 * joint**2


def near_end_interferer_db(
    *, return_loss_db: Number, loss_to_reflection_db: Number, link_loss_db: Number, power_difference_db: Number
) -> Number:
    """Echo of one's own transmitter relative to the light from the far end, both ways on one fibre, dB.

    Args:
        return_loss_db: Of the reflection, such as 46 dB of a port of a circuit switch.
        loss_to_reflection_db: From the near module to it, passed twice.
        link_loss_db: From end to end, circulators included.
        power_difference_db: Near transmitter less far one.
    """
    return power_difference_db + link_loss_db - return_loss_db - 2.0 * loss_to_reflection_db


def _shut(share: Number, extinction_ratio_db: Number) -> Number:
    ratio = _ratio(extinction_ratio_db)
    return -10.0 * _decades(1.0 - share * ratio / (ratio - 1.0))


def _ratio(decibels: Number) -> Floats:
    return np.power(10.0, np.asarray(decibels, dtype=np.float64) / 10.0)


def _decades(left: Number) -> Floats:
    """Logarithm of what is left of the eye; minus infinity where nothing is."""
    opened = np.asarray(left) > 0.0
    return np.where(opened, np.log10(np.where(opened, left, 1.0)), -np.inf)
