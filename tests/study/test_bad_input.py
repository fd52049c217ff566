"""Every kind of bad study is refused with file, line, key, what was expected and what to write; all faults at once.

Protects the promise of DESIGN §7 and of the README: exit code 2 and a message, never a traceback.
"""

from pathlib import Path

import pytest

from lightloom.core.errors import Fault, StudyError
from lightloom.study.load import load
from lightloom.study.new import STARTER, starter


def faults(folder: Path, text: str, sets: tuple[str, ...] = ()) -> list[Fault]:
    path = folder / "pod.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load(path, sets)
    return list(caught.value.faults)


def line_of(text: str, fragment: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if fragment in line)


CASES = [
    # what is wrong, text replaced, by what,
    # key of the fault, part of its message and hint
    ("unknown key", "  micro_batch: 1", "  microbatch: 1",
     "recipe.microbatch", "no key 'microbatch' here; did you mean 'micro_batch'?"),
    ("unknown top key", "storage:", "storrage:",
     "storrage", "did you mean 'storage'?"),
    ("bare number", "row_pitch: 3.6 m", "row_pitch: 3.6",
     "fabric.floorplan.row_pitch", "'3.6' has no unit; write a length, such as"),
    ("wrong unit", "row_pitch: 3.6 m", "row_pitch: 3.6 W",
     "fabric.floorplan.row_pitch", "'3.6 W' is not a length; accepted units: m, ft"),
    ("negative", "row_pitch: 3.6 m", "row_pitch: -3.6 m",
     "fabric.floorplan.row_pitch", "outside the range of a length"),
    ("absurd", "electricity: 0.08 USD/kWh", "electricity: 9e9 USD/kWh",
     "operation.electricity", "outside the range"),
    ("dear electricity", "electricity: 0.08 USD/kWh", "electricity: 900 USD/kWh",
     "operation.electricity", "'900 USD/kWh' is outside the range of what makes sense here; the range is 0 USD/kWh … "),
    ("high PUE", "pue: 1.2", "pue: 50",
     "operation.pue", "'50' is outside the range of what makes sense here; the range is 1 … 4"),
    ("dear capital", "capital_cost: 8 %/year", "capital_cost: 300 %/year",
     "operation.capital_cost", "the range is 0 %/year … 100 %/year"),
    ("short life", "lifetime: 4 years", "lifetime: 3 days",
     "operation.lifetime.accelerators", "the range is 1 month … 100 years"),
    ("long interval", "interval: auto", "interval: 20 years",
     "operation.checkpoint.interval", "the range is 1 s … 1 year"),
    ("huge storage", "capacity: 10 PB", "capacity: 2e6 PB",
     "storage.capacity", "the range is 1 GB … 1000 EB"),
    ("huge batch", "batch: 512 sequences", "batch: 512 M sequences",
     "recipe.batch", "must be at most"),
    ("order with a double", "order: [tensor, context, data, pipeline]", "order: [tensor, tensor, data, pipeline]",
     "recipe.order", "'tensor' stands there 2 times; write each once"),
    ("order with experts", "order: [tensor, context, data, pipeline]", "order: [expert, tensor]",
     "recipe.order", "'expert' has no place in it"),
    ("order misspelt", "order: [tensor, context, data, pipeline]", "order: [tensro, data, pipeline]",
     "recipe.order.0", "did you mean 'tensor'?"),
    ("infinite", "electricity: 0.08 USD/kWh", "electricity: 1e999 USD/kWh",
     "operation.electricity", "must be finite"),
    ("absurd count", "count: 256", "count: 1e12",
     "cluster.count", "must be at most 10000000"),
    ("no number", "count: 256", "count: many",
     "cluster.count", "'many' is not a count"),
    ("fraction of a rank", "tensor: 8", "tensor: 2.5",
     "recipe.parallel.tensor", "not a whole number"),
    ("zero", "tensor: 8", "tensor: 0",
     "recipe.parallel.tensor", "must be at least 1, not"),
    ("list for a number", "sequence: 8192", "sequence: [8192]",
     "recipe.sequence", "not a list"),
    ("mapping for a number", "sequence: 8192", "sequence: {a: 1}",
     "recipe.sequence", "not a mapping"),
    ("truth for a number", "sequence: 8192", "sequence: true",
     "recipe.sequence", "not true or false"),
    ("scalar for a section", "job: {accelerators: 256, spares: 0}", "job: none",
     "job.accelerators", "'none' is not a count"),
    ("list for a section", "job: {accelerators: 256, spares: 0}", "job: [1, 2]",
     "job", "expected a mapping, not a list"),
    ("number for a text", "name: Llama 3.1 70B on 256 H100s", "name: 405",
     "name", "expected a text, not '405'; write it in quotes"),
    ("word not among those known", "sharding: zero-1", "sharding: zero-9",
     "recipe.sharding", "'zero-9' is not known here; did you mean"),
    ("topology misspelt", "topology: rail-optimised", "topology: rail-optimized",
     "fabric.scale_out.topology", "no topology is called 'rail-optimized'; did you mean 'rail-optimised'?"),
    ("schedule misspelt", "kind: interleaved-1f1b", "kind: interleaved",
     "recipe.schedule.kind", "no pipeline schedule is called 'interleaved'; did you mean 'interleaved-1f1b'?"),
    ("word or quantity", "interval: auto", "interval: aut",
     "operation.checkpoint.interval", "'aut' is not known here; did you mean 'auto'?"),
    ("quantity or word", "interval: auto", "interval: 300",
     "operation.checkpoint.interval", "'300' has no unit; write a duration, such as '30 min'; or write auto"),
    ("model misspelt", "model: llama-3.1-70b", "model: llama-3.1-70",
     "model.like", "the catalog has no models/llama-3.1-70; did you mean"),
    ("config.json missing", "model: llama-3.1-70b", "model: ./config.json",
     "model.like", "there is no file"),
    ("accelerator misspelt", "accelerator: h100-sxm-80gb", "accelerator: h100",
     "cluster.accelerator.like", "the catalog has no accelerators/h100"),
    ("node misspelt", "node: dgx-h100", "node: dgx-h10",
     "cluster.node.like", "did you mean 'dgx-h100'?"),
    ("node of another accelerator", "node: dgx-h100", "node: dgx-a100",
     "cluster.node", "a dgx-a100 holds a100-sxm-80gb, not h100-sxm-80gb"),
    ("switch misspelt", "switch: quantum-2", "switch: quantum-3",
     "fabric.scale_out.switch", "did you mean 'quantum-2'?"),
    ("stack misspelt", "stack: megatron-core", "stack: megatron-cor",
     "recipe.stack", "did you mean 'megatron-core'?"),
    ("failures misspelt", "failures: llama3-54-days", "failures: llama3-54-day",
     "operation.failures", "did you mean 'llama3-54-days'?"),
    ("figure misspelt", "accelerator: h100-sxm-80gb", "accelerator: {like: h100-sxm-80gb, memory_usabel: 90 GB}",
     "cluster.accelerator.memory_usabel", "did you mean 'memory_usable'?"),
    ("figure without unit", "accelerator: h100-sxm-80gb", "accelerator: {like: h100-sxm-80gb, memory_usable: 90}",
     "cluster.accelerator.memory_usable", "'90' has no unit"),
    ("accelerator without like", "accelerator: h100-sxm-80gb", "accelerator: {memory_usable: 90 GB}",
     "cluster.accelerator.like", "is missing"),
    ("degrees and job", "data: 8}", "data: 7}",
     "recipe.parallel", "8 × 1 × 4 × 7 = 224, not the job's 256; data: 8 fits"),
    ("batch not whole", "batch: 512 sequences", "batch: 500 sequences",
     "recipe.batch", "nearest: 496"),
    ("spares beyond cluster", "spares: 0", "spares: 8",
     "job.spares", "at most 0"),
    ("broken node", "count: 256", "count: 260",
     "cluster.count", "not whole nodes of 8; nearest: 256"),
    ("heads", "tensor: 8", "tensor: 7",
     "recipe.parallel.tensor", "64 attention heads do not divide over 7 tensor ranks; nearest: 8"),
    ("experts of a dense model", "data: 8}", "data: 8, expert: 4}",
     "recipe.parallel.expert", "llama-3.1-70b has none; write 'expert: null'"),
    ("illegal chunks", "schedule: {kind: interleaved-1f1b, chunks: 5}", "schedule: {kind: 1f1b, chunks: 5}",
     "recipe.schedule", "1f1b holds one chunk a stage"),
    ("bad PUE", "pue: 1.2", "pue: 0.5",
     "operation.pue", "the range is 1 … 4: a facility draws"),
]  # fmt: skip
"""Each row breaks the starter in one place."""


