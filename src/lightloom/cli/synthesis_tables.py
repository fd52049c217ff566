"""A topology that was searched for as a person reads it at a terminal: the verdict, loads, wiring."""

from rich.table import Table
from rich.text import Text

from lightloom.cli.output import console
from lightloom.cli.tables import bullets, grid, paragraph, say
from lightloom.report.reading import Run


def show(answer: Run) -> None:
    """Print the sentences, then what they rest on."""
    out = console()
    headline, *others = answer.texts("verdict")
    say(out, paragraph(headline, "bold"), bullets(others))
    out.print()
    say(out, _loads(answer), _wiring(answer))
    out.print()
    count = len(answer.texts("assumptions"))
    out.print(paragraph(f"Links: {answer.number('best', 'links'):,.0f}; see --json or --out. Assumptions: {count}."))


def _loads(answer: Run) -> Table:
    """Return loads of the busiest link, and what they are over the best one's."""
    title = "Load of the busiest link, every node to every other one unit"
    table = grid("", ">load", ">over best", ">diameter", ">mean hops", title=title)
    best = answer.number("best", "load") or 1.0
    hops = f"{answer.number('best', 'diameter'):.0f}", f"{answer.number('best', 'mean_hops'):.4f}"
    rows = [("best found, best mix of ways", best, *hops)]
    rows += [("  by its distances at least", answer.number("best", "distance_bound") or 0.0, "", "")]
    rows += [("  split evenly over shortest ways", answer.number("best", "equal_split_load") or 0.0, "", "")]
    moore = f"{answer.number('moore', 'mean_hops'):.4f}"
    rows += [("Moore bound", answer.number("moore", "load") or 0.0, "", moore)]
    rows += [(str(row["name"]), float(row["load"]), "", "") for row in answer.rows("against")]
    for name, load, diameter, mean in rows:
        table.add_row(name, f"{load:.6g}", f"{load / best:.3f}", diameter, mean)
    return table


def _wiring(answer: Run) -> Table:
    table = grid("", "", "~", title="Can circuit switches wire it?")
    switch, usable = answer.at("wiring", "switch"), answer.number("wiring", "ports_usable") or 0
    needed = answer.number("wiring", "ports_needed") or 0
    whole, possible = answer.at("wiring", "whole"), answer.at("wiring", "possible")
    fits = ", ".join(answer.texts("wiring", "whole_with")) or "none of the catalog"
    table.add_row("a switch a permutation", "yes" if whole else "no", f"{needed:.0f} ports, {switch} has {usable:.0f}")
    table.add_row("", "", Text(f"enough: {fits}"))
    how = f"{answer.number('wiring', 'switches'):.0f} of {answer.number('wiring', 'ports_used'):.0f} ports each"
    ways = "" if whole else ", by cosets"
    table.add_row(f"with {switch}{ways}", "yes" if possible else "no", how if possible else "")
    edge = answer.number("wiring", "cubes", "edge") or 0
    reason = str(answer.at("wiring", "cubes", "reason") or "")
    pod = f"a pod of cubes of {edge:.0f}"
    table.add_row(pod, "yes" if answer.at("wiring", "cubes", "possible") else "no", Text(reason))
    return table
