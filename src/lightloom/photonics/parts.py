"""Which part of a link's end fails, which ports go dark with it, and who must come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, TypeAlias

import numpy as np

from lightloom.core.figures import DurationFigure, FitFigure, RatioFigure, ShareFigure
from lightloom.core.product import Product
from lightloom.core.provenance import Figure
from lightloom.photonics.product import LinkProduct

Attendant: TypeAlias = Literal["end", "laser module", "box"]
"""What is swapped: a cable or module (or its connector cleaned), the laser module of an engine, the whole box."""

CONNECTORS = "dirty or damaged connectors"

_FIBRES_PER_CONNECTOR = 16
"""Most fibres of one connector at an end, MPO-16."""

_WHOLE: Mapping[Attendant, str] = {"end": "end swapped", "laser module": "laser module swapped", "box": "box swapped"}


class LinkParts(Product):
    """What is known of failing by part: field counts where there are any, and how the rest is split.

    Rates of single parts are those of makers and of handbooks. Their sum is no rate of a module: they only say how what
    is left after connectors is shared out.

    Args:
        contaminated_share: Of the hard failures of pluggable optics, those by connectors that are dirty or damaged.
        connector: Hard failures of one end's connector by dirt, whatever stands behind it, FIT.
        laser: One lane's laser; likewise driver, photodiode and its amplifier, FIT.
        retimer: One module's DSP, both ways, FIT.
        retimer_flaps: Share of a retimed module's flaps that its DSP and firmware bring.
        matings: Connectors mated or disturbed in one repair.
        dirty_share: Share of matings that end in a hard failure.
        repair_end: From a hard failure of a cable or module until a person has cleaned or swapped it, s.
        repair_laser: Likewise, of an engine's external laser module, s.
        repair_box: Likewise, of an engine, with which the box it sits in is swapped, s.
    """

    kind: ClassVar[str] = "link-parts"

    contaminated_share: ShareFigure
    connector: FitFigure
    laser: FitFigure
    driver: FitFigure
    photodiode: FitFigure
    amplifier: FitFigure
    retimer: FitFigure
    retimer_flaps: ShareFigure
    matings: RatioFigure
    dirty_share: ShareFigure
    repair_end: DurationFigure
    repair_laser: DurationFigure
    repair_box: DurationFigure

    def repair(self, attendant: Attendant) -> Figure:
        """Time until whoever must come has been, s."""
        return {"end": self.repair_end, "laser module": self.repair_laser, "box": self.repair_box}[attendant]

    @property
    def maintenance_share(self) -> float:
        """Share of hard failures that follow from the repair of others: matings x dirty share."""
        return self.matings.value * self.dirty_share.value


@dataclass(frozen=True, slots=True)
class PartFailures:
    """One part of one end.

    Args:
        part: What fails.
        share: Of the hard failures of the end, 0..1.
        ports: Ports that go dark together.
        attendant: What is swapped.
    """

    part: str
    share: float
    ports: float
    attendant: Attendant


def hard_parts(product: LinkProduct, parts: LinkParts) -> tuple[PartFailures, ...]:
    """Share the hard failures of one end out over its parts; shares sum to one.

    Connectors of fibre that can be taken off fail by dirt at the rate of a pluggable's connector, and never account for
    more than the field's share of it. The rest is split in proportion to the rates of single parts.

    Args:
        product: The end.
        parts: Rates.

    Leaves out: copper, whose failures no field has split.
    """
    electronics = product.electronics
    weights = {
        "laser": electronics.lasers * parts.laser.value,
        "driver": electronics.lanes * parts.driver.value,
        "photodiode": electronics.lanes * parts.photodiode.value,
        "amplifier": electronics.lanes * parts.amplifier.value,
        "retimer": electronics.retimers * parts.retimer.value,
    }
    total = sum(weights.values())
    if not total or not product.hard_fit.value:
        return (PartFailures("the whole end", 1.0, 1.0, "end"),)
    dirt = _connectors_share(product, parts)
    first = (PartFailures(CONNECTORS, dirt, 1.0, "end"),) if dirt else ()
    return first + tuple(
        PartFailures(part, (1.0 - dirt) * weight / total, *_shared(product, part))
        for part, weight in weights.items()
        if weight
    )


def _connectors_share(product: LinkProduct, parts: LinkParts) -> float:
    if not product.fibre_count:
        return 0.0
    count = np.ceil(product.fibre_count / _FIBRES_PER_CONNECTOR)
    return float(min(parts.contaminated_share.value, count * parts.connector.value / product.hard_fit.value))


def _shared(product: LinkProduct, part: str) -> tuple[float, Attendant]:
    """Ports a part takes with it, and what is swapped."""
    electronics = product.electronics
    if not electronics.fixed:
        return 1.0, "end"
    if part == "laser":
        return electronics.ports_per_laser, "laser module"
    return electronics.ports_per_engine, "box"


@dataclass(frozen=True, slots=True)
class Fate:
    """Hard failures of an end or a link that take as many ports with them and are mended alike.

    Args:
        what: Parts, or what is swapped.
        share: Of the hard failures of one port's end or link, 0..1.
        ports: Ports that go dark together: one such failure in the network is so many of single ports.
        attendant: What is swapped.
    """

    what: str
    share: float
    ports: float
    attendant: Attendant


def fates(a: LinkProduct, b: LinkProduct, parts: LinkParts) -> tuple[Fate, ...]:
    """Group the hard failures of a link's two ends by blast radius and by who must come; shares sum to one."""
    hard = a.hard_fit.value + b.hard_fit.value
    found: dict[tuple[float, Attendant], Fate] = {}
    for product in (a, b):
        weight = product.hard_fit.value / hard if hard else 0.5
        for each in hard_parts(product, parts):
            key = each.ports, each.attendant
            so_far = found.get(key, Fate(_WHOLE[each.attendant], 0.0, *key))
            found[key] = replace(so_far, share=so_far.share + weight * each.share)
    return tuple(found.values())


