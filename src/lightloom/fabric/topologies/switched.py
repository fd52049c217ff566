"""Switched: one stage of switches joins every accelerator of a domain to every other."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lightloom.core.specs import Principal, Reference
from lightloom.core.units import Count
from lightloom.fabric.links import LinkEnds, LinkPolicySpec
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain


class Switched(Topology):
    """A scale-up domain of one switching stage: each accelerator has one link bundle, spread over all its switches.

    Args:
        domain: Accelerators in a domain: a divisor or a multiple of a node's.
        link: Product at both ends of each accelerator's bundle, or ``{a: …, b: …}``.
        switch: Catalog name; switches that are part of the node are bought and powered with it.
    """

    kind: ClassVar[str] = "switched"
    serves: ClassVar[Domain] = "scale_up"

    topology: Literal["switched"] = "switched"
    domain: Annotated[Count, Field(ge=1)]
    link: Annotated[LinkEnds, Principal("a", also=("b",))]
    switch: Annotated[str, Reference("switches")] = "nvswitch-3"
    link_policy: LinkPolicySpec = LinkPolicySpec()

    def ends(self, level: str) -> LinkEnds:  # noqa: ARG002 - there is only one level
        """Products allowed at the two ends of an accelerator's bundle."""
        return self.link

    @property
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""
        return self.link_policy
