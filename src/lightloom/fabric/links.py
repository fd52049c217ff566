"""Which link products a level may use: the ``links`` and ``link_policy`` entries of a study."""

from typing import Annotated, Literal

from pydantic import Field

from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Loss, Temperature

AUTO = "auto"
"""In place of a product: the cheapest one allowed that closes."""


ProductWord = Annotated[str, Reference("links", apart=(AUTO,), without_rate=True)]


class LinkEnds(Spec):
    """Products at the two ends of a level's links.

    Args:
        a: Lower end: a catalog name, the same without its rate (``dac`` at 400 Gb/s is ``400g-dac``, at 1.6 Tb/s
            ``1.6t-dac``), or ``auto``.
        b: Upper end, likewise.
    """

    a: ProductWord = AUTO
    b: ProductWord = AUTO


Ends = Annotated[LinkEnds, Principal("a", also=("b",))]


class Links(Spec):
    """Link products per level, named by its lower end; a scalar sets both ends.

    Args:
        host: Network card to leaf.
        leaf: Leaf to the switch above.
        aggregation: Pod to core, or pod to pod through circuit switches.
    """

    host: Ends = LinkEnds()
    leaf: Ends = LinkEnds()
    aggregation: Ends = LinkEnds()

    def at(self, level: str) -> LinkEnds:
        """Return the ends of a level by name; levels without an entry of their own are ``auto``."""
        ends = getattr(self, level, None)
        return ends if isinstance(ends, LinkEnds) else LinkEnds()


class LinkPolicySpec(Spec):
    """How products are chosen.

    Args:
        allow: What ``auto`` chooses among, cheapest that closes; left out: every link product of the rate.
        mode: ``spec_min`` (guaranteed limits) or ``distribution`` (parts as they come).
        margin: Margin a link must keep, dB.
        connectors: Optical connectors in a cable between racks: module, panel, panel, module.
        connectors_in_rack: Optical connectors in a cable within a rack, or in either leg to a circuit switch.
        temperature: Of modules' cases and of copper, °C; left out: that at which each figure was taken.
    """

    allow: tuple[Annotated[str, Reference("links", without_rate=True)], ...] = ()
    mode: Literal["spec_min", "distribution"] = "spec_min"
    margin: Annotated[Loss, Field(ge=0, le=50)] = 0.0
    connectors: Annotated[int, Field(ge=0, le=100)] = 4
    connectors_in_rack: Annotated[int, Field(ge=0, le=100)] = 2
    temperature: Temperature | None = None
