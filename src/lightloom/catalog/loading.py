"""From a catalog file to a product: the file says the figures, the product's class says which belong to it.

The catalog knows no class of product itself; whoever reads passes it in.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, ValidationError

from lightloom.catalog.document import Document, Location, read_document
from lightloom.core.errors import CatalogError, Fault, nearest
from lightloom.core.figures import WrittenFigure
from lightloom.core.provenance import Figure

ROOT = Path(__file__).parent
FOLDERS = (
    "accelerators", "nodes", "racks", "nics", "switches", "circuit-switches", "receivers", "transports", "links",
    "link-parts", "fibres", "trunks", "cabling", "lines", "plants", "storage", "models", "stacks", "failures",
    "assumptions", "calibrations",
)  # fmt: skip

_OFFERED = ("name", "sources")
"""Fields the loader fills, where a class has them."""

M = TypeVar("M", bound=BaseModel)


@functools.cache
def names(folder: str) -> tuple[str, ...]:
    """Names of a folder's files, sorted; empty if there is no such folder."""
    return tuple(sorted(path.stem for path in (ROOT / folder).glob("*.toml"))) if folder in FOLDERS else ()


def entries() -> Iterator[tuple[str, str]]:
    """Every (folder, name) of the catalog, folder by folder."""
    for folder in FOLDERS:
        for name in names(folder):
            yield folder, name


@functools.cache
def document(folder: str, name: str) -> Document:
    """Return a shipped file, parsed but not yet a product; for folders with products of several kinds.

    Raises:
        CatalogError: There is no such file, or it is not well formed.
    """
    if name not in names(folder):
        raise CatalogError(Fault("", f"the catalog has no {folder}/{name}", nearest(name, names(folder))))
    return read_document(
        ROOT / folder / f"{name}.toml", identity=f"{folder}/{name}", shown=f"lightloom/catalog/{folder}/{name}.toml"
    )


@functools.cache
def read(folder: str, name: str, model: type[M]) -> M:
    """Return one product of the catalog; read once.

    Args:
        folder: Such as ``accelerators``.
        name: The file's stem, such as ``h100-sxm-80gb``.
        model: The product's class.

    Raises:
        CatalogError: There is no such product, or its file has faults: all of them, with file and line.
    """
    return product(document(folder, name), name, model)


def read_path(path: Path | str, model: type[M]) -> M:
    """Return a product from a file of the user's; its name is the file's stem.

    Raises:
        CatalogError: As for :func:`read`.
    """
    place = Path(path)
    return product(read_document(place, identity=place.stem, shown=str(path)), place.stem, model)


def product(source: Document, name: str, model: type[M]) -> M:
    """Make a parsed file a product of a class.

    A class with the fields ``name`` or ``sources`` is given the file's name and its sources.

    Raises:
        CatalogError: Its entries are not those of the class: all faults, with file and line.
    """
    kind = getattr(model, "kind", None)
    if isinstance(kind, str) and kind != source.kind:
        wanted = f'expected kind = "{kind}"'
        found = f"not '{source.kind}'" if source.kind else "the file does not say its kind"
        raise CatalogError(source.fault(("kind",), f"{wanted}, {found}"))
    offered = {"name": name, "sources": source.sources}
    given = {**source.entries, **{key: offered[key] for key in _OFFERED if key in model.model_fields}}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise CatalogError(sorted(_faults(error, model, source), key=lambda fault: fault.line or 0)) from None


def figures_of(item: BaseModel) -> list[tuple[str, Figure]]:
    """Every figure of a product with its dotted key, in the order of its fields, nested ones included."""
    found: list[tuple[str, Figure]] = []
    for key in type(item).model_fields:
        found.extend(_figures_in(key, getattr(item, key)))
    return found


def _figures_in(key: str, value: object) -> Iterator[tuple[str, Figure]]:
    if isinstance(value, Figure):
        yield key, value
    elif isinstance(value, BaseModel):
        for inner, figure in figures_of(value):
            yield f"{key}.{inner}", figure
    elif isinstance(value, tuple):
        for index, part in enumerate(cast("tuple[object, ...]", value)):
            yield from _figures_in(f"{key}.{index}", part)


def _faults(error: ValidationError, model: type[BaseModel], source: Document) -> Iterator[Fault]:
    for item in error.errors(include_url=False, include_input=False):
        location: Location = item["loc"]
        if item["type"] == "extra_forbidden":
            wrong = str(location[-1])
            known = nearest(wrong, _known(model, location, source))
            yield source.fault(location, f"there is no '{wrong}' here", known)
        elif item["type"] == "missing":
            yield source.fault(location, "is missing")
        else:
            yield source.fault(location, item["msg"].removeprefix("Value error, "))


def _known(model: type[BaseModel], location: Location, source: Document) -> tuple[str, ...]:
    """Names that a table may hold; a figure is a table of its own, inside the field that holds it."""
    if len(location) == 1:
        return tuple(name for name in model.model_fields if name not in _OFFERED)
    return tuple(WrittenFigure.model_fields) if location[0] in source.figures else ()
