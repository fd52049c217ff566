"""What topologies without tiers have in common: a graph of routers or of the endpoints themselves, and its cables."""

from abc import abstractmethod
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lightloom.catalog import products
from lightloom.core.arrays import Floats, frozen
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count
from lightloom.fabric.folded_clos import Transport
from lightloom.fabric.graph import Graph
from lightloom.fabric.link_rates import LinkRate, stated
from lightloom.fabric.links import Ends, LinkEnds, LinkPolicySpec
from lightloom.fabric.mesh_layout import CUBE, MESH, Meshwork, Passes, cables_of, lay_mesh, parts_of
from lightloom.fabric.routing import ROUTINGS
from lightloom.fabric.routing.routing import Ground
from lightloom.fabric.topology import Cards, Counts, Layout, Setting, Topology
from lightloom.fabric.transport import TransportUse
from lightloom.fabric.wiring import Domain

RoutingName = Literal["ecmp", "weighted", "adaptive", "dimension-order", "valiant"]


class MeshLinks(Spec):
    """Link products; a scalar sets both ends.

    Args:
        host: Network card to router.
        mesh: Between routers, or between endpoints that are joined to each other.
        cube: The same through circuit switches.
    """

    host: Ends = LinkEnds()
    mesh: Ends = LinkEnds()
    cube: Ends = LinkEnds()


