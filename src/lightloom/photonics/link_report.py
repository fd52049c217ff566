"""One link explained: every line of its budget, both modes apart, errors, latency, watts, dollars, failures."""

from collections.abc import Mapping, Sequence

import numpy as np

from lightloom.photonics import errors, spread
from lightloom.photonics.energy import energy_per_bit
from lightloom.photonics.links import known_pairs
from lightloom.photonics.pair import WORST_SHARE, Pair, Verdict
from lightloom.photonics.product import LinkProduct, Path
from lightloom.photonics.reasons import explain
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy, LinkRequest, path_of, refuse

Json = dict[str, object]


def link_report(
    products: Mapping[str, LinkProduct],
    a: str,
    b: str = "",
    *,
    length: float,
    connectors: int | None = 4,
    through: Sequence[CircuitSwitchPass] = (),
    extra_loss_db: float = 0.0,
    policy: LinkPolicy | None = None,
) -> Json:
    """Return the answer of the verb ``link``: plain texts and numbers, each key with its unit.

    ``pre_fec_ber`` and ``frame_loss`` are those of a median link, parts as they come, and null for copper; beyond
    a margin of 3 dB, where the chain knows no floor, they are those of 3 dB.

    Args:
        products: Every product known, by name.
        a: Product at the lower end.
        b: Product at the upper end; empty for the same.
        length: Cable, m, one way, end to end.
        connectors: Optical connectors on the way; None for the allocation of the standard.
        through: Passes through circuit switches.
        extra_loss_db: Other stated loss, such as circulators.
        policy: What counts as closing; ``spec_min`` without margin if None.

    Raises:
        StudyError: A product is unknown, the two do not join, or a number makes no sense.
    """
    rule = policy or LinkPolicy()
    rate_bps = products[a].rate.value if a in products else 1.0
    request = LinkRequest(length, rate_bps, 1, (a,), (b or a,), connectors, tuple(through), extra_loss_db)
    refuse([request], rule, products)
    pair, path = Pair(products[a], products[b or a]), path_of([request])
    verdict = pair.judge(path, mode=rule.mode, required_db=rule.margin_db)
    others = [other for other in known_pairs(rate_bps, products) if other != pair]
    closes = bool(verdict.closes[0])
    reason = "" if closes else explain(pair, path, mode=rule.mode, required_db=rule.margin_db, others=others)[0]
    return {
        "ends": [pair.a.name, pair.b.name],
        "rate_bps": rate_bps,
        "length_m": length,
        "closes": closes,
        "reason": reason,
        "rows": budget_rows(pair, path),
        "spec_min": {"closes": bool(verdict.closes_spec[0]), "margin_db": float(verdict.margin_spec_db[0])},
        "distribution": _distribution(verdict),
        **_errors(pair, verdict),
        **_amounts(pair, length),
        "alternatives": _alternatives(others, path, rule),
    }


def budget_rows(pair: Pair, path: Path) -> list[Json]:
    """Lines of the budget at guaranteed limits, worse direction; their decibels add up to the margin."""
    one = Path(
        length=_only(path.length),
        connectors=_only(path.connectors),
        switches_typical_db=_only(path.switches_typical_db),
        switches_maximum_db=_only(path.switches_maximum_db),
        switches_sigma_db=_only(path.switches_sigma_db),
        extra_loss_db=_only(path.extra_loss_db),
        switches_reflectance=_only(path.switches_reflectance),
    )
    return [{"item": term.item, "db": float(np.asarray(term.db)), "how": term.how} for term in pair.terms(one)]


def _only(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64).item())


def _distribution(verdict: Verdict) -> Json:
    mean, sigma = verdict.margin_mean_db[0], verdict.margin_sigma_db[0]
    worst = float(np.asarray(spread.percentile_db(mean, sigma, share=WORST_SHARE)))
    return {
        "closes_share": float(verdict.closes_share[0]),
        "margin_db": {"p1": worst, "p50": float(mean)},
        "sigma_db": float(sigma),
    }


def _errors(pair: Pair, verdict: Verdict) -> Json:
    threshold, codewords = pair.a.bit_error_threshold, pair.a.interleaved_codewords
    if threshold is None or codewords is None or not verdict.unbarred[0]:
        return {"pre_fec_ber": None, "frame_loss": None}
    margin = np.minimum(verdict.margin_mean_db[0], errors.FLOOR_MARGIN_DB)
    bits = errors.bit_error_ratio_at(margin, threshold=threshold)
    frames = errors.frame_loss_ratio(errors.codeword_error_ratio(bits), codewords=codewords)
    return {"pre_fec_ber": float(bits), "frame_loss": float(np.minimum(frames, 1.0))}


def _amounts(pair: Pair, length: float) -> Json:
    amounts = {name: float(column[0]) for name, column in pair.amounts(np.array([length])).items()}
    parts = ("price_a_usd", "price_b_usd", "price_medium_usd")
    watts: Json = {"a": amounts["watts_a"], "b": amounts["watts_b"], "boundary": pair.boundary}
    both = pair.a.power.value + pair.b.power.value
    if pair.part_of_node:
        watts["inside_node"] = both
    return {
        "latency_s": amounts["latency"],
        "fibres": int(amounts["fibres"]),
        "watts": watts,
        "joules_per_bit": float(energy_per_bit(both, payload_bps=pair.a.rate.value)),
        "usd": sum(amounts[part] for part in parts),
        "usd_band": {
            "low": sum(amounts[f"{part}_low"] for part in parts),
            "high": sum(amounts[f"{part}_high"] for part in parts),
        },
        "failures": {"hard_fit": amounts["hard_fit"], "flap_fit": amounts["flap_fit"], "shared_fate": pair.shared_fate},
    }


def _alternatives(others: Sequence[Pair], path: Path, rule: LinkPolicy) -> list[Json]:
    """Every other product of the rate, those that close first, then by price."""
    found: list[tuple[bool, float, Json]] = []
    for pair in others:
        verdict = pair.judge(path, mode=rule.mode, required_db=rule.margin_db)
        price = float(pair.price_usd(np.asarray(path.length))[0])
        entry: Json = {
            "ends": [pair.a.name, pair.b.name],
            "closes": bool(verdict.closes[0]),
            "spec_min_margin_db": float(verdict.margin_spec_db[0]),
            "closes_share": float(verdict.closes_share[0]),
            "usd": price,
            "watts": pair.a.power.value + pair.b.power.value,
            "sold": pair.sold,
        }
        found.append((not verdict.closes[0], price, entry))
    return [entry for _, _, entry in sorted(found, key=lambda each: each[:2])]
