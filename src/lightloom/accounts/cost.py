"""What a token costs, which figures that depends on most, and whether two designs differ by more than nobody knows."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from lightloom.accounts.bands import MID, Band, Lever, Position, Swing, at, combined
from lightloom.accounts.bill import Part
from lightloom.accounts.pricing import Pricing
from lightloom.core.provenance import Source


@dataclass(frozen=True, slots=True)
class CapitalRow:
    """One line of what was bought, of the whole cluster.

    Args:
        item: What.
        count: How many; watts provisioned, for the facility.
        usd_each: Each, USD.
        usd_total: Together, USD.
        low: Together at the low end of its price, USD.
        high: Likewise at the high end.
        group: Kind of part, or ``facility``.
        job_usd: Part of ``usd_total`` billed to the job, USD.
    """

    item: str
    count: float
    usd_each: float
    usd_total: float
    low: float
    high: float
    group: str
    job_usd: float

    def to_dict(self) -> dict[str, str | float]:
        """Return the row of ``cost.rows``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class HourRow:
    """Dollars an hour of the job for one purpose.

    Args:
        item: ``nodes``, ``switches`` and so on (capital), ``facility``, ``maintenance``, ``electricity``.
        usd_per_hour: USD/h.
    """

    item: str
    usd_per_hour: float


@dataclass(frozen=True, slots=True)
class CostAccount:
    """Every dollar.

    Args:
        rows: Capital of the whole cluster; they sum to ``capital_usd``.
        capital_usd: Of the whole cluster, facility included.
        hours: Dollars an hour of the job by purpose; they sum to ``usd_per_hour``.
        usd_per_hour: Of the job's part of the cluster.
        usd_per_million_tokens: Kept tokens, with the band of all figures combined as independent.
        tornado: Price of a million tokens with each figure at the ends of its band, widest swing first.
        pricing: To ask again.
    """

    rows: tuple[CapitalRow, ...]
    capital_usd: float
    hours: tuple[HourRow, ...]
    usd_per_hour: float
    usd_per_million_tokens: Band
    tornado: tuple[Swing, ...]
    pricing: Pricing

    @property
    def sources(self) -> tuple[Source, ...]:
        """Documents behind watts, prices and whatever else moves the price of a token, each once."""
        moving = {lever.figure.source for lever in self.pricing.levers() if lever.figure.source}
        return tuple(sorted(moving | set(self.pricing.bill.sources)))

    def to_dict(self) -> dict[str, object]:
        """Return ``cost`` of the evaluation."""
        return {
            "capital_usd": self.capital_usd,
            "usd_per_hour": self.usd_per_hour,
            "usd_per_million_tokens": self.usd_per_million_tokens.to_dict(),
            "rows": [row.to_dict() for row in self.rows],
            "per_hour": [asdict(row) for row in self.hours],
            "tornado": [_tornado_row(swing) for swing in self.tornado],
        }


def _tornado_row(swing: Swing) -> dict[str, object]:
    figure = swing.lever.figure
    ends = {"low": figure.low, "value": figure.value, "high": figure.high, "unit": figure.unit}
    prices = {"usd_at_low": swing.at_low, "usd_at_high": swing.at_high}
    source = figure.source.id if figure.source else None
    return {"item": swing.lever.title, **ends, **prices, "sure": figure.sure, "source": source}


def cost(pricing: Pricing) -> CostAccount:
    """Account for every dollar of one job; activity and tokens per second are one number each.

    The band combines every figure's own band in quadrature, as if their errors were independent.
    """
    mid = float(pricing.usd_per_million_tokens())
    tornado = _widest_first(_swing(pricing, lever) for lever in pricing.levers())
    rows = (*(_capital(part) for part in pricing.bill.parts if part.price), _facility(pricing))
    hours = _hours(pricing)
    return CostAccount(
        rows=rows,
        capital_usd=sum(row.usd_total for row in rows),
        hours=hours,
        usd_per_hour=sum(row.usd_per_hour for row in hours),
        usd_per_million_tokens=combined(mid, tornado),
        tornado=tornado,
        pricing=pricing,
    )


def _widest_first(swings: Iterable[Swing]) -> tuple[Swing, ...]:
    return tuple(sorted(swings, key=lambda swing: (-swing.size, swing.lever.key)))


