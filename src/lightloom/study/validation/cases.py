"""Numbers worked out elsewhere beside ours: each case within its tolerance, or the reason it was not worked out.

A case outside the vocabulary (an unknown kind, quantity, parameter or unit) is an error, never left out in silence.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeAlias, TypeVar, cast

import numpy as np
from pydantic import ValidationError

from lightloom.core.arrays import Number
from lightloom.core.errors import StudyError, nearest
from lightloom.core.registry import Registry
from lightloom.study.validation.case_fields import CaseError, Params, complaint
from lightloom.study.validation.case_file import CaseSpec, FileCase, Misfit

Given = TypeVar("Given", bound=Params)
Answer: TypeAlias = float | tuple[float, ...]

FROM_MEMORY = "RECALL"
"""What the label of a number starts with that nobody looked up: a miss is shown, and is no failure."""


@dataclass(frozen=True, slots=True)
class Quantity(Generic[Given]):
    """What can be asked of a kind.

    Args:
        unit: Of the answer.
        solve: Works it out.
        exact: Works it out with what a case needs, by the name of the need; ``solve`` is a closed form then.
        units: Others the answer may be in, where it is in whatever a parameter is in.
    """

    unit: str
    solve: Callable[[Given], Number]
    exact: Mapping[str, Callable[[Given], Number]] = field(default_factory=lambda: MappingProxyType({}))
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKind(Generic[Given]):
    """One kind of cases.

    Args:
        kind: Its name.
        params: Its parameters.
        quantities: What can be asked, by name.
    """

    kind: str
    params: type[Given]
    quantities: Mapping[str, Quantity[Given]]


Vocabulary: TypeAlias = Registry[CaseKind[Any]]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case worked out.

    Args:
        id, kind, quantity, unit: As in the file.
        expected: As in the file.
        got: Ours, a list where ``expected`` is one.
        tolerance: Accepted difference, likewise.
        passed: Whether it is not exceeded.
        label: How sure ``expected`` is.
        how: What is special about ``got``.
        enforced: Whether a miss counts as failed; not where ``expected`` is from memory.
    """

    id: str
    kind: str
    quantity: str
    unit: str
    expected: Answer
    got: Answer
    tolerance: Answer
    passed: bool
    label: str
    how: str = ""
    enforced: bool = True


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A case not worked out.

    Args:
        id: Of the case.
        why: The reason.
        error: Whether the case is outside the vocabulary or has no answer; else what it needs is not there.
    """

    id: str
    why: str
    error: bool


@dataclass(frozen=True, slots=True)
class CaseValidation:
    """Every case of a file.

    Args:
        rows: Those worked out, in the order of the file.
        not_covered: The others.
    """

    rows: tuple[CaseRow, ...]
    not_covered: tuple[Uncovered, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the contract; ``errors`` and ``not_run`` together are the length of ``not_covered``."""
        passed = sum(row.passed for row in self.rows)
        failed = sum(row.enforced and not row.passed for row in self.rows)
        errors = sum(case.error for case in self.not_covered)
        return {
            "rows": [asdict(row) for row in self.rows],
            "not_covered": [asdict(case) for case in self.not_covered],
            "passed": passed,
            "failed": failed,
            "doubted": len(self.rows) - passed - failed,
            "errors": errors,
            "not_run": len(self.not_covered) - errors,
        }


def work_out(cases: Iterable[FileCase], vocabulary: Vocabulary, present: frozenset[str]) -> CaseValidation:
    """Work every case out and compare.

    Args:
        cases: As read.
        vocabulary: Kinds that may be asked.
        present: Needs that are met here, such as ``gnpy``.
    """
    rows: list[CaseRow] = []
    gaps: list[Uncovered] = []
    for case in cases:
        found = (
            Uncovered(case.id, case.why, error=True) if isinstance(case, Misfit) else _one(case, vocabulary, present)
        )
        if isinstance(found, Uncovered):
            gaps.append(found)
        else:
            rows.append(found)
    return CaseValidation(tuple(rows), tuple(gaps))


def _one(case: CaseSpec, vocabulary: Vocabulary, present: frozenset[str]) -> CaseRow | Uncovered:
    try:
        quantity, params = _asked(case, vocabulary)
        exact = quantity.exact.get(case.needs or "")
        if case.needs is None or case.needs in present:
            return _judged(case, _solved(exact or quantity.solve, params), exact=True)
        if exact is not None:
            return _judged(case, _solved(quantity.solve, params), exact=False)
        return Uncovered(case.id, f"needs {case.needs}, which is not here", error=False)
    except CaseError as reason:
        return Uncovered(case.id, str(reason), error=True)


def _asked(case: CaseSpec, vocabulary: Vocabulary) -> tuple[Quantity[Any], Params]:
    try:
        kind = vocabulary[case.kind]
        params = kind.params.model_validate(case.params)
    except StudyError as error:
        raise CaseError("; ".join(f"{fault.message[:120]}; {fault.hint}" for fault in error.faults)) from None
    except ValidationError as error:
        raise CaseError(complaint(error, vocabulary[case.kind].params)) from None
    if case.quantity not in kind.quantities:
        hint = nearest(case.quantity[:60], kind.quantities)
        message = f"{case.kind} has no quantity called {case.quantity[:60]!r}; {hint}"
        raise CaseError(message)
    quantity = kind.quantities[case.quantity]
    units = (quantity.unit, *quantity.units)
    if case.unit not in units:
        message = f"the unit of {case.quantity} is {' or '.join(map(repr, units))}, not {case.unit[:20]!r}"
        raise CaseError(message)
    return quantity, params


def _solved(solve: Callable[[Any], Number], params: Params) -> Answer:
    try:
        with np.errstate(all="ignore"):
            got = np.asarray(solve(params), dtype=np.float64)
    except StudyError as error:
        raise CaseError(
            "; ".join(f"{fault.message[:200]}; {fault.hint}".rstrip("; ") for fault in error.faults)
        ) from None
    except (ArithmeticError, ValueError):
        got = np.asarray(np.nan)
    if not np.all(np.isfinite(got)):
        message = "these parameters have no finite answer"
        raise CaseError(message)
    return cast("Answer", tuple(got.tolist()) if got.ndim else got.item())


def _judged(case: CaseSpec, got: Answer, *, exact: bool) -> CaseRow | Uncovered:
    expected = np.asarray(case.expected)
    tolerance = np.maximum(case.atol, case.rtol * np.abs(expected))
    if not exact:
        tolerance = np.maximum(tolerance, case.atol_closed_form or 0.0)
    alike = np.shape(got) == expected.shape
    passed = alike and bool(np.all(np.abs(np.asarray(got) - expected) <= tolerance))
    if not exact and not passed:
        return Uncovered(case.id, f"needs {case.needs}, and the closed form is not near enough", error=False)
    how = "" if exact else f"closed form, without {case.needs}"
    accepted = cast("Answer", tuple(tolerance.tolist()) if tolerance.ndim else tolerance.item())
    return CaseRow(
        id=case.id,
        kind=case.kind,
        quantity=case.quantity,
        unit=case.unit,
        expected=case.expected,
        got=got,
        tolerance=accepted,
        passed=passed,
        label=case.label,
        how=how,
        enforced=not case.label.startswith(FROM_MEMORY),
    )
