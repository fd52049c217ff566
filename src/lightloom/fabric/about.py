"""What a registered topology says of itself: what it is, its parameters with their defaults, its formulas."""

import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from lightloom.fabric import topologies
from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.direct_registry import DIRECT_TOPOLOGIES
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain

AnyTopology = type[Topology] | type[DirectTopology]
_ARGUMENT = re.compile(r"^ {4}(\w+): ")
_NAMED = {"integer": "count", "number": "number", "string": "text", "boolean": "true or false", "object": "by level"}
_SUCH, _SHORT = ", such as", "Short for"
"""How descriptions of dimensions go on, and those of short forms, which are left out, begin."""
_HIDDEN = frozenset(("topology",))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One key of a topology's section.

    Args:
        name: The key.
        values: What it may be, in words.
        required: Whether it has no default.
        default: Plain data.
        meaning: What it says.
        own: Whether it is of this topology, and not of all that are cabled alike.
    """

    name: str
    values: str
    required: bool
    default: object
    meaning: str
    own: bool


@dataclass(frozen=True, slots=True)
class About:
    """A topology in words.

    Args:
        kind: Its name.
        title: One line.
        note: What else its construction says.
        domains: Networks of a study it can be; empty for those that are only graphs to measure and compare.
        parameters: Its own first.
        formulas: (quantity, whether for all parameters) known without building it.
        source: Document of the construction; empty where it is of ours.
    """

    kind: str
    title: str
    note: str
    domains: tuple[Domain, ...]
    parameters: tuple[Parameter, ...]
    formulas: tuple[tuple[str, bool], ...]
    source: str


def known_topologies() -> Mapping[str, AnyTopology]:
    """Return every registered topology, those a study can take first."""
    taken = topologies.TOPOLOGIES
    return {**dict(taken), **{kind: each for kind, each in DIRECT_TOPOLOGIES.items() if kind not in taken}}


def about(kind: str) -> About:
    """Return what a topology says of itself; raises KeyError if there is none of that name."""
    topology = known_topologies()[kind]
    sections = _sections(topology)
    module = inspect.cleandoc(sys.modules[topology.__module__].__doc__ or "")
    return About(
        kind=kind,
        title=_plain(module.split("\n\n")[0]),
        note=_plain(sections.get("", "")),
        domains=topology.serves if issubclass(topology, Topology) else (),
        parameters=tuple(sorted(_parameters(topology), key=lambda each: not each.own)),
        formulas=tuple(_formulas(topology)),
        source=_plain(sections.get("Source", "")),
    )


def _sections(topology: type) -> dict[str, str]:
    """Return a docstring by section; what stands before the first is under the empty name."""
    found: dict[str, list[str]] = {"": []}
    name = ""
    for line in inspect.cleandoc(topology.__doc__ or "").splitlines():
        heading = re.match(r"^(Args|Raises|Leaves out|Source): ?(.*)$", line)
        if heading:
            name, line = heading[1], heading[2]  # noqa: PLW2901 - the rest of the line is of the section
        found.setdefault(name, []).append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def _arguments(topology: type) -> dict[str, str]:
    """Return what a class and those it inherits from say of their parameters."""
    found: dict[str, str] = {}
    for each in reversed(topology.__mro__):
        name = ""
        for line in _sections(each).get("Args", "").splitlines():
            start = _ARGUMENT.match(line)
            if start:
                name = start[1]
                found[name] = line[start.end() :]
            elif name:
                found[name] += f" {line.strip()}"
    return {name: _plain(words) for name, words in found.items()}


def _plain(words: str) -> str:
    """Return text on one line, without marks of code."""
    return re.sub(r"\s+", " ", words.replace("``", "")).strip()


def _parameters(topology: AnyTopology) -> Iterator[Parameter]:
    told = _arguments(topology)
    schema = topology.model_json_schema()
    for name, field in topology.model_fields.items():
        if name in _HIDDEN:
            continue
        yield Parameter(
            name=name,
            values=_values(schema["properties"][name], schema),
            required=field.is_required(),
            default=None if field.is_required() else _default(field.default),
            meaning=told.get(name, ""),
            own=name in topology.__annotations__,
        )


def _default(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _values(shape: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return what a key may be, in words, from its JSON schema."""
    arms = cast("list[dict[str, Any]]", shape.get("anyOf", shape.get("oneOf", ())))
    said = str(shape.get("description", ""))
    if arms:
        kept = [arm for arm in arms if arm.get("type") != "null" and not str(arm.get("description")).startswith(_SHORT)]
        return " or ".join(dict.fromkeys(_values(arm, schema) for arm in kept))
    if _SUCH in said:
        return said.partition(_SUCH)[0].removeprefix("A ").removeprefix("An ")
    if "$ref" in shape:
        properties = schema["$defs"][shape["$ref"].rpartition("/")[2]]["properties"]
        return f"{{{', '.join(properties)}}}"
    if "enum" in shape or "const" in shape:
        return " or ".join(map(str, shape.get("enum", [shape.get("const")])))
    if shape.get("type") == "array":
        inner: list[dict[str, Any]] = shape.get("prefixItems") or [shape.get("items") or {}]
        return f"list of {', '.join(dict.fromkeys(_values(each, schema) for each in inner))}"
    return _NAMED.get(str(shape.get("type")), "text")


def _formulas(topology: AnyTopology) -> Iterator[tuple[str, bool]]:
    if not issubclass(topology, DirectTopology):
        yield from (("switches", True), ("links", True))
        return
    known = [shape.known() for shape in topology.shapes()]
    for name in dict.fromkeys(name for each in known for name in each):
        yield name, all(name in each for each in known)
