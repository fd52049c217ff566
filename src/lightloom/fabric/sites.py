"""Sites joined: channels judged and counted, borders, amplifiers and fibre listed, the level that data crosses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import CatalogError, Fault, StudyError
from lightloom.devices.line_system import LineSystem
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.fabric.across import ACROSS, BORDER_LEVEL, SITE_LEVEL, ScaleAcross
from lightloom.fabric.cabling import joined
from lightloom.fabric.domain import Network, Site
from lightloom.fabric.fabric import Cables, Item, Level
from lightloom.fabric.line import Line, budget, judge, spans_of
from lightloom.fabric.parts import unknown
from lightloom.fabric.shelf import Shelf
from lightloom.fabric.topology import Tier
from lightloom.fabric.wiring import Wiring
from lightloom.photonics.kinds.coherent import Coherent
from lightloom.photonics.links import LinkPolicy, LinkRequest, LinkTable, choose

Product = TypeVar("Product")


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """What joins the sites.

    Args:
        level: That data crosses.
        cables: Up to the borders, then the lines.
        items: Switches, amplifiers, multiplexers, fibre.
        remarks: What was assumed, as text for the reader.
    """

    level: Level
    cables: Cables
    items: tuple[Item, ...]
    remarks: tuple[str, ...]


def join_sites(spec: ScaleAcross, site: Site, network: Network) -> Across:
    """Build what joins equal sites.

    Args:
        spec: As the study writes it; without faults of :func:`sites_fault`.
        site: One site, for its products.
        network: The scale-out network of one site.

    Raises:
        StudyError: It cannot be built as written; every fault, keys relative to ``fabric``.
    """
    top = network.layout.tiers[-1]
    chosen = _chosen(spec, site, top)
    line = _line(spec, chosen)
    table = _line_table(spec, chosen.module, line)
    borders = _border_table(spec, site, chosen)
    return Across(
        level=_level(spec, site, chosen, borders, table),
        cables=Cables((ACROSS, ACROSS), (BORDER_LEVEL, SITE_LEVEL), joined([borders, table])),
        items=_items(spec, chosen, line),
        remarks=_remarks(spec, line),
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Products by the names the study gives.

    Args:
        module: At both ends of every channel.
        system: What carries them.
        border: Switch of a site's border.
        hub: Switch in the middle.
        top: Topmost switch of a site.
        tier: Where that stands.
    """

    module: Coherent
    system: LineSystem
    border: PacketSwitch
    hub: PacketSwitch
    top: PacketSwitch
    tier: Tier

    @property
    def cable_bps(self) -> float:
        """Rate of a cable up to the border: a channel's, or the topmost switches' fastest port."""
        return min(self.module.rate.value, 8.0 * self.top.port_rate.value)

    @property
    def cables_each(self) -> int:
        """Such cables for one channel."""
        return int(np.ceil(self.module.rate.value / self.cable_bps * (1.0 - 1e-9)))


def _chosen(spec: ScaleAcross, site: Site, tier: Tier) -> _Chosen:
    """Return the products; every fault of finding them."""
    faults: list[Fault] = []
    module = site.links.get(spec.module)
    if not isinstance(module, Coherent):
        known = sorted(name for name, product in site.links.items() if isinstance(product, Coherent))
        message = f"'{spec.module}' is no coherent module"
        faults.append(Fault("scale_across.module", message, f"known: {', '.join(known)}"))
    system = _found(site.parts.line_system, spec.line, "line", faults)
    border = _found(site.parts.packet_switch, spec.border, "border", faults)
    hub = _found(site.parts.packet_switch, spec.hub or spec.border, "hub" if spec.hub else "border", faults)
    if not isinstance(module, Coherent) or system is None or border is None or hub is None:
        raise StudyError(dict.fromkeys(faults))
    if spec.required_osnr is not None:
        module = Coherent.model_validate({**dict(module), "required_osnr": f"{spec.required_osnr} dB"})
    asked = [("border", border, 2, "choose a faster one")]
    if spec.topology == "hub":
        asked.append(("hub" if spec.hub else "border", hub, spec.sites, "choose one with more ports"))
    faults = [
        Fault(f"scale_across.{key}", f"'{switch.name}' has {ports} ports of {module.rate.value * 1e-9:g} Gb/s", hint)
        for key, switch, least, hint in asked
        if (ports := _radix(switch, module.rate.value)) < least
    ]
    if faults:
        raise StudyError(dict.fromkeys(faults))
    return _Chosen(module, system, border, hub, site.parts.packet_switch(tier.product), tier)


def _found(find: Callable[[str], Product], name: str, key: str, faults: list[Fault]) -> Product | None:
    try:
        return find(name)
    except CatalogError as error:
        faults += unknown(error, f"scale_across.{key}")
    return None


def _radix(switch: PacketSwitch, rate_bps: float) -> int:
    return int(switch.radix_at(rate_bps / 8.0))


