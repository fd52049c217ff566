"""Boxes: accelerators behind a switch of their box, and with network cards behind one ideal network."""

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field

from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectTopology, Side
from lightloom.fabric.graph import Graph

Capacity: TypeAlias = Annotated[float, Field(gt=0.0, le=1e30)]


class Boxes(DirectTopology):
    """Two ways out of every accelerator; a box alone has no network.

    Args:
        boxes: How many.
        accelerators: In each.
        scale_up: Capacity of an accelerator to its box, in any unit.
        scale_out: Of its network card, in the same.

    Source: Zhao et al., "ForestColl", arXiv 2402.06787 (the model).
    """

    kind: ClassVar[str] = "boxes"

    topology: Literal["boxes"] = "boxes"
    boxes: Side
    accelerators: Annotated[Side, Field(ge=2)]
    scale_up: Capacity = 1.0
    scale_out: Capacity = 1.0

    def build(self) -> Graph:
        """Join accelerators and switches; see :class:`DirectTopology`."""
        outside = (1,) if self.boxes > 1 else (0,)
        accelerators, inside, network = numbered([(self.boxes, self.accelerators), (self.boxes,), outside])
        joins = {"scale-up": joined(accelerators, inside[:, None])}
        if self.boxes > 1:
            joins["scale-out"] = joined(accelerators, network[None])
        blocks = [accelerators, inside, network]
        moves = [*turns(blocks, {0: 1}), *(turns(blocks, {0: 0, 1: 0}) if self.boxes > 1 else ())]
        return Graph.of(
            {"accelerator": accelerators.size, "box": inside.size, "network": network.size},
            joins,
            capacity={"scale-up": self.scale_up, "scale-out": self.scale_out},
            automorphisms=moves,
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectTopology`; either one accelerator's ways in bind, or those of a box."""
        boxes, count = self.boxes, self.boxes * self.accelerators
        networks = int(boxes > 1)
        known = {
            "terminals": count,
            "switches": boxes + networks,
            "links": count * (1 + networks),
            "switch_links": 0,
            "diameter": 2,
            "mean_hops": 2.0,
            "all_gather": count * (self.scale_up + networks * self.scale_out) / (count - 1),
        }
        if networks:
            known["all_gather"] = min(known["all_gather"], count * self.scale_out / (boxes - 1))
        return known

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a box alone, and boxes with much and little between them."""
        alone = cls(boxes=1, accelerators=4, scale_up=3.0)
        return [alone, *(cls(boxes=3, accelerators=4, scale_up=5.0, scale_out=out) for out in (0.1, 0.5, 4.0))]
