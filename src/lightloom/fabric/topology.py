"""What a topology is: its part of a study file, and from it the wiring of a cluster of any size."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Field

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Spec
from lightloom.core.units import Count
from lightloom.fabric.failed.spec import FailedSpec
from lightloom.fabric.links import LinkEnds, LinkPolicySpec
from lightloom.fabric.routing.routing import Ground, Routing
from lightloom.fabric.transport import TransportUse
from lightloom.fabric.wiring import Domain, Wiring

Cards: TypeAlias = Annotated[Count, Field(ge=1, le=1000)]


@dataclass(frozen=True, slots=True)
class Ports:
    """Ports of a packet switch.

    Args:
        fastest: Its fastest port, bytes/s one way.
        at: How many ports it offers at a rate, bytes/s one way; 0 above the fastest.
    """

    fastest: float
    at: Callable[[float], int]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a topology is told of the cluster and of its switches.

    Args:
        endpoints: What is to be joined: network cards (scale-out) or accelerators (scale-up).
        endpoints_per_node: Of one node.
        accelerators_per_endpoint: How many share one endpoint.
        nodes_per_rack: Nodes in a rack.
        rate: One endpoint, bytes/s one way.
        packet_ports: Catalog name to the ports of such a packet switch.
        circuit_ports: Catalog name to the usable ports of such a circuit switch.
        domain: What the endpoints are joined as.
    """

    endpoints: int
    endpoints_per_node: int
    accelerators_per_endpoint: int
    nodes_per_rack: int
    rate: float
    packet_ports: Callable[[str], Ports]
    circuit_ports: Callable[[str], int]
    domain: Domain = "scale_out"

    @classmethod
    def plain(
        cls,
        endpoints: int,
        radix: int,
        *,
        per_node: int = 1,
        nodes_per_rack: int = 1,
        circuit_ports: int = 128,
        domain: Domain = "scale_out",
        fastest: float = 1.0,
    ) -> Self:
        """Return a setting for counting: endpoints of 1 byte/s, switches of so many such ports.

        Of slower ports they have more, of faster ones, up to the fastest in bytes/s, fewer.
        """
        ports = Ports(fastest, lambda rate: int(radix / rate) if rate <= fastest else 0)
        return cls(
            endpoints=endpoints,
            endpoints_per_node=per_node,
            accelerators_per_endpoint=1,
            nodes_per_rack=nodes_per_rack,
            rate=1.0,
            packet_ports=lambda _product: ports,
            circuit_ports=lambda _product: circuit_ports,
            domain=domain,
        )

    @property
    def endpoints_per_rack(self) -> int:
        """Endpoints of the nodes in one rack."""
        return self.endpoints_per_node * self.nodes_per_rack


@dataclass(frozen=True, slots=True)
class Tier:
    """Switches of one tier.

    Args:
        name: ``leaf``, ``spine``, ``aggregation``, ``core``, ``circuit``, ``scale-up``: the kind of their vertices.
        product: Catalog name.
        boxes: How many, all planes together.
        chips: Switch chips in a box: 1, or those of a chassis.
        hops: Chips a packet passes in a box: 1, or 3 in a chassis.
        in_node: Part of the nodes, bought and powered with them.
    """

    name: str
    product: str
    boxes: int
    chips: int = 1
    hops: int = 1
    in_node: bool = False


@dataclass(frozen=True, slots=True)
class Circuits:
    """What a topology leaves to circuit switches.

    Args:
        level: Level whose blocks are joined.
        blocks: How many.
        ports_per_block: Ends of links each block offers, all planes together.
        product: Catalog name of the circuit switch.
        fixed: Whether they are set once for what the topology is, and no scheduler sets them.
        links: Level of the links to circuit switches, where packet switches join the blocks of ``level`` too; empty
            where circuits join them alone.
    """

    level: str
    blocks: int
    ports_per_block: int
    product: str
    fixed: bool = False
    links: str = ""

    @property
    def cables(self) -> str:
        """Level of the links that pass circuit switches."""
        return self.links or self.level


