"""Names in a study become products, models and profiles; a name nobody knows is a fault at its line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lightloom.catalog import loading
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.product import Product
from lightloom.core.specs import Reference
from lightloom.study.document import read_document
from lightloom.study.faults import faults_of
from lightloom.study.node import KeyPath, Node
from lightloom.study.schema import LikeSpec, ModelSpec, StudyFile
from lightloom.study.shape import KIND_KEYS
from lightloom.workload.architecture import read_config
from lightloom.workload.architectures import ARCHITECTURES
from lightloom.workload.model import Model

P = TypeVar("P", bound=Product)


def unknown(document: Node) -> list[Fault]:
    """Return a fault for each name in a document that no catalog file has, whatever else is wrong beside it."""
    faults: dict[tuple[KeyPath, str], Fault] = {}
    for path, reference, name in _references(StudyFile, document, ()):
        known = _known(reference)
        if name not in known:
            # One text for both ends of a link is one fault.
            faults.setdefault((path[:-1], name), _absent(document, path, reference.folder, name))
    return list(faults.values())


def _known(reference: Reference) -> set[str]:
    shipped = [*loading.names(reference.folder), *(loading.names(reference.also) if reference.also else ())]
    short = [_RATE.sub("", name) for name in shipped] if reference.without_rate else []
    return {*shipped, *short, *reference.apart}


_RATE = re.compile(r"^[\d.]+[gt]-")


def product(spec: LikeSpec, folder: str, kind: type[P], document: Node, path: KeyPath) -> P:
    """Return a product of the catalog with the figures a study changes.

    Raises:
        StudyError: There is no such product, or it has no such figure; every fault, at its line.
    """
    if spec.like not in loading.names(folder):
        raise StudyError(_absent(document, (*path, "like"), folder, spec.like))
    listed = loading.read(folder, spec.like, kind)
    changes = dict(spec.model_extra or {})
    if not changes:
        return listed
    try:
        return kind.model_validate({**dict(listed), **changes})
    except ValidationError as error:
        raise StudyError(faults_of(error, document, kind, path)) from None


def model(spec: ModelSpec, document: Node) -> Model:
    """Return the model a study names, brings as a config.json, or writes out.

    Raises:
        StudyError: No such model or file, an unknown architecture, or impossible fields; every fault, at its line.
    """
    written = {key: value for key, value in (spec.model_extra or {}).items() if value is not None}
    if spec.like is None:
        return _read(written, "model", document, ("model",))
    here = document.find(("model", "like")) or document
    config, origin = _config(spec.like, here, document)
    base = _read(config, _title(spec.like), *origin)
    if not written:
        return base
    _check_changes(written, config, document)
    return _read({**config, **written}, f"{base.name}, changed", document, ("model",))


def _config(name: str, here: Node, document: Node) -> tuple[Mapping[str, Any], tuple[Node, KeyPath]]:
    """Return a config, and the document and path in it that faults of its fields point to."""
    known = loading.names("models")
    if name in known:
        entries = loading.document("models", name).entries
        return cast("Mapping[str, Any]", entries["config"]), (document, ("model", "like"))
    if "/" not in name and not name.endswith(".json"):
        raise StudyError(_absent(document, ("model", "like"), "models", name))
    path = (Path(here.place.file).parent if here.place.file else Path()) / name
    if not _exists(path) or path.is_dir():
        hint = "write a name of the catalog, or the path of a config.json relative to this file"
        found = f"'{path}' is a directory" if _exists(path) else f"there is no file '{path}'"
        raise StudyError(document.fault(("model", "like"), found, hint))
    config = _read_config(path)
    return cast("Mapping[str, Any]", config.plain), (config, ())


def _read_config(path: Path) -> Node:
    """Read a config.json, whose faults are told as those of JSON."""
    try:
        return read_document(path)
    except StudyError:
        if path.suffix != ".json":
            raise
        _check_json(path)
        raise


def _check_json(path: Path) -> None:
    """Refuse a file that is text and no JSON object; other faults are left to who found them."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        message = f"is not JSON: {error.msg.lower()}"
        raise StudyError(Fault("", message, "is the file whole?", str(path), error.lineno)) from None
    except (OSError, ValueError, RecursionError):
        return
    if not isinstance(content, dict):
        hint = 'a config.json is one object of fields, such as {"model_type": "llama", …}'
        raise StudyError(Fault("", "holds no JSON object", hint, str(path), 1))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _title(name: str) -> str:
    """Name a model after its catalog entry, or after the folder its config.json lies in."""
    path = Path(name)
    if path.suffix != ".json":
        return name
    return path.parent.name if path.stem == "config" and path.parent.name else path.stem


def _read(config: Mapping[str, Any], name: str, document: Node, path: KeyPath) -> Model:
    try:
        return read_config(config, name, ARCHITECTURES)
    except StudyError as error:
        raise StudyError(
            document.fault((*path, *fault.key.split(".")), fault.message, fault.hint) for fault in error.faults
        ) from None


def _check_changes(written: Mapping[str, Any], config: Mapping[str, Any], document: Node) -> None:
    """Beside ``like`` a misspelt field would change nothing, in silence."""
    kind = written.get("model_type", config.get("model_type"))
    if not isinstance(kind, str) or kind not in ARCHITECTURES:
        return
    known = {"model_type", "text_config", *ARCHITECTURES[kind].model_fields}
    faults = [
        document.fault(("model", key), f"architecture '{kind}' has no field '{key:.40}'", nearest(key, known))
        for key in written
        if key not in known
    ]
    if faults:
        raise StudyError(faults)


def _absent(document: Node, path: KeyPath, folder: str, name: str) -> Fault:
    return document.fault(path, f"the catalog has no {folder}/{name:.60}", nearest(name, loading.names(folder)))


def _references(kind: Any, node: Node, path: KeyPath) -> Iterator[tuple[KeyPath, Reference, str]]:  # noqa: ANN401 - a type
    """Yield what is written where the schema's type expects the name of a catalog file."""
    marks: list[Any] = []
    while get_origin(kind) is Annotated:
        kind, *outer = get_args(kind)
        marks += outer
    reference = next((mark for mark in marks if isinstance(mark, Reference)), None)
    if reference is not None:
        named, place = (node, path) if kind is not LikeSpec else (node.child("like"), (*path, "like"))
        if named is not None and isinstance(named.content, str):
            yield place, reference, named.content
        return
    for inner, below, part in _parts(kind, node):
        yield from _references(inner, below, (*path, *part))


def _parts(kind: Any, node: Node) -> Iterator[tuple[Any, Node, KeyPath]]:  # noqa: ANN401 - a type
    """Yield the types within a type, each with what the document has for it and the way there."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        yield from ((arm, node, ()) for arm in _arms(get_args(kind), node))
    elif origin is tuple and isinstance(node.content, tuple):
        yield from ((get_args(kind)[0], item, (index,)) for index, item in enumerate(node.content))
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            child = node.child(name)
            if child is not None:
                yield Annotated[field.annotation, None, *field.metadata], child, (name,)


def _arms(arms: Sequence[Any], node: Node) -> list[Any]:
    """Return the alternatives that the document's ``topology`` or ``kind`` means; all of them where it means none."""
    chosen = [arm for arm in arms if _chosen(arm, node)]
    return chosen or list(arms)


def _chosen(arm: Any, node: Node) -> bool:  # noqa: ANN401 - a type
    fields = getattr(arm, "model_fields", {})
    for key in KIND_KEYS:
        written = node.child(key)
        if key in fields and written is not None and get_origin(fields[key].annotation) is Literal:
            return written.content in get_args(fields[key].annotation)
    return False
