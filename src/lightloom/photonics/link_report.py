"""One link explained: every line of its budget, both modes apart, errors, latency, watts, dollars, failures."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np

from lightloom.core.random import stream
from lightloom.photonics import link_depth, link_life, monte_carlo, spread
from lightloom.photonics.energy import energy_per_bit
from lightloom.photonics.lanes import lane_rate_bps
from lightloom.photonics.link_budget import budget_rows, waterfall
from lightloom.photonics.link_life import LinkLife
from lightloom.photonics.links import known_pairs
from lightloom.photonics.pair import WORST_SHARE, Pair, Verdict
from lightloom.photonics.plant import StatedPlant
from lightloom.photonics.product import LinkProduct, Path
from lightloom.photonics.reasons import explain, nearness
from lightloom.photonics.remedies import remedies
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy, LinkRequest, path_of, refuse

Json = dict[str, object]


def link_report(  # noqa: PLR0913 # all but products, ends and length have a default
    products: Mapping[str, LinkProduct],
    a: str,
    b: str = "",
    *,
    length: float,
    connectors: int | None = 4,
    through: Sequence[CircuitSwitchPass] = (),
    extra_loss_db: float = 0.0,
    temperature: float | None = None,
    policy: LinkPolicy | None = None,
    plant: StatedPlant | None = None,
    life: LinkLife | None = None,
    seed: int = 0,
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
        temperature: Of modules' cases, or of the copper, °C; None for that at which each figure was taken.
        policy: What counts as closing; ``spec_min`` without margin if None.
        plant: Fibre, connectors and dirt where they are not the catalog's.
        life: How its ends fail, how a change of its path ends, how lost frames are sent again; None leaves that out.
        seed: Of the plant drawn for turn-up.

    Raises:
        StudyError: A product is unknown, the two do not join, a number makes no sense, or energy would be compared
            across boundaries.
    """
    rule, stated = policy or LinkPolicy(), plant or StatedPlant()
    rate_bps = products[a].rate.value if a in products else 1.0
    request = LinkRequest(
        length, rate_bps, 1, (a,), (b or a,), connectors, tuple(through), extra_loss_db, temperature=temperature
    )
    refuse([request], rule, products)
    known = stated.fitted(products)
    pair, path = Pair(known[a], known[b or a]), path_of([request])
    stated.refuse(pair, request)
    terms = pair.terms(single(path))
    verdict = pair.judge(path, mode=rule.mode, required_db=rule.margin_db)
    others = [other for other in known_pairs(rate_bps, known) if other != pair]
    closes = bool(verdict.closes[0])
    reason = "" if closes else explain(pair, path, rule, others)[0]
    errors_told = link_depth.errors_by_margin(pair, verdict)
    told, sources = link_depth.figures((pair.a, pair.b))
    return {
        "ends": [pair.a.name, pair.b.name],
        "rate_bps": rate_bps,
        "lane_rate_bps": lane_rate_bps(pair.a),
        "length_m": length,
        "connectors": connectors,
        "circuit_switch_passes": len(through),
        "temperature_c": temperature,
        "temperature_limits_c": _limits(pair),
        "mode": rule.mode,
        "margin_required_db": rule.margin_db,
        "closes": closes,
        "reason": reason,
        "rows": budget_rows(terms),
        "waterfall": waterfall(terms),
        "spec_min": {"closes": bool(verdict.closes_spec[0]), "margin_db": float(verdict.margin_spec_db[0])},
        "distribution": _distribution(pair, path, verdict),
        "overload_headroom_db": link_depth.finite(float(verdict.headroom_db[0])),
        **_median(errors_told),
        "errors": errors_told,
        "turn_up": link_depth.turn_up_answer(_turn_up(pair, path, verdict, rule, stated, seed)),
        **_amounts(pair, length),
        "failures": link_life.failures(pair, life),
        **link_life.service(pair, life, length),
        "alternatives": _alternatives(others, path, rule, pair.boundary),
        "remedies": [
            {"change": each.change, "margin_db": each.margin_db} for each in remedies(pair, request, rule, known)
        ],
        "curves": link_depth.curves(pair, path, required_db=rule.margin_db),
        "unknowns": link_depth.unknowns(pair, through, temperature),
        "figures": told,
        "sources": sources,
    }


