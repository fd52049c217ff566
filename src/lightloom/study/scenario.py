"""A scenario: a study with every reference resolved, and the document it came from."""

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any, Self, cast

from pydantic import BaseModel

from lightloom.core.errors import Fault
from lightloom.core.provenance import Figure
from lightloom.study.merge import edited, replacements
from lightloom.study.node import KeyPath, Node
from lightloom.study.resolution import Resolved, resolved
from lightloom.study.schema import StudyFile
from lightloom.workload.model import Model

_SHOWN_ONLY = frozenset(
    ("title", "note", "source", "sources", "at", "how", "printed", "calibrated_on", "year", "cabling")
)
"""Fields that no number of an answer depends on: they are left out of the hash."""

_ADDED = frozenset(("failed",))
"""Fields of all topologies that came later: unless stated they leave hashes as they were."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a study.

    Args:
        file: Where it, or the closest thing above it that was written, was read; None if it was not read from a file.
        line: There, from 1.
        key: Dotted.
    """

    file: str | None
    line: int | None
    key: str


@dataclass(frozen=True)
class Scenario(Resolved):
    """Everything a result depends on, and the document it was written in.

    Args:
        document: The merged document with the place of every value; no part of equality.
    """

    document: Node = field(compare=False, repr=False)

    def __repr__(self) -> str:
        """Name it, in one line."""
        return f"<Scenario {self.name!r}>"

    @classmethod
    def of(cls, document: Node) -> Self:
        """Return the scenario of a merged document; raises :class:`StudyError` with every fault."""
        found = resolved(document)
        return cls(**{one.name: getattr(found, one.name) for one in fields(found)}, document=document)

    def replace(self, changes: Mapping[str, object]) -> Self:
        """Return the scenario with entries of its study changed.

        Args:
            changes: Dotted keys to values as in a study file, such as ``{"recipe.parallel.tensor": 4}``; None deletes.

        Raises:
            StudyError: The changed study cannot be used.
        """
        return self.of(edited(self.document, replacements(changes), StudyFile))

    @functools.cached_property
    def hash(self) -> str:
        """SHA-256 over every figure and setting; the same wherever the file lies and however it is laid out."""
        content = {one.name: _canonical(getattr(self, one.name)) for one in fields(self) if one.compare}
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def fault(self, key: str, message: str, hint: str = "") -> Fault:
        """Return a fault at the line where a key was written, or the closest one above it.

        Args:
            key: Dotted, such as ``fabric.scale_out.switch``; empty for the whole study.
            message: What is wrong.
            hint: What to do about it.
        """
        return self.document.fault(_parts(key), message, hint)

    def entry(self, key: str) -> Entry:
        """Return where a dotted key was written."""
        place = self.document.nearest(_parts(key)).place
        return Entry(place.file, place.line, key)

    def placed(self, fault: Fault, within: str = "") -> Fault:
        """Return a fault of a lower layer, whose key is relative to a section, at its line of the document."""
        key = ".".join(part for part in (within, fault.key) if part)
        return fault if fault.file else self.fault(key, fault.message, fault.hint)


def _parts(key: str) -> KeyPath:
    return tuple(int(part) if part.isdigit() else part for part in key.split(".")) if key else ()


def _canonical(value: object) -> object:
    """Return plain data that is equal exactly where results must be."""
    if isinstance(value, Figure):
        return [value.value, value.low, value.high, value.sure]
    if isinstance(value, (BaseModel, Mapping)) or (is_dataclass(value) and not isinstance(value, type)):
        return {key: _canonical(entry) for key, entry in _entries(cast("object", value)) if _counts(key, entry)}
    if isinstance(value, (tuple, list)):
        return [_canonical(entry) for entry in cast("tuple[object, ...]", value)]
    return value.value if isinstance(value, Enum) else value


def _counts(key: str, entry: object) -> bool:
    return key not in _SHOWN_ONLY and not (entry is None and key in _ADDED)


def _entries(value: object) -> Iterable[tuple[str, object]]:
    if isinstance(value, BaseModel):
        return list(value)
    if isinstance(value, Mapping):
        return [(str(key), entry) for key, entry in cast("Mapping[object, object]", value).items()]
    names = [one.name for one in fields(cast("Any", value))]
    left_out = "name" if isinstance(value, Model) else ""  # a config.json is named after its folder
    return [(name, getattr(value, name)) for name in names if name != left_out]
