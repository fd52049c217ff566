"""What is asked of a link, and the refusal of what makes no sense."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core import units
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.photonics.pair import Mode
from lightloom.photonics.product import CLAUSE_PLANT, LinkProduct, Path
from lightloom.photonics.temperature import AT_REFERENCE

SIGMAS_TO_LIMIT = 3.0
"""A guaranteed loss is taken to lie this many standard deviations above the typical one."""


@dataclass(frozen=True, slots=True)
class CircuitSwitchPass:
    """One pass through a circuit switch.

    Args:
        loss_typical_db: Median port.
        loss_maximum_db: Guaranteed.
        return_loss_db: Positive, infinite where it is not known; only links both ways on one fibre feel it.
    """

    loss_typical_db: float
    loss_maximum_db: float
    return_loss_db: float = math.inf


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """One class of equal links.

    Args:
        length: Cable, m, one way, end to end; through a circuit switch, both halves together.
        rate_bps: Payload one way, bits/s; a product serves exactly its own rate.
        count: Links of this class.
        a: Products allowed at the lower end, in the order of the study.
        b: Products allowed at the upper end; equal to ``a`` means the same product at both ends.
        connectors: Optical connectors in the path; None for the allocation of the standard.
        circuit_switches: Passes on the way.
        extra_loss_db: Other stated loss, such as circulators.
        where: Dotted path of the request in the study, for faults.
        at_card: Whether the lower end is a network card, which takes only what plugs in; narrows what is proposed.
        temperature: Of modules' cases, or of the copper, °C; None for that of each figure.
    """

    length: float
    rate_bps: float
    count: int
    a: tuple[str, ...]
    b: tuple[str, ...]
    connectors: int | None = 4
    circuit_switches: tuple[CircuitSwitchPass, ...] = ()
    extra_loss_db: float = 0.0
    where: str = ""
    at_card: bool = False
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class LinkPolicy:
    """When a link counts as closing.

    Args:
        mode: ``spec_min``: the margin at guaranteed limits; ``distribution``: that of the worst link in a hundred.
        margin_db: What it must be at least.
        allow: Words of the products that a refusal may propose, with or without their rate; empty for every one.
    """

    mode: Mode = "spec_min"
    margin_db: float = 0.0
    allow: tuple[str, ...] = ()

    def proposes(self, name: str) -> bool:
        """Tell whether a refusal may propose a product.

        >>> LinkPolicy(allow=("dac", "400g-dr4")).proposes("800g-dac"), LinkPolicy(allow=("dac",)).proposes("400g-dr4")
        (True, False)
        """
        return not self.allow or name in self.allow or name.partition("-")[2] in self.allow


def path_of(requests: Sequence[LinkRequest]) -> Path:
    """Return the paths of some requests, one entry each."""
    passes = [request.circuit_switches for request in requests]
    return Path(
        length=np.array([request.length for request in requests], dtype=np.float64),
        connectors=np.array([CLAUSE_PLANT if r.connectors is None else float(r.connectors) for r in requests]),
        switches_typical_db=np.array([sum(each.loss_typical_db for each in some) for some in passes], dtype=np.float64),
        switches_maximum_db=np.array([sum(each.loss_maximum_db for each in some) for some in passes], dtype=np.float64),
        switches_sigma_db=np.array([_sigma_db(some) for some in passes], dtype=np.float64),
        extra_loss_db=np.array([request.extra_loss_db for request in requests], dtype=np.float64),
        switches_reflectance=np.array([_reflectance(some) for some in passes], dtype=np.float64),
        temperature=np.array([AT_REFERENCE if r.temperature is None else r.temperature for r in requests]),
    )


def _sigma_db(passes: Sequence[CircuitSwitchPass]) -> float:
    """Standard deviation of independent passes together, dB."""
    return float(np.sqrt(sum(((p.loss_maximum_db - p.loss_typical_db) / SIGMAS_TO_LIMIT) ** 2 for p in passes)))


def _reflectance(passes: Sequence[CircuitSwitchPass]) -> float:
    """Share of power that passes together send back; nothing from those of unknown return loss."""
    return sum(10.0 ** (-each.return_loss_db / 10.0) for each in passes)


def refuse(requests: Sequence[LinkRequest], policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> None:
    """Refuse requests that make no sense, all faults at once.

    Raises:
        StudyError: A length, count, rate, loss, temperature or margin makes no sense; a product is unknown; none of
            those allowed has the rate; none of one end joins one of the other.
    """
    asked = {(request.a, request.b, request.rate_bps, request.where): request for request in requests}
    odd = [request for request in requests if not _sensible(request)]
    faults = [fault for request in odd for fault in _numbers(request)]
    faults += [fault for request in asked.values() for fault in _misnamed(request, policy, products)]
    if not math.isfinite(policy.margin_db):
        faults.append(Fault("margin", f"a margin is finite, not {policy.margin_db}", "write one such as 0 dB"))
    if faults:
        raise StudyError(dict.fromkeys(faults))


def _misnamed(request: LinkRequest, policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> Iterator[Fault]:
    known = True
    for end, names in (("a", request.a), ("b", request.b)):
        if not names:
            known = False
            yield Fault(_key(request, end), "no product is allowed", "name one or more")
        for name in names:
            if name not in products:
                known = False
                yield Fault(_key(request, end), f"no link product is called '{name}'", nearest(name, products))
    if known and request.rate_bps > 0:
        yield from _mismatches(request, policy, products)


def _sensible(request: LinkRequest) -> bool:
    finite = 0 <= request.length < math.inf and 0 < request.rate_bps < math.inf
    counted = request.count >= 0 and (request.connectors is None or request.connectors >= 0)
    lossy = 0 <= request.extra_loss_db < math.inf
    passes = all(_sensible_pass(each) for each in request.circuit_switches)
    return finite and counted and lossy and passes and _sensible_temperature(request.temperature)


def _sensible_temperature(temperature: float | None) -> bool:
    return temperature is None or units.TEMPERATURE.low <= temperature <= units.TEMPERATURE.high


def _sensible_pass(each: CircuitSwitchPass) -> bool:
    return 0 <= each.loss_typical_db <= each.loss_maximum_db < math.inf and each.return_loss_db >= 0


def _numbers(request: LinkRequest) -> Iterator[Fault]:
    least = {
        "length": (request.length, "a length is nought or more, such as 2 m"),
        "rate": (request.rate_bps, "a rate is more than nought, such as 400 Gb/s"),
        "count": (request.count, "a count is nought or more"),
        "connectors": (request.connectors or 0, "a count of connectors is nought or more"),
        "extra_loss": (request.extra_loss_db, "a loss is nought or more"),
    }
    for key, (value, rule) in least.items():
        if not (math.isfinite(value) and value >= 0) or (key == "rate" and value == 0):
            yield Fault(_key(request, key), f"{value:g} makes no sense", rule)
    if request.temperature is not None and not _sensible_temperature(request.temperature):
        rule = f"a temperature lies between {units.TEMPERATURE.low:g} and {units.TEMPERATURE.high:g} °C"
        yield Fault(_key(request, "temperature"), f"{request.temperature:g} °C makes no sense", rule)
    for each in request.circuit_switches:
        if not _sensible_pass(each):
            found = f"a pass of typically {each.loss_typical_db:g} dB and at most {each.loss_maximum_db:g} dB"
            yield Fault(_key(request, "through"), found, "typical loss lies between nought and the maximum")


def _mismatches(request: LinkRequest, policy: LinkPolicy, products: Mapping[str, LinkProduct]) -> Iterator[Fault]:
    rate = f"{request.rate_bps / 1e9:g} Gb/s"
    fitting = [name for name, product in products.items() if product.serves(request.rate_bps)]
    missing = False
    for end, names in (("a", request.a), ("b", request.b)):
        if not any(name in fitting for name in names):
            missing = True
            which = "allowed" if policy.allow else "known"
            named = ", ".join(products[name].offered for name in fitting if policy.proposes(name))
            rates = {each.rate.value for each in products.values() if policy.proposes(each.name)}
            missed = f"no {which} product has that rate{_around(rates, request.rate_bps)}"
            offered = f"products of that rate: {named}" if named else missed
            yield Fault(_key(request, end), f"{', '.join(names)}: none has exactly {rate}", offered)
    lower, upper = ([products[name] for name in names if name in fitting] for names in (request.a, request.b))
    if not missing and request.a != request.b and not any(near.joins(far) for near in lower for far in upper):
        ends = f"{', '.join(each.name for each in lower)} and {', '.join(each.name for each in upper)}"
        partners = [products[name] for name in fitting if policy.proposes(name)]
        named = ", ".join(each.offered for each in partners if any(near.joins(each) for near in lower))
        offered = f"what joins the lower end: {named}" if named else "no allowed product joins the lower end"
        yield Fault(_key(request, "b"), f"{ends} do not join", offered)


def _around(rates: Collection[float], rate_bps: float) -> str:
    """Name the nearest rates below and above one."""
    near = [*sorted(rate for rate in rates if rate < rate_bps)[-1:], *sorted(r for r in rates if r > rate_bps)[:1]]
    verb = "are" if len(near) > 1 else "is"
    return f"; the nearest {verb} {' and '.join(f'{rate * 1e-9:g} Gb/s' for rate in near)}" if near else ""


def _key(request: LinkRequest, part: str) -> str:
    return f"{request.where}.{part}" if request.where else part
