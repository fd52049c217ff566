"""The ``fabric`` section of a study; which topologies there are comes from their registry."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union

from pydantic import Field

from lightloom.core.specs import Spec
from lightloom.fabric.across import ScaleAcross
from lightloom.fabric.beside import SideFabric, beside
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.spec import CablingSpec
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain


def _registered(domain: Domain) -> Any:  # noqa: ANN401 - a type made at run time
    """Return the union of a domain's registered topologies, told apart by their ``topology``."""
    return _union(tuple(kind for kind in TOPOLOGIES.values() if domain in kind.serves))


def _union(known: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a type made at run time
    return known[0] if len(known) == 1 else Annotated[Union[known], Field(discriminator="topology")]  # noqa: UP007 - made from a tuple


if TYPE_CHECKING:
    ScaleUp: TypeAlias = Topology
    ScaleOut: TypeAlias = Topology
    BesideScaleOut: TypeAlias = SideFabric
else:
    ScaleUp = _registered("scale_up")
    ScaleOut = _registered("scale_out")
    BesideScaleOut = _union(tuple(beside(kind) for kind in TOPOLOGIES.values() if "scale_out" in kind.serves))


class FabricSpec(Spec):
    """The networks of a cluster as written.

    Args:
        scale_up: How accelerators of a domain are joined.
        scale_out: How network cards are joined; left out where one scale-up domain holds the whole cluster.
        beside: Further scale-out fabrics, each with network cards of its own.
        scale_across: How sites are joined; left out where everything is in one hall.
        floorplan: Where things stand, of each site.
        cabling: How cables are laid; no number of an answer depends on it.
    """

    scale_up: ScaleUp
    scale_out: ScaleOut | None = None
    beside: tuple[BesideScaleOut, ...] = ()
    scale_across: ScaleAcross | None = None
    floorplan: FloorplanSpec = FloorplanSpec()
    cabling: CablingSpec = CablingSpec()

    def section(self, domain: str, fabric: str = "") -> tuple[str, Topology | ScaleAcross]:
        """Return the key and the content of what says how a network is built.

        Args:
            domain: ``scale_up``, ``scale_out`` or ``scale_across``.
            fabric: Which scale-out fabric; empty for the main one.

        Raises:
            KeyError: There is no such network.
        """
        for place, side in enumerate(self.beside):
            if side.name == fabric:
                return f"beside.{place}", side
        found: Topology | ScaleAcross | None = getattr(self, domain)
        if found is None:
            raise KeyError(domain)
        return domain, found
