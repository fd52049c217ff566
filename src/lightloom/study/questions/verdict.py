"""What a demand says in sentences: where copper ends, what lies beyond, and what the job asks for."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from lightloom.accounts.bands import Band
from lightloom.study.questions.copper import OPTICAL
from lightloom.study.questions.tiers import DomainTraffic, Tier
from lightloom.study.questions.wall import Cell, End, Lane, Site, cables_of


class Sized(Protocol):
    """A size of domain with its traffic."""

    @property
    def accelerators(self) -> int:
        """In a domain."""
        ...

    @property
    def traffic(self) -> DomainTraffic:
        """What the job would send."""
        ...


def sentences(
    lane_rate: float,
    site: Site,
    lanes: Sequence[Lane],
    cells: Sequence[Cell],
    ends: Sequence[End],
    domains: Sequence[Sized],
    tiers: Sequence[Tier],
    target: float,
) -> Iterator[str]:
    """Return the sentences, the first of them the answer in one.

    Args:
        lane_rate: The one told in full, bits/s.
        site: Racks.
        lanes: Copper by lane rate.
        cells: Sizes by lane rate.
        ends: Where copper ends.
        domains: Sizes with their traffic.
        tiers: Of the study's own network.
        target: Share of the step that a tier may add.
    """
    mine = [end for end in ends if end.lane_rate_bps == lane_rate]
    if mine:
        yield _end(site, mine[-1])
        if len(mine) > 1:
            yield _plain(mine[0])
    beyond = [each for each in cells if each.lane_rate_bps == lane_rate and each.copper.mid < 1]
    if beyond:
        yield _beyond(beyond[0])
    yield from _reaches(lanes)
    yield from _need(tiers, target)
    yield from _inside(domains)


def _end(site: Site, end: End) -> str:
    largest = round(end.domain.mid)
    racks = cables_of(site.room, largest).racks
    where = "one node" if racks == 0 else "one rack" if racks == 1 else f"{racks} racks"
    word = "Passive copper" if end.technology == "passive" else "Copper"
    return (
        f"{word} carries a whole scale-up domain of up to {largest:,} accelerators at {_lane(end.lane_rate_bps)} a "
        f"lane ({_span(end.domain)}): {where} of {site.rack_power / 1e3:.3g} kW."
    )


def _plain(end: End) -> str:
    return f"Without electronics in the cable, at {_lane(end.lane_rate_bps)} a lane, it carries {_counted(end.domain)}."


def _counted(band: Band) -> str:
    return f"{round(band.mid):,} ({_span(band)})"


def _span(band: Band) -> str:
    return f"{round(band.low):,} … {round(band.high):,}"


def _beyond(cell: Cell) -> str:
    optical = next((row for row in cell.rows if row.technology == OPTICAL), None)
    ports = f"{round(cell.optical_ports.mid):,} optical ports ({_span(cell.optical_ports)})"
    head = f"A domain of {cell.domain:,} needs {ports} at {_lane(cell.lane_rate_bps)} a lane"
    if optical is None or cell.watts is None or cell.usd is None:
        return f"{head}; the catalog holds no optics of that lane to price them."
    each = cell.watts.mid / cell.domain, cell.usd.mid / cell.domain
    return f"{head}: {each[0]:.3g} W and ${each[1]:,.0f} of cables for each accelerator."


def _reaches(lanes: Sequence[Lane]) -> Iterator[str]:
    known = [(lane.rate_bps, rung.reach) for lane in lanes for rung in lane.rungs if rung.technology == "passive"]
    if known:
        parts = [f"{reach.mid:.2g} m at {_lane(rate)}" for rate, reach in known]
        yield f"Loss at the Nyquist frequency lets passive copper close over {', '.join(parts)}."


def _need(tiers: Sequence[Tier], target: float) -> Iterator[str]:
    known = [tier for tier in tiers if tier.needed_bytes_per_s is not None and tier.installed_bytes_per_s is not None]
    for domain in ("scale_up", "scale_out"):
        mine = [tier for tier in known if tier.domain == domain]
        if mine:
            most = max(mine, key=lambda tier: tier.needed_bytes_per_s or 0.0)
            yield (
                f"For its {domain.replace('_', '-')} network to add no more than {100 * target:g} % to a step this job "
                f"needs {_rate(most.needed_bytes_per_s or 0.0)} an accelerator, the rest as it is; installed are "
                f"{_rate(most.installed_bytes_per_s or 0.0)}."
            )


def _inside(domains: Sequence[Sized]) -> Iterator[str]:
    """Say from which size on the domain holds nearly all that is sent."""
    first, last = domains[0], domains[-1]
    if first.traffic.scale_out.bytes_per_step <= 0:
        return
    for each in domains:
        inside, outside = each.traffic.scale_up.bytes_per_step, each.traffic.scale_out.bytes_per_step
        if inside / (inside + outside) > 0.95:
            saved = 1 - each.traffic.step_s / first.traffic.step_s
            shorter = (
                f", in a step {100 * saved:.0f} % shorter than with {first.accelerators:,}" if saved > 0.005 else ""
            )
            if each is not first:
                yield f"From {each.accelerators:,} accelerators on, the domain keeps 95 % of the bytes inside{shorter}."
            else:
                best = 1 - last.traffic.step_s / first.traffic.step_s
                yield (
                    f"A domain of {first.accelerators:,} already keeps 95 % of the bytes inside; the largest shown "
                    f"makes the step {100 * max(0.0, best):.1f} % shorter."
                )
            return


def _lane(rate: float) -> str:
    return f"{rate / 1e9:g} Gb/s"


def _rate(value: float) -> str:
    return f"{value / 1e9:.3g} GB/s"
