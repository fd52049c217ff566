"""What every exporter keeps, whichever is registered; and what each format promises of its own.

Facts protected: the text parses, is the same each time, begins as its exporter says, and holds no cell that a
spreadsheet would compute (OWASP, CSV Injection). The flat table is the JSON answer, entry by entry. The bill of
materials sums to the accounts, its cables to those of the network. The trace is the timeline: no stage does two things
at once, none is left out, and it ends when the timeline does.
"""

import csv
import functools
import io
import json
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightloom as ll
from lightloom.core.errors import StudyError
from lightloom.engine.circuits.circuits import Circuits
from lightloom.export.cells import columns, harmless, table
from lightloom.export.exporters import EXPORTERS
from lightloom.export.units import unit
from lightloom.study import timing
from lightloom.study.circuits import Setting
from lightloom.study.design import Design, design_of
from lightloom.study.timeline import timeline_of

STUDIES = ("llama3-405b-16k", "llama3-405b-16k-cpo", "llama3-405b-16k-ocs", "qwen3-235b-256", "qwen3-235b-256-scaleup")
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    " =1",
    "＝1",
    'quote " and, comma',
    "two\nlines",
)
FORMULA = tuple("=+-@＝＋－＠\t\r\n")


@functools.cache
def evaluated(study: str, *sets: str) -> ll.Evaluation:
    return ll.evaluate(ll.load(study, sets))


@functools.cache
def exported(kind: str, study: str) -> str:
    return EXPORTERS[kind].write(evaluated(study))


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def no_constant(name: str) -> None:
    raise AssertionError(name)


