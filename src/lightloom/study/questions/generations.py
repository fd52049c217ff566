"""Accelerators against links over the years: what comes first, the bandwidth or the lane to carry it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lightloom.catalog import loading, products
from lightloom.core.provenance import Figure
from lightloom.photonics.product import LinkProduct
from lightloom.study.questions.copper import COPPER, LIGHT, lane_rate_of
from lightloom.study.questions.wall import Lane


@dataclass(frozen=True, slots=True)
class AcceleratorGeneration:
    """One accelerator of the catalog.

    Args:
        name: Catalog name.
        title: What a person calls it.
        year: First sold.
        scale_up_bps: All its scale-up links, one way, bits/s.
        domain: Accelerators joined by them in the product as sold.
        lane_rate_bps: Lane of the links built into it, bits/s; None where the catalog knows no link of its bandwidth.
        lanes: How many of them, one way.
    """

    name: str
    title: str
    year: Figure
    scale_up_bps: float
    domain: int
    lane_rate_bps: float | None
    lanes: float | None

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``generations.accelerators``."""
        return {
            "name": self.name,
            "title": self.title,
            "year": int(self.year.value),
            "scale_up_bps": self.scale_up_bps,
            "domain": self.domain,
            "lane_rate_bps": self.lane_rate_bps,
            "lanes": self.lanes,
        }


@dataclass(frozen=True, slots=True)
class LinkGeneration:
    """One lane rate.

    Args:
        lane_rate_bps: Payload of a lane, bits/s.
        copper: First product of copper, with its year; None where the catalog dates none.
        optical: Likewise over fibre.
        passive_reach_m: How far passive copper closes; None where the catalog holds none.
        widest_bps: Fastest pluggable port of that lane, sold or announced.
        sold: Whether anything of that lane is sold.
    """

    lane_rate_bps: float
    copper: tuple[str, Figure] | None
    optical: tuple[str, Figure] | None
    passive_reach_m: float | None
    widest_bps: float
    sold: bool

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``generations.links``."""
        return {
            "lane_rate_bps": self.lane_rate_bps,
            "copper": _dated(self.copper),
            "optical": _dated(self.optical),
            "passive_reach_m": self.passive_reach_m,
            "widest_bps": self.widest_bps,
            "sold": self.sold,
        }


def _dated(entry: tuple[str, Figure] | None) -> dict[str, object] | None:
    if entry is None:
        return None
    name, year = entry
    return {"product": name, "year": int(year.value), "low": int(year.low), "high": int(year.high)}


@dataclass(frozen=True, slots=True)
class Port:
    """A pluggable port faster than any before it.

    Args:
        product: Catalog name.
        year: First sold, or to be.
        rate_bps: One way, bits/s.
    """

    product: str
    year: Figure
    rate_bps: float

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``generations.ports``."""
        return {"product": self.product, "year": int(self.year.value), "rate_bps": self.rate_bps}


@dataclass(frozen=True, slots=True)
class Generations:
    """Accelerators, lanes, and the fastest ports of their time; oldest first."""

    accelerators: tuple[AcceleratorGeneration, ...]
    links: tuple[LinkGeneration, ...]
    ports: tuple[Port, ...]

    def to_dict(self) -> dict[str, object]:
        """Return ``generations``."""
        return {
            "accelerators": [each.to_dict() for each in self.accelerators],
            "links": [each.to_dict() for each in self.links],
            "ports": [each.to_dict() for each in self.ports],
        }


def generations(links: tuple[LinkProduct, ...], lanes: Sequence[Lane]) -> Generations:
    """Return the generations of accelerators and links that the catalog dates.

    Args:
        links: Every link product.
        lanes: Copper by lane rate.
    """
    by_rate = tuple(_link(links, lane) for lane in sorted(lanes, key=lambda lane: lane.rate_bps))
    chips = tuple(sorted(_accelerators(links), key=lambda each: (each.year.value, each.name)))
    return Generations(chips, by_rate, tuple(_ports(links)))


def _ports(links: tuple[LinkProduct, ...]) -> Iterator[Port]:
    dated = [
        (each.year, each) for each in links if each.year is not None and (each.kind in COPPER or each.kind in LIGHT)
    ]
    fastest = 0.0
    for year, each in sorted(dated, key=lambda entry: (entry[0].value, -entry[1].rate.value)):
        if each.rate.value > fastest:
            fastest = each.rate.value
            yield Port(each.name, year, fastest)


def _accelerators(links: tuple[LinkProduct, ...]) -> Iterator[AcceleratorGeneration]:
    for name in loading.names("accelerators"):
        chip = products.accelerator(name)
        if chip.year is None:
            continue
        bandwidth = 8 * chip.scale_up_bandwidth.value
        own = [each for each in links if each.part_of_node and abs(each.rate.value / bandwidth - 1) < 1e-6]
        lane = lane_rate_of(own[0]) if own else None
        yield AcceleratorGeneration(
            name=name,
            title=chip.title,
            year=chip.year,
            scale_up_bps=bandwidth,
            domain=int(chip.scale_up_domain.value),
            lane_rate_bps=lane,
            lanes=None if lane is None else bandwidth / lane,
        )


def _link(links: tuple[LinkProduct, ...], lane: Lane) -> LinkGeneration:
    mine = [each for each in links if abs(lane_rate_of(each) / lane.rate_bps - 1) < 1e-6 and not each.part_of_node]
    passive = [rung.reach.mid for rung in lane.rungs if rung.technology == "passive"]
    plugged = [each for each in mine if each.kind in COPPER or each.kind in LIGHT]
    return LinkGeneration(
        lane_rate_bps=lane.rate_bps,
        copper=_first([each for each in plugged if each.kind in COPPER]),
        optical=_first([each for each in plugged if each.kind in LIGHT]),
        passive_reach_m=passive[0] if passive else None,
        widest_bps=max((each.rate.value for each in plugged), default=lane.rate_bps),
        sold=any(not each.preview for each in plugged),
    )


def _first(mine: list[LinkProduct]) -> tuple[str, Figure] | None:
    dated = [(each.name, each.year) for each in mine if each.year is not None]
    return min(dated, key=lambda entry: entry[1].value, default=None)