def flap_parts(product: LinkProduct, parts: LinkParts) -> Iterator[tuple[str, float]]:
    """Share the flaps of one end out: what its retimer brings, and what light, connectors and host do."""
    own = parts.retimer_flaps.value * min(1.0, product.electronics.retimers) if product.medium == "fibre" else 0.0
    if own:
        yield "retimer and its firmware", own
    yield ("light, connectors and host" if product.medium == "fibre" else "the whole end"), 1.0 - own


def failure_report(a: LinkProduct, b: LinkProduct, parts: LinkParts) -> dict[str, object]:
    """Return what ``failures`` of the verb ``link`` adds: both processes by part, blast radius, time to repair.

    Args:
        a: Lower end.
        b: Upper end.
        parts: Rates and repair times.
    """
    hard: dict[tuple[str, str, float, Attendant], float] = {}
    flaps: dict[str, float] = {}
    for product in (a, b):
        for each in hard_parts(product, parts):
            key = product.name, each.part, each.ports, each.attendant
            hard[key] = hard.get(key, 0.0) + each.share * product.hard_fit.value
        for part, share in flap_parts(product, parts):
            flaps[part] = flaps.get(part, 0.0) + share * product.flap_fit.value
    return {
        "hard_parts": [
            {
                "product": name,
                "part": part,
                "fit": fit,
                "ports_together": ports,
                "swapped": attendant,
                "repair_s": _banded(parts.repair(attendant)),
            }
            for (name, part, ports, attendant), fit in hard.items()
        ],
        "flap_parts": [{"part": part, "fit": fit} for part, fit in flaps.items()],
        "maintenance_share": parts.maintenance_share,
    }


def _banded(figure: Figure) -> dict[str, float]:
    return {"mid": figure.value, "low": figure.low, "high": figure.high}