def parsed(kind: str, text: str) -> Any:
    suffix = EXPORTERS[kind].suffix
    return {".csv": cells, ".json": functools.partial(json.loads, parse_constant=no_constant)}[suffix](text)


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def bill(study: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported("bill-of-materials", study))))


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        return {key: leaf for name, each in value.items() for key, leaf in leaves(each, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {key: leaf for at, each in enumerate(value) for key, leaf in leaves(each, f"{path}[{at}]").items()}
    return {path.removeprefix("."): value}


LONG = ("cable-schedule-llama3-405b-16k", "cable-schedule-llama3-405b-16k-cpo")
"""Texts of as many lines as one that is tried anyway, of the same study with circuits."""


def text_of(kind: str, study: str) -> object:
    name = f"{kind}-{study}"
    return pytest.param(kind, study, id=name, marks=pytest.mark.slow if name in LONG else ())


@pytest.mark.parametrize(("kind", "study"), [text_of(kind, study) for kind in EXPORTERS for study in STUDIES])
def test_text_parses_and_begins_as_promised(kind: str, study: str) -> None:
    text = exported(kind, study)
    assert parsed(kind, text)
    assert text.startswith(EXPORTERS[kind].signature)
    assert text.endswith("\n")


@pytest.mark.parametrize("kind", EXPORTERS)
def test_same_scenario_same_text(kind: str) -> None:
    assert EXPORTERS[kind].write(ll.evaluate(ll.load(STUDIES[3]))) == exported(kind, STUDIES[3])


def test_no_file_is_taken_for_one_of_another_exporter() -> None:
    texts = {kind: exported(kind, STUDIES[3]) for kind in EXPORTERS}
    assert all(text.startswith(EXPORTERS[other].signature) == (kind == other)
               for kind, text in texts.items() for other in EXPORTERS)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", EXPORTERS)
def test_hostile_names_do_no_harm(kind: str, name: str) -> None:
    answer = evaluated(STUDIES[3])
    found = parsed(kind, EXPORTERS[kind].write(replace(answer, scenario=replace(answer.scenario, name=name))))
    if EXPORTERS[kind].suffix == ".csv":
        assert len({len(row) for row in found}) == 1
        assert not [cell for row in found for cell in row if cell.startswith(FORMULA) and not is_number(cell)]


@given(st.text(alphabet=st.sampled_from("=+-@＝\t\r\n \"',;a1|")) | st.sampled_from(HOSTILE))
def test_text_comes_back_and_is_no_formula(text: str) -> None:
    ((_, cell),) = cells(table(("a", "b"), [(-1.5, text)]))[1:]
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert cell in (lines, f"'{lines}")
    assert not cell.lstrip(" ").startswith(FORMULA)


@given(st.lists(st.tuples(st.sampled_from(HOSTILE), st.none() | st.integers(0, 9), st.floats(0, 9)), max_size=9))
def test_columns_are_the_table_of_their_rows(rows: list[tuple[str, int | None, float]]) -> None:
    turned = list(zip(*rows, strict=True)) or [(), (), ()]
    assert columns(("a", "b", "c"), turned) == table(("a", "b", "c"), rows)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_come_back_to_the_last_digit(number: float) -> None:
    assert json.loads(cells(table(("a",), [(number,)]))[1][0]) == number


@pytest.mark.parametrize("study", STUDIES)
def test_flat_table_is_the_json_answer(study: str) -> None:
    rows = {key: value for key, value, _ in cells(exported("csv", study))[1:]}
    answer = leaves(evaluated(study).to_dict())
    assert list(rows) == list(answer)
    for key, value in answer.items():
        said = rows[key]
        assert said == harmless(value or "") if isinstance(value, str | None) else json.loads(said) == value, key


@pytest.mark.parametrize(
    ("path", "symbol"),
    [
        ("step.exposed_s.tensor", "s"),
        ("throughput.model_flops_per_s_per_accelerator", "FLOP/s/accelerator"),
        ("throughput.days_to_train", "d"),
        ("throughput.mfu", ""),
        ("memory.stages.parts.weights", "B"),
        ("network.products.distribution.margin_db.p1", "dB"),
        ("network.length_m.median", "m"),
        ("network.cables", ""),
        ("power.rows.low", "W"),
        ("energy.of_which.optics", "J/token"),
        ("cost.usd_per_million_tokens.mid", "USD/10^6 token"),
        ("cost.usd_per_hour", "USD/h"),
        ("cost.tornado.usd_at_low", "USD/10^6 token"),
        ("goodput.rows.fit_each", "FIT"),
        ("balance.shares.memory", ""),
    ],
)
def test_unit_of_a_key(path: str, symbol: str) -> None:
    assert unit(path.split(".")) == symbol


def test_unit_beside_a_number_is_its_unit() -> None:
    rows = {key: said for key, _, said in cells(exported("csv", STUDIES[0]))[1:]}
    for place, row in enumerate(evaluated(STUDIES[0]).to_dict()["cost"]["tornado"]):
        assert {rows[f"cost.tornado[{place}].{end}"] for end in ("low", "value", "high")} == {row["unit"]}


@pytest.mark.parametrize("study", STUDIES)
def test_bill_of_materials_sums_to_the_accounts(study: str) -> None:
    rows, answer = bill(study), evaluated(study).to_dict()
    bought = sum(row["usd_total"] for row in answer["cost"]["rows"] if row["group"] != "facility")
    drawn = sum(row["w_total"] for row in answer["power"]["rows"] if row["group"] != "overhead")
    assert sum(float(row["usd_total"]) for row in rows) == pytest.approx(bought)
    assert sum(float(row["watts"]) for row in rows) == pytest.approx(drawn)
    for row in rows:
        assert float(row["usd_total"]) == pytest.approx(float(row["count"]) * float(row["usd_each"]))


@pytest.mark.parametrize("study", STUDIES)
def test_bill_of_materials_has_every_cable_and_two_ends_of_each(study: str) -> None:
    rows = bill(study)
    cables: dict[str, int] = defaultdict(int)
    ends: dict[str, float] = defaultdict(float)
    for row in rows:
        if row["length_m"]:
            cables[row["item"]] += int(row["count"])
            for product in row["product"].split(" to "):
                ends[product] += int(row["count"])
    inside = design_of(evaluated(study).scenario).fabric.cables
    nodes_own = {f"cable, {inside.domain[row]}.{inside.level[row]}" for row in inside.table.part_of_node.nonzero()[0]}
    levels = {
        f"cable, {each['domain']}.{each['level']}": each["cables"] for each in evaluated(study).to_dict()["network"]
    }
    assert cables == {name: count for name, count in levels.items() if name not in nodes_own}
    bought = {row["product"]: float(row["count"]) for row in rows if row["group"] in ("optics", "copper")}
    assert ends == {product: bought[product] for product in ends}


@pytest.mark.parametrize("study", STUDIES)
def test_trace_is_the_timeline(study: str) -> None:
    events = parsed("chrome-trace", exported("chrome-trace", study))["traceEvents"]
    timeline, recipe = timeline_of(evaluated(study).scenario), evaluated(study).to_dict()["recipe"]
    passes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            passes[event["pid"]].append(event)
    assert len(passes) == recipe["parallel"]["pipeline"]
    names = {event["pid"]: event["args"]["name"] for event in events if event["name"] == "process_name"}
    assert names == {stage: f"stage {stage}" for stage in passes}
    many = recipe["batch"] // recipe["parallel"]["data"] // recipe["micro_batch"]
    ends: list[int] = []
    for turns in passes.values():
        each = {(event["cat"], event["args"]["chunk"], event["args"]["micro_batch"]) for event in turns}
        assert len(each) == len(turns) == 2 * recipe["chunks"] * many
        spans = sorted((round(1000 * event["ts"]), round(1000 * event["dur"])) for event in turns)
        assert all(start + length <= after for (start, length), (after, _) in pairwise(spans))
        assert all(length > 0 for _, length in spans)
        ends.append(sum(spans[-1]))
    assert max(ends) == round(timeline.time * 1e9)


def test_job_without_a_step_has_an_answer_but_no_bill_or_timeline(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(design: Design, *_: object) -> list[Setting]:
        blocks = design.fabric.circuit_space.blocks if design.fabric.circuit_space else 0
        return [Setting(np.arange(1), Circuits(np.zeros((blocks, blocks), np.int64)))]

    monkeypatch.setattr(timing, "settings_of", none)
    answer = ll.evaluate(ll.load("llama3-405b-16k-ocs"))
    assert ["reasons[0].code", "circuits-unreachable", ""] in parsed("csv", EXPORTERS["csv"].write(answer))
    for kind, said in (("bill-of-materials", "never takes a step"), ("chrome-trace", "join no path")):
        with pytest.raises(StudyError, match=said):
            EXPORTERS[kind].write(answer)


def test_schedule_that_cannot_run_has_no_timeline() -> None:
    scenario = ll.load(STUDIES[3])  # a study file that says so is refused when it is read
    with pytest.raises(StudyError, match=r"recipe.*no timeline"):
        timeline_of(replace(scenario, recipe=scenario.recipe.model_copy(update={"batch": 144})))


def test_endless_timeline_is_refused() -> None:
    with pytest.raises(StudyError, match="more than 1000000"):
        timeline_of(ll.load(STUDIES[3], ["recipe.batch=100000000"]))
