"""Pluggable direct-detection optics: intensity-modulated lanes, retimed in the module or driven by the host."""

from typing import ClassVar, Literal, Self

from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.product import Electronics
from lightloom.photonics.specimen import SPECIMEN


class DirectDetection(OpticalProduct):
    """A pluggable module.

    Args:
        retimed: A DSP in the module recovers clock and data; without one the host equalises the whole channel;
            ``transmitter``: on the way out only (LRO), so that what arrives is the host's to equalise.
    """

    kind: ClassVar[str] = "direct-detection"

    retimed: bool | Literal["transmitter"]

    @property
    def electronics(self) -> Electronics:
        """Every lane its parts; a DSP where it is retimed, half of one where only on the way out."""
        retimers = {True: 1.0, False: 0.0, "transmitter": 0.5}[self.retimed]
        return Electronics(lanes=self.lanes.value, lasers=self.lanes.value, retimers=retimers)

    @property
    def receiver(self) -> str:
        """By whether its receiver has a DSP."""
        return "retimed" if self.retimed is True else "linear"

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build a retimed module, a linear one that joins it, and one of longer reach that does not."""
        common = SPECIMEN | {"title": "specimen"}
        linear: dict[str, object] = {"name": "linear", "retimed": False, "power": "4 W", "field_sigma": "0.17 dB"}
        longer: dict[str, object] = {
            "name": "longer", "retimed": True, "interface": "longer", "fibres": 2, "specified_reach": "2 km",
            "launch": "-1.7 dBm", "stressed_sensitivity": "-2.6 dBm", "reflection_penalty": "0.3 dB",
            "oma_maximum": "3.7 dBm", "overload": "3.7 dBm", "channel_loss": "4 dB", "connectors_allocation": "3 dB",
        }  # fmt: skip
        return [cls.model_validate(common | each) for each in ({"name": "retimed", "retimed": True}, linear, longer)]