def _line(spec: ScaleAcross, chosen: _Chosen) -> Line:
    """Return one fibre pair as full as any: wavelengths are dealt out evenly over as many pairs as they take."""
    spans = spec.spans or spans_of(spec.distance or 0.0, chosen.system.span_length.value)
    try:
        most = Line.of(chosen.module, chosen.system, spans, spacing=spec.spacing).channels
        pairs = -(-spec.wavelengths // most)
        channels = -(-spec.wavelengths // pairs)
        return Line.of(chosen.module, chosen.system, spans, channels=channels, spacing=spec.spacing, launch=spec.launch)
    except StudyError as error:
        raise StudyError(_rekeyed(fault) for fault in error.faults) from None


def _rekeyed(fault: Fault) -> Fault:
    if fault.key == "module" and "required osnr" in fault.message:
        return replace(fault, key="scale_across.required_osnr", hint="state it, such as required_osnr: 26 dB")
    return replace(fault, key=f"scale_across.{fault.key}")


def _pairs(spec: ScaleAcross, line: Line) -> int:
    """Fibre pairs of one route."""
    return -(-spec.wavelengths // line.channels)


def _line_table(spec: ScaleAcross, module: Coherent, line: Line) -> LinkTable:
    """Return the channels as a row of links: judged by noise, their fibre billed apart."""
    policy = LinkPolicy(spec.link_policy.mode, spec.link_policy.margin, spec.link_policy.allow)
    request = LinkRequest(
        length=line.length,
        rate_bps=module.rate.value,
        count=spec.wavelengths * spec.routes,
        a=(module.name,),
        b=(module.name,),
        connectors=None,
        where="scale_across.module",
    )
    row = choose([request], policy, {module.name: module})
    verdict = judge(line, policy)
    nothing = frozen(np.zeros(1))
    return replace(
        row,
        reason=(verdict.reason,),
        closes=frozen(np.array([verdict.closes])),
        closes_spec=frozen(np.array([verdict.closes_spec])),
        margin_spec_db=frozen(np.array([verdict.margin_spec_db])),
        margin_mean_db=frozen(np.array([verdict.margin_mean_db])),
        margin_sigma_db=frozen(np.array([verdict.margin_sigma_db])),
        closes_share=frozen(np.array([verdict.closes_share])),
        latency=frozen(np.array([float(line.quality().delay) + 2.0 * module.latency.value])),
        price_medium_usd=nothing,
        price_medium_usd_low=nothing,
        price_medium_usd_high=nothing,
        stated=(budget(line),),
    )


def _border_table(spec: ScaleAcross, site: Site, chosen: _Chosen) -> LinkTable:
    """Return the cables of all sites from their topmost switches to the border."""
    rate_bps = chosen.cable_bps
    shelf = Shelf(
        {name: product for name, product in site.links.items() if not isinstance(product, Coherent)},
        spec.link_policy,
        ACROSS,
    )
    a, faults_a = shelf.allowed(spec.link.a, "link.a", rate_bps)
    b, faults_b = shelf.allowed(spec.link.b, "link.b", rate_bps)
    faults = [*faults_a, *(faults_b if spec.link.b != spec.link.a else [])]
    if faults:
        raise StudyError(faults)
    request = LinkRequest(
        length=spec.in_site,
        rate_bps=rate_bps,
        count=spec.wavelengths * chosen.cables_each * spec.sites,
        a=a,
        b=b,
        connectors=spec.link_policy.connectors,
        where=f"{ACROSS}.link",
        temperature=spec.link_policy.temperature,
    )
    return choose(
        [request], LinkPolicy(spec.link_policy.mode, spec.link_policy.margin, spec.link_policy.allow), site.links
    )


def _level(spec: ScaleAcross, site: Site, chosen: _Chosen, borders: LinkTable, lines: LinkTable) -> Level:
    """Return the level above pods: from topmost switch to topmost switch of another site.

    One way it adds the cables to both borders, both border switches, the line (both, and the hub), and the second
    topmost switch; the first is counted by the level beneath.
    """
    block = np.repeat(np.arange(spec.sites), site.shape.accelerators)
    bandwidth = spec.wavelengths * chosen.module.rate.value / 8.0
    switches = 2.0 * chosen.border.latency.value + chosen.tier.hops * chosen.top.latency.value
    flight = float(lines.latency[0])
    if spec.topology == "hub":
        flight = 2.0 * flight + chosen.hub.latency.value
    latency = 2.0 * float(borders.latency[0]) + switches + flight
    return Level(ACROSS, SITE_LEVEL, frozen(block), frozen(np.full(spec.sites, bandwidth)), latency)


def _items(spec: ScaleAcross, chosen: _Chosen, line: Line) -> tuple[Item, ...]:
    """Return devices of all sites and routes; pairs of fibre by the kilometre begun."""
    channels, sites, rate_bps = spec.wavelengths, spec.sites, chosen.module.rate.value
    tops = sites * _boxes(channels * chosen.cables_each, _radix(chosen.top, chosen.cable_bps))
    borders = sites * _boxes(channels, _radix(chosen.border, rate_bps) // 2)
    pairs = _pairs(spec, line) * spec.routes
    kilometres = int(np.ceil(pairs * line.length / 1e3 - 1e-9))
    tier, system = chosen.tier.name, chosen.system.name
    found = [
        Item(f"{tier} switch for the border", chosen.top.name, "packet-switch", tops, ACROSS, tier),
        Item("border switch", chosen.border.name, "packet-switch", borders, ACROSS, BORDER_LEVEL),
        Item("line amplifier", system, "line-amplifier", pairs * line.amplifiers, ACROSS, SITE_LEVEL),
        Item("multiplexer port", system, "multiplexer-port", 2 * channels * spec.routes, ACROSS, SITE_LEVEL),
        Item("fibre pair, a kilometre", system, "fibre-route", kilometres, ACROSS, SITE_LEVEL),
    ]
    if spec.topology == "hub":
        hubs = _boxes(channels * sites, _radix(chosen.hub, rate_bps))
        found.append(Item("hub switch", chosen.hub.name, "packet-switch", hubs, ACROSS, "hub"))
    return tuple(found)


def _boxes(ports: int, each: int) -> int:
    return -(-ports // each)


def _remarks(spec: ScaleAcross, line: Line) -> tuple[str, ...]:
    pairs = _pairs(spec, line)
    way = "from each site to the hub" if spec.topology == "hub" else "between the sites"
    told = (
        f"scale-across: {spec.wavelengths} wavelengths {way} over {pairs} fibre pair{'s' if pairs > 1 else ''} of "
        f"{line.length / 1e3:g} km, {line.channels} lit on the fullest, {line.launch_dbm:.1f} dBm each; one route only"
    )
    left_out = (
        "scale-across: fibre cuts and failures of amplifiers are left out, and so is what congestion control loses "
        "over the long round trip"
    )
    return told, left_out


def wire_sites(wiring: Wiring, spec: ScaleAcross, across: Across, top: str, first_row: int) -> Wiring:
    """Return the graph of all sites with their borders and what joins them.

    The line between two sites is a vertex with a leg to each, as circuit switches are; a link is two legs. The topmost
    switches get as many ports more as the border takes: their switches are counted in the inventory.

    Args:
        wiring: Of all sites, nothing joining them.
        spec: As the study writes it.
        across: What joins them.
        top: Kind of the topmost switches.
        first_row: Row of the fabric's cables at which those of ``across`` begin.
    """
    sites, channels = np.arange(spec.sites), spec.wavelengths
    links = int(across.cables.table.count[0]) // spec.sites
    uppers = [np.flatnonzero((wiring.kind == wiring.kinds.index(top)) & (wiring.site == site)) for site in sites]
    dealt = [links // len(each) + (np.arange(len(each)) < links % len(each)) for each in uppers]
    border, middle = wiring.vertices + sites, wiring.vertices + spec.sites
    ports, group = wiring.ports.copy(), wiring.group.copy()
    for site, (each, more) in enumerate(zip(uppers, dealt, strict=True)):
        ports[each] += more
        group[each] = site
    ends = np.concatenate(
        [np.stack([each, np.full(len(each), border[site])], axis=1) for site, each in enumerate(uppers)]
        + [np.stack([border, np.full(spec.sites, middle)], axis=1)]
    )
    cables = len(ends) - spec.sites
    level = len(wiring.levels) + np.repeat([0, 1], [cables, spec.sites])
    rate = np.repeat(across.cables.table.rate_bps / 8.0, [cables, spec.sites])

    def longer(values: Integers, *added: Integers | list[int]) -> Integers:
        return frozen(np.concatenate([values, *(np.asarray(each, np.int64) for each in added)]))

    return replace(
        wiring,
        kinds=(*wiring.kinds, BORDER_LEVEL, spec.topology),
        kind=longer(wiring.kind, np.full(spec.sites, len(wiring.kinds)), [len(wiring.kinds) + 1]),
        site=longer(wiring.site, sites, [0]),
        rack=longer(wiring.rack, int(wiring.rack.max()) + 1 + np.arange(spec.sites + 1)),
        group=longer(group, sites, [-1]),
        ports=longer(ports, np.full(spec.sites, links + channels), [spec.sites * channels]),
        levels=(*wiring.levels, (ACROSS, BORDER_LEVEL), (ACROSS, SITE_LEVEL)),
        ends=frozen(np.concatenate([wiring.ends, ends])),
        multiplicity=longer(wiring.multiplicity, *dealt, np.full(spec.sites, channels)),
        level=longer(wiring.level, level),
        plane=longer(wiring.plane, np.zeros(len(ends), np.int64)),
        link_class=longer(wiring.link_class, first_row + np.repeat([0, 1], [cables, spec.sites])),
        rate=frozen(np.concatenate([wiring.rate, rate])),
    )
