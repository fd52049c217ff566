"""What every scheduler of circuits keeps, and what makes its circuits possible at the switches.

Protects: no block has more circuits than ports; settings follow one another with the outage of a change between; a
batch is as many single jobs; a setting becomes permutations of ports that join exactly what was asked. Sources: König
1916 (as many colours as the busiest vertex has edges), Birkhoff 1946, Petersen 1891; Liao et al., "MixNet", SIGCOMM
2025, section 5.2, and exhaustive search for the greedy.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.engine.circuits import SCHEDULERS, Circuits, Plan, Scheduler, change_time, delivered
from lightloom.engine.circuits.birkhoff import Birkhoff
from lightloom.engine.circuits.greedy_min_max import bottleneck, greedy, shortest_bottleneck
from lightloom.engine.circuits.per_phase import PerPhase
from lightloom.engine.circuits.permutations import birkhoff, coloured, filled
from lightloom.engine.circuits.ports import port_maps
from lightloom.engine.circuits.rotor import Rotor, matchings, slots
from lightloom.engine.circuits.routing import Routes
from lightloom.fabric.fabric import CircuitSpace

OUTAGE = 0.01


def space(blocks: int, ports: int) -> CircuitSpace:
    return CircuitSpace("pod", blocks, ports, 1e9, "mirror", 1, (("fixed-fec", OUTAGE), ("module-init", 6.0)))


def random_phases(blocks: int, phases: int, seed: int) -> np.ndarray:
    draws = np.random.default_rng(seed)
    demand = draws.integers(0, 5, (phases, blocks, blocks)) * 1e9
    demand[:, np.arange(blocks), np.arange(blocks)] = 0.0
    return demand


@settings(deadline=None, max_examples=30)
@pytest.mark.parametrize("kind", SCHEDULERS)
@given(blocks=st.integers(2, 7), ports=st.integers(2, 6), seed=st.integers(0, 999))
def test_ports_are_kept_and_a_change_takes_its_time(kind: str, blocks: int, ports: int, seed: int) -> None:
    plan = SCHEDULERS[kind]().plan(space(blocks, ports), random_phases(blocks, 3, seed))
    for one in plan:
        assert (one.joined >= 0).all()
        assert not one.joined.diagonal().any()
        assert one.joined.sum(axis=0).max() <= ports
        assert one.joined.sum(axis=1).max() <= ports
        assert 0 <= one.start < one.end
    for before, after in pairwise(plan):
        assert after.start - before.end == pytest.approx(OUTAGE)
        assert (before.joined != after.joined).any()


@pytest.mark.parametrize("kind", SCHEDULERS)
def test_many_jobs_are_as_many_single_ones(kind: str) -> None:
    demand = np.stack([random_phases(4, 2, seed) for seed in range(3)])
    many = SCHEDULERS[kind]().choose(space(4, 6), demand)
    for phases, plan in zip(demand, many, strict=True):
        single = SCHEDULERS[kind]().plan(space(4, 6), phases)
        assert [one.start for one in plan] == [one.start for one in single]
        assert all((a.joined == b.joined).all() for a, b in zip(plan, single, strict=True))


@settings(deadline=None, max_examples=30)
@given(blocks=st.integers(2, 7), ports=st.integers(1, 4), seed=st.integers(0, 999))
def test_birkhoff_delivers_everything_in_the_time_of_the_busiest_block(blocks: int, ports: int, seed: int) -> None:
    where, (demand,) = space(blocks, ports), random_phases(blocks, 1, seed)
    plan = Birkhoff().plan(where, demand[None])
    if not plan:
        assert not demand.any()
        return
    assert (delivered(plan, where.bandwidth) >= demand * (1 - 1e-9)).all()
    busy = max(demand.sum(axis=0).max(), demand.sum(axis=1).max()) / (ports * where.bandwidth)
    assert sum(one.end - one.start for one in plan) <= busy * (1 + 1e-9)


def test_each_phase_is_served_while_its_circuits_are_held() -> None:
    where, phases = space(5, 4), random_phases(5, 2, 7)
    plan = PerPhase().plan(where, phases)
    for one, phase in zip(plan, phases, strict=True):
        assert Routes.over(one.joined).seconds(phase) / where.bandwidth == pytest.approx(one.end - one.start)


def test_one_port_a_block_cannot_relay() -> None:
    with pytest.raises(StudyError, match="without a path"):
        PerPhase().plan(space(4, 1), np.ones((1, 4, 4)) - np.eye(4))


@pytest.mark.parametrize(("blocks", "ports"), [(2, 1), (9, 4), (9, 8), (9, 11)])
def test_a_rotor_joins_every_two_blocks_once_a_cycle(blocks: int, ports: int) -> None:
    cycle = matchings(blocks, ports)
    assert (np.sum(cycle, axis=0) == 1 - np.eye(blocks)).all()
    assert len(cycle) == slots(blocks, ports)


def test_a_rotor_needs_to_know_its_slot() -> None:
    unknown = CircuitSpace("pod", 4, 2, 1e9, "mirror", 1, ())
    with pytest.raises(StudyError, match="no slot is given"):
        Rotor().plan(unknown, random_phases(4, 1, 0))
    assert len(Rotor.model_validate({"slot": "90 us"}).plan(unknown, random_phases(4, 1, 0))) == 2


def test_the_regime_of_a_change_is_the_quickest_unless_one_is_named() -> None:
    assert change_time(space(3, 2)) == OUTAGE
    assert change_time(space(3, 2), "module-init") == 6.0
    with pytest.raises(StudyError, match="module-init"):
        change_time(space(3, 2), "module-inits")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(3, 5))
def test_no_circuits_of_few_ports_beat_the_greedy_where_all_pairs_are_served(values: list[int], ports: int) -> None:
    one, other = np.triu_indices(4, 1)
    demand = np.zeros((4, 4))
    demand[one, other] = values
    choices = np.array(list(product(range(ports + 1), repeat=6)))
    degree = np.stack([choices[:, (one == block) | (other == block)].sum(axis=1) for block in range(4)])
    wanted = np.array(values) > 0
    legal = choices[(degree <= ports).all(axis=0) & (choices[:, wanted] > 0).all(axis=1)]
    best = (np.array(values)[wanted] / legal[:, wanted]).max(axis=1, initial=0.0).min()
    assert shortest_bottleneck(demand, ports) == best == bottleneck(demand, greedy(demand, ports))


def test_pairs_that_ports_do_not_reach_have_no_bottleneck() -> None:
    everyone = 1.0 - np.eye(5)
    assert shortest_bottleneck(everyone, 3) == np.inf
    assert bottleneck(everyone, greedy(everyone, 3)) == np.inf
    assert shortest_bottleneck(np.zeros((3, 3)), 1) == bottleneck(np.zeros((3, 3)), np.zeros((3, 3), np.int64)) == 0.0


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(0, 999))
def test_permutations_add_up_to_their_matrix_the_widest_first(size: int, seed: int) -> None:
    draws = np.random.default_rng(seed)
    matrix = draws.integers(0, 4, (size, size)).astype(np.float64)
    matrix += filled(matrix)
    parts = list(birkhoff(matrix))
    total = np.zeros(matrix.shape)
    for weight, columns in parts:
        total[np.arange(size), columns] += weight
    np.testing.assert_allclose(total, matrix, atol=1e-9)
    weights = [weight for weight, _ in parts]
    assert weights == sorted(weights, reverse=True)
    assert len(parts) <= size**2 - 2 * size + 2


def test_unequal_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="same sum"):
        list(birkhoff(np.array([[1.0, 0.0], [0.5, 0.5]])))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(0, 999))
def test_colours_are_as_many_as_the_busiest_line_and_none_joins_twice(size: int, seed: int) -> None:
    counts = np.random.default_rng(seed).integers(0, 4, (size, size))
    colours = coloured(counts)
    assert len(colours) == max(counts.sum(axis=0).max(), counts.sum(axis=1).max())
    found = np.zeros(counts.shape, np.int64)
    for colour in colours:
        used = np.flatnonzero(colour >= 0)
        assert len(set(colour[used])) == len(used)
        found[used, colour[used]] += 1
    assert (found == counts).all()


def setting(blocks: int, ports: int, seed: int, kind: str) -> np.ndarray:
    plan: Plan = SCHEDULERS[kind]().plan(space(blocks, ports), random_phases(blocks, 1, seed))
    return plan[0].joined if plan else np.zeros((blocks, blocks), np.int64)


@settings(deadline=None, max_examples=30)
@pytest.mark.parametrize("kind", SCHEDULERS)
@given(blocks=st.integers(2, 6), half=st.integers(1, 5), seed=st.integers(0, 999), room=st.integers(2, 5))
def test_switches_join_exactly_what_was_asked(kind: str, blocks: int, half: int, seed: int, room: int) -> None:
    joined = setting(blocks, 2 * half, seed, kind)
    maps = port_maps(joined, ports=2 * half, switch_ports=room * blocks + 1)
    assert (maps.joined == joined).all()
    for switch in maps.out:
        used = switch[switch >= 0]
        assert len(set(used)) == len(used), "no port receives from two"
        if (joined == joined.T).all():
            lit = np.flatnonzero(switch >= 0)
            assert (switch[switch[lit]] == lit).all(), "both directions of a circuit take the same two ports"


def test_impossible_switches_say_what_would_do() -> None:
    ring = np.array([[0, 2, 2], [2, 0, 2], [2, 2, 0]])
    with pytest.raises(StudyError) as refused:
        port_maps(ring, ports=3, switch_ports=4)
    assert [fault.hint for fault in refused.value.faults] == [
        "join at most 3",
        "take one of at least 6, an even number for each block",
        "take 2 or 4",
    ]


class Everyone(Scheduler):
    """One circuit for each two blocks, the example of the guide."""

    kind = "everyone"

    def plan(self, space: CircuitSpace, phases: np.ndarray) -> Plan:
        """Take no notice of the demand."""
        assert phases.shape[1:] == (space.blocks, space.blocks)
        return (Circuits(1 - np.eye(space.blocks, dtype=np.int64)),)


def test_a_scheduler_of_ones_own_needs_one_method() -> None:
    ((one,), (other,)) = Everyone().choose(space(4, 3), np.zeros((2, 1, 4, 4)))
    assert (one.joined == other.joined).all()
