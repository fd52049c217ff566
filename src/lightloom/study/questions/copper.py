"""Which technology carries each cable of a scale-up domain at a lane rate, and what all of them come to.

Copper is asked first, the plainest first: passive, then with redrivers, then retimed. What none of them closes is
carried by light. Whether a cable closes is asked of the photonics; nothing here knows a reach.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from lightloom.core.arrays import Booleans
from lightloom.core.provenance import Source
from lightloom.fabric.domain_floor import DomainCables
from lightloom.photonics.copper import nyquist_frequency
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.kinds.active_copper import ActiveCopper
from lightloom.photonics.kinds.active_optical_cable import ActiveOpticalCable
from lightloom.photonics.kinds.bidirectional import Bidirectional
from lightloom.photonics.kinds.direct_detection import DirectDetection
from lightloom.photonics.kinds.linear_copper import LinearCopper
from lightloom.photonics.kinds.passive_copper import PassiveCopper
from lightloom.photonics.pair import Mode, Pair
from lightloom.photonics.product import LinkProduct, Path
from lightloom.photonics.temperature import AT_REFERENCE
from lightloom.photonics.wall import Reach, longest_band

COPPER: Mapping[str, str] = MappingProxyType(
    {PassiveCopper.kind: "passive", LinearCopper.kind: "linear", ActiveCopper.kind: "retimed"}
)
"""Technology of each copper kind, plainest first."""

OPTICAL = "optical"
IN_NODE = "in the node"
TECHNOLOGIES = (IN_NODE, *COPPER.values(), OPTICAL)

LIGHT = (DirectDetection.kind, Bidirectional.kind, ActiveOpticalCable.kind)
"""Kinds that plug in where copper does; engines on the package and coherent modules are another design."""

_FIXED = ActiveOpticalCable.kind
"""Cables whose optics cannot be taken off: taken only where they are asked for."""

PORT_LANES = 8
"""Lanes of an optical port where no product says so."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What counts as closing, and what lies between two optical ends.

    Args:
        mode: ``spec_min`` or ``distribution``.
        margin_db: Margin the deciding mode must leave.
        connectors: Optical connectors of a cable between racks.
        temperature: Of modules' cases and of the copper, °C; None for that of each figure.
    """

    mode: Mode
    margin_db: float
    connectors: int
    temperature: float | None = None

    @property
    def warmth(self) -> float:
        """The temperature as paths have it."""
        return AT_REFERENCE if self.temperature is None else self.temperature


@dataclass(frozen=True, slots=True)
class Rung:
    """A copper technology at a lane rate.

    Args:
        technology: ``passive``, ``linear`` or ``retimed``.
        product: What is sold of it; a cable made for a faster lane serves a slower one.
        reach: Longest cable that closes.
    """

    technology: str
    product: ElectricalProduct
    reach: Reach

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``lane_rates.copper``."""
        product = self.product
        return {
            "technology": self.technology,
            "product": product.name,
            "sold": not product.preview,
            "nyquist_hz": float(nyquist_frequency(product.baud.value)),
            "loss_db_per_m": product.loss_db_per_m,
            "reach_m": self.reach.to_dict(),
        }


def lane_rate_of(product: LinkProduct) -> float:
    """Payload of one lane, bits/s."""
    return product.rate.value / product.lanes.value


def ladder(links: Sequence[LinkProduct], lane_rate: float, ask: Ask) -> tuple[Rung, ...]:
    """Return the copper that serves a lane rate, plainest first; of each technology the product that reaches furthest.

    Equal reaches: the slowest lane that will do, then the cheapest port.
    """
    rungs: list[Rung] = []
    for kind, technology in COPPER.items():
        known = [
            each
            for each in links
            if isinstance(each, ElectricalProduct)
            and each.kind == kind
            and each.medium == "copper"
            and not each.part_of_node
            and lane_rate_of(each) >= lane_rate * (1 - 1e-6)
        ]
        reaches = {
            each.name: longest_band(each, mode=ask.mode, required_db=ask.margin_db, temperature=ask.warmth)
            for each in known
        }
        best = min(
            known,
            key=lambda each: (-reaches[each.name].mid, lane_rate_of(each), each.price.value / each.lanes.value),
            default=None,
        )
        if best is not None:
            rungs.append(Rung(technology, best, reaches[best.name]))
    return tuple(rungs)


def light(links: Sequence[LinkProduct], lane_rate: float, length: float, ask: Ask) -> LinkProduct | None:
    """Return the cheapest optical product of exactly that lane rate that closes over a length; None if there is none.

    Equal prices: the fewer watts. One that is announced only is taken where nothing is sold.
    """
    plugged = [each for each in links if each.kind in LIGHT and each.kind != _FIXED]
    known = [each for each in plugged if abs(lane_rate_of(each) / lane_rate - 1) < 1e-6]
    closing = [each for each in known if _closes(each, length, ask)]
    return min(
        closing,
        key=lambda each: (each.preview, _usd_per_bps(each, length), each.power.value / each.rate.value),
        default=None,
    )


def _closes(product: LinkProduct, length: float, ask: Ask) -> bool:
    path = Path(np.array([length]), np.array([float(ask.connectors)]), temperature=ask.warmth)
    return bool(Pair(product, product).judge(path, mode=ask.mode, required_db=ask.margin_db).closes[0])