def _turn_up(
    pair: Pair, path: Path, verdict: Verdict, rule: LinkPolicy, stated: StatedPlant, seed: int
) -> monte_carlo.Yield:
    return monte_carlo.turn_up(
        pair,
        path,
        verdict,
        stated.handling,
        required_db=rule.margin_db if rule.mode == "distribution" else 0.0,
        stream=stream(seed, "turn-up"),
    )


def single(path: Path) -> Path:
    """Return a path of one link with plain numbers in place of its arrays, so that terms can say how they were got."""
    return Path(**{field.name: _only(getattr(path, field.name)) for field in fields(path)})


def _only(value: object) -> float:
    return float(np.asarray(value, dtype=np.float64).item())


def _limits(pair: Pair) -> Json:
    low, high = pair.temperatures
    return {"low": link_depth.finite(low), "high": link_depth.finite(high)}


def _distribution(pair: Pair, path: Path, verdict: Verdict) -> Json:
    mean, sigma = verdict.margin_mean_db[0], verdict.margin_sigma_db[0]
    worst = float(np.asarray(spread.percentile_db(mean, sigma, share=WORST_SHARE)))
    return {
        "closes_share": float(verdict.closes_share[0]),
        "margin_db": {"p1": worst, "p50": float(mean)},
        "sigma_db": float(sigma),
        "temperature_db": float(np.asarray(pair.a.warmth_db(pair.b, path)).flat[0]) + 0.0,
    }


def _median(told: Sequence[Json]) -> Json:
    """Errors of the median link, the keys a reader looks for first."""
    keys = ("pre_fec_ber", "frame_loss", "frame_loss_burst", "lost_frame_interval_s", "lost_frame_interval_burst_s")
    return {key: told[link_depth.LINKS.index("median link")][key] if told else None for key in keys}


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
    }


def _alternatives(others: Sequence[Pair], path: Path, rule: LinkPolicy, boundary: str) -> list[Json]:
    """Every other product of the rate, those that close by price, then the others by how near they come."""
    found: list[tuple[bool, float, Json]] = []
    for pair in others:
        verdict = pair.judge(path, mode=rule.mode, required_db=rule.margin_db)
        price = float(pair.price_usd(np.asarray(path.length))[0])
        entry: Json = {
            "ends": [pair.a.name, pair.b.name],
            "closes": bool(verdict.closes[0]),
            "obstacle": _obstacle(verdict),
            "spec_min_margin_db": float(verdict.margin_spec_db[0]),
            "closes_share": float(verdict.closes_share[0]),
            "usd": price,
            "watts": pair.a.power.value + pair.b.power.value,
            "boundary": pair.boundary,
            "same_boundary": pair.boundary == boundary,
            "sold": pair.sold,
            "temperatures_known": pair.temperatures_known,
        }
        closes = bool(verdict.closes[0])
        rank = price if closes else -float(nearness(pair, path, mode=rule.mode, required_db=rule.margin_db)[0])
        found.append((not closes, rank, entry))
    return [entry for _, _, entry in sorted(found, key=lambda each: each[:2])]


def _obstacle(verdict: Verdict) -> str:
    """What keeps a link from closing, in two words; empty if nothing does."""
    if verdict.closes[0]:
        return ""
    if not verdict.unbarred[0]:
        return "no light"
    if not verdict.within_temperature[0]:
        return "wrong temperature"
    if not verdict.within_reach[0]:
        return "too long"
    return "overload" if verdict.headroom_db[0] < 0.0 else "no margin"
