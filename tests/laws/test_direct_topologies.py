"""Every topology built as one graph is what its parameters promise, and what is known of it in closed form is so.

Facts protected: all terminals reach each other, closed-form counts are those of the graph, distances, bisections,
all-to-all loads and all-gathers by formula are those found by search, integer programme, linear programme and largest
flows; symmetry saves work and changes nothing; impossible parameters are refused with what is possible. Sources: the
construction each topology names; Zhao et al., "ForestColl" (all-gather); Shahrokhi and Matula, "The maximum concurrent
flow problem", JACM 37(2), 1990.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from lightloom.core.errors import StudyError
from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.direct_registry import DIRECT_TOPOLOGIES
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.bisection import bisection
from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.measures.sparse import check_connected, orbits

SMALL = 40
"""Vertices up to which an exact answer takes milliseconds."""
SPECIMENS = {
    f"{kind.kind}-{number}": topology
    for kind in DIRECT_TOPOLOGIES.values()
    for number, topology in enumerate(kind.shapes())
}
IMPOSSIBLE = {
    f"{kind.kind}-{number}": topology
    for kind in DIRECT_TOPOLOGIES.values()
    for number, topology in enumerate(kind.impossible())
}


def each(cases: Mapping[str, DirectTopology]) -> pytest.MarkDecorator:
    """Run a test on each case."""
    return pytest.mark.parametrize("topology", cases.values(), ids=cases.keys())


def knowing(name: str, *, largest: float = np.inf) -> pytest.MarkDecorator:
    """Run a test on each topology that has a formula, up to a number of vertices."""
    fits = {key: topology for key, topology in SPECIMENS.items() if name in topology.known()}
    return each({key: topology for key, topology in fits.items() if topology.graph().vertices <= largest})


every = each(SPECIMENS)
symmetric = each(
    {
        key: topology
        for key, topology in SPECIMENS.items()
        if topology.graph().automorphisms and topology.graph().vertices <= SMALL
    }
)


def plain(graph: Graph) -> Graph:
    """Return the graph without its symmetry."""
    return replace(graph, automorphisms=())


@every
def test_all_terminals_reach_each_other_over_links_that_are_none_to_themselves(topology: DirectTopology) -> None:
    graph = topology.graph()
    check_connected(graph)
    assert (graph.ends[:, 0] != graph.ends[:, 1]).all()
    assert (graph.degree >= 1).all()
    assert graph.degree.sum() == graph.links * (1 if graph.directed else 2)


@every
def test_closed_form_counts_are_those_of_the_graph(topology: DirectTopology) -> None:
    graph, counts = topology.graph(), topology.known()
    assert counts["terminals"] == graph.terminals
    assert counts["switches"] == graph.vertices - graph.terminals
    assert counts["links"] == graph.links
    between = np.count_nonzero((graph.ends >= graph.terminals).all(axis=1))
    assert counts.get("switch_links", between) == between


@every
def test_closed_form_distances_are_those_searched(topology: DirectTopology) -> None:
    found, counts = hops(topology.graph()), topology.known()
    assert found.pairs.sum() == counts["terminals"] * (counts["terminals"] - 1)
    assert counts.get("diameter", found.diameter) == found.diameter
    assert counts.get("mean_hops", found.mean) == pytest.approx(found.mean, rel=1e-12)


@knowing("bisection", largest=SMALL)
def test_closed_form_bisection_is_the_narrowest(topology: DirectTopology) -> None:
    assert bisection(topology.graph()).capacity == pytest.approx(topology.known()["bisection"])


@knowing("all_to_all")
def test_closed_form_all_to_all_is_the_optimum(topology: DirectTopology) -> None:
    assert all_to_all(topology.graph()).load == pytest.approx(topology.known()["all_to_all"], rel=1e-9)


@knowing("all_gather")
def test_closed_form_all_gather_is_the_exact_one(topology: DirectTopology) -> None:
    assert all_gather(topology.graph()).bandwidth == pytest.approx(topology.known()["all_gather"], rel=1e-12)


@every
def test_no_routing_beats_the_distance_bound_and_equal_split_never_the_optimum(topology: DirectTopology) -> None:
    graph = topology.graph()
    split = loads(graph)
    assert split.passes == pytest.approx(hops(graph).total, rel=1e-9)
    if len(orbits(graph, graph.arcs()).terminals) > SMALL:
        return
    best = all_to_all(graph)
    assert hops(graph).total / best.arcs.capacity.sum() <= best.load * (1 + 1e-9)
    assert best.load <= split.busiest * (1 + 1e-9)


@symmetric
def test_symmetry_changes_no_answer(topology: DirectTopology) -> None:
    graph = topology.graph()
    assert np.array_equal(hops(graph).pairs, hops(plain(graph)).pairs)
    assert all_to_all(graph).load == pytest.approx(all_to_all(plain(graph)).load, rel=1e-9)
    assert all_gather(graph).bandwidth == pytest.approx(all_gather(plain(graph)).bandwidth, rel=1e-12)
    assert loads(graph).flow == pytest.approx(loads(plain(graph)).flow, rel=1e-9)


@each(IMPOSSIBLE)
def test_impossible_parameters_are_refused_with_what_is_possible(topology: DirectTopology) -> None:
    with pytest.raises(StudyError) as refused:
        topology.graph()
    with pytest.raises(StudyError):
        topology.known()
    assert all(fault.key and fault.message and fault.hint for fault in refused.value.faults)


@pytest.mark.parametrize("kind", DIRECT_TOPOLOGIES.values(), ids=lambda kind: kind.kind)
def test_every_kind_has_shapes_and_is_named_in_its_section(kind: type[DirectTopology]) -> None:
    assert kind.shapes()
    assert kind.model_fields["topology"].default == kind.kind


def test_seeds_draw_different_graphs_and_the_same_seed_the_same() -> None:
    for name in ("jellyfish", "xpander"):
        first = DIRECT_TOPOLOGIES[name].shapes()[-1]
        other = first.model_copy(update={"seed": 1})
        assert np.array_equal(first.graph().ends, first.graph().ends)
        assert not np.array_equal(first.graph().ends, other.graph().ends)
