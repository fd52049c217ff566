"""What stops the job, and how often: accelerators, hosts and software by a profile, the network link by link."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.accounts.bands import MID, Lever, Position, at
from lightloom.accounts.bill import JobShare
from lightloom.accounts.defaults import FailureProfile
from lightloom.core.arrays import Floats
from lightloom.core.provenance import Figure
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of, plain
from lightloom.photonics.parts import Fate, LinkParts, fates
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.reliability import PER_FIT
from lightloom.photonics.table import LinkTable

EDGE_LEVEL = "host"
"""Links whose hard failure cuts an accelerator's network card off; elsewhere traffic finds another way."""
EDGE_SWITCHES = frozenset({"leaf", "router"})
"""Switches that endpoints hang under."""
UNDER_EDGE = frozenset({"leaf", "mesh"})
"""Levels whose blocks are those switches."""


@dataclass(frozen=True, slots=True)
class Felt:
    """What the job feels of one failure.

    Args:
        chance: That one failure stops it, 0..1.
        key: Lever of it; empty where it is certain.
        title: What a person calls it.
    """

    chance: Figure
    key: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """Nodes that go away with a failure until it is mended.

    Args:
        repair: Time until they are back, s.
        key: Lever of it.
        title: What a person calls it.
        nodes: How many.
    """

    repair: Figure
    key: str = "repair"
    title: str = "repair time of a node"
    nodes: float = 1.0


