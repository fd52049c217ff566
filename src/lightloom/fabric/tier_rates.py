"""Rates of the links of every tier: stated by a study or following from below, and whether a switch has such ports."""

from collections.abc import Iterator
from dataclasses import dataclass

from lightloom.core.errors import Fault
from lightloom.core.specs import Spec
from lightloom.fabric.fold import Boxes, Split
from lightloom.fabric.link_rates import Rate
from lightloom.fabric.topology import Ports

LEVELS = ("host", "leaf", "aggregation")
"""By their lower ends, lowest first."""
_EQUAL = 1e-9
"""Relative difference up to which two rates are one, written in other units."""


class TierRates(Spec):
    """Rate of one cable of each level, named by its lower end; a scalar is that of all levels.

    Args:
        host: Network card to leaf; left out: as fast as the card, or its share of a plane.
        leaf: Leaf to the switch above; left out: as fast as those of hosts.
        aggregation: Pod to core; left out: as fast as those of leaves.
    """

    host: Rate | None = None
    leaf: Rate | None = None
    aggregation: Rate | None = None

    @property
    def everywhere(self) -> bool:
        """Whether one rate is written for all levels."""
        return self.host is not None and self.host == self.leaf == self.aggregation

    def key(self, level: str) -> str:
        """Return where a study wrote the rate of a level."""
        return "link_rate" if self.everywhere else f"link_rate.{level}"

    def written(self, level: str, rate: float) -> str:
        """Return the entry that makes a level so fast, as a person would write it."""
        return f"{'link_rate' if self.everywhere else level}: {spoken(rate)}"

    def along(self, card: float, levels: int) -> tuple[float, ...]:
        """Return the rates of that many levels, lowest first, bytes/s one way.

        Args:
            card: A network card's port in one plane.
            levels: How many.
        """
        found = [card]
        for stated in (self.host, self.leaf, self.aggregation)[:levels]:
            rate = stated or found[-1]
            found.append(next((known for known in found if abs(rate / known - 1) < _EQUAL), rate))
        return tuple(found[1:])


def spoken(rate: float) -> str:
    """Return bytes/s as a study writes a rate."""
    return f"{rate * 8e-9:g} Gb/s"


def rate_remarks(rates: tuple[float, ...], card: float) -> Iterator[str]:
    """Yield what follows from rates that differ.

    Args:
        rates: Of each level, lowest first, bytes/s one way.
        card: A network card's port in one plane.
    """
    if rates[0] < card:
        yield f"network cards of {spoken(card)} a plane run at {spoken(rates[0])}, the rate of their links"
    if len(set(rates)) > 1:
        each = ", ".join(f"{spoken(rate)} ({level})" for level, rate in zip(LEVELS, rates, strict=False))
        yield f"links of {each}: a switch splits its throughput into ports of either rate, each with a cable of its own"


@dataclass(frozen=True, slots=True)
class Gauge:
    """Holds rates against network cards and a switch.

    Args:
        product: Catalog name of the switch.
        ports: Its ports.
        written: What the study says of rates.
        rates: Of each level, lowest first, bytes/s one way.
        chassis: Whether boxes may hold several switches.
    """

    product: str
    ports: Ports
    written: TierRates
    rates: tuple[float, ...]
    chassis: bool

    def boxes(self, tier: int) -> Boxes:
        """Return the boxes of a tier, which has links below and above; 0 are leaves."""
        below, above = self.rates[tier : tier + 2]
        split = Split(self.ports.at(below), self.ports.at(above), above / below)
        return Boxes(self.product, split, self.chassis, spoken(below) if below != above else "")

    def too_fast(self, card: float) -> Iterator[Fault]:
        """Yield the rates that network cards or the switch have no ports for.

        Args:
            card: A network card's port in one plane, bytes/s one way.
        """
        if self.rates[0] > card:
            message = (
                f"links of {spoken(self.rates[0])} are faster than what network cards send, {spoken(card)} a plane"
            )
            hint = f"write {self.written.written('host', card)} at most"
            if self.written.everywhere:
                above = min(self.rates[0], self.ports.fastest)
                hint = f"write link_rate: {{leaf: {spoken(above)}}} for the links above them"
            yield Fault(self.written.key("host"), message, hint)
        for level, rate, below in zip(LEVELS[1:], self.rates[1:], self.rates, strict=False):
            if rate != below and self.ports.at(rate) < 2:
                most = self._nearest(rate)
                near = f"write {self.written.written(level, most)} at most, or " if most else ""
                message = f"'{self.product}' offers {self.ports.at(rate)} ports of {spoken(rate)}"
                yield Fault(self.written.key(level), message, f"{near}choose a faster switch")

    def _nearest(self, rate: float) -> float:
        """Return the fastest rate below one, halving it, of which there are two ports; 0 without."""
        rate = min(rate, self.ports.fastest)
        halved = (rate / 2**times for times in range(20))
        return next((each for each in halved if self.ports.at(each) >= 2), 0.0)

    def unsplit(self, tier: int, oversubscription: float) -> Iterator[Fault]:
        """Yield why a switch of a tier cannot have even one link below, or nothing: lanes end before throughput."""
        boxes, (below, above) = self.boxes(tier), self.rates[tier : tier + 2]
        if boxes.split.most_downlinks(oversubscription):
            return
        doubled = (above * 2**times for times in range(1, 60))
        faster = next(each for each in doubled if each >= below or self._fits(below, each, oversubscription))
        count = boxes.split.uplinks(1, oversubscription)
        message = (
            f"a link of {spoken(below)} needs {count} of {spoken(above)} above it, more than '{self.product}' has: "
            f"{boxes.split.below} ports of the one rate or {boxes.split.above} of the other"
        )
        level = LEVELS[tier + 1]
        hint = f"write {level}: {spoken(min(faster, below))} at least, or choose a switch with more ports"
        yield Fault(f"link_rate.{level}", message, hint)

    def _fits(self, below: float, above: float, oversubscription: float) -> bool:
        split = Split(self.ports.at(below), self.ports.at(above), above / below)
        return split.most_downlinks(oversubscription) > 0
