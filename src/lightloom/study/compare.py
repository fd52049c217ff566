"""Designs side by side, and a verdict that says no more than the bands allow."""

import html
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lightloom.accounts.cost import Difference, difference
from lightloom.core.errors import Fault, StudyError
from lightloom.study.evaluate import evaluate
from lightloom.study.evaluation import Evaluation
from lightloom.study.frames import frame_of
from lightloom.study.load import load_all
from lightloom.study.replan import replanned
from lightloom.study.scenario import Scenario

if TYPE_CHECKING:  # pandas is an extra
    from pandas import DataFrame

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Several evaluations and what they say together.

    Args:
        evaluations: In the order asked; infeasible ones are kept.
        verdict: Sentences.
    """

    evaluations: tuple[Evaluation, ...]
    verdict: tuple[str, ...]

    def __repr__(self) -> str:
        """Name the designs, in one line."""
        return f"<Comparison of {', '.join(repr(each.scenario.name) for each in self.evaluations)}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the contract."""
        return {"evaluations": [each.to_dict() for each in self.evaluations], "verdict": list(self.verdict)}

    def to_json(self) -> str:
        """Return the contract as text; same scenarios, same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_frame(self) -> "DataFrame":
        """Return one row a design: the numbers asked for first, by their path in the contract.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        answers = [each.to_dict() for each in self.evaluations]
        return frame_of([tuple(_at(answer, path) for path in _FRAME) for answer in answers], _FRAME)

    def _repr_html_(self) -> str:
        said = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.verdict)
        return f"{''.join(each.to_html() for each in self.evaluations)}<ul>{said}</ul>"


_FRAME = (
    "scenario.name",
    "feasible",
    "step.time_s",
    "throughput.tokens_per_s",
    "throughput.tokens_per_s_per_accelerator",
    "throughput.mfu",
    "cost.usd_per_million_tokens.mid",
    "cost.usd_per_million_tokens.low",
    "cost.usd_per_million_tokens.high",
    "energy.joules_per_token",
    "goodput.fraction",
)


def _at(answer: Mapping[str, Any], path: str) -> object:
    """Return what stands at a path of an answer; None where the design has no such part."""
    value: Any = answer
    for key in path.split("."):
        value = None if value is None else value[key]
    return value


def compare(scenarios: Sequence[Scenario | str | PathLike[str]], *, replan: bool = False) -> Comparison:
    """Evaluate several designs and say which is better, and why.

    Args:
        scenarios: Designs, or the names or paths of their studies; those that train one model on as many accelerators
            are held against the first of them.
        replan: Give each design its own best recipe first, instead of the one written.

    Raises:
        StudyError: Some cannot be loaded or evaluated; every fault of every one.
        TypeError: Something is neither a scenario nor the name of a study.
    """
    designs = _loaded(scenarios)
    asked = _told_apart(_each(replanned, designs) if replan else designs)
    evaluations = tuple(_each(evaluate, asked))
    return Comparison(evaluations, tuple(_verdict(evaluations)))


def _loaded(scenarios: Sequence[Scenario | str | PathLike[str]]) -> list[Scenario]:
    if isinstance(scenarios, (str, PathLike, Scenario)):
        message = "compare takes a list of studies, not one; write compare([first, second])"
        raise TypeError(message)
    for each in cast("Sequence[object]", scenarios):
        if not isinstance(each, (Scenario, str, PathLike)):
            message = f"compare was given what is neither a scenario nor the name of a study: {each!r:.60}"
            raise TypeError(message)
    read = iter(load_all(each for each in scenarios if not isinstance(each, Scenario)))
    return [each if isinstance(each, Scenario) else next(read) for each in scenarios]


def _each(make: Callable[[Scenario], T], scenarios: Sequence[Scenario]) -> list[T]:
    """Return what is made of each scenario; the faults of all, where there are any."""
    made: list[T] = []
    faults: list[Fault] = []
    for scenario in scenarios:
        try:
            made.append(make(scenario))
        except StudyError as error:
            faults += error.faults
    if faults:
        raise StudyError(dict.fromkeys(faults))
    return made


