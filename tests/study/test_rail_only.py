"""Rails that no switch joins.

Protects: every rail is a leaf-spine of its own, as many as a node has network cards, with the switches and cables of a
closed form; a job that keeps to rails between nodes takes as long as on rails joined above; one that does not is not
feasible, and told so. Source: Wang et al., "Rail-only", arXiv 2307.12169.
"""

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.errors import StudyError
from lightloom.fabric.topologies.rail_only import RailOnly
from lightloom.fabric.topology import Setting
from lightloom.study.evaluate import evaluate
from lightloom.study.load import load
from lightloom.study.questions.fabric_show import show_fabric
from lightloom.study.scenario import Scenario

OUT = "fabric.scale_out"
NODES, CARDS = 512, 8


STUDY = f"""
extends: llama3-405b-16k
name: rails apart
cluster: {{count: {NODES * CARDS}}}
job: {{accelerators: {NODES * CARDS}, spares: 0}}
recipe: {{parallel: {{tensor: 8, pipeline: 16, data: 32}}, recompute: full}}
fabric:
  scale_out: {{topology: rail-only, levels: 2, pod: null, hosts_per_leaf: full, oversubscription: null, links: null}}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path = tmp_path_factory.mktemp("rails") / "study.yaml"
    path.write_text(STUDY)
    return load(path)


def test_rails_are_networks_of_their_own() -> None:
    """64 ports, 512 nodes: 16 leaves of 32 nodes and 8 spines on each of 8 rails."""
    topology = RailOnly(switch="plain")
    setting = Setting.plain(NODES * CARDS, 64, per_node=CARDS)
    assert dict(topology.counts(setting).switches) == {"leaf": 128, "spine": 64}
    wiring = topology.wire(setting)
    ends = wiring.ends
    joined = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(wiring.vertices, wiring.vertices))
    count, label = connected_components(joined, directed=False)
    assert count == CARDS
    rail = np.arange(NODES * CARDS) % CARDS
    assert len(set(zip(rail.tolist(), label[: NODES * CARDS].tolist(), strict=True))) == CARDS


def test_a_job_that_keeps_to_rails_is_as_fast_as_where_rails_are_joined(study: Scenario) -> None:
    alone, joined = evaluate(study), evaluate(study.replace({f"{OUT}.topology": "rail-optimised"}))
    assert alone.step is not None
    assert joined.step is not None
    assert alone.step["time_s"] == pytest.approx(joined.step["time_s"], rel=1e-3)


def test_a_job_that_sends_across_rails_is_told_so(study: Scenario) -> None:
    across = study.replace({"recipe.parallel": {"tensor": 4, "pipeline": 16, "data": 64}})
    told = [reason for reason in evaluate(across).reasons if reason.code == "rails-apart"]
    assert len(told) == 1
    assert "pipeline" in told[0].remedy
    assert told[0].where is not None
    assert told[0].where.key == f"{OUT}.topology"


def test_each_rail_is_an_island(study: Scenario) -> None:
    network = show_fabric(study).networks[1].portrait.island
    assert (network.islands, network.endpoints) == (CARDS, NODES)


@pytest.mark.parametrize(
    ("changes", "key"),
    [({f"{OUT}.levels": 3}, f"{OUT}.levels"), ({f"{OUT}.core": "circuit"}, f"{OUT}.core")],
)
def test_what_rails_apart_cannot_have_is_refused(study: Scenario, changes: dict[str, object], key: str) -> None:
    with pytest.raises(StudyError) as refused:
        evaluate(study.replace(changes))
    assert [fault.key for fault in refused.value.faults] == [key]
