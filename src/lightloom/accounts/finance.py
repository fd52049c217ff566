"""What a dollar spent once costs a year, and what an hour of the cluster makes of a token."""

import numpy as np

from lightloom.core.arrays import Number

YEAR = 365.25 * 86400.0
HOUR = 3600.0
HOURS_PER_YEAR = YEAR / HOUR


def capital_recovery(rate: Number, life: Number) -> Number:
    """Equal yearly payments that pay back one dollar within its life; 1/year, floats or arrays.

    Args:
        rate: Cost of capital, 1/year.
        life: Service life, s; nothing is left of the thing after it.

    Leaves out: taxes, residual value, payments within the year.
    Source: the annuity formula r / (1 - (1 + r)^-n); at no interest a straight line, 1 / n.
    """
    years = np.asarray(life, dtype=np.float64) / YEAR
    interest = np.asarray(rate, dtype=np.float64)
    costly = interest > 1e-12
    paid_back = -np.expm1(-years * np.log1p(interest))
    share = np.where(costly, interest / np.where(costly, paid_back, 1.0), 1.0 / years)
    return share if share.ndim else float(share)


def usd_per_million_tokens(usd_per_hour: Number, tokens_per_s: Number, goodput: Number = 1.0) -> Number:
    """Price of a million tokens kept; floats or arrays, shapes broadcast.

    Args:
        usd_per_hour: Of the job's part of the cluster.
        tokens_per_s: While the job runs.
        goodput: Share of the time that counts, 0..1.
    """
    return usd_per_hour / HOUR / (tokens_per_s * goodput) * 1e6


def joules_per_token(watts: Number, tokens_per_s: Number, goodput: Number = 1.0) -> Number:
    """Energy of a token kept, J; floats or arrays, shapes broadcast.

    Args:
        watts: Drawn for the job.
        tokens_per_s: While the job runs.
        goodput: Share of the time that counts, 0..1; watts are taken as the same in the rest.
    """
    return watts / (tokens_per_s * goodput)
