"""The ``fabric`` section of a study; which topologies there are comes from their registry."""

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union

from pydantic import Field

from lightloom.core.specs import Spec
from lightloom.fabric.across import ScaleAcross
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.fabric.laying.spec import CablingSpec
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain


def _registered(domain: Domain) -> Any:  # noqa: ANN401 - a type made at run time
    """Return the union of a domain's registered topologies, told apart by their ``topology``."""
    known = tuple(kind for kind in TOPOLOGIES.values() if domain in kind.serves)
    return known[0] if len(known) == 1 else Annotated[Union[known], Field(discriminator="topology")]  # noqa: UP007 - made from a tuple


if TYPE_CHECKING:
    ScaleUp: TypeAlias = Topology
    ScaleOut: TypeAlias = Topology
else:
    ScaleUp = _registered("scale_up")
    ScaleOut = _registered("scale_out")


class FabricSpec(Spec):
    """The networks of a cluster as written.

    Args:
        scale_up: How accelerators of a domain are joined.
        scale_out: How network cards are joined; left out where one scale-up domain holds the whole cluster.
        scale_across: How sites are joined; left out where everything is in one hall.
        floorplan: Where things stand, of each site.
        cabling: How cables are laid; no number of an answer depends on it.
    """

    scale_up: ScaleUp
    scale_out: ScaleOut | None = None
    scale_across: ScaleAcross | None = None
    floorplan: FloorplanSpec = FloorplanSpec()
    cabling: CablingSpec = CablingSpec()
