"""Ranks sit where a study says, and nowhere else changes.

Facts protected: seats in the default order change no answer; a map is the order it spells out; a dimension laid along
coordinates gets the neighbours those have; a limit per domain leaves the rest as spares; every wrong coordinate, seat
and size is a fault at its line. Source: the definitions themselves, and counts by hand.
"""

import numpy as np
import pytest

import lightloom
from lightloom.core.errors import StudyError
from lightloom.fabric.seats import coordinates
from lightloom.study.design import design_of

QWEN = "qwen3-235b-256"
TORUS = {
    "fabric.scale_up": {
        "topology": "torus",
        "dims": [4, 8, 8],
        "links": {"mesh": "scale-up-optical"},
        "domain": None,
        "link": None,
        "switch": None,
    },
    "recipe.parallel": {"tensor": 8, "pipeline": 4, "data": 8, "expert": {"degree": 8}},
    "recipe.schedule": {"kind": "1f1b", "chunks": 1},
    "recipe.recompute": "full",
}


def plain(name: str, seats: dict[str, object] | None) -> dict[str, object]:
    scenario = lightloom.load(name)
    if seats is not None:
        scenario = scenario.replace({"job.seats": seats})
    found = lightloom.evaluate(scenario).to_dict()
    found.pop("scenario")
    return found


@pytest.mark.parametrize("study", [QWEN, "llama3-405b-16k", "llama3-405b-16k-ocs"])
def test_seats_in_the_default_order_change_nothing(study: str) -> None:
    assert plain(study, {"by": ["place", "domain"]}) == plain(study, None)


def test_a_map_is_the_order_it_spells_out() -> None:
    design = design_of(lightloom.load(QWEN))
    known = coordinates(design.fabric)
    order = np.lexsort((known["rail"], known["node"]))[::-1].copy()
    order = np.concatenate([order[:128][::-1], order[128:]])
    mapped = plain(QWEN, {"map": order.tolist()})
    seen = design_of(lightloom.load(QWEN).replace({"job.seats": {"map": order.tolist()}})).ground
    assert np.array_equal(seen.coordinate("node"), known["node"][order])
    assert mapped["cost"] is not None


def test_tensor_ranks_spread_over_nodes_wait_for_the_network() -> None:
    apart = plain(QWEN, {"by": ["node", "rail"]})
    assert apart["step"]["exposed_s"]["tensor"] > 3 * plain(QWEN, None)["step"]["exposed_s"]["tensor"]  # type: ignore[index]


def test_a_dimension_laid_along_an_axis_has_its_neighbours() -> None:
    """Rings of eight along an axis of eight use one link each way; laid across two axes they share and detour."""
    scenario = lightloom.load("qwen3-235b-256-scaleup").replace(TORUS)
    along = {"parallel": {"tensor": ["z"], "data": ["y"], "pipeline": ["x"]}}
    design = design_of(scenario.replace({"job.seats": along}))
    assert np.array_equal(design.ground.coordinate("z")[:8], np.arange(8))
    assert len(set(design.ground.coordinate("x")[:64].tolist())) == 1
    across = scenario.replace({"job.seats": {"by": ["x", "z", "y"]}})
    assert (
        lightloom.evaluate(scenario.replace({"job.seats": along})).step["exposed_s"]["tensor"]
        < lightloom.evaluate(across).step["exposed_s"]["tensor"]
    )


def test_a_limit_per_domain_leaves_spares_in_it() -> None:
    half = lightloom.load(QWEN).replace(
        {
            "job.seats": {"per_domain": 4},
            "job.accelerators": 128,
            "recipe.parallel.data": 8,
            "recipe.parallel.expert.degree": 16,
        }
    )
    ground = design_of(half).ground
    assert np.bincount(ground.scale_up_domain[:128]).tolist() == [4] * 32
    assert sorted(ground.scale_up_domain.tolist()) == sorted(design_of(half).fabric.scale_up_domain.tolist())


@pytest.mark.parametrize(
    ("seats", "message"),
    [
        ({"by": ["nod"]}, "did you mean 'node'?"),
        ({"by": ["node", "node"]}, "stands there twice"),
        ({"map": [0, 0]}, "accelerator 0 has a rank already"),
        ({"map": [256]}, "there is no accelerator 256"),
        ({"map": [0, 8]}, "names 2 accelerators, and the job has 256 ranks"),
        ({"by": ["node"], "map": [0]}, "by says already where ranks sit"),
        ({"per_domain": 4}, "write per_domain: 8 at least"),
        ({"parallel": {"tensor": ["node"]}}, "tensor has 2 ranks and lies along node 32"),
    ],
)
def test_what_does_not_fit_is_said(seats: dict[str, object], message: str) -> None:
    scenario = lightloom.load(QWEN).replace({"job.seats": seats})
    with pytest.raises(StudyError) as refused:
        lightloom.evaluate(scenario)
    assert message in " ".join(f"{fault.message}; {fault.hint}" for fault in refused.value.faults)
    assert all(fault.key.startswith("job.seats") for fault in refused.value.faults)
