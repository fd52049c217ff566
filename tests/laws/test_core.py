"""Errors print on one line with their place, registries are explicit, random streams depend on seed and name alone."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.errors import CatalogError, Fault, LightloomError, StudyError, nearest
from lightloom.core.random import stream
from lightloom.core.registry import Registry


@dataclass(frozen=True)
class Shape:
    """A thing to register."""

    kind: str


TORUS, CLOS = Shape("torus"), Shape("clos")
SHAPES = Registry("topology", [TORUS, CLOS])


def test_a_fault_reads_place_key_message_hint() -> None:
    fault = Fault("fabric.kind", "no topology is called 'tors'", "did you mean 'torus'?", "pod.yaml", 7)
    assert str(fault) == "pod.yaml:7 fabric.kind: no topology is called 'tors'; did you mean 'torus'?"
    assert str(Fault("a.b", "is missing")) == "a.b: is missing"
    assert str(Fault("", "cannot read the file", file="pod.yaml")) == "pod.yaml: cannot read the file"
    assert str(Fault("", "nothing to do")) == "nothing to do"


def test_a_fault_converts_to_the_error_contract() -> None:
    fault = Fault("a", "b", "c", "d", 5)
    assert fault.to_dict() == {"file": "d", "line": 5, "key": "a", "message": "b", "hint": "c"}


def test_an_error_carries_every_fault_and_prints_each_on_a_line() -> None:
    faults = [Fault("a", "is missing"), Fault("b", "is wrong")]
    error = StudyError(iter(faults))
    assert list(error.faults) == faults
    assert str(error) == "a: is missing\nb: is wrong"
    assert StudyError(faults[0]).faults == (faults[0],)
    assert issubclass(StudyError, LightloomError)
    assert issubclass(CatalogError, LightloomError)


def test_the_nearest_spelling_ignores_case_and_falls_back_to_the_known_ones() -> None:
    assert nearest("Tors", ["clos", "torus"]) == "did you mean 'torus'?"
    assert nearest("xyz", ["clos", "torus"]) == "known: clos, torus"
    assert nearest("h100", ["a100-sxm-80gb", "h100-sxm-80gb"]) == "did you mean 'h100-sxm-80gb'?"
    assert nearest("xyz", []) == ""
    assert nearest("!", [f"name-{count:02}" for count in range(30)]).endswith("name-11, …")


@given(st.text(), st.lists(st.text(max_size=8), max_size=20))
def test_nearest_never_fails(word: str, known: list[str]) -> None:
    assert isinstance(nearest(word, known), str)


def test_a_registry_is_a_read_only_mapping_in_order() -> None:
    assert list(SHAPES) == ["torus", "clos"]
    assert SHAPES["clos"] is CLOS
    assert "mesh" not in SHAPES
    assert len(SHAPES) == 2
    with pytest.raises(StudyError, match=r"no topology is called 'clo'; did you mean 'clos'\?"):
        SHAPES["clo"]
    with pytest.raises(TypeError):
        SHAPES["clos"] = TORUS  # type: ignore[index]


def test_two_entries_of_one_name_are_a_bug() -> None:
    with pytest.raises(ValueError, match="two topologys are called 'clos'"):
        Registry("topology", [CLOS, CLOS])


def test_streams_repeat_for_a_seed_and_differ_by_name_and_seed() -> None:
    draws = stream(1, "yield").random(8)
    assert np.array_equal(draws, stream(1, "yield").random(8))
    assert not np.array_equal(draws, stream(1, "failures").random(8))
    assert not np.array_equal(draws, stream(2, "yield").random(8))
