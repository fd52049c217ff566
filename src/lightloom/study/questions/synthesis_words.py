"""What an answer about a topology that was searched for says in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def sentences(answer: Mapping[str, Any]) -> Iterator[str]:
    """Return the verdict, the headline first.

    Args:
        answer: As the contract has it, without the verdict.
    """
    best, moore, asked = answer["best"], answer["moore"], answer["asked"]
    at = "at" if moore["gap_share"] < 1e-9 else f"{moore['gap_share']:.1%} above"
    yield (
        f"{asked['nodes']} nodes of {asked['degree']} links carry all-to-all traffic with a load of {best['load']:.6g} "
        f"on the busiest link, {at} the Moore bound of {moore['load']:.6g}: {best['family']} {best['words']}."
    )
    against: Sequence[Mapping[str, Any]] = answer["against"]
    if against:
        told = [f"{each['gain']:.3f} times that of the {each['name']} ({each['load']:.6g})" for each in against]
        yield f"All-to-all bandwidth is {' and '.join(told)}."
    yield _checked(answer)
    yield _banks(answer["wiring"])
    yield _cubes(answer["wiring"]["cubes"])


def _checked(answer: Mapping[str, Any]) -> str:
    again, best, search = answer["recheck"], answer["best"], answer["search"]
    sources = "every node" if again["sources"] == answer["asked"]["nodes"] else f"{again['sources']} of the nodes"
    sources = "one node, the others being images of it," if again["sources"] == 1 else sources
    short = (
        "distances allow no less"
        if best["load"] <= best["distance_bound"] * (1 + 1e-9)
        else (f"distances alone would allow {best['distance_bound']:.6g}")
    )
    other = "" if search["best_of_them"] else "; others of lower bounds were not solved"
    return (
        f"Solved again from the list of links with {sources} as source: {again['load']:.6g}; {short}. Looked at "
        f"{search['looked_at']:,} candidates, solved {search['solved']}{other}."
    )


def _banks(wiring: Mapping[str, Any]) -> str:
    fits: Sequence[str] = wiring["whole_with"]
    whole = (
        f"the smallest of the catalog that has them is {fits[0]}" if fits else "no switch of the catalog has so many"
    )
    needed = f"One switch for each of {wiring['banks']} permutations takes {wiring['ports_needed']} ports; {whole}."
    name, usable = wiring["switch"], wiring["ports_usable"]
    if wiring["whole"]:
        return f"{needed} With {name} ({usable} ports): yes, {wiring['switches']} switches."
    if wiring["possible"]:
        return (
            f"{needed} With {name} ({usable} ports) only by cosets laid down in fibre: {wiring['switches']} switches "
            f"of {wiring['ports_used']} ports."
        )
    return f"{needed} With {name} ({usable} ports): no."


def _cubes(cubes: Mapping[str, Any]) -> str:
    pod = f"A pod of cubes of {cubes['edge']} x {cubes['edge']} x {cubes['edge']} with copper inside"
    return f"{pod} can wire it." if cubes["possible"] else f"{pod} cannot: {cubes['reason']}; --pod looks for others."


def assumptions() -> Iterator[str]:
    """Return what was taken as given or left out."""
    yield "Every node sends as much to every other, may relay, and may use any mix of ways; links have one rate."
    yield "Loads are averages of a steady flow, without queues and packet order."
    yield "Only graphs of the families named were looked at; a graph without symmetry may be better."
    yield "An all-gather has no more than the links of a node bring in; graphs that look alike from every node have it."
    yield "A fibre to a circuit switch carries both directions, and takes a port."
