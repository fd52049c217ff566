"""Text to scenario: the door of every verb."""

from collections.abc import Iterable, Sequence
from os import PathLike, fspath

from lightloom.core.errors import Fault, StudyError
from lightloom.study.merge import edited, merged_document, settings
from lightloom.study.scenario import Scenario
from lightloom.study.schema import StudyFile


def load(study: str | PathLike[str], sets: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a study.

    Args:
        study: Path of a study file, or the name of a built-in study.
        sets: Changes such as ``recipe.parallel.tensor=4``, in order.

    Raises:
        StudyError: It cannot be used as written; every fault, with file and line.
    """
    changes = settings(sets)
    return Scenario.of(edited(merged_document(fspath(study), StudyFile), changes, StudyFile))


def load_all(studies: Iterable[str | PathLike[str]], sets: Sequence[str] = ()) -> list[Scenario]:
    """Return the scenarios of several studies.

    Raises:
        StudyError: Some cannot be used as written; every fault of every one.
    """
    scenarios: list[Scenario] = []
    faults: list[Fault] = []
    for study in studies:
        try:
            scenarios.append(load(study, sets))
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(dict.fromkeys(faults))
    return scenarios
