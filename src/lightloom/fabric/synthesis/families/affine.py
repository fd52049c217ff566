"""Cayley graphs of affine groups: points of a module of several axes, turned by powers of a matrix."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from math import gcd
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import Side
from lightloom.fabric.synthesis.cayley import CayleyFamily, Element, space
from lightloom.fabric.synthesis.family import Space
from lightloom.fabric.synthesis.group import Group, Matrix, divisors, no_group

EACH = 8
"""Matrices used for every shape of module and cycle."""
TRIES = 64
"""Matrices drawn for it."""
MOST_TURNS = 256
"""Powers after which a matrix is given up."""
MOST_AXES = 6


class Affine(CayleyFamily):
    """Pairs (a, b) of Z_m^k and Z_n with (a, b)(c, d) = (a + T^b c, b + d), joined to themselves times every generator.

    Args:
        modulus: m.
        matrix: T, k rows of k entries, whose n-th power is one modulo m.
        turns: n.
        generators: Entries of a, then b; of an element and its inverse one is written.
    """

    kind: ClassVar[str] = "affine"

    family: Literal["affine"] = "affine"
    modulus: Annotated[Count, Field(ge=2)]
    matrix: Matrix
    turns: Side
    generators: tuple[Element, ...]

    def group(self) -> Group:
        """Return the group."""
        return Group.of((self.modulus,) * len(self.matrix), self.matrix, self.turns)

    def elements(self) -> tuple[int, ...]:
        """Return the numbers of the generators."""
        width = len(self.matrix) + 1
        return tuple(self.group().numbers(np.array(self.generators, np.int64).reshape(-1, width)).tolist())

    def words(self) -> str:
        """Return the group and its generators."""
        rows = " ".join("(" + " ".join(map(str, row)) + ")" for row in self.matrix)
        group = f"Z{self.modulus}^{len(self.matrix)} turned by Z{self.turns} (T = {rows})"
        return f"{group}, {' '.join(map(str, self.generators))}"

    def refusals(self) -> Iterable[Fault]:
        """See :class:`Family`; the matrix must be square, and close."""
        why = no_group((self.modulus,) * len(self.matrix), self.matrix, self.turns)
        if why:
            yield Fault("matrix", f"modulo {self.modulus} {why}", "write one whose power is one")
        elif any(len(entries) != len(self.matrix) + 1 for entries in self.generators):
            yield Fault("generators", f"one has not {len(self.matrix) + 1} entries", "write those of a, then b")
        else:
            yield from super().refusals()

    @classmethod
    def spaces(cls, nodes: int, degree: int, draws: np.random.Generator) -> Sequence[Space]:
        """Return generators of groups of matrices drawn at random, some for every shape of module and cycle."""
        found: list[Space] = []
        for modulus, axes, turns in _shapes(nodes):
            for matrix in _matrices(modulus, axes, turns, draws):
                group = Group.of((modulus,) * axes, matrix, turns)
                found += space(group, degree, cls._describe(group, modulus, matrix))
        return found

    @classmethod
    def _describe(cls, group: Group, modulus: int, matrix: Matrix) -> Callable[[tuple[int, ...]], Self]:
        def describe(elements: tuple[int, ...]) -> Self:
            entries = tuple(tuple(each) for each in group.parts(np.array(elements)).tolist())
            return cls(modulus=modulus, matrix=matrix, turns=group.turns, generators=entries)

        return describe

    @classmethod
    def specimens(cls) -> Sequence[Self]:
        """Build one of bits, shuffled, and one modulo 3."""
        shuffle = ((0, 1, 0), (0, 0, 1), (1, 0, 0))
        return [
            cls(modulus=2, matrix=shuffle, turns=3, generators=((1, 0, 0, 0), (0, 0, 0, 1))),
            cls(modulus=3, matrix=((0, 2), (1, 0)), turns=4, generators=((1, 0, 0), (0, 1, 1), (1, 1, 3))),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a matrix that is not square, one that does not close, a short generator, and too few."""
        turn = ((0, 2), (1, 0))
        return [
            cls(modulus=3, matrix=((0, 1),), turns=2, generators=((1, 0, 0),)),
            cls(modulus=3, matrix=turn, turns=3, generators=((1, 0, 0),)),
            cls(modulus=3, matrix=turn, turns=4, generators=((1, 0),)),
            cls(modulus=3, matrix=turn, turns=4, generators=((1, 0, 0),)),
        ]


def _shapes(nodes: int) -> Iterator[tuple[int, int, int]]:
    """Yield modulus, axes and turns: m^k n nodes, with at least two axes and two turns."""
    for modulus in divisors(nodes)[1:]:
        axes = 2
        while axes <= MOST_AXES and nodes % modulus**axes == 0 and nodes > modulus**axes:
            yield modulus, axes, nodes // modulus**axes
            axes += 1


def _matrices(modulus: int, axes: int, turns: int, draws: np.random.Generator) -> Iterator[Matrix]:
    """Return different matrices other than one whose power is one: powers of random ones whose order has a common part.

    Every other one is triangular with ones modulo a prime: the orders of such are powers of it.
    """
    one = np.eye(axes, dtype=np.int64)
    drawn = draws.integers(0, modulus, (TRIES, axes, axes))
    prime = divisors(modulus)[1]
    drawn[1::2] = np.where(np.tri(axes, dtype=np.bool_), drawn[1::2] // prime * prime + one, drawn[1::2]) % modulus
    found: dict[Matrix, None] = {}
    for matrix, order in zip(drawn, _orders(drawn, modulus).tolist(), strict=True):
        common = gcd(order, turns)
        if common > 1:
            power = _power(matrix, order // common, modulus)
            found.setdefault(tuple(tuple(row) for row in power.tolist()))
    return islice(found, EACH)


def _orders(matrices: Integers, modulus: int) -> Integers:
    """Return after how many powers each matrix is one, 1 for those of which that is not found."""
    one = np.eye(matrices.shape[1], dtype=np.int64)
    orders, power = np.ones(len(matrices), np.int64), matrices
    for step in range(2, MOST_TURNS + 1):
        power = power @ matrices % modulus
        orders[(orders == 1) & (power == one).all(axis=(1, 2))] = step
    return orders


def _power(matrix: Integers, exponent: int, modulus: int) -> Integers:
    """Return a power of a matrix."""
    result, square = np.eye(len(matrix), dtype=np.int64), matrix
    while exponent:
        if exponent % 2:
            result = result @ square % modulus
        square, exponent = square @ square % modulus, exponent // 2
    return result
