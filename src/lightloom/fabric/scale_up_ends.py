"""A scale-up domain over copper, and what it would take over fibre: counts from the bandwidth of an accelerator."""

import numpy as np

from lightloom.core.arrays import Number


def links(accelerators: Number, links_each: Number) -> Number:
    """Links from accelerators to switches."""
    return np.asarray(accelerators, np.float64) * links_each


def copper_pairs(accelerators: Number, links_each: Number, *, pairs: Number) -> Number:
    """Pairs of copper of all links.

    Args:
        accelerators: In the domain.
        links_each: Of one.
        pairs: Of one link, both directions together.
    """
    return links(accelerators, links_each) * pairs


def transceivers(accelerators: Number, bandwidth: Number, *, rate: Number) -> Number:
    """Optical modules at both ends of every link, were all of them fibre.

    Args:
        accelerators: In the domain.
        bandwidth: Of one accelerator, one way; in the unit of ``rate``.
        rate: Of a module, one way.
    """
    needed = 2.0 * np.asarray(accelerators, np.float64) * bandwidth / rate
    return np.ceil(needed * (1.0 - 1e-12))  # a whole number of modules that rounding lifted is no further one


def both_ways(accelerators: Number, bandwidth: Number) -> Number:
    """Bandwidth of all accelerators, both directions added as vendors do; in the unit of ``bandwidth``."""
    return 2.0 * np.asarray(accelerators, np.float64) * bandwidth
