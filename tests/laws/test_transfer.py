"""Times of collectives obey the laws any fabric obeys.

Fact protected: no result beats its class's lower bound, more capacity is never slower, a trunk that binds matters and
one that does not does not, columns equal single numbers, groups of one cost nothing, and only flows that cross a trunk
use it. Source: conservation of bytes over each cut; the Llama 3 paper's pods of 3,072 with 1:7 above them for the case.
"""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.algorithms import ALGORITHMS, candidates
from lightloom.collectives.bounds import lower_bound
from lightloom.core.errors import StudyError
from lightloom.engine.circuits import SCHEDULERS, Call, Circuits, call_demand
from lightloom.engine.reach import Reach, measure
from lightloom.engine.transfer import Conditions, fastest, prepare
from lightloom.fabric.fabric import CircuitSpace, Fabric, Level
from lightloom.workload.program import Collective

NOTHING = cast("Any", None)
NIC, NEAR = 50e9, 450e9
WORLD = 512
KEYS = (
    (),
    ((8, 1),),
    ((4, 1),),
    ((2, 1), (4, 16)),
    ((16, 8),),
    ((32, 1),),
    ((64, 8),),
    ((512, 1),),
    ((3, 1),),
)
POWERS = KEYS[:-1]


def clos(
    *, leaf_up: float = 1.0, pod_up: float = 1 / 7, rail: bool = False, circuits: CircuitSpace | None = None
) -> Fabric:
    rank = np.arange(WORLD)
    pod = rank // 128
    leaf = rank % 8 + 8 * pod if rail else rank // 16
    levels = (
        Level("scale_up", "host", rank, np.full(WORLD, NEAR), 1e-6),
        Level("scale_out", "host", rank, np.full(WORLD, NIC), 2e-6),
        Level("scale_out", "leaf", leaf, np.full(32, leaf_up * 16 * NIC), 3e-6),
        Level("scale_out", "aggregation", pod, np.full(4, pod_up * 128 * NIC), 4e-6),
    )
    return Fabric(NOTHING, rank // 8, levels, NOTHING, (), circuits, (), NOTHING, ())


def whole(reach: Reach) -> np.ndarray:
    return np.arange(len(reach.keys))


@pytest.mark.parametrize("rail", [False, True])
@pytest.mark.parametrize("operation", list(Collective))
@settings(deadline=None, max_examples=20)
@given(payload=st.floats(1.0, 1e12), leaf_up=st.floats(0.05, 2.0), pod_up=st.floats(0.05, 2.0))
def test_no_result_beats_the_bound(operation, rail, payload, leaf_up, pod_up) -> None:
    reach = measure(clos(leaf_up=leaf_up, pod_up=pod_up, rail=rail), WORLD, POWERS)
    times = fastest(operation, reach, whole(reach), payload).seconds
    least = lower_bound(operation, reach.size, reach.local, payload, local_bandwidth=NEAR, remote_bandwidth=NIC)
    assert (times >= least * (1 - 1e-9)).all()


@pytest.mark.parametrize("operation", list(Collective))
@settings(deadline=None, max_examples=20)
@given(payload=st.floats(1.0, 1e12), up=st.floats(0.02, 1.0), more=st.floats(1.0, 10.0))
def test_more_capacity_is_never_slower(operation, payload, up, more) -> None:
    poor, rich = (measure(clos(pod_up=each), WORLD, POWERS) for each in (up, up * more))
    slow, fast = (fastest(operation, reach, whole(reach), payload).seconds for reach in (poor, rich))
    assert (fast <= slow * (1 + 1e-12)).all()


def test_a_trunk_that_binds_matters_and_one_that_does_not_does_not() -> None:
    rows = np.array([0])
    wide = [(64, 8)], [(512, 1)]
    for axes, matters in ((wide[0], True), ([(16, 8)], False)):
        key = (tuple(axes),)
        times = [
            fastest(Collective.ALL_TO_ALL, measure(clos(pod_up=up), WORLD, key), rows, 1e9).seconds[0]
            for up in (1 / 7, 2 / 7)
        ]
        assert (times[1] < times[0]) == matters
    ring = [
        fastest(Collective.ALL_REDUCE, measure(clos(pod_up=up), WORLD, (((64, 8),),)), rows, 1e9).seconds[0]
        for up in (1 / 7, 2 / 7, 1 / 100)
    ]
    assert ring[0] == ring[1] < ring[2]  # only the hop over a pod's edge uses the trunk


def test_llama_3_rings_use_a_seventh_of_the_trunks_for_one_hop_in_24() -> None:
    """16,384 ranks as [tensor 8, pipeline 16, data 128] on pods of 3,072: a data neighbour is 128 ranks on."""
    count = 24576
    rank = np.arange(count)
    levels = (
        Level("scale_up", "host", rank, np.full(count, NEAR), 0.0),
        Level("scale_out", "host", rank, np.full(count, NIC), 0.0),
        Level("scale_out", "leaf", rank // 16, np.full(count // 16, 16 * NIC), 0.0),
        Level("scale_out", "aggregation", rank // 3072, np.full(8, 3072 * NIC / 7), 0.0),
    )
    fabric = Fabric(NOTHING, rank // 8, levels, NOTHING, (), None, (), NOTHING, ())
    reach = measure(fabric, 16384, [((128, 128),)])
    seconds, share = reach.seconds_per_byte[0, Pattern.REMOTE_RING], reach.share[0, Pattern.REMOTE_RING]
    assert seconds[1:] * NIC == pytest.approx([1, 1, 7 / 24])
    assert share == pytest.approx([0, 1, 1, 6 / 128])  # of a ring's 128 hops six cross pods: 16,384 is 5 1/3 pods


@pytest.mark.parametrize("operation", list(Collective))
def test_columns_equal_single_numbers(operation: Collective) -> None:
    reach = measure(clos(rail=True), WORLD, KEYS[:-1])
    rows = np.repeat(whole(reach), 3)
    payload = np.tile([1.0, 1e5, 1e9], len(reach.keys))
    many = fastest(operation, reach, rows, payload)
    for index, (row, one_payload) in enumerate(zip(rows, payload, strict=True)):
        one = fastest(operation, reach, np.array([row]), float(one_payload))
        assert one.seconds[0] == many.seconds[index]
        assert (one.by_level[0] == many.by_level[index]).all()
        assert (one.crossing[0] == many.crossing[index]).all()
        alone = fastest(operation, measure(clos(rail=True), WORLD, [reach.keys[row]]), np.array([0]), one_payload)
        assert alone.seconds[0] == many.seconds[index]


@pytest.mark.parametrize("operation", list(Collective))
def test_seconds_are_those_of_the_levels(operation: Collective) -> None:
    reach = measure(clos(), WORLD, POWERS)
    rows, payload = whole(reach), np.geomspace(1.0, 1e12, len(POWERS))
    conditions = Conditions(efficiency=np.array([0.8, 0.9, 0.9, 0.7]), scale_up_step=1e-6, scale_out_step=5e-6)
    plan = prepare(operation, reach, conditions)
    result = plan.transfer(rows, payload)
    assert plan.seconds(rows, payload) == pytest.approx(result.seconds, rel=1e-12)
    assert result.by_level.sum(axis=1) == pytest.approx(result.seconds, rel=1e-12)
    assert result.seconds[reach.row(())] == 0
    assert (plan.seconds(rows, 0.0) == 0).all()


def test_efficiency_slows_and_infinite_speed_leaves_latency() -> None:
    reach = measure(clos(), WORLD, [((64, 8),)])
    rows = np.array([0])
    ideal = fastest(Collective.ALL_TO_ALL, reach, rows, 1e9)
    half = fastest(Collective.ALL_TO_ALL, reach, rows, 1e9, Conditions(efficiency=0.5))
    free = fastest(Collective.ALL_TO_ALL, reach, rows, 1e9, Conditions(speed=np.inf))
    assert half.seconds - free.seconds == pytest.approx(2 * (ideal.seconds - free.seconds))
    assert free.seconds == pytest.approx([9e-6])
    assert ideal.by_level[0].argmax() == reach.levels.index("scale_out.aggregation")


def test_the_first_of_equals_is_chosen_and_the_fastest_otherwise() -> None:
    reach = measure(clos(), WORLD, [((64, 8),), ((32, 1),)])
    small = fastest(Collective.ALL_REDUCE, reach, np.array([0, 1]), 1e3)
    large = fastest(Collective.ALL_REDUCE, reach, np.array([0, 1]), 1e10)
    assert [small.names[way] for way in small.choice] == ["ring-all-reduce", "hierarchical-all-reduce"]
    assert [large.names[way] for way in large.choice] == ["ring-all-reduce", "ring-all-reduce"]


def test_rails_are_worth_the_detour_inside_the_domain() -> None:
    """On leaves by rail only the hierarchical all-to-all stays below the spine."""
    reach = measure(clos(leaf_up=0.25, rail=True), WORLD, [((128, 1),)])
    result = fastest(Collective.ALL_TO_ALL, reach, np.array([0]), 1e9)
    assert result.names[result.choice[0]] == "hierarchical-all-to-all"
    assert result.crossing[0, reach.levels.index("scale_out.leaf")] == 0


def space(ports: int = 128) -> CircuitSpace:
    return CircuitSpace("aggregation", 4, ports, NIC / 7, "mirror", 1, ())


def test_circuits_set_for_a_job_carry_it_as_well_as_a_core_of_the_same_ports() -> None:
    fabric = clos(circuits=space())
    axes = ((64, 8),)
    ring = ALGORITHMS["ring-all-reduce"]()
    demand = call_demand(fabric, WORLD, [Call(axes, ring, 1e9)])
    assert demand.sum() == pytest.approx(2 * 63 / 64 * 1e9 * 8 * 4)  # eight rings, four pod edges each
    ((circuits,),) = SCHEDULERS["once-per-job"]().choose(space(), demand[None, None])
    reach = measure(fabric, WORLD, [axes], circuits)
    packet = measure(clos(), WORLD, [axes])
    result = fastest(Collective.ALL_REDUCE, reach, np.array([0]), 1e9)
    assert result.seconds == pytest.approx(fastest(Collective.ALL_REDUCE, packet, np.array([0]), 1e9).seconds)


def test_what_no_circuit_joins_never_arrives() -> None:
    apart = np.zeros((4, 4), np.int64)
    apart[0, 1] = apart[1, 0] = 100
    reach = measure(clos(circuits=space()), WORLD, [((64, 8),), ((8, 1),), ((16, 8),)], Circuits(apart))
    assert reach.unreachable.any(axis=1).tolist() == [True, False, False]
    for operation in Collective:
        result = fastest(operation, reach, np.array([0, 1, 2]), 1e6)
        assert np.isinf(result.seconds).tolist() == [True, False, False]


def test_circuits_of_another_shape_are_refused() -> None:
    with pytest.raises(StudyError):
        measure(clos(circuits=space()), WORLD, [((8, 1),)], Circuits(np.zeros((3, 3), np.int64)))
    with pytest.raises(StudyError):
        measure(clos(), WORLD, [((8, 1),)], Circuits(np.zeros((4, 4), np.int64)))
    with pytest.raises(StudyError):
        call_demand(clos(), WORLD, [])


def test_groups_must_fit() -> None:
    with pytest.raises(ValueError, match="tile"):
        measure(clos(), WORLD, [((3, 1),)])
    with pytest.raises(ValueError, match="fit"):
        measure(clos(), 1024, [((8, 1),)])


def test_patterns_not_asked_for_stay_zero() -> None:
    reach = measure(clos(), WORLD, [((64, 8),)], patterns=[Pattern.NEIGHBOUR])
    full = measure(clos(), WORLD, [((64, 8),)])
    assert (reach.seconds_per_byte[0, Pattern.NEIGHBOUR] == full.seconds_per_byte[0, Pattern.NEIGHBOUR]).all()
    others = [pattern for pattern in Pattern if pattern is not Pattern.NEIGHBOUR]
    assert not reach.seconds_per_byte[0, others].any()
    assert not reach.latency[0, others].any()


def test_a_faster_result_than_physics_is_a_bug() -> None:
    reach = measure(clos(), WORLD, [((64, 8),)])

    class Cheat(type(candidates(Collective.ALL_GATHER)[0])):
        def stages(self, size, local, payload):
            return super().stages(size, local, np.asarray(payload) / 2)

    with pytest.raises(RuntimeError, match="faster"):
        prepare(Collective.ALL_GATHER, reach, among=[Cheat()])


def test_spellings_share_a_row() -> None:
    reach = measure(clos(), WORLD, [((64, 8), (8, 1)), ((512, 1),), ((8, 1), (1, 4), (64, 8))])
    assert reach.keys == (((512, 1),),)
    assert reach.rows([((8, 1), (64, 8)), ((512, 1),)]).tolist() == [0, 0]
    assert replace(reach, keys=()).row(((512, 1),)) == 0


def test_one_domain_needs_no_network_between_domains() -> None:
    rank = np.arange(8)
    levels = (Level("scale_up", "host", rank, np.full(8, NEAR), 1e-6),)
    fabric = Fabric(NOTHING, np.zeros(8, np.int64), levels, NOTHING, (), None, (), NOTHING, ())
    reach = measure(fabric, 8, [((8, 1),), ((2, 2),)])
    for operation in Collective:
        result = fastest(operation, reach, np.array([0, 1]), NEAR)
        least = lower_bound(operation, reach.size, reach.local, NEAR, local_bandwidth=NEAR, remote_bandwidth=NEAR)
        assert result.seconds == pytest.approx(least, rel=1e-3)
