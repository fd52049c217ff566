"""Expert dispatch without duplicates: a token travels once to each domain that holds one of its experts."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lightloom.collectives.algorithm import Pattern, Phase, Stage, Whole
from lightloom.core.arrays import Floats, Number


def distinct_targets(places: Number, copies: int) -> Floats:
    """Return how many of equally likely places a token with that many experts reaches, itself included.

    Args:
        places: Domains or ranks that hold the experts.
        copies: Experts chosen, drawn independently.

    Source: occupancy, places (1 - (1 - 1/places)^copies).
    """
    places = np.asarray(places, np.float64)
    return np.asarray(places * (1.0 - (1.0 - 1.0 / places) ** copies))


@dataclass(frozen=True, slots=True)
class ExpertDispatch:
    """Dispatch of tokens to experts, and the combination that runs the same way back.

    Payload: each rank's tokens, counted once. Across the network a token goes along its rail to every other domain with
    one of its experts; there it is spread over the scale-up links to the ranks that need it, while more arrive.

    Args:
        copies: Experts a token is sent to.

    Leaves out: routing that prefers near experts, unequal loads.
    Source: the description of DeepEP's normal kernels; occupancy for the counts.
    """

    copies: int
    kind: ClassVar[str] = "expert-dispatch"

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return the two concurrent phases; numbers or columns."""
        domains = np.asarray(size, np.float64) / local
        abroad = distinct_targets(domains, self.copies) * (domains - 1) / domains
        near = distinct_targets(np.asarray(size, np.float64), self.copies) * (1 - 1 / np.asarray(local))
        return (
            (
                Phase(Pattern.RAIL_ALL_TO_ALL, payload * abroad, np.asarray(domains > 1, np.int64)),
                Phase(Pattern.LOCAL_ALL_TO_ALL, payload * near, np.asarray(np.asarray(local) > 1, np.int64)),
            ),
        )
