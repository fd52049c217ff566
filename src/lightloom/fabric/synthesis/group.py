"""Finite groups as arrays: a module of whole numbers, and a cycle that turns it.

An element is a pair (a, b) of a point of Z_s1 x … x Z_sk and a number of Z_n; their product is
(a, b)(c, d) = (a + T^b c, b + d), with a matrix T whose n-th power is one. Without a cycle (n = 1) that is every
abelian group; with T = -1 and n = 2 the dihedral ones; with more axes the affine ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Self

import numpy as np

from lightloom.core.arrays import Integers, frozen

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """A group; elements are numbered from 0, the identity, the cycle's part fastest. Arrays are read-only.

    Args:
        sides: (axes,) of the module.
        powers: (n, axes, axes) those of the matrix.
    """

    sides: Integers
    powers: Integers

    @classmethod
    def of(cls, sides: Sequence[int], turn: Matrix | None = None, turns: int = 1) -> Self:
        """Return the group of a matrix.

        Args:
            sides: Of the module.
            turn: The matrix; the identity if left out. See :func:`no_group` for which will do.
            turns: Length n of the cycle.
        """
        widths = np.asarray(sides, np.int64)
        matrix = np.eye(len(widths), dtype=np.int64) if turn is None else np.asarray(turn, np.int64)
        powers = [np.eye(len(widths), dtype=np.int64) % widths[:, None]]
        for _ in range(turns - 1):
            powers.append(powers[-1] @ matrix % widths[:, None])
        return cls(frozen(widths), frozen(np.stack(powers)))

    @property
    def order(self) -> int:
        """How many elements."""
        return int(self.sides.prod()) * self.turns

    @property
    def turns(self) -> int:
        """Length of the cycle."""
        return len(self.powers)

    def parts(self, elements: Integers) -> Integers:
        """Return (…, axes + 1) the point and the cycle's part of each element."""
        shape = (*self.sides.tolist(), self.turns)
        return np.stack(np.unravel_index(elements, shape), axis=-1).astype(np.int64)

    def numbers(self, parts: Integers) -> Integers:
        """Return the number of each element; parts are taken modulo their sides, (…, axes + 1)."""
        number = np.zeros(parts.shape[:-1], np.int64)
        for axis, side in enumerate((*self.sides.tolist(), self.turns)):
            number = number * side + parts[..., axis] % side
        return number

    def multiply(self, first: Integers, second: Integers) -> Integers:
        """Return the products; shapes broadcast."""
        left, right = self.parts(first), self.parts(second)
        turned = np.einsum("...ij,...j->...i", self.powers[left[..., -1]], right[..., :-1])
        return self.numbers(np.concatenate([left[..., :-1] + turned, left[..., -1:] + right[..., -1:]], axis=-1))

    def inverse(self, elements: Integers) -> Integers:
        """Return what gives the identity with each."""
        parts = self.parts(elements)
        back = -parts[..., -1] % self.turns
        turned = -np.einsum("...ij,...j->...i", self.powers[back], parts[..., :-1])
        return self.numbers(np.concatenate([turned, back[..., None]], axis=-1))

    def right(self, elements: Integers) -> Integers:
        """Return (…, order) every element times each of some: where its link leads from every vertex."""
        parts = self.parts(elements)
        turned = np.einsum("bij,...j->...bi", self.powers, parts[..., :-1]) % self.sides
        points = int(self.sides.prod())
        number = np.zeros((*elements.shape, points, self.turns), np.int32)
        here = np.stack(np.unravel_index(np.arange(points), tuple(self.sides.tolist())), axis=-1)
        for axis, side in enumerate(self.sides.tolist()):
            sums = here[:, axis, None].astype(np.int32) + turned[..., None, :, axis].astype(np.int32)
            np.subtract(sums, side, out=sums, where=sums >= side)  # quicker than a remainder
            number = number * np.int32(side) + sums
        cycle = (np.arange(self.turns) + parts[..., -1:]) % self.turns
        number = number * np.int32(self.turns) + cycle[..., None, :].astype(np.int32)
        return number.reshape(*elements.shape, -1).astype(np.int64)

    def left(self, element: int) -> Integers:
        """Return (order,) one element times every: a way to map any Cayley graph onto itself."""
        return self.multiply(np.asarray(element), np.arange(self.order))

    def subgroup_orders(self) -> tuple[int, ...]:
        """Return orders of subgroups, ascending: d points of every axis, and t of the cycle.

        Leaves out: subgroups of other kinds, which abelian groups have none of.
        """
        if self.turns == 1:
            return divisors(self.order)
        common = divisors(int(np.gcd.reduce(self.sides)))
        return tuple(sorted({inside ** len(self.sides) * turns for inside in common for turns in divisors(self.turns)}))


def no_group(sides: Sequence[int], turn: Matrix, turns: int) -> str:
    """Return why a matrix makes no group, or an empty text.

    Args:
        sides: Of the module.
        turn: The matrix.
        turns: Length of the cycle.
    """
    if [len(row) for row in turn] != [len(sides)] * len(sides):
        return f"is not a matrix of {len(sides)} rows and columns"
    widths, matrix = np.asarray(sides, np.int64), np.asarray(turn, np.int64)
    if np.any(matrix * widths[None, :] % widths[:, None]):
        return f"does not fit the sides {list(sides)}"
    power = np.eye(len(widths), dtype=np.int64) % widths[:, None]
    for _ in range(turns):
        power = power @ (matrix % widths[:, None]) % widths[:, None]
    if np.any(power != np.eye(len(widths), dtype=np.int64) % widths[:, None]):
        return f"is not one after {turns} turns"
    return ""


def divisors(number: int) -> tuple[int, ...]:
    """Return what divides a number, ascending.

    >>> divisors(12)
    (1, 2, 3, 4, 6, 12)
    """
    small = [part for part in range(1, isqrt(number) + 1) if number % part == 0]
    return tuple(sorted({*small, *(number // part for part in small)}))
