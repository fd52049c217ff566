"""Cayley graphs of a cycle that another one turns: dihedral groups, Frobenius groups and their kin."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import gcd
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import Side
from lightloom.fabric.synthesis.cayley import CayleyFamily, Element, space
from lightloom.fabric.synthesis.family import Space
from lightloom.fabric.synthesis.group import Group, divisors, no_group

MOST = 400
"""Groups of a size looked at."""


class Metacyclic(CayleyFamily):
    """Pairs (a, b) of Z_m and Z_n with (a, b)(c, d) = (a + r^b c, b + d), joined to themselves times every generator.

    Args:
        cycle: m.
        turn: r, whose n-th power is 1 modulo m; -1 with n = 2 makes the dihedral group.
        turns: n.
        generators: Pairs; of an element and its inverse one is written.
    """

    kind: ClassVar[str] = "metacyclic"

    family: Literal["metacyclic"] = "metacyclic"
    cycle: Annotated[Count, Field(ge=2)]
    turn: int
    turns: Side
    generators: tuple[Element, ...]

    def group(self) -> Group:
        """Return the group."""
        return Group.of((self.cycle,), ((self.turn,),), self.turns)

    def elements(self) -> tuple[int, ...]:
        """Return the numbers of the generators."""
        return tuple(self.group().numbers(np.array(self.generators, np.int64).reshape(-1, 2)).tolist())

    def words(self) -> str:
        """Return the group and its generators."""
        group = f"Z{self.cycle} turned by Z{self.turns} (r = {self.turn})"
        return f"{group}, {' '.join(map(str, self.generators))}"

    def refusals(self) -> Iterable[Fault]:
        """See :class:`Family`; the turn must close."""
        why = no_group((self.cycle,), ((self.turn,),), self.turns)
        if why:
            yield Fault("turn", f"{self.turn} modulo {self.cycle} {why}", "write a number whose power is one")
        elif any(len(pair) != 2 for pair in self.generators):
            yield Fault("generators", "one is no pair", "write two numbers each")
        else:
            yield from super().refusals()

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:
        """Return generators of every such group that is not abelian; some of them where there are many."""
        kinds = np.array(list(metacyclic_turns(nodes)), np.int64).reshape(-1, 3)
        if len(kinds) > MOST:
            kinds = kinds[np.sort(draws.choice(len(kinds), MOST, replace=False))]
        found: list[Space] = []
        for cycle, turn, turns in kinds.tolist():
            group = Group.of((cycle,), ((turn,),), turns)
            found += space(group, degree, cls._describe(group, cycle, turn))
        return found

    @classmethod
    def _describe(cls, group: Group, cycle: int, turn: int) -> Callable[[tuple[int, ...]], Self]:
        def describe(elements: tuple[int, ...]) -> Self:
            pairs = tuple(tuple(pair) for pair in group.parts(np.array(elements)).tolist())
            return cls(cycle=cycle, turn=turn, turns=group.turns, generators=pairs)

        return describe

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build a dihedral graph, one of a Frobenius group, and one of 32 nodes."""
        return [
            cls(cycle=5, turn=-1, turns=2, generators=((1, 0), (0, 1))),
            cls(cycle=7, turn=2, turns=3, generators=((1, 0), (0, 1))),
            cls(cycle=8, turn=5, turns=4, generators=((1, 0), (3, 1), (2, 3))),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a turn that does not close, a generator that is no pair, and too few."""
        return [
            cls(cycle=7, turn=3, turns=2, generators=((1, 0), (0, 1))),
            cls(cycle=7, turn=2, turns=3, generators=((1,),)),
            cls(cycle=7, turn=2, turns=3, generators=((1, 0),)),
        ]


def metacyclic_turns(nodes: int) -> Iterator[tuple[int, int, int]]:
    """Yield m, r and n; turns that generate the same powers make the same group, and are yielded once."""
    for turns in divisors(nodes)[1:]:
        cycle = nodes // turns
        seen: set[int] = set()
        for turn in range(2, cycle):
            if turn in seen or gcd(turn, cycle) > 1 or pow(turn, turns, cycle) != 1:
                continue
            seen |= {pow(turn, power, cycle) for power in range(1, turns) if gcd(power, turns) == 1}
            yield cycle, turn, turns
