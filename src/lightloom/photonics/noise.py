"""How weak a signal may be: thermal, shot and laser noise of each level of a PAM4 receiver.

Source: the standard receiver noise model, as in G. P. Agrawal, Fiber-Optic Communication Systems, section 4.4.
"""

from dataclasses import dataclass

import numpy as np
from scipy import constants

from lightloom.core.arrays import Floats, Number
from lightloom.photonics.errors import LEVELS, Modulation, gaussian_tail

WEAKEST_DBM = -80.0
STRONGEST_DBM = 40.0
"""Between these the sensitivity is looked for; no receiver lies outside."""

_HALVINGS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Receiver:
    """A photodiode, its amplifier and the light it is given.

    Args:
        responsivity: Of the photodiode, A/W.
        noise_density: Input-referred noise current of the amplifier, A/sqrt(Hz).
        bandwidth: Equivalent noise bandwidth, Hz.
        relative_intensity_noise: Of the laser, 1/Hz; 1e-14 is -140 dB/Hz.
        extinction_ratio_db: Of the signal, highest over lowest level.
        shot: Whether shot noise counts.
    """

    responsivity: Number
    noise_density: Number
    bandwidth: Number
    relative_intensity_noise: Number
    extinction_ratio_db: Number
    shot: bool = True

    def level_currents(self, oma_dbm: Number) -> Floats:
        """Photocurrent of the four levels, A; one more axis, the last: R OMA (1/(E - 1) + i/3)."""
        amplitude = 1e-3 * 10.0 ** (np.asarray(oma_dbm)[..., None] / 10.0)
        ratio = 10.0 ** (np.asarray(self.extinction_ratio_db)[..., None] / 10.0)
        return _last(self.responsivity) * amplitude * (1.0 / (ratio - 1.0) + np.arange(4) / 3.0)

    def level_noise(self, oma_dbm: Number) -> Floats:
        """Standard deviation of the current of the four levels, A; one more axis, the last."""
        current = self.level_currents(oma_dbm)
        charge = 2.0 * constants.e if self.shot else 0.0
        density = _last(self.noise_density) ** 2 + charge * current + _last(self.relative_intensity_noise) * current**2
        return np.sqrt(density * _last(self.bandwidth))

    def bit_error_ratio(self, oma_dbm: Number) -> Number:
        """Errors per bit of Gray-coded PAM4, decided where two levels are equally many deviations away.

        Args:
            oma_dbm: Outer amplitude at the photodiode, equaliser and eye closure accounted for elsewhere.
        """
        current, noise = self.level_currents(oma_dbm), self.level_noise(oma_dbm)
        eyes = np.diff(current, axis=-1) / (noise[..., 1:] + noise[..., :-1])
        return np.asarray(0.25 * np.sum(gaussian_tail(eyes), axis=-1), dtype=np.float64)

    def error_floor(self) -> Number:
        """Bit error ratio that no amount of light betters: relative intensity noise grows with it."""
        return self.bit_error_ratio(STRONGEST_DBM)

    def sensitivity_dbm(self, bit_errors: Number) -> Number:
        """Outer amplitude at which the bit error ratio is the one given, dBm; not a number below the floor.

        Args:
            bit_errors: Before correction, such as 2.4e-4.
        """
        wanted = np.asarray(bit_errors, dtype=np.float64)
        shape = np.broadcast_shapes(wanted.shape, np.shape(self.error_floor()))
        low, high = np.full(shape, WEAKEST_DBM), np.full(shape, STRONGEST_DBM)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            weak = np.asarray(self.bit_error_ratio(middle)) > wanted
            low, high = np.where(weak, middle, low), np.where(weak, high, middle)
        reached = (np.asarray(self.error_floor()) <= wanted) & (np.asarray(self.bit_error_ratio(WEAKEST_DBM)) >= wanted)
        return np.where(reached, high, np.nan)


def thermal_sensitivity_dbm(
    *, q: Number, noise_current: Number, responsivity: Number, modulation: Modulation = "nrz"
) -> Number:
    """Outer amplitude a receiver needs when only its own amplifier is noisy, dBm: 2 q sigma (M - 1)/R.

    Args:
        q: Quality factor wanted.
        noise_current: Root mean square over the bandwidth, A.
        responsivity: Of the photodiode, A/W.
        modulation: Two levels or four.
    """
    watts = 2.0 * (LEVELS[modulation] - 1.0) * q * noise_current / responsivity
    return 10.0 * np.log10(watts / 1e-3)


def _last(value: Number) -> Floats:
    """Return the parameter with one more axis, for the levels."""
    return np.asarray(value, dtype=np.float64)[..., None]
