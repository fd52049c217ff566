"""Both ways on one fibre: circulators part the directions, and one's own reflected light disturbs the other's."""

from typing import ClassVar, Self

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import LossFigure
from lightloom.photonics.errors import q_factor
from lightloom.photonics.interference import gaussian_penalty_db, near_end_interferer_db
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.product import LinkProduct, Path, Term
from lightloom.photonics.specimen import SPECIMEN

THRESHOLD = 2.4e-4
"""Bit error ratio of KP4, for the eye that reflections disturb, where a product does not state its own."""

POLARISATION = 0.5
"""Share of the reflected light in the signal's polarisation, on average."""

SHUT_DB = 45.0
"""In place of an infinite penalty, where reflections shut the eye: more than any budget has to spare."""


class Bidirectional(OpticalProduct):
    """A module with a circulator, so that a fibre and a port of a circuit switch serve both directions.

    Args:
        channel_loss: Insertion loss allowed, both circulators in it, dB.
        circulator_loss: One pass, dB; a link makes one at each end.
        connector_return_loss: One optical connector, positive dB.
        extinction_ratio: Of the transmitter, dB.
        field_margin: As seen through circulators, where anybody has.
    """

    kind: ClassVar[str] = "bidirectional"
    light: ClassVar[str] = "intensity, both ways"

    circulator_loss: LossFigure
    connector_return_loss: LossFigure
    extinction_ratio: LossFigure

    @property
    def plant_loss_db(self) -> float:
        """What two circulators leave of the insertion loss allowed, dB."""
        return self.channel_loss.value - 2.0 * self.circulator_loss.value

    def reflection_db(self, path: Path) -> Number:
        """Penalty of the near transmitter's reflected light, dB.

        Connectors are taken to lie right behind the circulator, which is the worst place, circuit switches midway, and
        transmitters to be equal. A circuit switch whose return loss is not known adds nothing.

        Leaves out: reflections of the far signal among connectors, which the allocation of the standard holds.
        """
        connectors = np.nan_to_num(np.asarray(path.connectors, dtype=np.float64), nan=2.0)
        each = 10.0 ** (-self.connector_return_loss.value / 10.0)
        plant = np.asarray(self.glass_loss_db(path)) + self.connectors_loss_db(path)
        midway = 10.0 ** (-plant / 10.0)  # half of the plant, passed twice
        reflectance = connectors * each + np.asarray(path.switches_reflectance) * midway
        back = near_end_interferer_db(
            return_loss_db=-10.0 * np.log10(np.maximum(reflectance, 1e-12)),
            loss_to_reflection_db=0.0,
            link_loss_db=self.path_loss_db(path),
            power_difference_db=0.0,
        )
        penalty = gaussian_penalty_db(
            back,
            extinction_ratio_db=self.extinction_ratio.value,
            q=q_factor(THRESHOLD if self.threshold is None else self.threshold.value),
            polarisation=POLARISATION,
        )
        return np.minimum(penalty, SHUT_DB)

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits, of the worse direction."""
        other = far if isinstance(far, Bidirectional) else self
        lost = self.circulator_loss.value + other.circulator_loss.value
        back = np.maximum(np.asarray(self.reflection_db(path)), other.reflection_db(path))
        midway = ", circuit switches midway" if np.any(np.asarray(path.switches_reflectance) > 0.0) else ""
        return (
            *super().terms(far, path),
            Term("circulators", -lost, "one pass at each end"),
            Term("own light reflected", -back, f"connectors as near as can be{midway}"),
        )

    def overload_headroom_db(self, far: LinkProduct, path: Path) -> Number:
        """Decibels below overload, after both circulators."""
        other = far if isinstance(far, Bidirectional) else self
        lost = self.circulator_loss.value + other.circulator_loss.value
        return super().overload_headroom_db(far, path) + lost

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build one with levels that a circuit switch fits in, and one without levels."""
        circulators: dict[str, object] = {
            "title": "specimen", "fibres": 1, "circulator_loss": "0.8 dB", "connector_return_loss": "55 dB",
            "extinction_ratio": "4.5 dB", "launch": "2.4 dBm", "oma_maximum": "6 dBm", "overload": "6 dBm",
            "channel_loss": "6 dB", "connectors_allocation": "4 dB",
        }  # fmt: skip
        levels = (
            "launch", "stressed_sensitivity", "stressed_eye_closure", "reflection_penalty", "oma_maximum", "overload"
        )  # fmt: skip
        seen = {key: value for key, value in SPECIMEN.items() if not key.startswith("field_")}
        levelled = seen | circulators | {"name": "levelled"}
        bare = {key: value for key, value in levelled.items() if key not in levels} | {"name": "bare"}
        return [cls.model_validate(each) for each in (levelled, bare)]
