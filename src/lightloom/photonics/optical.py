"""An optical end: transmitter, receiver and the passive plant its standard allows for."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from lightloom.core.arrays import Number
from lightloom.core.figures import (
    AttenuationFigure,
    CountFigure,
    LengthFigure,
    LossFigure,
    PowerDbmFigure,
    RatioFigure,
    TemperatureFigure,
)
from lightloom.photonics import budget
from lightloom.photonics.levels import Levels, levels_of
from lightloom.photonics.product import Electronics, LinkProduct, Medium, Path, Term
from lightloom.photonics.temperature import thermal_noise_db

_LEVELS = (
    "launch", "stressed_sensitivity", "stressed_eye_closure", "reflection_penalty", "oma_maximum", "overload",
)  # fmt: skip
_FIELD = ("field_margin", "field_sigma", "field_connectors", "field_length", "field_temperature")


class OpticalProduct(LinkProduct):
    """One optical end, of intensity-modulated light unless a kind says otherwise.

    Two groups of figures may be left out, each as a whole. Without levels in dBm (a draft standard, a maker who prints
    none) a link closes by the insertion loss its specification allows, and overload is not judged. Without field data
    the ends are taken at their guaranteed limits in ``distribution`` mode too, and only the path as it comes.

    Args:
        interface: Optical standard; ends with the same one join.
        multimode: Over multimode fibre, which no circuit switch passes.
        fibres: Of one link, both directions.
        specified_reach: Longest fibre of the standard, m.
        launch: Outer OMA minus TDECQ at its guaranteed least, dBm.
        stressed_sensitivity: Outer OMA of the stressed receiver test, dBm.
        stressed_eye_closure: SECQ of that test, dB.
        reflection_penalty: Allocation for multi-path interference and differential group delay, dB.
        oma_maximum: Strongest transmitter allowed, dBm.
        overload: Strongest outer OMA the receiver takes, dBm.
        channel_loss: Insertion loss the specification allows at its full reach, dB.
        connectors_allocation: Part of ``channel_loss`` meant for connectors, dB.
        connector_loss: One connector as stated in a plan, dB.
        connector_sigma: Standard deviation of one connector, dB.
        fibre_loss: Cabled fibre, guaranteed.
        fibre_loss_typical: Cabled fibre as installed.
        field_margin: Mean margin of links in the field, dB.
        field_sigma: Its standard deviation, dB.
        field_connectors: Connectors of the plant ``field_margin`` was seen on.
        field_length: Fibre of that plant, m.
        field_temperature: Of the cases of its modules, °C.
        field_connector_loss: One connector of that plant, dB; ``connector_loss`` if left out.
        field_fibre_loss: Fibre of that plant as installed; ``fibre_loss_typical`` if left out.
        threshold: Bit error ratio at which the budget's margin is nought; left out where that is not of PAM4 and KP4.
        codewords: Codewords interleaved on the link; left out with an inner code, whose frames are not modelled.
    """

    light: ClassVar[str] = "intensity"
    """How light carries bits; only ends alike in it join."""

    interface: str
    multimode: bool = False
    fibres: CountFigure
    specified_reach: LengthFigure
    launch: PowerDbmFigure | None = None
    stressed_sensitivity: PowerDbmFigure | None = None
    stressed_eye_closure: LossFigure | None = None
    reflection_penalty: LossFigure | None = None
    oma_maximum: PowerDbmFigure | None = None
    overload: PowerDbmFigure | None = None
    channel_loss: LossFigure
    connectors_allocation: LossFigure
    connector_loss: LossFigure
    connector_sigma: LossFigure
    fibre_loss: AttenuationFigure
    fibre_loss_typical: AttenuationFigure
    field_margin: LossFigure | None = None
    field_sigma: LossFigure | None = None
    field_connectors: CountFigure | None = None
    field_length: LengthFigure | None = None
    field_temperature: TemperatureFigure | None = None
    field_connector_loss: LossFigure | None = None
    field_fibre_loss: AttenuationFigure | None = None
    threshold: RatioFigure | None = None
    codewords: CountFigure | None = None

    @model_validator(mode="after")
    def _groups_are_whole(self) -> Self:
        for group in (_LEVELS, _FIELD):
            missing = [name for name in group if getattr(self, name) is None]
            if 0 < len(missing) < len(group):
                message = f"{', '.join(missing)} missing: state all of {', '.join(group)}, or none"
                raise ValueError(message)
        return self

    @property
    def medium(self) -> Medium:
        """Fibre."""
        return "fibre"

    @property
    def fibre_count(self) -> int:
        """As its standard says."""
        return int(self.fibres.value)

    @property
    def reach(self) -> float:
        """As its standard says: TDECQ vouches for dispersion only so far."""
        return self.specified_reach.value

    @property
    def passes_circuits(self) -> bool:
        """Circuit switches are of single-mode fibre."""
        return not self.multimode

    @property
    def electronics(self) -> Electronics:
        """Every lane its parts, and one DSP both ways."""
        return Electronics(lanes=self.lanes.value, lasers=self.lanes.value, retimers=1.0)

    @property
    def receiver(self) -> str:
        """With a DSP."""
        return "retimed"

    @property
    def carrier(self) -> str:
        """Fibre, and which where it matters."""
        return "multimode fibre" if self.multimode else "fibre"

    @property
    def levels(self) -> Levels | None:
        """What it launches and needs, dBm; None where that is not public."""
        return levels_of(
            self.launch,
            self.stressed_sensitivity,
            self.stressed_eye_closure,
            self.reflection_penalty,
            self.oma_maximum,
            self.overload,
        )

    @property
    def sensitivity_dbm(self) -> float:
        """Outer OMA it needs from an open eye, dBm; ask :attr:`levels` first whether that is known."""
        levels = self.levels
        if levels is None:
            message = f"the levels of {self.name} are not public"
            raise TypeError(message)
        return levels.sensitivity_dbm

    @property
    def unknowns(self) -> tuple[str, ...]:
        """What is not public, and what is done without it."""
        told: list[str] = []
        if self.closes_by_allocation:
            told.append("levels in dBm are not public: it closes by the insertion loss allowed; overload is not judged")
        if self.field_margin is None:
            told.append("no field data: its ends are taken at guaranteed limits, the path as it comes")
        return tuple(told)

    @property
    def closes_by_allocation(self) -> bool:
        """Whether it is judged by the insertion loss its specification allows, for want of levels."""
        return self.levels is None

    def joins(self, far: LinkProduct) -> bool:
        """Both ends speak the same optical standard."""
        return isinstance(far, OpticalProduct) and (far.light, far.interface) == (self.light, self.interface)

    @property
    def plant_loss_db(self) -> float:
        """Insertion loss the specification leaves to fibre, connectors and circuit switches, dB."""
        return self.channel_loss.value

    def connectors_loss_db(self, path: Path) -> Number:
        """Connectors as stated, or at the allocation of the standard, dB."""
        stated = np.asarray(path.connectors) * self.connector_loss.value
        return _plain(np.where(np.isnan(stated), self.connectors_allocation.value, stated))

    def glass_loss_db(self, path: Path) -> Number:
        """Fibre at its guaranteed attenuation, or at what the standard allocates per metre, dB."""
        allocated = (self.plant_loss_db - self.connectors_allocation.value) / self.specified_reach.value
        loss = np.where(np.isnan(path.connectors), allocated, self.fibre_loss.value)
        return _plain(budget.fibre_loss_db(path.length, loss_db_per_m=loss))

    def path_loss_db(self, path: Path) -> Number:
        """Everything between the two ends at guaranteed limits, dB."""
        loss = self.glass_loss_db(path) + self.connectors_loss_db(path) + np.asarray(path.switches_maximum_db)
        return _plain(loss + path.extra_loss_db)

    def path_terms(self, path: Path) -> tuple[Term, ...]:
        """Lines of the budget for everything between the two ends, at guaranteed limits."""
        return (
            Term("fibre", -self.glass_loss_db(path), self._glass_how(path)),
            Term("connectors", -self.connectors_loss_db(path), self._connectors_how(path)),
            Term("circuit switches", 0.0 - path.switches_maximum_db, "every pass at its guaranteed limit"),
            Term("other stated loss", 0.0 - path.extra_loss_db, "as stated"),
        )

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits, of the worse direction."""
        other = _optical(far)
        own, others = self.levels, other.levels
        if own is None or others is None:
            return (self._allowed(other), *self.path_terms(path))
        forth = own.launch_dbm - others.sensitivity_dbm <= others.launch_dbm - own.sensitivity_dbm
        sender, out, receiver, into = (self, own, other, others) if forth else (other, others, self, own)
        srs, secq = into.stressed_sensitivity_dbm, into.stressed_eye_closure_db
        receiver_how = f"-(SRS {srs:g} dBm - SECQ {secq:g} dB) of {receiver.name}"
        return (
            Term("transmitter, OMA - TDECQ", out.launch_dbm, f"least {out.launch_dbm:g} dBm of {sender.name}"),
            *self.path_terms(path),
            Term(
                "reflections and delay spread",
                -max(out.reflection_penalty_db, into.reflection_penalty_db),
                "allocation of the standard",
            ),
            Term("receiver, open eye", -into.sensitivity_dbm, receiver_how),
        )

    def overload_headroom_db(self, far: LinkProduct, path: Path) -> Number:
        """Decibels by which the strongest signal stays below what the receiver takes, of the worse direction.

        Infinite where levels are not public: a receiver takes the strongest transmitter of its own standard.
        """
        own, others = self.levels, _optical(far).levels
        if own is None or others is None:
            return np.inf
        strongest = max(own.oma_maximum_dbm - others.overload_dbm, others.oma_maximum_dbm - own.overload_dbm)
        loss = self.path_loss_db(path)
        return _plain(budget.overload_headroom_db(oma_maximum_dbm=strongest, channel_loss_db=loss, overload_dbm=0.0))

    def field_margin_db(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        """Mean and standard deviation of the margin of parts as they come, dB.

        The margin seen in the field, less what this path loses beyond the plant it was seen on, whose connectors and
        fibre are those of the product, not those of this path. Spreads of further connectors and of circuit switches
        add independently; a smaller plant does not narrow the spread. What warmer receivers lose counts. Of ends
        without field data the guaranteed limits are taken, which none falls short of at any temperature it is specified
        for, and connectors as stated.
        """
        seen = [_seen(end) for end in (self, _optical(far))]
        known = [each for each in seen if each is not None]
        if len(known) < len(seen):
            return self._guaranteed_ends(far, path)
        margin, sigma = min(each[0] for each in known), max(each[1] for each in known)
        _, _, connectors, plant_loss = known[0]
        count = np.where(np.isnan(path.connectors), connectors, path.connectors)
        lost = count * self.connector_loss.value + np.asarray(path.length) * self.fibre_loss_typical.value
        beyond = lost - plant_loss + path.switches_typical_db + path.extra_loss_db + self.warmth_db(far, path)
        variance = (
            sigma**2
            + np.maximum(count - connectors, 0.0) * self.connector_sigma.value**2
            + np.asarray(path.switches_sigma_db) ** 2
        )
        return _plain(margin - beyond), _plain(np.sqrt(variance))

    def warmth_db(self, far: LinkProduct, path: Path) -> Number:
        """Decibels that receivers warmer than those seen in the field lose, of the end that loses more.

        All noise of a receiver is taken as thermal. Nought unless both ends have field data: guaranteed limits hold
        over the whole range.

        Leaves out: transmitters. How their power and eye closure move with the case's temperature hangs on whether and
        how they are cooled, and no document read says.
        """
        cases = [end.field_temperature for end in (self, _optical(far))]
        known = [case.value for case in cases if case is not None]
        return thermal_noise_db(path.temperature, reference=min(known)) if len(known) == len(cases) else 0.0

    def _guaranteed_ends(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        spared = (
            self.glass_loss_db(path)
            - np.asarray(path.length) * self.fibre_loss_typical.value
            + np.asarray(path.switches_maximum_db)
            - path.switches_typical_db
        )
        mean = sum(np.asarray(term.db) for term in self.terms(far, path)) + np.maximum(spared, 0.0)
        return _plain(mean), _plain(np.broadcast_to(path.switches_sigma_db, np.shape(mean)))

    @property
    def bit_error_threshold(self) -> float | None:
        """Bit error ratio at nought margin; None where it is not known."""
        return None if self.threshold is None else self.threshold.value

    @property
    def interleaved_codewords(self) -> float | None:
        """As its standard says; None where frame loss is not modelled."""
        return None if self.codewords is None else self.codewords.value

    def _allowed(self, other: "OpticalProduct") -> Term:
        least = min((self, other), key=lambda end: end.channel_loss.value)
        how = f"channel of {least.name}; levels in dBm are not public"
        return Term("insertion loss allowed", least.channel_loss.value, how)

    def _glass_how(self, path: Path) -> str:
        if np.ndim(path.length) or np.ndim(path.connectors):
            return "length at guaranteed attenuation"
        if np.isnan(path.connectors):
            return f"{path.length:g} m at the standard's allocation of channel less connectors over its reach"
        return f"{path.length:g} m x {self.fibre_loss.value * 1e3:g} dB/km"

    def _connectors_how(self, path: Path) -> str:
        if np.ndim(path.connectors):
            return f"count x {self.connector_loss.value:g} dB"
        if np.isnan(path.connectors):
            return "allocation of the standard"
        words = "as stated" if self.field_connector_loss else "typical as stated"
        return f"{path.connectors:g} x {self.connector_loss.value:g} dB, {words}"


def _optical(product: LinkProduct) -> OpticalProduct:
    if not isinstance(product, OpticalProduct):
        message = f"{product.name} is not optical; ask joins() first"
        raise TypeError(message)
    return product


def _seen(end: OpticalProduct) -> Sequence[float] | None:
    """Margin, its spread, connectors and loss of the plant an end was seen on, dB; None without field data."""
    figures = (end.field_margin, end.field_sigma, end.field_connectors, end.field_length)
    values = [figure.value for figure in figures if figure is not None]
    if len(values) < len(figures):
        return None
    margin, sigma, connectors, length = values
    joint, glass = end.field_connector_loss or end.connector_loss, end.field_fibre_loss or end.fibre_loss_typical
    return margin, sigma, connectors, connectors * joint.value + length * glass.value


def _plain(value: Any) -> Number:  # noqa: ANN401 # whatever numpy made of a number or a sweep
    array = np.asarray(value, dtype=np.float64)
    return array if array.ndim else float(array)
