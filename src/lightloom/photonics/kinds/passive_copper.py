"""Passive copper: conductors only; the drivers of the two hosts bridge all that is lost."""

from collections.abc import Sequence
from typing import ClassVar, Self

from lightloom.core.figures import LossFigure
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.product import LinkProduct, Path, Term


class PassiveCopper(ElectricalProduct):
    """A direct-attach cable, or the traces of a board.

    Args:
        channel_budget: Insertion loss the hosts bridge, die to die, at Nyquist, dB.
        hosts_loss: Packages, host boards and connectors of both ends together, dB.
    """

    kind: ClassVar[str] = "passive-copper"

    channel_budget: LossFigure
    hosts_loss: LossFigure

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:  # noqa: ARG002 # the far end is the same cable
        """Lines of the electrical budget at Nyquist, dB electrical.

        Leaves out: crosstalk and reflections, which the channel operating margin (COM) of the standard weighs in.
        """
        return (
            Term("drivers and equalisers", self.channel_budget.value, "loss bridged die to die at Nyquist"),
            Term("packages, hosts, connectors", -self.hosts_loss.value, "both ends together"),
            self.cable_term(path),
        )

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a cable at 53.125 GBd and the same at 106.25 GBd."""
        figures: dict[str, str | float] = {
            "title": "specimen", "boundary": "cable only", "lanes": 4, "power": "0.1 W", "price": "40 USD",
            "latency": "0 s", "hard_fit": "10 FIT", "flap_fit": "500 FIT", "group_index": 1.349,
            "first_frequency": "26.5625 GHz", "first_loss": "6 dB/m",
            "second_frequency": "53.125 GHz", "second_loss": "9.5 dB/m",
            "implementation_allowance": "3 dB", "margin_sigma": "1 dB", "loss_temperature": "20 °C",
            "temperature_low": "0 °C", "temperature_high": "70 °C",
        }  # fmt: skip
        slow: dict[str, str | float] = {
            "name": "slow", "rate": "400 Gb/s", "baud": "53.125 GBd", "channel_budget": "28 dB", "hosts_loss": "16 dB"
        }  # fmt: skip
        fast: dict[str, str | float] = {
            "name": "fast", "rate": "800 Gb/s", "baud": "106.25 GBd", "channel_budget": "40 dB", "hosts_loss": "30.5 dB"
        }  # fmt: skip
        return [cls.model_validate(figures | each) for each in (slow, fast)]