ALWAYS = Felt(Figure(1.0, 1.0, 1.0, "derived", None, how="the counts are of stops of the job already"))


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why the job stops.

    Args:
        item: What fails.
        count: How many of it the job depends on.
        fit: Failures of one, per 1e9 h, with its band; ``weight`` of them are of this cause.
        felt: What the job feels of one failure of one of them.
        key: Lever of ``fit``; causes that share it err together.
        title: What a person calls that lever; left out: the failure rate of ``item``.
        away: Nodes that go with it; None where it needs no repair, or another way is found.
        group: The kind of thing it is one of; empty if it stands alone.
        together: How many fail at once, each felt by itself.
        weight: Failures of this cause for one of ``fit``: its share of them, over how many fail at once.
    """

    item: str
    count: float
    fit: Figure
    felt: Felt
    key: str
    title: str = ""
    away: Away | None = None
    group: str = ""
    together: float = 1.0
    weight: float = 1.0

    def chance(self, position: Position = MID) -> float:
        """Chance that one such failure stops the job, 0..1."""
        return 1.0 - (1.0 - at(self.felt.chance, self.felt.key, position)) ** self.together

    def rate(self, position: Position = MID) -> float:
        """Stops of the job by this cause, 1/s."""
        failures = self.count * self.weight * at(self.fit, self.key, position)
        return failures * self.chance(position) * PER_FIT

    def away_nodes(self, position: Position = MID) -> float:
        """Nodes away for its sake on average, were the job never to wait."""
        if self.away is None:
            return 0.0
        return self.rate(position) * self.away.nodes * at(self.away.repair, self.away.key, position)


def causes(
    fabric: Fabric, profile: FailureProfile, share: JobShare, *, links: Mapping[str, LinkProduct], parts: LinkParts
) -> tuple[Cause, ...]:
    """List what may stop the job.

    Links inside nodes are part of the accelerators' rate. A hard failure at the edge (a host's link, a first switch)
    costs a node its network, until someone has come; a flap anywhere, and a failure further up, is mostly ridden out by
    retransmission and other paths: how often not is the transport's. Over several planes a transport of many paths
    rides out the loss of a host's link as well. What fails as one (the ports of an external laser, of an engine) stops
    the job once, and an engine takes the box it is in with it.

    Args:
        fabric: Its links, switches and transport.
        profile: Everything else.
        share: The job's part.
        links: Link products by name.
        parts: How their hard failures are shared out.

    Leaves out: circuit switches, for which no field data was found; failures of power and cooling of many nodes at
    once; silent corruption that stops nothing.
    """
    networks = [_Network(alone(fabric, name), profile, share, links, parts, name) for name in fabric.fabrics]
    of_node = Away(profile.repair)
    return (
        Cause("accelerators", share.accelerators, profile.accelerator, ALWAYS, "fit accelerator", away=of_node),
        Cause("hosts", share.accelerators, profile.host, ALWAYS, "fit host", away=of_node),
        Cause("software and unknown", share.accelerators, profile.software, ALWAYS, "fit software"),
        *(cause for network in networks for cause in network.switches()),
        *(cause for network in networks for cause in network.links_of_levels()),
    )


@dataclass(frozen=True, slots=True)
class _Network:
    """Causes of one scale-out fabric's own; the main one speaks for scale-up and scale-across as well."""

    fabric: Fabric
    profile: FailureProfile
    share: JobShare
    links: Mapping[str, LinkProduct]
    parts: LinkParts
    name: str = ""

    def switches(self) -> Iterator[Cause]:
        """Packet switches, those at the edge apart."""
        for edge in (True, False):
            count = self._switch_count(edge=edge)
            if count:
                of = f" of {self.name}" if self.name else ""
                item = f"{'first switches' if edge else 'switches above'}{of}"
                yield Cause(
                    item,
                    count * self.share.billed,
                    self.profile.packet_switch,
                    self._edge("scale_out") if edge else self._flap("scale_out"),
                    "fit switch",
                    title="failure rate of packet switches",
                    away=self._box_away("scale_out") if edge and not self._spares_edge("scale_out") else None,
                    group="packet switches",
                )

    def links_of_levels(self) -> Iterator[Cause]:
        """Hard failures and flaps of every level's links, by the products at their ends."""
        cables = self.fabric.cables
        table = cables.table
        rows: dict[tuple[str, str, str, str], list[int]] = {}
        for row in range(len(table)):
            own = fabric_of(cables.level[row]) == self.name
            if own and not table.part_of_node[row] and table.count[row]:
                place = cables.domain[row], cables.level[row], table.a[row], table.b[row]
                rows.setdefault(place, []).append(row)
        for (domain, level, a, b), some in rows.items():
            ends = a if a == b else f"{a} to {b}"
            title = f"{domain.replace('_', '-')} {level} links ({ends})"
            count = float(table.count[some].sum()) * self.share.billed
            yield from self._hard(title, domain, level, (a, b), count, _rate(table, some, "hard_fit"))
            yield Cause(
                f"{title}, flaps",
                count,
                _rate(table, some, "flap_fit"),
                self._flap(domain),
                f"flap_fit {ends}",
                title=f"flap rate of links ({ends})",
                group="links, flaps",
            )

    def _hard(
        self, title: str, domain: str, level: str, ends: tuple[str, str], count: float, fit: Figure
    ) -> Iterator[Cause]:
        a, b = ends
        both = a if a == b else f"{a} to {b}"
        edge = plain(level) == EDGE_LEVEL
        for fate in fates(self.links[a], self.links[b], self.parts):
            alone = fate.ports == 1.0
            yield Cause(
                f"{title}, hard failures" if alone else f"{title}, hard failures ({fate.what})",
                count,
                fit,
                self._edge(domain) if edge else self._flap(domain),
                f"hard_fit {both}",
                title=f"hard failure rate of links ({both})",
                away=self._away(fate, domain) if edge else None,
                group="links, hard failures",
                together=fate.ports,
                weight=fate.share / fate.ports,
            )

    def _edge(self, domain: str) -> Felt:
        """A host's link is cut: the job stops unless messages can leave it for other planes."""
        return self._flap(domain) if self._spares_edge(domain) else self._cut()

    def _spares_edge(self, domain: str) -> bool:
        transport = self.fabric.transport
        return domain == "scale_out" and transport is not None and transport.spares_edge

    def _cut(self) -> Felt:
        title = "chance that a host's link or first switch stops the job"
        return Felt(self.profile.lost_per_edge_failure, "lost_per_edge_failure", title)

    def _flap(self, domain: str) -> Felt:
        """By the transport; links of a scale-up domain have none, and the profile speaks for them."""
        transport = None if domain == "scale_up" else self.fabric.transport
        if transport is None:
            return Felt(self.profile.lost_per_flap, "lost_per_flap", "chance that a link's flap stops the job")
        name = transport.product.name
        return Felt(transport.lost_per_flap, f"lost_per_flap {name}", f"chance that a flap stops the job over {name}")

    def _away(self, fate: Fate, domain: str) -> Away | None:
        """Nodes cut off until it is mended; none where they go on over other planes."""
        if self._spares_edge(domain):
            return None
        if fate.attendant == "box":
            return self._box_away(domain)
        repair = self.parts.repair(fate.attendant)
        return Away(repair, f"repair {fate.attendant}", f"time to repair a link's {fate.attendant}", fate.ports)

    def _box_away(self, domain: str) -> Away:
        nodes = self._nodes_of_first_switch() if domain == "scale_out" else self._nodes_of_domain()
        return Away(self.parts.repair_box, "repair box", "time to swap a switch", nodes)

    def _switch_count(self, *, edge: bool) -> int:
        return sum(
            item.count
            for item in self.fabric.inventory
            if item.role == "packet-switch"
            and item.domain != "scale_up"
            and (plain(item.level) in EDGE_SWITCHES) == edge
        )

    def _nodes_of_first_switch(self) -> float:
        """Nodes with a link to one first switch, on average; all of them where one switch joins the cluster."""
        for level in self.fabric.levels:
            if level.domain == "scale_out" and plain(level.name) in UNDER_EDGE:
                each = self.share.per_node
                whole = np.pad(
                    level.block, (0, -len(level.block) % each), mode="edge"
                )  # a node not full adds no switch
                switches = np.sort(whole.reshape(-1, each), axis=1)
                links = len(switches) + np.count_nonzero(np.diff(switches, axis=1))
                return links / np.count_nonzero(np.bincount(level.block))
        return float(self.share.cluster_nodes)

    def _nodes_of_domain(self) -> float:
        """Nodes of one scale-up domain, on average."""
        domains = len(np.unique(self.fabric.scale_up_domain))
        return max(1.0, self.share.cluster_nodes / domains)


