"""What is measured on graphs is what the slow, obvious way finds, on small random graphs with switches.

Oracles: Floyd and Warshall for distances; every set of vertices for all-gathers, bisections and cuts; one flow per pair
of terminals for the all-to-all programme; one packet at a time for equal-split loads; characters of the group for
eigenvalues of a torus.
"""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.bisection import bisection
from lightloom.fabric.measures.cuts import all_gather, all_reduce_bandwidth, reduce_scatter, whole_capacities
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.flow import all_to_all, concurrent
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.measures.maxflow import smallest_cut
from lightloom.fabric.measures.moore import mean_hops_bound
from lightloom.fabric.measures.spectrum import adjacency_second, bisection_bound, laplacian_gap
from lightloom.fabric.topologies.jellyfish import Jellyfish
from lightloom.fabric.topologies.torus import Torus

CAPACITIES = (1.0, 2.0, 0.5, 1e11, 3e11 / 7)


@st.composite
def graphs(draw: st.DrawFn, *, directed: bool = False, plain: bool = False) -> Graph:
    """Connected graphs of up to eight vertices: a ring through all of them, in one way, and links beside it."""
    vertices = draw(st.integers(3, 8))
    terminals = draw(st.integers(2, vertices))
    ends = st.tuples(st.integers(0, vertices - 1), st.integers(0, vertices - 1)).filter(lambda pair: pair[0] != pair[1])
    ring = [(vertex, (vertex + 1) % vertices) for vertex in range(vertices)]
    links = np.array([*ring, *draw(st.lists(ends, max_size=10))])
    unit = 1.0 if plain else draw(st.sampled_from(CAPACITIES))
    some = st.integers(1, 1 if plain else 9)
    capacity = unit * np.array(draw(st.lists(some, min_size=len(links), max_size=len(links))), np.float64)
    return Graph.of(
        {"terminal": terminals, "switch": vertices - terminals},
        {"link": links},
        capacity={"link": capacity},
        directed=directed,
    )


either = st.booleans().flatmap(lambda directed: graphs(directed=directed))


def dense(graph: Graph) -> np.ndarray:
    """Return (vertices, vertices) capacities."""
    arcs = graph.arcs()
    table = np.zeros((graph.vertices, graph.vertices))
    table[arcs.tail, arcs.head] = arcs.capacity
    return table


def distances(graph: Graph) -> np.ndarray:
    """Return (vertices, vertices) links apart, over one vertex in between after the other."""
    far = np.where(dense(graph) > 0, 1.0, np.inf)
    np.fill_diagonal(far, 0.0)
    for between in range(graph.vertices):
        far = np.minimum(far, far[:, [between]] + far[[between]])
    return far


def sets(graph: Graph) -> np.ndarray:
    """Return (2**vertices, vertices) every set of vertices."""
    return (np.arange(2**graph.vertices)[:, None] >> np.arange(graph.vertices)) & 1 == 1


def leaving(graph: Graph, inside: np.ndarray) -> np.ndarray:
    """Return (sets,) capacity out of each."""
    return np.einsum("su,uv,sv->s", inside.astype(float), dense(graph), (~inside).astype(float))


@given(either)
def test_distances(graph: Graph) -> None:
    far = distances(graph)[: graph.terminals, : graph.terminals]
    apart = far[~np.eye(graph.terminals, dtype=bool)]
    found = hops(graph)
    assert found.diameter == apart.max()
    assert found.mean == pytest.approx(apart.mean())


def test_distances_of_many_sources_at_once_and_of_deep_graphs() -> None:
    for topology in (Jellyfish(nodes=200, degree=5), Torus(dims=(100,))):
        graph = topology.graph()
        plain = Graph.of({"node": graph.vertices}, {"link": graph.ends})
        assert np.array_equal(hops(plain).pairs[1:], np.bincount(distances(graph).astype(int).ravel())[1:])


