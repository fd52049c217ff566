"""The network of an evaluation: cables of every level, their budgets, watts and dollars, and what the job sends."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.engine.reach import CIRCUIT
from lightloom.engine.traffic import Load
from lightloom.fabric.across import ACROSS, BORDER_LEVEL, SITE_LEVEL
from lightloom.fabric.fabric import Cables, Fabric
from lightloom.fabric.labels import fabric_of, labelled, plain
from lightloom.fabric.mesh_layout import CUBE, MESH
from lightloom.photonics.link_budget import LinkBudget
from lightloom.photonics.pair import Pair
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.table import LinkTable

CARRIED_WITH = {f"{ACROSS}.{BORDER_LEVEL}": f"{ACROSS}.{SITE_LEVEL}"}
"""Cables that carry what another level carries, and have no say of their own."""


@dataclass(frozen=True, slots=True)
class ProductUse:
    """Links of one pair of products on one level.

    Args:
        ends: Product at the lower and at the upper end.
        medium: ``copper``, ``fibre`` or ``board``.
        rate_bps: Of each, one way.
        cables: Links.
        length_m: Median and longest.
        watts_total: Both ends of all of them, W.
        usd_total: Ends and cable of all of them.
        spec_min: Whether all close with every part at its guaranteed limit, and the least margin, dB.
        distribution: Share that closes with parts as they come, and the margin of the longest ones' worst per cent and
            median, dB.
        reason: Why they do not close by the study's policy, told of the longest that does not; empty if all do.
        runners_up: Pairs allowed that would close on some of them too, with how many, and USD of one link, the mean;
            those for most links first, then the cheapest.
        budget: Of the one with the least margin at guaranteed limits.
    """

    ends: tuple[str, str]
    medium: str
    rate_bps: float
    cables: int
    length_m: Mapping[str, float]
    watts_total: float
    usd_total: float
    spec_min: Mapping[str, object]
    distribution: Mapping[str, object]
    reason: str
    runners_up: tuple[Mapping[str, object], ...]
    budget: LinkBudget

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``network.products``."""
        return {
            "ends": list(self.ends),
            "medium": self.medium,
            "rate_bps": self.rate_bps,
            "cables": self.cables,
            "length_m": dict(self.length_m),
            "watts_total": self.watts_total,
            "usd_total": self.usd_total,
            "spec_min": dict(self.spec_min),
            "distribution": dict(self.distribution),
            "reason": self.reason,
            "runners_up": [dict(each) for each in self.runners_up],
            "budget": self.budget.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class LevelUse:
    """One level of one domain.

    Args:
        domain: ``scale_up``, ``scale_out`` or ``scale_across``.
        level: Named by its lower end.
        rate_bps: Of one link, one way; None where they differ.
        cables: Links.
        length_m: Median and longest.
        products: By pair of ends.
        bytes_per_step_per_accelerator: Sent upwards by an average accelerator.
        bytes_per_s_per_accelerator: The same over the step.
        exposed_s: What would vanish from the step were this level infinitely fast.
    """

    domain: str
    level: str
    rate_bps: float | None
    cables: int
    length_m: Mapping[str, float]
    products: tuple[ProductUse, ...]
    bytes_per_step_per_accelerator: float
    bytes_per_s_per_accelerator: float
    exposed_s: float

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``network``."""
        return {
            "domain": self.domain,
            "level": self.level,
            "rate_bps": self.rate_bps,
            "cables": self.cables,
            "length_m": dict(self.length_m),
            "products": [each.to_dict() for each in self.products],
            "bytes_per_step_per_accelerator": self.bytes_per_step_per_accelerator,
            "bytes_per_s_per_accelerator": self.bytes_per_s_per_accelerator,
            "exposed_s": self.exposed_s,
        }


def network(  # one of each kind
    fabric: Fabric,
    links: Iterable[LinkProduct],
    levels: tuple[str, ...],
    load: Load,
    gains: Mapping[str, float],
    step_time: float,
) -> tuple[LevelUse, ...]:
    """Return every level that has cables, lowest first.

    Args:
        fabric: Its cables.
        links: Every link product.
        levels: ``domain.level`` of the columns of ``load``; traffic over circuits counts for the level they join.
        load: Of one recipe.
        gains: Seconds each level costs.
        step_time: s.
    """
    cables, known = fabric.cables, {each.name: each for each in links}
    places = dict.fromkeys(zip(cables.domain, cables.level, strict=True))
    found: list[LevelUse] = []
    for domain, level in places:
        carrier = labelled(fabric_of(level), MESH) if plain(level) == CUBE else level
        name = CARRIED_WITH.get(f"{domain}.{level}", f"{domain}.{carrier}")
        sent = float(load.crossing[0, levels.index(name)]) if name in levels else 0.0
        circuit = f"{domain}.{labelled(fabric_of(level), CIRCUIT)}"
        own = fabric.circuit_space is not None and fabric.circuit_space.level == level and domain == "scale_out"
        exposed = max(gains.get(f"{domain}.{level}", 0.0), gains.get(circuit, 0.0) if own else 0.0)
        found.append(_level(cables, known, (domain, level), (sent, step_time, exposed)))
    return tuple(found)


def _level(
    cables: Cables,
    known: Mapping[str, LinkProduct],
    place: tuple[str, str],
    use: tuple[float, float, float],
) -> LevelUse:
    """Return a level by its domain and name, of which are known: bytes sent a step, its time, and exposed seconds."""
    places = zip(cables.domain, cables.level, strict=True)
    rows = np.flatnonzero([each == place for each in places])
    table, (sent, step_time, exposed) = cables.table, use
    count, rates = table.count[rows], np.unique(table.rate_bps[rows])
    return LevelUse(
        domain=place[0],
        level=place[1],
        rate_bps=float(rates[0]) if len(rates) == 1 else None,
        cables=int(count.sum()),
        length_m=_lengths(table.length[rows], count),
        products=tuple(_products(table, rows, known)),
        bytes_per_step_per_accelerator=sent,
        bytes_per_s_per_accelerator=sent / step_time,
        exposed_s=exposed,
    )


def _lengths(lengths: Floats, counts: Integers) -> dict[str, float]:
    return {"median": _median(lengths, counts), "max": float(lengths.max())}


def _median(lengths: Floats, counts: Integers) -> float:
    """Return the length of the middle cable."""
    order = np.argsort(lengths)
    before = np.cumsum(counts[order]) < counts.sum() / 2
    return float(lengths[order][int(before.sum())])


def _products(table: LinkTable, rows: Integers, known: Mapping[str, LinkProduct]) -> list[ProductUse]:
    by_pair: dict[tuple[str, str], list[int]] = {}
    for row in map(int, rows):
        by_pair.setdefault((table.a[row], table.b[row]), []).append(row)
    return [_product(table, np.array(mine, np.int64), Pair(known[a], known[b])) for (a, b), mine in by_pair.items()]


def _product(table: LinkTable, rows: Integers, pair: Pair) -> ProductUse:
    count = table.count[rows].astype(np.float64)
    watts = (table.watts_a[rows] + table.watts_b[rows]) * count
    dollars = (table.price_a_usd[rows] + table.price_b_usd[rows] + table.price_medium_usd[rows]) * count
    worst = int(rows[np.argmin(table.margin_mean_db[rows])])
    median, sigma = float(table.margin_mean_db[worst]), float(table.margin_sigma_db[worst])
    open_rows = [row for row in map(int, rows) if table.reason[row]]
    longest = max(open_rows, key=lambda row: float(table.length[row]), default=None)
    tightest = int(rows[np.argmin(table.margin_spec_db[rows])])
    return ProductUse(
        ends=(pair.a.name, pair.b.name),
        medium=table.medium[worst],
        rate_bps=float(table.rate_bps[worst]),
        cables=int(count.sum()),
        length_m=_lengths(table.length[rows], table.count[rows]),
        watts_total=float(watts.sum()),
        usd_total=float(dollars.sum()),
        spec_min={
            "closes": bool(np.all(table.closes_spec[rows])),
            "margin_db": float(table.margin_spec_db[tightest]),
        },
        distribution={
            "closes_share": float(np.average(table.closes_share[rows], weights=count)),
            "margin_db": {"p1": median - _WORST_PERCENT * sigma, "p50": median},
        },
        reason="" if longest is None else table.reason[longest],
        runners_up=tuple(_runners_up(table, rows)),
        budget=LinkBudget.of(table, tightest, pair),
    )


def _runners_up(table: LinkTable, rows: Integers) -> Iterator[Mapping[str, object]]:
    links: dict[tuple[str, str], int] = {}
    dollars: dict[tuple[str, str], float] = {}
    for row in map(int, rows):
        for each in table.runners_up[row]:
            pair, count = (each.a, each.b), int(table.count[row])
            links[pair] = links.get(pair, 0) + count
            dollars[pair] = dollars.get(pair, 0.0) + count * each.usd
    for pair in sorted(links, key=lambda pair: (-links[pair], dollars[pair] / links[pair], pair)):
        yield {"ends": list(pair), "cables": links[pair], "usd_each": dollars[pair] / links[pair]}


_WORST_PERCENT = 2.3263478740408408
"""Standard deviations below the mean of the worst per cent of a normal distribution."""
