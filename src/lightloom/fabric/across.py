"""The ``scale_across`` entry of a fabric: sites far apart, joined by coherent channels over fibre in the ground."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count, Frequency, Length, Loss
from lightloom.fabric.line import Launch, Spans
from lightloom.fabric.links import LinkEnds, LinkPolicySpec
from lightloom.fabric.wiring import Domain

ACROSS: Domain = "scale_across"
SITE_LEVEL = "site"
"""The level that data crosses from site to site."""
BORDER_LEVEL = "border"
"""Cables of a site up to its border switches; what crosses the site level crosses them."""


class ScaleAcross(Spec):
    """Equal sites, each with networks of its own, and lines between their borders.

    Args:
        topology: ``line`` joins two sites; ``hub`` joins any number through switches in their middle.
        sites: How many; the cluster's accelerators are divided evenly among them, in order.
        distance: Fibre from site to site, or from site to hub; left out where ``spans`` say it.
        spans: Fibres and amplifiers on the way; left out: equal spans as the line system has them.
        wavelengths: Channels of each site, over as many fibre pairs as they take.
        module: Coherent link product at both ends of every channel.
        required_osnr: What the module needs, where its maker does not say.
        line: Line system.
        launch: Power per channel into the first span, or ``best``.
        spacing: Channel to channel; left out: the module's.
        border: Packet switch between a site's topmost switches and its lines.
        hub: Packet switch in the middle; left out: the same.
        link: Products of the cables from the topmost switches to the border.
        link_policy: When cables and lines close, and what ``auto`` chooses among.
        in_site: Length of those cables.
    """

    topology: Literal["line", "hub"] = "line"
    sites: Annotated[Count, Field(ge=2, le=64)] = 2
    distance: Annotated[Length, Field(gt=0, le=2e7)] | None = None
    spans: Spans | None = None
    wavelengths: Annotated[Count, Field(ge=1, le=1_000_000)]
    module: Annotated[str, Reference("links")] = "400zr"
    required_osnr: Annotated[Loss, Field(ge=0)] | None = None
    line: Annotated[str, Reference("lines")] = "c-band-g652"
    launch: Launch = "best"
    spacing: Annotated[Frequency, Field(gt=0)] | None = None
    border: Annotated[str, Reference("switches")] = "tomahawk-5"
    hub: Annotated[str, Reference("switches")] | None = None
    link: Annotated[LinkEnds, Principal("a", also=("b",))] = LinkEnds()
    link_policy: LinkPolicySpec = LinkPolicySpec()
    in_site: Annotated[Length, Field(gt=0, le=2e3)] = 50.0

    @property
    def routes(self) -> int:
        """Lines: one between two sites, or one from each to the hub."""
        return self.sites if self.topology == "hub" else 1


def sites_fault(spec: ScaleAcross, accelerators: int, per_node: int) -> Iterator[Fault]:
    """Yield what is wrong before anything is built."""
    if accelerators % (spec.sites * per_node):
        whole = max(accelerators // (spec.sites * per_node), 1) * spec.sites * per_node
        message = f"{accelerators} accelerators are not {spec.sites} equal sites of whole nodes"
        yield Fault("scale_across.sites", message, f"the nearest below is {whole}")
    if spec.topology == "line" and spec.sites != 2:
        message = f"a line joins two sites, not {spec.sites}"
        yield Fault("scale_across.topology", message, "write topology: hub")
    if (spec.distance is None) == (spec.spans is None):
        message = "is missing" if spec.spans is None else "is said by the spans already"
        yield Fault("scale_across.distance", message, "write one of distance and spans, such as distance: 80 km")
