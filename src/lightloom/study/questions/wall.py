"""Where copper ends: every size of domain at every lane rate, with what the figures beneath leave open."""

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from lightloom.accounts.bands import Band, spread
from lightloom.core.provenance import Figure
from lightloom.devices.node import Node
from lightloom.devices.rack import Rack
from lightloom.fabric.domain_floor import DomainCables, Room, domain_cables
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.photonics.product import LinkProduct
from lightloom.study.questions.copper import OPTICAL, Ask, Reaching, Row, Rung, copper_share, lane_rate_of, light, rows

WIDEST = 16_384
"""Largest domain looked at, accelerators."""

_WHOLE = 1e-9
"""What sums of shares may miss a whole by."""

Amount: TypeAlias = Callable[[Row], tuple[float, float, float] | None]
Moved = TypeVar("Moved", Node, Rack)

cables_of = functools.cache(domain_cables)


@dataclass(frozen=True, slots=True)
class Site:
    """What racks a domain is built in.

    Args:
        floor: Dimensions of the hall.
        node: What stands in them.
        rack: Its height, leads and switches.
        rack_power: W.
        asked: Whether the power was asked for; else it is that of the study's own racks.
        bandwidth: Scale-up, of one accelerator, one way, bytes/s.
    """

    floor: FloorplanSpec
    node: Node
    rack: Rack
    rack_power: float
    asked: bool
    bandwidth: float

    @property
    def room(self) -> Room:
        """As the figures say."""
        return self._room(self.node, self.rack)

    def variants(self) -> list[tuple[Room, Room]]:
        """Return, for each figure with a band that lengths hang on, the room with it at its low and at its high end.

        A rack whose power is that of the study's own nodes holds as many of them whatever they draw.
        """
        found: list[tuple[Room, Room]] = []
        power = self.node.power_nameplate
        if self.asked and power.low < power.high and power.high <= self.rack_power:
            low, high = (self._room(_moved(self.node, "power_nameplate", high=end), self.rack) for end in (False, True))
            found.append((low, high))
        for name in ("units", "switch_bandwidth", "lead"):
            figure: Figure = getattr(self.rack, name)
            if figure.low < figure.high:
                ends = [self._room(self.node, _moved(self.rack, name, high=end)) for end in (False, True)]
                if all(room.nodes_by_height >= 1 for room in ends):
                    found.append((ends[0], ends[1]))
        return found

    def _room(self, node: Node, rack: Rack) -> Room:
        return Room.of(self.floor, node, rack, rack_power=self.rack_power, bandwidth=self.bandwidth)


def _moved(product: Moved, name: str, *, high: bool) -> Moved:
    figure: Figure = getattr(product, name)
    end = figure.high if high else figure.low
    return product.model_copy(update={name: Figure(end, end, end, figure.sure, figure.source)})


