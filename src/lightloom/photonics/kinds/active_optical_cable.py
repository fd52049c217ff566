"""Active optical cable: modules and fibre sold as one piece, which nothing can come between."""

from typing import ClassVar, Self

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.figures import AttenuationFigure, LengthFigure, LossFigure
from lightloom.photonics.product import LinkProduct, Medium, Path, Term


class ActiveOpticalCable(LinkProduct):
    """A cable with optical ends that cannot be taken off.

    Its maker answers for the light inside and prints no level of it: it closes as far as it is sold.

    Args:
        specified_reach: Longest cable sold, m.
        fibre_loss: Of the fibre inside, guaranteed.
        channel_loss: Insertion loss its engines bridge; left out where only the reach is known.
    """

    kind: ClassVar[str] = "active-optical-cable"

    specified_reach: LengthFigure
    fibre_loss: AttenuationFigure
    channel_loss: LossFigure | None = None

    @property
    def medium(self) -> Medium:
        """Fibre."""
        return "fibre"

    @property
    def carrier(self) -> str:
        """One piece."""
        return "a cable with its ends fixed"

    @property
    def fibre_count(self) -> int:
        """None to lay: they come inside the cable."""
        return 0

    @property
    def passes_circuits(self) -> bool:
        """Nothing can come between the ends."""
        return False

    @property
    def reach(self) -> float:
        """As it is sold."""
        return self.specified_reach.value

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Its levels; what else is missing follows."""
        told = "the light inside is its maker's affair: it closes as far as it is sold"
        return (told, "no field data: its ends are taken at guaranteed limits")

    def joins(self, far: LinkProduct) -> bool:
        """A cable comes with both its ends."""
        return far.kind == self.kind and far.name == self.name

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:  # noqa: ARG002 # the far end is the same cable
        """Lines of the budget inside the cable; connectors of the plan are not in it."""
        per_metre = self.fibre_loss.value
        metres = "length" if np.ndim(path.length) else f"{path.length:g} m"
        if self.channel_loss is None:
            bridged, how = self.reach * per_metre, f"fibre of the longest cable sold, {self.reach:g} m"
        else:
            bridged, how = self.channel_loss.value, "what engines of its class bridge"
        return (
            Term("engines of the cable", bridged, how),
            Term("fibre", -path.length * per_metre, f"{metres} x {per_metre * 1e3:g} dB/km"),
        )

    def field_margin_db(self, far: LinkProduct, path: Path) -> tuple[Number, Number]:
        """Margin at guaranteed limits, without spread: nobody has published how such cables come."""
        margin = sum(np.asarray(term.db) for term in self.terms(far, path))
        return margin, np.zeros(np.shape(margin))

    @classmethod
    def specimens(cls) -> list[Self]:
        """Build one whose engines are known and one of which only the reach is."""
        figures: dict[str, str | float] = {
            "title": "specimen", "boundary": "cable end", "rate": "400 Gb/s", "lanes": 4,
            "power": "5 W", "price": "225 USD", "latency": "100 ns", "hard_fit": "600 FIT", "flap_fit": "16300 FIT",
            "group_index": 1.48, "medium_price_per_length": "3 USD/m",
            "specified_reach": "30 m", "fibre_loss": "3 dB/km", "temperature_low": "0 °C", "temperature_high": "70 °C",
        }  # fmt: skip
        return [
            cls.model_validate(figures | {"name": "known", "channel_loss": "1.8 dB"}),
            cls.model_validate(figures | {"name": "sold"}),
        ]
