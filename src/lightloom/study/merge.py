"""One study extends another: mappings merge deeply, lists replace, null deletes, and every value keeps its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel

from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.study.document import parse_value, read_document
from lightloom.study.node import DEPTH_LIMIT, KeyPath, Node, Place, Switch, fault_at, node_of
from lightloom.study.shape import KIND_KEYS, expand, refusable, shape_of

BUILT_IN = Path(__file__).parent.parent / "studies"
EXTENDS_LIMIT = 8
"""Studies in one chain of ``extends``."""
ON_THE_COMMAND_LINE = "set on the command line"
BY_REPLACE = "set by replace()"


@dataclass(frozen=True, slots=True)
class _Read:
    """A study file in a chain of ``extends``."""

    path: Path
    shown: str


def built_in_studies() -> tuple[str, ...]:
    """Names of the studies that come with lightloom, sorted."""
    return tuple(sorted(path.stem for path in BUILT_IN.glob("*.yaml")))


def merged_document(name: str, schema: type[BaseModel]) -> Node:
    """Return a study with everything it extends merged in and every short form written out.

    Args:
        name: Path of a study file, or the name of a built-in study.
        schema: What says which scalars are short forms.

    Raises:
        StudyError: A file cannot be read, or the chain is circular or too long.
    """
    return _merged(_located(name), (), schema)


def merge(base: Node, over: Node) -> Node:
    """Return ``base`` changed by ``over``.

    Mappings merge key by key, null deletes the key, anything else replaces what was there. Where ``over`` changes the
    ``topology`` or ``kind`` of a mapping, the result remembers where, and which keys were left standing.
    """
    if not isinstance(base.content, dict) or not isinstance(over.content, dict):
        return without_nulls(over)
    content = dict(base.content)
    for key, child in over.content.items():
        if child.content is None:
            content.pop(key, None)
        elif key in content:
            content[key] = merge(content[key], child)
        else:
            content[key] = without_nulls(child)
    return Node(content, over.place, _switch(base, over))


def without_nulls(node: Node) -> Node:
    """Return the node without entries that are null: an entry left empty says nothing."""
    if isinstance(node.content, dict):
        kept = {key: without_nulls(child) for key, child in node.content.items() if child.content is not None}
        return replace(node, content=kept)
    return node


def edited(document: Node, changes: Sequence[tuple[str, Node]], schema: type[BaseModel]) -> Node:
    """Return a merged document with entries set by their dotted keys, the last one winning.

    Raises:
        StudyError: A key is not written as words joined by dots.
    """
    for key, value in changes:
        parts = key.split(".")
        if len(parts) > DEPTH_LIMIT or not all(part.strip() == part and part for part in parts):
            hint = "write words joined by dots, such as recipe.batch"
            message = "is not a key" if key else "there is no key before the '='"
            raise StudyError(fault_at(value.place, (f"{key:.80}",), message, hint))
        over = value
        for part in reversed(parts):
            over = Node({part: over}, value.place)
        document = merge(document, _expanded(over, schema, document))
    return document


def settings(sets: Sequence[str]) -> list[tuple[str, Node]]:
    """Return the changes of ``--set key=value`` texts.

    Raises:
        StudyError: A text has no ``=``, or its value is no YAML; all of them at once.
    """
    changes: list[tuple[str, Node]] = []
    faults: list[Fault] = []
    place = Place(manner=ON_THE_COMMAND_LINE)
    for text in sets:
        key, equals, value = text.partition("=")
        if not equals:
            faults.append(
                Fault(text, "--set has no '='", "write --set key=value, such as --set recipe.parallel.tensor=4")
            )
            continue
        try:
            changes.append((key.strip(), parse_value(value, place, key.strip())))
        except StudyError as error:
            faults.extend(error.faults)
    if faults:
        raise StudyError(faults)
    return changes


def replacements(changes: Mapping[str, object]) -> list[tuple[str, Node]]:
    """Return the changes of a mapping from dotted keys to Python values.

    Raises:
        StudyError: A value is of a type no study can hold; all of them at once.
    """
    place = Place(manner=BY_REPLACE)
    nodes: list[tuple[str, Node]] = []
    faults: list[Fault] = []
    for key, value in changes.items():
        try:
            nodes.append((key, node_of(value, place)))
        except ValueError as error:
            faults.append(fault_at(place, (key,), str(error), "give a text, a number, a list or a mapping"))
    if faults:
        raise StudyError(faults)
    return nodes


def _merged(read: _Read, chain: tuple[_Read, ...], schema: type[BaseModel]) -> Node:
    document = read_document(read.path, read.shown)
    extends = document.entries.get("extends")
    content = {key: child for key, child in document.entries.items() if key != "extends"}
    own = replace(document, content=content)
    if extends is None or extends.content is None:
        return without_nulls(_expanded(own, schema))
    base_read = _extended(extends, read)
    chain = (*chain, read)
    _check_chain(extends, base_read, chain)
    base = _merged(base_read, chain, schema)
    return merge(base, _expanded(own, schema, base))


def _expanded(document: Node, schema: type[BaseModel], base: Node | None = None) -> Node:
    """Write out short forms; the base decides which alternative is meant where the document itself does not say."""
    context = document if base is None else merge(base, document)
    shape = shape_of(schema, context)
    return refusable(expand(_single(document), shape, context), shape, base)


def _single(document: Node) -> Node:
    """Write ``jobs: [x]`` as ``job: x``, and the only pool of a cluster as the cluster."""
    content = dict(document.entries)
    if (jobs := content.pop("jobs", None)) is not None:
        _no_clash(content, {"job"}, (), "jobs")
        content["job"] = replace(_only(jobs, ("jobs",)), place=jobs.place)
    cluster = content.get("cluster")
    if cluster is not None and (pools := cluster.entries.get("pools")) is not None:
        rest = {key: child for key, child in cluster.entries.items() if key != "pools"}
        pool = _only(pools, ("cluster", "pools"))
        if not isinstance(pool.content, dict):
            raise StudyError(
                fault_at(pool.place, ("cluster", "pools"), "a pool is a mapping", "write its count and node")
            )
        _no_clash(rest, pool.content.keys(), ("cluster",), "pools")
        content["cluster"] = replace(cluster, content={**rest, **pool.content})
    return replace(document, content=content)


def _only(listed: Node, path: KeyPath) -> Node:
    if isinstance(listed.content, tuple) and len(listed.content) == 1:
        return listed.content[0]
    hint = "this version plans one cluster of one pool, and one job on it"
    raise StudyError(fault_at(listed.place, path, "expected a list with exactly one entry", hint))


def _no_clash(beside: Mapping[str, Node], keys: Iterable[str], parent: KeyPath, many: str) -> None:
    faults = [
        fault_at(
            beside[key].place, (*parent, key), f"stands beside '{many}', which says it too", "write one of the two"
        )
        for key in keys
        if key in beside
    ]
    if faults:
        raise StudyError(faults)


def _switch(base: Node, over: Node) -> Switch | None:
    """Remember a change of kind, and forget of an earlier one the keys that are written anew."""
    for key in KIND_KEYS:
        before, after = base.entries.get(key), over.entries.get(key)
        if before is not None and after is not None and after.content is not None and before.content != after.content:
            return Switch(after.place, f"{key} '{after.content}'", frozenset(base.entries.keys() - over.entries.keys()))
    if base.switch is None:
        return None
    return replace(base.switch, inherited=base.switch.inherited - over.entries.keys())


def _located(name: str) -> _Read:
    if name in built_in_studies():
        return _Read(BUILT_IN / f"{name}.yaml", f"lightloom/studies/{name}.yaml")
    if _is_path(name):
        return _Read(Path(name), name)
    known = built_in_studies()
    raise StudyError(Fault("", f"no file and no built-in study is called '{name:.80}'", nearest(name, known)))


def _is_path(name: str) -> bool:
    try:
        return name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name or Path(name).exists()
    except (OSError, ValueError):
        return True


def _extended(extends: Node, read: _Read) -> _Read:
    name = extends.content
    if not isinstance(name, str) or not name.strip():
        raise StudyError(fault_at(extends.place, ("extends",), "expected the name or path of one study", _EXTENDS_HINT))
    if name in built_in_studies():
        return _located(name)
    path = read.path.parent / name
    try:
        exists = path.exists()
    except (OSError, ValueError):
        exists = False
    if exists and path.is_dir():
        message = f"'{name:.80}' is a directory, not a study"
        raise StudyError(fault_at(extends.place, ("extends",), message, _EXTENDS_HINT))
    if not exists:
        hint = nearest(name, built_in_studies())
        message = f"no file beside this one and no built-in study is called '{name:.80}'"
        raise StudyError(fault_at(extends.place, ("extends",), message, hint))
    return _Read(path, str(Path(read.shown).parent / name))


_EXTENDS_HINT = "such as 'extends: llama3-405b-16k', or a path relative to this file"


def _check_chain(extends: Node, base: _Read, chain: Sequence[_Read]) -> None:
    seen = [read.path.resolve() for read in chain]
    if base.path.resolve() in seen:
        circle = " → ".join([*(read.shown for read in chain[seen.index(base.path.resolve()) :]), base.shown])
        message = f"the studies extend each other in a circle: {circle}"
        raise StudyError(fault_at(extends.place, ("extends",), message, "take one of the 'extends' out"))
    if len(chain) >= EXTENDS_LIMIT:
        message = f"more than {EXTENDS_LIMIT} studies extend one another"
        raise StudyError(fault_at(extends.place, ("extends",), message, "merge some of them"))
