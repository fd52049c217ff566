"""Every architecture reads its config.json: published parameters to the last one, nonsense refused by field.

Facts protected: parameter counts as published (the docstring of each ``specimens`` names them; the default configs of
``transformers`` are Llama 7B with 6,738,415,616, Mixtral 8x7B and GPT-2); an unknown architecture is refused by name
with the fields it has; every fault of a file at once, each with its field; whatever a file holds, the answer is a model
or a :class:`StudyError`.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.workload.architecture import read_config
from lightloom.workload.architectures import ARCHITECTURES
from lightloom.workload.model import Model
from lightloom.workload.models import SIZE_LIMIT, model_from_file

CASES = {name: (config, count) for kind in ARCHITECTURES.values() for name, (config, count) in kind.specimens().items()}
FIELDS = [(name, field) for name, (config, _) in CASES.items() for field in config if field != "model_type"]
WIDTHS = ("hidden_size", "n_embd", "d_model")
HEADS = ("num_attention_heads", "n_head", "n_heads")


def first(config: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next(name for name in names if name in config)


def attempt(config: Mapping[str, Any]) -> Model | StudyError:
    try:
        return read_config(config, "mine", ARCHITECTURES)
    except StudyError as error:
        return error


def faults(config: Mapping[str, Any]) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_config(config, "mine", ARCHITECTURES, "config.json")
    assert all(fault.file == "config.json" for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def test_every_architecture_shows_a_specimen() -> None:
    assert {config["model_type"] for config, _ in CASES.values()} == set(ARCHITECTURES)


@pytest.mark.parametrize("name", CASES)
def test_parameters_are_the_published_ones(name: str) -> None:
    config, count = CASES[name]
    assert read_config(config, name, ARCHITECTURES).parameters == count


@pytest.mark.parametrize("name", CASES)
def test_parts_sum_to_the_whole_and_active_ones_are_some_of_them(name: str) -> None:
    model = read_config(CASES[name][0], name, ARCHITECTURES)
    ends = model.embedding_parameters + model.output_parameters
    assert (model.parameters - ends) % model.layers == 0
    assert 0 < model.active_parameters <= model.parameters
    assert (model.active_parameters == model.parameters) == (model.experts is None)


@pytest.mark.parametrize("name", CASES)
def test_nested_text_config_is_the_same_model(name: str) -> None:
    config, _ = CASES[name]
    outer = {"model_type": "some_multimodal", "vision_config": {}, "text_config": dict(config)}
    assert read_config(outer, name, ARCHITECTURES) == read_config(config, name, ARCHITECTURES)


@pytest.mark.parametrize("text_config", [None, 3, "llama", [1]])
def test_text_config_that_is_none_is_ignored(text_config: object) -> None:
    config, count = CASES["mpt-7b"]
    assert read_config({**config, "text_config": text_config}, "mpt", ARCHITECTURES).parameters == count


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_missing_field_is_named(name: str, field: str) -> None:
    config, _ = CASES[name]
    answer = attempt({key: value for key, value in config.items() if key != field})
    if field in {"num_key_value_heads", "head_dim"}:  # those that have a rule when they are left out
        assert isinstance(answer, Model)
    else:
        assert isinstance(answer, StudyError)
        assert [(fault.key, fault.message) for fault in answer.faults] == [(field, "the field is missing")]


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_absurd_value_is_refused_at_its_field(name: str, field: str) -> None:
    for value in (0, -1, 10**9, 1.5, "many", "x" * 10_000, [8], {}, True, 2**80):
        found = faults({**CASES[name][0], field: value})
        assert any(field in fault for fault in found), found
        assert all(len(fault) < 400 for fault in found)


def test_every_fault_of_a_file_at_once() -> None:
    found = faults({"model_type": "llama", "hidden_size": -4, "vocab_size": "x", "intermediate_size": 10})
    assert len(found) == 4  # two bad ones; layers and heads are missing


@pytest.mark.parametrize("name", CASES)
def test_heads_that_do_not_divide_are_refused(name: str) -> None:
    config = {key: value for key, value in CASES[name][0].items() if key != "head_dim"}
    width, heads = first(config, WIDTHS), first(config, HEADS)
    (fault,) = faults({**config, width: config[heads] * 7 + 1})
    assert f"{width} {config[heads] * 7 + 1} is not a multiple of {heads} {config[heads]}" in fault


def test_key_heads_that_do_not_divide_are_refused() -> None:
    (fault,) = faults({**CASES["llama-3.1-8b"][0], "num_key_value_heads": 5})
    assert "num_attention_heads 32 is not a multiple of num_key_value_heads 5" in fault


@pytest.mark.parametrize("name", [name for name, (config, _) in CASES.items() if "num_experts_per_tok" in config])
def test_more_experts_a_token_than_there_are_is_refused(name: str) -> None:
    (fault,) = faults({**CASES[name][0], "num_experts_per_tok": 4096})
    assert "num_experts_per_tok 4096 is more than" in fault


@pytest.mark.parametrize("change", [{"decoder_sparse_step": 2}, {"mlp_only_layers": [0]}])
def test_layers_of_two_kinds_are_not_taken_for_one(change: Mapping[str, object]) -> None:
    (fault,) = faults({**CASES["qwen3-30b-a3b"][0], **change})
    assert "not known yet" in fault


@pytest.mark.parametrize(
    ("name", "output"), [("gpt2", 50257 * 768), ("mpt-7b", 50432 * 4096), ("bloom", 250880 * 14336)]
)
def test_output_of_its_own_is_counted(name: str, output: int) -> None:
    config, count = CASES[name]
    assert read_config({**config, "tie_word_embeddings": False}, name, ARCHITECTURES).parameters == count + output


def test_mpt_with_biases_is_refused() -> None:
    (fault,) = faults({**CASES["mpt-7b"][0], "no_bias": False})
    assert "no_bias" in fault


@pytest.mark.parametrize("kind", ["mamba2", "", None, 7, ["llama"], "Llama", "x" * 5000])
def test_unknown_architecture_is_refused_by_name_with_its_fields(kind: object) -> None:
    (fault,) = faults({"model_type": kind, "state_size": 128, "d_model": 64})
    assert repr(kind)[:20] in fault
    assert "d_model, model_type, state_size" in fault
    assert "known architectures: bloom, gpt2, llama" in fault
    assert len(fault) < 500


def test_no_architecture_at_all_is_refused() -> None:
    (fault,) = faults({})
    assert "the file has the fields none" in fault


def test_many_long_fields_are_listed_shortly() -> None:
    (fault,) = faults({f"field-{number}-{'x' * 1000}": number for number in range(100)})
    assert len(fault) < 3000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(CASES)), st.data())
def test_whatever_a_field_holds_the_answer_is_a_model_or_a_fault(name: str, data: st.DataObject) -> None:
    config = dict(CASES[name][0])
    for field in data.draw(st.lists(st.sampled_from(sorted(config)), max_size=3)):
        config[field] = data.draw(JSON)
    answer = attempt(config)
    assert answer.parameters > 0 if isinstance(answer, Model) else answer.faults


def test_config_json_from_a_file_is_named_after_its_folder(tmp_path: Path) -> None:
    (tmp_path / "my-model").mkdir()
    path = tmp_path / "my-model" / "config.json"
    path.write_text(json.dumps(CASES["llama-3.1-8b"][0]), "utf-8")
    model = model_from_file(path)
    assert (model.name, model.parameters) == ("my-model", 8_030_261_248)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "not JSON"),
        (b"\x93\xff\x00\x01", "not text"),
        (b"model_type: llama", "not JSON"),
        (b"{" * 5000, "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"model_type": NaN}', "not known yet"),
        (b"[1, 2]", "no JSON object"),
        (b"null", "no JSON object"),
        (b"1" * 5000, "not JSON"),
        (b" " * (SIZE_LIMIT + 1), "larger than a config.json"),
    ],
    ids=["empty", "binary", "yaml", "braces", "brackets", "nan", "list", "null", "digits", "too-large"],
)
def test_file_that_is_no_config_is_refused(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=word) as caught:
        model_from_file(path)
    assert [fault.file for fault in caught.value.faults] == [str(path)]
    assert len(str(caught.value)) < 1000


def test_missing_file_and_directory_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(StudyError, match="cannot read the file"):
            model_from_file(path)


def test_fields_that_do_not_fit_one_another_are_told_without_the_whole_file() -> None:
    config = {**CASES["llama-3.1-8b"][0], "num_key_value_heads": 7}
    with pytest.raises(StudyError) as caught:
        read_config(config, "mine", ARCHITECTURES)
    (fault,) = caught.value.faults
    assert fault.message == "num_attention_heads 32 is not a multiple of num_key_value_heads 7"


def test_a_config_that_names_no_architecture_is_told_so() -> None:
    config = {key: value for key, value in CASES["llama-3.1-8b"][0].items() if key != "model_type"}
    with pytest.raises(StudyError) as caught:
        read_config(config, "mine", ARCHITECTURES)
    (fault,) = caught.value.faults
    assert fault.message.startswith("the field is missing, which names the architecture; the file has the fields ")
    assert "hidden_size" in fault.message
    assert "llama" in fault.hint


@pytest.mark.slow
def test_default_configs_of_transformers_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFORMERS_VERBOSITY", "error")
    transformers = pytest.importorskip("transformers")
    known = {"llama": 6_738_415_616, "mixtral": 46_702_792_704, "gpt2": 124_439_808}
    for kind in ARCHITECTURES:
        config = transformers.CONFIG_MAPPING[kind]()
        model = read_config(config.to_dict(), kind, ARCHITECTURES)
        assert model.layers == config.num_hidden_layers
        assert model.hidden == config.hidden_size
        assert model.heads == config.num_attention_heads
        assert model.kv_heads == getattr(config, "num_key_value_heads", model.heads)
        assert model.head_dim == getattr(config, "head_dim", None) or model.hidden // model.heads
        assert model.vocabulary == config.vocab_size
        assert model.tied == config.tie_word_embeddings
        assert model.parameters == known.get(kind, model.parameters)


@pytest.mark.parametrize("switch", [{}, {"use_sliding_window": True}])
def test_attention_within_a_window_is_refused(switch: dict[str, bool]) -> None:
    config = {**ARCHITECTURES["llama"].specimens()["llama-3.1-8b"][0], "sliding_window": 4096, **switch}
    with pytest.raises(StudyError, match="sliding window"):
        read_config(config, "windowed", ARCHITECTURES)


def test_a_window_that_is_switched_off_is_none() -> None:
    switched = {"sliding_window": 4096, "use_sliding_window": False}
    config = {**ARCHITECTURES["qwen2"].specimens()["qwen2-7b"][0], **switched}
    assert read_config(config, "open", ARCHITECTURES).layers == 28
