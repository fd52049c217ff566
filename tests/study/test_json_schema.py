"""The JSON Schema accepts every shipped study, whole or extending, and underlines what a typist gets wrong."""

import pytest
from jsonschema import Draft202012Validator

from lightloom.study.document import parse_document
from lightloom.study.json_schema import json_schema
from lightloom.study.merge import BUILT_IN
from lightloom.study.new import STARTER

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
STUDIES = {"starter": STARTER, **{path.stem: path.read_text(encoding="utf-8") for path in BUILT_IN.glob("*.yaml")}}


def accepted(text: str) -> bool:
    return VALIDATOR.is_valid(parse_document(text, "f").plain)


def test_the_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", STUDIES)
def test_every_shipped_study_is_accepted(name: str) -> None:
    assert accepted(STUDIES[name])


@pytest.mark.parametrize(
    "text",
    [
        "extends: x\n",
        "extends: x\nrecipe: {schedule: 1f1b, train_for: null}\nfabric: {scale_out: {topology: clos, pod: null}}\n",
        "extends: x\njobs: [{accelerators: 8}]\ncluster: {pools: [{count: 8}]}\n",
    ],
)
def test_an_extending_study_says_only_what_differs(text: str) -> None:
    assert accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "name: x\n",
        "extends: x\nfabrik: 1\n",
        "extends: x\nfabric: {scale_out: {topolgy: clos}}\n",
        "extends: x\nrecipe: {sharding: zero-9}\n",
        STARTER.replace("micro_batch", "microbatch"),
        STARTER.replace("topology: rail-optimised", "topology: ring"),
    ],
)
def test_what_a_typist_gets_wrong_is_not(text: str) -> None:
    assert not accepted(text)
