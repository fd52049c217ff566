"""Xpander: copies of a full mesh whose links are matched at random across the copies."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.random import stream
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph, pairs
from lightloom.fabric.regular import reached


class Xpander(DirectNetwork):
    """A lift of the complete graph of d + 1 vertices: one switch of each copy, each link a matching of the copies.

    Args:
        degree: Links of a switch: d.
        lift: Copies.
        seed: Of the matchings.

    Source: Valadarsky et al., "Xpander: towards optimal-performance datacenters", CoNEXT 2016.
    """

    kind: ClassVar[str] = "xpander"

    topology: Literal["xpander"] = "xpander"
    degree: Annotated[Count, Field(ge=1)]
    lift: Annotated[Count, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)] = 0

    def build(self) -> Graph:
        """Draw matchings until all switches reach each other; see :class:`DirectNetwork`."""
        switches = np.arange((self.degree + 1) * self.lift).reshape(self.degree + 1, self.lift)
        meta = pairs(np.arange(self.degree + 1)[None])
        draws = stream(self.seed, "xpander")
        while True:
            matched = draws.permuted(np.tile(np.arange(self.lift), (len(meta), 1)), axis=1)
            ends = np.stack([switches[meta[:, 0]], switches[meta[:, 1][:, None], matched]], axis=-1).reshape(-1, 2)
            if reached(ends, switches.size):
                return Graph.of({"switch": switches.size}, {"switch": ends})

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; distances are a matter of chance."""
        switches = (self.degree + 1) * self.lift
        return {"terminals": switches, "switches": 0, "links": switches * self.degree // 2}

    def refusals(self) -> Iterable[Fault]:
        """Refuse copies that cannot hang together."""
        if self.degree == 1 and self.lift > 1:
            yield Fault(
                "degree", f"{self.lift} copies of a single link do not hang together", "write degree: 2 or more"
            )

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a mesh, a ring, and lifts of either parity."""
        return [cls(degree=degree, lift=lift) for degree, lift in ((3, 1), (2, 3), (4, 3), (5, 8), (7, 8))]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return copies of a link."""
        return [cls(degree=1, lift=2)]
