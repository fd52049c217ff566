"""Reading an answer: numbers by their path, absent ones allowed, each with the tag that leads back to it."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, TypeAlias, cast

from markupsafe import Markup

from lightloom.report.formats import NONE, Form

Path: TypeAlias = tuple[str | int, ...]
Mappings: TypeAlias = Sequence[Mapping[str, Any]]

_PART = ", "


@dataclass(frozen=True, slots=True)
class Tag:
    """Which number of an answer an element shows; which answer, the nearest element around it with ``data-run`` says.

    Args:
        key: Path in the evaluation, dotted, list positions as numbers: ``network.0.cables``.
        value: The number itself, unrounded.
    """

    key: str
    value: float

    def __html__(self) -> Markup:
        """Attributes for an element, with a space before them."""
        return Markup(' data-key="{}" data-value="{}"').format(self.key, json.dumps(self.value))


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as printed on the page; a template prints it as an element with its tag."""

    text: str
    tag: Tag | None = None

    @property
    def known(self) -> bool:
        """Whether the answer holds it."""
        return self.tag is not None

    def __html__(self) -> Markup:
        """One element; a dash where the answer has no such number."""
        if self.tag is None:
            return Markup('<span class="none">{}</span>').format(self.text)
        return Markup("<span{}>{}</span>").format(self.tag, self.text)


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation on the page, with the letter that stands for it in every chart.

    Args:
        index: Position on the page, from 0.
        evaluation: The answer, as in the JSON contract.
        job: The beginning that its name shares with the other designs of its job; empty if there is none.
        own_name: The rest of the name; empty if all of it is its own.
    """

    index: int
    evaluation: Mapping[str, Any]
    job: str = ""
    own_name: str = ""

    @property
    def letter(self) -> str:
        """A, B, …, Z, then 27, 28, …."""
        return chr(ord("A") + self.index) if self.index < 26 else str(self.index + 1)

    @property
    def mark(self) -> Markup:
        """Attribute for the element around what is said about this design, with a space before it."""
        return Markup(' data-run="{}"').format(self.index)

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.at("scenario", "name") or f"design {self.letter}")

    @property
    def short(self) -> str:
        """The name without what the heading of its job says already."""
        return self.own_name or self.name

    @property
    def feasible(self) -> bool:
        """Whether the design can do its job; an answer that does not say counts as feasible."""
        return self.at("feasible") is not False

    def at(self, *path: str | int) -> Any:  # noqa: ANN401 # an answer holds any JSON
        """Return what stands at that path; None where nothing does."""
        here: Any = self.evaluation
        for part in path:
            here = _step(here, part)
        return here

    def number(self, *path: str | int) -> float | None:
        """Return the finite number at that path, else None."""
        return finite(self.at(*path))

    def show(self, form: Form, *path: str | int) -> Shown:
        """Return the number at that path as printed, or a dash."""
        value = self.number(*path)
        return Shown(NONE) if value is None else Shown(form(value), Tag(dotted(path), value))

    def tag(self, *path: str | int) -> Tag | None:
        """Return the tag of the number at that path."""
        value = self.number(*path)
        return None if value is None else Tag(dotted(path), value)

    def rows(self, *path: str | int) -> Mappings:
        """Return the list of mappings at that path; empty where there is none, and for rows that are something else."""
        found = _listed(self.at(*path))
        return [cast("Mapping[str, Any]", row) if isinstance(row, Mapping) else {} for row in found]

    def texts(self, *path: str | int) -> list[str]:
        """Return the list of texts at that path; empty where there is none."""
        return [str(text) for text in _listed(self.at(*path))]

    def leaves(self, *path: str | int) -> list[tuple[Path, float]]:
        """Return every finite number below that path, in order, with its whole path."""
        return list(_leaves(self.at(*path), path))

    @property
    def accelerators(self) -> float | None:
        """Accelerators of the job: tokens/s over tokens/s of one."""
        whole, one = (self.number("throughput", key) for key in ("tokens_per_s", "tokens_per_s_per_accelerator"))
        return round(whole / one) if whole and one else None

    @property
    def work_per_token(self) -> float | None:
        """Model FLOPs of one token; designs with the same do the same job."""
        rate = self.number("throughput", "model_flops_per_s_per_accelerator")
        tokens = self.number("throughput", "tokens_per_s_per_accelerator")
        return rate / tokens if rate and tokens else None


def finite(value: object) -> float | None:
    """Return the value if it is a finite number, else None; true and false are not numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return value


def dotted(path: Path) -> str:
    """Return the path as one text."""
    return ".".join(str(part) for part in path)


def same_job(runs: Sequence[Run]) -> list[list[Run]]:
    """Return the runs grouped by the work of one token, groups in order of first appearance.

    Rates and prices of a token compare only within a group.
    """
    groups: list[list[Run]] = []
    for run in runs:
        for group in groups:
            if _alike(group[0].work_per_token, run.work_per_token):
                group.append(run)
                break
        else:
            groups.append([run])
    return groups


def designs(evaluations: Sequence[Mapping[str, Any]]) -> list[Run]:
    """Return the answers as designs of a page, their names split where those of one job begin alike.

    >>> names = ["GPT, 64 H100, rails", "GPT, 64 H100, Clos"]
    >>> rates = {"model_flops_per_s_per_accelerator": 6.0, "tokens_per_s_per_accelerator": 2.0}
    >>> pair = designs([{"scenario": {"name": name}, "throughput": rates} for name in names])
    >>> [(run.job, run.short) for run in pair]
    [('GPT, 64 H100', 'rails'), ('GPT, 64 H100', 'Clos')]
    """
    runs = [Run(index, evaluation) for index, evaluation in enumerate(evaluations)]
    for group in same_job(runs):
        parts = [run.name.split(_PART) for run in group]
        alike = takewhile(lambda column: len(set(column)) == 1, zip(*(whole[:-1] for whole in parts), strict=False))
        shared = len(list(alike)) if len(group) > 1 else 0
        for run, whole in zip(group, parts, strict=True):
            runs[run.index] = replace(run, job=_PART.join(whole[:shared]), own_name=_PART.join(whole[shared:]))
    return runs


def _alike(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and math.isclose(one, other, rel_tol=1e-3)


def _step(here: object, part: str | int) -> object:
    if isinstance(here, Mapping):
        return cast("Mapping[str, object]", here).get(str(part))
    if isinstance(here, Sequence) and not isinstance(here, str) and isinstance(part, int):
        items = cast("Sequence[object]", here)
        return items[part] if part < len(items) else None
    return None


def _listed(here: object) -> Sequence[object]:
    return cast("Sequence[object]", here) if isinstance(here, Sequence) and not isinstance(here, str) else ()


def _leaves(here: object, path: Path) -> Iterator[tuple[Path, float]]:
    if isinstance(here, Mapping):
        for key, value in cast("Mapping[str, object]", here).items():
            yield from _leaves(value, (*path, key))
    else:
        value = finite(here)
        if value is not None:
            yield path, value
