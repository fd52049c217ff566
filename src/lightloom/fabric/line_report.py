"""A line explained: every span, every decibel of its margin, capacity, latency, watts and dollars."""

from collections.abc import Iterable

import numpy as np

from lightloom.core.provenance import Figure
from lightloom.fabric.line import Line, LineVerdict, budget, judge
from lightloom.photonics import coherent, spread
from lightloom.photonics.coherent import LineQuality
from lightloom.photonics.pair import WORST_SHARE
from lightloom.photonics.request import LinkPolicy

Json = dict[str, object]


def line_report(name: str, line: Line, policy: LinkPolicy) -> Json:
    """Return the answer of ``link --coherent``: plain texts and numbers, each key with its unit.

    ``rows`` add up to the margin with every figure of the line at the bad end of its band; ``typical`` is the line as
    it comes. Watts and dollars are of one fibre pair with all its channels, both directions.

    Args:
        name: What a person calls the line.
        line: Lit.
        policy: What counts as closing.
    """
    verdict = judge(line, policy)
    worst, typical = line.quality("worst"), line.quality()
    return {
        "name": name,
        "ends": [line.module.name, line.module.name],
        "line": line.system.name,
        "rate_bps": line.module.rate.value,
        "length_m": line.length,
        "closes": verdict.closes,
        "reason": verdict.reason,
        "rows": _rows(line),
        "spec_min": {"closes": verdict.closes_spec, "margin_db": verdict.margin_spec_db},
        "distribution": _distribution(verdict),
        "channels": line.channels,
        "spacing_hz": line.spacing,
        "baud": line.module.baud.value,
        "launch_dbm": line.launch_dbm,
        "best_launch_dbm": line.best_launch_dbm,
        "required_osnr_db": line.required_osnr_db,
        "worst": ratios(worst),
        "typical": ratios(typical),
        "spans": _spans(line),
        "capacity_bps": line.capacity_bps,
        "shannon_bps": line.channels
        * float(np.asarray(coherent.shannon_bound_bps(typical.gsnr_db, baud=line.module.baud.value))),
        "latency_s": float(np.asarray(typical.delay)) + 2.0 * line.module.latency.value,
        "accumulated_dispersion_s_per_m": float(np.asarray(typical.accumulated_dispersion)),
        **_amounts(line),
    }


def ratios(quality: LineQuality) -> Json:
    """Return the ratios of a line's middle channel, dB."""
    return {
        "osnr_ase_db": _float(quality.osnr_ase_db),
        "snr_ase_db": _float(quality.snr_ase_db),
        "snr_nli_db": _float(quality.snr_nli_db),
        "gsnr_db": _float(quality.gsnr_db),
        "gsnr_0p1nm_db": _float(quality.gsnr_0p1nm_db),
    }


def _rows(line: Line) -> list[Json]:
    """Lines of the budget: they add up to the margin."""
    return [{"item": term.item, "db": _float(term.db), "how": term.how} for term in budget(line)]


def _spans(line: Line) -> list[Json]:
    """Each run of spans alone: 1/OSNR of the whole is the sum of theirs."""
    found: list[Json] = []
    power = line.launch_dbm
    for span in line.fibres("worst"):
        alone = coherent.propagate([span], line.comb, launch_dbm=power)
        found.append(
            {
                "count": int(_float(span.count)),
                "length_m": _float(span.length),
                "loss_db": _float(span.loss_db),
                "gain_db": _float(span.gain_db),
                "noise_figure_db": _float(span.noise_figure_db),
                "launch_dbm": power,
                **ratios(alone),
            }
        )
        power += _float(span.count) * _float(span.net_gain_db)
    return found


def _distribution(verdict: LineVerdict) -> Json:
    mean, sigma = verdict.margin_mean_db, verdict.margin_sigma_db
    return {
        "closes_share": verdict.closes_share,
        "margin_db": {"p1": _float(spread.percentile_db(mean, sigma, share=WORST_SHARE)), "p50": mean},
        "sigma_db": sigma,
    }


def _amounts(line: Line) -> Json:
    module, system = line.module, line.system
    ends, amplifiers = 2 * line.channels, line.amplifiers
    watts = [("modules", ends, module.power), ("amplifiers", amplifiers, system.amplifier_power)]
    prices = [
        ("modules", ends, module.price),
        ("amplifiers", amplifiers, system.amplifier_price),
        ("multiplexers", ends, system.channel_price),
        ("fibre", line.length, system.fibre_price),
    ]
    return {
        "watts": {**_table(watts), "boundary": module.boundary},
        "usd": _table(prices),
        "failures": {"hard_fit": 2.0 * module.hard_fit.value, "flap_fit": 2.0 * module.flap_fit.value},
    }


def _table(parts: Iterable[tuple[str, float, Figure]]) -> Json:
    rows = [
        {
            "item": item,
            "count": count,
            "each": each.value,
            "total": count * each.value,
            "low": count * each.low,
            "high": count * each.high,
        }
        for item, count, each in parts
    ]
    return {
        "rows": rows,
        "total": sum(row["total"] for row in rows if isinstance(row["total"], float)),
        "low": sum(row["low"] for row in rows if isinstance(row["low"], float)),
        "high": sum(row["high"] for row in rows if isinstance(row["high"], float)),
    }


def _float(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64).item())