def _swing(pricing: Pricing, lever: Lever) -> Swing:
    low, high = (float(pricing.usd_per_million_tokens({lever.key: sign})) for sign in (-1, 1))
    return Swing(lever, low, high)


def _capital(part: Part) -> CapitalRow:
    low, mid, high = (at(part.price, "price", {"price": sign}) if part.price else 0.0 for sign in (-1, 0, 1))
    total = part.count * mid
    return CapitalRow(
        part.item, part.count, mid, total, part.count * low, part.count * high, part.group, total * part.billed
    )


def _facility(pricing: Pricing) -> CapitalRow:
    """Bought for every watt that may be drawn: count is watts."""
    price, parts = pricing.operation.facility, pricing.bill.parts
    provisioned = sum(part.count * part.nameplate.value for part in parts if part.nameplate)
    billed = sum(part.count * part.billed * part.nameplate.value for part in parts if part.nameplate)
    return CapitalRow(
        "facility, per watt provisioned",
        provisioned,
        price.value,
        price.value * provisioned,
        price.low * provisioned,
        price.high * provisioned,
        "facility",
        price.value * billed,
    )


_PURPOSES = {
    "node": "nodes",
    "switch": "packet switches",
    "circuit-switch": "circuit switches",
    "optics": "optical modules and engines",
    "copper": "copper cables",
    "fibre": "fibre",
    "storage": "storage",
}


def _hours(pricing: Pricing) -> tuple[HourRow, ...]:
    hourly = pricing.hourly()
    by_group = dict.fromkeys(_PURPOSES, 0.0)
    for part, usd in hourly.parts:
        by_group[part.group] += usd
    capital = (HourRow(_PURPOSES[group], usd) for group, usd in by_group.items() if usd)
    return (
        *capital,
        HourRow("facility", hourly.facility),
        HourRow("maintenance", hourly.maintenance),
        HourRow("electricity", float(hourly.electricity)),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How much dearer a million tokens are on one design than on another.

    Args:
        usd: First less second, USD a million tokens, with its band.
        share: Of the second's price; the band likewise.
        swings: The difference with each figure at the ends of its band, widest swing first.
    """

    usd: Band
    share: Band
    swings: tuple[Swing, ...]

    @property
    def tie(self) -> bool:
        """Whether the band holds no difference at all: then nobody can say which is cheaper."""
        return self.usd.low <= 0.0 <= self.usd.high


def difference(first: CostAccount, second: CostAccount) -> Difference:
    """Compare the price of a token on two designs.

    A figure both use for the same thing (the price of a node, the cost of capital) moves both at once, so that only
    what it does differently to them is left; one that a single design uses, or that has another source there, moves
    that design alone. Deviations are combined in quadrature.
    """
    one, other = first.pricing, second.pricing
    mid = _gap(one, other, MID, MID)
    swings = _widest_first(
        Swing(lever, *(_gap(one, other, *_moved(lever, one_has, other_has, sign)) for sign in (-1, 1)))
        for lever, one_has, other_has in _union(one.levers(), other.levers())
    )
    usd = combined(mid, swings)
    base = second.usd_per_million_tokens.mid
    return Difference(usd, Band(usd.mid / base, usd.low / base, usd.high / base), swings)


def _gap(one: Pricing, other: Pricing, first: Position, second: Position) -> float:
    return float(one.usd_per_million_tokens(first) - other.usd_per_million_tokens(second))


def _moved(lever: Lever, one_has: bool, other_has: bool, sign: int) -> tuple[Position, Position]:  # noqa: FBT001 # which sides
    return ({lever.key: sign} if one_has else MID, {lever.key: sign} if other_has else MID)


def _union(first: tuple[Lever, ...], second: tuple[Lever, ...]) -> list[tuple[Lever, bool, bool]]:
    """Pair levers of one key whose figures have one source: then they err together, whatever their values."""
    mine = {(lever.key, lever.figure.source) for lever in first}
    theirs = {(lever.key, lever.figure.source) for lever in second}
    return [
        *((lever, True, (lever.key, lever.figure.source) in theirs) for lever in first),
        *((lever, False, True) for lever in second if (lever.key, lever.figure.source) not in mine),
    ]
