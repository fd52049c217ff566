"""Parts as they come: what share of links closes when margin is normally distributed."""

import numpy as np
from scipy import special

from lightloom.core.arrays import Number
from lightloom.photonics.budget import holds

LEAST_SIGMA_DB = 1e-6
"""A spread of nought is taken as this where parts are drawn at random."""


def closing_share(mean_db: Number, sigma_db: Number) -> Number:
    """Share of links with a margin of at least nought: Phi(mean/sigma); all or none of them where none differs."""
    mean, sigma = np.asarray(mean_db, dtype=np.float64), np.asarray(sigma_db, dtype=np.float64)
    spread = sigma > 0.0
    return np.where(spread, special.ndtr(mean / np.where(spread, sigma, 1.0)), holds(mean))


def percentile_db(mean_db: Number, sigma_db: Number, *, share: float) -> Number:
    """Margin below which a share of links lies, dB; 0.01 gives the worst one in a hundred."""
    return mean_db + sigma_db * float(special.ndtri(share))