class MeshTopology(Topology):
    """A graph of routers that endpoints hang under, or of the endpoints themselves.

    Args:
        hosts: Endpoints under each router; 0: the vertices of the graph are the endpoints; ``auto``: 0 where no switch
            is named, else what is usual for the topology, or as many as it takes.
        switch: Packet switch the routers are, or the vertices of the graph that are no endpoints.
        trunk: Equal cables of every link of the graph.
        link_rate: Of one cable of the graph, for all or by level, such as ``{local: 400 Gb/s, global: 800 Gb/s}``; left
            out: that of an endpoint's link to its router, or an equal share of what an endpoint has left.
        routing: How traffic is led.
        links: Link products.
        link_policy: How ``auto`` chooses.
        transport: Protocol, between network cards.
        cards: Network cards of a node that are on it; left out: those that fabrics beside it leave.
    """

    serves: ClassVar[tuple[Domain, ...]] = ("scale_up", "scale_out")

    hosts: Annotated[Count, Field(ge=0, le=100_000)] | Literal["auto"] = "auto"
    switch: Annotated[str, Reference("switches", apart=("",))] = ""
    trunk: Annotated[Count, Field(ge=1, le=1000)] = 1
    link_rate: LinkRate | None = None
    routing: RoutingName = "ecmp"
    links: MeshLinks = MeshLinks()
    link_policy: LinkPolicySpec = LinkPolicySpec()
    transport: Annotated[Transport, Principal("kind")] = Transport()
    cards: Cards | None = None

    @abstractmethod
    def graph(self) -> Graph:
        """Return vertices and links, capacities relative to one another.

        Raises:
            StudyError: The shape is impossible; keys are those of the topology's parameters.
        """

    def cards_asked(self) -> int | None:
        """Network cards of a node that are on it, if the study states a number."""
        return self.cards

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
        return {"host": self.links.host, CUBE: self.links.cube}.get(level, self.links.mesh)

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
        switches = [(name, routers * parts)] if routers else []
        cables, through = cables_of(graph) * mesh.trunk * parts, mesh.passes.box >= 0 if mesh.passes else None
        if mesh.passes is None or through is None:
            return Counts(tuple(switches), (("host", hosts), (MESH, int(cables.sum()))))
        switches.append(("circuit", mesh.passes.boxes))
        return Counts(
            tuple(switches),
            (("host", hosts), (MESH, int(cables[~through].sum())), (CUBE, 2 * int(cables[through].sum()))),
        )

    def level_rate(self, level: str) -> float | None:
        """Rate of one cable of a level of the graph, bytes/s one way; None where nobody states it."""
        return stated(self.link_rate, level)

    def lengths(self, graph: Graph) -> Floats | None:  # noqa: ARG002 - as for every topology
        """Lengths of links that are known whatever the floor, (links,), m; NaN where the floor decides, None if all."""
        return None

    def lay_faults(self, setting: Setting) -> Iterable[Fault]:  # noqa: ARG002 - as for every topology
        """Say what of a cluster the shape cannot join, beyond what all are asked."""
        return ()

    def notes(self, setting: Setting) -> Iterable[str]:  # noqa: ARG002 - as for every topology
        """Say what else was assumed."""
        return ()

    def passes(self, graph: Graph) -> Passes | None:  # noqa: ARG002 - as for every topology
        """Links that circuit switches make; None where there are none."""
        return None

    def meshwork(self, setting: Setting) -> Meshwork:
        """Return the graph with what it joins of a cluster.

        Raises:
            StudyError: It cannot; every fault.
        """
        graph = self.built
        hosts = self._hosts(setting, graph)
        relays = hosts > 0 or graph.vertices > graph.terminals
        faults = [*self._switch_faults(relays=relays), *self._unknown_levels(graph), *self.lay_faults(setting)]
        if faults:
            raise StudyError(faults)
        rates = self._rates(setting, graph, hosts)
        if relays:
            faults += self._crowded(setting, graph, hosts, rates)
        if not hosts:
            faults += self._overdrawn(setting, graph, rates)
        if faults:
            raise StudyError(faults)
        passes = self.passes(graph)
        slowest = min(float(rates.min()), setting.rate if hosts else np.inf)
        return Meshwork(
            ground=Ground(graph, self.sides),
            routing=ROUTINGS[self.routing](),
            hosts=hosts,
            switch=self.switch,
            trunk=self.trunk,
            rates=frozen(rates * self.trunk),
            radix=setting.packet_ports(self.switch).at(slowest) if relays else 0,
            lengths=self.lengths(graph),
            passes=passes,
            mirrors=setting.circuit_ports(passes.product) if passes else 0,
            remarks=self._remarks(setting, hosts, rates),
        )

    def _hosts(self, setting: Setting, graph: Graph) -> int:
        if self.hosts != "auto":
            return self.hosts
        routers = self.switch and setting.domain == "scale_out" and graph.vertices == graph.terminals
        return self.usual_hosts(setting) if routers else 0

    def _rates(self, setting: Setting, graph: Graph, hosts: int) -> Floats:
        """(levels,) Rate of one cable, bytes/s one way; what is not stated is as fast as endpoints are, or can be."""
        known = np.array([self.level_rate(level) or np.nan for level in graph.levels])
        if not np.isnan(known).any():
            return known
        if hosts:
            return np.where(np.isnan(known), setting.rate, known)
        open_links = np.isnan(known)[graph.level]
        left = setting.rate - _drawn(graph, np.where(open_links, 0.0, known[graph.level]) * self.trunk)
        wanted = _drawn(graph, open_links * float(self.trunk))
        share = np.divide(left, wanted, out=np.full(len(left), np.inf), where=wanted > 0).min()
        return np.where(np.isnan(known), share if np.isfinite(share) else setting.rate, known)

    def _unknown_levels(self, graph: Graph) -> list[Fault]:
        if not isinstance(self.link_rate, tuple):
            return []
        return [
            Fault(
                f"link_rate.{level}", f"'{self.kind}' has no links called '{level:.40}'", nearest(level, graph.levels)
            )
            for level, _ in self.link_rate
            if level not in graph.levels
        ]

    def _switch_faults(self, *, relays: bool) -> list[Fault]:
        if relays and not self.switch:
            return [Fault("switch", "is missing: this graph has routers", "write, for example, switch: tomahawk-5")]
        if self.switch and not relays:
            message = "there is none: every vertex of this graph is an endpoint"
            return [Fault("switch", message, "write switch: null, or hosts: 1 at least")]
        return []

    def _crowded(self, setting: Setting, graph: Graph, hosts: int, rates: Floats) -> list[Fault]:
        """Say if a switch has too few ports for its hosts and links."""
        ports = setting.packet_ports(self.switch)
        at_host, at_link = ports.at(setting.rate), [ports.at(rate) for rate in rates.tolist()]
        if (hosts and not at_host) or not all(at_link):
            return [Fault("switch", f"'{self.switch}' has no port as fast as the links", "choose a faster one")]
        cables = cables_of(graph) * float(self.trunk)
        taken = _at_vertices(graph, cables * np.array([1.0 / most for most in at_link])[graph.level])
        wanted = _at_vertices(graph, cables)
        if hosts:
            taken[: graph.terminals] += hosts / at_host
        first = 0 if hosts else graph.terminals
        worst = first + int(np.argmax(taken[first:]))
        if taken[worst] <= 1 + 1e-9:
            return []
        own = hosts if worst < graph.terminals else 0
        links = int(wanted[worst])
        share = taken[worst] - (own / at_host if own else 0.0)
        left = int(at_host * (1 - share) + 1e-9) if own else 0
        most = max(at_link)
        who = f"{own} hosts and {links} links are {own + links} ports" if own else f"{links} links of one switch"
        message = f"{who}; '{self.switch}' has {most}"
        if left > 0:
            return [Fault("hosts", message, f"write hosts: {left} at most")]
        fewer = f"a graph of at most {most - 1 if own else most} links each"
        return [Fault("switch", message, f"choose a switch of {own + links} ports at least, or {fewer}")]

    def _overdrawn(self, setting: Setting, graph: Graph, rates: Floats) -> list[Fault]:
        """Say if the links of an endpoint are faster together than the endpoint."""
        drawn = _drawn(graph, rates[graph.level] * self.trunk)
        most = float(drawn.max())
        if most <= setting.rate * (1 + 1e-9):
            return []
        links = _drawn(graph, np.full(graph.links, float(self.trunk)))[int(np.argmax(drawn))]
        message = (
            f"{links:g} links of {most * 8e-9:g} Gb/s in all are more than an endpoint's {setting.rate * 8e-9:g} Gb/s"
        )
        return [Fault("link_rate", message, f"at most {setting.rate / links * 8e-9:g} Gb/s each")]

    def _remarks(self, setting: Setting, hosts: int, rates: Floats) -> tuple[str, ...]:
        graph = self.built
        what = f"{graph.terminals} routers" if hosts else f"{graph.terminals} endpoints joined to each other"
        way = ROUTINGS[self.routing].title
        each = rates * self.trunk * 8e-9
        fast = f"{each[0]:g} Gb/s"
        if np.ptp(each):
            fast = " and ".join(f"{rate:g} Gb/s ({name})" for name, rate in zip(graph.levels, each, strict=True))
        found = [f"{self.kind}: {what}, links of {fast}; traffic takes {way}, and no packet waits for another"]
        if hosts and setting.endpoints % hosts:
            found.append("the last router has fewer endpoints than the others")
        if not hosts:
            found.append("what an endpoint relays costs neither its own bandwidth inside nor time beyond the cable")
        return (*found, *self.notes(setting))


@lru_cache(maxsize=8)
def _built(topology: MeshTopology) -> Graph:
    return topology.graph()


def _at_vertices(graph: Graph, of_link: NDArray[np.floating[Any]]) -> Floats:
    """(vertices,) Sum of something over the links at each vertex."""
    return np.bincount(graph.ends.ravel(), np.repeat(of_link, 2), graph.vertices).astype(np.float64)


def _drawn(graph: Graph, rate: Floats) -> Floats:
    """(terminals,) Sum over each terminal's links of capacity times a rate of each link."""
    return _at_vertices(graph, graph.capacity * rate)[: graph.terminals]
