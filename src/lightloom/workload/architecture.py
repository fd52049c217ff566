"""An architecture reads a config.json of its kind, refuses what it does not understand, and says the shape."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from lightloom.core.errors import Fault, StudyError
from lightloom.workload.model import Model

Size = Annotated[int, Field(strict=True, ge=1, le=10_000_000)]
"""A count or width of a model, no truth value; the upper limit only keeps absurd files out."""


class Architecture(BaseModel, ABC):
    """The fields of a config.json that decide time, memory and parameters.

    A config.json holds many more; those are ignored, except ``text_config`` of multimodal files, which is entered.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    """The ``model_type`` it reads."""

    @abstractmethod
    def model(self, name: str) -> Model:
        """Return the shape."""

    @classmethod
    @abstractmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Return published configs with their parameter count, which a law test compares: name → (config, count)."""


def refuse_remainder(shape: Architecture, whole: str, part: str) -> None:
    """Refuse a shape whose one field is not a multiple of the other, by the names that its file writes.

    Raises:
        ValueError: It is none.
    """
    total, size = getattr(shape, whole), getattr(shape, part)
    if total % size:
        message = f"{_written(shape, whole)} {total} is not a multiple of {_written(shape, part)} {size}"
        raise ValueError(message)


def _written(shape: Architecture, field: str) -> str:
    """Return how a config.json writes a field; the first way where there are several."""
    alias = type(shape).model_fields[field].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else str(alias or field)


def read_config(
    config: Mapping[str, Any], name: str, architectures: Mapping[str, type[Architecture]], file: str | None = None
) -> Model:
    """Return the model of a config.json.

    Args:
        config: The parsed file, in the Hugging Face field names.
        name: Name for results.
        architectures: The registered ones.
        file: Where it was read, for faults.

    Raises:
        StudyError: The architecture is not known, or a field is missing or impossible; every fault at once.
    """
    nested = config.get("text_config")
    if isinstance(nested, Mapping):
        config = {**config, **nested}
    kind = config.get("model_type")
    if not isinstance(kind, str) or kind not in architectures:
        raise StudyError(_not_known(config, architectures, file))
    try:
        return architectures[kind].model_validate(dict(config)).model(name)
    except ValidationError as error:
        raise StudyError(_fault(item, file) for item in error.errors()) from None


def _not_known(config: Mapping[str, Any], architectures: Mapping[str, type[Architecture]], file: str | None) -> Fault:
    fields = ", ".join(f"{key:.40}" for key in sorted(map(str, config))[:30]) or "none"
    found = "the field is missing, which names the architecture"
    if "model_type" in config:
        found = f"architecture {config['model_type']!r:.40} is not known yet"
    known = ", ".join(sorted(architectures))
    return Fault("model_type", f"{found}; the file has the fields {fields}", f"known architectures: {known}", file)


def _fault(item: Any, file: str | None) -> Fault:  # noqa: ANN401 - pydantic's error record
    key = ".".join(str(part) for part in item["loc"])
    if item["type"] == "missing":
        return Fault(key, "the field is missing", "a config.json of this architecture has it", file)
    message = str(item["msg"]).removeprefix("Value error, ")
    found = f", not {item['input']!r:.40}" if key else ""  # what is wrong between fields names them itself
    return Fault(key, f"{message[0].lower()}{message[1:]}{found}", "", file)
