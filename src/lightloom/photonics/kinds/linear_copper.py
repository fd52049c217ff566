"""Linear active copper: an amplifier in each cable end bridges some loss, and regenerates nothing."""

from collections.abc import Sequence
from typing import ClassVar, Self

from lightloom.core.figures import LengthFigure, LossFigure
from lightloom.photonics.kinds.passive_copper import PassiveCopper
from lightloom.photonics.product import LinkProduct, Path, Term


class LinearCopper(PassiveCopper):
    """An active copper cable (ACC): the hosts equalise the whole channel, the cable's redrivers help.

    Args:
        gain: Loss the redrivers of both ends bridge at Nyquist, dB.
        specified_reach: Longest cable sold, m: noise that the redrivers amplify ends it before loss does.
    """

    kind: ClassVar[str] = "linear-copper"

    gain: LossFigure
    specified_reach: LengthFigure

    @property
    def reach(self) -> float:
        """As it is sold."""
        return self.specified_reach.value

    def terms(self, far: LinkProduct, path: Path) -> tuple[Term, ...]:
        """Lines of the electrical budget at Nyquist, dB electrical.

        Leaves out: noise of the redrivers, which ``specified_reach`` stands for.
        """
        drivers, *others = super().terms(far, path)
        return (drivers, Term("redrivers of the cable", self.gain.value, "both ends together"), *others)

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build the passive specimens with redrivers that double their reach."""
        longer: dict[str, str] = {"specified_reach": "4 m", "gain": "12 dB", "power": "1.5 W", "price": "120 USD"}
        return [cls.model_validate(dict(bare) | longer) for bare in PassiveCopper.specimens()]
