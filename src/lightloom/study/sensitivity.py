"""Which resource binds, what one per cent more of each would do, and what hides those that would do nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from lightloom.engine.network import Network
from lightloom.engine.reach import CIRCUIT
from lightloom.engine.roofline import Cost
from lightloom.engine.traffic import Load
from lightloom.fabric.across import ACROSS
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of, labelled
from lightloom.study.design import Design
from lightloom.study.timing import Run, again
from lightloom.workload.program import Group

_STEP = 0.01
"""Relative change for elasticities."""

_RATES = ("arithmetic", "memory", "host")
"""Of the accelerator and its host, in the words of :meth:`lightloom.engine.hardware.Hardware.sped_up`."""

_NOTHING = 1e-3
"""Share of the step below which a resource is called hidden."""

_WAITS_FOR_INPUT = ("everything but storage: the step waits for its input, so only faster reading makes it shorter.",)

_GROUPS: dict[str, tuple[Group, ...]] = {
    "tensor": (Group.TENSOR,),
    "context": (Group.CONTEXT,),
    "pipeline": (Group.PIPELINE,),
    "expert": (Group.EXPERT,),
    "data": (Group.DATA, Group.EXPERT_DATA),
}


@dataclass(frozen=True, slots=True)
class Balance:
    """Who sets the pace of one step.

    Args:
        binding: The resource with the largest share.
        shares: Share of the step by resource; they sum to one.
        elasticity: Per cent more tokens a second for a per cent more of each resource; where there are sites,
            ``scale_across_bandwidth`` is a part of ``scale_out_bandwidth``, and so is that of each fabric beside the
            main one, under its name.
        level_gain: Seconds that would vanish were one level of the network infinitely fast, by ``domain.level``;
            circuits together with the level they join.
        hidden: For each resource that would gain nothing, what hides it.
        scale_out_busy: Seconds of collectives bound by the network between scale-up domains, were none hidden.
        scale_out_exposed: Seconds of the step that wait for them.
    """

    binding: str
    shares: Mapping[str, float]
    elasticity: Mapping[str, float]
    level_gain: Mapping[str, float]
    hidden: tuple[str, ...]
    scale_out_busy: float
    scale_out_exposed: float

    def to_dict(self) -> dict[str, object]:
        """Return ``balance`` of the evaluation."""
        return {
            "binding": self.binding,
            "shares": dict(self.shares),
            "elasticity": dict(self.elasticity),
            "hidden": list(self.hidden),
            "scale_out": {"busy_s": self.scale_out_busy, "exposed_s": self.scale_out_exposed},
        }


def balance(design: Design, part: Run, load: Load, input_wait: float) -> Balance:
    """Return the balance of a batch of one.

    Args:
        design: Where.
        part: The run.
        load: What it sends.
        input_wait: What the step waits for its input, s; then nothing but storage makes it shorter.
    """
    shares = _shares(part, load, input_wait)
    reading = float(part.totals.time[0]) + input_wait if input_wait > 0 else 0.0
    gains, elasticity = _what_if(design, part, reading)
    return Balance(
        binding=max(shares, key=lambda name: shares[name]),
        shares=MappingProxyType(shares),
        elasticity=MappingProxyType(elasticity),
        level_gain=MappingProxyType(gains),
        hidden=tuple(_hidden(design, part, load, gains, elasticity) if reading == 0 else _WAITS_FOR_INPUT),
        scale_out_busy=float(sum(seconds[0, ~part.reach.scale_up].sum() for seconds in load.seconds.values())),
        scale_out_exposed=shares["scale_out"] * (float(part.totals.time[0]) + input_wait),
    )


def _shares(part: Run, load: Load, input_wait: float) -> dict[str, float]:
    step = part.totals
    whole = float(step.time[0]) + input_wait
    costs = step.costs[0]
    shares = {
        "arithmetic": float(costs[Cost.MATMUL] + costs[Cost.ATTENTION]),
        "memory": float(costs[Cost.MEMORY] + step.optimizer[0]),
        "host": float(costs[Cost.HOST]),
        "scale_up": 0.0,
        "scale_out": 0.0,
        "bubble": float(step.bubble[0]),
        "storage": input_wait,
    }
    inside = part.reach.scale_up
    for name, groups in _GROUPS.items():
        seconds = sum((load.seconds[group][0] for group in groups), np.zeros(len(inside)))
        local = float(seconds[inside].sum() / seconds.sum()) if seconds.sum() > 0 else 0.0
        exposed = float(getattr(step, name)[0])
        shares["scale_up"] += exposed * local
        shares["scale_out"] += exposed * (1 - local)
    return {name: seconds / whole for name, seconds in shares.items()}


def _what_if(design: Design, part: Run, reading: float) -> tuple[dict[str, float], dict[str, float]]:
    """Return what each level costs, s, and the elasticities of tokens per second, from one batch of changed steps."""
    levels = part.reach.levels
    far = np.array([name.startswith(f"{ACROSS}.") for name in levels])
    fabric = np.array([fabric_of(name.partition(".")[2]) for name in levels])
    kinds = {"scale_up": part.reach.scale_up, "scale_out": ~part.reach.scale_up, **({ACROSS: far} if far.any() else {})}
    kinds |= {side.name: fabric == side.name for side in design.fabric.beside}
    more = 1 + _STEP
    names = ("", *levels, *_RATES, *(f"{kind}_bandwidth" for kind in kinds), "network_latency")
    row = {name: index for index, name in enumerate(names)}
    speed, factor = np.ones((len(names), len(levels))), np.ones((len(_RATES), len(names)))
    over = _over_circuits(design.fabric)
    for index, name in enumerate(levels):
        speed[row[name], [levels.index(each) for each in over] if name in over else index] = np.inf
    for kind, which in kinds.items():
        speed[row[f"{kind}_bandwidth"], which] = more
    factor[np.arange(len(_RATES)), [row[name] for name in _RATES]] = more
    latency = np.ones(len(names))
    latency[row["network_latency"]] = 1 / more
    faster = design.hardware.sped_up(**dict(zip(_RATES, factor, strict=True)))
    network = Network.under(part.reach, part.groups, design.scenario.stack, speed=speed, latency=latency)
    times = np.maximum(again(design, part, network, faster, len(names)).time, reading)
    base = float(times[0])
    gains = {name: max(base - float(times[row[name]]), 0.0) for name in levels}
    elasticity = {name: _elasticity(base, float(times[row[name]])) for name in names[1 + len(levels) :]}
    return gains, {**elasticity, "storage": _elasticity(base, max(float(part.totals.time[0]), reading / more))}


def _over_circuits(fabric: Fabric) -> tuple[str, ...]:
    """Return the columns that traffic over circuits has: they go faster together.

    Circuits are the uplinks of the level they join; beside packet switches each pair divides its traffic so that both
    are done at once, and were one of them faster it would take of the other's.
    """
    space = fabric.circuit_space
    if space is None:
        return ()
    return f"scale_out.{space.level}", f"scale_out.{labelled(fabric_of(space.level), CIRCUIT)}"


def _elasticity(before: float, after: float) -> float:
    return float(np.log(before / after) / np.log1p(_STEP))


def _changes(design: Design, part: Run) -> dict[str, float]:
    """Return seconds that would vanish from the step did circuits change in no time, for each level that waits."""
    space = design.fabric.circuit_space
    if space is None or not part.reach.setup.any():
        return {}
    reach = replace(part.reach, setup=np.zeros_like(part.reach.setup))
    step = again(design, part, Network.on(reach, part.groups, design.scenario.stack))
    whole = float(part.totals.time[0])
    gain = whole - float(step.time[0])
    outside = (name for name, inside in zip(part.reach.levels, part.reach.scale_up, strict=True) if not inside)
    own = [name for name in outside if fabric_of(name.partition(".")[2]) == fabric_of(space.level)]
    return dict.fromkeys(own, gain) if gain >= _NOTHING * whole else {}


def _hidden(
    design: Design, part: Run, load: Load, gains: Mapping[str, float], elasticity: Mapping[str, float]
) -> Iterator[str]:
    whole = float(part.totals.time[0])
    changes = _changes(design, part)
    for index, name in enumerate(part.reach.levels):
        sent = float(load.crossing[0, index])
        if sent <= 0:
            yield f"{name}: no traffic of this job crosses it."
        elif gains[name] < _NOTHING * whole:
            busy = float(sum(seconds[0, index] for seconds in load.seconds.values()))
            why = "a slower level holds the same traffic back"
            if name in changes:
                why = f"{changes[name]:.3g} s of the step wait for circuits to change"
            elif busy > 0:
                why = f"its {busy:.3g} s hide behind computation"
            amount = f"{sent / 1e9:.3g} GB a step from each accelerator"
            yield f"{name}: a faster one would change nothing; {amount} cross it, but {why}."
    if abs(elasticity["host"]) < _NOTHING:
        yield "host: kernels of a layer take longer than their launch, so a faster host changes nothing."
