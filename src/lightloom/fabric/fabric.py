"""A built fabric: levels that funnel traffic, the cables under them, what was bought, what circuits may join."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.fabric.labels import fabric_of
from lightloom.fabric.routing.routing import Ground, Routing
from lightloom.fabric.transport import TransportUse
from lightloom.fabric.wiring import Domain, Wiring
from lightloom.photonics.links import LinkTable

Role: TypeAlias = Literal[
    "node",
    "nic",
    "packet-switch",
    "circuit-switch",
    "circuit-port",
    "line-amplifier",
    "multiplexer-port",
    "fibre-route",
]


@dataclass(frozen=True, slots=True)
class ClusterShape:
    """What of the cluster the fabric has to join.

    Args:
        accelerators: All of them, spares included.
        accelerators_per_node: In one node.
        nics_per_node: Scale-out network cards in one node.
        nic_bandwidth: One network card, bytes/s one way.
        scale_up_bandwidth: All scale-up links of one accelerator, bytes/s one way.
    """

    accelerators: int
    accelerators_per_node: int
    nics_per_node: int
    nic_bandwidth: float
    scale_up_bandwidth: float

    @property
    def nodes(self) -> int:
        """Nodes, the last one perhaps not used in full."""
        return -(-self.accelerators // self.accelerators_per_node)


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """Blocks of a level joined to each other without a switch above, so that they relay what others send.

    Args:
        ground: Vertices, the blocks of one part first; links, their capacity in bytes/s one way. Equal parts that are
            not joined to each other (scale-up domains) share one such graph: block b is terminal ``b % terminals``.
        routing: How traffic is led over it.
        hop: What one link adds one way, s: its cable, and the switch at its end.
        broken: Parts of which something has failed, by number, each with what is left of it.
    """

    ground: Ground
    routing: Routing
    hop: float
    broken: tuple[tuple[int, Ground], ...] = ()

    def part(self, number: int) -> Ground:
        """Return what works of one of the equal parts."""
        return dict(self.broken).get(number, self.ground)


RAIL = "rail"
"""Level of a scale-out network whose blocks no switch joins: nothing crosses it."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """A place where traffic is funnelled upwards, named by its lower end.

    Traffic from x to y inside one scale-up domain uses only scale-up levels. Otherwise it leaves x's and enters y's
    block at scale-out ``host``, and likewise at every higher level at which the two blocks differ, sites included.

    Args:
        domain: ``scale_up``, ``scale_out`` or ``scale_across``.
        name: ``host``, ``leaf``, ``aggregation``, ``rail``, ``mesh``, ``site``; of a fabric beside the main one
            ``experts/leaf``.
        block: (accelerators,) the lower-end element each accelerator hangs under.
        up: (blocks,) bytes/s one way from each block upwards, as much downwards, all planes together.
        latency: What crossing this level adds one way, s: cables up and down, the switch above, and the switch below on
            the way down (the one on the way up is counted by the level beneath). 0 for a mesh, which counts its hops.
        mesh: How its blocks are joined, where it is to each other; None where switches above join them.
    """

    domain: Domain
    name: str
    block: Integers
    up: Floats
    latency: float
    mesh: Mesh | None = None

    @property
    def fabric(self) -> str:
        """The fabric beside the main one that it is of; empty for any other level."""
        return fabric_of(self.name)


@dataclass(frozen=True, slots=True, eq=False)
class Cables:
    """Every class of equal links, with the level it serves.

    Args:
        domain: Per row of ``table``.
        level: Per row of ``table``.
        table: Counts, lengths, products, losses, watts, prices.
    """

    domain: tuple[Domain, ...]
    level: tuple[str, ...]
    table: LinkTable

    @property
    def links(self) -> int:
        """Links in all."""
        return int(self.table.count.sum())

    @property
    def modules(self) -> int:
        """Optical ends: two of every link over fibre."""
        return 2 * int(self.table.count[np.array(self.table.medium) == "fibre"].sum())

    @property
    def fibres(self) -> int:
        """Fibres from end to end; one through a circuit switch counts once."""
        return int((self.table.count * self.table.fibres).sum())

    def rows(self, domain: Domain, level: str) -> Integers:
        """Rows of one level."""
        pairs = zip(self.domain, self.level, strict=True)
        return np.array([row for row, pair in enumerate(pairs) if pair == (domain, level)], np.int64)

    def rate_bps(self, domain: Domain, level: str) -> float | None:
        """Rate of one cable of a level, one way; None where its cables differ, or it has none."""
        rates = np.unique(self.table.rate_bps[self.rows(domain, level)])
        return float(rates[0]) if len(rates) == 1 else None


@dataclass(frozen=True, slots=True)
class Item:
    """Devices bought for the fabric, one row per place they serve in.

    Args:
        name: What a person calls it, such as ``leaf switch``.
        product: Catalog name.
        role: What kind of device.
        count: How many.
        domain: Where it serves.
        level: The tier it is: ``leaf``, ``spine``, ``aggregation``, ``core``, ``scale-up``.
    """

    name: str
    product: str
    role: Role
    count: int
    domain: Domain
    level: str


@dataclass(frozen=True, slots=True, eq=False)
class CircuitSpace:
    """What circuit switches can join: any port of any block with any port of any other.

    Args:
        level: Name of the level whose blocks are joined: ``aggregation`` for pods, ``leaf`` for leaves.
        blocks: How many blocks.
        ports_per_block: Ports of each block; a circuit takes one at either end.
        bandwidth: One circuit, bytes/s one way.
        switch: Catalog name of the circuit switch.
        switches: How many of them.
        outage: (regime, seconds) for which a changed circuit carries nothing; regimes its receivers know.
        packet: (blocks,) bytes/s one way of each block to packet switches that join the same blocks; None without such.
    """

    level: str
    blocks: int
    ports_per_block: int
    bandwidth: float
    switch: str
    switches: int
    outage: tuple[tuple[str, float], ...]
    packet: Floats | None = None

    def outage_s(self, regime: str) -> float:
        """Seconds a changed circuit carries nothing, in a regime."""
        return dict(self.outage)[regime]


@dataclass(frozen=True, slots=True)
class Beside:
    """A scale-out fabric beside the main one.

    Args:
        name: In front of its levels' names.
        cards: Network cards of a node that are on it.
        carries: Groups of ranks whose traffic between scale-up domains goes over it.
        transport: What carries messages over its links; None where nothing is known of it.
    """

    name: str
    cards: int
    carries: tuple[str, ...]
    transport: TransportUse | None


_FEW = 6
"""Names shown of what failed."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What has failed of one network, by the names on labels.

    Args:
        domain: Which.
        switches: Labels.
        links: Labels of cables.
        fabric: Which scale-out fabric; empty for the main one, and for other domains.
    """

    domain: Domain
    switches: Sequence[str]
    links: Sequence[str]
    fabric: str = ""

    @property
    def words(self) -> str:
        """The first names and how many there are.

        >>> Broken("scale_out", ["leaf-003"], ["out-host-0017", "out-host-0018"]).words
        '1 switch (leaf-003) and 2 cables (out-host-0017, out-host-0018)'
        """
        parts: list[str] = []
        for labels, word in ((self.switches, "switch"), (self.links, "cable")):
            more = f" and {len(labels) - _FEW:,} more" if len(labels) > _FEW else ""
            many = word if len(labels) == 1 else f"{word}es" if word.endswith("ch") else f"{word}s"
            parts += [f"{len(labels):,} {many} ({', '.join(labels[:_FEW])}{more})"] if labels else []
        return " and ".join(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Failures:
    """Switches and cables that do not work, though they are there.

    Args:
        share: (edges,) share of each row of the wiring that works.
        working: The wiring without what does not, a part of a cable counted as one.
        broken: What has failed, network by network.
    """

    share: Floats
    working: Wiring
    broken: tuple[Broken, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Fabric:
    """A cluster's networks as built; immutable.

    Args:
        shape: What was to be joined.
        scale_up_domain: (accelerators,) scale-up domain of each.
        levels: Scale-up host first, then scale-out host, leaf, aggregation, those of fabrics beside it, and
            scale-across site as far as they exist.
        cables: Classes of equal links.
        inventory: Devices, without nodes and what they contain.
        circuit_space: What circuits can join; None without circuit switches.
        coordinates: (name, (accelerators,)) for node, rack, rail, leaf, pod, site as far as they exist.
        wiring: Vertices and edges of both domains; vertex i < accelerators is accelerator i.
        assumptions: What was assumed or rounded, as text for the reader.
        transport: What carries messages over the scale-out links; None without such, or where nothing is known of it.
        beside: Further scale-out fabrics.
        failures: What of it does not work; None where all does. All else but levels and circuits is as bought.
        seats: (accelerators,) accelerator each of these is, where the ranks of a job number them; None where they are
            numbered as built.
    """

    shape: ClusterShape
    scale_up_domain: Integers
    levels: tuple[Level, ...]
    cables: Cables
    inventory: tuple[Item, ...]
    circuit_space: CircuitSpace | None
    coordinates: tuple[tuple[str, Integers], ...]
    wiring: Wiring
    assumptions: tuple[str, ...]
    transport: TransportUse | None = None
    failures: Failures | None = None
    seats: Integers | None = None

    @property
    def working(self) -> Wiring:
        """The wiring without what has failed."""
        return self.failures.working if self.failures else self.wiring

    beside: tuple[Beside, ...] = ()

    def carrier(self, group: str) -> str:
        """Return the fabric that carries a group's traffic between scale-up domains; empty for the main one."""
        return next((each.name for each in self.beside if group in each.carries), "")

    @property
    def fabrics(self) -> tuple[str, ...]:
        """Every scale-out fabric, the main one first, under an empty name."""
        return ("", *(each.name for each in self.beside))

    def cards(self, name: str) -> int:
        """Return how many network cards of a node are on a fabric."""
        others = {each.name: each.cards for each in self.beside}
        return others.get(name, self.shape.nics_per_node - sum(others.values()))

    def coordinate(self, name: str) -> Integers:
        """(accelerators,) One coordinate by name; raises KeyError if the fabric has no such."""
        return dict(self.coordinates)[name]
