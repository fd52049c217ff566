"""What pydantic found wrong, said as faults of the document: at its lines, in its words, in its order.

pydantic's locations are not document paths: they hold tags of unions, arms of alternatives and indices into what a
validator made of a mapping. They are walked through the document, and what the document does not have is dropped.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from lightloom.core.errors import Fault, nearest
from lightloom.study.new import example
from lightloom.study.node import KeyPath, Node, fault_at
from lightloom.study.shape import shape_at

_QUOTED = re.compile(r"'([^']*)'")
_EXPECTED: Mapping[str, str] = {
    "string_type": "a text",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of a sensible size",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
}


@dataclass(frozen=True, slots=True)
class _Problem:
    """One of pydantic's errors at its place in the document."""

    path: KeyPath
    kind: str
    text: str
    context: Mapping[str, Any]
    value: object

    @property
    def literals(self) -> tuple[str, ...]:
        """The words that were expected, for an error of a choice among words."""
        return tuple(_QUOTED.findall(str(self.context.get("expected", "")))) if self.kind == "literal_error" else ()


def faults_of(error: ValidationError, document: Node, schema: type[BaseModel], prefix: KeyPath = ()) -> list[Fault]:
    """Return pydantic's errors as faults of a document, in its order.

    Args:
        error: What was raised.
        document: The whole document.
        schema: The model that was validated.
        prefix: Where in the document its input stands.
    """
    problems = list(_problems(error, document, prefix))
    grouped: dict[KeyPath, list[_Problem]] = {}
    for problem in problems:
        if not _idle(problem, problems):
            grouped.setdefault(problem.path, []).append(problem)
    return in_order((_fault(group, document, schema, prefix) for group in grouped.values()), document)


def in_order(faults: Iterable[Fault], document: Node) -> list[Fault]:
    """Return faults by file, the study's own first, and line, each once."""
    own = document.place.file
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.file != own, fault.file or "", fault.line or 0))


def shown(value: object) -> str:
    """Return a value as a message shows it, short."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else f"'{value}'"
    return text if len(text) <= 42 else f"{text[:40]}…'"


def _problems(error: ValidationError, document: Node, prefix: KeyPath) -> Iterator[_Problem]:
    for item in error.errors(include_url=False):
        kind = item["type"]
        context = cast("Mapping[str, Any]", item.get("ctx", {}))
        path = _path(item["loc"], document, prefix, keep_last=kind in ("missing", "extra_forbidden"))
        if kind in ("union_tag_invalid", "union_tag_not_found"):
            path = (*path, _discriminator(context))
        inner = context.get("error")
        if isinstance(inner, ValidationError):
            yield from _problems(inner, document, path)
        else:
            yield _Problem(path, kind, item["msg"], context, item["input"])


def _discriminator(context: Mapping[str, Any]) -> str:
    return str(context.get("discriminator", "")).strip("'")


def _path(location: Sequence[str | int], document: Node, prefix: KeyPath, *, keep_last: bool) -> KeyPath:
    path = list(prefix)
    node = document.find(prefix)
    for index, part in enumerate(location):
        key = _key(node, part)
        child = node.child(key) if node is not None else None
        if child is not None:
            path.append(key)
            node = child
        elif keep_last and index == len(location) - 1:
            path.append(part)
    return tuple(path)


def _key(node: Node | None, part: str | int) -> str | int:
    """An index into a mapping is that of an entry: a validator made pairs of it."""
    if node is None or not isinstance(part, int) or not isinstance(node.content, dict):
        return part
    keys = list(node.content)
    return keys[part] if part < len(keys) else part


def _idle(problem: _Problem, others: Iterable[_Problem]) -> bool:
    """Whether it only says that an alternative does not apply, while another one says what is wrong inside."""
    if problem.kind not in _EXPECTED:
        return False
    length = len(problem.path)
    return any(len(other.path) > length and other.path[:length] == problem.path for other in others)


def _fault(group: Sequence[_Problem], document: Node, schema: type[BaseModel], prefix: KeyPath) -> Fault:
    problem = next((one for one in group if not one.literals and one.kind not in _EXPECTED), group[0])
    words = tuple(word for one in group for word in one.literals)
    if problem.kind == "extra_forbidden":
        return _unknown_key(problem.path, document, schema, prefix)
    if words and (problem.literals or _resembles(problem.value, words)):
        return document.fault(
            problem.path, f"{shown(problem.value)} is not known here", nearest(str(problem.value), words)
        )
    message, hint = _said(problem)
    if words:
        hint = f"{hint + ', ' if hint else ''}or write {' or '.join(words)}"
    return _left_over(problem.path, message, document) or document.fault(problem.path, message, hint)


def _left_over(path: KeyPath, message: str, document: Node) -> Fault | None:
    """Return the fault of a value written for a kind that an extending study changed, at the line of the change."""
    for index, key in enumerate(path):
        node = document.find(path[:index])
        if node is not None and node.switch is not None and str(key) in node.switch.inherited:
            text = f"left over{_origin(path, document)} for another kind than {node.switch.kind}: {message}"
            return fault_at(node.switch.place, path, text, f"write '{key}: null' beside it")
    return None


def _origin(path: KeyPath, document: Node) -> str:
    written = document.nearest(path).place
    return f" from {written.file}:{written.line}" if written.file else ""


def _resembles(value: object, words: Sequence[str]) -> bool:
    return isinstance(value, str) and bool(difflib.get_close_matches(value.lower(), words, n=1, cutoff=0.6))


def _said(problem: _Problem) -> tuple[str, str]:
    context, value = problem.context, shown(problem.value)
    if problem.kind == "missing":
        written = example(problem.path)
        return "is missing", f"write it, such as '{written}'" if written else ""
    if problem.kind == "union_tag_not_found":
        words = nearest("", _QUOTED.findall(str(context.get("expected_tags", ""))))
        return "is missing", words or "say which one is meant"
    if problem.kind == "union_tag_invalid":
        tag = str(context.get("tag", ""))
        known = _QUOTED.findall(str(context.get("expected_tags", "")))
        return f"no {_discriminator(context)} is called '{tag:.40}'", nearest(tag, known)
    if problem.kind in _LIMITS:
        key, words = _LIMITS[problem.kind]
        return f"must be {words} {context.get(key)}, not {value}", ""
    if problem.kind in _EXPECTED:
        quotes = problem.kind == "string_type" and isinstance(problem.value, (bool, int, float))
        return f"expected {_EXPECTED[problem.kind]}, not {value}", "write it in quotes" if quotes else ""
    text = problem.text.removeprefix("Value error, ")
    return (text, "") if problem.kind == "value_error" else (f"{text[:1].lower()}{text[1:]}, not {value}", "")


def _unknown_key(path: KeyPath, document: Node, schema: type[BaseModel], prefix: KeyPath) -> Fault:
    parent, key = path[:-1], str(path[-1])
    node = document.find(parent)
    if node is not None and node.switch is not None and key in node.switch.inherited:
        message = f"{node.switch.kind} has no '{key}', which is left over{_origin(path, document)}"
        return fault_at(node.switch.place, path, message, f"write '{key}: null' beside it")
    section = document.find(prefix) or document
    shape = shape_at(schema, section, parent[len(prefix) :])
    known = tuple(shape.fields) if shape is not None else ()
    return document.fault(path, f"there is no key '{key:.40}' here", _HINTS.get(key) or nearest(key, known))


_HINTS = {"<<": "merge keys are not read; write 'extends: other-study' at the top of the file"}