@given(either)
def test_all_gather(graph: Graph) -> None:
    inside = sets(graph)
    members = inside[:, : graph.terminals].sum(axis=1)
    allowed = (members > 0) & (members < graph.terminals)
    least = (leaving(graph, inside)[allowed] / members[allowed]).min()
    found = all_gather(graph)
    assert found.bandwidth == pytest.approx(graph.terminals * least, rel=1e-12)
    members = np.count_nonzero(found.inside[: graph.terminals])
    assert leaving(graph, found.inside[None])[0] / members == pytest.approx(least, rel=1e-12)


@given(graphs(directed=True))
def test_reduce_scatter_is_all_gather_backwards(graph: Graph) -> None:
    inside = sets(graph)
    members = inside[:, : graph.terminals].sum(axis=1)
    allowed = (members > 0) & (members < graph.terminals)
    entering = leaving(graph, ~inside)
    least = graph.terminals * (entering[allowed] / members[allowed]).min()
    assert reduce_scatter(graph).bandwidth == pytest.approx(least, rel=1e-12)
    both = 1 / (1 / least + 1 / all_gather(graph).bandwidth)
    assert all_reduce_bandwidth(graph) == pytest.approx(both, rel=1e-12)


@given(graphs())
def test_bisection(graph: Graph) -> None:
    inside = sets(graph)
    members = inside[:, : graph.terminals].sum(axis=1)
    least = leaving(graph, inside)[members == graph.terminals // 2].min()
    assert bisection(graph).capacity == pytest.approx(least, rel=1e-9)


def pairwise(graph: Graph, demand: np.ndarray) -> float:
    """Return the least load, with a flow of its own for every pair of terminals."""
    arcs = graph.arcs()
    pairs = [(a, b) for a in range(graph.terminals) for b in range(graph.terminals) if a != b and demand[a, b]]
    unknowns = len(pairs) * len(arcs) + 1
    conserve, needs = np.zeros((len(pairs) * graph.vertices, unknowns)), np.zeros(len(pairs) * graph.vertices)
    limits = np.zeros((len(arcs), unknowns))
    limits[:, -1] = -arcs.capacity / arcs.capacity.max()
    for number, (a, b) in enumerate(pairs):
        for link in range(len(arcs)):
            column = number * len(arcs) + link
            conserve[number * graph.vertices + arcs.head[link], column] += 1
            conserve[number * graph.vertices + arcs.tail[link], column] -= 1
            limits[link, column] = 1
        needs[number * graph.vertices + b], needs[number * graph.vertices + a] = demand[a, b], -demand[a, b]
    goal = np.zeros(unknowns)
    goal[-1] = 1
    best = linprog(goal, limits, np.zeros(len(arcs)), conserve, needs, method="highs")
    return best.fun / arcs.capacity.max()


@settings(max_examples=25)
@given(either)
def test_all_to_all(graph: Graph) -> None:
    demand = 1.0 - np.eye(graph.terminals)
    found = all_to_all(graph)
    assert found.load == pytest.approx(pairwise(graph, demand), rel=1e-7)
    assert (found.flow / found.arcs.capacity).max() == pytest.approx(found.load)


@settings(max_examples=25)
@given(graphs(), st.data())
def test_any_demand(graph: Graph, data: st.DataObject) -> None:
    entries = st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=graph.terminals**2, max_size=graph.terminals**2)
    demand = np.reshape(data.draw(entries), (graph.terminals, graph.terminals))
    found = concurrent(graph, demand)
    if demand.sum() == np.trace(demand):
        assert found.load == 0.0
    else:
        assert found.load == pytest.approx(pairwise(graph, demand), rel=1e-7)
        assert found.throughput == pytest.approx(1 / found.load)


