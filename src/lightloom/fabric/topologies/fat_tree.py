"""Fat tree: k pods of edge and aggregation switches of k ports, under core switches that reach every pod."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.graph import Graph


class FatTree(DirectTopology):
    """The three-level tree of equal switches, every port used; non-blocking.

    Args:
        radix: Ports of a switch: k.

    Source: Al-Fares et al., "A scalable, commodity data center network architecture", SIGCOMM 2008.
    """

    kind: ClassVar[str] = "fat-tree"

    topology: Literal["fat-tree"] = "fat-tree"
    radix: Annotated[Count, Field(ge=1)]

    def build(self) -> Graph:
        """Join hosts and switches; see :class:`DirectTopology`."""
        k, half = self.radix, self.radix // 2
        hosts, edges, aggregations, cores = blocks = numbered([(k, half, half), (k, half), (k, half), (half, half)])
        return Graph.of(
            {"host": hosts.size, "edge": edges.size, "aggregation": aggregations.size, "core": cores.size},
            {
                "host": joined(hosts, edges[:, :, None]),
                "pod": joined(edges[:, :, None], aggregations[:, None, :]),
                "core": joined(aggregations[:, :, None], cores[None]),
            },
            automorphisms=[*_moves(blocks)],
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectTopology`; distances count the links of hosts."""
        k, half = self.radix, self.radix // 2
        hosts = k * half**2
        hops = 2 * (half - 1) + 4 * (half**2 - half) + 6 * (hosts - half**2)
        return {
            "terminals": hosts,
            "switches": 5 * half**2,
            "links": 3 * hosts,
            "switch_links": 2 * hosts,
            "diameter": 6,
            "mean_hops": hops / (hosts - 1),
            "bisection": hosts // 2,
            "all_to_all": hosts - 1,
            "all_gather": hosts / (hosts - 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse odd radices."""
        if self.radix % 2:
            near = f"the nearest are {self.radix - 1} and {self.radix + 1}" if self.radix > 1 else "the nearest is 2"
            yield Fault("radix", f"half the ports of a switch go up, and {self.radix} is odd", near)

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build the smallest trees."""
        return [cls(radix=radix) for radix in (2, 4, 6)]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return odd radices."""
        return [cls(radix=1), cls(radix=5)]


def _moves(blocks: Sequence[Integers]) -> Iterator[Integers]:
    """Yield what reorders pods, edges, hosts, aggregation switches with their cores, and cores of one."""
    for axes in ({0: 0, 1: 0, 2: 0}, {0: 1, 1: 1}, {0: 2}, {2: 1, 3: 0}, {3: 1}):
        yield from turns(blocks, axes)
