"""Kinds of fabric cases whose routers are joined by algebra, in groups, at random, or link by link."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from lightloom.fabric.measures.spectrum import adjacency_second
from lightloom.fabric.topologies.dragonfly import Dragonfly
from lightloom.fabric.topologies.edge_list import EdgeList
from lightloom.fabric.topologies.jellyfish import Jellyfish
from lightloom.fabric.topologies.slim_fly import SlimFly
from lightloom.fabric.topologies.xpander import Xpander
from lightloom.study.validation import fabric_measured as measured
from lightloom.study.validation.case_fields import CaseError, Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity
from lightloom.study.validation.fabric_measured import Side

SEARCHED_AT_RANDOM = 20_000_000_000
"""Pairs of switches times links of each, all graphs together: a minute."""


class SlimFlyParams(Params):
    """Elements of the field, and endpoints of a router."""

    q: Annotated[int, Field(ge=3, le=1_000_000), BeforeValidator(whole)]
    p: Side | None = None

    def topology(self) -> SlimFly:
        """Return the network, of any order that has a remainder; its counts need no field.

        Raises:
            CaseError: The order is twice an odd number.
        """
        if self.q % 4 == 2:
            message = f"q should be 4w + 1, 4w or 4w - 1, and {self.q} is none"
            raise CaseError(message)
        return SlimFly(q=self.q)

    def count(self, name: str) -> float:
        """Return a count; unlike the graph they are defined for orders without a field."""
        return self.topology().closed_form()[name]

    def endpoints(self) -> float:
        """Return endpoints of all routers."""
        return self.count("terminals") * needed(self.p, "p")


SLIM_FLY: CaseKind[SlimFlyParams] = CaseKind(
    "slim_fly",
    SlimFlyParams,
    {
        "routers": Quantity("count", lambda p: p.count("terminals")),
        "network_radix": Quantity("count", lambda p: float(p.topology().network_radix)),
        "links": Quantity("count", lambda p: p.count("links")),
        "endpoints": Quantity("count", lambda p: p.endpoints()),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "adjacency_lambda2": Quantity("1", lambda p: adjacency_second(measured.graph_of(p.topology()))),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
        "allgather_algbw": Quantity("link", lambda p: measured.all_gather(p.topology())),
    },
)


class DragonflyParams(Params):
    """Routers of a group, global ports and endpoints of a router, and groups."""

    a: Side | None = None
    h: Side | None = None
    p: Side | None = None
    g: Annotated[int, Field(ge=2, le=1_000_000), BeforeValidator(whole)] | None = None

    def groups(self) -> Dragonfly:
        """Return the network for its counts, which are defined for any number of groups."""
        return Dragonfly(routers=needed(self.a, "a"), global_ports=needed(self.h, "h"), groups=needed(self.g, "g"))

    def routers(self) -> float:
        """Return the routers of all groups."""
        return float(needed(self.a, "a") * needed(self.g, "g"))

    def whole_graph(self) -> Dragonfly:
        """Return the network with one link between any two groups."""
        found = Dragonfly(routers=needed(self.a, "a"), global_ports=needed(self.h, "h"))
        if self.g not in (None, found.most_groups):
            message = f"one link between any two groups makes g {found.most_groups}, not {self.g}"
            raise CaseError(message)
        return found

    def minimal(self) -> float:
        """Return the share of injection over the only link to the next group."""
        return Dragonfly(
            routers=needed(self.a, "a"), global_ports=self.h or 1, hosts=needed(self.p, "p")
        ).adversarial_minimal

    def valiant(self) -> float:
        """Return the most of it by way of random groups."""
        return Dragonfly(
            routers=self.a or 1, global_ports=needed(self.h, "h"), hosts=needed(self.p, "p")
        ).adversarial_valiant


DRAGONFLY: CaseKind[DragonflyParams] = CaseKind(
    "dragonfly",
    DragonflyParams,
    {
        "routers": Quantity("count", lambda p: p.routers()),
        "endpoints": Quantity("count", lambda p: p.routers() * needed(p.p, "p")),
        "links": Quantity("count", lambda p: p.groups().closed_form()["links"]),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.whole_graph())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.whole_graph())),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.whole_graph())),
        "adversarial_minimal": Quantity("1", lambda p: p.minimal()),
        "adversarial_valiant_bound": Quantity("1", lambda p: p.valiant()),
    },
)


class XpanderParams(Params):
    """Links of a switch, and copies of the full mesh that is lifted."""

    d: Side
    lift: Side

    def topology(self) -> Xpander:
        """Return the network."""
        return Xpander(degree=self.d, lift=self.lift)


XPANDER: CaseKind[XpanderParams] = CaseKind(
    "xpander",
    XpanderParams,
    {
        "switches": Quantity("count", lambda p: measured.count(p.topology(), "terminals")),
        "links": Quantity("count", lambda p: measured.count(p.topology(), "links")),
    },
)


class JellyfishParams(Params):
    """Switches, links of each, and how many random graphs are averaged over."""

    n: Annotated[int, Field(ge=2, le=20_000), BeforeValidator(whole)]
    r: Side
    graphs: Annotated[int, Field(ge=1, le=1000), BeforeValidator(whole)] = 1

    def mean_hops(self) -> float:
        """Return the mean over graphs of seeds of their own.

        Raises:
            CaseError: There are too many, or too large ones.
        """
        if self.n**2 * self.r * self.graphs > SEARCHED_AT_RANDOM:
            message = f"{self.graphs} graphs of {self.n} switches take too long"
            raise CaseError(message)
        drawn = [Jellyfish(nodes=self.n, degree=self.r, seed=seed) for seed in range(self.graphs)]
        return sum(measured.mean_hops(each) for each in drawn) / self.graphs


JELLYFISH: CaseKind[JellyfishParams] = CaseKind(
    "jellyfish", JellyfishParams, {"mean_hops_avg": Quantity("hops", lambda p: p.mean_hops())}
)

Vertex: TypeAlias = Annotated[int, Field(ge=0, le=100_000), BeforeValidator(whole)]
Edge: TypeAlias = Annotated[tuple[Vertex, Vertex, Positive], Field(strict=False)]


class EdgeListParams(Params):
    """Any graph: the two vertices of each link and its capacity; the first vertices are terminals."""

    n: Annotated[int, Field(ge=2, le=100_000), BeforeValidator(whole)]
    edges: Annotated[tuple[Edge, ...], Field(strict=False, max_length=200_000)]
    terminals: Side | None = None

    def topology(self) -> EdgeList:
        """Return the graph."""
        return EdgeList(vertices=self.n, edges=self.edges, terminals=self.terminals)


EDGE_LIST: CaseKind[EdgeListParams] = CaseKind(
    "edge_list",
    EdgeListParams,
    {
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
        "allgather_algbw": Quantity("link", lambda p: measured.all_gather(p.topology()), units=("bit/s",)),
    },
)
