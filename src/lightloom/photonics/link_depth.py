"""The deeper half of a link's answer as plain texts and numbers: errors, turn-up, curves, figures."""

from collections.abc import Sequence

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.core.provenance import Figure, Source
from lightloom.photonics import spread
from lightloom.photonics.curves import NoisyCurve, against_length, against_power
from lightloom.photonics.kinds.bidirectional import Bidirectional
from lightloom.photonics.lost_frames import LostFrames, lost_frames
from lightloom.photonics.monte_carlo import PERCENTILES, Yield
from lightloom.photonics.pair import WORST_SHARE, Pair, Verdict
from lightloom.photonics.product import LinkProduct, Path
from lightloom.photonics.request import CircuitSwitchPass

Json = dict[str, object]

LINKS = ("guaranteed limits", "median link", "worst link in a hundred")
"""Links whose errors are told."""


def errors_by_margin(pair: Pair, verdict: Verdict) -> list[Json]:
    """Return errors of a link at guaranteed limits, a median one, and the worst in a hundred; empty for copper."""
    threshold, codewords = pair.a.bit_error_threshold, pair.a.interleaved_codewords
    if threshold is None or codewords is None or not verdict.unbarred[0]:
        return []
    mean, sigma = verdict.margin_mean_db[0], verdict.margin_sigma_db[0]
    worst = float(np.asarray(spread.percentile_db(mean, sigma, share=WORST_SHARE)))
    found = lost_frames(
        np.array([verdict.margin_spec_db[0], mean, worst]),
        threshold=threshold,
        codewords=codewords,
        rate_bps=pair.a.rate.value,
    )
    return [_errors(found, index) for index in range(len(LINKS))]


def _errors(found: LostFrames, index: int) -> Json:
    return {
        "link": LINKS[index],
        "margin_db": float(found.margin_db[index]),
        "beyond_chain": bool(found.floored[index]),
        "pre_fec_ber": float(found.bit_errors[index]),
        "frame_loss": float(found.frame_loss[index]),
        "frame_loss_burst": float(found.frame_loss_burst[index]),
        "lost_frame_interval_s": finite(found.interval[index]),
        "lost_frame_interval_burst_s": finite(found.interval_burst[index]),
    }


def unknowns(pair: Pair, through: Sequence[CircuitSwitchPass], temperature: float | None) -> list[str]:
    """Return what no document says of the ends and of the circuit switches between, and what is done without it."""
    told = [*pair.a.unknowns, *pair.b.unknowns]
    silent = sum(not np.isfinite(each.return_loss_db) for each in through)
    if silent and pair.a.passes_circuits:
        passes = "one pass" if len(through) == 1 else f"{silent} of {len(through)} passes"
        told.append(f"no return loss is published for {passes} through a circuit switch: {_WITHOUT[_both_ways(pair)]}")
    if temperature is not None:
        told += [
            f"no range of temperatures is published for {end.name}: it is taken to work at any"
            for end in (pair.a, pair.b)
            if not Pair(end, end).temperatures_known
        ]
    return list(dict.fromkeys(told))


def _both_ways(pair: Pair) -> bool:
    return any(isinstance(end, Bidirectional) for end in (pair.a, pair.b))


_WITHOUT = {
    True: "what comes back from there into a link both ways on one fibre is not judged",
    False: "reflections are those the standard allocates",
}


def turn_up_answer(found: Yield) -> Json:
    """Return what became of a plant of equal links."""
    return {
        "links": found.links,
        "closes_share": found.closes_share,
        "failing_share": found.failing / found.links,
        "failing": found.failing,
        "failing_low": found.failing_low,
        "failing_high": found.failing_high,
        "of_which_contaminated_share": found.contaminated_share,
        "margin_db": {f"p{share:g}": value for share, value in zip(PERCENTILES, found.margin_db, strict=True)},
        "sigma_db": {
            "modules": found.spreads.modules,
            "connectors": found.spreads.connectors,
            "circuit_switches": found.spreads.circuit_switches,
            "temperature": found.spreads.temperature,
        },
        "histogram": {"edges_db": _list(found.edges_db), "links": [int(count) for count in found.counts]},
    }


def curves(pair: Pair, path: Path, *, required_db: float) -> Json:
    """Return margin against length, and bit errors against received power where margin is optical."""
    length, power = against_length(pair, path, required_db=required_db), against_power(pair, path)
    return {
        "margin_by_length": {
            "length_m": _list(length.length),
            "spec_min_db": _list(length.spec_db),
            "p50_db": _list(length.median_db),
            "p1_db": _list(length.worst_db),
            "reach_m": {
                "specified": finite(pair.reach),
                "spec_min": length.reach_spec,
                "distribution": length.reach_worst,
            },
        },
        "errors_by_power": power
        and {
            "received_dbm": _list(power.received_dbm),
            "pre_fec_ber": _list(power.bit_errors),
            "threshold": power.threshold,
            "needed_dbm": power.needed_dbm,
            "chain_ends_dbm": power.floor_dbm,
            "overload_dbm": power.overload_dbm,
            "arrives_dbm": {"guaranteed": power.limit_dbm, "median": power.median_dbm},
            "strongest_dbm": power.strongest_dbm,
            "with_laser_noise": [_noisy(curve) for curve in power.noisy],
        },
    }


def _noisy(curve: NoisyCurve) -> Json:
    return {
        "name": curve.name,
        "db_per_hz": curve.relative_intensity_noise_db,
        "received_dbm": _list(curve.received_dbm),
        "pre_fec_ber": _list(curve.bit_errors),
        "floor": curve.floor,
    }


def figures(products: Sequence[LinkProduct]) -> tuple[list[Json], list[Json]]:
    """Return every figure of some products with its band and confidence, and the documents they were read from."""
    told: list[Json] = []
    sources: dict[str, Source] = {}
    for product in dict.fromkeys(product.name for product in products):
        owner = next(each for each in products if each.name == product)
        for key in type(owner).model_fields:
            figure = getattr(owner, key)
            if isinstance(figure, Figure):
                told.append(_figure(product, key, figure))
                if figure.source:
                    sources[figure.source.id] = figure.source
    documents: list[Json] = [
        {"id": source.id, "title": source.title, "where": source.where, "read": source.read}
        for source in sources.values()
    ]
    return told, documents


def _figure(product: str, key: str, figure: Figure) -> Json:
    return {
        "product": product,
        "key": key,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "unit": figure.unit,
        "printed": figure.printed,
        "sure": figure.sure,
        "source": figure.source.id if figure.source else None,
        "at": figure.at,
        "how": figure.how,
    }


def _list(array: Floats) -> list[float]:
    return [float(f"{value:.6g}") for value in array]


def finite(value: float) -> float | None:
    """Return the number; None where it is infinite, which JSON cannot say."""
    return float(value) if np.isfinite(value) else None
