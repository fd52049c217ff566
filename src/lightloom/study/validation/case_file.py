"""A file of reference cases becomes cases; one that is badly written is kept with the reason, not dropped.

The file is JSON: an object with a list ``cases``, or that list alone. Nothing in it is trusted: size, depth, repeated
keys and numbers that are none are refused before a case is looked at.
"""

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from lightloom.core.errors import Fault, StudyError
from lightloom.study.validation.case_fields import NotNegative, complaint

SIZE_LIMIT = 16 << 20
"""Bytes; the shipped files are a hundredth of it."""

_HINT = "the guide describes the format of reference cases"


class CaseSpec(BaseModel):
    """One case as its file has it.

    Args:
        id: Of the case.
        kind: What is worked out.
        params: Of that kind.
        quantity: Of that kind, as asked for.
        unit: Of ``expected``.
        expected: Worked out elsewhere: a number, or a list of them.
        rtol: Accepted difference as a share of ``expected``; the larger one of both tolerances counts.
        atol: Accepted difference; both nought means exact.
        label: How sure ``expected`` is.
        source: Where it is from.
        note: What else there is to say.
        needs: What must be present to work it out exactly.
        atol_closed_form: Accepted difference of a closed form where ``needs`` is absent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    id: str = Field(min_length=1, max_length=200)
    kind: str
    params: dict[str, Any]
    quantity: str
    unit: str
    expected: float | Annotated[tuple[float, ...], Field(strict=False, min_length=1, max_length=100_000)]
    rtol: NotNegative
    atol: NotNegative
    label: str = ""
    source: str = ""
    note: str = ""
    needs: Literal["trace", "gnpy"] | None = None
    atol_closed_form: NotNegative | None = None

    @field_validator("id")
    @classmethod
    def _printable(cls, text: str) -> str:
        if not text.isprintable():
            message = "holds characters that cannot be printed"
            raise ValueError(message)
        return text


@dataclass(frozen=True, slots=True)
class Misfit:
    """A case that is not of the format.

    Args:
        id: Of the case, or its number in the file where it has none.
        why: What is wrong with it.
    """

    id: str
    why: str


FileCase: TypeAlias = CaseSpec | Misfit


def read_cases(path: Path, shown: str | None = None) -> tuple[FileCase, ...]:
    """Return the cases of a file in its order.

    Args:
        path: The file.
        shown: How messages call it; the path if left out.

    Raises:
        StudyError: It cannot be read or is no JSON with a list of cases.
    """
    name = shown or str(path)
    return tuple(_cases(_listed(_parsed(_text(path, name), name), name)))


def _cases(entries: Sequence[object]) -> Iterator[FileCase]:
    for number, entry in enumerate(entries, start=1):
        try:
            yield CaseSpec.model_validate(entry)
        except ValidationError as error:
            yield Misfit(_name(entry, number), complaint(error, CaseSpec, what="key"))


def _name(entry: object, number: int) -> str:
    name = cast("dict[str, object]", entry).get("id") if isinstance(entry, dict) else None
    return name if isinstance(name, str) and 0 < len(name) <= 200 and name.isprintable() else f"case {number}"


def _listed(document: object, shown: str) -> Sequence[object]:
    cases = cast("dict[str, object]", document).get("cases") if isinstance(document, dict) else document
    if not isinstance(cases, list):
        raise StudyError(Fault("cases", "there is no list of cases", _HINT, shown))
    return cast("list[object]", cases)


def _parsed(text: str, shown: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_keys_once)
    except json.JSONDecodeError as error:
        raise StudyError(Fault("", f"the file is not JSON: {error.msg.lower()}", _HINT, shown, error.lineno)) from None
    except _RefusedError as error:
        raise StudyError(Fault("", str(error), _HINT, shown)) from None
    except ValueError:  # of Python itself, for integers of thousands of digits
        raise StudyError(Fault("", "a number in the file has too many digits", _HINT, shown)) from None
    except RecursionError:
        raise StudyError(Fault("", "the file is nested too deep", _HINT, shown)) from None


class _RefusedError(Exception):
    """Ends the reading early; never seen outside."""


def _no_number(text: str) -> float:
    message = f"{text} is not a number of JSON"
    raise _RefusedError(message)


def _keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            message = f"the key {key[:40]!r} stands twice in one object"
            raise _RefusedError(message)
        found[key] = value
    return found


def _text(path: Path, shown: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudyError(Fault("", "cannot read the file: it is not a regular file", _HINT, shown))
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise StudyError(Fault("", f"cannot read the file: {reason}", "", shown)) from None
    if len(raw) > SIZE_LIMIT:
        raise StudyError(Fault("", f"the file is larger than {SIZE_LIMIT >> 20} MiB", _HINT, shown))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StudyError(Fault("", "the file is not text in UTF-8", _HINT, shown)) from None
