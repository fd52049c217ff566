"""Cayley graphs: elements of a group, each joined to itself times every generator; alike from every vertex."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, islice, product
from math import comb

import numpy as np

from lightloom.core.arrays import Floats, Integers
from lightloom.core.errors import Fault
from lightloom.fabric.graph import Graph
from lightloom.fabric.synthesis.family import Family, Space
from lightloom.fabric.synthesis.group import Group
from lightloom.fabric.synthesis.spheres import in_blocks
from lightloom.fabric.synthesis.wiring import Plane

BLOCK = 4096
"""Points of a block where all are looked at."""
RARER = 0.5
"""Odds of two more generators being their own inverses, against two fewer: most good graphs have few."""

Element = tuple[int, ...]


class CayleyFamily(Family):
    """One made of a group and generators, of which a pair of inverses is written once."""

    @abstractmethod
    def group(self) -> Group:
        """Return the group."""

    @abstractmethod
    def elements(self) -> tuple[int, ...]:
        """Return the numbers of the generators as written."""

    @property
    def nodes(self) -> int:
        """Elements of the group."""
        return self.group().order

    @property
    def degree(self) -> int:
        """Generators, inverses counted."""
        return len(closed(self.group(), self.elements()))

    def graph(self) -> Graph:
        """Join elements; products from the left are automorphisms."""
        group = self.group()
        here = np.arange(group.order)
        joins: dict[str, Integers] = {}
        for number, element in enumerate(self.elements()):
            ends = np.stack([here, group.right(np.asarray(element))], axis=1)
            if self._own_inverse(element):
                ends = ends[ends[:, 0] < ends[:, 1]]
            joins[f"step-{number + 1}"] = ends
        shifts = [group.left(element) for element in self.elements()]
        return Graph.of({"node": group.order}, joins, automorphisms=shifts)

    def _own_inverse(self, element: int) -> bool:
        return int(self.group().inverse(np.asarray(element))) == element

    def planes(self) -> tuple[Plane, ...]:
        """See :class:`Family`; right cosets of a subgroup go to right cosets whatever the generator."""
        orders = self.group().subgroup_orders()
        return tuple(
            Plane(f"step-{number + 1}", self.nodes, self._own_inverse(element), orders)
            for number, element in enumerate(self.elements())
        )

    def refusals(self) -> Iterable[Fault]:
        """Refuse generators that are there twice or lead nowhere, and too few to reach all."""
        group, elements = self.group(), self.elements()
        both = [each for element in elements for each in {element, int(group.inverse(np.asarray(element)))}]
        if 0 in both or len(set(both)) < len(both):
            yield Fault("generators", "one leads nowhere, or is there twice", "write each link once")
        elif np.isinf(in_blocks(group.right, np.array([both]), 1)).any():
            yield Fault("generators", f"they do not reach all {group.order} elements", "write others")


def closed(group: Group, elements: Sequence[int]) -> tuple[int, ...]:
    """Return generators and their inverses, each once."""
    back = group.inverse(np.asarray(elements, np.int64)).tolist()
    return tuple(sorted({*elements, *back}))


@dataclass(frozen=True, eq=False)
class CayleySpace(Space):
    """Sets of generators of one group, closed under inverses.

    A point lists, in ascending order of the smaller of each pair, pairs of inverses, and then generators that are their
    own.

    Args:
        group: The group.
        degree: Generators, inverses counted.
        describe: Gives the topology of generators, inverses left out.
    """

    group: Group
    degree: int
    describe: Callable[[tuple[int, ...]], Family]

    @cached_property
    def _inverse(self) -> Integers:
        return self.group.inverse(np.arange(self.group.order))

    @cached_property
    def _pairs(self) -> Integers:
        """The smaller of each two inverses."""
        here = np.arange(self.group.order)
        return here[here < self._inverse]

    @cached_property
    def _own(self) -> Integers:
        """Elements but the identity that are their own inverses."""
        here = np.arange(self.group.order)
        return here[(here == self._inverse) & (here > 0)]

    @cached_property
    def _shares(self) -> Floats:
        """(degree + 1,) how often so many generators are their own inverses; 0 where that cannot be."""
        own = np.arange(self.degree + 1)
        fits = (own % 2 == self.degree % 2) & (own <= len(self._own)) & ((self.degree - own) // 2 <= len(self._pairs))
        odds = np.where(fits, RARER ** (own / 2.0), 0.0)
        return odds / odds.sum() if fits.any() else odds

    @property
    def size(self) -> int:
        """How many sets."""
        return sum(
            comb(len(self._own), own) * comb(len(self._pairs), (self.degree - own) // 2)
            for own in np.flatnonzero(self._shares).tolist()
        )

    def everything(self) -> Iterator[Integers]:
        """Yield all sets in blocks."""
        sets = chain.from_iterable(
            product(combinations(self._pairs.tolist(), (self.degree - own) // 2), combinations(self._own.tolist(), own))
            for own in np.flatnonzero(self._shares).tolist()
        )
        while block := list(islice(sets, BLOCK)):
            yield np.array([self._point(pairs, own) for pairs, own in block], np.int64)

    def _point(self, pairs: Sequence[int], own: Sequence[int]) -> list[int]:
        return [each for pair in sorted(pairs) for each in (pair, int(self._inverse[pair]))] + sorted(own)

    def draw(self, count: int, draws: np.random.Generator) -> Integers:
        """Return sets at random."""
        owned = draws.choice(self.degree + 1, count, p=self._shares)
        points = [self._drawn(own, draws) for own in owned.tolist()]
        return np.array(points, np.int64).reshape(count, self.degree)

    def _drawn(self, own: int, draws: np.random.Generator) -> list[int]:
        pairs = draws.choice(self._pairs, (self.degree - own) // 2, replace=False)
        return self._point(pairs.tolist(), draws.choice(self._own, own, replace=False).tolist())

    def near(self, points: Integers, draws: np.random.Generator) -> Integers:
        """Change one generator, with its inverse, of each; kept as it is where the new one is there already."""
        changed = points.copy()
        for point in changed:
            own = int(np.count_nonzero(self._inverse[point] == point))
            pairs, place = (self.degree - own) // 2, int(draws.integers((self.degree + own) // 2))
            taken, others = point[: 2 * pairs : 2].tolist(), point[2 * pairs :].tolist()
            part, known = (taken, self._pairs) if place < pairs else (others, self._own)
            new = int(draws.choice(known))
            if new not in part:
                part[place if place < pairs else place - pairs] = new
            point[:] = self._point(taken, others)
        return changed

    def bounds(self, points: Integers) -> Floats:
        """See :class:`Space`."""
        return in_blocks(self.group.right, points, self.degree * self.group.order)

    def candidate(self, point: Integers) -> Family:
        """Return the topology of a set."""
        own = int(np.count_nonzero(self._inverse[point] == point))
        paired = self.degree - own
        return self.describe((*point[:paired:2].tolist(), *point[paired:].tolist()))


def space(group: Group, degree: int, describe: Callable[[tuple[int, ...]], Family]) -> list[Space]:
    """Return the space of a group's generators, or none where it has too few elements of the kinds that takes."""
    found = CayleySpace(group, degree, describe)
    return [found] if found.size else []
