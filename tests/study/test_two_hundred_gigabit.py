"""An A100 cluster with its network cards of 200 Gb/s builds from the catalog alone, as a Clos and by rail.

Protects: each generation of accelerator offered has cards, cables and switches of its rate; 50 Gb/s a lane reaches
3 m over passive copper (OpenAI, ECOC 2026), which a leaf in the rack needs and the leaves of eight rails exceed.
"""

from pathlib import Path

import pytest

from lightloom.catalog import products
from lightloom.photonics.product import Path as Way
from lightloom.study.evaluate import evaluate
from lightloom.study.evaluation import Evaluation
from lightloom.study.load import load

STUDY = """\
name: 64 A100
model: llama-3.1-8b
recipe:
  sequence: 4096
  batch: 64 sequences
  parallel: {tensor: 8, data: 8}
  precision: bf16
cluster: {accelerator: a100-sxm-80gb, count: 64, node: dgx-a100}
job: {accelerators: 64, spares: 0}
fabric:
  scale_up: {topology: switched, domain: 8, link: nvlink3}
  scale_out:
    topology: TOPOLOGY
    switch: quantum-1
    links: {host: LINK, leaf: auto}
  floorplan: {nodes_per_rack: 4}
"""


def evaluated(folder: Path, topology: str, link: str) -> Evaluation:
    path = folder / "a100.yaml"
    path.write_text(STUDY.replace("TOPOLOGY", topology).replace("LINK", link), encoding="utf-8")
    return evaluate(load(path))


@pytest.mark.parametrize(
    ("topology", "link", "feasible", "ends"),
    [
        ("clos", "dac", True, "200g-dac"),
        ("clos", "auto", True, "200g-dac"),
        ("rail-optimised", "auto", True, "200g-fr4"),
        ("rail-optimised", "dac", False, "200g-dac"),
    ],
)
def test_an_a100_cluster_builds(tmp_path: Path, topology: str, link: str, *, feasible: bool, ends: str) -> None:
    answer = evaluated(tmp_path, topology, link)
    assert answer.feasible is feasible
    scale_up, host, leaf = answer.to_dict()["network"]
    assert [level["level"] for level in (scale_up, host, leaf)] == ["host", "host", "leaf"]
    assert [level["cables"] for level in (scale_up, host)] == [64, 64]
    assert leaf["cables"] >= 64
    assert {tuple(product["ends"]) for product in host["products"]} == {(ends, ends)}
    assert all(product["spec_min"]["closes"] for product in (*scale_up["products"], *leaf["products"]))


@pytest.mark.parametrize(("length", "closes"), [(3.0, True), (3.2, False)])
def test_passive_copper_at_50_gigabit_a_lane_reaches_three_metres(length: float, *, closes: bool) -> None:
    cable = products.link("200g-dac")
    assert (sum(term.db for term in cable.terms(cable, Way(length=length))) >= 0.0) == closes
