"""What the vertices of a fabric are called: switches as on their labels, endpoints by their first accelerator."""

from dataclasses import dataclass
from typing import Self

from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of, labelled, plain
from lightloom.fabric.laying.names import switch_names
from lightloom.fabric.wiring import Wiring

ENDPOINT = "accelerator"
_SPOKEN = {"scale-up": "scale-up switch", "circuit": "circuit switch"}


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Names of all vertices.

    Args:
        wiring: Of the fabric.
        labels: Of the vertices that are no endpoints.
    """

    wiring: Wiring
    labels: tuple[str, ...]

    @classmethod
    def of(cls, fabric: Fabric) -> Self:
        """Return the names of a fabric's vertices."""
        return cls(fabric.wiring, tuple(switch_names(fabric.wiring)))

    def kind(self, vertex: int) -> str:
        """Return the kind of a vertex in words."""
        if vertex < self.wiring.endpoints:
            return ENDPOINT
        kind = self.wiring.kinds[int(self.wiring.kind[vertex])]
        return labelled(fabric_of(kind), _SPOKEN.get(plain(kind), plain(kind)))

    def __call__(self, vertex: int) -> str:
        """Return the name of a vertex: ``accelerator 12``, ``leaf-003``."""
        if vertex < self.wiring.endpoints:
            return f"{ENDPOINT} {vertex}"
        return self.labels[vertex - self.wiring.endpoints]
