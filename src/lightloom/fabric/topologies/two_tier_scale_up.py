"""Two-tier scale-up: planes of a switch in every node, under switches that reach all nodes; CloudMatrix384."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph


class TwoTierScaleUp(DirectNetwork):
    """Parallel planes, each with one switch in every node and switches above that have a port for every node.

    Args:
        nodes: How many; 48 in a CloudMatrix384.
        accelerators: In a node; 8.
        planes: How many; 7.
        ports: Of an accelerator in each plane; 2, of 28 GB/s each.
        top_switches: In a plane; 16.

    Leaves out: the processors (CPUs) that share the planes.
    Source: Zuo et al., "Serving large language models on Huawei CloudMatrix384", arXiv 2506.12708.
    """

    kind: ClassVar[str] = "two-tier-scale-up"

    topology: Literal["two-tier-scale-up"] = "two-tier-scale-up"
    nodes: Annotated[Count, Field(ge=2)] = 48
    accelerators: Side = 8
    planes: Side = 7
    ports: Side = 2
    top_switches: Side = 16

    def build(self) -> Graph:
        """Join accelerators and switches; see :class:`DirectNetwork`."""
        shapes = [(self.nodes, self.accelerators), (self.planes, self.nodes), (self.planes, self.top_switches)]
        accelerators, lower, upper = blocks = numbered(shapes)
        up = joined(accelerators[None], lower[:, :, None])
        axes = ({0: 0, 1: 1}, {0: 1}, {1: 0, 2: 0}, {2: 1})
        return Graph.of(
            {"accelerator": accelerators.size, "lower": lower.size, "upper": upper.size},
            {"host": up, "trunk": joined(lower[:, :, None], upper[:, None, :])},
            capacity={"host": float(self.ports)},
            automorphisms=[
                each
                for axis in axes
                if blocks[next(iter(axis))].shape[next(iter(axis.values()))] > 1
                for each in turns(blocks, axis)
            ],
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; either the accelerators' links bind or those of a node to the upper switches."""
        count, others = self.nodes * self.accelerators, self.nodes - 1
        own, up = self.planes * self.ports, self.planes * self.top_switches
        return {
            "terminals": count,
            "switches": self.planes * (self.nodes + self.top_switches),
            "links": self.planes * (count + self.nodes * self.top_switches),
            "switch_links": self.planes * self.nodes * self.top_switches,
            "diameter": 4,
            "mean_hops": (2 * (self.accelerators - 1) + 4 * (count - self.accelerators)) / (count - 1),
            "all_to_all": max((count - 1) / own, self.accelerators**2 * others / up),
            "all_gather": min(count * own / (count - 1), self.nodes * up / others),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse upper switches that pass on less than the accelerators of a node send."""
        below = self.accelerators * self.ports
        if self.top_switches < below:
            message = f"{self.top_switches} upper switches of a plane take less than the {below} links of a node's side"
            yield Fault("top_switches", message, f"the nearest is {below}")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build small ones."""
        return [cls(nodes=3, accelerators=2, planes=2, top_switches=4), cls(nodes=4, planes=1, ports=1, top_switches=9)]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return too few upper switches."""
        return [cls(top_switches=8)]
