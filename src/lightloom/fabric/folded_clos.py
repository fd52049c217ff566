"""Folded Clos: what leaf-spine, fat tree and rail-optimised fabrics have in common."""

import math
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lightloom.catalog import products
from lightloom.core.errors import Fault, StudyError
from lightloom.core.figures import ShareFigure
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count, Duration, Ratio
from lightloom.fabric.fold import Boxes, Fold, Split, Stage, Unit, spread
from lightloom.fabric.fold_layout import CIRCUIT, lay_fold
from lightloom.fabric.links import LinkEnds, LinkPolicySpec, Links
from lightloom.fabric.tier_rates import Gauge, TierRates, rate_remarks, spoken
from lightloom.fabric.topology import Cards, CircuitEnds, Counts, Layout, Setting, Topology
from lightloom.fabric.transport import TransportUse
from lightloom.fabric.wiring import Domain

EVEN_SHARE = 0.5
"""Of the uplinks of a hybrid core, those to circuit switches unless a study says otherwise."""

_NOTHING = Stage(1, 1, 1, 1, Split.even(1))
"""In place of a tier that cannot be built, so that other faults are still found."""


class Oversubscription(Spec):
    """Bandwidth below a tier over bandwidth above it, at least 1; a scalar is that of the leaves.

    Capacities are compared, not counts, as links above may be of another rate than those below. Whole ports are used:
    never more than asked, sometimes less.

    Args:
        leaf: Of each leaf.
        aggregation: Of each aggregation switch.
    """

    leaf: Annotated[Ratio, Field(ge=1, le=1000)] = 1.0
    aggregation: Annotated[Ratio, Field(ge=1, le=1000)] = 1.0


class Core(Spec):
    """What the topmost switches are.

    Args:
        kind: ``packet`` switches, or optical ``circuit`` switches that join pods (with two levels: leaves) directly, or
            ``hybrid``: both, side by side.
        switch: Catalog name, of the circuit switch where there is one; left out: the fabric's own packet switch, or
            ``palomar``.
        circuit_share: Of a hybrid core, how much of the uplinks goes to circuit switches, in whole links; left out:
            half.
        receiver: Class of the receivers at the ends of circuits, a file of ``catalog/receivers``; left out: that of the
            link product chosen.
        outage: How long a changed circuit carries nothing, whoever brings it up; left out: by switch and receiver.
    """

    kind: Literal["packet", "circuit", "hybrid"] = "packet"
    switch: Annotated[str, Reference("switches", also="circuit-switches")] | None = None
    circuit_share: Annotated[Ratio, Field(gt=0, lt=1)] | None = None
    receiver: Annotated[str, Reference("receivers")] | None = None
    outage: Annotated[Duration, Field(ge=0)] | None = None


class Transport(Spec):
    """What carries data over the scale-out links.

    Args:
        kind: A file of ``catalog/transports``.
        job_lost_per_flap: Share of link flaps that cost the job; left out: what is known of the transport.
    """

    kind: Annotated[str, Reference("transports")] = "roce"
    job_lost_per_flap: ShareFigure | None = None


