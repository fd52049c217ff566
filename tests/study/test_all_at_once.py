"""One fault hides no other: names are looked up in a section that is otherwise wrong, and in every file asked about.

Protects the promise "all faults at once": whoever corrects a study starts the program once a round, not once a fault.
"""

from pathlib import Path

import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.core.errors import Fault, StudyError
from lightloom.study.new import STARTER


def faults(folder: Path, *changes: tuple[str, str]) -> dict[str, Fault]:
    text = STARTER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "base.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        ll.load(path)
    return {fault.key: fault for fault in caught.value.faults}


@pytest.mark.parametrize(
    ("schema", "name", "keys"),
    [
        (("row_pitch: 3.6 m", "row_pitch: 3.6"), ("switch: quantum-2", "switch: quantum2"),
         {"fabric.floorplan.row_pitch", "fabric.scale_out.switch"}),
        (("micro_batch: 1", "micro_batch: none"), ("stack: megatron-core", "stack: megatron-croe"),
         {"recipe.micro_batch", "recipe.stack"}),
        (("count: 256", "count: many"), ("node: dgx-h100", "node: dgx-h10"),
         {"cluster.count", "cluster.node.like"}),
        (("count: 256", "count: many"), ("h100-sxm-80gb   ", "{like: h100-sxm-80gb, pric: 1 USD}"),
         {"cluster.count", "cluster.accelerator.pric"}),
        (("pue: 1.2", "pue: low"), ("failures: llama3-54-days", "failures: llama3-54"),
         {"operation.pue", "operation.failures"}),
        (("topology: rail-optimised", "topology: rail"), ("link: nvlink4", "link: nvlink44"),
         {"fabric.scale_out.topology", "fabric.scale_up.link.a"}),
        (("levels: 2", "levels: 9"), ("{host: auto,", "{host: 400g-dr5,"),
         {"fabric.scale_out.levels", "fabric.scale_out.links.host.a"}),
    ],
)  # fmt: skip
def test_a_wrong_value_hides_no_unknown_name(
    tmp_path: Path, schema: tuple[str, str], name: tuple[str, str], keys: set[str]
) -> None:
    assert set(faults(tmp_path, schema, name)) == keys


def test_an_unknown_link_is_told_at_load_once_and_beside_other_faults(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        ("{host: auto, leaf: auto}", "{host: 400g-dr5, leaf: {a: auto, b: 400g-fr5}}"),
        ("failures: llama3-54-days", "failures: llama3"),
    )
    assert set(found) == {"fabric.scale_out.links.host.a", "fabric.scale_out.links.leaf.b", "operation.failures"}
    assert found["fabric.scale_out.links.host.a"].hint == "did you mean '400g-dr4'?"


def test_a_link_may_be_named_without_its_rate(tmp_path: Path) -> None:
    path = tmp_path / "base.yaml"
    path.write_text(STARTER.replace("{host: auto,", "{host: dr4,"), encoding="utf-8")
    assert ll.load(path)
    found = faults(tmp_path, ("link: nvlink4}", "link: nvlink4, link_policy: {allow: [dac, dacc]}}"))
    assert set(found) == {"fabric.scale_up.link_policy.allow.1"}


def test_compare_tells_the_faults_of_every_file(tmp_path: Path) -> None:
    for name, switch in (("bad1.yaml", "quantum2"), ("bad2.yaml", "quantum3")):
        (tmp_path / name).write_text(STARTER.replace("switch: quantum-2", f"switch: {switch}"), encoding="utf-8")
    names = [str(tmp_path / "bad1.yaml"), "llama3-405b-16", str(tmp_path / "bad2.yaml")]
    with pytest.raises(StudyError) as caught:
        ll.compare(names)
    assert [fault.file for fault in caught.value.faults] == [names[0], None, names[2]]
    result = CliRunner().invoke(lightloom, ["compare", *names])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3


def test_compare_tells_what_cannot_be_built_of_every_file(tmp_path: Path) -> None:
    for name, pod in (("one.yaml", 12), ("two.yaml", 20)):
        text = STARTER.replace("levels: 2", f"levels: 3\n    pod: {pod}")
        (tmp_path / name).write_text(text, encoding="utf-8")
    names = [tmp_path / "one.yaml", tmp_path / "two.yaml"]
    with pytest.raises(StudyError) as caught:
        ll.compare(names)
    assert {fault.file for fault in caught.value.faults} == {str(name) for name in names}


def test_compare_takes_names_paths_and_scenarios_and_refuses_the_rest() -> None:
    scenario = ll.load("qwen3-235b-256")
    assert len(ll.compare(["qwen3-235b-256", scenario]).evaluations) == 2
    with pytest.raises(TypeError, match="a list of studies, not one"):
        ll.compare("qwen3-235b-256")
    with pytest.raises(TypeError, match="neither a scenario nor the name of a study: 3"):
        ll.compare([3])  # type: ignore[list-item] # what a user may try
