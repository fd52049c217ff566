"""Every registered routing carries what it is asked to, by the ways it names.

Facts protected: what leaves terminals arrives, loads are those of the ways listed, shares of a pair's ways sum to one,
no routing beats the ideal one, dimension order on a torus balances uniform traffic as its symmetry says, and Valiant's
bound of twice the uniform load holds for any permutation. Sources: Dally and Towles, "Principles and Practices of
Interconnection Networks", chapters 8 and 9; Valiant 1982.
"""

import itertools

import numpy as np
import pytest

from lightloom.core.errors import StudyError
from lightloom.fabric.graph import Graph, pairs
from lightloom.fabric.lattice import lattice_graph
from lightloom.fabric.routing import ROUTINGS
from lightloom.fabric.routing.routing import Ground


def torus(*sides: int) -> Ground:
    columns = [tuple(side * (axis == place) for axis in range(len(sides))) for place, side in enumerate(sides)]
    return Ground(lattice_graph(columns, [f"axis-{axis}" for axis in range(len(sides))]), sides)


def mesh_with_spine() -> Ground:
    """Four terminals in a ring of uneven capacity, and a switch that joins two of them."""
    ring = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
    up = np.array([[0, 4], [2, 4]])
    capacity = {"ring": np.array([1.0, 2.0, 1.0, 3.0]), "up": 2.0}
    return Ground(Graph.of({"terminal": 4, "switch": 1}, {"ring": ring, "up": up}, capacity=capacity))


GROUNDS = {"torus 3x4": torus(3, 4), "torus 2x2x3": torus(2, 2, 3), "uneven": mesh_with_spine()}
KINDS = [
    pytest.param(kind, ground, id=f"{kind}, {name}")
    for kind in ROUTINGS
    for name, ground in GROUNDS.items()
    if ground.sides or kind != "dimension-order"
]
LISTED = [case for case in KINDS if case.values[0] != "adaptive"]


def demand_of(ground: Ground, seed: int) -> np.ndarray:
    many = ground.graph.terminals
    wanted = np.random.default_rng(seed).integers(0, 4, (many, many)).astype(np.float64)
    np.fill_diagonal(wanted, 0.0)
    return wanted


@pytest.mark.parametrize(("kind", "ground"), KINDS)
def test_what_is_sent_arrives(kind: str, ground: Ground) -> None:
    wanted = demand_of(ground, 1)
    found = ROUTINGS[kind]().loads(ground, wanted)
    out = np.bincount(found.arcs.tail, found.flow, ground.graph.vertices)
    into = np.bincount(found.arcs.head, found.flow, ground.graph.vertices)
    net = np.zeros(ground.graph.vertices)
    net[: ground.graph.terminals] = wanted.sum(axis=0) - wanted.sum(axis=1)
    assert into - out == pytest.approx(net, abs=1e-6)


@pytest.mark.parametrize(("kind", "ground"), KINDS)
def test_no_demand_is_one_unit_between_any_two(kind: str, ground: Ground) -> None:
    many = ground.graph.terminals
    routing = ROUTINGS[kind]()
    stated = routing.loads(ground, np.ones((many, many)) - np.eye(many))
    assert routing.loads(ground).busiest == pytest.approx(stated.busiest, rel=1e-6)


@pytest.mark.parametrize(("kind", "ground"), KINDS)
def test_none_beats_the_ideal(kind: str, ground: Ground) -> None:
    for seed in range(3):
        wanted = demand_of(ground, seed)
        ideal = ROUTINGS["adaptive"]().loads(ground, wanted).busiest
        assert ROUTINGS[kind]().loads(ground, wanted).busiest >= ideal * (1 - 1e-6)


@pytest.mark.parametrize(("kind", "ground"), LISTED)
def test_loads_are_those_of_the_ways(kind: str, ground: Ground) -> None:
    wanted = demand_of(ground, 2)
    routing = ROUTINGS[kind]()
    found = routing.loads(ground, wanted)
    summed: dict[tuple[int, int], float] = {}
    for source, target in zip(*np.nonzero(wanted), strict=True):
        ways = list(routing.ways(ground, int(source), int(target)))
        assert sum(way.share for way in ways) == pytest.approx(1.0)
        assert all((way.vertices[0], way.vertices[-1]) == (source, target) for way in ways)
        for way in ways:
            for hop in itertools.pairwise(way.vertices):
                summed[hop] = summed.get(hop, 0.0) + way.share * float(wanted[source, target])
    arcs = zip(found.arcs.tail.tolist(), found.arcs.head.tolist(), strict=True)
    assert found.flow.tolist() == pytest.approx([summed.get(arc, 0.0) for arc in arcs], abs=1e-6)


def test_dimension_order_is_even_on_each_axis_of_a_torus() -> None:
    """Uniform traffic: N floor(d²/4) / (2 d) units on every link of an axis of d."""
    ground = torus(4, 6)
    found = ROUTINGS["dimension-order"]().loads(ground)
    across = np.abs(found.arcs.tail - found.arcs.head) % 6 != 0
    assert np.ptp(found.flow[across]) == pytest.approx(0.0)
    assert np.ptp(found.flow[~across]) == pytest.approx(0.0)
    assert found.busiest == pytest.approx(24 * 9 / 12)


@pytest.mark.parametrize("seed", range(4))
def test_valiant_never_needs_more_than_twice_the_uniform_load(seed: int) -> None:
    ground = torus(4, 4)
    wanted = np.zeros((16, 16))
    wanted[np.arange(16), np.random.default_rng(seed).permutation(16)] = 16.0
    np.fill_diagonal(wanted, 0.0)
    routing = ROUTINGS["valiant"]()
    uniform = ROUTINGS["ecmp"]().loads(ground).busiest
    assert routing.loads(ground, wanted).busiest <= 2 * uniform * (1 + 1e-9)


def test_a_way_of_the_ring_is_listed_with_the_largest_share_first() -> None:
    ways = list(ROUTINGS["weighted"]().ways(mesh_with_spine(), 0, 2))
    assert [way.vertices for way in ways] == [(0, 3, 2), (0, 4, 2), (0, 1, 2)]
    assert [way.share for way in ways] == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    assert ways[0].hops == 2


def test_dimension_order_is_refused_where_there_are_no_axes() -> None:
    ground = Ground(Graph.of({"node": 5}, {"links": pairs(np.arange(5)[None, :])}))
    with pytest.raises(StudyError, match="grid"):
        ROUTINGS["dimension-order"]().loads(ground)


def test_ends_of_a_way_are_terminals() -> None:
    with pytest.raises(StudyError, match="no terminal"):
        list(ROUTINGS["ecmp"]().ways(mesh_with_spine(), 0, 4))
