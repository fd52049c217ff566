"""What an answer about a pod says in sentences."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def sentences(answer: Mapping[str, Any]) -> Iterator[str]:
    """Return the verdict, the headline first.

    Args:
        answer: As the contract has it, without the verdict.
    """
    told = _told(answer)
    mean, host = told["mean"], 100 * answer["availability"]["host"]
    yield (
        f"With {host:.4g} % of hosts up, slices of {told['chips']:,} chips can use {mean['circuits_share']:.1%} of the "
        f"pod with circuits; with fixed wiring {mean['fixed_share']:.1%} in slots that stay, "
        f"{mean['moving_share']:.1%} in boxes that move."
    )
    if answer["slices"]:
        yield _slices(answer)
    yield _outages(answer)


def _told(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the size that is told: of the largest slice asked for, else a quarter of the pod."""
    rows: Sequence[Mapping[str, Any]] = answer["usable"]
    wanted = max((one["chips"] for one in answer["slices"]), default=answer["pod"]["chips"] / 4)
    return min(rows, key=lambda row: abs(row["chips"] - wanted))


def _slices(answer: Mapping[str, Any]) -> str:
    slices: Sequence[Mapping[str, Any]] = answer["slices"]
    wanted = _so_many(len(slices), "slice")
    placed, fixed = (sum(one[kind]["placed"] for one in slices) for kind in ("circuits", "fixed"))
    if not answer["down"]:
        return f"Of {wanted}, {placed} have a place with circuits and {fixed} with fixed wiring."
    replaced = sum(len(one["circuits"]["replaced"]) for one in slices)
    moved = sum(one["fixed"]["moved"] for one in slices)
    cubes = sorted({entry["cube"] for entry in answer["down"]})
    down = f"Cube {cubes[0]} is" if len(cubes) == 1 else f"Cubes {_listed(cubes, 'and')} are"
    return (
        f"{down} down: of {wanted}, {placed} run on with circuits, {_so_many(replaced, 'cube')} replaced by "
        f"{_so_many(answer['changes']['circuits'], 'new circuit')}; with fixed wiring {fixed}, of which {moved} moved "
        "as a whole."
    )


def _so_many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _outages(answer: Mapping[str, Any]) -> str:
    outages: Sequence[Mapping[str, Any]] = answer["changes"]["outage"]
    known = [f"{_seconds(entry['outage_s']['mid'])} ({entry['setting']})" for entry in outages]
    return (
        f"A changed circuit is dark for {_listed(known, 'or')}; the switch '{answer['pod']['switch']}' itself moves "
        f"for {_seconds(outages[0]['switching_s'])} of it."
    )


def _listed(items: Sequence[object], last: str) -> str:
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _seconds(value: float) -> str:
    """Return a time in words.

    >>> _seconds(0.0012), _seconds(5.7)
    ('1.2 ms', '5.7 s')
    """
    return f"{value * 1e3:.3g} ms" if value < 1 else f"{value:.3g} s"


def assumptions(answer: Mapping[str, Any]) -> Iterator[str]:
    """Return what was taken as given or left out, as text for the reader."""
    pod = answer["pod"]
    yield (
        "Opposite faces of a cube meet, place by place, in one switch; each fibre carries both directions and takes a "
        f"port of its own, as counted for TPU v4: {pod['ports_used']} of {pod['ports_usable']}."
    )
    yield f"A host that is down takes its cube down: {pod['hosts_per_cube']} hosts a cube, failing on their own."
    yield (
        f"Fixed wiring is one torus of {'x'.join(map(str, pod['fixed_grid']))} cubes; a slice needs a box of "
        "neighbours, in any direction and round the ends, and is a torus only on axes that it fills."
    )
    yield (
        "On the mean: any healthy cubes with circuits; with fixed wiring, slots that stay, or boxes placed anew on "
        "what is up, each at the first place that is free. Promised: whole slices in the mean number of healthy cubes."
    )
    yield "Circuit switches and fibres are taken to be up."
    yield "Slices are placed on the healthy pod in their order; then hosts fail, and those hit are placed again."