@dataclass(frozen=True, slots=True)
class Cell:
    """One size of domain at one lane rate.

    Args:
        domain: Accelerators.
        lane_rate_bps: Payload of a lane, bits/s.
        copper: Share of the domain's bandwidth that copper of any kind closes.
        rows: By technology; those in use.
        optical_ports: Ends of optical links.
        fibres: Strands; None where no product says.
        watts: Of all cables' ends; None where no product says.
        usd: Of all cables, likewise.
        all_optical: What the domain would come to were every cable optical; None inside a node.
    """

    domain: int
    lane_rate_bps: float
    copper: Band
    rows: tuple[Row, ...]
    optical_ports: Band
    fibres: int | None
    watts: Band | None
    usd: Band | None
    all_optical: Row | None

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``cells``."""
        return {
            "domain": self.domain,
            "lane_rate_bps": self.lane_rate_bps,
            "copper": self.copper.to_dict(),
            "rows": [row.to_dict() for row in self.rows],
            "optical_ports": self.optical_ports.to_dict(),
            "fibres": self.fibres,
            "watts": None if self.watts is None else self.watts.to_dict(),
            "usd": None if self.usd is None else self.usd.to_dict(),
            "per_accelerator": {"watts": self._each(self.watts), "usd": self._each(self.usd)},
            "all_optical": None if self.all_optical is None else self.all_optical.to_dict(),
        }

    def _each(self, band: Band | None) -> dict[str, float] | None:
        return None if band is None else {key: value / self.domain for key, value in band.to_dict().items()}


@dataclass(frozen=True, slots=True)
class End:
    """The largest domain that copper carries whole at a lane rate.

    Args:
        lane_rate_bps: Payload of a lane, bits/s.
        technology: The most that copper is allowed to be: ``passive``, ``linear``, ``retimed``.
        domain: Accelerators, whole nodes.
    """

    lane_rate_bps: float
    technology: str
    domain: Band

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``ends``."""
        return {
            "lane_rate_bps": self.lane_rate_bps,
            "technology": self.technology,
            "domain": self.domain.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane rate with the copper that serves it.

    Args:
        rate_bps: Payload of a lane, bits/s.
        rungs: Plainest first.
    """

    rate_bps: float
    rungs: tuple[Rung, ...]


def cell(
    site: Site, lane: Lane, domain: int, links: Sequence[LinkProduct], ask: Ask, optics: LinkProduct | None = None
) -> Cell:
    """Return what a domain comes to at a lane rate.

    Each figure that says how far copper reaches or how long cables are, and each price and wattage, goes to either end
    of its band while the others stay; deviations add in quadrature.

    Args:
        site: Racks.
        lane: Copper of that lane rate.
        domain: Accelerators.
        links: Every link product: what optics are chosen from.
        ask: What counts as closing.
        optics: Taken where it has that lane rate, instead of the cheapest.
    """
    reaching = Reaching.of(lane.rungs)
    base = cables_of(site.room, domain)
    if optics is None or abs(lane_rate_of(optics) / lane.rate_bps - 1) > 1e-6:
        optics = light(links, lane.rate_bps, base.quantile(1.0), ask)

    def bill(cables: DomainCables, reach: Reaching) -> tuple[Row, ...]:
        return rows(cables, lane.rungs, reach, optics, lane_rate=lane.rate_bps, bandwidth_bps=8 * site.bandwidth)

    mid = bill(base, reaching)
    alternative = None if base.in_node else bill(base, Reaching((-1.0,) * len(lane.rungs)))[-1]
    pairs = [
        *((bill(base, low), bill(base, high)) for low, high in reaching.variants(lane.rungs)),
        *(
            (bill(cables_of(low, domain), reaching), bill(cables_of(high, domain), reaching))
            for low, high in site.variants()
        ),
    ]
    share = _clipped(spread(_copper(mid), ((_copper(low), _copper(high)) for low, high in pairs)))
    return Cell(
        domain=domain,
        lane_rate_bps=lane.rate_bps,
        copper=share,
        rows=mid,
        optical_ports=spread(_ports(mid), ((_ports(low), _ports(high)) for low, high in pairs)),
        fibres=_whole([row.fibres for row in mid]),
        watts=_amount(mid, pairs, lambda row: row.watts),
        usd=_amount(mid, pairs, lambda row: row.usd),
        all_optical=alternative,
    )


def _copper(found: Sequence[Row]) -> float:
    share = sum(row.share for row in found if row.technology != OPTICAL)
    return 1.0 if share > 1 - _WHOLE else share


def _ports(found: Sequence[Row]) -> float:
    return float(sum(row.ports for row in found if row.technology == OPTICAL))


def _whole(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _clipped(band: Band) -> Band:
    return Band(band.mid, max(0.0, band.low), min(1.0, band.high))


def _amount(
    mid: Sequence[Row],
    pairs: Sequence[tuple[Sequence[Row], Sequence[Row]]],
    of: Amount,
) -> Band | None:
    """Return the sum of the rows, its band from the shares of technologies and from each product's own figures."""
    known = [value for row in mid if (value := of(row)) is not None]
    if len(known) < len(mid):
        return None
    whole = sum(value for value, _, _ in known)
    moved = [(_total(low, of, whole), _total(high, of, whole)) for low, high in pairs]
    own = [(whole - value + low, whole - value + high) for value, low, high in known]
    return spread(whole, [*moved, *own])


def _total(found: Sequence[Row], of: Amount, whole: float) -> float:
    """Return the sum of the rows; where one is not known, the middle, which moves nothing."""
    values = [of(row) for row in found]
    return whole if any(value is None for value in values) else sum(value[0] for value in values if value is not None)


def ends(site: Site, lane: Lane) -> tuple[End, ...]:
    """Return the largest domain copper carries whole, for each technology it may use at most."""
    reaching = Reaching.of(lane.rungs)
    found: list[End] = []
    for place, rung in enumerate(lane.rungs):
        upto = slice(0, place + 1)

        def largest(room: Room, reach: Reaching, upto: slice = upto) -> float:
            return float(_largest(room, Reaching(reach.reach[upto])))

        pairs = [
            *((largest(site.room, low), largest(site.room, high)) for low, high in reaching.variants(lane.rungs)),
            *((largest(low, reaching), largest(high, reaching)) for low, high in site.variants()),
        ]
        band = spread(largest(site.room, reaching), pairs)
        nodes = site.node.accelerators
        whole = Band(band.mid, _nodes(band.low, nodes), _nodes(band.high, nodes))
        found.append(End(lane.rate_bps, rung.technology, whole))
    return tuple(found)


def _nodes(accelerators: float, node: int) -> float:
    """Return the nearest count of whole nodes, one at least."""
    return float(max(1, round(accelerators / node)) * node)


def _largest(room: Room, reaching: Reaching) -> int:
    """Return the largest domain of whole nodes whose every cable copper closes."""
    node = room.accelerators_per_node
    low, high = 1, math.ceil(WIDEST / node)
    while low < high:
        middle = (low + high + 1) // 2
        closes = copper_share(cables_of(room, middle * node), reaching) > 1 - _WHOLE
        low, high = (middle, high) if closes else (low, middle - 1)
    return low * node
