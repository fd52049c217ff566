"""Single stage: every accelerator has a link to every switch; NVL72 is 72 accelerators and 18 switches."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectTopology, Side
from lightloom.fabric.graph import Graph


class SingleStage(DirectTopology):
    """A switched scale-up domain.

    Args:
        accelerators: How many; 72 in an NVL72.
        switches: How many, and so links of each accelerator; 18 in an NVL72.
        switch_ports: Ports of a switch; as many as accelerators if left out.

    Source: NVIDIA, "GB200 NVL72": 18 switch chips of 72 ports, one from each to every accelerator.
    """

    kind: ClassVar[str] = "single-stage"

    topology: Literal["single-stage"] = "single-stage"
    accelerators: Annotated[Count, Field(ge=2)] = 72
    switches: Side = 18
    switch_ports: Side | None = None

    def build(self) -> Graph:
        """Join accelerators and switches; see :class:`DirectTopology`."""
        accelerators, switches = blocks = numbered([(self.accelerators,), (self.switches,)])
        moves = [each for axes in ({0: 0}, {1: 0}) for each in turns(blocks, axes)]
        return Graph.of(
            {"accelerator": accelerators.size, "switch": switches.size},
            {"host": joined(accelerators[:, None], switches[None])},
            automorphisms=moves,
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectTopology`; the accelerators' links bind."""
        count = self.accelerators
        return {
            "terminals": count,
            "switches": self.switches,
            "links": count * self.switches,
            "switch_links": 0,
            "diameter": 2,
            "mean_hops": 2.0,
            "bisection": count // 2 * self.switches,
            "all_to_all": (count - 1) / self.switches,
            "all_gather": count * self.switches / (count - 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse switches with too few ports."""
        if self.switch_ports is not None and self.switch_ports < self.accelerators:
            message = f"a switch of {self.switch_ports} ports does not reach {self.accelerators} accelerators"
            yield Fault("accelerators", message, f"the nearest is {self.switch_ports}")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build small domains and an NVL72."""
        return [
            cls(accelerators=2, switches=1),
            cls(accelerators=7, switches=3),
            cls(accelerators=8, switches=4),
            cls(),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return switches with too few ports."""
        return [cls(switch_ports=64)]
