"""A catalog file as text: parsed safely, its keys found again by line, its sources resolved."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias, cast

from lightloom.core.errors import CatalogError, Fault, nearest
from lightloom.core.provenance import Source

SIZE_LIMIT = 256 * 1024
"""Bytes a catalog file may have; the largest shipped one has a tenth of it."""

Table: TypeAlias = dict[str, object]
Location: TypeAlias = tuple[str | int, ...]

_HEADER = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_ENTRY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_SYNTAX_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")
_SOURCE_KEYS = ("title", "url", "where", "read")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One parsed catalog file.

    Args:
        file: Its path as shown to the user.
        kind: What it says it is; empty if it does not say.
        entries: Every entry by field name, those of ``[figures]`` among them, sources resolved.
        sources: Every source of the file, in its order.
        lines: Line of each key, by its path in the file.
        figures: Names of the entries that came from ``[figures]``.
    """

    file: str
    kind: str
    entries: Mapping[str, object]
    sources: tuple[Source, ...]
    lines: Mapping[tuple[str, ...], int]
    figures: frozenset[str]

    def fault(self, location: Location, message: str, hint: str = "") -> Fault:
        """Return a fault at a field, with the line of the nearest key that has one."""
        path = tuple(str(part) for part in location)
        if path and path[0] in self.figures:
            path = ("figures", *path)
        return Fault(".".join(path), message, hint, self.file, self._line(path))

    def _line(self, path: tuple[str, ...]) -> int:
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_document(path: Path, *, identity: str, shown: str) -> Document:
    """Parse one file.

    Args:
        path: The file.
        identity: Prefix of its sources' ids, such as ``nics/connectx-7``.
        shown: How messages call the file.

    Raises:
        CatalogError: It cannot be read, is no TOML, or its sources or figures are not well formed; all faults at once.
    """
    text = _text(path, shown)
    try:
        content = cast("Table", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(_syntax_fault(str(error), shown, text)) from None
    except RecursionError:
        raise CatalogError(Fault("", "nested too deeply", "a catalog file is a few flat tables", shown, 1)) from None
    return _document(content, _key_lines(text), identity, shown)


def _text(path: Path, shown: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise CatalogError(Fault("", f"cannot read the file: {reason}", file=shown)) from None
    if len(raw) > SIZE_LIMIT:
        hint = "one product a file"
        raise CatalogError(Fault("", f"the file is larger than {SIZE_LIMIT // 1024} KiB", hint, shown))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CatalogError(Fault("", "not a text in UTF-8", "a catalog file is TOML", shown, line)) from None


def _syntax_fault(message: str, shown: str, text: str) -> Fault:
    found = _SYNTAX_LINE.search(message)
    line = int(found.group(1)) if found else text.count("\n") + 1
    said = _SYNTAX_LINE.sub("", message).removesuffix(" (at end of document)")
    return Fault("", f"not valid TOML: {said[:1].lower()}{said[1:]}", "", shown, line)


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.fullmatch(line.rstrip("\r")):
            table = _parts(header.group(1))
            lines.setdefault(table, number)
        elif entry := _ENTRY.match(line):
            lines.setdefault((*table, *_parts(entry.group(1))), number)
    return lines


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _document(content: Table, lines: Mapping[tuple[str, ...], int], identity: str, shown: str) -> Document:
    faults: list[Fault] = []

    def complain(path: tuple[str, ...], message: str, hint: str = "") -> None:
        line = next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 1)
        faults.append(Fault(".".join(path), message, hint, shown, line))

    sources: dict[str, Source] = {}
    for name, table in _tables(content.pop("source", {}), ("source",), complain):
        source = _source(name, table, identity, complain)
        if source is not None:
            sources[name] = source
    figures: Table = dict(_tables(content.pop("figures", {}), ("figures",), complain))
    for name in figures.keys() & content.keys():
        complain((name,), "stands both at the top and in [figures]", "write it once")
    kind = content.pop("kind", "")
    if not isinstance(kind, str):
        complain(("kind",), "is not text")
    _resolve(figures, ("figures",), sources, complain)
    _resolve(content, (), sources, complain)
    if faults:
        raise CatalogError(sorted(faults, key=lambda fault: fault.line or 0))
    return Document(shown, str(kind), {**content, **figures}, tuple(sources.values()), lines, frozenset(figures))


class _Complain(Protocol):
    """Signature of the collector of faults: path, message, hint."""

    def __call__(self, path: tuple[str, ...], message: str, hint: str = "") -> None: ...


def _tables(value: object, path: tuple[str, ...], complain: _Complain) -> Iterator[tuple[str, Table]]:
    if not isinstance(value, dict):
        complain(path, f"is not a table; write [{path[0]}]")
        return
    for name, table in cast("Table", value).items():
        if isinstance(table, dict):
            yield name, cast("Table", table)
        else:
            complain((*path, name), "is not a table", _WRITTEN[path[0]])


_WRITTEN = {
    "source": "write title, url (or where) and the date it was read",
    "figures": 'write it with its source, such as { value = "989 TFLOP/s", sure = "published", source = "sheet" }',
}


def _source(name: str, table: Table, identity: str, complain: _Complain) -> Source | None:
    path = ("source", name)
    for key in table.keys() - set(_SOURCE_KEYS):
        complain((*path, key), f"a source has no '{key}'", nearest(key, _SOURCE_KEYS))
    title, where = table.get("title"), table.get("url", table.get("where"))
    if not isinstance(title, str) or not title.strip():
        complain(path, "has no title", "write title, url (or where) and the date it was read")
        return None
    if not isinstance(where, str) or not where.strip():
        complain(path, "does not say where it is", "write url, or where")
        return None
    read = table.get("read", "")
    if not isinstance(read, (str, dt.date)):
        complain((*path, "read"), "is not a date", "such as 2026-11-23")
        return None
    return Source(f"{identity}#{name}", title, where, str(read))


def _resolve(table: Table, path: tuple[str, ...], sources: Mapping[str, Source], complain: _Complain) -> None:
    for name, value in table.items():
        if not isinstance(value, dict):
            continue
        inner = cast("Table", value)
        here = (*path, name)
        if "value" not in inner:
            _resolve(inner, here, sources, complain)
            continue
        wanted = inner.get("source")
        if not isinstance(wanted, str):
            complain(here, "a figure names its source", "write source = and the name of a [source.…] table")
        elif wanted not in sources:
            complain((*here, "source"), f"no source of this file is called '{wanted}'", nearest(wanted, sources))
        else:
            inner["source"] = sources[wanted]
