"""A circuit switch: joins fibres without reading what they carry, and costs an outage to change."""

from typing import ClassVar, Literal, TypeAlias, get_args

from lightloom.core.figures import CountFigure, DurationFigure, LossFigure, MoneyFigure, PowerFigure
from lightloom.core.provenance import Figure
from lightloom.devices.product import Product

Regime: TypeAlias = Literal["fixed-fec", "module-init", "operator"]
"""Who brings the link up again: nobody needs to; the module's state machine; a person or slow software."""

REGIMES: tuple[Regime, ...] = get_args(Regime)


class CircuitSwitch(Product):
    """One optical circuit switch.

    Args:
        ports: Fibres that enter and can be joined to as many that leave.
        ports_usable: Ports left after spares and monitoring.
        insertion_loss_typical: One pass, median port, dB.
        insertion_loss_maximum: One pass, guaranteed, dB.
        return_loss: Back to the sender at one port, positive dB; its reflectance is the negative.
        switching_time: Of the optical element alone, s.
        power: Whole box, W, whatever the bit rate.
        price_per_port: USD.
        control_time: From the decision to the moment the element starts to move, s.
        receiver_lock: From light to an error-free electrical lane, with fixed FEC and no auto-negotiation, s.
        bring_up_fixed_fec: After that until traffic flows, when host and module keep their state, s.
        bring_up_module_init: Likewise, when the module re-initialises its data path, s.
        bring_up_operator: Likewise, when slow software or a person clears the fault, s.
    """

    kind: ClassVar[str] = "circuit-switch"

    ports: CountFigure
    ports_usable: CountFigure
    insertion_loss_typical: LossFigure
    insertion_loss_maximum: LossFigure
    return_loss: LossFigure
    switching_time: DurationFigure
    power: PowerFigure
    price_per_port: MoneyFigure
    control_time: DurationFigure
    receiver_lock: DurationFigure
    bring_up_fixed_fec: DurationFigure
    bring_up_module_init: DurationFigure
    bring_up_operator: DurationFigure

    def bring_up(self, regime: Regime) -> Figure:
        """Return the bring-up time of a regime, s."""
        return {
            "fixed-fec": self.bring_up_fixed_fec,
            "module-init": self.bring_up_module_init,
            "operator": self.bring_up_operator,
        }[regime]

    def outage(self, regime: Regime) -> Figure:
        """Return how long a changed circuit carries nothing, s: control + switch + receiver lock + bring-up.

        Source: lightloom design, the outage as a sum of four parts.
        """
        parts = (self.control_time, self.switching_time, self.receiver_lock, self.bring_up(regime))
        return Figure(
            value=sum(part.value for part in parts),
            low=sum(part.low for part in parts),
            high=sum(part.high for part in parts),
            sure="derived",
            source=parts[-1].source,
            how="control + switch + receiver lock + bring-up",
            unit="s",
        )
