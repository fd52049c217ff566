"""Energy per bit: only meaningful beside the boundary those watts were counted in."""

from dataclasses import dataclass

from lightloom.core.arrays import Number
from lightloom.core.errors import Fault, StudyError
from lightloom.core.provenance import Figure


def energy_per_bit(power: Number, *, payload_bps: Number, ports: Number = 1.0) -> Number:
    """Joules spent per payload bit.

    Args:
        power: Of the whole device, W.
        payload_bps: Of one port; one way, or both together if the power serves both.
        ports: Ports that share the power.
    """
    return power / (ports * payload_bps)


@dataclass(frozen=True, slots=True)
class Draw:
    """What something draws while it carries bits.

    Args:
        name: What a person calls it.
        power: W.
        payload_bps: Bits of use to the host, one way, bits/s.
        boundary: What ``power`` counts and what it leaves to the box it sits in.
    """

    name: str
    power: Figure
    payload_bps: float
    boundary: str

    @property
    def joules_per_bit(self) -> Figure:
        """Energy of a payload bit, with its band."""
        return self.power.scaled(1.0 / self.payload_bps)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Energy of one thing over that of another.

    Args:
        ratio: Above one where the first spends more; its band that of figures which err apart.
        saved: What the second spends less, J/bit; negative where it spends more.
        remark: What makes the ratio unfair; empty where both boundaries are one.
    """

    ratio: Figure
    saved: float
    remark: str


def compare(first: Draw, second: Draw, *, across_boundaries: bool = False) -> Comparison:
    """Compare the energy of a payload bit.

    A module that leaves equalisation to its host draws little itself; an engine that brings its laser counts what
    another leaves out. So watts counted in different boundaries do not compare, unless someone insists.

    Args:
        first: Over this.
        second: This.
        across_boundaries: Whether to compare all the same; the answer then says what is unfair.

    Raises:
        StudyError: The boundaries differ and nobody insisted, or the second draws nothing.
    """
    if second.power.low <= 0.0:
        nothing = f"{second.name} draws nothing: there is no ratio to it"
        raise StudyError(Fault("power", nothing, "compare watts instead"))
    difference = (
        f"{first.name} counts '{first.boundary}', {second.name} counts '{second.boundary}': "
        "what one of them leaves out another box must draw"
    )
    alike = _same(first.boundary, second.boundary)
    if not alike and not across_boundaries:
        hint = "add what is left out to both, or ask to compare across boundaries"
        raise StudyError(Fault("boundary", difference, hint))
    one, other = first.joules_per_bit, second.joules_per_bit
    ratio = Figure(
        one.value / other.value,
        one.low / other.high,
        one.high / other.low,
        "derived",
        one.source,
        how=f"{first.name} over {second.name}, per payload bit",
    )
    return Comparison(ratio, one.value - other.value, "" if alike else difference)


def _same(one: str, other: str) -> bool:
    """Whether two boundaries are one text; white space and case aside."""
    return one.casefold().split() == other.casefold().split()
