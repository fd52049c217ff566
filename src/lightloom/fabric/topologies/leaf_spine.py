"""Leaf-spine: every leaf joined to every spine; of one spine, a tree with trunks of any capacity."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectTopology, Side
from lightloom.fabric.graph import Graph


class LeafSpine(DirectTopology):
    """Leaves of equally many hosts under spines.

    Args:
        leaves: How many.
        hosts: Under each.
        spines: How many; as many as a leaf has hosts (non-blocking) if left out.
        trunk: Capacity between a leaf and a spine, where that of a host's link is 1.
    """

    kind: ClassVar[str] = "leaf-spine"

    topology: Literal["leaf-spine"] = "leaf-spine"
    leaves: Side
    hosts: Side
    spines: Side | None = None
    trunk: Annotated[float, Field(gt=0.0, le=1e30)] = 1.0

    @classmethod
    def of_radix(cls, radix: int) -> Self:
        """Return the largest non-blocking one of equal switches: half of a leaf's ports go down, half up.

        Raises:
            StudyError: The number of ports is odd.
        """
        if radix < 2 or radix % 2:
            near = f"the nearest are {radix - 1} and {radix + 1}" if radix > 1 else "the nearest is 2"
            raise StudyError(Fault("radix", f"half the ports of a switch go up, and {radix} is odd", near))
        return cls(leaves=radix, hosts=radix // 2)

    @property
    def uplink(self) -> float:
        """Capacity from a leaf to all spines."""
        return (self.spines or self.hosts) * self.trunk

    def build(self) -> Graph:
        """Join hosts and switches; see :class:`DirectTopology`."""
        shapes = [(self.leaves, self.hosts), (self.leaves,), (self.spines or self.hosts,)]
        hosts, leaves, spines = blocks = numbered(shapes)
        moves = [each for axes in ({0: 0, 1: 0}, {0: 1}, {2: 0}) for each in turns(blocks, axes)]
        return Graph.of(
            {"host": hosts.size, "leaf": leaves.size, "spine": spines.size},
            {"host": joined(hosts, leaves[:, None]), "spine": joined(leaves[:, None], spines[None])},
            capacity={"spine": self.trunk},
            automorphisms=moves,
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectTopology`; either the hosts' links bind or those of a leaf to the spines."""
        leaves, under, spines = self.leaves, self.hosts, self.spines or self.hosts
        hosts, others = leaves * under, leaves - 1
        known = {
            "terminals": hosts,
            "switches": leaves + spines,
            "links": hosts + leaves * spines,
            "switch_links": leaves * spines,
            "diameter": 4 if others else 2,
            "mean_hops": (2 * (under - 1) + 4 * (hosts - under)) / (hosts - 1),
            "all_to_all": max(hosts - 1, under**2 * others / self.uplink),
            "all_gather": hosts / (hosts - 1),
        }
        if others:
            known["all_gather"] = min(known["all_gather"], leaves * self.uplink / others)
        return known

    def refusals(self) -> Iterable[Fault]:
        """Refuse a single host."""
        if self.leaves * self.hosts < 2:
            yield Fault("hosts", "one leaf of one host joins nothing", "write at least two hosts in all")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build non-blocking and tapered ones, and trunks into one spine."""
        one = [cls(leaves=4, hosts=4, spines=1, trunk=trunk) for trunk in (0.5, 1.0, 3.0, 8.0)]
        return [cls(leaves=4, hosts=2), cls(leaves=3, hosts=4, spines=2), cls(leaves=1, hosts=3, spines=1), *one]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a single host."""
        return [cls(leaves=1, hosts=1)]
