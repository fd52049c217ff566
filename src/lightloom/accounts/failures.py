"""What stops the job, and how often: accelerators, hosts and software by a profile, the network link by link."""

from collections.abc import Iterator
from dataclasses import dataclass

from lightloom.accounts.bands import MID, Lever, Position, at
from lightloom.accounts.bill import JobShare
from lightloom.accounts.defaults import FailureProfile
from lightloom.core.provenance import Figure
from lightloom.fabric.fabric import Fabric

PER_FIT = 1e-9 / 3600.0
"""1/s of one failure in 1e9 hours."""

EDGE_LEVEL = "host"
"""Links whose hard failure cuts an accelerator's network card off; elsewhere traffic finds another way."""
EDGE_SWITCH = "leaf"


FELT_TITLES = {
    "lost_per_flap": "chance that a link's flap stops the job",
    "lost_per_edge_failure": "chance that a host's link or first switch stops the job",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why the job stops.

    Args:
        item: What fails.
        count: How many of it the job depends on.
        fit: Failures of one, per 1e9 h, with its band.
        felt: Chance that one failure stops the job, 0..1.
        key: Lever of ``fit``.
        felt_key: Lever of ``felt``.
        repaired: The node goes away for repair.
        group: The kind of thing it is one of; empty if it stands alone.
    """

    item: str
    count: float
    fit: Figure
    felt: Figure
    key: str
    felt_key: str
    repaired: bool = False
    group: str = ""

    def rate(self, position: Position = MID) -> float:
        """Stops of the job by this cause, 1/s."""
        return self.count * at(self.fit, self.key, position) * at(self.felt, self.felt_key, position) * PER_FIT


_ALWAYS = Figure(1.0, 1.0, 1.0, "derived", None, how="the counts are of stops of the job already")


def causes(fabric: Fabric, profile: FailureProfile, share: JobShare) -> tuple[Cause, ...]:
    """List what may stop the job.

    Links inside nodes are part of the accelerators' rate. A hard failure at the edge (a host's link, a first switch)
    costs a node its network; a flap anywhere, and a failure further up, is mostly ridden out by retransmission and
    other paths: both stop the job with the profile's ``lost_per_flap``.

    Leaves out: circuit switches, for which no field data was found; failures of power and cooling of many nodes at
    once; silent corruption that stops nothing.
    """
    return (
        Cause("accelerators", share.accelerators, profile.accelerator, _ALWAYS, "fit accelerator", "", repaired=True),
        Cause("hosts", share.accelerators, profile.host, _ALWAYS, "fit host", "", repaired=True),
        Cause("software and unknown", share.accelerators, profile.software, _ALWAYS, "fit software", ""),
        *_switches(fabric, profile, share),
        *_cables(fabric, profile, share),
    )


def _switches(fabric: Fabric, profile: FailureProfile, share: JobShare) -> Iterator[Cause]:
    for edge in (True, False):
        count = sum(
            item.count
            for item in fabric.inventory
            if item.role == "packet-switch" and item.domain == "scale_out" and (item.level == EDGE_SWITCH) == edge
        )
        if count:
            felt, key = _felt(profile, edge=edge)
            item = "first switches" if edge else "switches above"
            yield Cause(
                item, count * share.billed, profile.packet_switch, felt, "fit switch", key, group="packet switches"
            )


def _cables(fabric: Fabric, profile: FailureProfile, share: JobShare) -> Iterator[Cause]:
    table = fabric.cables.table
    rows = [row for row in range(len(table)) if not table.part_of_node[row] and table.count[row]]
    places = dict.fromkeys((fabric.cables.domain[row], fabric.cables.level[row]) for row in rows)
    for domain, level in places:
        at_level = [row for row in rows if (fabric.cables.domain[row], fabric.cables.level[row]) == (domain, level)]
        count = float(table.count[at_level].sum())
        title = f"{domain.replace('_', '-')} {level} links"
        edge, edge_key = _felt(profile, edge=level == EDGE_LEVEL)
        for what, column, felt, felt_key in (
            ("hard failures", table.hard_fit, edge, edge_key),
            ("flaps", table.flap_fit, profile.lost_per_flap, "lost_per_flap"),
        ):
            mean = float((table.count[at_level] * column[at_level]).sum() / count)
            fit = Figure(mean, mean, mean, "derived", None, how="both ends of the links, mean over the level")
            key = f"fit {domain} {level} {what}"
            yield Cause(f"{title}, {what}", count * share.billed, fit, felt, key, felt_key, group=f"links, {what}")


def _felt(profile: FailureProfile, *, edge: bool) -> tuple[Figure, str]:
    if edge:
        return profile.lost_per_edge_failure, "lost_per_edge_failure"
    return profile.lost_per_flap, "lost_per_flap"


def stop_rate(listed: tuple[Cause, ...], position: Position = MID) -> float:
    """Stops of the job by all causes, 1/s."""
    return sum(cause.rate(position) for cause in listed)


def failure_levers(listed: tuple[Cause, ...]) -> tuple[Lever, ...]:
    """Figures the rate depends on that have a band."""
    levers: dict[str, Lever] = {}
    for cause in listed:
        levers[cause.key] = Lever(cause.key, f"failure rate of {cause.item}", cause.fit)
        if cause.felt_key:
            levers[cause.felt_key] = Lever(cause.felt_key, FELT_TITLES[cause.felt_key], cause.felt)
    return tuple(lever for lever in levers.values() if lever.figure.low < lever.figure.high)
