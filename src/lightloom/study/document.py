"""A study file becomes nodes: read safely, every value with the place it was written.

Only plain data is let in: mappings with text keys, lists, scalars. Anchors, aliases and tags are refused, so that a
file can neither grow in memory nor name Python objects. Scalars follow YAML 1.2, not 1.1: ``1e-6`` is a number, ``no``
is a text.
"""

import math
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from yaml.events import AliasEvent, Event, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from lightloom.core.errors import Fault, StudyError
from lightloom.study.node import DEPTH_LIMIT, Node, Place, Scalar, fault_at

SIZE_LIMIT = 1024 * 1024
"""Bytes a study file may have."""
NODE_LIMIT = 20_000
"""Values in one file; the largest shipped study has a hundredth of it."""

_LOADER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_TRUTH = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+\.?[0-9]*)(?:[eE][-+]?[0-9]+)?", re.ASCII)


def read_document(path: Path, shown: str | None = None) -> Node:
    """Read a study file.

    Args:
        path: The file.
        shown: How messages call it; the path if left out.

    Raises:
        StudyError: It cannot be read, is no YAML mapping, or holds what a study may not; every fault found.
    """
    return parse_document(_text(path, shown or str(path)), shown or str(path))


def parse_document(text: str, shown: str) -> Node:
    """Return the document of a text; ``shown`` is how messages call it.

    Raises:
        StudyError: As for :func:`read_document`.
    """
    root = _Builder(Place(shown, 1)).build(text)
    if not isinstance(root.content, dict):
        found = "the file is empty" if root.content is None else "a study is a mapping of keys to values"
        raise StudyError(Fault("", found, "'lightloom new FILE' writes one to start from", shown, 1))
    return root


def parse_value(text: str, place: Place, key: str) -> Node:
    """Return the value of a short text such as ``4``, ``clos`` or ``{a: dac, b: dac}``; for ``--set``.

    Raises:
        StudyError: It is not YAML; the fault names the key.
    """
    try:
        return _Builder(place).build(text)
    except StudyError as error:
        faults = [Fault(key, fault.message, fault.hint) for fault in error.faults]
        raise StudyError(faults) from None


