"""Adaptive routing at its ideal: every flow takes whatever mix of ways keeps the busiest link least busy."""

from collections.abc import Iterator
from typing import ClassVar

from lightloom.core.arrays import Floats
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.measures.ecmp import Loads
from lightloom.fabric.measures.flow import concurrent
from lightloom.fabric.routing.routing import Ground, Routing, Way


class Adaptive(Routing):
    """The optimum over all ways, shortest or not, that no scheme of routing can beat; one linear programme a demand.

    Leaves out: what a real scheme loses by knowing only its own queues, and late.
    """

    kind: ClassVar[str] = "adaptive"
    title: ClassVar[str] = "any ways, idealised: the busiest link is as idle as can be"

    def loads(self, ground: Ground, demand: Floats | None = None) -> Loads:
        """Return what every directed link carries; see :class:`Routing`."""
        found = concurrent(ground.graph, demand)
        return Loads(found.arcs, found.flow)

    def ways(self, ground: Ground, source: int, target: int) -> Iterator[Way]:  # noqa: ARG002 - as for every routing
        """Refuse: the ways of one pair depend on what all others send."""
        message = f"from {source} to {target} an adaptive routing has no ways of its own: they depend on all traffic"
        raise StudyError(Fault("routing", message, "choose ecmp, weighted, dimension-order or valiant"))