def _usd_per_bps(product: LinkProduct, length: float) -> float:
    return float(Pair(product, product).price_usd(np.array([length]))[0]) / product.rate.value


@dataclass(frozen=True, slots=True)
class Row:
    """Cables of one technology in one domain.

    Args:
        technology: Which.
        product: Catalog name; empty where the catalog holds none, and inside a node.
        share: Of the domain's bandwidth.
        links: Cables.
        ports: Ends of cables, two each.
        pairs: Conductor pairs, both directions.
        fibres: Strands; None where no product says how many.
        watts: Of all ends, with low and high; None where no product says.
        usd: Ends and medium, likewise.
    """

    technology: str
    product: str
    share: float
    links: int
    ports: int
    pairs: int
    fibres: int | None
    watts: tuple[float, float, float] | None
    usd: tuple[float, float, float] | None

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``cells.rows``."""
        return {
            "technology": self.technology,
            "product": self.product or None,
            "share": self.share,
            "links": self.links,
            "ports": self.ports,
            "pairs": self.pairs,
            "fibres": self.fibres,
            "watts": _banded(self.watts),
            "usd": _banded(self.usd),
        }


def _banded(value: tuple[float, float, float] | None) -> dict[str, float] | None:
    return None if value is None else dict(zip(("mid", "low", "high"), value, strict=True))


@dataclass(frozen=True, slots=True)
class Reaching:
    """How far each technology reaches in one reckoning, m; mid values, or one of them moved."""

    reach: tuple[float, ...]

    @classmethod
    def of(cls, rungs: Sequence[Rung]) -> "Reaching":
        """Return the mid values."""
        return cls(tuple(rung.reach.mid for rung in rungs))

    def variants(self, rungs: Sequence[Rung]) -> list[tuple["Reaching", "Reaching"]]:
        """Return, for each rung, all reaches with that one at the low and at the high end of its band."""
        return [
            (self._with(place, rung.reach.low), self._with(place, rung.reach.high)) for place, rung in enumerate(rungs)
        ]

    def _with(self, place: int, reach: float) -> "Reaching":
        return Reaching((*self.reach[:place], reach, *self.reach[place + 1 :]))


def copper_share(cables: DomainCables, reaching: Reaching) -> float:
    """Return the share of the domain's bandwidth that copper of any kind closes."""
    if cables.in_node:
        return 1.0
    return cables.within(max(reaching.reach, default=0.0))


def rows(
    cables: DomainCables,
    rungs: Sequence[Rung],
    reaching: Reaching,
    optics: LinkProduct | None,
    *,
    lane_rate: float,
    bandwidth_bps: float,
) -> tuple[Row, ...]:
    """Return the cables of a domain by technology; those that are not used are left out.

    Args:
        cables: Of the domain.
        rungs: Copper at that lane rate, plainest first.
        reaching: How far each of them reaches.
        optics: What carries the rest.
        lane_rate: Payload of a lane, bits/s.
        bandwidth_bps: Of one accelerator, one way, bits/s.
    """
    whole = cables.accelerators * bandwidth_bps
    if cables.in_node:
        lanes = math.ceil(whole / lane_rate * (1 - 1e-9))
        return (Row(IN_NODE, "", 1.0, 0, 0, 2 * lanes, 0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),)
    found: list[Row] = []
    left = np.ones(len(cables.length), np.bool_)
    for rung, reach in zip(rungs, reaching.reach, strict=True):
        mine = left & (cables.length <= reach * (1 + 1e-9))
        left &= ~mine
        found.append(_row(rung.technology, rung.product, cables, mine, whole, lane_rate))
    found.append(_row(OPTICAL, optics, cables, left, whole, lane_rate))
    return tuple(row for row in found if row.share > 1e-9)


def _row(
    technology: str,
    product: LinkProduct | None,
    cables: DomainCables,
    mine: Booleans,
    whole: float,
    lane_rate: float,
) -> Row:
    share = float(cables.share[mine].sum())
    lanes = PORT_LANES if product is None else int(product.lanes.value)
    links = math.ceil(whole * share / (lanes * lane_rate) * (1 - 1e-9))
    pairs = 0 if technology == OPTICAL else 2 * math.ceil(whole * share / lane_rate * (1 - 1e-9))
    if product is None or share == 0:
        unknown = product is None and links > 0
        none = None if unknown else (0.0, 0.0, 0.0)
        return Row(technology, "", share, links, 2 * links, pairs, None if unknown else 0, none, none)
    mean = float(cables.length[mine] @ cables.share[mine]) / share
    amounts = {
        name: float(column[0]) * links for name, column in Pair(product, product).amounts(np.array([mean])).items()
    }
    watts, usd = ("watts_a", "watts_b"), ("price_a_usd", "price_b_usd", "price_medium_usd")
    return Row(
        technology,
        product.name,
        share,
        links,
        2 * links,
        pairs,
        round(amounts["fibres"]),
        _sum(amounts, watts),
        _sum(amounts, usd),
    )


def _sum(amounts: Mapping[str, float], parts: Sequence[str]) -> tuple[float, float, float]:
    mid, low, high = (sum(amounts[f"{part}{end}"] for part in parts) for end in ("", "_low", "_high"))
    return mid, low, high


def sources_of(product: LinkProduct) -> set[Source]:
    """Return the documents behind a product's figures."""
    fields = (getattr(product, name) for name in type(product).model_fields)
    return {source for field in fields if (source := getattr(field, "source", None)) is not None}
