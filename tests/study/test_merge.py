"""How studies extend one another: DESIGN's rules of merging, deleting, short forms and changes of kind."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.study.document import parse_document
from lightloom.study.load import load
from lightloom.study.merge import EXTENDS_LIMIT, built_in_studies, merge, merged_document, without_nulls
from lightloom.study.node import Place, node_of
from lightloom.study.schema import StudyFile

Files = dict[str, str]

keys = st.sampled_from("abcd")
leaves = st.integers(0, 9) | st.lists(st.integers(0, 9), max_size=2)
mappings = st.recursive(
    st.dictionaries(keys, leaves | st.none(), max_size=3),
    lambda inner: st.dictionaries(keys, leaves | inner, max_size=3),
)


regular = st.recursive(
    st.dictionaries(st.sampled_from("cd"), leaves),
    lambda inner: st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
)
"""Mappings stand under a and b only, leaves under c and d, as the sections and settings of studies do."""


def merged(base: object, over: object) -> object:
    return merge(without_nulls(node_of(base, Place("base", 1))), node_of(over, Place("over", 1))).plain


def write(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / next(iter(files))


def plain(path: Path | str) -> dict:
    document = merged_document(str(path), StudyFile).plain
    assert isinstance(document, dict)
    return document


def test_mappings_merge_lists_replace_null_deletes() -> None:
    base = {"a": {"x": 1, "y": 2}, "b": [1, 2], "c": 3}
    assert merged(base, {"a": {"y": 5}, "b": [9], "c": None}) == {"a": {"x": 1, "y": 5}, "b": [9]}
    assert merged(base, {"a": 7}) == {**base, "a": 7}
    assert merged(base, {"b": {"z": {"n": None}}}) == {**base, "b": {"z": {}}}


@given(mappings)
def test_merging_nothing_or_itself_changes_nothing(one: dict) -> None:
    clean = merged({}, one)
    assert merged(clean, {}) == clean
    assert merged({}, clean) == clean
    assert merged(clean, clean) == clean


@given(regular, regular, regular)
def test_merging_is_associative(one: dict, two: dict, three: dict) -> None:
    assert merged(merged(one, two), three) == merged(one, merged(two, three))


@given(mappings, mappings)
def test_what_the_extending_study_says_holds(base: dict, over: dict) -> None:
    result = merged(base, over)
    assert isinstance(result, dict)
    for key, value in over.items():
        if value is None:
            assert key not in result
        elif not isinstance(value, dict):
            assert result[key] == value


def test_values_keep_the_place_where_they_were_written(tmp_path: Path) -> None:
    path = write(tmp_path, {"over.yaml": "extends: base.yaml\nseed: 5\n", "base.yaml": "name: x\nseed: 3\njob: 8\n"})
    document = merged_document(str(path), StudyFile)
    where = {key: (node.place.file, node.place.line) for key, node in document.entries.items()}
    base = str(tmp_path / "base.yaml")
    assert where == {"name": (base, 1), "seed": (str(path), 2), "job": (base, 3)}


def test_a_path_is_relative_to_the_file_that_names_it(tmp_path: Path) -> None:
    files = {
        "studies/over.yaml": "extends: ../shared/mid.yaml\n",
        "shared/mid.yaml": "extends: deep/base.yaml\nseed: 1\n",
        "shared/deep/base.yaml": "name: base\nseed: 2\n",
    }
    assert plain(write(tmp_path, files)) == {"name": "base", "seed": 1}


def test_short_forms_are_written_out_before_merging(tmp_path: Path) -> None:
    base = """
recipe:
  parallel: {data: 8, expert: {degree: 4, dispatch: fp8}}
  schedule: {kind: interleaved-1f1b, chunks: 8}
cluster: {accelerator: {like: h100-sxm-80gb, power_tdp: 600 W}, count: 64}
job: {accelerators: 32, spares: 8}
fabric:
  scale_up: {topology: switched, domain: 8, link: nvlink4}
  scale_out: {topology: clos, switch: tomahawk-4, links: {host: {a: dac, b: dac}}}
"""
    over = """extends: base.yaml
