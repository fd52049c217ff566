"""What circuits that change, or stand beside packet switches, do to traffic, held against programmes and closed forms.

Protects: sharing traffic out over circuits and packet switches is optimal (linear programme); circuits made for a phase
carry it in the time their plan says; a rotor gives uniform traffic its duty and a permutation half of it (RotorNet,
Mellette et al., SIGCOMM 2017); permutations serve a phase in the time of its busiest block (Birkhoff 1946).
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lightloom.engine.circuits import SCHEDULERS, Moving, Scheduler
from lightloom.engine.circuits.birkhoff import Birkhoff
from lightloom.engine.circuits.carried import Carried
from lightloom.engine.circuits.rotor import Rotor, cycle_time, duty, relayed_throughput
from lightloom.engine.circuits.routing import Routes
from lightloom.engine.circuits.split import shared_out
from lightloom.engine.crossing import NONE
from lightloom.fabric.fabric import CircuitSpace

OUTAGE = 0.01
RATE = 1e9


def space(blocks: int, ports: int, packet: float | None = None) -> CircuitSpace:
    beside = None if packet is None else np.full(blocks, packet)
    return CircuitSpace("pod", blocks, ports, RATE, "mirror", 1, (("fixed-fec", OUTAGE), ("module-init", 6.0)), beside)


def moving(kind: Scheduler, where: CircuitSpace, *, settled: bool = False) -> Moving:
    return Moving(kind, where, np.arange(where.blocks), 1e-6, settled=settled)


def set_once(kind: Scheduler, where: CircuitSpace, flows: np.ndarray) -> Carried:
    """Return what a pattern needs of circuits set for it and never changed."""
    (setting,) = kind.plan(where, flows[None])
    routes = replace(Routes.over(setting.joined), bandwidth=where.bandwidth, latency=1e-6, packet=where.packet)
    return routes.carry(flows, where.blocks)


def random_flows(blocks: int, seed: int) -> np.ndarray:
    flows = np.random.default_rng(seed).integers(0, 5, (blocks, blocks)).astype(np.float64)
    np.fill_diagonal(flows, 0.0)
    return flows


def programme(flows: np.ndarray, circuits: np.ndarray, packet: np.ndarray) -> float:
    """Return the least time in which circuits and packet links carry all flows, by linear programming."""
    blocks = len(flows)
    pairs = [(i, j) for i in range(blocks) for j in range(blocks) if flows[i, j] > 0]
    if not pairs:
        return 0.0
    rows: list[np.ndarray] = []
    limits: list[float] = []
    for index, (i, j) in enumerate(pairs):  # over the pair's circuits
        row = np.zeros(len(pairs) + 1)
        row[index], row[-1] = 1.0, -circuits[i, j]
        rows.append(row)
        limits.append(0.0)
    for block in range(blocks):  # the rest over the block's packet links, out and in
        for end in (0, 1):
            row = np.zeros(len(pairs) + 1)
            mine = [index for index, pair in enumerate(pairs) if pair[end] == block]
            row[mine], row[-1] = -1.0, -packet[block]
            rows.append(row)
            limits.append(-sum(flows[pairs[index]] for index in mine))
    bounds = [(0.0, flows[pair]) for pair in pairs] + [(0.0, None)]
    goal = np.zeros(len(pairs) + 1)
    goal[-1] = 1.0
    found = linprog(goal, np.array(rows), np.array(limits), bounds=bounds)
    assert found.fun is not None
    return float(found.fun)


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(0, 9999))
def test_no_other_way_to_use_both_is_faster(blocks: int, seed: int) -> None:
    draws = np.random.default_rng(seed)
    flows = random_flows(blocks, seed)
    circuits = draws.integers(0, 4, flows.shape).astype(np.float64)
    packet = draws.uniform(0.2, 3.0, blocks)
    time, over = shared_out(flows, circuits, packet)
    assert time == pytest.approx(programme(flows, circuits, packet), rel=1e-7, abs=1e-12)
    assert (over <= circuits * time * (1 + 1e-9)).all()
    for axis in (0, 1):
        assert ((flows - over).sum(axis=axis) <= packet * time * (1 + 1e-9) + 1e-12).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 6), st.integers(0, 9999))
def test_blocks_without_packet_switches_have_their_circuits(blocks: int, seed: int) -> None:
    """And what neither leads to takes for ever, which the programme cannot solve."""
    draws = np.random.default_rng(seed)
    flows, circuits = random_flows(blocks, seed), random_flows(blocks, seed + 1)
    packet = draws.uniform(0.2, 3.0, blocks) * draws.integers(0, 2, blocks)
    served = (circuits > 0) | ((packet[:, None] > 0) & (packet > 0))
    time, over = shared_out(flows, circuits, packet)
    assert np.isinf(time) == bool((flows[~served] > 0).any())
    assert np.isfinite(over).all()
    time, _ = shared_out(flows * served, circuits, packet)
    assert time == pytest.approx(programme(flows * served, circuits, packet), rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULERS.values() if kind.changes == "by-phase"])
@settings(deadline=None, max_examples=25)
@given(blocks=st.integers(2, 6), ports=st.integers(5, 8), seed=st.integers(0, 999))
def test_a_phase_lasts_as_long_as_the_plan_made_for_it(
    kind: type[Scheduler], blocks: int, ports: int, seed: int
) -> None:
    """Ports for every pair, so that nothing is left to another network."""
    where, flows = space(blocks, ports), random_flows(blocks, seed)
    plan = kind().plan(where, 1e15 * flows[None])  # long enough for changes to be short beside it
    carried = moving(kind(), where).carry(flows, blocks)
    held = sum(one.end - one.start for one in plan) / 1e15
    assert carried.crossing.seconds <= held * (1 + 1e-9)
    assert carried.crossing.share == pytest.approx(flows.sum() / blocks)
    assert carried.setup == pytest.approx(len(plan) * OUTAGE)
    if kind is not SCHEDULERS["greedy-min-max"]:  # which counts both directions of a pair together
        assert carried.crossing.seconds == pytest.approx(held)


@settings(deadline=None, max_examples=25)
@given(blocks=st.integers(2, 6), ports=st.integers(1, 4), seed=st.integers(0, 999))
def test_permutations_serve_a_phase_in_the_time_of_its_busiest_block(blocks: int, ports: int, seed: int) -> None:
    flows = random_flows(blocks, seed)
    busy = max(flows.sum(axis=0).max(), flows.sum(axis=1).max()) / (ports * RATE)
    assert moving(Birkhoff(), space(blocks, ports)).carry(flows, blocks).crossing.seconds == pytest.approx(busy)


def test_hidden_changes_and_settled_circuits_cost_nothing() -> None:
    flows = random_flows(4, 3)
    kind = SCHEDULERS["per-phase"]
    some = kind.model_validate({"hidden": "4 ms"})
    assert moving(some, space(4, 6)).carry(flows, 4).setup == pytest.approx(OUTAGE - 4e-3)
    assert moving(kind.model_validate({"hidden": "1 s"}), space(4, 6)).carry(flows, 4).setup == 0
    assert moving(kind(), space(4, 6), settled=True).carry(flows, 4).setup == 0
    slow = kind.model_validate({"regime": "module-init"})
    assert moving(slow, space(4, 6)).carry(flows, 4).setup == pytest.approx(6.0)


@pytest.mark.parametrize(("blocks", "ports"), [(5, 2), (9, 4), (9, 1)])
def test_a_rotor_gives_uniform_traffic_its_duty(blocks: int, ports: int) -> None:
    slot = 9 * OUTAGE
    flows = np.full((blocks, blocks), 1.0 / (blocks - 1)) * (1 - np.eye(blocks))
    carried = moving(Rotor(), space(blocks, ports)).carry(flows, blocks)
    assert carried.crossing.seconds == pytest.approx(1 / (ports * RATE * float(duty(slot, OUTAGE))))
    assert carried.latency == pytest.approx(float(cycle_time(blocks, ports, slot=slot, change=OUTAGE)) - slot)
    assert carried.setup == 0


@pytest.mark.parametrize(("blocks", "ports"), [(5, 2), (9, 4), (9, 1)])
def test_a_rotor_sends_a_permutation_through_others_at_half_its_duty(blocks: int, ports: int) -> None:
    flows = np.roll(np.eye(blocks), 1, axis=1)
    carried = moving(Rotor(), space(blocks, ports)).carry(flows, blocks)
    left = float(relayed_throughput(9 * OUTAGE, OUTAGE))
    assert carried.crossing.seconds == pytest.approx(1 / (ports * RATE * left))


def test_a_rotor_with_ports_for_all_never_turns() -> None:
    flows = np.ones((4, 4)) - np.eye(4)
    carried = moving(Rotor(), space(4, 7)).carry(flows, 4)
    assert carried.crossing.seconds == pytest.approx(1 / (2 * RATE))
    assert carried.latency == 0


@pytest.mark.parametrize("kind", [kind for kind in SCHEDULERS.values() if kind.changes != "never"])
def test_packet_switches_beside_circuits_are_never_slower_than_alone(kind: type[Scheduler]) -> None:
    """And circuits beside packet switches neither; what circuits leave, packet switches carry."""
    for seed in range(5):
        flows = random_flows(5, seed)
        packet = 2.0 * RATE
        alone = max(flows.sum(axis=0).max(), flows.sum(axis=1).max()) / packet
        both = moving(kind(), space(5, 3, packet)).carry(flows, 5)
        assert both.beside is not None
        assert both.crossing.seconds == both.beside.seconds <= alone * (1 + 1e-9)
        assert both.crossing.share + both.beside.share == pytest.approx(flows.sum() / 5)


@pytest.mark.parametrize("kind", SCHEDULERS.values())
@pytest.mark.parametrize("ports", [0, 1])
def test_packet_switches_carry_what_few_circuits_or_none_leave(kind: type[Scheduler], ports: int) -> None:
    flows, packet = np.ones((5, 5)) - np.eye(5), 2.0 * RATE
    where = space(5, ports, packet)
    both = moving(kind(), where).carry(flows, 5) if kind.changes != "never" else set_once(kind(), where, flows)
    assert both.beside is not None
    if ports == 0:
        assert both.beside.seconds == pytest.approx(4 / packet)
        assert (both.crossing.seconds, both.crossing.share, both.setup, both.latency) == (0, 0, 0, 0)
    else:
        assert both.beside.seconds <= 4 / packet * (1 + 1e-9)
        assert both.crossing.share > 0


@pytest.mark.parametrize("kind", SCHEDULERS.values())
def test_without_any_packet_switch_that_works_circuits_are_as_alone(kind: type[Scheduler]) -> None:
    flows, alone, both = np.ones((5, 5)) - np.eye(5), space(5, 3), space(5, 3, 0.0)
    if kind.changes == "never":
        want, found = set_once(kind(), alone, flows), set_once(kind(), both, flows)
    else:
        want, found = moving(kind(), alone).carry(flows, 5), moving(kind(), both).carry(flows, 5)
    assert found.crossing == want.crossing
    assert (found.latency, found.setup) == (want.latency, want.setup)
    assert want.beside is None
    assert found.beside == NONE
