"""What sections of a study file have in common: frozen, no unknown key, and short forms said where the field is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class Spec(BaseModel):
    """A section of a study file."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Principal:
    """Lets a scalar stand for a mapping, as in ``Annotated[Schedule, Principal("kind")]``.

    Where studies extend one another the scalar is written out before they are merged, so that it sets only this key and
    keeps the others; ``study.shape`` finds the annotation for that.

    Args:
        key: What the scalar is the value of.
        also: Other keys it is the value of too, such as the second end of a link.
    """

    key: str
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key the scalar sets."""
        return (self.key, *self.also)

    def expand(self, value: object) -> object:
        """Return the mapping a scalar stands for; anything else as it is."""
        if isinstance(value, (Mapping, BaseModel, list, tuple)) or value is None:
            return cast("object", value)
        return dict.fromkeys(self.keys, value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401 - pydantic's signature
        return core_schema.no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        short = {"type": ["string", "number", "boolean"], "description": f"Short for {{{self.key}: …}}"}
        return {"anyOf": [short, handler(schema)]}


@dataclass(frozen=True, slots=True)
class Reference:
    """Says that a text is the name of a catalog file, as in ``Annotated[str, Reference("switches")]``.

    ``study.load`` looks every such name up and reports an unknown one at its line.

    Args:
        folder: Folder of the catalog.
        apart: Words that are no name, such as ``auto``.
        also: Another folder the name may be of.
        without_rate: Whether a name may leave out its rate, as ``dac`` for ``400g-dac``.
    """

    folder: str
    apart: tuple[str, ...] = ()
    also: str = ""
    without_rate: bool = False
