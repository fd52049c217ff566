"""Folded Clos: what leaf-spine, fat tree and rail-optimised fabrics have in common."""

from abc import ABC
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count, Ratio, Share
from lightloom.fabric.links import LinkEnds, LinkPolicySpec, Links
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain


class Oversubscription(Spec):
    """Bandwidth below a tier over bandwidth above it, at least 1; a scalar is that of the leaves.

    Args:
        leaf: Of each leaf.
        aggregation: Of each pod.
    """

    leaf: Annotated[Ratio, Field(ge=1, le=1000)] = 1.0
    aggregation: Annotated[Ratio, Field(ge=1, le=1000)] = 1.0


class Core(Spec):
    """What stands in place of the topmost switches.

    Args:
        kind: ``packet`` switches, or optical ``circuit`` switches that join pods directly.
        switch: Catalog name; left out: the fabric's own packet switch, or ``palomar``.
    """

    kind: Literal["packet", "circuit"] = "packet"
    switch: str | None = None


class Transport(Spec):
    """What carries data over the scale-out links.

    Args:
        kind: Protocol.
        job_lost_per_flap: Share of link flaps that cost the job; left out: the default of the failure data.
    """

    kind: Literal["roce", "infiniband", "ultra-ethernet"] = "roce"
    job_lost_per_flap: Share | None = None


class FoldedClos(Topology, ABC):
    """Leaves, and one or two tiers above them."""

    serves: ClassVar[Domain] = "scale_out"

    levels: Literal[2, 3] = 2
    pod: Annotated[Count, Field(ge=1)] | None = None
    planes: Annotated[Count, Field(ge=1, le=64)] = 1
    hosts_per_leaf: Annotated[Count, Field(ge=1)] | Literal["rack", "full"] = "full"
    oversubscription: Annotated[Oversubscription, Principal("leaf")] = Oversubscription()
    switch: Annotated[str, Reference("switches")]
    core: Annotated[Core, Principal("kind")] = Core()
    chassis: bool = True
    links: Links = Links()
    link_policy: LinkPolicySpec = LinkPolicySpec()
    transport: Annotated[Transport, Principal("kind")] = Transport()

    def ends(self, level: str) -> LinkEnds:
        """Products allowed at the two ends of a level's links."""
        return self.links.at(level)

    @property
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""
        return self.link_policy
