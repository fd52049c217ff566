"""One evaluation, or several side by side, as one HTML file: no script, no request, drawn where it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from lightloom.report.pages import template
from lightloom.report.reading import designs
from lightloom.report.sections import (
    accounts,
    balance,
    budgets,
    copper,
    evidence,
    goodput,
    headline,
    links,
    memory,
    step,
    verdicts,
)


def render(
    evaluations: Sequence[Mapping[str, Any]],
    verdict: Sequence[str],
    *,
    title: str,
    command: str = "",
    copper_ends: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the page.

    The same answers give the same bytes. Every number on the page that stands in an answer carries its path and its
    unrounded value (``data-run``, ``data-key``, ``data-value``). Keys an answer lacks are left out of the page. Numbers
    of where copper ends have ``data-demand`` around them: they stand there in the answer of ``lightloom demand``.

    Args:
        evaluations: Answers as in the JSON contract, ``evaluation/1``, in the order of the page.
        verdict: Sentences that go on top, the first of them as the headline; one that begins with the name of a design
            stands beside its letter.
        title: Heading of the page.
        command: The command that makes this page again; empty leaves it out.
        copper_ends: Of every evaluation, as :func:`lightloom.study.questions.ending.copper_ends` returns them; empty
            leaves that out.
    """
    runs = designs(evaluations)
    return template("page.html").render(
        title=title,
        command=command,
        verdict=verdicts.view(runs, verdict),
        runs=runs,
        cards=headline.view(runs),
        step=step.view(runs),
        accounts=accounts.view(runs),
        links=links.view(runs),
        budgets=budgets.view(runs),
        copper=copper.view(runs, copper_ends) if copper_ends else None,
        balance=balance.view(runs),
        memory=memory.view(runs),
        goodput=goodput.view(runs),
        evidence=evidence.view(runs),
    )
