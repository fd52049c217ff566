"""A class of receiver: how long it needs after its light has changed, under each setting of the link's ends."""

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias, get_args

from lightloom.core.figures import DurationFigure
from lightloom.core.product import Product
from lightloom.core.provenance import Figure

Regime: TypeAlias = Literal["fixed-fec", "module-init", "operator"]
"""Who brings the link up again: nobody needs to; the module's state machine; a person or slow software."""

REGIMES: tuple[Regime, ...] = get_args(Regime)


class Receiver(Product):
    """Receivers of one class, with the host behind them.

    Args:
        receiver_lock: From light to an error-free lane, with fixed FEC and no auto-negotiation, s.
        bring_up_fixed_fec: After that until traffic flows, when host and module keep their state, s.
        bring_up_module_init: Likewise, when the module re-initialises its data path, s; left out where none does.
        bring_up_operator: Likewise, when slow software or a person clears the fault, s; likewise.
    """

    kind: ClassVar[str] = "receiver"

    receiver_lock: DurationFigure
    bring_up_fixed_fec: DurationFigure
    bring_up_module_init: DurationFigure | None = None
    bring_up_operator: DurationFigure | None = None

    @property
    def bring_up(self) -> Mapping[Regime, Figure]:
        """Bring-up time, s, of every regime that is known."""
        known: dict[Regime, Figure | None] = {
            "fixed-fec": self.bring_up_fixed_fec,
            "module-init": self.bring_up_module_init,
            "operator": self.bring_up_operator,
        }
        return {regime: figure for regime, figure in known.items() if figure is not None}
