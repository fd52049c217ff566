"""Coherent optics: a laser at the receiver too, and both polarisations and quadratures of the light carry bits."""

from typing import ClassVar, Self

import numpy as np
from pydantic import model_validator

from lightloom.core.arrays import Number
from lightloom.core.figures import BaudFigure, FrequencyFigure, LengthFigure, LossFigure, PowerDbmFigure, RatioFigure
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.product import LinkProduct, Path, Term
from lightloom.photonics.specimen import SPECIMEN

_POWERS = ("transmit_power", "transmit_power_maximum", "receive_power", "receive_power_maximum")


class Coherent(OpticalProduct):
    """A coherent module on a fibre without amplifiers; its spans with amplifiers are a matter of signal against noise.

    Args:
        baud: Symbol rate.
        transmit_power: Average launched, least, dBm.
        transmit_power_maximum: Average launched, most, dBm.
        receive_power: Average it needs where no amplifier adds noise, dBm.
        receive_power_maximum: Average it takes, dBm.
        required_osnr: Signal against noise it needs, in 12.5 GHz, dB.
        channel_spacing: Of the grid it keeps to, Hz.
        amplified_reach: Longest fibre with amplifiers, m.
        corrected: Bit error ratio its own code corrects; no PAM4 and no KP4, so no margin chain starts from it.
    """

    kind: ClassVar[str] = "coherent"
    light: ClassVar[str] = "coherent"

    baud: BaudFigure
    transmit_power: PowerDbmFigure | None = None
    transmit_power_maximum: PowerDbmFigure | None = None
    receive_power: PowerDbmFigure | None = None
    receive_power_maximum: PowerDbmFigure | None = None
    required_osnr: LossFigure | None = None
    channel_spacing: FrequencyFigure | None = None
    amplified_reach: LengthFigure | None = None
    corrected: RatioFigure | None = None

    @model_validator(mode="after")
    def _powers_are_whole(self) -> Self:
        missing = [name for name in _POWERS if getattr(self, name) is None]
        if 0 < len(missing) < len(_POWERS):
            message = f"{', '.join(missing)} missing: state all of {', '.join(_POWERS)}, or none"
            raise ValueError(message)
        return self

    @property
    def closes_by_allocation(self) -> bool:
        """Whether no powers are public."""
        return self.transmit_power is None

    @property
    def bit_error_threshold(self) -> float | None:
        """None: the chain from margin to errors is that of PAM4."""
        return None

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits without amplifiers, average power, of the worse direction."""
        forth, back = ((end.transmit_power, other.receive_power) for end, other in self._directions(far))
        ways = [(sent.value, needed.value) for sent, needed in (forth, back) if sent and needed]
        if len(ways) < 2:
            return super().terms(far, path)
        sent, needed = min(ways, key=lambda way: way[0] - way[1])
        return (
            Term("transmitter, average power", sent, "least"),
            *self.path_terms(path),
            Term("receiver, average power", -needed, "what it needs without amplifiers"),
        )

    def overload_headroom_db(self, far: LinkProduct, path: Path) -> Number:
        """Decibels by which the strongest signal stays below what the receiver takes, of the worse direction."""
        limits = [(end.transmit_power_maximum, other.receive_power_maximum) for end, other in self._directions(far)]
        least = [taken.value - sent.value for sent, taken in limits if sent and taken]
        return np.inf if len(least) < len(limits) else np.asarray(self.path_loss_db(path)) + min(least)

    def warmth_db(self, far: LinkProduct, path: Path) -> Number:  # noqa: ARG002 # no figure of it says
        """Nought: shot noise of the laser at the receiver outweighs the amplifier's, and does not warm."""
        return 0.0

    def _directions(self, far: LinkProduct) -> tuple[tuple["Coherent", "Coherent"], tuple["Coherent", "Coherent"]]:
        other = far if isinstance(far, Coherent) else self
        return (self, other), (other, self)

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build one whose powers are known and one of which only the loss allowed is."""
        kept = {key: value for key, value in SPECIMEN.items() if key not in _DIRECT}
        module: dict[str, object] = {
            "title": "specimen", "interface": "specimen coherent", "fibres": 2, "baud": "60 GBd", "power": "18 W",
            "specified_reach": "32 km", "channel_loss": "10 dB", "connectors_allocation": "2 dB",
            "fibre_loss": "0.25 dB/km", "fibre_loss_typical": "0.2 dB/km", "price": "3000 USD", "corrected": 0.0125,
        }  # fmt: skip
        powers: dict[str, object] = {
            "name": "powered", "transmit_power": "-10 dBm", "transmit_power_maximum": "-6 dBm",
            "receive_power": "-20 dBm", "receive_power_maximum": "0 dBm", "required_osnr": "26 dB",
        }  # fmt: skip
        return [cls.model_validate(kept | module | each) for each in (powers, {"name": "bare"})]


_DIRECT = (
    "launch", "stressed_sensitivity", "stressed_eye_closure", "reflection_penalty", "oma_maximum", "overload",
    "field_margin", "field_sigma", "field_connectors", "field_length", "field_temperature", "threshold", "codewords",
)  # fmt: skip
"""Figures of directly detected light."""
