"""What colours cost: chromatic dispersion of a fibre, and the frequencies it takes from an intensity-modulated signal.

Accumulated dispersion is in s/m: 1e-3 s/m is 1 ps/nm. Either sign; fading does not know it.

Source: ITU-T G.652 (dispersion around its zero); J. Wang and K. Petermann, "Small Signal Analysis for Dispersive
Optical Fiber Communication Systems", J. Lightwave Technology 10 (1992).
"""

import numpy as np

from lightloom.core.arrays import Number
from lightloom.photonics.flight import LIGHT_SPEED


def accumulated(length: Number, *, wavelength: Number, zero_wavelength: Number, zero_slope: Number) -> Number:
    """Dispersion over a fibre, s/m: L S0/4 (lambda - lambda0^4/lambda^3).

    Args:
        length: Fibre, m.
        wavelength: Of the signal, m.
        zero_wavelength: Where dispersion is nought, m; 1300 to 1324 nm in G.652 fibre.
        zero_slope: There, s/m³; 93 s/m³ is 0.093 ps/(nm² km).
    """
    bend = np.asarray(zero_wavelength) ** 4 / np.asarray(wavelength) ** 3
    return length * zero_slope / 4.0 * (wavelength - bend)


def fade_db(frequency: Number, *, wavelength: Number, dispersion: Number) -> Number:
    """Electrical response of a directly detected signal, dB; nought or below: 20 log10 |cos(pi lambda² D f²/c)|.

    Args:
        frequency: Of the modulation, Hz.
        wavelength: Of the carrier, m.
        dispersion: Accumulated, s/m.

    Leaves out: chirp of the transmitter, which moves the nulls; what an equaliser makes good.
    """
    phase = np.pi * np.asarray(wavelength) ** 2 * dispersion * np.asarray(frequency) ** 2 / LIGHT_SPEED
    return 20.0 * np.log10(np.abs(np.cos(phase)))


def first_null(*, wavelength: Number, dispersion: Number) -> Number:
    """Lowest frequency that does not arrive, Hz; infinite without dispersion: sqrt(c/(2 lambda² |D|))."""
    strength = 2.0 * np.asarray(wavelength) ** 2 * np.abs(dispersion)
    some = strength > 0.0
    return np.where(some, np.sqrt(LIGHT_SPEED / np.where(some, strength, 1.0)), np.inf)
