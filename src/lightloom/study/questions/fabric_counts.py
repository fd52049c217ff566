"""What a fabric is made of: switches and their ports, levels and how they narrow, cables by length and technology."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.fabric.fabric import Cables, Fabric, Item
from lightloom.fabric.portrait.island import Island, Rung
from lightloom.fabric.wiring import Domain, Wiring
from lightloom.photonics.product import LinkProduct

TECHNOLOGIES = {
    "direct-detection": "pluggable optics",
    "bidirectional": "pluggable optics, one fibre",
    "co-packaged": "co-packaged optics",
    "coherent": "coherent optics",
}
"""Kinds of link products that are called otherwise than their kind."""
_ROUNDING = 1e-6
CHASSIS = "chassis"
"""Word of an item whose count is of chips, several in a box."""


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """Switches of one tier of a network.

    Args:
        tier: ``leaf``, ``spine`` and so on.
        item: What a person calls them.
        product: Catalog name.
        boxes: How many; None inside nodes, where nobody counts them.
        chips: Switch chips of all boxes; None likewise, and for mirrors.
        ports: Of all boxes, those in use at the rate of their links and the others at the slowest of them; None where
            nodes have them or lines between sites.
        ports_used: Of them.
        in_node: Bought and powered with nodes.
    """

    tier: str
    item: str
    product: str
    boxes: int | None
    chips: int | None
    ports: int | None
    ports_used: int | None
    in_node: bool

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``switches``."""
        free = None if self.ports is None or self.ports_used is None else self.ports - self.ports_used
        return {**asdict(self), "ports_free": free}


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level of one island of a network.

    Args:
        domain: Where it is of.
        level: Its name.
        blocks: How many.
        endpoints: Of the fullest block.
        rate_bps: Of one cable up from it, one way; None where they differ.
        up_bytes_per_s: Upwards from the widest block, one way.
        oversubscription: Bandwidth into the most loaded block from below over that upwards; None for the lowest level
            and for a mesh.
        joined_by: ``switches``, ``circuits``, ``hybrid`` (both side by side) or ``mesh``; of endpoints that are joined
            to each other, ``host`` is what each sends in all.
        latency_s: Of crossing it one way; of a mesh, of one hop.
    """

    domain: Domain
    level: str
    blocks: int
    endpoints: int
    rate_bps: float | None
    up_bytes_per_s: float
    oversubscription: float | None
    joined_by: str
    latency_s: float


@dataclass(frozen=True, slots=True)
class CableRow:
    """Equal cables.

    Args:
        domain: Where.
        level: By its lower end.
        technology: Kind of the product at the ends.
        ends: Product at the lower and at the upper end.
        medium: ``copper``, ``fibre`` or ``board``.
        length_m: Of each.
        rate_bps: Of each, one way.
        count: How many; one through a circuit switch counts once.
        fibres: Of all.
    """

    domain: Domain
    level: str
    technology: str
    ends: tuple[str, str]
    medium: str
    length_m: float
    rate_bps: float
    count: int
    fibres: int

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``cables``."""
        return {**asdict(self), "ends": list(self.ends)}


def switch_rows(fabric: Fabric, domain: Domain, product: str, circuit_ports: Mapping[str, int]) -> Iterator[SwitchRow]:
    """Yield the switches of a network, lowest first.

    Args:
        fabric: Whose.
        domain: The network.
        product: Catalog name of those inside nodes.
        circuit_ports: Usable ports of circuit switches, by catalog name.
    """
    wiring = fabric.wiring
    vertices = _switches(wiring, domain)
    kinds = wiring.kind[vertices]
    items = [item for item in fabric.inventory if item.domain == domain]
    named = {item.level for item in items}
    for number in map(int, np.unique(kinds)):
        if wiring.kinds[number] not in named and domain != "scale_across":
            yield SwitchRow(wiring.kinds[number], "switch inside nodes", product, None, None, None, None, in_node=True)
    for item in items:
        if item.role == "packet-switch":
            own = vertices[[wiring.kinds[kind] == item.level for kind in kinds]]
            yield _packet(wiring, item, own, counted=domain != "scale_across")
        elif item.role == "circuit-switch":
            used = next(each.count for each in items if each.role == "circuit-port")
            ports = item.count * circuit_ports[item.product]
            yield SwitchRow(item.level, item.name, item.product, item.count, None, ports, used, in_node=False)


def _switches(wiring: Wiring, domain: Domain) -> Integers:
    """Return the vertices that cables of a network join and that are no endpoints."""
    own = np.array([where == domain for where, _ in wiring.levels], np.bool_)
    ends = np.unique(wiring.ends[own[wiring.level]])
    return ends[ends >= wiring.endpoints]


