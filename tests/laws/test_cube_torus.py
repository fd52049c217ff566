"""A torus of cubes is the torus of its shape, and takes of the circuit switches what a pod does.

Facts protected: its graph is that of the torus or twisted torus of the same sides; links through switches, switches and
their ports are a pod's; every switch joins opposite faces at one place; a study counts two cables and one pass for each
such link. Source: Jouppi et al., "TPU v4", ISCA 2023, as counted by ``fabric.pods``.
"""

import numpy as np
import pytest

import lightloom
from lightloom.core.errors import StudyError
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.pods.pod import Pod
from lightloom.fabric.topologies.cube_torus import CubeTorus
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus
from lightloom.study.design import design_of

SHAPES = [((4, 4, 8), False), ((4, 4, 8), True), ((4, 8, 8), True), ((8, 8, 4), True), ((8, 4, 8), False)]
each = pytest.mark.parametrize(("dims", "twisted"), SHAPES)


@each
def test_it_is_the_torus_of_its_shape(dims: tuple[int, int, int], twisted: bool) -> None:  # noqa: FBT001 - a case
    found = CubeTorus(dims=dims, twisted=twisted).graph()
    other = (TwistedTorus if twisted else Torus)(dims=dims).graph()
    assert np.array_equal(hops(found).pairs, hops(other).pairs)
    assert all_to_all(found).load == pytest.approx(all_to_all(other).load)


@each
def test_switches_and_ports_are_those_of_a_pod(dims: tuple[int, int, int], twisted: bool) -> None:  # noqa: FBT001 - a case
    topology = CubeTorus(dims=dims, twisted=twisted)
    graph = topology.graph()
    passes, pod = topology.passes(graph), Pod(cubes=graph.terminals // 64, edge=4)
    through = passes.box >= 0
    assert 2 * np.count_nonzero(through) == pod.cubes * pod.optical_links_per_cube
    assert np.count_nonzero(~through) == pod.cubes * pod.copper_links_per_cube
    assert np.array_equal(np.bincount(passes.box[through]), np.full(pod.switches, pod.cubes))
    ends = np.stack([passes.box[through]] * 2, axis=1).ravel()
    cube = passes.block[graph.ends[through]].ravel()
    assert (np.unique(np.stack([ends, cube]), axis=1, return_counts=True)[1] == 2).all()


def test_a_study_counts_two_legs_and_one_pass_a_link() -> None:
    study = lightloom.load("qwen3-235b-256-scaleup").replace(
        {
            "fabric.scale_up": {
                "topology": "cube-torus",
                "dims": [4, 8, 8],
                "twisted": True,
                "domain": None,
                "link": None,
                "switch": None,
                "links": {"mesh": "scale-up-optical", "cube": "800g-dr8-ocs"},
            }
        }
    )
    fabric, pod = design_of(study).fabric, Pod(cubes=4)
    assert fabric.circuit_space is None
    rows = fabric.cables.rows("scale_up", "cube")
    assert fabric.cables.table.count[rows].sum() == 4 * pod.optical_links_per_cube // 2
    assert (fabric.cables.table.passes[rows] == 1).all()
    found = {item.role: item.count for item in fabric.inventory if item.domain == "scale_up"}
    each = int(fabric.cables.table.fibres[rows].max()) // 2
    assert found == {
        "circuit-switch": pod.switches * each,
        "circuit-port": pod.switches * pod.ports_used * each,
    }


def test_more_cubes_than_a_switch_has_ports_for_are_refused() -> None:
    wide = lightloom.load("qwen3-235b-256-scaleup").replace(
        {
            "cluster.count": 8192,
            "fabric.scale_up": {
                "topology": "cube-torus",
                "dims": [4, 8, 8],
                "domain": None,
                "link": None,
                "switch": None,
                "links": {"mesh": "scale-up-optical", "cube": "800g-dr8-ocs"},
            },
        }
    )
    with pytest.raises(StudyError, match="128 cubes take 256 ports of each switch"):
        design_of(wide)


def test_a_cube_that_cannot_be_twisted_names_boxes_that_can() -> None:
    with pytest.raises(StudyError, match="nearest 4x4x8:twisted"):
        CubeTorus(dims=(4, 4, 4), twisted=True).graph()
    with pytest.raises(StudyError, match="nearest 200x400x400:twisted"):
        CubeTorus(dims=(400, 400, 400), twisted=True).graph()
