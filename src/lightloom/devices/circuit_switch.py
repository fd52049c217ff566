"""A circuit switch: joins fibres without reading what they carry, and costs an outage to change.

How long receivers and hosts take after it is theirs to say: :class:`lightloom.devices.receiver.Receiver`.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, cast

from pydantic import model_validator

from lightloom.core.figures import CountFigure, DurationFigure, LossFigure, MoneyFigure, PowerFigure
from lightloom.core.product import Product
from lightloom.core.provenance import Figure


class CircuitSwitch(Product):
    """One optical circuit switch.

    Args:
        ports: Fibres that enter and can be joined to as many that leave.
        ports_usable: Ports left after spares and monitoring.
        insertion_loss_typical: One pass, median port, dB; left out, the guaranteed one stands in for it.
        insertion_loss_maximum: One pass, guaranteed, dB.
        return_loss: Back to the sender at one port, positive dB; its reflectance is the negative. None if not known.
        switching_time: Of the optical element alone, s.
        power: Whole box, W, whatever the bit rate.
        price_per_port: USD.
        control_time: From the decision to the moment the element starts to move, s.
    """

    kind: ClassVar[str] = "circuit-switch"

    ports: CountFigure
    ports_usable: CountFigure
    insertion_loss_typical: LossFigure
    insertion_loss_maximum: LossFigure
    return_loss: LossFigure | None = None
    switching_time: DurationFigure
    power: PowerFigure
    price_per_port: MoneyFigure
    control_time: DurationFigure

    @model_validator(mode="before")
    @classmethod
    def _guaranteed_loss_stands_in(cls, given: object) -> object:
        if not isinstance(given, Mapping) or "insertion_loss_typical" in given:
            return cast("object", given)
        entries = cast("Mapping[str, object]", given)
        return {**entries, "insertion_loss_typical": _stand_in(entries.get("insertion_loss_maximum"))}

    @property
    def return_loss_db(self) -> float:
        """Back to the sender, dB; infinite where it is not known, so that nothing is judged by it."""
        return math.inf if self.return_loss is None else self.return_loss.value


def _stand_in(guaranteed: object) -> object:
    how = "no typical loss is printed: the guaranteed one is taken"
    if isinstance(guaranteed, Mapping):
        return {**cast("Mapping[str, object]", guaranteed), "sure": "derived", "how": how}
    return replace(guaranteed, sure="derived", how=how) if isinstance(guaranteed, Figure) else guaranteed
