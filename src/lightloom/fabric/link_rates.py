"""Rates of links where they differ by level: one for all, or one for each level by its name."""

from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from lightloom.core.units import Bandwidth

Rate: TypeAlias = Annotated[Bandwidth, Field(gt=0)]
"""Of one cable, bytes/s one way."""


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, dict) else value  # type: ignore[reportUnknownArgumentType] # what YAML gave


def _by_name(rates: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """Order as written says nothing, and equal studies have equal hashes."""
    return tuple(sorted(rates))


ByLevel: TypeAlias = Annotated[
    tuple[tuple[str, Rate], ...],
    BeforeValidator(_pairs),
    AfterValidator(_by_name),
    WithJsonSchema(
        {"type": "object", "additionalProperties": {"type": "string"}, "description": "Rate of one link, by level"}
    ),
]
"""A rate for each level by its name."""


def _written_as(value: object) -> str:
    return "levels" if isinstance(value, (dict, tuple)) else "all"


LinkRate: TypeAlias = Annotated[
    Annotated[Rate, Tag("all")] | Annotated[ByLevel, Tag("levels")], Discriminator(_written_as)
]
"""One rate for all, or a rate for each level."""


def stated(written: float | tuple[tuple[str, float], ...] | None, level: str) -> float | None:
    """Return the rate a study states for a level; None where it states none."""
    if isinstance(written, tuple):
        return dict(written).get(level)
    return written
