"""The passive plant a user states instead of the catalog's: grade of fibre, loss of a connector, dirt; its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lightloom.core.errors import Fault, StudyError
from lightloom.core.provenance import Figure
from lightloom.photonics.monte_carlo import Handling
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.pair import Pair
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.request import LinkRequest, path_of

SHORTEST_CORD = 0.3
"""Shortest fibre between two connectors, m: the tail inside a patch panel's cassette."""

MOST_CONNECTORS = 64
"""Tried at most when the most that fit are counted."""


@dataclass(frozen=True, slots=True)
class FibreGrade:
    """A grade of cabled fibre.

    Args:
        name: As the catalog calls it.
        multimode: Whether it is of many modes.
        attenuation: Guaranteed, dB/m.
        attenuation_typical: As installed, dB/m.
        group_index: Speed of light over speed in the glass.
    """

    name: str
    multimode: bool
    attenuation: Figure
    attenuation_typical: Figure
    group_index: Figure


@dataclass(frozen=True, slots=True)
class StatedPlant:
    """What is known of one plant beyond lengths and counts.

    Args:
        grade: Fibre; None for what each product's own figures say.
        connector_loss_db: One connector, as planned and as it comes; None likewise.
        handling: Dirt and temperature, for turn-up.
    """

    grade: FibreGrade | None = None
    connector_loss_db: float | None = None
    handling: Handling = field(default_factory=Handling)

    def fitted(self, products: Mapping[str, LinkProduct]) -> dict[str, LinkProduct]:
        """Return the products, each with the figures of this plant where its light passes through it.

        A product of the other kind of fibre keeps its own: it would be cabled with that. What was seen in the field was
        seen on the product's own plant, which stays as it was.
        """
        return {name: self._fitted(product) for name, product in products.items()}

    def _fitted(self, product: LinkProduct) -> LinkProduct:
        if not isinstance(product, OpticalProduct):
            return product
        stated: dict[str, Figure] = {}
        if self.grade is not None and self.grade.multimode == product.multimode:
            stated |= {
                "fibre_loss": self.grade.attenuation,
                "fibre_loss_typical": self.grade.attenuation_typical,
                "field_fibre_loss": product.fibre_loss_typical,
                "group_index": self.grade.group_index,
            }
        if self.connector_loss_db is not None:
            loss = self.connector_loss_db
            stated["connector_loss"] = Figure(loss, loss, loss, "estimate", None, how="as stated", unit="dB")
            stated["field_connector_loss"] = product.connector_loss
        return product.model_copy(update=stated) if stated else product

    def refuse(self, pair: Pair, request: LinkRequest) -> None:
        """Refuse a plant that cannot be built, or that light of these ends does not pass.

        Raises:
            StudyError: More connectors than the cable has room for, or than can close in either mode even on the
                shortest one; fibre of the wrong kind; fibre or connectors under copper; a connector's loss where the
                standard's allocation is taken.
        """
        odd = self._odd_connector(pair, request)
        faults = [*self._mismatched(pair), *odd, *([] if odd else _crowded(pair, request))]
        if faults:
            raise StudyError(faults)

    def _odd_connector(self, pair: Pair, request: LinkRequest) -> list[Fault]:
        loss = self.connector_loss_db
        if loss is None:
            return []
        if not 0.0 <= loss < np.inf:
            return [Fault("connector_loss", f"a connector of {loss:g} dB makes no sense", "it is nought or more")]
        if not isinstance(pair.a, OpticalProduct):
            return [Fault("connector_loss", f"{pair.label} has no optical connectors on its way", "leave it out")]
        if request.connectors is None:
            taken = "connectors are at the allocation of the standard, whatever one of them loses"
            return [Fault("connector_loss", taken, "state how many there are, or leave it out")]
        return []

    def _mismatched(self, pair: Pair) -> list[Fault]:
        if self.grade is None:
            return []
        if not isinstance(pair.a, OpticalProduct):
            what = "brings its own fibre" if pair.a.medium == "fibre" else f"is {pair.a.medium} and has no fibre"
            return [Fault("fibre", f"{pair.label} {what}", "leave it out")]
        if pair.a.multimode == self.grade.multimode:
            return []
        words = {True: "multimode", False: "single-mode"}
        found = (
            f"{self.grade.name} is {words[self.grade.multimode]} fibre; {pair.label} needs {words[pair.a.multimode]}"
        )
        return [Fault("fibre", found, "name another grade")]


def _crowded(pair: Pair, request: LinkRequest) -> list[Fault]:
    count = request.connectors
    if not count or not pair.a.fibre_count:
        return []
    room = int(request.length / SHORTEST_CORD + 1e-9) + 2
    if count > room:
        found = f"{count} connectors do not fit on {request.length:g} m"
        return [Fault("connectors", found, f"with {SHORTEST_CORD * 100:g} cm between two, at most {room} do")]
    most = most_connectors(pair)
    if count > most:
        found = f"{count} connectors do not fit into the budget of {pair.label}"
        return [Fault("connectors", found, f"on the shortest cable at most {most} do, parts as they come")]
    return []


def most_connectors(pair: Pair) -> int:
    """Most connectors with which a link of no length closes: at guaranteed limits, or half of them as parts come."""
    counts = range(MOST_CONNECTORS + 1)
    path = path_of([LinkRequest(0.0, pair.a.rate.value, 1, (pair.a.name,), (pair.b.name,), each) for each in counts])
    verdict = pair.judge(path, mode="spec_min", required_db=0.0)
    best = np.maximum(verdict.margin_spec_db, verdict.margin_mean_db)
    return int(np.max(np.flatnonzero(best >= 0.0), initial=0))
