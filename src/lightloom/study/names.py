"""Names in a study become products, models and profiles; a name nobody knows is a fault at its line."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from lightloom.catalog import loading
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.specs import Reference
from lightloom.devices.product import Product
from lightloom.study.document import read_document
from lightloom.study.faults import faults_of
from lightloom.study.node import KeyPath, Node
from lightloom.study.schema import LikeSpec, ModelSpec
from lightloom.workload.architecture import read_config
from lightloom.workload.architectures import ARCHITECTURES
from lightloom.workload.model import Model

P = TypeVar("P", bound=Product)


def unknown(section: object, document: Node, path: KeyPath) -> list[Fault]:
    """Return a fault for each field of a section that names a catalog file there is not."""
    faults: list[Fault] = []
    for place, reference, name in _references(section, path):
        known = loading.names(reference.folder)
        if name not in known and name not in reference.apart:
            faults.append(_absent(document, place, reference.folder, name))
    return faults


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
    if not _exists(path):
        hint = "write a name of the catalog, or the path of a config.json relative to this file"
        raise StudyError(document.fault(("model", "like"), f"there is no file '{path}'", hint))
    config = read_document(path)
    return cast("Mapping[str, Any]", config.plain), (config, ())


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


def _references(section: object, path: KeyPath) -> Iterator[tuple[KeyPath, Reference, str]]:
    if isinstance(section, tuple):
        for index, item in enumerate(cast("tuple[object, ...]", section)):
            yield from _references(item, (*path, index))
    if not isinstance(section, BaseModel):
        return
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        reference = next(iter(_marks([*field.metadata, field.annotation])), None)
        if reference is not None and isinstance(value, str):
            yield (*path, name), reference, value
        else:
            yield from _references(value, (*path, name))


def _marks(annotations: list[Any]) -> Iterator[Reference]:
    for annotation in annotations:
        if isinstance(annotation, Reference):
            yield annotation
        elif get_origin(annotation) is Annotated or get_args(annotation):
            yield from _marks(list(get_args(annotation)))
