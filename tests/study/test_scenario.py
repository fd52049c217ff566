"""A scenario is its figures and settings: equal studies have equal hashes, however written; changes change it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.core.errors import Fault, StudyError
from lightloom.study.document import parse_document
from lightloom.study.load import load
from lightloom.study.merge import BUILT_IN
from lightloom.study.new import STARTER

DENSE = "llama3-405b-16k"


def written(folder: Path, text: str, name: str = "study.yaml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_hash_does_not_depend_on_place_comments_order_or_spelling(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, STARTER))
    flow = json.dumps(parse_document(STARTER, "starter").plain)  # JSON is YAML
    reversed_order = "\n\n".join(reversed(STARTER.split("\n\n")))
    spelt = (
        STARTER.replace("3.6 m", "360 cm")
        .replace("100 GB/s", "0.8 Tb/s")
        .replace("8192", "8192 tokens")
        .replace("accelerator: h100-sxm-80gb", "accelerator: {like: h100-sxm-80gb}")
        .replace("4 years", "48 months")
    )
    for number, text in enumerate((STARTER, flow, reversed_order, spelt, STARTER + "# a comment\n")):
        other = load(written(tmp_path, text, f"somewhere/else-{number}.yaml"))
        assert other.hash == scenario.hash
        if text is not spelt:
            assert other == scenario


def test_the_order_of_prices_says_nothing(tmp_path: Path) -> None:
    prices = [("400g-dr4", "500 USD"), ("400g-aec", "200 USD")]
    one, other = (
        load(written(tmp_path, STARTER.rstrip() + f"\n  prices: {{{', '.join(f'{k}: {v}' for k, v in order)}}}\n"))
        for order in (prices, prices[::-1])
    )
    assert (one.hash, one) == (other.hash, other)


def test_a_built_in_study_by_name_is_its_file_by_path(tmp_path: Path) -> None:
    for path in BUILT_IN.glob("*.yaml"):
        shutil.copy(path, tmp_path)
        assert load(tmp_path / path.name).hash == load(path.stem).hash


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": 1},
        {"name": "another"},
        {"recipe.parallel.data": 64, "recipe.parallel.context": 2},
        {"operation.electricity": "0.09 USD/kWh"},
        {"cluster.accelerator.memory_usable": "70 GB"},
        {"fabric.scale_out.oversubscription.aggregation": 1},
        {"fabric.scale_out.links.host": "400g-aec"},
        {"storage.write": "1 TB/s"},
        {"model.vocab_size": 128000},
        {"job.spares": 0},
    ],
)
def test_every_change_changes_the_hash(changes: dict[str, object]) -> None:
    base = load(DENSE)
    assert base.replace(changes).hash != base.hash


def test_replace_and_set_are_the_same_edit() -> None:
    base = load(DENSE)
    replaced = base.replace({"recipe.parallel.tensor": 4, "recipe.parallel.context": 2, "recipe.train_for": None})
    given_sets = load(DENSE, ["recipe.parallel.tensor=4", "recipe.parallel.context=2", "recipe.train_for=null"])
    assert replaced.hash == given_sets.hash
    assert replaced == given_sets
    assert replaced.recipe.parallel.tensor == 4
    assert replaced.recipe.train_for is None
    assert base.recipe.parallel.tensor == 8


def test_replacing_a_value_by_itself_changes_nothing() -> None:
    base = load(DENSE)
    same = base.replace({"recipe.batch": 2048, "job": {"spares": 256}, "recipe.parallel.tensor": np.int64(8)})
    assert (same, same.hash) == (base, base.hash)
    assert base.replace({}) == base


def test_replace_takes_mappings_lists_and_short_forms() -> None:
    changed = load(DENSE).replace(
        {
            "recipe.recompute": {"kind": "selective", "modules": ("attention",)},
            "recipe.schedule": "interleaved-1f1b",
            "fabric.scale_out.links": {"host": "auto"},
        }
    )
    assert changed.recipe.recompute.modules == ("attention",)
    assert changed.recipe.schedule.chunks == 8


def test_faults_of_a_replacement_say_where_they_come_from() -> None:
    with pytest.raises(StudyError) as caught:
        load(DENSE).replace({"recipe.parallel.tensor": 5})
    assert {fault.key for fault in caught.value.faults} == {"recipe.parallel", "recipe.parallel.tensor"}
    assert all("set by replace()" in fault.message and fault.line is None for fault in caught.value.faults)
    for value in (object(), {1: 2}, [[[object()]]]):
        with pytest.raises(StudyError, match=r"recipe\.batch"):
            load(DENSE).replace({"recipe.batch": value})
    nested: list[object] = []
    nested.append(nested)
    with pytest.raises(StudyError, match="nested"):
        load(DENSE).replace({"recipe.batch": nested})


def test_faults_found_later_point_into_the_study(tmp_path: Path) -> None:
    path = written(tmp_path, f"extends: {DENSE}\nfabric:\n  scale_out:\n    links: {{host: dac}}\n")
    scenario = load(path)
    fault = scenario.fault("fabric.scale_out.links.host", "does not reach", "take optics")
    assert str(fault) == f"{path}:4 fabric.scale_out.links.host: does not reach; take optics"
    inherited = scenario.fault("recipe.parallel.tensor", "is wrong")
    assert inherited.file == f"lightloom/studies/{DENSE}.yaml"
    relative = scenario.placed(Fault("scale_out.links.host.a", "does not close"), "fabric")
    assert (relative.file, relative.line, relative.key) == (str(path), 4, "fabric.scale_out.links.host.a")
    foreign = Fault("x", "y", file="catalog.toml", line=3)
    assert scenario.placed(foreign, "fabric") is foreign


def test_a_config_json_of_the_users_is_the_model(tmp_path: Path) -> None:
    config = {
        "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
        "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256, "rope_theta": 500000.0,
        "architectures": ["LlamaForCausalLM"], "pad_token_id": None,
    }  # fmt: skip
    for folder in ("small", "elsewhere"):
        written(tmp_path, json.dumps(config, indent="\t"), f"models/{folder}/config.json")
    models = ("models/small/config.json", "./models/elsewhere/config.json", json.dumps(config))
    paths = [
        written(tmp_path, f"extends: {DENSE}\nmodel: {model}\nrecipe: {{schedule: {{chunks: 2}}}}\n", f"{number}.yaml")
        for number, model in enumerate(models)
    ]
    whole = load(paths[0])
    assert whole.model.name == "small"
    assert whole.model.parameters == 8_030_261_248
    assert load(paths[1]).hash == whole.hash


def test_changes_beside_like_are_changes_of_the_product() -> None:
    base = load(DENSE)
    changed = load(DENSE, ["cluster.accelerator.scale_up_bandwidth=200 GB/s", "cluster.node.nic=connectx-8"])
    assert changed.accelerator.scale_up_bandwidth.value == 200e9
    assert changed.accelerator.memory_usable == base.accelerator.memory_usable
    assert changed.nic.name == "connectx-8"


keys = st.text(st.sampled_from("abcjobrecipe._"), min_size=1, max_size=16)


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(keys, st.text(max_size=12) | st.integers(), max_size=3))
def test_any_replacement_is_a_scenario_or_a_study_error(changes: dict[str, object]) -> None:
    base = load(DENSE)
    faults: tuple[Fault, ...] = ()
    try:
        base.replace(changes)
    except StudyError as error:
        faults = error.faults
    assert all(fault.message for fault in faults)
