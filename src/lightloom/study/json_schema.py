"""The JSON Schema of study files, for editors: completion, words on hover, and unknown keys underlined while typing.

It describes a file as written, not as merged: with ``extends`` nothing is required and null deletes, without it the
sections are. Units, names of the catalog and what holds between sections are beyond it; ``lightloom run`` says those.
"""

from typing import Any, TypeAlias, cast

from lightloom.study.schema import StudyFile

Json: TypeAlias = dict[str, Any]

_PARTIAL = "extending "
"""Prefix of the definitions that hold in a file that extends another."""


def json_schema() -> Json:
    """Return the schema, as plain data ready for ``json.dumps``."""
    whole: Json = StudyFile.model_json_schema()
    definitions: Json = whole.pop("$defs")
    whole["properties"] = _with_lists(whole["properties"])
    cluster = definitions["ClusterSpec"]
    definitions["ClusterSpec"] = {"anyOf": [cluster, _list_of_one(cluster, "pools")]}
    partial = {f"{_PARTIAL}{name}": _relaxed(entry) for name, entry in definitions.items()}
    extending: Json = _relaxed(whole)
    extending["properties"]["extends"] = {
        "type": "string",
        "description": "Another study: its path relative to this file, or the name of a built-in one",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lightloom study",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": extending,
        "else": {**whole, "required": [key for key in whole["required"] if key != "job"]},
        "$defs": {**definitions, **partial},
    }


def _with_lists(properties: Json) -> Json:
    job = properties["job"]
    return {**properties, "jobs": {"type": "array", "items": job, "minItems": 1, "maxItems": 1}}


def _list_of_one(item: Json, key: str) -> Json:
    listed = {"type": "array", "items": item, "minItems": 1, "maxItems": 1}
    return {"type": "object", "properties": {key: listed}, "required": [key], "additionalProperties": False}


def _relaxed(schema: Any) -> Any:  # noqa: ANN401 - any JSON
    """Return a schema without required keys, whose entries may be null."""
    if isinstance(schema, list):
        return [_relaxed(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    changed: Json = {}
    for key, value in cast("Json", schema).items():
        if key == "properties":
            changed[key] = {name: {"anyOf": [_relaxed(entry), {"type": "null"}]} for name, entry in value.items()}
        elif key == "$ref":
            changed[key] = value.replace("#/$defs/", f"#/$defs/{_PARTIAL}")
        elif key == "discriminator":
            continue
        elif key == "oneOf":
            changed["anyOf"] = _relaxed(value)
        elif key != "required":
            changed[key] = _relaxed(value)
    return changed
