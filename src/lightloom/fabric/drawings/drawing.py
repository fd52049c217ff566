"""A network as somebody drew it: vertices with names, and cables between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from lightloom.core.errors import nearest
from lightloom.core.specs import Spec
from lightloom.core.units import Count, Length
from lightloom.fabric.link_rates import Rate

Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]

MOST_VERTICES = 100_000
MOST_JOINS = 500_000
MOST_CABLES = 1_000_000

TERMINALS = frozenset(
    ("accelerator", "compute", "endpoint", "gpu", "host", "nic", "node", "server", "terminal", "tpu", "xpu")
)
"""Kinds of vertices that send and receive."""
SWITCHES = frozenset(
    (
        "access", "aggregation", "core", "edge", "fabric", "leaf", "relay", "router", "spine", "superspine",
        "super-spine", "switch", "tor",
    )
)  # fmt: skip
"""Kinds of vertices that only relay."""


class DrawnVertex(Spec):
    """One vertex.

    Args:
        name: Whatever it is called.
        kind: ``gpu``, ``server``, ``leaf``, ``switch``, …: whether it sends and receives, or only relays.
    """

    name: Name
    kind: Annotated[str, Field(max_length=50)] = ""


class DrawnJoin(Spec):
    """Equal cables between two vertices.

    Args:
        a: Name at one end.
        b: Name at the other.
        cables: How many.
        rate: Of one of them; left out: the topology's ``link_rate``.
        length: Of each; left out: from the floorplan.
    """

    a: Name
    b: Name
    cables: Annotated[Count, Field(ge=1, le=MOST_CABLES)] = 1
    rate: Rate | None = None
    length: Annotated[Length, Field(gt=0, le=1e6)] | None = None


class Drawing(Spec):
    """A network as drawn.

    Args:
        vertices: In their order; left out: those that are joined, in the order of their names, numbers by value.
        joins: What is joined to what.
    """

    vertices: Annotated[tuple[DrawnVertex, ...], Field(max_length=MOST_VERTICES)] = ()
    joins: Annotated[tuple[DrawnJoin, ...], Field(max_length=MOST_JOINS)]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all vertices, in their order."""
        if self.vertices:
            return tuple(vertex.name for vertex in self.vertices)
        return tuple(sorted({name for join in self.joins for name in (join.a, join.b)}, key=in_order))

    @property
    def kinds(self) -> dict[str, str]:
        """Kind of each vertex that has one, in small letters."""
        return {vertex.name: vertex.kind.lower() for vertex in self.vertices if vertex.kind}


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with one entry of a drawing.

    Args:
        part: Where.
        place: Which of those, from 0.
        message: What.
        hint: What to do.
    """

    part: Literal["vertices", "joins"]
    place: int
    message: str
    hint: str


def misfits(drawing: Drawing) -> Iterator[Misfit]:
    """Yield what cannot be meant: a name there twice, an end that is no vertex, a cable from a vertex to itself."""
    known: dict[str, int] = {}
    for place, vertex in enumerate(drawing.vertices):
        if vertex.name in known:
            message = f"'{vertex.name:.60}' is there already, as number {known[vertex.name] + 1}"
            yield Misfit("vertices", place, message, "give each vertex a name of its own")
        known.setdefault(vertex.name, place)
    for place, join in enumerate(drawing.joins):
        if join.a == join.b:
            yield Misfit("joins", place, f"'{join.a:.60}' is joined to itself", "leave it out")
        for name in dict.fromkeys((join.a, join.b)):
            if drawing.vertices and name not in known:
                hint = nearest(name, known) if len(known) <= 1000 else "list it, or mend its name"
                yield Misfit("joins", place, f"'{name:.60}' is none of the vertices", hint)


_DIGITS = re.compile(r"(\d{1,18})")


def in_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key that sorts names as people number things.

    >>> sorted(["gpu-10", "gpu-9", "2", "10"], key=in_order)
    ['2', '10', 'gpu-9', 'gpu-10']
    """
    parts = [part for part in _DIGITS.split(name) if part]
    return tuple((not _DIGITS.fullmatch(part), int(part) if _DIGITS.fullmatch(part) else 0, part) for part in parts)
