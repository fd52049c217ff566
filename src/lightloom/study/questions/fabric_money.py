"""What a network alone costs and draws: parts of the cluster's bill that are no nodes and no storage."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from lightloom.accounts.bill import NETWORK, Bill
from lightloom.core.provenance import Figure, Source


@dataclass(frozen=True, slots=True)
class PartRow:
    """One kind of part of the network, of the whole cluster.

    Args:
        item: What.
        group: ``switch``, ``circuit-switch``, ``optics``, ``copper`` or ``fibre``.
        product: Catalog name.
        count: How many.
        usd_each: Each, USD; 0 where its price is inside another's.
        usd_total: Together; ``_low`` and ``_high`` at the ends of its price's band.
        usd_low: Likewise.
        usd_high: Likewise.
        w_each: Each, W; 0 for what draws nothing.
        w_total: Together; ``_low`` and ``_high`` likewise.
        w_low: Likewise.
        w_high: Likewise.
    """

    item: str
    group: str
    product: str
    count: float
    usd_each: float
    usd_total: float
    usd_low: float
    usd_high: float
    w_each: float
    w_total: float
    w_low: float
    w_high: float

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``parts``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Money:
    """A network's parts.

    Args:
        parts: In the order of reports.
        accelerators: That share them.
        sources: Documents behind their watts and prices.
    """

    parts: tuple[PartRow, ...]
    accelerators: int
    sources: tuple[Source, ...]

    @property
    def usd(self) -> float:
        """All of them, USD."""
        return sum(row.usd_total for row in self.parts)

    @property
    def watts(self) -> float:
        """All of them, W."""
        return sum(row.w_total for row in self.parts)

    def to_dict(self) -> dict[str, object]:
        """Return the objects ``cost`` and ``power`` and the list ``parts``."""
        optics = sum(row.w_total for row in self.parts if row.group == "optics")
        return {
            "cost": {"usd": self.usd, "usd_per_accelerator": self.usd / self.accelerators},
            "power": {"w": self.watts, "w_per_accelerator": self.watts / self.accelerators, "optics_w": optics},
            "parts": [row.to_dict() for row in self.parts],
        }


def money(bill: Bill, accelerators: int) -> Money:
    """Return the network's part of a bill; facility, network cards and upkeep are not in it."""
    parts = [part for part in bill.parts if part.group in NETWORK]
    figures = [figure for part in parts for figure in (part.power, part.price) if figure]
    return Money(
        parts=tuple(
            PartRow(
                part.item,
                part.group,
                part.product,
                part.count,
                *_four(part.price, part.count),
                *_four(part.power, part.count),
            )
            for part in parts
        ),
        accelerators=accelerators,
        sources=tuple(sorted({figure.source for figure in figures if figure.source})),
    )


def _four(figure: Figure | None, count: float) -> Iterator[float]:
    """Yield a figure for one, for all, and for all at both ends of its band."""
    value, low, high = (figure.value, figure.low, figure.high) if figure else (0.0, 0.0, 0.0)
    yield from (value, count * value, count * low, count * high)
