"""Coprime rings: directed rings over the same nodes, each with a stride of its own."""

from collections.abc import Iterable, Mapping, Sequence
from math import gcd
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectTopology, Side
from lightloom.fabric.graph import Graph

TIE = 1e-9
"""Differences of distances that count as none: 64 to the 2/4 is 8."""


class CoprimeRings(DirectTopology):
    """Rings i, i + s, i + 2s, …; each passes every node, as its stride has no factor in common with their number.

    Left out, the strides grow as the powers of the d-th root of the nodes, which keeps the diameter low.

    Args:
        nodes: How many.
        rings: How many.
        strides: Of the rings, instead of those chosen.

    Source: Wang et al., "TopoOpt", NSDI 2023 (permutations by Euler's totient), with a choice of our own.
    """

    kind: ClassVar[str] = "coprime-rings"

    topology: Literal["coprime-rings"] = "coprime-rings"
    nodes: Annotated[Count, Field(ge=2)]
    rings: Annotated[Count, Field(ge=1)] = 1
    strides: tuple[Side, ...] = ()

    def chosen(self) -> tuple[int, ...]:
        """Return the strides in the order chosen."""
        if self.strides:
            return self.strides
        return chosen_strides(self.nodes, self.rings)

    def build(self) -> Graph:
        """Join the nodes; see :class:`DirectTopology`."""
        nodes = np.arange(self.nodes)
        rings = {
            f"stride-{stride}": np.stack([nodes, (nodes + stride) % self.nodes], axis=1) for stride in self.chosen()
        }
        return Graph.of({"node": self.nodes}, rings, directed=True, automorphisms=[(nodes + 1) % self.nodes])

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectTopology`; links one way."""
        rings = len(self.strides) or self.rings
        return {
            "terminals": self.nodes,
            "switches": 0,
            "links": self.nodes * rings,
            "all_gather": self.nodes * rings / (self.nodes - 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse strides with a common factor or twice the same, and more rings than there are."""
        shared = [stride for stride in self.strides if gcd(stride, self.nodes) > 1]
        if shared:
            usual = coprime(self.nodes)[:6].tolist()
            message = f"a ring of stride {shared[0]} does not pass all {self.nodes} nodes"
            yield Fault("strides", message, f"write strides such as {', '.join(map(str, usual))}")
        if len({stride % self.nodes for stride in self.strides}) < len(self.strides):
            yield Fault("strides", "two rings of one stride are one ring", "write each stride once")
        most = len(coprime(self.nodes))
        if self.rings > most:
            yield Fault("rings", f"{self.nodes} nodes have {most} rings, not {self.rings}", f"write {most} at most")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build one ring, several, and strides of one's own."""
        own = cls(nodes=10, strides=(3, 7))
        return [*(cls(nodes=nodes, rings=rings) for nodes, rings in ((2, 1), (7, 1), (12, 2), (16, 3), (9, 6))), own]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a stride with a common factor, one twice, and too many rings."""
        return [cls(nodes=8, strides=(2,)), cls(nodes=8, strides=(3, 3)), cls(nodes=8, rings=5)]


def coprime(nodes: int) -> Integers:
    """Return the strides of all directed rings: those below the number of nodes without a factor in common with it.

    >>> coprime(12).tolist()
    [1, 5, 7, 11]
    """
    strides = np.arange(1, max(nodes, 2), dtype=np.int64)
    return strides[np.gcd(strides, nodes) == 1]


def chosen_strides(nodes: int, rings: int) -> tuple[int, ...]:
    """Return strides close to 1, n^(1/d), n^(2/d), …; the smaller of two equally close.

    >>> chosen_strides(64, 4)
    (1, 3, 7, 23)
    """
    strides = coprime(nodes)
    free = strides > 1
    chosen = [1]
    for step in range(1, rings):
        off = np.where(free, np.abs(strides - nodes ** (step / rings)), np.inf)
        place = int(np.flatnonzero(off <= off.min() + TIE)[0])
        free[place] = False
        chosen.append(int(strides[place]))
    return tuple(chosen)
