"""What a search for topologies looks at is what it says, and what it finds is the best of that.

Facts protected: every topology of every family is regular, hangs together and looks alike from the nodes it says;
candidates of every space have no link twice and their quick bound is the sum of distances searched by another
program (scipy), over the links; no load is below it; one source is as good as all; every space holds as many points as
it says; groups are groups; bases of a lattice are its relations. Source: Cayley graphs as of any textbook.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import shortest_path

from lightloom.core.errors import StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.sparse import orbits
from lightloom.fabric.synthesis.cubes import Cubes, inside
from lightloom.fabric.synthesis.families import FAMILIES
from lightloom.fabric.synthesis.families.abelian import Abelian
from lightloom.fabric.synthesis.families.circulants import Circulants
from lightloom.fabric.synthesis.families.cube_circuits import CubeCircuits
from lightloom.fabric.synthesis.families.lattices import TwistedLattice
from lightloom.fabric.synthesis.families.metacyclic import Metacyclic
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.group import Group, divisors, no_group
from lightloom.fabric.synthesis.relations import repeats
from lightloom.fabric.synthesis.search import search
from lightloom.fabric.synthesis.spheres import load_bounds
from lightloom.fabric.synthesis.wiring import Banks, banks

SPECIMENS = {f"{kind.kind}-{place}": one for kind in FAMILIES.values() for place, one in enumerate(kind.specimens())}
IMPOSSIBLE = {f"{kind.kind}-{place}": one for kind in FAMILIES.values() for place, one in enumerate(kind.impossible())}
SIZES = [(12, 4), (16, 5), (24, 6), (27, 6), (36, 3), (128, 6)]
every = pytest.mark.parametrize("topology", SPECIMENS.values(), ids=SPECIMENS.keys())


def searched(graph: Graph) -> np.ndarray:
    """Distances between all nodes, by scipy, from the list of links alone."""
    count = graph.vertices
    joined = coo_array((np.ones(graph.links), graph.ends.T), shape=(count, count))
    return shortest_path(joined.tocsr(), directed=False, unweighted=True)


def weighed(graph: Graph, circuit: float) -> float:
    """The load that distances allow where a circuit counts as so many links, likewise."""
    weights = np.where(graph.level == graph.levels.index("circuit"), circuit, 1.0)
    joined = coo_array((weights, graph.ends.T), shape=(graph.vertices, graph.vertices))
    return shortest_path(joined.tocsr(), directed=False).sum() / (2 * weights.sum())


def spaces() -> list[tuple[str, Space]]:
    return [
        (f"{kind.kind}-{nodes}-{degree}-{place}", space)
        for nodes, degree in SIZES
        for kind in FAMILIES.values()
        for place, space in enumerate(kind.spaces(nodes, degree, np.random.default_rng(5))[:3])
    ]


SPACES = dict(spaces())
each_space = pytest.mark.parametrize("space", SPACES.values(), ids=SPACES.keys())


@every
def test_a_topology_is_regular_whole_and_like_its_images(topology: Family) -> None:
    graph = topology.checked().graph()
    assert graph.terminals == graph.vertices == topology.nodes
    assert (graph.degree == topology.degree).all()
    assert (graph.ends[:, 0] != graph.ends[:, 1]).all()
    assert np.isfinite(searched(graph)).all()
    found = orbits(graph, graph.arcs())  # which refuses permutations that are no automorphisms
    kinds = {"cube-circuits": 12, "generalised-kautz": len(found.terminals)}  # of nodes
    assert len(found.terminals) == kinds.get(topology.kind, 1)
    if topology.kind != "generalised-kautz":
        assert len(graph.arcs()) == 2 * graph.links, "a link is there twice"
    assert topology.kind in topology.model_dump()["family"]
    assert type(topology).model_validate(topology.model_dump()) == topology
    assert topology.words()


@pytest.mark.parametrize(
    "topology",
    [
        pytest.param(one, marks=pytest.mark.slow if one.nodes > 40 else (), id=key)
        for key, one in SPECIMENS.items()
        if one.nodes <= 128
    ],
)
def test_one_source_is_as_good_as_all(topology: Family) -> None:
    graph = topology.graph()
    plain = all_to_all(replace(graph, automorphisms=()))
    assert all_to_all(graph).load == pytest.approx(plain.load, rel=1e-9)
    assert searched(graph).sum() / plain.arcs.capacity.sum() <= plain.load * (1 + 1e-9)


@pytest.mark.parametrize("topology", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_the_impossible_is_refused(topology: Family) -> None:
    with pytest.raises(StudyError):
        topology.checked()


@each_space
def test_candidates_are_regular_and_their_bound_is_that_of_distances(space: Space) -> None:
    draws = np.random.default_rng(1)
    points = space.draw(12, draws)
    points = np.concatenate([points, space.near(points, draws)])
    for point, bound in zip(points, space.bounds(points), strict=True):
        topology = space.candidate(point)
        if not np.isfinite(bound):
            with pytest.raises(StudyError):
                topology.checked()
            continue
        graph = topology.checked().graph()
        assert (graph.degree == topology.degree).all()
        plain = searched(graph).sum() / (topology.nodes * topology.degree)
        wanted = max(plain, weighed(graph, 3.0)) if topology.kind == "cube-circuits" else plain
        assert bound == pytest.approx(wanted, rel=1e-12)


@each_space
def test_a_space_holds_as_many_points_as_it_says_each_once(space: Space) -> None:
    if space.size > 20_000:
        return
    points = np.concatenate(list(space.everything()))
    assert len(points) == space.size == len(np.unique(points, axis=0))
    known = {tuple(point) for point in points.tolist()}
    draws = np.random.default_rng(2)
    drawn = space.draw(20, draws)
    assert {tuple(point) for point in np.concatenate([drawn, space.near(drawn, draws)]).tolist()} <= known


def test_every_even_degree_has_candidates_at_every_size() -> None:
    for nodes in range(4, 40):
        for degree in range(2, nodes):
            if nodes * degree % 2 == 0:
                assert Circulants.spaces(nodes, degree, np.random.default_rng(0))


GROUPS = [
    Group.of((12,)),
    Group.of((2, 6)),
    Group.of((7,), ((2,),), 3),
    Group.of((5,), ((-1,),), 2),
    Group.of((2, 2, 2), ((0, 1, 0), (0, 0, 1), (1, 0, 0)), 3),
    Group.of((4, 4), ((1, 2), (1, 3)), 4),
]


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_one(group: Group) -> None:
    here = np.arange(group.order)
    table = group.multiply(here[:, None], here[None, :])
    assert (np.sort(table, axis=0) == here[:, None]).all()
    assert (np.sort(table, axis=1) == here[None, :]).all()
    assert (table[table[:, :, None], here] == table[here[:, None, None], table[None, :, :]]).all()
    assert (table[0] == here).all()
    assert (table[here, group.inverse(here)] == 0).all()
    assert (group.right(here) == table.T).all()
    assert all((group.left(element) == table[element]).all() for element in here.tolist())
    assert (group.numbers(group.parts(here)) == here).all()


@pytest.mark.parametrize("group", GROUPS)
def test_cosets_of_the_subgroups_it_names_lead_to_cosets(group: Group) -> None:
    for order in group.subgroup_orders():
        assert group.order % order == 0
        members = _subgroup(group, order)
        if members is None:
            continue
        coset = group.multiply(members[:, None], np.arange(group.order)[None, :]).min(axis=0)
        for element in range(group.order):
            led = coset[group.right(np.asarray(element))]
            assert all(len(set(led[coset == one].tolist())) == 1 for one in set(coset.tolist()))


def _subgroup(group: Group, order: int) -> np.ndarray | None:
    """Members of one that two elements make, if there is such."""
    for first in range(group.order):
        for second in range(first, group.order):
            members = {0}
            edge = {0}
            while edge:
                edge = {int(group.multiply(np.array(a), np.array(b))) for a in edge for b in (first, second)} - members
                members |= edge
            if len(members) == order:
                return np.array(sorted(members))
    return None


def test_matrices_that_make_no_group_are_told() -> None:
    assert "square" in no_group((7,), ((1, 2),), 2) or "rows" in no_group((7,), ((1, 2),), 2)
    assert "turns" in no_group((7,), ((3,),), 2)
    assert "sides" in no_group((4, 2), ((1, 1), (0, 1)), 2)
    assert not no_group((4, 2), ((1, 2), (0, 1)), 2)


def test_relations_of_commuting_steps_are_the_lattice_of_the_same_grid() -> None:
    for sides, generators in (((128,), ((1,), (8,), (54,))), ((4, 8), ((1, 0), (0, 1), (1, 3)))):
        lattice = repeats(sides, generators)
        assert lattice is not None
        grid, plain = TwistedLattice(vectors=lattice), Abelian(sides=sides, generators=generators)
        assert grid.nodes == plain.nodes
        assert np.array_equal(np.sort(searched(grid.graph())[0]), np.sort(searched(plain.graph())[0]))
    assert repeats((8,), ((1,), (3,))) is None


def test_a_pod_of_cubes_wires_grids_that_repeat_after_whole_cubes() -> None:
    assert not TwistedLattice(vectors=((4, 0, 4), (0, 4, 4), (0, 0, 8))).cube_rule(4)
    assert "[4, 0, 2]" in TwistedLattice(vectors=((4, 0, 2), (0, 4, 4), (0, 0, 8))).cube_rule(4)
    assert "whole cubes" in Circulants(cycle=128, strides=(1, 8, 54)).cube_rule(4)
    assert "whole cubes" in Abelian(sides=(4, 8), generators=((1, 0), (0, 1), (1, 3))).cube_rule(4)
    assert "steps of a grid" in SPLIT.cube_rule(4)
    for kind in FAMILIES.values():
        if kind.of_pod:
            assert not any(one.cube_rule(4) for one in kind.specimens())
            assert all(one.cube_rule(5) for one in kind.specimens())


SPLIT = Metacyclic(cycle=32, turn=9, turns=4, generators=((1, 0), (2, 2), (4, 1)))


def test_banks_take_two_ports_a_node_or_are_split_by_cosets() -> None:
    assert banks(SPLIT.planes(), 300) == Banks(ports=256, whole=True, split_ports=256, switches=3)
    assert banks(SPLIT.planes(), 136) == Banks(ports=256, whole=False, split_ports=128, switches=6)
    assert banks(SPLIT.planes(), 1) == Banks(ports=256, whole=False, split_ports=0, switches=0)
    opposite = Circulants(cycle=8, strides=(1, 4))
    assert banks(opposite.planes(), 16) == Banks(ports=16, whole=True, split_ports=16, switches=2)
    assert [plane.involution for plane in opposite.planes()] == [False, True]


def test_cubes_take_a_switch_of_two_ports_a_cube_for_each_place() -> None:
    pod = CubeCircuits(sides=(4,), circuits=tuple((each % 4, 0) for each in range(8)))
    assert banks(pod.planes(), 128) == Banks(ports=8, whole=True, split_ports=8, switches=48)


def test_cubes_all_joined_alike_are_the_torus() -> None:
    """The far face of each of two cubes to the near face of the other along all axes: a lattice of whole cubes."""
    alike = Cubes(Group.of((2,))).steps(np.ones((1, 8), np.int64))
    grid = TwistedLattice(vectors=((4, 0, 4), (0, 4, 4), (0, 0, 8))).graph()
    bound = load_bounds(alike)
    assert bound == pytest.approx(searched(grid)[0].sum() / 6)


def test_the_circuits_of_a_pod_join_far_faces_to_near_ones_at_the_same_place() -> None:
    pod = CubeCircuits(sides=(4,), circuits=tuple((each % 4, 0) for each in range(8)))
    graph = pod.graph()
    ends = graph.ends[graph.level == graph.levels.index("circuit")]
    where = inside()[ends % 64]
    axis = (where[:, 0] != where[:, 1]).argmax(axis=1)
    rows = np.arange(len(ends))
    assert ((where[:, 0] != where[:, 1]).sum(axis=1) == 1).all()
    assert (where[rows, 0, axis] == 3).all()
    assert (where[rows, 1, axis] == 0).all()
    assert len(ends) == 3 * 16 * 4
    assert np.bincount(ends.ravel() // 64).tolist() == [96] * 4


def test_a_search_of_a_small_space_finds_its_best() -> None:
    found = search(13, 4, [Circulants], candidates=1000, seed=0)
    assert found is not None
    assert found.proved
    rings = [Circulants(cycle=13, strides=(1, other)) for other in range(2, 7)]  # 13 is prime: any stride can be 1
    assert found.best.load == pytest.approx(min(all_to_all(ring.graph()).load for ring in rings))


def test_a_search_gives_the_same_for_the_same_seed_and_never_less_than_known() -> None:
    kinds = list(FAMILIES.values())
    first, again = (search(30, 4, kinds, candidates=300, seed=7) for _ in range(2))
    assert first == again
    assert first is not None
    rich = search(30, 4, [Circulants], candidates=16, seed=7, known=[first.best.topology])
    assert rich is not None
    assert rich.best.load == pytest.approx(first.best.load)


def test_divisors_multiply_to_the_number() -> None:
    assert all(
        divisors(number) == tuple(d for d in range(1, number + 1) if number % d == 0) for number in range(1, 200)
    )