def _told_apart(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """Return the scenarios with names that differ, so that a sentence says which it means."""
    seen: Counter[str] = Counter()
    found: list[Scenario] = []
    for each in scenarios:
        seen[each.name] += 1
        count = seen[each.name]
        found.append(each if count == 1 else replace(each, name=f"{each.name} ({count})"))
    return found


def _verdict(evaluations: tuple[Evaluation, ...]) -> Iterator[str]:
    for each in evaluations:
        if not each.feasible:
            codes = dict.fromkeys(reason.code.replace("-", " ") for reason in each.reasons)
            yield f"{each.scenario.name} cannot be run as written: {', '.join(codes)}."
    families: dict[tuple[str, int], list[Evaluation]] = {}
    for each in evaluations:
        if each.feasible and each.cost is not None:
            families.setdefault((each.scenario.model.name, each.scenario.job.accelerators), []).append(each)
    heads = [family[0] for family in families.values()]
    if len(heads) > 1:
        yield _contrast(heads)
    for head, *others in families.values():
        yield _network_sentence(head)
        for other in others:
            yield _against(other, head)


def _waiting(evaluation: Evaluation) -> float:
    """Return the share of the step that waits for the network between scale-up domains."""
    return evaluation.balance.shares["scale_out"] if evaluation.balance else 0.0


def _contrast(heads: Sequence[Evaluation]) -> str:
    order = sorted(heads, key=_waiting)
    least, most = order[0], order[-1]
    return (
        f"{least.scenario.model.name} waits {_waiting(least):.1%} of its step for the scale-out network, "
        f"{most.scenario.model.name} {_waiting(most):.1%}: a faster network is worth more to the second."
    )


def _network_sentence(one: Evaluation) -> str:
    balance = one.balance
    if balance is None or balance.scale_out_busy <= 0:
        return f"{one.scenario.name}: nothing is sent between scale-up domains."
    hidden = max(0.0, 1 - balance.scale_out_exposed / balance.scale_out_busy)
    words = {
        "scale_up": "the scale-up network",
        "scale_out": "the scale-out network",
        "bubble": "the pipeline's bubble",
    }
    name = balance.binding
    return (
        f"{one.scenario.name}: scale-out traffic takes {balance.scale_out_busy:.3g} s a step, {hidden:.0%} of it "
        f"hidden behind computation; {words.get(name, name)} binds ({balance.shares[name]:.0%} of the step)."
    )


def _against(one: Evaluation, base: Evaluation) -> str:
    if one.cost is None or base.cost is None or one.step is None or base.step is None:
        return ""
    ratio = base.step["time_s"] / one.step["time_s"] - 1
    pace = "as fast as the first" if abs(ratio) < 5e-3 else f"{abs(ratio):.1%} {_word(ratio, 'faster', 'slower')}"
    return f"{one.scenario.name}: {pace}; {_money(difference(one.cost, base.cost))}; {_joules(one, base)}."


def _word(value: float, above: str, below: str) -> str:
    return above if value > 0 else below


def _money(gap: Difference) -> str:
    share = gap.share
    band = f"({share.low:+.1%} … {share.high:+.1%})"
    if gap.tie:
        return f"on dollars per token they tie within the band, {share.mid:+.1%} {band}"
    return f"a token costs {abs(share.mid):.1%} {_word(share.mid, 'more', 'less')} {band}"


def _joules(one: Evaluation, base: Evaluation) -> str:
    if one.energy is None or base.energy is None:
        return "energy unknown"
    ratio = one.energy.joules_per_token / base.energy.joules_per_token - 1
    if abs(ratio) < 5e-3:
        return "as much energy per token"
    return f"{abs(ratio):.1%} {_word(ratio, 'more', 'less')} energy per token"
