"""Jellyfish: switches joined at random, each with equally many links."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.random import stream
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph
from lightloom.fabric.regular import random_regular


class Jellyfish(DirectNetwork):
    """A random regular graph without loops or double links, connected.

    Args:
        nodes: Switches.
        degree: Links of each to others.
        seed: Of the draw.

    Source: Singla et al., "Jellyfish: networking data centers randomly", NSDI 2012.
    """

    kind: ClassVar[str] = "jellyfish"

    topology: Literal["jellyfish"] = "jellyfish"
    nodes: Annotated[Count, Field(ge=2)]
    degree: Annotated[Count, Field(ge=1)]
    seed: Annotated[int, Field(ge=0)] = 0

    def build(self) -> Graph:
        """Draw; see :class:`DirectNetwork`."""
        links = random_regular(self.nodes, self.degree, stream(self.seed, "jellyfish"))
        return Graph.of({"switch": self.nodes}, {"switch": links})

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; distances are a matter of chance."""
        return {"terminals": self.nodes, "switches": 0, "links": self.nodes * self.degree // 2}

    def refusals(self) -> Iterable[Fault]:
        """Refuse odd sums of links, and degrees that are too large or too small."""
        if self.degree >= self.nodes:
            message = f"{self.nodes} nodes have {self.nodes - 1} others, and cannot have {self.degree} links each"
            yield Fault("degree", message, f"write degree: {self.nodes - 1} at most")
        if self.nodes * self.degree % 2:
            message = f"{self.nodes} nodes of {self.degree} links have an odd number of ends"
            near = f"the nearest are {self.nodes - 1} and {self.nodes + 1} nodes, or degree {self.degree - 1}"
            yield Fault("nodes", message, f"{near} and {self.degree + 1}")
        if self.degree == 1 and self.nodes > 2:
            yield Fault(
                "degree", f"{self.nodes} nodes of one link each do not hang together", "write degree: 2 or more"
            )

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build rings, sparse and dense graphs, and complete ones."""
        cases = [(2, 1), (9, 2), (16, 3), (20, 6), (12, 10), (8, 7), (64, 6)]
        return [cls(nodes=nodes, degree=degree) for nodes, degree in cases]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return too many links, an odd number of ends, and links that hang together in twos."""
        return [cls(nodes=4, degree=4), cls(nodes=5, degree=3), cls(nodes=4, degree=1)]