def scalar(text: str) -> Scalar:
    """Return the value of a plain (unquoted) YAML scalar: null, true, false, a number, else the text itself."""
    if text in _NULL:
        return None
    if text in _TRUTH:
        return _TRUTH[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and math.isfinite(number := float(text)):
        return number
    return text  # also a number too large to hold: where one is expected, the text is refused


def _text(path: Path, shown: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a directory" if path.is_dir() else "not a regular file"
            raise StudyError(Fault("", f"cannot read the file: it is {what}", "name a study file", shown))
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        hint = "give the path of a study file; 'lightloom new FILE' writes one to start from"
        raise StudyError(Fault("", "there is no such file", hint, shown)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StudyError(
            Fault("", f"cannot read the file: {reason.lower()}", "check its path and permissions", shown)
        ) from None
    if len(raw) > SIZE_LIMIT:
        hint = "a study is a page of text; is this the right file?"
        raise StudyError(Fault("", f"the file is larger than {SIZE_LIMIT // 1024} KiB", hint, shown))
    return _decoded(raw, shown)


def _decoded(raw: bytes, shown: str) -> str:
    hint = "a study is a text file; is this the right file?"
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise StudyError(Fault("", "the file holds binary bytes", hint, shown, line))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise StudyError(Fault("", "the file is not text in UTF-8", hint, shown, line)) from None


class _Refused(Exception):  # noqa: N818 - ends the reading early, is never seen outside
    """Nothing more of the file will be looked at."""


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not been reached."""

    place: Place
    content: dict[str, Node] | list[Node]
    key: str | None = None
    key_place: Place = field(default_factory=Place)


class _Builder:
    """Makes nodes of the parser's events, without recursion, counting as it goes."""

    def __init__(self, origin: Place) -> None:
        self._origin = origin
        self._faults: list[Fault] = []
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._count = 0

    def build(self, text: str) -> Node:
        """Return the root of the only document, or raise every fault found."""
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                self._take(event)
        except _Refused:
            pass
        except yaml.YAMLError as error:
            self._faults.append(self._syntax(error, text))
        except (UnicodeError, RecursionError):
            self._complain(self._origin, "the text holds characters that cannot be read", "is this the right file?")
        if self._faults:
            raise StudyError(self._faults)
        return self._root or Node(None, self._origin)

    def _take(self, event: Event) -> None:
        place = self._place(event)
        if isinstance(event, AliasEvent):
            self._complain(
                place, f"aliases such as '*{event.anchor}' are not read", "write the value out, or use extends"
            )
            self._add(Node(None, place), "")
        elif isinstance(event, ScalarEvent):
            self._check(event, place)
            text = self._printable(event.value, place)
            self._add(Node(text if event.style else scalar(text), place), text)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            self._check(event, place)
            self._enter(_Open(place, {} if isinstance(event, MappingStartEvent) else []))
        elif isinstance(event, (MappingEndEvent, yaml.SequenceEndEvent)):
            done = self._open.pop()
            content = done.content if isinstance(done.content, dict) else tuple(done.content)
            self._add(Node(content, done.place), None)

    def _check(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, place: Place) -> None:
        if event.anchor is not None:
            self._complain(
                place, f"anchors such as '&{event.anchor}' are not read", "write the value out, or use extends"
            )
        if event.tag is not None:
            self._complain(place, f"tags such as '{_shown(event.tag)}' are not read", "write plain values")

    def _printable(self, text: str, place: Place) -> str:
        """Return a text that a terminal may show; control characters, which YAML lets in as escapes, are faults."""
        clean = _CONTROL.sub("?", text)
        if clean != text:
            self._complain(place, f"'{_shown(clean)}' holds control characters", "write plain text")
        return clean

    def _enter(self, opened: _Open) -> None:
        if len(self._open) >= DEPTH_LIMIT:
            self._complain(opened.place, f"nested more than {DEPTH_LIMIT} deep", "a study needs five levels or so")
            raise _Refused
        self._open.append(opened)

    def _add(self, node: Node, text: str | None) -> None:
        self._count += 1
        if self._count > NODE_LIMIT:
            self._complain(node.place, f"more than {NODE_LIMIT} values", "a study is a page of text")
            raise _Refused
        if not self._open:
            if self._root is not None:
                self._complain(node.place, "a second document begins here", "keep one study a file")
                raise _Refused
            self._root = node
            return
        parent = self._open[-1]
        if isinstance(parent.content, list):
            parent.content.append(node)
        elif parent.key is None:
            parent.key, parent.key_place = self._key(node, text), node.place
        else:
            self._set(parent, parent.content, parent.key, node)

    def _set(self, parent: _Open, content: dict[str, Node], key: str, node: Node) -> None:
        if key in content:
            before = content[key].place.line
            message = f"the key '{_shown(key)}' stands here a second time; the first is on line {before}"
            self._complain(parent.key_place, message, "keep one", key=key)
        else:
            content[key] = Node(node.content, parent.key_place)
        parent.key = None

    def _key(self, node: Node, text: str | None) -> str:
        if text:
            return text
        found = "an empty key" if text is not None else "a list or mapping as a key"
        self._complain(node.place, f"found {found}", "a key is a word, such as 'fabric:'")
        return ""

    def _complain(self, place: Place, message: str, hint: str, key: str | None = None) -> None:
        path = [opened.key for opened in self._open if isinstance(opened.content, dict) and opened.key is not None]
        if key is not None and (not path or path[-1] != key):
            path.append(key)
        self._faults.append(fault_at(place, tuple(path), message, hint))

    def _place(self, event: Event) -> Place:
        if self._origin.file is None:
            return self._origin
        line: int = event.start_mark.line  # type: ignore[union-attr] # the stubs allow None, the parser never gives it
        return Place(self._origin.file, line + 1)

    def _syntax(self, error: yaml.YAMLError, text: str) -> Fault:
        problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable characters")
        line = int(getattr(getattr(error, "problem_mark", None), "line", 0)) + 1
        last = max(text.count("\n") + (not text.endswith("\n")), 1)
        written = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
        hint = "indent with spaces, not tabs" if "\t" in written else _SYNTAX_HINT
        place = self._origin if self._origin.file is None else Place(self._origin.file, min(line, last))
        return fault_at(place, (), f"not valid YAML: {problem}", hint)


_WRITE_OUT = "write the value out, or use extends"
_SYNTAX_HINT = "check indentation, colons, brackets and quotes on this line and the one before"


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
