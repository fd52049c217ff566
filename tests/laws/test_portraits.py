"""What is said of a network is what the general solvers say of its whole graph.

Facts protected, on every registered topology's specimens: endpoints taken together change neither hops nor shortest
ways; cuts around blocks are all that bounds all-to-all and all-gather of a folded Clos, and what is called exact is;
no bound of a bisection is above it; shares of listed ways are those of equal-cost multipath. Sources: Shahrokhi and
Matula, "The maximum concurrent flow problem", JACM 37(2), 1990 (the programme); Zhao et al., "ForestColl" (all-gather);
Menger's theorem (ways that share no cable); Al-Fares et al., SIGCOMM 2008 (k-ary fat tree: (k/2)^2 ways between pods).
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import frozen
from lightloom.core.errors import StudyError
from lightloom.fabric.fabric import Cables, CircuitSpace, ClusterShape, Fabric, Level, Mesh
from lightloom.fabric.folded_clos import Oversubscription
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.bisection import bisection
from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.measures.maxflow import smallest_cut
from lightloom.fabric.portrait.island import Island, island_of
from lightloom.fabric.portrait.meshed import reduce_graph
from lightloom.fabric.portrait.paths import paths
from lightloom.fabric.portrait.portrait import Portrait, portrait
from lightloom.fabric.portrait.reduced import reduce_network, sources_of
from lightloom.fabric.portrait.ways import search
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topology import Setting, Topology
from lightloom.photonics.links import LinkPolicy, choose

FLOWS, VERTICES, LINKS = 2500, 18, 40
"""Sizes up to which a programme, and an integer programme, take milliseconds."""


def built(topology: Topology, setting: Setting) -> Fabric:
    """Return a fabric of one network, without cables bought: one second a level and a hop."""
    layout = topology.lay(setting)
    wiring = layout.wiring
    levels: list[Level] = []
    for index, ((domain, name), (_, block)) in enumerate(zip(wiring.levels, layout.blocks, strict=True)):
        if name == "cube" or (layout.circuits and name == layout.circuits.links):
            continue  # its links are some of the mesh's, or beside those to packet switches
        mesh, up = None, np.full(setting.endpoints, setting.rate)
        if layout.mesh and name == "mesh":
            mesh, up = Mesh(layout.mesh.ground, layout.mesh.routing, 1.0), np.ones(int(block.max()) + 1)
        elif wiring.cables(index):
            up = wiring.capacity(index)
        levels.append(Level(domain, name, block, frozen(up.copy()), 1.0, mesh))
    parts = int(layout.island.max()) + 1
    if layout.mesh is None and parts > 1 and levels[-1].domain == "scale_out":
        levels.append(Level("scale_out", "rail", layout.island, np.zeros(parts), 0.0))
    space = None
    if layout.circuits and not layout.mesh:
        circuits = layout.circuits
        each, packet = float(wiring.rate[-1]), levels[-1].up if circuits.links else None
        sizes = circuits.level, circuits.blocks, circuits.ports_per_block
        space = CircuitSpace(*sizes, each, "mirrors", 1, (), packet)
    count, node = setting.endpoints, setting.endpoints_per_node
    return Fabric(
        shape=ClusterShape(count, node, node, 1.0, 1.0),
        scale_up_domain=layout.island if levels[0].domain == "scale_up" else frozen(np.arange(count)),
        levels=tuple(levels),
        cables=Cables((), (), choose((), LinkPolicy("spec_min", 0.0), {})),
        inventory=(),
        circuit_space=space,
        coordinates=(),
        wiring=wiring,
        assumptions=(),
    )


def hung(island: Island, routers: Graph) -> Graph:
    """Return a mesh with the endpoints that hang under it, or itself where they are its terminals."""
    home = island.rungs[-1].block
    if len(np.unique(home)) == len(home):
        return routers
    return Graph.of(
        {"endpoint": len(home), "router": routers.vertices},
        {"host": np.stack([np.arange(len(home)), len(home) + home], axis=1), "mesh": routers.ends + len(home)},
        capacity={"host": island.rungs[0].up[0], "mesh": routers.capacity},
    )


def whole(fabric: Fabric, island: Island) -> Graph:
    """Return every endpoint and switch of an island, and the links in between."""
    wiring = fabric.wiring
    if island.mesh and "circuit" in wiring.kinds:  # legs do not say which of them meet
        return hung(island, replace(island.mesh.ground.graph, automorphisms=()))
    ends = wiring.ends
    joined = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(wiring.vertices, wiring.vertices))
    label = connected_components(joined, directed=False)[1]
    others = np.flatnonzero((label == label[island.members[0]]) & (np.arange(wiring.vertices) >= wiring.endpoints))
    number = np.full(wiring.vertices, -1)
    number[np.concatenate([island.members, others])] = np.arange(len(island.members) + len(others))
    kept = (number[ends] >= 0).all(axis=1)
    capacity = (wiring.multiplicity * wiring.rate)[kept]
    return Graph.of(
        {"endpoint": len(island.members), "switch": len(others)},
        {"cable": number[ends[kept]]},
        capacity={"cable": capacity},
    )


CASES = {f"{kind.kind}-{number}": case for kind in TOPOLOGIES.values() for number, case in enumerate(kind.specimens())}
SMALL = {
    "odd leaf-spine": (Clos(switch="plain", hosts_per_leaf="full"), Setting.plain(9, 6)),
    "odd pods": (Clos(switch="plain", hosts_per_leaf="full", levels=3), Setting.plain(15, 5)),
    "thin": (
        Clos(switch="plain", hosts_per_leaf="full", oversubscription=Oversubscription(leaf=1.5)),
        Setting.plain(20, 7),
    ),
}
ALL = {**CASES, **SMALL}


@cache
def standing(name: str) -> tuple[Fabric, Island]:
    fabric = built(*ALL[name])
    return fabric, island_of(fabric, fabric.levels[0].domain)


@cache
def told(name: str) -> tuple[Fabric, Island, Portrait, Graph]:
    fabric, island = standing(name)
    return fabric, island, portrait(fabric, island, ALL[name][0]), whole(fabric, island)


def several(fits: Callable[[Island, Graph], bool] = lambda _island, _graph: True) -> pytest.MarkDecorator:
    """Run a test on every case of two endpoints or more, or those that fit."""
    names = [name for name, (island, graph) in SIZES.items() if island.endpoints > 1 and fits(island, graph)]
    return pytest.mark.parametrize("name", names, scope="module")  # tests of one portrait stand together


SIZES = {name: (standing(name)[1], whole(*standing(name))) for name in ALL}


@several(lambda island, _graph: not island.circuits)
def test_hops_are_those_of_the_whole_graph(name: str) -> None:
    _, _, found, graph = told(name)
    every = hops(graph)
    assert found.spread.diameter == every.diameter
    assert found.spread.mean == pytest.approx(every.mean, rel=1e-12)
    assert not found.spread.sampled


@several()
def test_classes_of_endpoints_hide_no_way(name: str) -> None:
    fabric, island, found, graph = told(name)
    if island.mesh:
        kept = reduce_graph(graph)
    else:
        kept = reduce_network(fabric.wiring, frozenset((island.domain,)), island.members, relays=True)
    assert found.reduced.endpoints == kept.terminals == island.endpoints
    home = found.reduced.home[island.members]
    for source in {0, island.endpoints // 2, island.endpoints - 1}:
        whole_hops, whole_ways = search(kept, np.array([source]))
        hops_away, ways = search(found.reduced, home[[source]])
        elsewhere = home != home[source]
        own = slice(None, island.endpoints)
        assert np.array_equal(hops_away[home, 0][elsewhere], whole_hops[own, 0][elsewhere])
        assert np.array_equal(ways[home, 0][elsewhere], whole_ways[own, 0][elsewhere])


@several()
def test_sources_stand_for_all_classes(name: str) -> None:
    _, island, found, _ = told(name)
    chosen = sources_of(found.reduced, island.mesh.ground.graph if island.mesh else None)
    assert chosen.many.sum() == found.reduced.terminals
    away, ways = search(found.reduced, np.arange(found.reduced.terminals))
    weight = found.reduced.weight
    pairs = np.outer(weight, weight)[away[: found.reduced.terminals] > 0]
    total = sum(hops * share for hops, share in found.spread.hops)
    beside = float((weight * (weight - 1)).sum())
    each = away[: found.reduced.terminals][away[: found.reduced.terminals] > 0]
    assert total == pytest.approx((float((pairs * each).sum()) + 2 * beside) / (pairs.sum() + beside), rel=1e-12)
    if len(pairs):
        between = ways[: found.reduced.terminals][away[: found.reduced.terminals] > 0]
        assert found.spread.least == between.min()


@several(lambda _island, graph: graph.terminals * len(graph.arcs()) <= FLOWS)
def test_no_limit_is_beaten_and_exact_ones_are_reached(name: str) -> None:
    _, island, found, graph = told(name)
    count = island.endpoints
    limits = found.limits
    for limit, reached in (
        (limits.all_to_all, (count - 1) / all_to_all(graph).load),
        (limits.all_gather, all_gather(graph).bandwidth),
    ):
        assert reached <= limit.value * (1 + 1e-7)
        assert limit.how == "bound" or reached == pytest.approx(limit.value, rel=1e-7)
    assert limits.all_reduce.value == limits.all_gather.value / 2
    if limits.routed:
        assert limits.routed.value <= limits.all_to_all.value * (1 + 1e-7)


@several(lambda _island, graph: graph.vertices <= VERTICES and graph.links <= LINKS)
def test_a_bisection_is_the_narrowest_or_no_wider(name: str) -> None:
    _, _, found, graph = told(name)
    narrowest = bisection(graph).capacity
    limit = found.limits.bisection
    assert limit.value <= narrowest * (1 + 1e-7)
    assert limit.how == "bound" or limit.value == pytest.approx(narrowest, rel=1e-7)


@several(lambda _island, graph: graph.terminals <= 16)
def test_ways_apart_are_the_least_of_all_pairs(name: str) -> None:
    found = told(name)[2]
    reduced = found.reduced
    tail, head = np.concatenate([reduced.ends, reduced.ends[:, ::-1]]).T
    least: list[int] = []
    for source in range(reduced.terminals):
        for goal in range(source):
            room = np.tile(reduced.cables, 2)
            if not reduced.relays:
                ends = np.isin(tail, (source, goal)) | np.isin(head, (source, goal))
                room = np.where((tail < reduced.terminals) | (head < reduced.terminals), np.where(ends, 10**6, 0), room)
            least.append(smallest_cut((tail, head), room, reduced.vertices, (source, goal)).flow)
    assert found.apart == (min(least) if least else None)


@several()
def test_latency_counts_every_level_and_hop(name: str) -> None:
    """One second a level crossed and a hop of a mesh: as many as levels where there is no mesh."""
    _, island, found, _ = told(name)
    assert found.delay.mean <= found.delay.worst
    levels = sum(len(rung.up) > 1 for rung in island.rungs)
    if island.mesh is None:
        assert found.delay.worst == levels
    else:
        assert found.delay.worst == pytest.approx(levels + found.spread.diameter - 2 * (not found.reduced.relays))


@pytest.mark.parametrize("radix", [4, 8])
def test_a_full_fat_tree_has_the_published_ways(radix: int) -> None:
    topology = Clos(switch="plain", hosts_per_leaf="full", levels=3)
    setting = Setting.plain(radix**3 // 4, radix)
    fabric = built(topology, setting)
    found = portrait(fabric, island_of(fabric, "scale_out"), topology)
    assert (found.spread.diameter, found.spread.median) == (6, (radix // 2) ** 2)
    assert found.limits.all_to_all.value == pytest.approx(1.0), "non-blocking"
    assert found.apart == radix // 2
    across = paths(fabric, 0, setting.endpoints - 1)
    assert across.count == len(across.listed) == (radix // 2) ** 2
    assert [stage.count for stage in across.stages] == [1, 1, radix // 2, (radix // 2) ** 2, radix // 2, 1, 1]
    assert all(way.share == pytest.approx(4 / radix**2) and way.hops == 6 for way in across.listed)


@several()
def test_listed_ways_lead_from_one_to_the_other_and_carry_all(name: str) -> None:
    fabric, island, found, _ = told(name)
    source, target = int(island.members[0]), int(island.members[-1])
    across = paths(fabric, source, target)
    assert all(way.vertices[0] == f"accelerator {source}" for way in across.listed)
    assert all(way.vertices[-1] == f"accelerator {target}" for way in across.listed)
    assert len(set(across.listed)) == len(across.listed)
    if across.count == len(across.listed):
        assert sum(way.share for way in across.listed) == pytest.approx(1.0)
    ways = search(found.reduced, found.reduced.home[[source]])[1]
    if across.routing == "ecmp" and found.reduced.home[source] != found.reduced.home[target] and not island.circuits:
        assert across.count in (None, round(ways[found.reduced.home[target], 0]))


def test_refused_ways_name_what_there_is_all_at_once() -> None:
    fabric = built(Torus(dims=(4, 4), hosts=0), Setting.plain(16, 64, domain="scale_up"))
    with pytest.raises(StudyError) as refused:
        paths(fabric, 16, -1)
    assert [fault.message for fault in refused.value.faults] == [
        "there is no accelerator 16",
        "there is no accelerator -1",
    ]
    assert {fault.hint for fault in refused.value.faults} == {"choose from 0 to 15"}
    with pytest.raises(StudyError, match="no way to itself"):
        paths(fabric, 3, 3)
