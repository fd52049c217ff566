"""A copper end: what its drivers bridge, and what the pairs between lose at Nyquist."""

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import AttenuationFigure, BaudFigure, FrequencyFigure, LossFigure, TemperatureFigure
from lightloom.photonics import copper, temperature
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
        loss_temperature: Of the copper where both losses hold, °C.
        implementation_allowance: Margin the standard keeps for the worst parts; typical ones have it to spare, dB.
        margin_sigma: Standard deviation of the margin over cables and hosts, dB.
    """

    conductor: Medium = "copper"
    baud: BaudFigure
    first_frequency: FrequencyFigure
    first_loss: AttenuationFigure
    second_frequency: FrequencyFigure
    second_loss: AttenuationFigure
    loss_temperature: TemperatureFigure
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
        first, second = self._points
        return float(copper.loss_per_length_db(copper.nyquist_frequency(self.baud.value), first=first, second=second))

    @property
    def skin_loss_db_per_m(self) -> float:
        """Part of it that the conductors take, dB/m; the dielectric takes the rest."""
        first, second = self._points
        nyquist = copper.nyquist_frequency(self.baud.value)
        return float(copper.skin_loss_per_length_db(nyquist, first=first, second=second))

    @property
    def _points(self) -> tuple[tuple[float, float], tuple[float, float]]:
        first = self.first_frequency.value, self.first_loss.value
        return first, (self.second_frequency.value, self.second_loss.value)

    def joins(self, far: LinkProduct) -> bool:
        """A cable comes with both its ends."""
        return far.kind == self.kind and far.name == self.name

    def field_margin_db(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        """Mean and standard deviation of the margin of parts as they come, dB."""
        guaranteed = sum(np.asarray(term.db) for term in self.terms(far, path))
        margin = guaranteed + self.implementation_allowance.value - self.warmth_db(far, path)
        return margin, np.full(np.shape(margin), self.margin_sigma.value)

    def warmth_db(self, far: LinkProduct, path: Path) -> Number:  # noqa: ARG002 # the far end is the same cable
        """Decibels by which the pair between the ends loses more than at the temperature of its losses.

        Leaves out: copper of hosts and packages, whose loss is one figure with that of their dielectric; amplifiers of
        the cable, which are taken to hold their gain.
        """
        ratio = temperature.conductor_loss_ratio(path.temperature, reference=self.loss_temperature.value)
        return self.skin_loss_db_per_m * np.asarray(path.length) * (ratio - 1.0)

    def cable_term(self, path: Path) -> Term:
        """Line of the budget for the pair between the ends."""
        per_metre = self.loss_db_per_m
        gigahertz = copper.nyquist_frequency(self.baud.value) / 1e9
        metres = "length" if np.ndim(path.length) else f"{path.length:g} m"
        how = f"{metres} x {per_metre:.3g} dB/m at {gigahertz:.4g} GHz"
        return Term("cable" if self.conductor == "copper" else "board", -path.length * per_metre, how)
