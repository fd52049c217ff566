"""Models by name: shapes of the catalog, and config.json files of the user's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict

from lightloom.catalog.loading import names, read
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.provenance import Source
from lightloom.workload.architecture import read_config
from lightloom.workload.architectures import ARCHITECTURES
from lightloom.workload.model import Model

SIZE_LIMIT = 1 << 20
"""Bytes; a config.json is a few kilobytes."""


class ModelFile(BaseModel):
    """A model of the catalog: its shape in the Hugging Face field names, and where that was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str] = "model"

    title: str
    sources: tuple[Source, ...] = ()
    config: Mapping[str, Any]


def model_named(name: str) -> Model:
    """Return a model of the catalog.

    Raises:
        StudyError: There is none of that name.
    """
    if name not in names("models"):
        hint = f"{nearest(name, names('models'))}; or give the path of a config.json"
        raise StudyError(Fault("model", f"no model is called {name!r}", hint))
    return read_config(read("models", name, ModelFile).config, name, ARCHITECTURES)


def model_from_file(path: Path) -> Model:
    """Return the model of a config.json.

    Raises:
        StudyError: The file cannot be read, is not JSON, or is of an architecture not known; every fault at once.
    """
    shown = str(path)
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise StudyError(Fault("model", "the file is larger than a config.json can be (1 MiB)", "", shown))
        text = path.read_text("utf-8")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise StudyError(
            Fault("model", f"cannot read the file: {reason}", "give the path of a config.json", shown)
        ) from None
    except UnicodeDecodeError:
        raise StudyError(Fault("model", "the file is not text", "give the path of a config.json", shown)) from None
    try:
        config = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise StudyError(
            Fault("model", f"the file is not JSON: {error}", "", shown, getattr(error, "lineno", None))
        ) from None
    if not isinstance(config, dict):
        raise StudyError(Fault("model", "the file holds no JSON object", "give a config.json", shown))
    name = path.parent.name if path.name == "config.json" and path.parent.name else path.stem
    return read_config(cast("dict[str, Any]", config), name, ARCHITECTURES, shown)
