"""What parameters of reference cases have in common: strict numbers with their limits, and complaints in one line."""

from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lightloom.core.errors import nearest


class CaseError(Exception):
    """A case asks for something outside the vocabulary, or for something that has no answer."""


class Params(BaseModel):
    """Parameters of one kind: no others than these, and a parameter without default only where it is used."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def whole(value: object) -> object:
    """Return 4.0 as 4, anything else as it is: JSON has one kind of numbers."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def flag(value: object) -> object:
    """Return 1 and 0 as true and false, anything else as it is: files of cases write either."""
    return bool(value) if type(value) is int and value in (0, 1) else value


Real: TypeAlias = Annotated[float, Field(ge=-1e30, le=1e30)]
Positive: TypeAlias = Annotated[float, Field(gt=0.0, le=1e30)]
NotNegative: TypeAlias = Annotated[float, Field(ge=0.0, le=1e30)]
Share: TypeAlias = Annotated[float, Field(gt=0.0, lt=1.0)]
Probability: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]
"""A share that may be nought or all."""
Decibels: TypeAlias = Annotated[float, Field(ge=-1000.0, le=1000.0)]
Loss: TypeAlias = Annotated[float, Field(ge=0.0, le=1000.0)]
Ratio: TypeAlias = Annotated[float, Field(gt=0.0, le=1000.0)]
"""Of powers, dB, more than one to one."""
Flag: TypeAlias = Annotated[bool, BeforeValidator(flag)]
Whole: TypeAlias = Annotated[int, Field(ge=1, le=1024), BeforeValidator(whole)]
"""A small count."""

Value = TypeVar("Value")


def needed(value: Value | None, name: str) -> Value:
    """Return a parameter that this quantity uses.

    Raises:
        CaseError: The case does not give it.
    """
    if value is None:
        message = f"the parameter {name} is missing"
        raise CaseError(message)
    return value


def one_of(**alternatives: float | None) -> tuple[str, float]:
    """Return which of some alternative parameters is given, and its value.

    Raises:
        CaseError: None is given, or several, which may contradict each other.
    """
    given = [(name, value) for name, value in alternatives.items() if value is not None]
    if len(given) == 1:
        return given[0]
    names = " or ".join(alternatives)
    message = f"give {names}, one of them" if given else f"the parameter {names} is missing"
    raise CaseError(message)


def complaint(error: ValidationError, model: type[BaseModel], *, what: str = "parameter") -> str:
    """Return the first thing wrong with a case, in one line.

    Args:
        error: What was raised.
        model: Whose validation raised it.
        what: What the fields of the model are called.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    place, kind = [str(part)[:40] for part in first["loc"]], first["type"]
    if not place:
        return "a case is an object of keys and values"
    if kind == "extra_forbidden":
        known = tuple(model.model_fields) if len(place) == 1 else ()
        hint = f"; {nearest(place[-1], known)}" if known else ""
        return f"no {what} is called {place[-1]!r}{hint}"
    # Of an alternative, pydantic names the arm too: "expected.float".
    name = ".".join(part if part.isprintable() else "…" for part in place if part != "float" and "[" not in part)
    return f"the {what} {name} {_said(kind, first.get('ctx', {}), first['msg'])}"


def _said(kind: str, context: dict[str, Any], text: str) -> str:
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return f"should be {words} {context[key]:g}"
    said = {
        "missing": "is missing",
        "value_error": str(context.get("error")),
        "literal_error": f"should be {context.get('expected')}",
        "union_tag_invalid": f"is {str(context.get('tag'))[:40]!r}; known: {context.get('expected_tags')}",
        "union_tag_not_found": f"lacks {context.get('discriminator')}",
    }
    return said.get(kind) or f"should be {_EXPECTED.get(kind) or text.removeprefix('Input should be ')}"


_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "a text",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "string_too_short": "longer",
    "string_too_long": "shorter",
}
