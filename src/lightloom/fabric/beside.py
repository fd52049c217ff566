"""Scale-out fabrics side by side, each with network cards of its own: what a study writes, and who gets which cards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field, create_model

from lightloom.core.errors import Fault
from lightloom.core.specs import Spec
from lightloom.fabric.fabric import ClusterShape
from lightloom.fabric.link_rates import Rate
from lightloom.fabric.topology import Topology

Carried: TypeAlias = Literal["tensor", "context", "pipeline", "data", "expert", "expert-data"]
"""Ranks that take part in a collective together, in the words of the workload."""

MAIN = "scale_out"


class Side(Spec):
    """What a fabric beside the main one has besides its topology.

    Args:
        name: In front of the names of its levels and switches.
        carries: Groups of ranks whose traffic between scale-up domains goes over it; what no fabric beside the main one
            carries goes over that.
        card_rate: Of each of its network cards, one way; left out: as the node's.

    Leaves out: what slower cards cost and draw less than the node's, which count with the node.
    """

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=24)]
    carries: tuple[Carried, ...] = ()
    card_rate: Rate | None = None


class SideFabric(Side, Topology):
    """A fabric beside the main one, for types alone: a topology and what is said of its place."""


def beside(kind: type[Topology]) -> Any:  # noqa: ANN401 - a type made at run time
    """Return a topology with the keys of a fabric beside the main one."""
    words = f"{(kind.__doc__ or '').partition(chr(10))[0]} Beside the main scale-out fabric."
    return create_model(f"Beside{kind.__name__}", __base__=(Side, kind), __doc__=words, __module__=__name__)


def unlike(sides: Sequence[SideFabric]) -> Iterator[Fault]:
    """Yield names that stand twice, and groups that several fabrics claim."""
    names = Counter[str]()
    owner: dict[str, str] = {}
    for place, side in enumerate(sides):
        names[side.name] += 1
        if names[side.name] > 1:
            yield Fault(f"beside.{place}.name", f"'{side.name}' stands there twice", "give each fabric its own name")
        for index, group in enumerate(side.carries):
            if group in owner:
                message = f"'{group}' is carried by '{owner[group]}' already"
                yield Fault(f"beside.{place}.carries.{index}", message, "let one fabric carry it")
            owner.setdefault(group, side.name)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Cards of one fabric as written: its key in the study, what messages call it, and how many."""

    key: str
    title: str
    cards: int | None


def cards_of(
    main: Topology, sides: Sequence[SideFabric], shape: ClusterShape
) -> tuple[tuple[int, ...], tuple[Fault, ...]]:
    """Share out a node's network cards: to each fabric what it asks for, to the one that says nothing what is left.

    Returns:
        Cards of each fabric, the main one first, and what is wrong with them; keys relative to ``fabric``.
    """
    asked = [
        _Asked(MAIN, MAIN, main.cards_asked()),
        *(_Asked(f"beside.{place}", f"'{side.name}'", side.cards_asked()) for place, side in enumerate(sides)),
    ]
    total = shape.nics_per_node
    faults = tuple(_misdealt(asked, total))
    rest = total - sum(each.cards or 0 for each in asked)
    dealt = tuple(rest if each.cards is None else each.cards for each in asked)
    if not faults and (sides or asked[0].cards):
        node = shape.accelerators_per_node
        faults = tuple(_uneven(asked, dealt, node, total))
    return dealt, faults


def _misdealt(asked: Sequence[_Asked], total: int) -> Iterator[Fault]:
    """Say where cards are left over, are not enough, or are nobody's."""
    said = [each for each in asked if each.cards is not None]
    silent = [each for each in asked if each.cards is None]
    given = sum(each.cards or 0 for each in said)
    if len(silent) > 1:
        even = max((total - given) // len(silent), 1)
        yield from (
            Fault(f"{each.key}.cards", f"is missing, and {silent[0].title} says nothing either", f"write cards: {even}")
            for each in silent[1:]
        )
        return
    room = total - given - len(silent)
    if room < 0 or (room > 0 and not silent):
        last = said[-1]
        sums = " + ".join(str(each.cards) for each in said)
        left = f", and {silent[0].title} needs one" if silent else ""
        most = (last.cards or 0) + room
        hint = f"write cards: {most}" if most > 0 else f"a node needs {total - room} network cards for them"
        yield Fault(f"{last.key}.cards", f"{sums} network cards are not the {total} of a node{left}", hint)


def _uneven(asked: Sequence[_Asked], dealt: Sequence[int], node: int, total: int) -> Iterator[Fault]:
    """Say whose cards the accelerators of a node cannot share evenly; what is left over is the fault of who left it."""
    fit = [count for count in range(1, total + 1) if max(count, node) % min(count, node) == 0]
    silent = next((place for place, each in enumerate(asked) if each.cards is None), None)
    wrong = [place for place, cards in enumerate(dealt) if cards not in fit]
    even = f"be shared out evenly over {node} accelerators of a node"
    for place in wrong:
        message, blamed, possible = f"{dealt[place]} network cards cannot {even}", place, fit
        if place == silent:
            if len(wrong) > 1:
                continue
            blamed = max(other for other in range(len(asked)) if other != silent)
            message = f"{dealt[blamed]} network cards leave {asked[place].title} {dealt[place]}, which cannot {even}"
        if silent is not None:
            room = dealt[blamed] + dealt[silent]
            possible = [count for count in fit if room - count in fit]
        hint = f"write cards: {_nearest(dealt[blamed], possible)}" if possible else "change the other fabrics' as well"
        yield Fault(f"{asked[blamed].key}.cards", message, hint)


def _nearest(wanted: int, possible: Sequence[int]) -> str:
    """Return the nearest counts below and above."""
    below, above = [count for count in possible if count < wanted], [count for count in possible if count > wanted]
    return " or ".join(str(count) for count in (*below[-1:], *above[:1]))
