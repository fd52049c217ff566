"""The verdict: its first sentence is the headline, the others stand beside the letter of the design they are about."""

from collections.abc import Sequence
from dataclasses import dataclass

from lightloom.report.reading import Run, same_job

_LONG = 160


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, about a design or about all of them.

    Args:
        whole: The words.
        text: The words without the name of the design.
        run: The design it is about.
        base: The design it is held against, if it is: the first of its job that can run.
    """

    whole: str
    text: str
    run: Run | None = None
    base: Run | None = None

    @property
    def long(self) -> bool:
        """Whether it would fill a screen in the largest letters."""
        return len(self.whole) > _LONG


def view(runs: Sequence[Run], verdict: Sequence[str]) -> list[Sentence]:
    """Return the sentences in order."""
    able = [run for run in runs if run.feasible]
    base = {run.index: group[0] for group in same_job(able) for run in group[1:]}
    return [_sentence(text, runs, base) for text in verdict]


def _sentence(text: str, runs: Sequence[Run], base: dict[int, Run]) -> Sentence:
    run = max((run for run in runs if text.startswith(run.name)), key=lambda run: len(run.name), default=None)
    if run is None:
        return Sentence(text, text)
    return Sentence(text, text.removeprefix(run.name).lstrip(": "), run, base.get(run.index))
