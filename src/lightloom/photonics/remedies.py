"""What would make a link close: a shorter cable, fewer connectors, fewer passes, other ends, another rate."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from lightloom.photonics.links import known_pairs
from lightloom.photonics.pair import Pair
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.reasons import longest_length
from lightloom.photonics.request import LinkPolicy, LinkRequest, path_of

MOST_OTHER_RATES = 3
"""Products of other rates named at most."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change after which a link closes, all else unchanged.

    Args:
        change: What to do, as a person says it.
        margin_db: Left afterwards, by the mode that decides, less what is required.
    """

    change: str
    margin_db: float


def remedies(pair: Pair, request: LinkRequest, policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> list[Remedy]:
    """Return changes that make a link close, the smallest intervention first; none if it closes or nothing would.

    Other technologies of the same rate are the alternatives' business; those of another rate come last here.

    Args:
        pair: The two ends.
        request: Their link.
        policy: What counts as closing.
        products: Every product known, by name.
    """
    if _closes(pair, request, policy) is not None:
        return []
    found = [*_plant(pair, request, policy), *_other_mode(pair, request, policy)]
    others = [other for other in known_pairs(request.rate_bps, products) if other != pair]
    if not any(_closes(other, request, policy) is not None for other in others):
        found += _other_rates(request, policy, products)
    return found


def _closes(pair: Pair, request: LinkRequest, policy: LinkPolicy) -> float | None:
    """Margin left; None if it does not close."""
    verdict = pair.judge(path_of([request]), mode=policy.mode, required_db=policy.margin_db)
    return float(verdict.deciding_db[0]) if verdict.closes[0] else None


def _plant(pair: Pair, request: LinkRequest, policy: LinkPolicy) -> list[Remedy]:
    """Changes to what lies between the ends."""
    tried: list[tuple[str, LinkRequest]] = []
    longest = longest_length(pair, path_of([request]), mode=policy.mode, required_db=policy.margin_db)[0]
    if longest > 0.0:
        tried.append((f"a cable of at most {longest:.4g} m", replace(request, length=float(longest))))
    for count in range((request.connectors or 0) - 1, -1, -1):
        fewer = replace(request, connectors=count)
        if pair.a.fibre_count and _closes(pair, fewer, policy) is not None:
            tried.append((f"at most {count} connectors", fewer))
            break
    passes = request.circuit_switches
    for count in range(len(passes) - 1, -1, -1):
        less = replace(request, circuit_switches=passes[:count])
        if _closes(pair, less, policy) is not None:
            word = "no pass through a circuit switch" if count == 0 else f"at most {count} passes through it"
            tried.append((word, less))
            break
    if request.temperature is not None:
        low, high = pair.temperatures
        mild = float(min(max(request.temperature, low), high))
        most = "at most" if mild < request.temperature else "at least"
        tried += [(f"{most} {mild:g} °C", replace(request, temperature=mild))] * (mild != request.temperature)
    if request.extra_loss_db:
        tried.append(("without the other stated loss", replace(request, extra_loss_db=0.0)))
    margins = [(change, _closes(pair, changed, policy)) for change, changed in tried]
    return [Remedy(change, margin) for change, margin in margins if margin is not None]


def _other_mode(pair: Pair, request: LinkRequest, policy: LinkPolicy) -> list[Remedy]:
    """Parts as they come may close where guarantees do not; the reverse makes no sense to ask."""
    if policy.mode != "spec_min":
        return []
    margin = _closes(pair, request, LinkPolicy("distribution", policy.margin_db))
    words = "nothing, if parts as they come will do: the worst in a hundred closes"
    return [] if margin is None else [Remedy(words, margin)]


def _other_rates(request: LinkRequest, policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> list[Remedy]:
    """Products of another rate that close on this path, the dearest ports last."""
    length = np.array([request.length])
    closing: list[tuple[float, Remedy]] = []
    for product in products.values():
        pair, margin = Pair(product, product), None
        if not product.serves(request.rate_bps) and pair.sold and not pair.part_of_node:
            margin = _closes(pair, replace(request, rate_bps=product.rate.value), policy)
        if margin is not None:
            each = float(pair.price_usd(length)[0]) / product.rate.value
            closing.append((each, Remedy(f"{product.name}, {product.rate.value / 1e9:g} Gb/s a link", margin)))
    return [remedy for _, remedy in sorted(closing, key=lambda row: row[0])[:MOST_OTHER_RATES]]
