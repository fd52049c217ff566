"""Co-packaged optics: the engine sits beside the switch or accelerator chip, the laser in a module of its own."""

from typing import ClassVar, Self

from lightloom.core.figures import CountFigure
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.product import Electronics, Sits
from lightloom.photonics.specimen import SPECIMEN

LANES_PER_LASER = 4.0
"""A quarter of the lasers of pluggables: two for the eight lanes of 1.6 Tb/s (NVIDIA, co-packaged switches of 2025)."""


class CoPackaged(OpticalProduct):
    """One port of a co-packaged engine, with its share of the external laser.

    Args:
        ports_per_laser: Ports that go dark with one laser module.
        ports_per_engine: Ports that go down with one engine.
    """

    kind: ClassVar[str] = "co-packaged"

    ports_per_laser: CountFigure
    ports_per_engine: CountFigure

    @property
    def sits(self) -> Sits:
        """Built in."""
        return "chip"

    @property
    def electronics(self) -> Electronics:
        """No DSP; one continuous laser of the module outside feeds :data:`LANES_PER_LASER` lanes."""
        return Electronics(
            lanes=self.lanes.value,
            lasers=self.lanes.value / LANES_PER_LASER,
            ports_per_laser=self.ports_per_laser.value,
            ports_per_engine=self.ports_per_engine.value,
            fixed=True,
        )

    @property
    def receiver(self) -> str:
        """Without a DSP."""
        return "linear"

    @property
    def shared_fate(self) -> str:
        """How many ports one laser module and one engine take with them."""
        laser, engine = self.ports_per_laser.value, self.ports_per_engine.value
        return f"one laser module feeds {laser:g} ports, one engine {engine:g}: they fail together"

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build one port of an engine."""
        engine = {
            "name": "engine",
            "title": "specimen",
            "ports_per_laser": 8,
            "ports_per_engine": 16,
            "power": "2.75 W",
        }
        return [cls.model_validate(SPECIMEN | engine)]
