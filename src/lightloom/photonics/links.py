"""Which link serves: the cheapest allowed pair of ends whose budget closes at that length and rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.photonics.pair import Pair, Verdict
from lightloom.photonics.product import LinkProduct, Path
from lightloom.photonics.reasons import explain, nearness
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy, LinkRequest, path_of, refuse
from lightloom.photonics.table import LinkTable, RunnerUp

__all__ = ["CircuitSwitchPass", "LinkPolicy", "LinkRequest", "LinkTable", "allowed_pairs", "choose", "known_pairs"]


RUNNERS_UP = 3
"""How many of the next best are kept."""


def choose(requests: Sequence[LinkRequest], policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> LinkTable:
    """Choose for every request the cheapest allowed pair that closes, else the one that misses by least.

    Equal prices: the fewer watts, then the earlier in the study. A row that does not close keeps its reason; it is no
    error, a search may pass by it.

    Args:
        requests: Classes of links; those with the same products and rate are judged together.
        policy: What counts as closing.
        products: Every product known, by name.

    Raises:
        StudyError: A length, count or rate makes no sense; a product is unknown; none of those allowed has the rate;
            none of one end joins one of the other. All faults at once.
    """
    refuse(requests, policy, products)
    groups: dict[tuple[tuple[str, ...], tuple[str, ...], float, bool], list[int]] = {}
    for row, request in enumerate(requests):
        groups.setdefault((request.a, request.b, request.rate_bps, request.at_card), []).append(row)
    pairs = [Pair(product, product) for product in list(products.values())[:1]] * len(requests)
    reasons = [""] * len(requests)
    next_best: list[tuple[RunnerUp, ...]] = [()] * len(requests)
    columns = {name: np.zeros(len(requests)) for name in _CHOSEN}
    for (a, b, rate_bps, at_card), rows in groups.items():
        choice = _choose_alike([requests[row] for row in rows], policy, allowed_pairs(a, b, rate_bps, products))
        others = [pair for pair in known_pairs(rate_bps, products) if not pair.part_of_node]
        others = [pair for pair in others if pair.a.sits == "module" or not at_card]
        sentences = _reasons(choice, policy, others)
        for place, row in enumerate(rows):
            pairs[row], reasons[row] = choice.pairs[place], sentences[place]
            next_best[row] = choice.runners_up[place]
        for name, column in columns.items():
            column[rows] = choice.columns[name]
    return _table(requests, pairs, (reasons, next_best), columns)


def allowed_pairs(
    a: tuple[str, ...], b: tuple[str, ...], rate_bps: float, products: Mapping[str, LinkProduct]
) -> list[Pair]:
    """Pairs of the allowed products that have the rate and join, in the order of the study; alike where a equals b."""
    lower = [products[name] for name in a if products[name].serves(rate_bps)]
    upper = [products[name] for name in b if products[name].serves(rate_bps)]
    if a == b:
        return [Pair(product, product) for product in lower]
    return [Pair(near, far) for near in lower for far in upper if near.joins(far)]


def known_pairs(rate_bps: float, products: Mapping[str, LinkProduct]) -> list[Pair]:
    """Every product of a rate with itself at the other end."""
    return [Pair(each, each) for each in products.values() if each.serves(rate_bps)]


@dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """What was chosen for requests that allow the same products."""

    pairs: list[Pair]
    runners_up: list[tuple[RunnerUp, ...]]
    path: Path
    columns: dict[str, Floats]


def _choose_alike(requests: Sequence[LinkRequest], policy: LinkPolicy, candidates: Sequence[Pair]) -> _Choice:
    path = path_of(requests)
    length = np.asarray(path.length)
    verdicts = [pair.judge(path, mode=policy.mode, required_db=policy.margin_db) for pair in candidates]
    amounts = [pair.amounts(length) for pair in candidates]
    best = _best(candidates, verdicts, path, policy)
    row = np.arange(len(requests))
    columns = {
        name: np.stack([np.asarray(getattr(verdict, name), dtype=np.float64) for verdict in verdicts])[best, row]
        for name in _JUDGED
    }
    columns |= {name: np.stack([some[name] for some in amounts])[best, row] for name in amounts[0]}
    columns |= {name: np.asarray(getattr(path, name)) for name in _WAY}
    runners_up = _runners_up(candidates, verdicts, length, best)
    return _Choice([candidates[index] for index in best.tolist()], runners_up, path, columns)


def _best(candidates: Sequence[Pair], verdicts: Sequence[Verdict], path: Path, policy: LinkPolicy) -> Integers:
    """Index of the best candidate per row: those that close by price, then watts; the others by how near they come."""
    length = np.asarray(path.length)
    best = np.zeros(length.shape, dtype=np.int64)
    least = watts = np.full(length.shape, np.inf)
    for index, (pair, verdict) in enumerate(zip(candidates, verdicts, strict=True)):
        price = np.where(verdict.closes, pair.price_usd(length), np.inf)
        power = np.where(verdict.closes, pair.a.power.value + pair.b.power.value, np.inf)
        better = (price < least) | ((price == least) & (power < watts))
        best, least, watts = (
            np.where(better, index, best),
            np.where(better, price, least),
            np.where(better, power, watts),
        )
    failing = np.flatnonzero(np.isinf(least))
    if len(failing) and len(candidates) > 1:
        some = path.take(failing)
        near = [nearness(pair, some, mode=policy.mode, required_db=policy.margin_db) for pair in candidates]
        best[failing] = np.argmax(np.stack(near), axis=0)
    return best


def _runners_up(
    candidates: Sequence[Pair], verdicts: Sequence[Verdict], length: Floats, best: Integers
) -> list[tuple[RunnerUp, ...]]:
    """Return the cheapest others that close, row by row."""
    if len(candidates) < 2:
        return [()] * len(length)
    prices = np.stack(
        [
            np.where(verdict.closes, pair.price_usd(length), np.inf)
            for pair, verdict in zip(candidates, verdicts, strict=True)
        ]
    )
    prices[best, np.arange(len(length))] = np.inf
    order = np.argsort(prices, axis=0, kind="stable")[:RUNNERS_UP]
    return [
        tuple(
            RunnerUp(candidates[index].a.name, candidates[index].b.name, float(prices[index, row]))
            for index in map(int, order[:, row])
            if np.isfinite(prices[index, row])
        )
        for row in range(len(length))
    ]


def _reasons(choice: _Choice, policy: LinkPolicy, others: Sequence[Pair]) -> list[str]:
    """Empty where a row closes."""
    reasons = [""] * len(choice.pairs)
    failing: dict[Pair, list[int]] = {}
    for row in np.flatnonzero(choice.columns["closes"] == 0.0).tolist():
        failing.setdefault(choice.pairs[row], []).append(row)
    for pair, rows in failing.items():
        path = choice.path.take(np.array(rows))
        sentences = explain(pair, path, policy, others)
        for row, sentence in zip(rows, sentences, strict=True):
            reasons[row] = sentence
    return reasons


_JUDGED = ("closes", "closes_spec", "margin_spec_db", "closes_share", "margin_mean_db", "margin_sigma_db")
_WAY = tuple(field.name for field in fields(Path) if field.name != "length")
_NOT_FLOATS = ("fibres", "closes", "closes_spec", "part_of_node")
_ASKED = (
    *("a", "b", "medium", "boundary", "shared_fate", "reason", "runners_up"),
    *("count", "length", "rate_bps", "passes", "stated"),
)
_CHOSEN = tuple(field.name for field in fields(LinkTable) if field.name not in _ASKED)


def _table(
    requests: Sequence[LinkRequest],
    pairs: Sequence[Pair],
    told: tuple[Sequence[str], Sequence[tuple[RunnerUp, ...]]],
    columns: Mapping[str, Floats],
) -> LinkTable:
    reasons, runners_up = told
    floats = {name: frozen(column) for name, column in columns.items() if name not in _NOT_FLOATS}
    return LinkTable(
        a=tuple(pair.a.name for pair in pairs),
        b=tuple(pair.b.name for pair in pairs),
        medium=tuple(pair.a.medium for pair in pairs),
        boundary=tuple(pair.boundary for pair in pairs),
        shared_fate=tuple(pair.shared_fate for pair in pairs),
        reason=tuple(reasons),
        runners_up=tuple(runners_up),
        count=frozen(np.array([request.count for request in requests], dtype=np.int64)),
        length=frozen(np.array([request.length for request in requests], dtype=np.float64)),
        rate_bps=frozen(np.array([request.rate_bps for request in requests], dtype=np.float64)),
        fibres=frozen(columns["fibres"].astype(np.int64)),
        closes=frozen(columns["closes"] > 0.0),
        closes_spec=frozen(columns["closes_spec"] > 0.0),
        part_of_node=frozen(columns["part_of_node"] > 0.0),
        passes=frozen(np.array([len(request.circuit_switches) for request in requests], dtype=np.int64)),
        stated=((),) * len(requests),
        **floats,
    )
