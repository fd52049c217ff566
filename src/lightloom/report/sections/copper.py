"""Where copper ends in the racks of each design; designs of the same racks once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from lightloom.report.demand_charts import wall
from lightloom.report.demand_words import rack_words
from lightloom.report.reading import Run
from lightloom.report.view import Chart, Said, said


@dataclass(frozen=True, slots=True)
class Wall:
    """One chart, for the designs it holds for.

    Args:
        run: First of them.
        others: Likewise.
        mark: Attribute for the element around it.
        rack: What their racks are, in a sentence.
        chart: Shares of copper.
    """

    run: Run
    others: Sequence[Run]
    mark: Markup
    rack: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Copper:
    """All walls, how to read one, and what stands in the way of the others."""

    walls: Sequence[Wall]
    note: str
    faults: Sequence[Said]


def view(runs: Sequence[Run], answers: Sequence[Mapping[str, Any]]) -> Copper | None:
    """Return the walls of the designs; None if nothing is known of any.

    Args:
        runs: Designs.
        answers: Of each of them; equal ones are drawn once.
    """
    together: list[tuple[Mapping[str, Any], list[Run]]] = []
    faults: list[tuple[Run, Sequence[str]]] = []
    for run, answer in zip(runs, answers, strict=True):
        faults.append((run, [str(answer["fault"])] if "fault" in answer else []))
        if "fault" in answer:
            continue
        known = next((designs for each, designs in together if each is answer or each == answer), None)
        if known is None:
            together.append((answer, [run]))
        else:
            known.append(run)
    walls = [_wall(answer, designs) for answer, designs in together]
    if not runs:
        return None
    note = walls[0].chart.note if walls else ""
    return Copper([replace(each, chart=replace(each.chart, note="")) for each in walls], note, said(faults))


def _wall(answer: Mapping[str, Any], designs: Sequence[Run]) -> Wall:
    first, *others = designs
    demand = Run(first.index, answer)
    mark = Markup(' data-demand="{}"').format(first.index)
    return Wall(first, others, mark, rack_words(demand), wall(demand))
