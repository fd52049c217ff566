"""Parts as they come: what share of links closes when margin is normally distributed."""

import numpy as np
from scipy import special

from lightloom.core.arrays import Number

LEAST_SIGMA_DB = 1e-6
"""A spread of nought is taken as this, so that the share is a step, not a division by nought."""


def closing_share(mean_db: Number, sigma_db: Number) -> Number:
    """Share of links with a margin of at least nought: Phi(mean/sigma)."""
    return special.ndtr(np.asarray(mean_db) / np.maximum(sigma_db, LEAST_SIGMA_DB))


def percentile_db(mean_db: Number, sigma_db: Number, *, share: float) -> Number:
    """Margin below which a share of links lies, dB; 0.01 gives the worst one in a hundred."""
    return mean_db + sigma_db * float(special.ndtri(share))
