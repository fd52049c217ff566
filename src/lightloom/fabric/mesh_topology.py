"""What topologies without tiers have in common: a graph of routers or of the endpoints themselves, and its cables."""

from abc import abstractmethod
from functools import lru_cache
from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from lightloom.catalog import products
from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Bandwidth, Count
from lightloom.fabric.folded_clos import Transport
from lightloom.fabric.graph import Graph
from lightloom.fabric.links import Ends, LinkEnds, LinkPolicySpec
from lightloom.fabric.mesh_layout import Meshwork, cables_of, lay_mesh, most_cables, parts_of
from lightloom.fabric.routing import ROUTINGS
from lightloom.fabric.routing.routing import Ground
from lightloom.fabric.topology import Counts, Layout, Setting, Topology
from lightloom.fabric.transport import TransportUse
from lightloom.fabric.wiring import Domain

RoutingName = Literal["ecmp", "weighted", "adaptive", "dimension-order", "valiant"]


class MeshLinks(Spec):
    """Link products; a scalar sets both ends.

    Args:
        host: Network card to router.
        mesh: Between routers, or between endpoints that are joined to each other.
    """

    host: Ends = LinkEnds()
    mesh: Ends = LinkEnds()


class MeshTopology(Topology):
    """A graph of routers that endpoints hang under, or of the endpoints themselves.

    Args:
        hosts: Endpoints under each router; 0: the vertices of the graph are the endpoints; ``auto``: 0 where no switch
            is named, else what is usual for the topology, or as many as it takes.
        switch: Packet switch the routers are, or the vertices of the graph that are no endpoints.
        trunk: Equal cables of every link of the graph.
        link_rate: Of one cable of the graph; left out: that of an endpoint's link to its router, or an equal share of
            all an endpoint has.
        routing: How traffic is led.
        links: Link products.
        link_policy: How ``auto`` chooses.
        transport: Protocol, between network cards.
    """

    serves: ClassVar[tuple[Domain, ...]] = ("scale_up", "scale_out")

    hosts: Annotated[Count, Field(ge=0, le=100_000)] | Literal["auto"] = "auto"
    switch: Annotated[str, Reference("switches", apart=("",))] = ""
    trunk: Annotated[Count, Field(ge=1, le=1000)] = 1
    link_rate: Annotated[Bandwidth, Field(gt=0)] | None = None
    routing: RoutingName = "ecmp"
    links: MeshLinks = MeshLinks()
    link_policy: LinkPolicySpec = LinkPolicySpec()
    transport: Annotated[Transport, Principal("kind")] = Transport()

    @abstractmethod
    def graph(self) -> Graph:
        """Return vertices and links, capacities relative to one another.

        Raises:
            StudyError: The shape is impossible; keys are those of the topology's parameters.
        """

    @property
    def sides(self) -> tuple[int, ...]:
        """Lengths of the axes, where the graph is a grid whose last axis is numbered fastest."""
        return ()

    @property
    def built(self) -> Graph:
        """The graph; the last few are remembered."""
        return _built(self)  # pyright: ignore[reportArgumentType] - frozen models are hashable, which their type hides

    def usual_hosts(self, setting: Setting | None = None) -> int:
        """Endpoints under each router where the study states none."""
        return -(-setting.endpoints // self.built.terminals) if setting else 1

    @property
    def hosts_each(self) -> int:
        """Endpoints under each router, stated or usual, whatever the cluster."""
        return self.usual_hosts() if self.hosts == "auto" else self.hosts

    def ends(self, level: str) -> LinkEnds:
        """Products allowed at the two ends of a level's links."""
        return self.links.host if level == "host" else self.links.mesh

    @property
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""
        return self.link_policy

    @property
    def transport_use(self) -> TransportUse | None:
        """The transport named, with the study's own chance of a flap if it states one."""
        product = products.transport(self.transport.kind)
        return TransportUse(product, self.transport.job_lost_per_flap or product.lost_per_flap, 1)

    def lay(self, setting: Setting) -> Layout:
        """Join the endpoints; see :class:`Topology`."""
        return lay_mesh(self.meshwork(setting), setting)

    def counts(self, setting: Setting) -> Counts:
        """Count without wiring; see :class:`Topology`."""
        mesh = self.meshwork(setting)
        parts, graph = parts_of(mesh, setting), mesh.ground.graph
        routers = graph.vertices if mesh.hosts else graph.vertices - graph.terminals
        name = "router" if mesh.hosts else "relay"
        hosts = setting.endpoints if mesh.hosts else 0
        switches = ((name, routers * parts),) if routers else ()
        return Counts(switches, (("host", hosts), ("mesh", int(cables_of(graph).sum()) * mesh.trunk * parts)))

    def meshwork(self, setting: Setting) -> Meshwork:
        """Return the graph with what it joins of a cluster.

        Raises:
            StudyError: It cannot; every fault.
        """
        graph = self.built
        hosts = self.hosts
        if hosts == "auto":
            hosts = self.usual_hosts(setting) if self.switch and setting.domain == "scale_out" else 0
        relays = hosts > 0 or graph.vertices > graph.terminals
        faults = list(self._switch_faults(relays=relays))
        if faults:
            raise StudyError(faults)
        if hosts:
            rate = self.link_rate or setting.rate
            radix = setting.packet_ports(self.switch).at(rate)
            faults += self._crowded(setting, graph, hosts, rate)
        else:
            most = _most(graph) * self.trunk
            rate = self.link_rate or setting.rate / most
            radix = setting.packet_ports(self.switch).at(rate) if relays else 0
            faults += self._overdrawn(setting, rate, most)
        if faults:
            raise StudyError(faults)
        return Meshwork(
            ground=Ground(graph, self.sides),
            routing=ROUTINGS[self.routing](),
            hosts=hosts,
            switch=self.switch,
            trunk=self.trunk,
            rate=rate * self.trunk,
            radix=radix,
            remarks=self._remarks(setting, hosts, rate),
        )

    def _switch_faults(self, *, relays: bool) -> list[Fault]:
        if relays and not self.switch:
            return [Fault("switch", "is missing: this graph has routers", "write, for example, switch: tomahawk-5")]
        if self.switch and not relays:
            message = "there is none: every vertex of this graph is an endpoint"
            return [Fault("switch", message, "write switch: null, or hosts: 1 at least")]
        return []

    def _crowded(self, setting: Setting, graph: Graph, hosts: int, rate: float) -> list[Fault]:
        """Say if a router has too few ports for its hosts and links."""
        ports = setting.packet_ports(self.switch)
        at_host, at_link = ports.at(setting.rate), ports.at(rate)
        if not at_host or not at_link:
            return [Fault("switch", f"'{self.switch}' has no port as fast as the links", "choose a faster one")]
        wanted = most_cables(graph) * self.trunk
        if hosts / at_host + wanted / at_link <= 1 + 1e-9:
            return []
        left = int(at_host * (1 - wanted / at_link) + 1e-9)
        message = f"{hosts} hosts and {wanted} links are {hosts + wanted} ports; '{self.switch}' has {at_link}"
        hint = (
            f"write hosts: {left} at most" if left > 0 else "choose a switch with more ports, or a graph of less degree"
        )
        return [Fault("hosts", message, hint)]

    def _overdrawn(self, setting: Setting, rate: float, links: float) -> list[Fault]:
        """Say if the links of an endpoint are faster together than the endpoint."""
        if links * rate <= setting.rate * (1 + 1e-9):
            return []
        message = f"{links:g} links of {rate * 8e-9:g} Gb/s are more than an endpoint's {setting.rate * 8e-9:g} Gb/s"
        return [Fault("link_rate", message, f"at most {setting.rate / links * 8e-9:g} Gb/s")]

    def _remarks(self, setting: Setting, hosts: int, rate: float) -> tuple[str, ...]:
        graph = self.built
        what = f"{graph.terminals} routers" if hosts else f"{graph.terminals} endpoints joined to each other"
        way = ROUTINGS[self.routing].title
        each = rate * self.trunk * 8e-9
        found = [f"{self.kind}: {what}, links of {each:g} Gb/s; traffic takes {way}, and no packet waits for another"]
        if hosts and setting.endpoints % hosts:
            found.append("the last router has fewer endpoints than the others")
        if not hosts:
            found.append("what an endpoint relays costs neither its own bandwidth inside nor time beyond the cable")
        return tuple(found)


@lru_cache(maxsize=8)
def _built(topology: MeshTopology) -> Graph:
    return topology.graph()


def _most(graph: Graph) -> float:
    """Largest capacity of one terminal's links together."""
    each = np.bincount(graph.ends.ravel(), np.repeat(graph.capacity, 2), graph.vertices)
    return float(each[: graph.terminals].max())
