"""Retimed copper: a clock and data recovery at each end of the cable, which reaches as far as its maker says."""

from typing import ClassVar, Self

from lightloom.core.figures import LengthFigure
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.product import LinkProduct, Path, Term


class ActiveCopper(ElectricalProduct):
    """An active electrical cable.

    Args:
        specified_reach: Longest cable, m; retimers part the cable from the hosts, so it does not depend on them.
    """

    kind: ClassVar[str] = "active-copper"

    specified_reach: LengthFigure

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:  # noqa: ARG002 # the far end is the same cable
        """Lines of the budget between the two retimers, dB electrical at Nyquist; the hosts' own parts close."""
        bridged = self.specified_reach.value * self.loss_db_per_m
        return (
            Term("retimers", bridged, f"loss of the longest cable sold, {self.specified_reach.value:g} m"),
            self.cable_term(path),
        )

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build one cable of 7 m."""
        figures: dict[str, str | float] = {
            "name": "retimed", "title": "specimen", "boundary": "cable end", "rate": "400 Gb/s", "lanes": 4,
            "power": "4.5 W", "price": "75 USD", "latency": "60 ns", "hard_fit": "100 FIT", "flap_fit": "1000 FIT",
            "group_index": 1.349, "baud": "53.125 GBd", "specified_reach": "7 m",
            "first_frequency": "26.5625 GHz", "first_loss": "6 dB/m",
            "second_frequency": "53.125 GHz", "second_loss": "9.5 dB/m",
            "implementation_allowance": "3 dB", "margin_sigma": "1 dB", "loss_temperature": "20 °C",
            "temperature_low": "0 °C", "temperature_high": "70 °C",
        }  # fmt: skip
        return [cls.model_validate(figures)]