class FoldedClos(Topology, ABC):
    """Leaves, and one or two tiers above them.

    Args:
        levels: Tiers of switches, the circuit switches of a circuit core included.
        pod: Accelerators of a pod, with three levels; left out: as many as single switches can join.
        planes: Equal parallel networks; each endpoint's bandwidth is split evenly over them.
        oversubscription: Per level, named by its lower end.
        switch: Packet switch of every tier.
        core: The topmost switches: packet; circuit, which join pods or leaves directly; or hybrid, both side by side.
        chassis: Whether a box above the leaves may be a chassis of several chips where one has too few ports.
        links: Link products per level.
        link_rate: Of one cable, for all levels or per level, such as ``{host: 400 Gb/s, leaf: 800 Gb/s}``.
        link_policy: How ``auto`` chooses.
        transport: Protocol.
        cards: Network cards of a node that are on it; left out: those that fabrics beside it leave.
    """

    serves: ClassVar[tuple[Domain, ...]] = ("scale_out",)

    levels: Literal[2, 3] = 2
    pod: Annotated[Count, Field(ge=1)] | None = None
    planes: Annotated[Count, Field(ge=1, le=64)] = 1
    oversubscription: Annotated[Oversubscription, Principal("leaf")] = Oversubscription()
    switch: Annotated[str, Reference("switches")]
    core: Annotated[Core, Principal("kind")] = Core()
    chassis: bool = True
    links: Links = Links()
    link_rate: Annotated[TierRates, Principal("host", also=("leaf", "aggregation"))] = TierRates()
    link_policy: LinkPolicySpec = LinkPolicySpec()
    transport: Annotated[Transport, Principal("kind")] = Transport()
    cards: Cards | None = None

    @abstractmethod
    def unit(self, setting: Setting, most_hosts: int) -> Unit:
        """Return the smallest whole piece of the leaf tier.

        Args:
            setting: The cluster.
            most_hosts: Endpoints one leaf can take at the oversubscription asked for.
        """

    def hosts_asked(self) -> int | None:
        """Endpoints per leaf if the study states a number."""
        return None

    def ends(self, level: str) -> LinkEnds:
        """Products allowed at the two ends of a level's links."""
        return self.links.at(level)

    def cards_asked(self) -> int | None:
        """Network cards of a node that are on it, if the study states a number."""
        return self.cards

    def with_cards(self, cards: int) -> Topology:
        """Give each of an accelerator's network cards a plane of its own."""
        return self if cards == 1 else self.model_copy(update={"planes": self.planes * cards})

    @property
    def policy(self) -> LinkPolicySpec:
        """How links are chosen."""
        return self.link_policy

    @property
    def transport_use(self) -> TransportUse:
        """The transport named, with the study's own chance of a flap if it states one."""
        product = products.transport(self.transport.kind)
        return TransportUse(product, self.transport.job_lost_per_flap or product.lost_per_flap, self.planes)

    @property
    def circuit_ends(self) -> CircuitEnds:
        """As written under ``core``."""
        return CircuitEnds(self.core.receiver or "", self.core.outage)

    @property
    def core_product(self) -> str:
        """Catalog name of the topmost switches, of a hybrid core the packet switches."""
        if self.core.kind == "circuit":
            return self.circuit_product
        return self.switch if self.core.kind == "hybrid" else self.core.switch or self.switch

    @property
    def circuit_product(self) -> str:
        """Catalog name of the circuit switches, where there are any."""
        return self.core.switch or "palomar"

    def lay(self, setting: Setting) -> Layout:
        """Join the endpoints; see :class:`Topology`."""
        fold = self.fold(setting)
        return lay_fold(fold, setting, self, self.remarks(fold, setting))

    def counts(self, setting: Setting) -> Counts:
        """Count without wiring; see :class:`Topology`."""
        fold = self.fold(setting)
        switches = [("leaf", self.planes * fold.leaves)]
        cables = [("host", self.planes * setting.endpoints), ("leaf", self.planes * fold.leaves * fold.leaf_up)]
        if fold.aggregation:
            switches.append(("aggregation", self.planes * fold.pods * fold.aggregation.boxes))
            cables.append(("aggregation", self.planes * fold.pods * fold.pod_up))
        switches.append((self.top_name, self.planes * fold.top.boxes))
        if fold.mirrors:
            above, every = cables.pop()
            mirrored = self.planes * fold.pods * fold.pod_mirrors_up
            cables += [(above, every - mirrored), (CIRCUIT, mirrored)]
            switches.append((CIRCUIT, self.planes * fold.mirrors.boxes))
        return Counts(tuple(switches), tuple(cables))

    @property
    def top_name(self) -> str:
        """What the topmost tier is called."""
        if self.core.kind == "circuit":
            return CIRCUIT
        return "core" if self.levels == 3 else "spine"

    def fold(self, setting: Setting) -> Fold:
        """Return the whole numbers of one plane.

        Raises:
            StudyError: They do not exist; every fault.
        """
        gauge = self._gauge(setting)
        taper = self.oversubscription.leaf
        unfit = [*gauge.too_fast(setting.rate / self.planes)] or self._leaf_faults(gauge)
        if faults := [*self._meaningless(), *unfit]:
            raise StudyError(faults)
        boxes = gauge.boxes(0)
        unit = self.unit(setting, boxes.split.most_downlinks(taper))
        leaves = unit.leaves_for(setting.endpoints)
        up = boxes.split.uplinks(unit.hosts, taper)
        if self.levels == 2:
            top, faults = self._top(setting, gauge, blocks=leaves, block_up=up)
            fold = Fold(unit, gauge.rates, boxes.split, leaves, up, 1, leaves, None, 0, top)
        else:
            fold, faults = self._with_pods(setting, gauge, unit, leaves, up)
        if faults:
            raise StudyError(faults)
        return self._with_mirrors(setting, fold) if self.core.kind == "hybrid" else fold

    def _with_mirrors(self, setting: Setting, fold: Fold) -> Fold:
        """Return the fold with some of its uplinks at circuit switches.

        Raises:
            StudyError: Either kind would get none, or the blocks cannot meet in one circuit switch.
        """
        what = "pods" if self.levels == 3 else "leaves"
        some = round(fold.top_up * (self.core.circuit_share or EVEN_SHARE))
        if not 0 < some < fold.top_up:
            kind = "aggregation switch" if fold.aggregation else "leaf"
            message = f"of the {fold.top_up} uplinks of each {kind}, {some} would go to circuit switches"
            least, most = 1 / fold.top_up, 1 - 1 / fold.top_up
            hint = f"write between {least:.3g} and {most:.3g}" if fold.top_up > 1 else "write core: packet, or circuit"
            raise StudyError(Fault("core.circuit_share", message, hint))
        boxes = fold.aggregation.boxes if fold.aggregation else 1
        mirrors, faults = self._circuits(setting, what, fold.pods, boxes * some)
        gauge = self._gauge(setting)
        top, top_faults = self._top(setting, gauge, blocks=fold.pods, block_up=boxes * (fold.top_up - some))
        if faults := [*faults, *top_faults]:
            raise StudyError(faults)
        return replace(fold, top=top, mirrors=mirrors, mirrors_up=some)

    def _gauge(self, setting: Setting) -> Gauge:
        rates = self.link_rate.along(setting.rate / self.planes, self.levels)
        return Gauge(self.switch, setting.packet_ports(self.switch), self.link_rate, rates, self.chassis)

    def _meaningless(self) -> list[Fault]:
        faults: list[Fault] = []
        if self.levels == 2 and self.pod is not None:
            faults.append(Fault("pod", "a fabric of two levels has no pods", "write levels: 3, or pod: null"))
        if self.levels == 2 and self.oversubscription.aggregation != 1:
            faults.append(
                Fault(
                    "oversubscription.aggregation",
                    "a fabric of two levels has no aggregation tier",
                    "write levels: 3, or aggregation: null",
                )
            )
        if self.core.kind != "hybrid" and self.core.circuit_share is not None:
            message = f"a core of {self.core.kind} switches has no circuits beside packet switches"
            faults.append(Fault("core.circuit_share", message, "write kind: hybrid, or circuit_share: null"))
        if self.levels == 2 and self.link_rate.aggregation not in (None, self.link_rate.leaf):
            message = "a fabric of two levels has no aggregation tier"
            faults.append(Fault("link_rate.aggregation", message, "write levels: 3, or aggregation: null"))
        return faults

    def _leaf_faults(self, gauge: Gauge) -> list[Fault]:
        boxes, asked = gauge.boxes(0), self.oversubscription.leaf
        radix, split = boxes.radix, boxes.split
        if radix < 2:
            faster = "a faster switch or more planes" if radix < 1 else "a switch with more ports"
            message = f"'{self.switch}' offers {radix} ports of {spoken(gauge.rates[0])}"
            return [Fault("switch", message, f"choose {faster}")]
        most = split.most_downlinks(asked)
        hosts = self.hosts_asked()
        if hosts is None or hosts <= most or not most:
            return list(gauge.unsplit(0, asked))
        up = split.uplinks(hosts, asked)
        hint = f"write hosts_per_leaf: {most} at most"
        if spare := split.most_uplinks(hosts):
            hint += f", or oversubscription: {{leaf: {hosts / (spare * split.gear):.4g}}} at least"
        counted = f"{hosts + up} ports" if not boxes.port else f"as many as {split.taken(hosts, up)} of {boxes.port}"
        message = f"{hosts} endpoints and {up} uplinks are {counted}; '{self.switch}' has {radix}"
        return [Fault("hosts_per_leaf", message, hint)]

    def _with_pods(self, setting: Setting, gauge: Gauge, unit: Unit, leaves: int, up: int) -> tuple[Fold, list[Fault]]:
        taper, boxes = self.oversubscription.aggregation, gauge.boxes(1)
        if faults := [*gauge.unsplit(1, taper)]:
            raise StudyError(faults)
        most = boxes.split.most_downlinks(taper)
        leaves_per_pod, faults = self._leaves_per_pod(setting, unit, most)
        if self.pod is None:
            leaves_per_pod = min(leaves_per_pod, math.ceil(leaves / unit.leaves) * unit.leaves)
        pods = math.ceil(leaves / leaves_per_pod)
        count = min(math.ceil(leaves_per_pod * up / most), up)
        down = math.ceil(leaves_per_pod * up / count)
        lift = boxes.split.uplinks(down, taper)
        piece = unit.endpoints * setting.accelerators_per_endpoint
        largest = boxes.split.times(boxes.most_ports).most_downlinks(taper) // unit.leaves * piece
        asked = f"a pod of {leaves_per_pod // unit.leaves * piece} accelerators"
        limit = boxes.fault(boxes.split.taken(down, lift), "pod", asked, f"write pod: {largest} at most")
        top, top_faults = self._top(setting, gauge, blocks=pods, block_up=count * lift)
        stage, split = boxes.stage(count, down, lift), gauge.boxes(0).split
        fold = Fold(unit, gauge.rates, split, leaves, up, leaves_per_pod, pods, stage, lift, top)
        return fold, [*faults, *([limit] if limit else []), *top_faults]

    def _leaves_per_pod(self, setting: Setting, unit: Unit, most: int) -> tuple[int, list[Fault]]:
        if self.pod is None:
            return max(most // unit.leaves, 1) * unit.leaves, []
        piece = unit.endpoints * setting.accelerators_per_endpoint
        units = max(self.pod // piece, 1)
        if self.pod % piece == 0:
            return units * unit.leaves, []
        near = f"{self.pod // piece * piece} or " if self.pod > piece else ""
        message = (
            f"a pod of {self.pod} accelerators is not whole: it is made of pieces of {piece} "
            f"({unit.leaves} {'leaf' if unit.leaves == 1 else 'leaves'} of {unit.hosts} endpoints)"
        )
        hint = f"the nearest are {near}{(self.pod // piece + 1) * piece}"
        return units * unit.leaves, [Fault("pod", message, hint)]

    def _top(self, setting: Setting, gauge: Gauge, *, blocks: int, block_up: int) -> tuple[Stage, list[Fault]]:
        what = "pods" if self.levels == 3 else "leaves"
        if self.core.kind == "circuit":
            return self._circuits(setting, what, blocks, block_up)
        found = setting.packet_ports(self.core_product).at(gauge.rates[-1])
        if found < 2:
            message = f"'{self.core_product}' has no port as fast as the links"
            if found:
                message = f"'{self.core_product}' offers one port of {spoken(gauge.rates[-1])}"
            return _NOTHING, [Fault("core.switch", message, "choose a faster one")]
        boxes = Boxes(self.core_product, Split.even(found), self.chassis)
        count, ports = spread(blocks * block_up, block_up, boxes)
        key, hint = ("pod", "make pods larger") if self.levels == 3 else ("levels", "write levels: 3")
        fault = boxes.fault(ports, key, f"joining {blocks} {what}", hint)
        return boxes.stage(count, ports), [fault] if fault else []

    def _circuits(self, setting: Setting, what: str, blocks: int, block_up: int) -> tuple[Stage, list[Fault]]:
        ports = setting.circuit_ports(self.circuit_product)
        if blocks < 2:
            message = f"there is one of the {what} that circuits would join"
            return _NOTHING, [Fault("core", message, "make pods smaller, or write core: packet")]
        if blocks > ports:
            message = (
                f"{blocks} {what} cannot meet in one circuit switch: '{self.circuit_product}' has {ports} usable ports"
            )
            key, hint = ("pod", "make pods larger") if self.levels == 3 else ("levels", "write levels: 3")
            return _NOTHING, [Fault(key, message, hint)]
        gangs = math.ceil(block_up / (ports // blocks))
        return Stage(gangs, blocks * math.ceil(block_up / gangs), ports, 1, Split.even(ports)), []

    def remarks(self, fold: Fold, setting: Setting) -> tuple[str, ...]:
        """Say what was rounded or assumed."""
        found: list[str] = []
        asked = (self.oversubscription.leaf, self.oversubscription.aggregation)
        for name, wanted, built in zip(("leaf", "aggregation"), asked, fold.oversubscription, strict=True):
            if abs(built / wanted - 1) > 1e-6 and wanted >= 1:
                found.append(f"{name}: whole ports make the oversubscription {built:.4g}, asked for {wanted:g}")
        stages = [("aggregation", fold.aggregation, self.switch), (self.top_name, fold.top, self.core_product)]
        for name, stage, product in stages:
            if stage and stage.chips > 1:
                counted = "ports" if stage.split.gear == 1 else f"ports of {spoken(fold.rates[1])}"
                found.append(
                    f"{name}: boxes of {stage.ports} {counted} are chassis of {stage.chips} chips of '{product}' each, "
                    "two non-blocking stages, three chips passed"
                )
        found += rate_remarks(fold.rates, setting.rate / self.planes)
        if fold.aggregation and fold.leaves % fold.leaves_per_pod:
            found.append("the last pod has fewer leaves than the others but as many switches above them")
        if self.planes > 1:
            found.append(f"each endpoint's bandwidth is split evenly over {self.planes} equal planes")
        if setting.endpoints % fold.unit.endpoints:
            found.append("the last leaves have fewer endpoints than the others but as many uplinks")
        return tuple(found)
