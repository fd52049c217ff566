"""A file of spans becomes a line: ``lightloom link --coherent spans.yaml``."""

from os import PathLike
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field, ValidationError

from lightloom.catalog import loading
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.specs import Principal, Spec
from lightloom.core.units import Count, Frequency
from lightloom.devices.line_system import LineSystem
from lightloom.fabric.line import Launch, Line, Spans
from lightloom.photonics.kinds.coherent import Coherent
from lightloom.study import names
from lightloom.study.document import read_document
from lightloom.study.faults import faults_of, in_order
from lightloom.study.node import Node
from lightloom.study.schema import LikeSpec, Text


class LineFile(Spec):
    """A line of amplified spans, as written.

    Args:
        name: As results show it.
        module: A coherent link product, or ``{like: name, ...}`` with figures changed.
        spans: Fibres with the amplifier behind each; a length alone is a span.
        line: The system that carries the channels, or likewise.
        channels: How many are lit; left out: as many as fit.
        spacing: Channel to channel; left out: the module's.
        launch: Power per channel into the first span, or ``best``; left out: the system's.
    """

    name: Text = "line"
    module: Annotated[LikeSpec, Principal("like")]
    spans: Spans
    line: Annotated[LikeSpec, Principal("like")] = LikeSpec(like="c-band-g652")
    channels: Annotated[Count, Field(ge=1, le=10_000)] | None = None
    spacing: Annotated[Frequency, Field(gt=0)] | None = None
    launch: Launch | None = None


def load_line(path: str | PathLike[str]) -> tuple[str, Line]:
    """Return the name and the line of a file of spans.

    Raises:
        StudyError: It cannot be used as written; every fault, with file and line.
    """
    document = read_document(Path(path))
    try:
        written = LineFile.model_validate(cast("dict[str, Any]", document.plain))
    except ValidationError as error:
        raise StudyError(faults_of(error, document, LineFile)) from None
    faults: list[Fault] = []
    found: dict[str, Any] = {}
    for key, find in (("module", _module), ("line", _system)):
        try:
            found[key] = find(getattr(written, key), document)
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(in_order(faults, document))
    try:
        line = Line.of(
            found["module"],
            found["line"],
            written.spans,
            channels=written.channels,
            spacing=written.spacing,
            launch=written.launch,
        )
    except StudyError as error:
        placed = [document.fault(tuple(one.key.split(".")), one.message, one.hint) for one in error.faults]
        raise StudyError(in_order(placed, document)) from None
    return written.name, line


def coherent_modules() -> tuple[str, ...]:
    """Names of the catalog's coherent link products."""
    return tuple(name for name in loading.names("links") if loading.document("links", name).kind == Coherent.kind)


def coherent_module(name: str) -> Coherent:
    """Return a coherent link product.

    Raises:
        StudyError: There is none of that name.
    """
    known = coherent_modules()
    if name in known:
        return loading.read("links", name, Coherent)
    written = name in loading.names("links")
    message = f"'{name:.60}' is {'no coherent module' if written else 'not in the catalog'}"
    hint = f"known: {', '.join(known)}" if written else nearest(name, known)
    raise StudyError(Fault("module", message, hint))


def _module(spec: LikeSpec, document: Node) -> Coherent:
    try:
        listed = coherent_module(spec.like)
    except StudyError as error:
        raise StudyError(document.fault(("module",), one.message, one.hint) for one in error.faults) from None
    changes = dict(spec.model_extra or {})
    if not changes:
        return listed
    try:
        return Coherent.model_validate({**dict(listed), **changes})
    except ValidationError as error:
        raise StudyError(faults_of(error, document, Coherent, ("module",))) from None


def _system(spec: LikeSpec, document: Node) -> LineSystem:
    return names.product(spec, "lines", LineSystem, document, ("line",))
