"""``engine.reach`` counts what ``engine.reference`` counts flow by flow.

Fact protected: bandwidth is divided among the flows that really cross each block's boundary, in the busier direction,
for any group, uneven domains, incomplete blocks and unequal capacities included, over each of several scale-out
fabrics. Source: the slow oracle, which
enumerates every flow of every group; shortest paths of circuits by breadth-first search.
"""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.placement import GroupAxes
from lightloom.engine import reference
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.reach import measure
from lightloom.fabric.fabric import Beside, CircuitSpace, ClusterShape, Fabric, Level, Mesh
from lightloom.fabric.ideal import ideal
from lightloom.fabric.lattice import lattice_graph
from lightloom.fabric.routing import ROUTINGS
from lightloom.fabric.routing.routing import Ground

NOTHING = cast("Any", None)


def fabric_of(
    domain: list[int], levels: list[Level], space: CircuitSpace | None = None, beside: tuple[Beside, ...] = ()
) -> Fabric:
    return Fabric(
        shape=NOTHING,
        scale_up_domain=np.array(domain, np.int64),
        levels=tuple(levels),
        cables=NOTHING,
        inventory=(),
        circuit_space=space,
        coordinates=(),
        wiring=ideal(ClusterShape(len(domain), 1, 1, 1.0, 1.0), domain=1).wiring if beside else NOTHING,
        assumptions=(),
        beside=beside,
    )


@st.composite
def fabrics(draw: st.DrawFn) -> Fabric:
    """Domains, leaves and pods of any size, leaves by rail or by run, capacities equal or not, last ones incomplete."""
    count = draw(st.integers(1, 36))
    rank = np.arange(count)
    near = draw(st.sampled_from([1, 2, 3, 4, 5, 6, 8, 16]))
    domain = rank // near
    pod_size = draw(st.sampled_from([6, 8, 12, 16, 24, 64]))
    pod = rank // pod_size
    if draw(st.booleans()):
        leaf = (rank % near) + near * pod
    else:
        leaf = rank // draw(st.sampled_from([size for size in (2, 3, 4, 6, 8, 12, 16, 24) if pod_size % size == 0]))
    if draw(st.integers(0, 5)) == 0:
        shuffle = draw(st.permutations(range(count)))
        domain, leaf, pod = domain[shuffle], leaf[shuffle], pod[shuffle]
    port = rank // draw(st.sampled_from([1, 1, 1, 2]))
    halls = rank // max(1, near // 2)
    levels = [
        Level("scale_up", "host", rank, draw(speeds(count)), 1.0),
        Level("scale_up", "tray", halls, draw(speeds(int(halls.max()) + 1)), 2.0),
        Level("scale_out", "host", port, draw(speeds(int(port.max()) + 1)), 4.0),
        Level("scale_out", "leaf", leaf, draw(speeds(int(leaf.max()) + 1)), 8.0),
        Level("scale_out", "aggregation", pod, draw(speeds(int(pod.max()) + 1)), 16.0),
    ]
    if draw(st.booleans()):
        site = pod // draw(st.integers(1, 3))
        levels.append(Level("scale_across", "site", site, draw(speeds(int(site.max()) + 1)), 4096.0))
    return fabric_of(domain.tolist(), levels)


@st.composite
def speeds(draw: st.DrawFn, blocks: int) -> np.ndarray:
    if draw(st.integers(0, 3)):
        return np.full(blocks, float(draw(st.integers(1, 9))))
    return np.array(draw(st.lists(st.integers(1, 9), min_size=blocks, max_size=blocks)), np.float64)


