"""What a job asks of each tier of the network: bytes a step, and the bandwidth at which the tier hardly shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.network import Network
from lightloom.engine.reach import Reach, measure
from lightloom.engine.traffic import load
from lightloom.fabric.ideal import ideal
from lightloom.study.design import Design
from lightloom.study.timing import Run, again

_OCTAVES = 20.0
"""Bandwidths are sought within this many doublings and halvings of the one installed."""

_ROUNDS, _PARTS = 2, 64
"""How often that interval is parted, and in how many: within a per cent in bandwidth."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier, per accelerator and one way.

    Args:
        domain: ``scale_up`` or ``scale_out``.
        level: Named by its lower end.
        bytes_per_step: Sent upwards across it by an average accelerator.
        bytes_per_s: The same spread over the whole step: no less will do.
        needed_bytes_per_s: Bandwidth at which the step is as much longer than without this tier as the target allows;
            None for circuits, whose bandwidth is set by the demand itself.
        installed_bytes_per_s: What there is, shared out evenly; None likewise.
    """

    domain: str
    level: str
    bytes_per_step: float
    bytes_per_s: float
    needed_bytes_per_s: float | None
    installed_bytes_per_s: float | None

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``tiers``."""
        return {
            "domain": self.domain,
            "level": self.level,
            "bytes_per_step": self.bytes_per_step,
            "bytes_per_s": self.bytes_per_s,
            "needed_bytes_per_s": self.needed_bytes_per_s,
            "installed_bytes_per_s": self.installed_bytes_per_s,
        }


@dataclass(frozen=True, slots=True)
class DomainTraffic:
    """What the job would send were its scale-up domain of another size.

    Args:
        accelerators: In a domain.
        step_s: The step, with the bandwidths installed and nothing oversubscribed.
        scale_up: Within domains.
        scale_out: Between them.
    """

    accelerators: int
    step_s: float
    scale_up: Tier
    scale_out: Tier


def tiers(design: Design, part: Run, target: float) -> tuple[Tier, ...]:
    """Return every tier of the design's network.

    Args:
        design: Where.
        part: The job's step on it.
        target: Share of the step that a tier may add.
    """
    levels = design.fabric.levels
    world = design.scenario.job.accelerators
    installed = {
        f"{level.domain}.{level.name}": float(level.up.sum()) / design.fabric.shape.accelerators for level in levels
    }
    return _tiers(design, part, part.reach, [installed.get(name) for name in part.reach.levels], target, world)


def by_domain(design: Design, part: Run, sizes: Sequence[int], target: float) -> tuple[DomainTraffic, ...]:
    """Return what the job would send with scale-up domains of other sizes, on networks that never block.

    Ranks keep their order and start at the first accelerator of a domain. A domain larger than the job holds all of it.
    """
    shape, world, stack = design.fabric.shape, design.scenario.job.accelerators, design.scenario.stack
    outside = shape.nic_bandwidth * shape.nics_per_node / shape.accelerators_per_node
    found: dict[int, DomainTraffic] = {}
    for size in sizes:
        held = min(size, world)
        if held not in found:
            reach = measure(ideal(shape, domain=held), world, part.groups.keys)
            inner, outer = _tiers(design, part, reach, [shape.scale_up_bandwidth, outside], target, world)
            step = float(again(design, part, Network.on(reach, part.groups, stack)).time[0])
            found[held] = DomainTraffic(size, step, inner, outer)
    return tuple(
        DomainTraffic(size, found[held].step_s, found[held].scale_up, found[held].scale_out)
        for size, held in ((size, min(size, world)) for size in sizes)
    )


def _tiers(
    design: Design, part: Run, reach: Reach, installed: Sequence[float | None], target: float, world: int
) -> tuple[Tier, ...]:
    network = Network.on(reach, part.groups, design.scenario.stack)
    sent = load(part.uses, network, 1).crossing[0]
    step = float(again(design, part, network).time[0])
    found: list[Tier] = []
    for index, (name, there) in enumerate(zip(reach.levels, installed, strict=True)):
        domain, _, level = name.partition(".")
        factor = _least_speed(design, part, reach, index, target) if sent[index] > 0 and world > 1 else 0.0
        needed = None if there is None else factor * there
        found.append(Tier(domain, level, float(sent[index]), float(sent[index]) / step, needed, there))
    return tuple(found)


def _least_speed(design: Design, part: Run, reach: Reach, index: int, target: float) -> float:
    """Return the least factor on a level's bandwidth that lengthens the step by no more than the target."""

    def times(factors: Floats) -> Floats:
        many = len(factors)
        speed = np.ones((many, len(reach.levels)))
        speed[:, index] = factors
        stack = design.scenario.stack
        network = Network.under(reach, part.groups, stack, speed=speed, latency=np.ones(many))
        return again(design, part, network, rows=many).time

    return least(times, float(times(np.array([np.inf]))[0]) * (1 + target))


def least(falling: Callable[[Floats], Floats], allowed: float) -> float:
    """Return the least positive factor at which a falling function is no more than allowed; 0 if any will do.

    >>> round(least(lambda factors: 1.0 + 0.5 / factors, 1.1), 1)
    5.0
    """
    low, high = -_OCTAVES, _OCTAVES
    for _ in range(_ROUNDS):
        edges = np.linspace(low, high, _PARTS + 1)
        place = int(np.argmax(np.append(falling(2.0 ** edges[:-1]) <= allowed, np.True_)))
        if place == 0:
            return 0.0
        low, high = edges[place - 1 : place + 1].tolist()
    return float(2.0**high)
