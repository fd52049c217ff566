"""A fabric in sentences, and what was taken as given or left out, from the answer's own numbers."""

from collections.abc import Iterator, Mapping
from typing import Any

from lightloom.fabric.fabric import Broken
from lightloom.fabric.labels import plain

_PREFIXES = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"))

NETWORKS = {"scale_up": "Scale-up", "scale_out": "Scale-out", "scale_across": "Scale-across"}


def sentences(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield the answer in sentences, what there is first."""
    totals, cluster = answer["totals"], answer["cluster"]
    parts = [f"{network['topology']} {_joins(network)}" for network in answer["networks"]]
    count = totals["circuit_switches"]
    circuits = f", {count:,} circuit {'switch' if count == 1 else 'switches'}" if count else ""
    yield (
        f"{cluster['accelerators']:,} accelerators: {'; '.join(parts)}; in all {totals['switches']:,} packet switches "
        f"outside nodes{circuits} and {totals['cables']:,} links."
    )
    for network in answer["networks"]:
        yield _network(network)
        if network["failed"]:
            yield _failed(network)
    cost, power = answer["cost"], answer["power"]
    share = f", {power['optics_w'] / power['w']:.0%} of it for optics" if power["w"] else ""
    yield (
        f"Without nodes and network cards it costs ${cost['usd']:,.0f} (${cost['usd_per_accelerator']:,.0f} an "
        f"accelerator) and draws {power['w'] / 1e3:,.4g} kW ({power['w_per_accelerator']:,.3g} W){share}."
    )


def _title(network: Mapping[str, Any]) -> str:
    """Return what a network is called."""
    fabric = network["fabric"]
    return f"{NETWORKS[network['domain']]} {fabric}" if fabric else NETWORKS[network["domain"]]


def _joins(network: Mapping[str, Any]) -> str:
    count = network["islands"]
    each = f"{network['endpoints']:,} {network['endpoint']}s"
    name = _title(network).lower()
    return f"({name}) of {each}" if count == 1 else f"({name}), {count:,} times {each}"


def _network(network: Mapping[str, Any]) -> str:
    hops, a2a = network["hops"], network["all_to_all"]
    rate, routed = a2a["bytes_per_s_per_accelerator"], a2a["routed"]
    floor = "at least " if network["bisection"]["how"] == "bound" else ""
    most = "at most " if a2a["how"] == "bound" else ""
    under = ""
    if routed and routed["bytes_per_s_per_accelerator"] < rate * (1 - 1e-6):
        under = f" ({bandwidth(routed['bytes_per_s_per_accelerator'])} under {routed['routing']})"
    links = "1 hop" if hops["diameter"] == 1 else f"{hops['diameter']} hops"
    return (
        f"{_title(network)}: {links} at most, {hops['mean']:.3g} on the mean; {floor}"
        f"{bandwidth(network['bisection']['bytes_per_s'])} between halves; all-to-all gives an accelerator {most}"
        f"{bandwidth(rate)}{under}, limited by {limit_words(a2a['limited_by'])}."
    )


def _failed(network: Mapping[str, Any]) -> str:
    """Return what has failed of a network."""
    failed, lost = network["failed"], network["failed"]["cut_off"]
    words = Broken(network["domain"], failed["switches"], failed["links"]).words
    many = "1 accelerator is" if lost == 1 else f"{lost:,} accelerators are"
    gone = f"{many} cut off and left out" if lost else "nobody is cut off"
    return f"{_title(network)}: {words or 'something below'} failed; {gone}."


def limit_words(level: str) -> str:
    """Return what limits, in words.

    >>> limit_words("scale_out.experts/leaf"), limit_words("scale_up.host")
    ('what leaves a leaf', "the endpoints' own links")
    """
    name = plain(level.partition(".")[2])
    named = {
        "host": "the endpoints' own links",
        "mesh": "links of the mesh",
        "aggregation": "what leaves a pod",
        "site": "the lines between sites",
    }
    return named.get(name, f"what leaves a {name}")


def bandwidth(value: float) -> str:
    """Return bytes/s with a prefix.

    >>> bandwidth(8.96e13), bandwidth(5e10)
    ('89.6 TB/s', '50 GB/s')
    """
    factor, prefix = next(((f, p) for f, p in _PREFIXES if value >= f), (1.0, ""))
    return f"{value / factor:.4g} {prefix}B/s"


def assumptions(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield how figures were taken."""
    yield (
        "Hops count links between endpoints, those of hosts included; the two legs through a circuit switch or a line "
        "between sites are one. Of several equal islands one is told."
    )
    yield (
        "Ways are sequences of switches, parallel cables between two switches being one; ways apart share no cable, "
        "and start and end at the first switches."
    )
    yield "A scale-up domain's switches of one stage are one vertex; where they are known, each is a way of its own."
    yield (
        "All-to-all is what every accelerator sends while all send equally to all others. All-gather is bytes gathered "
        "over time, all-reduce a reduce-scatter and an all-gather one after the other; neither multicast nor reduction "
        "in switches."
    )
    yield (
        "'exact' is the best that any routing reaches; a 'bound' is one from above, of a bisection one from below; "
        "'routing' is what the study's routing makes of it. Flows are spread ideally: no collisions, no protocol."
    )
    if any(
        level["joined_by"] in {"circuits", "hybrid"} for network in answer["networks"] for level in network["levels"]
    ):
        yield "Circuits are taken to be wherever traffic asks for them; real ones are whole, and set at a time."
    if any(network["hops"]["how"] == "sampled" for network in answer["networks"]):
        yield "Hops and ways of the largest network are counted from evenly spaced endpoints."
    if any(network["failed"] for network in answer["networks"]):
        yield (
            "What has failed is bought, powered and counted; hops, ways and bandwidths are of what is left, and of "
            "those whom failures do not cut off. Of several islands one is told in which something has failed."
        )
    yield "Latency is that of cables and switches, unloaded, without software."
    yield "Dollars and watts leave out network cards and switches inside nodes, and the facility."
