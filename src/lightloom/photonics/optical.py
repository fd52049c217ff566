"""An optical end: transmitter, receiver and the passive plant its standard allows for."""

from typing import Any

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import AttenuationFigure, CountFigure, LengthFigure, LossFigure, PowerDbmFigure, RatioFigure
from lightloom.photonics import budget
from lightloom.photonics.product import LinkProduct, Medium, Path, Term


class OpticalProduct(LinkProduct):
    """One intensity-modulated, directly detected end.

    Args:
        interface: Optical standard; ends with the same one join.
        fibres: Of one link, both directions.
        specified_reach: Longest fibre of the standard, m.
        launch: Outer OMA minus TDECQ at its guaranteed least, dBm.
        stressed_sensitivity: Outer OMA of the stressed receiver test, dBm.
        stressed_eye_closure: SECQ of that test, dB.
        reflection_penalty: Allocation for multi-path interference and differential group delay, dB.
        oma_maximum: Strongest transmitter allowed, dBm.
        overload: Strongest outer OMA the receiver takes, dBm.
        channel_loss: Insertion loss of the standard at its full reach, dB.
        connectors_allocation: Part of ``channel_loss`` meant for connectors, dB.
        connector_loss: One connector as stated in a plan, dB.
        connector_sigma: Standard deviation of one connector, dB.
        fibre_loss: Cabled fibre, guaranteed.
        fibre_loss_typical: Cabled fibre as installed.
        field_margin: Mean margin of links in the field, dB.
        field_sigma: Its standard deviation, dB.
        field_connectors: Connectors of the plant ``field_margin`` was seen on.
        field_length: Fibre of that plant, m.
        threshold: Bit error ratio at which the budget's margin is nought.
        codewords: Codewords interleaved on the link.
    """

    interface: str
    fibres: CountFigure
    specified_reach: LengthFigure
    launch: PowerDbmFigure
    stressed_sensitivity: PowerDbmFigure
    stressed_eye_closure: LossFigure
    reflection_penalty: LossFigure
    oma_maximum: PowerDbmFigure
    overload: PowerDbmFigure
    channel_loss: LossFigure
    connectors_allocation: LossFigure
    connector_loss: LossFigure
    connector_sigma: LossFigure
    fibre_loss: AttenuationFigure
    fibre_loss_typical: AttenuationFigure
    field_margin: LossFigure
    field_sigma: LossFigure
    field_connectors: CountFigure
    field_length: LengthFigure
    threshold: RatioFigure
    codewords: CountFigure

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
    def sensitivity_dbm(self) -> float:
        """Outer OMA it needs from an open eye, dBm."""
        return float(
            budget.ideal_sensitivity_dbm(
                stressed_sensitivity_dbm=self.stressed_sensitivity.value,
                stressed_eye_closure_db=self.stressed_eye_closure.value,
            )
        )

    def joins(self, far: LinkProduct) -> bool:
        """Both ends speak the same optical standard."""
        return isinstance(far, OpticalProduct) and far.interface == self.interface

    def connectors_loss_db(self, path: Path) -> Number:
        """Connectors as stated, or at the allocation of the standard, dB."""
        stated = np.asarray(path.connectors) * self.connector_loss.value
        return _plain(np.where(np.isnan(stated), self.connectors_allocation.value, stated))

    def glass_loss_db(self, path: Path) -> Number:
        """Fibre at its guaranteed attenuation, or at what the standard allocates per metre, dB."""
        allocated = (self.channel_loss.value - self.connectors_allocation.value) / self.specified_reach.value
        loss = np.where(np.isnan(path.connectors), allocated, self.fibre_loss.value)
        return _plain(budget.fibre_loss_db(path.length, loss_db_per_m=loss))

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits, of the worse direction."""
        sender, receiver = self._worse_direction(far)
        penalty = max(sender.reflection_penalty.value, receiver.reflection_penalty.value)
        srs, secq = receiver.stressed_sensitivity.value, receiver.stressed_eye_closure.value
        return (
            Term(
                "transmitter, OMA - TDECQ", sender.launch.value, f"least {sender.launch.value:g} dBm of {sender.name}"
            ),
            Term("fibre", -self.glass_loss_db(path), self._glass_how(path)),
            Term("connectors", -self.connectors_loss_db(path), self._connectors_how(path)),
            Term("circuit switches", 0.0 - path.switches_maximum_db, "every pass at its guaranteed limit"),
            Term("other stated loss", 0.0 - path.extra_loss_db, "as stated"),
            Term("reflections and delay spread", -penalty, "allocation of the standard"),
            Term(
                "receiver, open eye",
                -receiver.sensitivity_dbm,
                f"-(SRS {srs:g} dBm - SECQ {secq:g} dB) of {receiver.name}",
            ),
        )

    def overload_headroom_db(self, far: LinkProduct, path: Path) -> Number:
        """Decibels by which the strongest signal stays below what the receiver takes, of the worse direction."""
        other = _optical(far)
        strongest = max(self.oma_maximum.value - other.overload.value, other.oma_maximum.value - self.overload.value)
        loss = (
            self.glass_loss_db(path)
            + self.connectors_loss_db(path)
            + np.asarray(path.switches_maximum_db)
            + path.extra_loss_db
        )
        return _plain(budget.overload_headroom_db(oma_maximum_dbm=strongest, channel_loss_db=loss, overload_dbm=0.0))

    def field_margin_db(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        """Mean and standard deviation of the margin of parts as they come, dB.

        The margin seen in the field, less what this path loses beyond the plant it was seen on. Spreads of further
        connectors and of circuit switches add independently; a smaller plant does not narrow the spread.
        """
        other = _optical(far)
        count = np.where(np.isnan(path.connectors), self.field_connectors.value, path.connectors)
        further = count - self.field_connectors.value
        beyond = (
            further * self.connector_loss.value
            + (np.asarray(path.length) - self.field_length.value) * self.fibre_loss_typical.value
            + path.switches_typical_db
            + path.extra_loss_db
        )
        mean = min(self.field_margin.value, other.field_margin.value) - beyond
        variance = (
            max(self.field_sigma.value, other.field_sigma.value) ** 2
            + np.maximum(further, 0.0) * self.connector_sigma.value**2
            + np.asarray(path.switches_sigma_db) ** 2
        )
        return _plain(mean), _plain(np.sqrt(variance))

    @property
    def bit_error_threshold(self) -> float | None:
        """Bit error ratio at nought margin."""
        return self.threshold.value

    @property
    def interleaved_codewords(self) -> float | None:
        """As its standard says."""
        return self.codewords.value

    def _worse_direction(self, far: LinkProduct) -> tuple["OpticalProduct", "OpticalProduct"]:
        other = _optical(far)
        forth = self.launch.value - other.sensitivity_dbm
        back = other.launch.value - self.sensitivity_dbm
        return (self, other) if forth <= back else (other, self)

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
        return f"{path.connectors:g} x {self.connector_loss.value:g} dB, typical as stated"


def _optical(product: LinkProduct) -> OpticalProduct:
    if not isinstance(product, OpticalProduct):
        message = f"{product.name} is not optical; ask joins() first"
        raise TypeError(message)
    return product


def _plain(value: Any) -> Number:  # noqa: ANN401 # whatever numpy made of a number or a sweep
    array = np.asarray(value, dtype=np.float64)
    return array if array.ndim else float(array)


SPECIMEN: dict[str, object] = {
    "boundary": "module only",
    "rate": "400 Gb/s",
    "lanes": 4,
    "power": "8 W",
    "price": "700 USD",
    "latency": "100 ns",
    "hard_fit": "250 FIT",
    "flap_fit": "16300 FIT",
    "group_index": 1.468,
    "medium_price": "60 USD",
    "medium_price_per_length": "2 USD/m",
    "interface": "specimen",
    "fibres": 8,
    "specified_reach": "500 m",
    "launch": "-2.2 dBm",
    "stressed_sensitivity": "-1.9 dBm",
    "stressed_eye_closure": "3.4 dB",
    "reflection_penalty": "0.1 dB",
    "oma_maximum": "4.2 dBm",
    "overload": "4.2 dBm",
    "channel_loss": "3 dB",
    "connectors_allocation": "2.75 dB",
    "connector_loss": "0.35 dB",
    "connector_sigma": "0.13 dB",
    "fibre_loss": "0.4 dB/km",
    "fibre_loss_typical": "0.33 dB/km",
    "field_margin": "2.9 dB",
    "field_sigma": "0.39 dB",
    "field_connectors": 4,
    "field_length": "100 m",
    "threshold": 2.4e-4,
    "codewords": 2,
}
"""A product of round figures, for :meth:`LinkProduct.specimens`; not of the catalog."""
