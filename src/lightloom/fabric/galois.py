"""Finite fields as tables: elements are 0 … q-1, those below the characteristic are themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from lightloom.core.arrays import Integers, frozen


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A field of q = p^m elements; arrays are read-only.

    Args:
        order: q.
        characteristic: p.
        digits: (q, m) coefficients of each element as a polynomial over the integers modulo p, the highest first.
        powers: (q - 1,) powers of a primitive element, from the 0th.
        logarithm: (q,) exponent of each element; -1 of 0.
    """

    order: int
    characteristic: int
    digits: Integers
    powers: Integers
    logarithm: Integers

    def plus(self, first: Integers, second: Integers) -> Integers:
        """Add elements, arrays that broadcast."""
        return self._number((self.digits[first] + self.digits[second]) % self.characteristic)

    def minus(self, first: Integers, second: Integers) -> Integers:
        """Subtract elements, arrays that broadcast."""
        return self._number((self.digits[first] - self.digits[second]) % self.characteristic)

    def times(self, first: Integers, second: Integers) -> Integers:
        """Multiply elements, arrays that broadcast."""
        product = self.powers[(self.logarithm[first] + self.logarithm[second]) % (self.order - 1)]
        nought = np.asarray((first == 0) | (second == 0))
        return np.asarray(np.where(nought, 0, product), np.int64)

    @property
    def basis(self) -> Integers:
        """Elements whose sums, repeated, are all elements."""
        return np.asarray(self.characteristic ** np.arange(self.digits.shape[1]), np.int64)

    def _number(self, digits: Integers) -> Integers:
        places = self.characteristic ** np.arange(digits.shape[-1], dtype=np.int64)[::-1]
        return np.asarray(digits @ places, np.int64)


def prime_power(number: int) -> tuple[int, int] | None:
    """Return p and m if a number is p^m, else None.

    >>> prime_power(27), prime_power(28)
    ((3, 3), None)
    """
    if number < 2:
        return None
    prime = next((each for each in range(2, int(number**0.5) + 1) if number % each == 0), number)
    power = 0
    while number % prime == 0:
        number, power = number // prime, power + 1
    return (prime, power) if number == 1 else None


@cache
def field(order: int) -> Field:
    """Return the field of that order.

    Args:
        order: A prime power.

    Raises:
        ValueError: It is none.
    """
    split = prime_power(order)
    if split is None:
        message = f"there is no field of {order} elements"
        raise ValueError(message)
    prime, degree = split
    digits = np.stack(np.unravel_index(np.arange(order), (prime,) * degree), axis=-1).astype(np.int64)
    powers = next(found for found in _sequences(prime, degree) if len(found) == order - 1)
    logarithm = np.full(order, -1)
    logarithm[powers] = np.arange(order - 1)
    return Field(order, prime, frozen(digits), frozen(np.array(powers)), frozen(logarithm))


def _sequences(prime: int, degree: int) -> Iterator[list[int]]:
    """Yield the powers of x modulo each polynomial x^m + c until they return to 1; q - 1 of them if x is primitive."""
    order = prime**degree
    places = [prime**place for place in range(degree)]
    for lower in range(1, order):
        taken = [lower // place % prime for place in places]
        element, found = 1, [1]
        while len(found) < order:
            top, rest = divmod(element, places[-1])
            shifted = rest * prime
            parts = zip(places, taken, strict=True)
            element = sum((shifted // place - top * part) % prime * place for place, part in parts)
            if element in (0, 1):
                break
            found.append(element)
        yield found