def one_at_a_time(graph: Graph, demand: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return (vertices, vertices) units on each link, each pair's spread from vertex to vertex."""
    far, carried = distances(graph), np.zeros_like(weights)
    for goal in range(graph.terminals):
        passing = np.zeros(graph.vertices)
        passing[: graph.terminals] = demand[:, goal]
        passing[goal] = 0.0
        for vertex in np.argsort(-far[:, goal], kind="stable"):
            nexts = np.flatnonzero((weights[vertex] > 0) & (far[:, goal] == far[vertex, goal] - 1))
            for following in nexts:
                share = passing[vertex] * weights[vertex, following] / weights[vertex, nexts].sum()
                carried[vertex, following] += share
                passing[following] += share
    return carried


@given(either, st.sampled_from(["even", "capacity"]), st.data())
def test_equal_split_loads(graph: Graph, split: str, data: st.DataObject) -> None:
    entries = st.lists(st.sampled_from([0.0, 1.0, 3.0]), min_size=graph.terminals**2, max_size=graph.terminals**2)
    demand = np.reshape(data.draw(entries), (graph.terminals, graph.terminals))
    weights = dense(graph) if split == "capacity" else (dense(graph) > 0).astype(float)
    expected = one_at_a_time(graph, demand, weights)
    found = loads(graph, demand, split=split)
    assert found.flow == pytest.approx(expected[found.arcs.tail, found.arcs.head], rel=1e-6, abs=1e-9)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 55))
def test_cuts_of_capacities_beyond_32_bits_are_exact(seed: int, digits: int) -> None:
    draws = np.random.default_rng(seed)
    vertices = 8
    keys = draws.choice(vertices**2, 30, replace=False)
    tail, head = np.divmod(keys, vertices)
    tail, head = tail[tail != head], head[tail != head]
    capacity = draws.integers(0, 2**digits, len(tail))
    found = smallest_cut((tail, head), capacity, vertices, (0, vertices - 1))
    least = min(
        sum(int(c) for t, h, c in zip(tail, head, capacity, strict=True) if inside[t] and not inside[h])
        for middle in range(vertices - 1)
        for some in combinations(range(1, vertices - 1), middle)
        for inside in [np.isin(np.arange(vertices), [0, *some])]
    )
    assert found.flow == least
    across = found.inside[tail] & ~found.inside[head]
    assert int(capacity[across].sum()) == least


@given(st.lists(st.sampled_from([1.0, 0.1, 1 / 3, 4e11, 2.5e10, 3.0, np.pi]), min_size=1, max_size=6))
def test_whole_capacities_are_in_the_same_proportion(values: list[float]) -> None:
    counts = whole_capacities(np.array(values))
    assert counts.max() <= 2**32
    assert counts * (max(values) / counts.max()) == pytest.approx(values, rel=1e-15, abs=max(values) * 1e-9)


def test_whole_capacities_of_round_proportions_are_small() -> None:
    assert whole_capacities(np.array([0.1, 0.3, 0.2])).tolist() == [1, 3, 2]
    assert whole_capacities(np.array([4e11, 3e11 / 7])).tolist() == [28, 3]


def test_eigenvalues_of_a_torus_are_sums_of_cosines() -> None:
    for dims in ((4, 5), (40, 36)):
        graph = Torus(dims=dims).graph()
        turns = [2 * np.cos(2 * np.pi * np.arange(side) / side) for side in dims]
        exact = np.sort(np.add.outer(*turns).ravel())
        assert adjacency_second(graph) == pytest.approx(exact[-2], rel=1e-9)
        assert laplacian_gap(graph) == pytest.approx(4 - exact[-2], rel=1e-7)
        assert bisection_bound(graph) <= 2 * min(dims)


@given(graphs(plain=True))
def test_no_regular_graph_is_closer_than_the_moore_bound(graph: Graph) -> None:
    simple = Graph.of({"node": graph.vertices}, {"link": np.unique(np.sort(graph.ends, axis=1), axis=0)})
    widest = int(simple.degree.max())
    assert mean_hops_bound(graph.vertices, widest) <= hops(simple).mean + 1e-12
