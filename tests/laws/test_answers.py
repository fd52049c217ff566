"""An answer is plain data: what JSON knows, in Python's own types, whatever computed it.

Protects readers of ``to_dict`` from NumPy's scalars, whose truth is not ``True`` and whose text is not a number's: the
report once called 2.3 % less energy worse because of one.
"""

from collections.abc import Iterator

import pytest

import lightloom as ll

PLAIN = (str, int, float, bool, type(None))


def leaves(value: object, path: str = "") -> Iterator[tuple[str, type]]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from leaves(entry, f"{path}.{key}")
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from leaves(entry, f"{path}[{index}]")
    else:
        yield path, type(value)


@pytest.mark.parametrize("study", ["qwen3-235b-256", "llama3-405b-16k-ocs"])
def test_answer_holds_plain_python_only(study: str) -> None:
    answer = ll.evaluate(ll.load(study)).to_dict()
    assert [(path, kind) for path, kind in leaves(answer) if kind not in PLAIN] == []


def test_a_notebook_shows_the_headline_and_why_a_design_cannot_run() -> None:
    shown = ll.evaluate(ll.load("qwen3-235b-256", ["recipe.micro_batch=8"]))._repr_html_()
    assert "<caption>Qwen3 235B-A22B, 256 H100, rail-optimised InfiniBand</caption>" in shown
    assert "no: out-of-memory" in shown
    assert "USD per million tokens" in shown


def test_designs_compared_are_a_frame_of_numbers_and_a_verdict() -> None:
    pytest.importorskip("pandas")
    study = ll.load("qwen3-235b-256", ["name=<as written>"])
    compared = ll.compare([study, study.replace({"name": "over by far", "recipe.micro_batch": 8})])
    frame = compared.to_frame().set_index("scenario.name")
    assert frame["feasible"].tolist() == [True, False]
    answer = compared.evaluations[0].to_dict()
    assert frame["step.time_s"]["<as written>"] == answer["step"]["time_s"]
    assert frame["cost.usd_per_million_tokens.high"]["<as written>"] == answer["cost"]["usd_per_million_tokens"]["high"]
    assert frame["goodput.fraction"].dtype == float
    shown = compared._repr_html_()
    assert "<li>over by far cannot be run as written: out of memory.</li>" in shown
    assert "&lt;as written&gt;" in shown


def test_an_answer_is_a_frame_of_paths_and_values() -> None:
    pytest.importorskip("pandas")
    found = ll.evaluate(ll.load("qwen3-235b-256"))
    frame = found.to_frame().set_index("key")["value"]
    assert frame["step.exposed_s.expert"] == found.to_dict()["step"]["exposed_s"]["expert"]
