"""A copper end: what its drivers bridge, and what the pairs between lose at Nyquist."""

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import AttenuationFigure, BaudFigure, FrequencyFigure, LossFigure
from lightloom.photonics import copper
from lightloom.photonics.product import LinkProduct, Medium, Path, Term


class ElectricalProduct(LinkProduct):
    """One end of a copper link.

    Args:
        conductor: Cable, or traces of a board.
        baud: Symbol rate of a lane.
        first_frequency: Where ``first_loss`` holds.
        first_loss: Attenuation of the pair there.
        second_frequency: Where ``second_loss`` holds.
        second_loss: Attenuation of the pair there.
        implementation_allowance: Margin the standard keeps for the worst parts; typical ones have it to spare, dB.
        margin_sigma: Standard deviation of the margin over cables and hosts, dB.
    """

    conductor: Medium = "copper"
    baud: BaudFigure
    first_frequency: FrequencyFigure
    first_loss: AttenuationFigure
    second_frequency: FrequencyFigure
    second_loss: AttenuationFigure
    implementation_allowance: LossFigure
    margin_sigma: LossFigure

    @property
    def medium(self) -> Medium:
        """Cable or board."""
        return self.conductor

    @property
    def fibre_count(self) -> int:
        """None."""
        return 0

    @property
    def reach(self) -> float:
        """Without limit of its own: it follows from loss."""
        return np.inf

    @property
    def loss_db_per_m(self) -> float:
        """Attenuation of the pair at the lane's Nyquist frequency, dB/m."""
        return float(
            copper.loss_per_length_db(
                copper.nyquist_frequency(self.baud.value),
                first=(self.first_frequency.value, self.first_loss.value),
                second=(self.second_frequency.value, self.second_loss.value),
            )
        )

    def joins(self, far: LinkProduct) -> bool:
        """A cable comes with both its ends."""
        return far.kind == self.kind and far.name == self.name

    def field_margin_db(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        """Mean and standard deviation of the margin of parts as they come, dB."""
        margin = sum(np.asarray(term.db) for term in self.terms(far, path)) + self.implementation_allowance.value
        return margin, np.full(np.shape(margin), self.margin_sigma.value)

    def cable_term(self, path: Path) -> Term:
        """Line of the budget for the pair between the ends."""
        per_metre = self.loss_db_per_m
        gigahertz = copper.nyquist_frequency(self.baud.value) / 1e9
        metres = "length" if np.ndim(path.length) else f"{path.length:g} m"
        how = f"{metres} x {per_metre:.3g} dB/m at {gigahertz:.4g} GHz"
        return Term("cable" if self.conductor == "copper" else "board", -path.length * per_metre, how)
