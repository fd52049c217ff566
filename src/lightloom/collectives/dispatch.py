"""Expert dispatch without duplicates: a token travels once to each domain that holds one of its experts."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.collectives.algorithm import Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Floats, Number
from lightloom.workload.program import Routing


def distinct_targets(places: Number, routing: Routing) -> Floats:
    """Return at how many places a token has experts, in the mean, its own place included; shape of ``places``.

    Args:
        places: Domains or ranks that hold equal shares of the experts.
        routing: Experts of a layer, and how many different ones a token has, all equally likely.

    Source: a place holds none of them with probability C(E - E/places, k) / C(E, k).
    """
    places = np.asarray(places, np.float64)
    elsewhere = routing.experts * (1.0 - 1.0 / places)
    none = np.ones_like(places)
    for drawn in range(routing.chosen):
        none = none * np.maximum(elsewhere - drawn, 0.0) / (routing.experts - drawn)
    return np.asarray(places * (1.0 - none))


@dataclass(frozen=True, slots=True)
class ExpertDispatch:
    """Dispatch of tokens to experts, and the combination that runs the same way back.

    Payload: each rank's tokens, counted once. Across the network a token goes along its rail to every other domain with
    one of its experts; there it is spread over the scale-up links to the ranks that need it, while more arrive.

    Args:
        routing: How tokens choose.

    Leaves out: routing that prefers near experts, unequal loads.
    Source: the description of DeepEP's normal kernels; occupancy for the counts.
    """

    routing: Routing
    kind: ClassVar[str] = "expert-dispatch"

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return the two concurrent phases; numbers or columns."""
        domains = np.asarray(size, np.float64) / local
        abroad = distinct_targets(domains, self.routing) * (domains - 1) / domains
        near = distinct_targets(np.asarray(size, np.float64), self.routing) * (1 - 1 / np.asarray(local))
        return (
            (
                Phase(Pattern.RAIL_ALL_TO_ALL, payload * abroad, np.asarray(domains > 1, np.int64)),
                Phase(Pattern.LOCAL_ALL_TO_ALL, payload * near, np.asarray(np.asarray(local) > 1, np.int64)),
            ),
        )