@dataclass(frozen=True, slots=True)
class CircuitEnds:
    """What a study says of a change of circuits, instead of what the products chosen say.

    Args:
        receiver: Class of receivers, a catalog name; empty for that of the link product.
        outage: How long a changed circuit carries nothing, s; None where it follows from switch and receivers.
    """

    receiver: str = ""
    outage: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """A topology's closed-form counts, from its parameters alone.

    Args:
        switches: (tier, boxes) from the lowest up, all planes together.
        cables: (level, cables) from the lowest up, all planes together; legs to circuit switches count one each.
    """

    switches: tuple[tuple[str, int], ...]
    cables: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class MeshLayout:
    """How the blocks of the topmost level are joined to each other.

    Args:
        ground: Vertices and links of one part, capacities in bytes/s one way.
        routing: How traffic is led over it.
    """

    ground: Ground
    routing: Routing


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A topology applied to a cluster.

    Args:
        wiring: Vertices and edges; not yet on a floor.
        blocks: (level name, (endpoints,)) block of each endpoint, lowest level first, in step with ``wiring.levels``.
        island: (endpoints,) the connected part each endpoint is in, from 0: its scale-up domain.
        coordinates: (name, (endpoints,)) such as rail and pod.
        tiers: Switches from the lowest up; ``tiers[i]`` stands above level i, without boxes where nothing does.
        circuits: What circuit switches join; None without.
        assumptions: What was rounded or assumed.
        mesh: How the topmost level's blocks are joined to each other; None where switches above join them.
        lengths: (edges,) lengths that are known whatever the floor, m, NaN where it decides; None if it decides all.
    """

    wiring: Wiring
    blocks: tuple[tuple[str, Integers], ...]
    island: Integers
    coordinates: tuple[tuple[str, Integers], ...]
    tiers: tuple[Tier, ...]
    circuits: Circuits | None
    assumptions: tuple[str, ...]
    mesh: MeshLayout | None = None
    lengths: Floats | None = None


class Topology(Spec, ABC):
    """One way to join endpoints; a subclass is one file of ``fabric/topologies`` and one line of its registry.

    A subclass declares ``topology: Literal["its-kind"]`` beside ``kind``, so that the study's union knows it.

    Args:
        failed: Switches and cables that do not work, though they are there.
    """

    kind: ClassVar[str]
    serves: ClassVar[tuple[Domain, ...]]

    failed: FailedSpec | None = None

    @abstractmethod
    def lay(self, setting: Setting) -> Layout:
        """Join the endpoints of a cluster.

        Raises:
            StudyError: It cannot be done; every fault, keys relative to the topology's own section.
        """

    @abstractmethod
    def counts(self, setting: Setting) -> Counts:
        """Count switches and cables without wiring them; the same refusals as :meth:`lay`."""

    @classmethod
    @abstractmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Small, odd and whole cases on which the laws are tried."""

    @abstractmethod
    def ends(self, level: str) -> LinkEnds:
        """Products allowed at the two ends of a level's links."""

    def link_key(self, level: str) -> str:
        """Key of those products in the topology's section of a study, for faults."""
        return f"links.{level}"

    @property
    @abstractmethod
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""

    @property
    def transport_use(self) -> TransportUse | None:
        """What carries messages over its links; None for a scale-up domain, whose links do by themselves."""
        return None

    @property
    def circuit_ends(self) -> CircuitEnds:
        """What the study says of the ends of circuits, where there are any."""
        return CircuitEnds()

    def cards_asked(self) -> int | None:
        """Network cards of a node that are on it, if the study states a number."""
        return None

    def with_cards(self, cards: int) -> "Topology":
        """Return the topology for endpoints of several network cards each.

        Raises:
            StudyError: It has no place for more than one.
        """
        if cards > 1:
            message = f"'{self.kind}' has no place for {cards} network cards of one accelerator"
            raise StudyError(Fault("topology", message, "choose a topology of several planes, such as clos"))
        return self

    def wire(self, setting: Setting) -> Wiring:
        """Return the wiring alone."""
        return self.lay(setting).wiring