@pytest.mark.parametrize(("old", "new", "key", "says"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_one_thing_wrong_is_told_at_its_line(tmp_path: Path, old: str, new: str, key: str, says: str) -> None:
    assert old in STARTER
    text = STARTER.replace(old, new)
    found = faults(tmp_path, text)
    fault = next((fault for fault in found if fault.key == key), None)
    assert fault is not None, found
    assert (fault.file, fault.line) == (str(tmp_path / "pod.yaml"), line_of(text, new.strip()))
    assert says in f"{fault.message}; {fault.hint}", fault


def test_what_does_not_fit_another_section_is_told_where_the_smaller_one_is_written(tmp_path: Path) -> None:
    fault = faults(tmp_path, STARTER.replace("count: 256", "count: 128"))[0]
    assert (fault.key, fault.line) == ("job.accelerators", line_of(STARTER, "job:"))
    assert "the job wants 256 accelerators, the cluster has 128" in fault.message
    fault = faults(tmp_path, STARTER.replace("chunks: 5}", "chunks: 50}"))[0]
    assert (fault.key, fault.line) == ("recipe.parallel.pipeline", line_of(STARTER, "parallel:"))
    assert "4 stages of 50 chunks are more than 80 layers with embedding and loss" in fault.message


def test_the_starter_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(starter(), encoding="utf-8")
    scenario = load(path)
    assert scenario.recipe.parallel.accelerators == scenario.job.accelerators == 256


@pytest.mark.parametrize("key", ["name", "model", "recipe", "cluster", "job", "fabric"])
def test_a_missing_section_says_which_and_shows_one(tmp_path: Path, key: str) -> None:
    start = STARTER.index(f"\n{key}:") + 1
    text = STARTER[:start] + STARTER[STARTER.index("\n\n", start) + 2 :]
    fault = next(fault for fault in faults(tmp_path, text) if fault.key == key)
    first = next(number for number, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#"))
    assert (fault.message, fault.line) == ("is missing", first)
    assert fault.hint.startswith(f"write it, such as '{key}: ")


def test_a_missing_key_shows_how_it_is_written(tmp_path: Path) -> None:
    found = faults(tmp_path, STARTER.replace("  sequence: 8192\n", ""))
    assert [(fault.key, fault.hint) for fault in found] == [("recipe.sequence", "write it, such as 'sequence: 8192'")]
    assert found[0].line == line_of(STARTER, "recipe:")


def test_every_fault_comes_at_once_in_the_order_of_the_document(tmp_path: Path) -> None:
    text = (
        STARTER.replace("model: llama-3.1-70b", "model: llama-3.1-70x")
        .replace("sharding: zero-1", "sharding: zero-9")
        .replace("node: dgx-h100", "node: dgx-h10")
        .replace("row_pitch: 3.6 m", "row_pitch: 3.6")
        .replace("switch: quantum-2", "swich: quantum-2")
        .replace("failures: llama3-54-days", "failures: unlucky")
        .replace("spares: 0", "spares: 512")
    )
    found = faults(tmp_path, text)
    keys = [fault.key for fault in found]
    lines = [fault.line or 0 for fault in found]
    assert {
        "model.like", "recipe.sharding", "cluster.node.like", "fabric.floorplan.row_pitch", "fabric.scale_out.swich",
        "fabric.scale_out.switch", "operation.failures",
    } <= set(keys)  # fmt: skip
    assert lines == sorted(lines)


def test_messages_read_as_the_style_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pod.yaml").write_text(STARTER.replace("row_pitch: 3.6 m", "row_pitch: 2"), encoding="utf-8")
    line = line_of(STARTER, "row_pitch")
    with pytest.raises(StudyError) as caught:
        load("pod.yaml")
    expected = f"pod.yaml:{line} fabric.floorplan.row_pitch: '2' has no unit; write a length, such as '2 m'"
    assert str(caught.value) == expected


def test_an_unknown_key_is_told_even_where_it_says_nothing(tmp_path: Path) -> None:
    found = faults(tmp_path, STARTER.replace("micro_batch: 1", "microbatch:"))
    assert [fault.key for fault in found] == ["recipe.microbatch"]
    found = faults(tmp_path, "extends: qwen3-235b-256\nfabric: {scale_out: {lonks: null}}\nstorrage: null\n")
    assert [fault.key for fault in found] == ["fabric.scale_out.lonks", "storrage"]


def test_merge_keys_point_to_extends(tmp_path: Path) -> None:
    found = faults(tmp_path, f"{STARTER}\n<<: {{name: x}}\n")
    assert "extends" in found[0].hint


@pytest.mark.parametrize(
    ("setting", "key", "says"),
    [
        ("recipe.parallel.tensor=four", "recipe.parallel.tensor", "'four' is not a count"),
        ("recipe.parallel.tenser=4", "recipe.parallel.tenser", "did you mean 'tensor'?"),
        ("fabrik.x=4", "fabrik", "did you mean 'fabric'?"),
        ("recipe.batch=[1", "recipe.batch", "not valid YAML"),
        ("recipe..batch=1", "recipe..batch", "is not a key"),
        ("=1", "", "there is no key before the '='"),
        ("recipe.batch", "recipe.batch", "has no '='"),
        ("recipe.stack=*x", "recipe.stack", "aliases"),
        (".".join("a" * 500) + "=1", "a.a", "is not a key"),
    ],
)
def test_settings_name_their_key_and_where_they_come_from(tmp_path: Path, setting: str, key: str, says: str) -> None:
    found = faults(tmp_path, STARTER, (setting,))
    assert found[0].key.startswith(key)
    assert says in str(found[0])
    assert found[0].line is None
    assert "--set" in str(found[0]) or "set on the command line" in str(found[0])


def test_a_file_or_study_nobody_knows(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such file"):
        load(tmp_path / "none.yaml")
    with pytest.raises(StudyError, match="did you mean 'qwen3-235b-256'"):
        load("qwen3-235b-25")
    with pytest.raises(StudyError, match="directory"):
        load(tmp_path)
    with pytest.raises(StudyError):
        load("")


def test_a_directory_in_place_of_a_config_is_told_at_its_line(tmp_path: Path) -> None:
    found = faults(tmp_path, STARTER.replace("llama-3.1-70b ", "./ "))
    assert (found[0].key, found[0].line) == ("model.like", STARTER[: STARTER.index("\nmodel:")].count("\n") + 2)
    assert "is a directory; write a name of the catalog" in str(found[0])


def test_an_unknown_architecture_is_refused_with_the_fields_it_has(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{\n  "model_type": "mamba2",\n  "state_size": 128\n}\n')
    found = faults(tmp_path, STARTER.replace("llama-3.1-70b ", "./config.json "))
    assert found[0].file == str(tmp_path / "config.json")
    assert found[0].line == 2
    assert "state_size" in found[0].message
    assert "llama" in found[0].hint


def test_faults_in_a_config_json_point_into_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{\n  "model_type": "llama",\n  "hidden_size": -4\n}\n')
    found = faults(tmp_path, STARTER.replace("llama-3.1-70b ", "./config.json "))
    keys = {fault.key: fault.line for fault in found}
    assert keys["hidden_size"] == 3
    assert "num_hidden_layers" in keys


def test_a_misspelt_change_of_a_model_is_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, STARTER, ("model.num_hiden_layers=40",))
    assert "did you mean 'num_hidden_layers'?" in str(found[0])