@st.composite
def jobs(draw: st.DrawFn, accelerators: int) -> tuple[int, GroupAxes]:
    """Axes of a group and a world that they tile."""
    axes: list[tuple[int, int]] = []
    tile = 1
    for _ in range(draw(st.integers(0, 3))):
        skip = draw(st.sampled_from([1, 1, 2, 3, 4, 5]))
        size = draw(st.sampled_from([1, 2, 2, 3, 4, 6, 8]))
        if tile * skip * size <= accelerators:
            axes.append((size, tile * skip))
            tile *= skip * size
    return tile * draw(st.integers(1, accelerators // tile)), tuple(axes)


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_reach_is_what_counting_flows_gives(data: st.DataObject) -> None:
    fabric = data.draw(fabrics())
    world, axes = data.draw(jobs(len(fabric.scale_up_domain)))
    check(fabric, world, axes, None)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_what_repeats_is_counted_once_and_well(data: st.DataObject) -> None:
    """Many small pods, so that a window stands for most of the job, its last repetition incomplete."""
    rail, unequal = data.draw(st.booleans()), data.draw(st.booleans())
    rank = np.arange(72)
    pod = rank // 8
    leaf = rank % 2 + 2 * pod if rail else rank // 4
    fast = np.array(data.draw(st.lists(st.integers(1, 3), min_size=36, max_size=36)) if unequal else [2] * 36)
    levels = [
        Level("scale_up", "host", rank, np.ones(72), 1.0),
        Level("scale_out", "host", rank, np.ones(72), 4.0),
        Level("scale_out", "leaf", leaf, 1.0 * fast[: leaf.max() + 1], 8.0),
        Level("scale_out", "aggregation", pod, 1.0 * fast[::-1][:9], 16.0),
    ]
    axes = data.draw(
        st.sampled_from([((2, 1),), ((4, 1),), ((2, 2),), ((3, 1),), ((3, 4),), ((6, 2),), ((2, 1), (2, 4))])
    )
    extent = max(size * stride for size, stride in axes)
    world = extent * data.draw(st.integers(72 // extent // 2, 72 // extent))
    check(fabric_of((rank // 2).tolist(), levels), world, axes, None)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_circuits_carry_what_paths_give(data: st.DataObject) -> None:
    fabric = data.draw(fabrics())
    world, axes = data.draw(jobs(len(fabric.scale_up_domain)))
    level = data.draw(st.sampled_from(list(fabric.levels[2:5])))
    blocks = int(level.block.max()) + 1
    space = CircuitSpace(level.name, blocks, 8, 3.0, "mirror", 1, ())
    half = np.zeros((blocks, blocks), np.int64)
    if data.draw(st.integers(0, 4)):  # else some blocks may not be joined at all
        half[np.arange(blocks - 1), np.arange(1, blocks)] = data.draw(st.integers(1, 3))
    for _ in range(data.draw(st.integers(0, 2 * blocks))):
        one, other = data.draw(st.integers(0, blocks - 1)), data.draw(st.integers(0, blocks - 1))
        half[one, other] += one != other
    joined = fabric_of(fabric.scale_up_domain.tolist(), list(fabric.levels), space)
    check(joined, world, axes, Circuits(half + half.T))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_each_of_several_fabrics_carries_its_groups_alone(data: st.DataObject) -> None:
    first = data.draw(fabrics())
    rank = np.arange(len(first.scale_up_domain))
    levels = list(first.levels)
    names = ["experts", "front"][: data.draw(st.integers(1, 2))]
    for name in names:
        for place, level in enumerate(("host", "leaf")):
            block = rank // data.draw(st.sampled_from([1, 2, 3, 4, 8])) if place else rank
            speed = data.draw(speeds(int(block.max()) + 1))
            levels.append(Level("scale_out", f"{name}/{level}", block, speed, 32.0 * 2**place))
    if data.draw(st.booleans()):  # one ends where a site does
        site = rank // data.draw(st.integers(2, 9))
        levels.append(Level("scale_across", "experts/site", site, np.zeros(int(site.max()) + 1), 0.0))
    beside = (Beside("experts", 1, ("expert",), None), Beside("front", 1, ("data", "pipeline"), None))[: len(names)]
    circuits = space = None
    if data.draw(st.booleans()):
        name = data.draw(st.sampled_from(["leaf", "experts/leaf"]))
        level = next(one for one in levels if one.name == name)
        blocks = int(level.block.max()) + 1
        space = CircuitSpace(level.name, blocks, 8, 3.0, "mirror", 1, ())
        circuits = Circuits(np.ones((blocks, blocks), np.int64) - np.eye(blocks, dtype=np.int64))
    world, axes = data.draw(jobs(len(rank)))
    whole = fabric_of(first.scale_up_domain.tolist(), levels, space, beside)
    for group, over in (("tensor", ""), ("expert", "experts"), ("data", "front")):
        if over in ("", *names):
            check(whole, world, axes, circuits, group, over)


def check(
    fabric: Fabric, world: int, axes: GroupAxes, circuits: Circuits | None, group: str = "", over: str = ""
) -> None:
    reach = measure(fabric, world, [axes], circuits)
    groups = reference.groups_of(axes, world)
    row = int(reach.rows([axes], group)[0])
    assert reach.size[row] == len(groups[0])
    assert reach.local[row] == reference.local_count(fabric, groups)
    assert reach.domains[row] == max(len({int(fabric.scale_up_domain[rank]) for rank in group}) for group in groups)
    for pattern in Pattern:
        right = reference.measure_one(fabric, world, axes, pattern, circuits, over)
        assert reach.seconds_per_byte[row, pattern] == pytest.approx(right.seconds, rel=1e-9), pattern
        assert reach.share[row, pattern] == pytest.approx(right.share, rel=1e-9), pattern
        # the sum over all levels crossed anywhere: exact where blocks nest, as in every real fabric
        assert reach.latency[row, pattern] >= right.latency * (1 - 1e-9)


def test_a_ring_pays_the_way_between_sites_once_a_turn() -> None:
    """Two sites of four nodes of two: of a rail's ring of eight hops two are long; all else is at its worst."""
    rank = np.arange(16)
    levels = [
        Level("scale_up", "host", rank, np.ones(16), 1.0),
        Level("scale_out", "host", rank, np.ones(16), 4.0),
        Level("scale_across", "site", rank // 8, np.ones(2), 4096.0),
    ]
    fabric = fabric_of((rank // 2).tolist(), levels)
    axes = ((16, 1),)
    reach = measure(fabric, 16, [axes])
    latency = dict(zip(Pattern, reach.latency[reach.row(axes)].tolist(), strict=True))
    assert latency[Pattern.REMOTE_RING] == pytest.approx(4.0 + 4096.0 * 2 / 8)
    assert latency[Pattern.NEIGHBOUR] == pytest.approx(1.0 + 4.0 + 4096.0)
    assert latency[Pattern.REMOTE_ALL_TO_ALL] == pytest.approx(4.0 + 4096.0)
    for pattern in (Pattern.REMOTE_RING, Pattern.REMOTE_ALL_TO_ALL):
        assert reference.measure_one(fabric, 16, axes, pattern).latency == pytest.approx(latency[pattern])


def test_the_ring_that_crosses_most_sets_the_latency() -> None:
    """Three groups of four domains over two sites of six: only the middle one goes from site to site."""
    rank = np.arange(12)
    levels = [
        Level("scale_out", "host", rank, np.ones(12), 4.0),
        Level("scale_across", "site", rank // 6, np.ones(2), 4096.0),
    ]
    fabric = fabric_of(rank.tolist(), levels)
    axes = ((4, 1),)
    reach = measure(fabric, 12, [axes])
    found = float(reach.latency[reach.row(axes), Pattern.REMOTE_RING])
    assert found == pytest.approx(4.0 + 4096.0 * 2 / 4)
    assert reference.measure_one(fabric, 12, axes, Pattern.REMOTE_RING).latency == pytest.approx(found)


def mesh_fabric(sides: tuple[int, ...], parts: int, routing: str, *, scale_up: bool, broken: bool = False) -> Fabric:
    """Accelerators that are the vertices of tori, or two under each router of one; the last without its first link."""
    columns = [tuple(side * (axis == place) for axis in range(len(sides))) for place, side in enumerate(sides)]
    ground = Ground(lattice_graph(columns, [f"axis-{axis}" for axis in range(len(sides))]), sides)
    vertices = ground.graph.terminals
    kept = {name: getattr(ground.graph, name)[1:] for name in ("ends", "level", "capacity")}
    left = replace(ground, graph=replace(ground.graph, **kept, automorphisms=()))
    mesh = Mesh(ground, ROUTINGS[routing](), 0.5, ((parts - 1, left),) if broken else ())
    each = 1 if scale_up else 2
    rank = np.arange(vertices * parts * each)
    vertex = rank // each
    domain = vertex // vertices if scale_up else rank // 4
    section = "scale_up" if scale_up else "scale_out"
    levels = [
        Level("scale_up", "host", rank, np.full(len(rank), 6.0), 1.0),
        *([] if scale_up else [Level("scale_out", "host", rank, np.full(len(rank), 2.0), 4.0)]),
        Level(section, "mesh", vertex, np.full(vertices * parts, 6.0), 0.0, mesh),
    ]
    return fabric_of(domain.tolist(), levels)


@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
@pytest.mark.parametrize("routing", ["ecmp", "weighted", "dimension-order"])
@pytest.mark.parametrize(
    ("sides", "parts", "scale_up"), [((4, 3), 2, True), ((3, 3), 1, True), ((2, 2, 2), 1, False), ((5,), 2, True)]
)
def test_a_mesh_is_loaded_way_by_way(
    sides: tuple[int, ...], parts: int, routing: str, *, scale_up: bool, broken: bool
) -> None:
    if broken and routing == "dimension-order" and 2 in sides:
        pytest.skip("the only link between two on an axis has failed")
    fabric = mesh_fabric(sides, parts, routing, scale_up=scale_up, broken=broken)
    world = len(fabric.scale_up_domain)
    every: list[GroupAxes] = [((2, 1),), ((4, 1),), ((3, 1),), ((5, 1),), ((2, 4),), ((2, 2),), ((world, 1),)]
    kinds = [axes for axes in every if world % (axes[0][0] * axes[0][1]) == 0]
    reach = measure(fabric, world, kinds)
    for axes in kinds:
        for pattern in Pattern:
            expected = reference.measure_one(fabric, world, axes, pattern)
            row = reach.row(axes)
            assert reach.seconds_per_byte[row, pattern] == pytest.approx(expected.seconds), (axes, pattern)
            assert reach.share[row, pattern] == pytest.approx(expected.share), (axes, pattern)
            if not (broken and routing == "dimension-order"):  # which goes round where a shorter way is left
                assert reach.latency[row, pattern] >= expected.latency * (1 - 1e-9), (axes, pattern)
