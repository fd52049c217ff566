"""Reference cases of fabrics: every kind that can be asked, and the file that ships."""

from pathlib import Path

from lightloom.core.registry import Registry
from lightloom.study.validation.case_file import read_cases
from lightloom.study.validation.cases import CaseValidation, Vocabulary, work_out
from lightloom.study.validation.fabric_counts import MOORE_BOUND

SHIPPED = Path(__file__).parents[2] / "measured" / "fabric_cases.json"


def fabric_kinds(trace: Path | None = None) -> Vocabulary:  # noqa: ARG001 - the kinds of health will ask for it
    """Return every kind of fabric cases.

    Args:
        trace: A table of faults, for the kinds that are worked out from one.

    Raises:
        StudyError: The table cannot be read.
    """
    return Registry(
        "kind",
        [
            MOORE_BOUND,
        ],
    )


def validate_fabrics(path: Path | None = None, trace: Path | None = None) -> CaseValidation:
    """Work out every fabric case of a file; the shipped one if none is named.

    Args:
        path: Cases of one's own.
        trace: A table of faults; cases that need one are not run without it.

    Raises:
        StudyError: A file cannot be read.
    """
    cases = read_cases(path) if path else read_cases(SHIPPED, "lightloom/measured/fabric_cases.json")
    return work_out(cases, fabric_kinds(trace), frozenset({"trace"} if trace else ()))
