"""What warmth does to a link: copper resists more, and the amplifier of a receiver is noisier.

Only what a law of physics or a document says is here. Guaranteed limits hold over the whole range of a product.
"""

import numpy as np

from lightloom.core.arrays import Number

AT_REFERENCE = float("nan")
"""In place of a temperature: every figure at the temperature it was taken at, whatever that was."""

ABSOLUTE_ZERO = -273.15
"""°C."""

COPPER_PER_KELVIN = 0.00393
"""By how much the resistivity of annealed copper grows, a share of that at 20 °C, 1/K. Source: IEC 60028 (the
international annealed copper standard), as quoted in the manual of Hioki's RM3545 resistance meter, appendix 4."""

COPPER_AT = 20.0
"""Where :data:`COPPER_PER_KELVIN` holds, °C."""


def stated(temperature: Number, *, reference: float) -> Number:
    """Return the temperature, °C, and the reference where it is :data:`AT_REFERENCE`."""
    return np.where(np.isnan(temperature), reference, temperature)


def conductor_loss_ratio(temperature: Number, *, reference: float) -> Number:
    """Loss of a conductor over its loss at the reference temperature, both in decibels.

    Current flows in a skin whose depth grows with the root of resistivity, so loss does too: 0.2 % a kelvin.

    Args:
        temperature: Of the copper, °C.
        reference: Where the loss is known, °C.

    Leaves out: the dielectric, whose loss also moves with temperature, by material and rarely published.
    Source: skin effect, as in any text on transmission lines; ANSI/TIA-568-C.2 6.4.7 corrects screened pairs by the
    same 0.2 % a kelvin from 20 to 60 °C.
    """
    warm, known = (_resistivity(each) for each in (stated(temperature, reference=reference), reference))
    return np.sqrt(warm / known)


def thermal_noise_db(temperature: Number, *, reference: float) -> Number:
    """Optical decibels a receiver with thermal noise alone loses against the reference temperature.

    The noise current goes with the root of absolute temperature, and the light it takes with the noise current:
    5 log10(T/T0).

    Args:
        temperature: Of the module's case, °C, for that of its amplifier.
        reference: Where the sensitivity is known, °C.

    Leaves out: how much warmer than its case the amplifier is, which would make the ratio smaller; transistors that
    amplify less when warm, which would make noise grow more; shot noise and the laser's own, which do not warm.
    Source: thermal noise 4 k T/R, as in G. P. Agrawal, Fiber-Optic Communication Systems, section 4.4.
    """
    warm = np.asarray(stated(temperature, reference=reference)) - ABSOLUTE_ZERO
    return 5.0 * np.log10(warm / (reference - ABSOLUTE_ZERO))


def _resistivity(temperature: Number) -> Number:
    """Resistivity of copper over that at 20 °C."""
    return 1.0 + COPPER_PER_KELVIN * (np.asarray(temperature) - COPPER_AT)