recipe: {parallel: {expert: 2}, schedule: interleaved-1f1b}
cluster: {accelerator: b200-sxm-180gb}
job: 16
fabric: {scale_up: {link: scale-up-optical}, scale_out: {links: {host: auto, leaf: {a: 400g-dr4}}}}
"""
    found = plain(write(tmp_path, {"over.yaml": over, "base.yaml": base}))
    assert found["recipe"]["parallel"] == {"data": 8, "expert": {"degree": 2, "dispatch": "fp8"}}
    assert found["recipe"]["schedule"] == {"kind": "interleaved-1f1b", "chunks": 8}
    assert found["cluster"]["accelerator"] == {"like": "b200-sxm-180gb", "power_tdp": "600 W"}
    assert found["job"] == {"accelerators": 16, "spares": 8}
    assert found["fabric"]["scale_up"]["link"] == {"a": "scale-up-optical", "b": "scale-up-optical"}
    assert found["fabric"]["scale_out"]["links"] == {"host": {"a": "auto", "b": "auto"}, "leaf": {"a": "400g-dr4"}}


def test_a_list_of_one_is_the_long_form_of_job_and_cluster(tmp_path: Path) -> None:
    base = "job: {accelerators: 32, spares: 8}\ncluster: {count: 64, node: dgx-h100}\n"
    over = "extends: base.yaml\njobs: [{spares: 0}]\ncluster: {pools: [{count: 128}]}\n"
    found = plain(write(tmp_path, {"over.yaml": over, "base.yaml": base}))
    assert found == {"job": {"accelerators": 32, "spares": 0}, "cluster": {"count": 128, "node": {"like": "dgx-h100"}}}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("name: x\njobs: [{accelerators: 8}, {accelerators: 8}]\n", 2, "jobs"),
        ("name: x\njobs: []\n", 2, "jobs"),
        ("job: 8\njobs: [8]\n", 1, "job"),
        ("cluster:\n  count: 8\n  pools: [{count: 8}]\n", 2, "cluster.count"),
        ("cluster:\n  pools: [5]\n", 2, "cluster.pools"),
    ],
)
def test_lists_this_version_cannot_plan_are_refused(tmp_path: Path, text: str, line: int, key: str) -> None:
    with pytest.raises(StudyError) as caught:
        merged_document(str(write(tmp_path, {"s.yaml": text})), StudyFile)
    assert (caught.value.faults[0].line, caught.value.faults[0].key) == (line, key)


def test_a_circle_of_extends_is_told_at_the_line_that_closes_it(tmp_path: Path) -> None:
    files = {"a.yaml": "extends: b.yaml\n", "b.yaml": "name: b\nextends: ./c.yaml\n", "c.yaml": "\nextends: a.yaml\n"}
    with pytest.raises(StudyError, match=r"in a circle: .*a\.yaml → .*b\.yaml → .*c\.yaml → .*a\.yaml") as caught:
        load(write(tmp_path, files))
    fault = caught.value.faults[0]
    assert (fault.file, fault.line, fault.key) == (str(tmp_path / "c.yaml"), 2, "extends")
    with pytest.raises(StudyError, match="in a circle"):
        load(write(tmp_path, {"self.yaml": "extends: self.yaml\n"}))


def test_a_long_chain_of_extends_is_refused(tmp_path: Path) -> None:
    files = {f"s{number}.yaml": f"extends: s{number + 1}.yaml\n" for number in range(EXTENDS_LIMIT + 1)}
    with pytest.raises(StudyError, match="extend one another"):
        load(write(tmp_path, files))


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("llama3-405b-16", "did you mean 'llama3-405b-16k'"),
        ("nowhere.yaml", "no file beside this one"),
        ("3", "name or path of one study"),
        ("[a, b]", "name or path of one study"),
        ("''", "name or path of one study"),
        (".", "'.' is a directory, not a study"),
    ],
)
def test_what_cannot_be_extended_is_told_at_its_line(tmp_path: Path, value: str, says: str) -> None:
    with pytest.raises(StudyError, match=says) as caught:
        load(write(tmp_path, {"s.yaml": f"name: x\nextends: {value}\n"}))
    assert (caught.value.faults[0].line, caught.value.faults[0].key) == (2, "extends")


def test_keys_left_over_from_another_topology_are_told_where_it_changed(tmp_path: Path) -> None:
    over = "extends: llama3-405b-16k\nfabric:\n  scale_out:\n    topology: rail-optimised\n    hosts_per_leaf: full\n"
    assert load(write(tmp_path, {"ok.yaml": over}))
    base = "extends: llama3-405b-16k\nfabric: {scale_out: {topology: clos, hosts_per_leaf: rack, dim: 3}}\n"
    path = write(
        tmp_path, {"o.yaml": "extends: b.yaml\n\nfabric:\n  scale_out:\n    topology: rail-optimised\n", "b.yaml": base}
    )
    with pytest.raises(StudyError) as caught:
        load(path)
    fault = next(fault for fault in caught.value.faults if fault.key.endswith(".dim"))
    assert (fault.file, fault.line) == (str(path), 5)
    assert "topology 'rail-optimised' has no 'dim'" in fault.message
    assert fault.hint == "write 'dim: null' beside it"


def test_a_key_written_anew_is_not_left_over() -> None:
    base = parse_document("kind: a\nx: 1\ny: 2\n", "base")
    over = merge(base, parse_document("kind: b\nx: 3\n", "over"))
    assert over.switch is not None
    assert over.switch.inherited == {"y"}
    again = merge(over, parse_document("y: 4\n", "last"))
    assert again.switch is not None
    assert again.switch.inherited == set()
    assert merge(base, parse_document("x: 3\n", "over")).switch is None


def test_every_built_in_study_loads_by_name() -> None:
    expected = {
        "llama3-405b-16k", "llama3-405b-16k-cpo", "llama3-405b-16k-ocs", "qwen3-235b-256", "qwen3-235b-256-scaleup"
    }  # fmt: skip
    assert expected <= set(built_in_studies())
    hashes = {load(name).hash for name in built_in_studies()}
    assert len(hashes) == len(built_in_studies())


def test_a_value_left_over_from_another_topology_is_told_where_it_changed(tmp_path: Path) -> None:
    over = "extends: llama3-405b-16k\n\nfabric:\n  scale_out:\n    topology: rail-optimised\n"
    path = write(tmp_path, {"o.yaml": over})
    with pytest.raises(StudyError) as caught:
        load(path)
    (fault,) = (fault for fault in caught.value.faults if fault.key == "fabric.scale_out.hosts_per_leaf")
    assert (fault.file, fault.line) == (str(path), 5)
    assert "left over from lightloom/studies/llama3-405b-16k.yaml:" in fault.message
    assert "'rail-optimised'" in fault.message
    assert fault.hint == "write 'hosts_per_leaf: null' beside it"
    assert load(write(tmp_path, {"n.yaml": f"{over}    hosts_per_leaf: null\n"}))