def _rate(table: LinkTable, rows: list[int], column: str) -> Figure:
    """Failures of one link with their band, mean over rows of one pair of products."""
    columns: tuple[Floats, ...] = tuple(getattr(table, f"{column}{end}") for end in ("", "_low", "_high"))
    value, low, high = (float(np.average(each[rows], weights=table.count[rows])) for each in columns)
    return Figure(value, low, high, "derived", None, how="both ends of the link; their bands move together")


def stop_rate(listed: tuple[Cause, ...], position: Position = MID) -> float:
    """Stops of the job by all causes, 1/s."""
    return sum(cause.rate(position) for cause in listed)


def failure_levers(listed: tuple[Cause, ...], *, repairs: bool = False) -> tuple[Lever, ...]:
    """Figures the rate depends on that have a band.

    Args:
        listed: Causes.
        repairs: Whether to list times to repair as well: only where the job can run out of spares.
    """
    levers: dict[str, Lever] = {}
    for cause in listed:
        levers.setdefault(cause.key, Lever(cause.key, cause.title or f"failure rate of {cause.item}", cause.fit))
        if cause.felt.key:
            levers.setdefault(cause.felt.key, Lever(cause.felt.key, cause.felt.title, cause.felt.chance))
        if repairs and cause.away:
            away = cause.away
            levers.setdefault(away.key, Lever(away.key, away.title, away.repair))
    return tuple(lever for lever in levers.values() if lever.figure.low < lever.figure.high)
