"""Slim Fly: routers two hops apart, from a finite field (McKay, Miller and Širáň)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Booleans, Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.galois import Field as FiniteField
from lightloom.fabric.galois import field, prime_power
from lightloom.fabric.graph import Graph, distinct
from lightloom.fabric.topology import Setting


class SlimFly(DirectNetwork):
    """Two halves of q x q routers: (0, x, y) and (1, m, c) are joined where y = m x + c in the field of q elements.

    Args:
        q: Elements of the field: a prime power 4w + 1, 4w or 4w - 1.

    Source: Besta and Hoefler, "Slim Fly: a cost effective low-diameter network topology", SC 2014.
    """

    kind: ClassVar[str] = "slim-fly"

    topology: Literal["slim-fly"] = "slim-fly"
    q: Annotated[Count, Field(ge=3)]

    @property
    def delta(self) -> int:
        """What q is more than a multiple of four: 1, 0 or -1."""
        return (self.q + 1) % 4 - 1

    @property
    def network_radix(self) -> int:
        """Links of a router to others."""
        return (3 * self.q - self.delta) // 2

    def usual_hosts(self, setting: Setting | None = None) -> int:  # noqa: ARG002 - whatever the cluster
        """Half as many as links to routers, rounded up."""
        return -(-self.network_radix // 2)

    @property
    def endpoints(self) -> int:
        """Endpoints of all routers."""
        return 2 * self.q**2 * self.hosts_each

    def build(self) -> Graph:
        """Join the routers; see :class:`DirectNetwork`."""
        finite = field(self.q)
        first, second = numbered([(self.q, self.q), (self.q, self.q)])
        element = np.arange(self.q)
        steps = _generators(finite, self.delta)
        inner = [
            distinct(joined(half[:, :, None], half[:, finite.plus(element[:, None], step[None])]))
            for half, step in zip((first, second), steps, strict=True)
        ]
        x, m, c = np.meshgrid(element, element, element, indexing="ij")
        across = joined(first[x, finite.plus(finite.times(m, x), c)], second[m, c])
        moves = [np.concatenate([one.ravel(), other.ravel()]) for one, other in _moves(finite, first, second, steps)]
        return Graph.of(
            {"router": first.size + second.size},
            {"within": np.concatenate(inner), "across": across},
            automorphisms=moves,
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; from a router to the others, its neighbours are one hop away, the rest two."""
        routers, radix = 2 * self.q**2, self.network_radix
        return {
            "terminals": routers,
            "switches": 0,
            "links": routers * radix // 2,
            "diameter": 2,
            "mean_hops": 2 - radix / (routers - 1),
        }

    def refusals(self) -> Iterable[Fault]:
        """Refuse orders without a field or a construction."""
        if not _possible(self.q):
            below = next((q for q in range(self.q - 1, 2, -1) if _possible(q)), None)
            above = next(q for q in range(self.q + 1, 2 * self.q + 2) if _possible(q))
            near = f"the nearest are {below} and {above}" if below else f"the nearest is {above}"
            yield Fault("q", f"{self.q} is no prime power, and Slim Fly needs a field of that order", near)

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build primes of either remainder, and powers of two and three."""
        return [cls(q=q) for q in (3, 4, 5, 7, 8, 9)]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return the order of a published table, and one that is twice an odd number."""
        return [cls(q=28), cls(q=6)]


def _possible(q: int) -> bool:
    return q > 2 and prime_power(q) is not None


def _generators(finite: FiniteField, delta: int) -> tuple[Integers, Integers]:
    """Return by what neighbours within a line of the first half differ, and of the second."""
    order, powers = finite.order, finite.powers
    if delta == 1:
        exponents = np.arange(0, order - 1, 2), np.arange(1, order - 1, 2)
    elif delta == 0:
        exponents = np.arange(0, order - 1, 2), np.arange(1, order, 2)
    else:
        half = (order + 1) // 2  # 2w, of q = 4w - 1
        exponents = (
            np.concatenate([np.arange(0, half - 1, 2), np.arange(half - 1, 2 * half - 2, 2)]),
            np.concatenate([np.arange(1, half, 2), np.arange(half, 2 * half - 3, 2)]),
        )
    first, second = (powers[each % (order - 1)] for each in exponents)
    return first, second


def _moves(
    finite: FiniteField, first: Integers, second: Integers, steps: tuple[Integers, Integers]
) -> Iterator[tuple[Integers, Integers]]:
    """Yield where both halves go under maps that keep y = m x + c and differences along lines."""
    grid = np.indices(first.shape, dtype=np.int64)
    line, place = grid[0], grid[1]
    for shift in finite.basis[:, None, None]:
        yield first[line, finite.plus(place, shift)], second[line, finite.plus(place, shift)]
        yield first[finite.plus(line, shift), place], second[line, finite.minus(place, finite.times(line, shift))]
        yield first[line, finite.plus(place, finite.times(line, shift))], second[finite.plus(line, shift), place]
    for factor in finite.powers[1:, None]:
        if all(np.array_equal(_members(finite, finite.times(factor, each)), _members(finite, each)) for each in steps):
            yield (
                first[line, finite.times(factor, place)],
                second[finite.times(factor, line), finite.times(factor, place)],
            )
            return


def _members(finite: FiniteField, elements: Integers) -> Booleans:
    return np.isin(np.arange(finite.order), elements)
