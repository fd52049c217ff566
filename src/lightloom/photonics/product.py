"""What every link product has, whatever carries the bits: rate, watts, price, latency, failures, a budget."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Literal, Self, TypeAlias

import numpy as np
from pydantic import model_validator

from lightloom.core.arrays import Booleans, Integers, Number
from lightloom.core.figures import (
    BitRateFigure,
    CountFigure,
    DurationFigure,
    FitFigure,
    MoneyFigure,
    MoneyPerLengthFigure,
    PowerFigure,
    RatioFigure,
    TemperatureFigure,
    YearFigure,
)
from lightloom.core.product import Product
from lightloom.photonics.temperature import AT_REFERENCE

Medium: TypeAlias = Literal["copper", "fibre", "board"]
Sits: TypeAlias = Literal["module", "chip"]
"""Where an end may sit: plugged in anywhere, or built in beside the chip of a switch or accelerator."""

CLAUSE_PLANT = float("nan")
"""In place of a count of connectors: the passive plant at the allocation of the standard, not as stated."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """What lies between two ends; every field one number or one per link.

    Args:
        length: Cable, m, one way.
        connectors: Optical connectors; :data:`CLAUSE_PLANT` for the allocation of the standard.
        switches_typical_db: All passes through circuit switches together, median ports.
        switches_maximum_db: Likewise, guaranteed.
        switches_sigma_db: Standard deviation of all passes together.
        extra_loss_db: Other stated loss, such as circulators.
        switches_reflectance: Share of power all passes together send back; a link both ways on one fibre feels it.
        temperature: Of modules' cases, or of the copper, °C; :data:`AT_REFERENCE` for that of each figure.
    """

    length: Number
    connectors: Number = CLAUSE_PLANT
    switches_typical_db: Number = 0.0
    switches_maximum_db: Number = 0.0
    switches_sigma_db: Number = 0.0
    extra_loss_db: Number = 0.0
    switches_reflectance: Number = 0.0
    temperature: Number = AT_REFERENCE

    @property
    def switched(self) -> Booleans:
        """Whether anything optical stands in the way: a circuit switch or stated extra loss."""
        return np.asarray(self.switches_maximum_db) + np.asarray(self.extra_loss_db) > 0.0

    def take(self, rows: Integers) -> "Path":
        """Return some of the paths; every field must have one entry per link."""
        return Path(**{field.name: np.asarray(getattr(self, field.name))[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True)
class Electronics:
    """What can fail inside one end, counted, and what other ports hang on.

    Args:
        lanes: Lanes with a driver, a photodiode and an amplifier each; 0 where nothing turns bits into light.
        lasers: Lanes' worth of laser.
        retimers: DSPs that recover clock and data both ways; a half where one way only.
        ports_per_laser: Ports that go dark with one laser module.
        ports_per_engine: Ports that go down with one engine.
        fixed: Part of the box, which is swapped with it; its laser sits in a module of its own.
    """

    lanes: float = 0.0
    lasers: float = 0.0
    retimers: float = 0.0
    ports_per_laser: float = 1.0
    ports_per_engine: float = 1.0
    fixed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """One line of a budget; all lines add up to the margin.

    Args:
        item: What it is.
        db: Decibels it gives (positive) or takes (negative).
        how: Where the number comes from.
    """

    item: str
    db: Number
    how: str


class LinkProduct(Product, ABC):
    """One end of a link with its share of the medium; a cable with fixed ends counts as two equal ones.

    Args:
        boundary: What ``power`` counts and what it leaves to the box it sits in.
        part_of_node: Watts and price are inside the node's own figures; nothing is added for them.
        rate: Payload, one way, bits/s.
        lanes: Electrical or optical lanes, one way.
        power: One end, W.
        price: One end, USD.
        latency: One end, one way, s; error correction of the host is the host's.
        hard_fit: Failures of one end that need a person, per 1e9 h.
        flap_fit: Failures of one end that heal themselves, per 1e9 h.
        group_index: Speed of light over speed in the medium.
        medium_price: Cable with its connectors, apart from the ends, per link, USD.
        medium_price_per_length: Per metre of link, USD/m.
        temperature_low: Coldest it is specified for, at its case or along its copper, °C; left out: not judged.
        temperature_high: Warmest, likewise.
        year: When it was first sold, for axes of time; no result depends on it.
    """

    kind: ClassVar[str] = "link"

    boundary: str
    part_of_node: bool = False

    rate: BitRateFigure
    lanes: CountFigure
    power: PowerFigure
    price: MoneyFigure
    latency: DurationFigure
    hard_fit: FitFigure
    flap_fit: FitFigure
    group_index: RatioFigure
    medium_price: MoneyFigure | None = None
    medium_price_per_length: MoneyPerLengthFigure | None = None
    temperature_low: TemperatureFigure | None = None
    temperature_high: TemperatureFigure | None = None
    year: YearFigure | None = None

    @model_validator(mode="after")
    def _temperatures_are_a_range(self) -> Self:
        low, high = self.temperature_low, self.temperature_high
        if (low is None) != (high is None):
            message = "temperature_low and temperature_high belong together: state both, or none"
            raise ValueError(message)
        if low is not None and high is not None and low.value >= high.value:
            message = f"temperature_low {low.value:g} °C is not below temperature_high {high.value:g} °C"
            raise ValueError(message)
        return self

    @property
    @abstractmethod
    def medium(self) -> Medium:
        """What carries the bits."""

    @property
    @abstractmethod
    def fibre_count(self) -> int:
        """Fibres of one link; 0 for copper."""

    @property
    @abstractmethod
    def reach(self) -> float:
        """Longest cable its specification speaks of, m; infinite where loss alone decides."""

    def serves(self, rate_bps: float) -> bool:
        """Whether this is exactly its rate; ports are not split or pooled here."""
        return abs(self.rate.value - rate_bps) <= 1e-6 * rate_bps

    @property
    def temperatures(self) -> tuple[float, float]:
        """Coldest and warmest it is specified for, °C; infinite where no document says."""
        low, high = self.temperature_low, self.temperature_high
        return (-np.inf if low is None else low.value, np.inf if high is None else high.value)

    @property
    def passes_circuits(self) -> bool:
        """Whether circuit switches and circulators can stand in the way: only light passes them."""
        return self.medium == "fibre"

    @property
    def carrier(self) -> str:
        """What carries the bits, as a sentence says it."""
        return self.medium

    @property
    def sits(self) -> Sits:
        """Where it may sit; a network card has room only for what plugs in."""
        return "module"

    @property
    def unknowns(self) -> tuple[str, ...]:
        """What no document says of it, and what is done without; empty if nothing is amiss."""
        return ()

    @property
    def shared_fate(self) -> str:
        """What else goes down with it; empty if nothing does."""
        return ""

    @property
    def electronics(self) -> Electronics:
        """What can fail inside it; nothing is told apart here."""
        return Electronics()

    @property
    def receiver(self) -> str:
        """Class of its receivers by the catalog's name, where a circuit switch can change what they see; else empty."""
        return ""

    @property
    def offered(self) -> str:
        """Its name as a refusal proposes it: what is only announced is marked."""
        return f"{self.name} (announced)" if self.preview else self.name

    @abstractmethod
    def joins(self, far: "LinkProduct") -> bool:
        """Tell whether this end and that one understand each other; symmetric."""

    @abstractmethod
    def terms(self, far: "LinkProduct", path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits, of the worse direction; they add up to the margin."""

    @abstractmethod
    def field_margin_db(self, far: "LinkProduct", path: Path) -> tuple[Number, Number]:
        """Mean and standard deviation of the margin of parts as they come, dB."""

    def warmth_db(self, far: "LinkProduct", path: Path) -> Number:  # noqa: ARG002 # nothing of it is known here
        """Decibels of that mean which warmth takes against the temperature its figures were taken at.

        Below nought where cold gives some; nought of guaranteed limits, which hold over the whole range.
        """
        return 0.0

    def overload_headroom_db(self, far: "LinkProduct", path: Path) -> Number:  # noqa: ARG002 # of no concern to copper
        """Decibels between the strongest signal and what the receiver takes; infinite if it cannot overload."""
        return np.inf

    @property
    def bit_error_threshold(self) -> float | None:
        """Bit error ratio at nought margin, where margin is optical; None where the margin chain does not hold."""
        return None

    @property
    def interleaved_codewords(self) -> float | None:
        """Codewords interleaved on the link; None where frame loss is not modelled."""
        return None

    @classmethod
    @abstractmethod
    def specimens(cls) -> "Sequence[LinkProduct]":
        """Build a few products for the laws to be tried on."""
