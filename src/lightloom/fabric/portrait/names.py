"""What the vertices of a fabric are called: by kind, and by number within it."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.wiring import Wiring

ENDPOINT = "accelerator"
_SPOKEN = {"scale-up": "scale-up switch", "circuit": "circuit switch"}


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Names of all vertices; an endpoint is called after its first accelerator.

    Args:
        wiring: Of the fabric.
        first: (kinds,) first vertex of each kind; those of a kind follow each other.
    """

    wiring: Wiring
    first: Integers

    @classmethod
    def of(cls, wiring: Wiring) -> Self:
        """Return the names of a fabric's vertices."""
        first = np.full(len(wiring.kinds), wiring.vertices)
        np.minimum.at(first, wiring.kind, np.arange(wiring.vertices))
        return cls(wiring, frozen(first))

    def kind(self, vertex: int) -> str:
        """Return the kind of a vertex in words."""
        if vertex < self.wiring.endpoints:
            return ENDPOINT
        kind = self.wiring.kinds[int(self.wiring.kind[vertex])]
        return _SPOKEN.get(kind, kind)

    def __call__(self, vertex: int) -> str:
        """Return the name of a vertex."""
        return f"{self.kind(vertex)} {vertex - int(self.first[int(self.wiring.kind[vertex])])}"
