"""What is asked of a study's links, and what it means for its racks."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.catalog import products
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.photonics.product import LinkProduct
from lightloom.study.questions.copper import LIGHT, lane_rate_of
from lightloom.study.questions.wall import Site
from lightloom.study.scenario import Scenario

DOMAINS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
LANE_RATES = (25e9, 50e9, 100e9, 200e9, 400e9)
TARGET = 0.05
RACK = "nvl72"


@dataclass(frozen=True, slots=True)
class DemandQuestion:
    """What is asked of a study.

    Args:
        domains: Sizes of scale-up domain, accelerators.
        lane_rates: Payloads of a lane, bits/s.
        lane_rate: The one told in full; None for that of the study's own scale-up links.
        rack_power: W; None for what the study's own racks draw at their nodes' rating.
        bandwidth: Scale-up bandwidth wired, one accelerator, one way, bytes/s; None for the accelerator's own.
        target: Share of the step that a tier of the network may add.
        optics: Optical product taken at its lane rate, by catalog name; empty for the cheapest that closes.
    """

    domains: tuple[int, ...] = DOMAINS
    lane_rates: tuple[float, ...] = LANE_RATES
    lane_rate: float | None = None
    rack_power: float | None = None
    bandwidth: float | None = None
    target: float = TARGET
    optics: str = ""

    def check(self) -> None:
        """Refuse what makes no sense.

        Raises:
            StudyError: Every fault.
        """
        faults: list[Fault] = []
        if not self.domains or min(self.domains) < 1:
            faults.append(Fault("domains", "a domain holds at least one accelerator"))
        if not self.lane_rates or min(self.lane_rates) <= 0 or (self.lane_rate or 1.0) <= 0:
            faults.append(Fault("lane_rates", "a lane carries more than nothing", "write, for example, 100 Gb/s"))
        if self.bandwidth is not None and self.bandwidth <= 0:
            faults.append(Fault("bandwidth", "an accelerator without bandwidth needs no links"))
        if not 0 < self.target <= 10:
            faults.append(Fault("target", f"{self.target:g} is no share of a step", "write, for example, 5 %"))
        if faults:
            raise StudyError(faults)


def site_of(scenario: Scenario, question: DemandQuestion) -> Site:
    """Return the racks of a question; those of the study where it does not say.

    Raises:
        StudyError: A rack holds no node.
    """
    node = scenario.node
    power = question.rack_power
    own = scenario.fabric.floorplan.nodes_per_rack * node.power_nameplate.value
    site = Site(
        floor=scenario.fabric.floorplan,
        node=node,
        rack=products.rack(RACK),
        rack_power=own if power is None else power,
        asked=power is not None,
        bandwidth=question.bandwidth or scenario.accelerator.scale_up_bandwidth.value,
    )
    try:
        site.room.check()
    except StudyError as error:
        raise StudyError(scenario.placed(fault, "fabric.floorplan.nodes_per_rack") for fault in error.faults) from None
    return site


def lane_rate(scenario: Scenario, question: DemandQuestion) -> float:
    """Return the lane rate told in full, bits/s.

    Without one asked for it is that of the study's own scale-up links, or the fastest that copper is sold for.

    Raises:
        StudyError: No product has a lane of that rate.
    """
    rates = sorted({lane_rate_of(each) for each in scenario.links if each.kind != "coherent"})
    if question.lane_rate is not None:
        if not any(rate >= question.lane_rate * (1 - 1e-6) for rate in rates):
            known = [f"{rate / 1e9:g} Gb/s" for rate in rates]
            message = f"no link of the catalog has a lane of {question.lane_rate / 1e9:g} Gb/s"
            raise StudyError(Fault("lane_rate", message, nearest(f"{question.lane_rate / 1e9:g} Gb/s", known)))
        return question.lane_rate
    by_name = {each.name: each for each in scenario.links}
    link = by_name.get(scenario.fabric.scale_up.ends("host").a)
    if link is not None:
        return lane_rate_of(link)
    sold = [lane_rate_of(each) for each in scenario.links if each.kind == "passive-copper" and not each.preview]
    return max(sold)


def optics(links: Sequence[LinkProduct], question: DemandQuestion) -> LinkProduct | None:
    """Return the optical product asked for; None where none is.

    Raises:
        StudyError: There is none of that name.
    """
    if not question.optics:
        return None
    known = {each.name: each for each in links if each.kind in LIGHT}
    if question.optics not in known:
        message = f"'{question.optics}' is no optical product that plugs in where copper does"
        raise StudyError(Fault("optics", message, nearest(question.optics, known)))
    return known[question.optics]