def one_stage(fabric: Fabric, island: Island, boxes: int) -> tuple[int, int]:
    """Return over how many switches an endpoint reaches others, the fewest and the median, where all are of one stage.

    Args:
        fabric: As built.
        island: Endpoints under switches that are one vertex of the wiring.
        boxes: Switches of all islands.
    """
    wiring = fabric.wiring
    each = boxes // len(_switches(wiring, island.domain))
    if fabric.failures is None:
        return each, each
    own = np.array([where == island.domain for where, _ in wiring.levels], np.bool_)[wiring.level]
    left = fabric.failures.share[own & np.isin(wiring.ends[:, 0], island.members)]
    return int(each * left.min() + _ROUNDING), int(each * float(np.median(left)) + _ROUNDING)


def _packet(wiring: Wiring, item: Item, vertices: Integers, *, counted: bool) -> SwitchRow:
    """Return switches that are vertices of the wiring, or of which several equal ones are one."""
    boxes = len(vertices) if CHASSIS in item.name else item.count
    ports = used = None
    if counted and len(vertices):
        each = boxes / len(vertices)
        ports = round(float(wiring.ports[vertices].sum()) * each)
        used = round(float(wiring.used_ports[vertices].sum()) * each)
    return SwitchRow(item.level, item.name, item.product, boxes, item.count, ports, used, in_node=False)


def level_rows(island: Island, cables: Cables, circuit_level: str, *, relays: bool) -> Iterator[LevelRow]:
    """Yield the levels of an island, lowest first.

    Args:
        island: Whose.
        cables: Of its fabric.
        circuit_level: Level whose blocks circuits join; empty without.
        relays: Whether its endpoints are joined to each other.
    """
    below: Rung | None = None
    for rung in island.rungs:
        circuits = island.circuits and rung.name == circuit_level
        above = "hybrid" if island.hybrid else "circuits"
        joined = "mesh" if relays or rung.mesh else above if circuits else "switches"
        yield LevelRow(
            domain=rung.domain,
            level=rung.name,
            blocks=len(rung.up),
            endpoints=int(rung.sizes.max()),
            rate_bps=cables.rate_bps(rung.domain, rung.name),
            up_bytes_per_s=float(rung.up.max()),
            oversubscription=_oversubscription(below, rung),
            joined_by=joined,
            latency_s=rung.mesh.hop if rung.mesh else rung.latency,
        )
        below = rung


def _oversubscription(below: Rung | None, rung: Rung) -> float | None:
    if below is None or rung.mesh:
        return None
    first = np.unique(below.block, return_index=True)[1]
    into = np.bincount(rung.block[first], weights=below.up, minlength=len(rung.up))
    working = rung.up > 0
    return float((into[working] / rung.up[working]).max()) if working.any() else None


def cable_rows(cables: Cables, products: Mapping[str, LinkProduct]) -> Iterator[CableRow]:
    """Yield the cables, level by level, those of one level by length."""
    table = cables.table
    for row in range(len(table)):
        kinds = dict.fromkeys(technology(products[name], table.medium[row]) for name in (table.a[row], table.b[row]))
        yield CableRow(
            domain=cables.domain[row],
            level=cables.level[row],
            technology=" to ".join(kinds),
            ends=(table.a[row], table.b[row]),
            medium=table.medium[row],
            length_m=float(table.length[row]),
            rate_bps=float(table.rate_bps[row]),
            count=int(table.count[row]),
            fibres=int(table.count[row] * table.fibres[row]),
        )


def technology(product: LinkProduct, medium: str) -> str:
    """Return what a link product is, in words."""
    if medium == "board":
        return "board or backplane"
    return TECHNOLOGIES.get(product.kind, product.kind.replace("-", " "))


def totals(fabric: Fabric, switches: Sequence[SwitchRow], circuit_ports: int) -> dict[str, int | float]:
    """Return the object ``totals``; what is inside nodes is not in it, but for cables."""
    table = fabric.cables.table
    packet = [row for row in switches if not row.in_node and row.chips]
    return {
        "switches": sum(row.boxes or 0 for row in packet),
        "switch_chips": sum(row.chips or 0 for row in packet),
        "ports": sum(row.ports or 0 for row in packet),
        "ports_used": sum(row.ports_used or 0 for row in packet),
        "circuit_switches": sum(item.count for item in fabric.inventory if item.role == "circuit-switch"),
        "circuit_ports": circuit_ports,
        "circuit_ports_used": sum(item.count for item in fabric.inventory if item.role == "circuit-port"),
        "cables": fabric.cables.links,
        "cable_m": float((table.count * table.length).sum()),
        "optical_ends": fabric.cables.modules,
        "fibres": fabric.cables.fibres,
    }
