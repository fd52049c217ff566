"""Switched: one stage of switches joins every accelerator of a domain to every other."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Principal, Reference
from lightloom.core.units import Count
from lightloom.fabric.links import LinkEnds, LinkPolicySpec
from lightloom.fabric.topology import Counts, Layout, Ports, Setting, Tier, Topology
from lightloom.fabric.wiring import Domain, Wiring


class Switched(Topology):
    """A scale-up domain of one switching stage: each accelerator's link is a bundle spread over all its switches.

    A domain's switches count as one vertex: every accelerator has an equal share of its bundle on each.

    Args:
        domain: Accelerators in a domain: a divisor or a multiple of a node's.
        link: Product at both ends of an accelerator's bundle, or ``{a: …, b: …}``.
        switch: Catalog name; within a node the switches are part of it, bought and powered with it.
        link_policy: How ``auto`` chooses.
    """

    kind: ClassVar[str] = "switched"
    serves: ClassVar[tuple[Domain, ...]] = ("scale_up",)

    topology: Literal["switched"] = "switched"
    domain: Annotated[Count, Field(ge=1)]
    link: Annotated[LinkEnds, Principal("a", also=("b",))]
    switch: Annotated[str, Reference("switches")] = "nvswitch-3"
    link_policy: LinkPolicySpec = LinkPolicySpec()

    def ends(self, level: str) -> LinkEnds:  # noqa: ARG002 - there is only one level
        """Products allowed at the two ends of an accelerator's bundle."""
        return self.link

    def link_key(self, level: str) -> str:  # noqa: ARG002 - there is only one level
        """Key of those products, for faults."""
        return "link"

    @property
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""
        return self.link_policy

    def in_node(self, setting: Setting) -> bool:
        """Whether a domain stays inside a node."""
        return self.domain <= setting.endpoints_per_node

    def counts(self, setting: Setting) -> Counts:
        """Count without wiring; see :class:`Topology`."""
        domains = -(-setting.endpoints // self.domain)
        return Counts((("scale-up", domains * self._planes(setting)[0]),), (("host", setting.endpoints),))

    def lay(self, setting: Setting) -> Layout:
        """Join the accelerators; see :class:`Topology`."""
        planes, ports, remarks = self._planes(setting)
        count = setting.endpoints
        accelerator = np.arange(count)
        domain = accelerator // self.domain
        domains = int(domain[-1]) + 1
        vertices = count + domains
        wiring = Wiring(
            endpoints=count,
            kinds=("endpoint", "scale-up"),
            kind=frozen(np.repeat([0, 1], [count, domains])),
            site=frozen(np.zeros(vertices, np.int64)),
            rack=frozen(np.full(vertices, -1)),
            group=frozen(np.concatenate([accelerator, np.full(domains, -1)])),
            ports=frozen(np.repeat([1, ports], [count, domains])),
            levels=(("scale_up", "host"),),
            ends=frozen(np.stack([accelerator, domain + count], axis=1)),
            multiplicity=frozen(np.ones(count, np.int64)),
            level=frozen(np.zeros(count, np.int64)),
            plane=frozen(np.zeros(count, np.int64)),
            link_class=frozen(np.full(count, -1)),
            rate=frozen(np.full(count, setting.rate)),
        )
        tier = Tier("scale-up", self.switch, planes * domains, in_node=self.in_node(setting))
        return Layout(wiring, (("host", frozen(accelerator)),), frozen(domain), (), (tier,), None, remarks)

    def _planes(self, setting: Setting) -> tuple[int, int, tuple[str, ...]]:
        """Return switches per domain, ports of each, and what was assumed.

        A domain wider than a node takes the switch's fastest port rate, halved until there are ports for everyone; each
        switch gives every accelerator one port, and as many switches are used as make up the accelerator's bandwidth.

        Raises:
            StudyError: The domain cuts nodes, or no port rate leaves enough ports.
        """
        per_node = setting.endpoints_per_node
        if self.domain % per_node and per_node % self.domain:
            divisors = [size for size in range(1, per_node) if per_node % size == 0]
            sizes = [*divisors, self.domain // per_node * per_node, -(-self.domain // per_node) * per_node]
            below = max(size for size in sizes if 0 < size < self.domain)
            above = min(size for size in sizes if size > self.domain)
            message = f"a domain of {self.domain} cuts nodes of {per_node} accelerators"
            raise StudyError(Fault("domain", message, f"the nearest are {below} and {above}"))
        if self.in_node(setting):
            return 1, self.domain, ()
        ports, rate = _split(setting.packet_ports(self.switch), self.domain)
        if ports < self.domain:
            message = (
                f"'{self.switch}' has {ports} ports at most; one stage for a domain of {self.domain} needs as many"
            )
            hint = f"write domain: {max(ports // per_node * per_node, per_node)} at most, or a switch with more ports"
            raise StudyError(Fault("switch", message, hint))
        planes = int(np.ceil(setting.rate / rate * (1 - 1e-9)))
        remark = (
            f"scale-up: {planes} switches '{self.switch}' a domain, each with one port of {rate * 8e-9:g} Gb/s for "
            f"each of {self.domain} accelerators ({self.domain} of {ports} ports used)"
        )
        return planes, ports, (remark,)

    @classmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Build domains within a node, as large as a node, over several, and a broken last one."""
        link = LinkEnds(a="bundle", b="bundle")
        cases = [(4, 16, 8), (8, 16, 8), (16, 64, 8), (12, 20, 4), (1, 3, 1)]
        return [
            (cls(domain=domain, link=link, switch="plain"), Setting.plain(count, 16, per_node=per_node))
            for domain, count, per_node in cases
        ]


def _split(ports: Ports, wanted: int) -> tuple[int, float]:
    """Return how many ports, and their rate, bytes/s, at the fastest rate that leaves enough, else the most."""
    rate = ports.fastest
    while ports.at(rate) < wanted and ports.at(rate / 2) > ports.at(rate):
        rate /= 2
    return ports.at(rate), rate
