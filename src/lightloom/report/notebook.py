"""An evaluation as a notebook shows it: its numbers and one bar of its step."""

from collections.abc import Mapping
from typing import Any

from lightloom.report import formats
from lightloom.report.charts import stacked_bar
from lightloom.report.pages import template
from lightloom.report.reading import Run
from lightloom.report.scales import Linear
from lightloom.report.sections import headline, step


def evaluation_html(evaluation: Mapping[str, Any]) -> str:
    """Return a fragment of HTML for ``_repr_html_``; readable on light and dark pages.

    Args:
        evaluation: The answer as in the JSON contract, ``evaluation/1``; keys it lacks are left out.
    """
    run = Run(0, evaluation)
    pieces = step.segments(run, step.part_colours(run))
    whole = run.number("step", "time_s")
    bar = stacked_bar(pieces, Linear(0.0, whole), title="where the time of a step goes") if whole else None
    return template("notebook.html").render(
        run=run,
        card=headline.view([run])[0],
        pieces=pieces,
        bar=bar,
        binding=formats.words(str(run.at("balance", "binding") or "")),
    )
