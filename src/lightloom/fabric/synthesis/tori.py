"""The tori of as many nodes and links, which a topology that was found is held against."""

from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import prod

from lightloom.fabric.synthesis.group import divisors
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus


def rectangular(nodes: int, degree: int) -> Torus | None:
    """Return the torus of least all-to-all load, of least diameter among such; None where no torus is of that size.

    >>> rectangular(1024, 6).dims, rectangular(127, 6)
    ((8, 8, 16), None)
    """
    if degree % 2:
        return None
    shapes = [Torus(dims=sides) for sides in _sides(nodes, degree // 2)]
    return min(shapes, key=lambda torus: (torus.known()["all_to_all"], torus.known()["diameter"]), default=None)


def _sides(nodes: int, axes: int) -> Iterator[tuple[int, ...]]:
    """Yield sides of at least three, ascending, of that product."""
    if axes == 1:
        if nodes >= 3:
            yield (nodes,)
        return
    for rest in combinations_with_replacement([side for side in divisors(nodes) if side >= 3], axes - 1):
        last, left = divmod(nodes, prod(rest))
        if not left and last >= rest[-1]:
            yield (*rest, last)


def twisted(nodes: int, degree: int) -> TwistedTorus | None:
    """Return the usual twisted torus of TPU v4; None where it has no shape of so many nodes and links.

    >>> twisted(256, 6).dims, twisted(512, 6)
    ((4, 8, 8), None)
    """
    axes = degree // 2
    if degree % 2:
        return None
    for long in range(1, axes):
        short = next((side for side in divisors(nodes) if side**axes * 2**long == nodes), 0)
        if short >= 4 and short % 2 == 0:
            return TwistedTorus(dims=(short,) * (axes - long) + (2 * short,) * long)
    return None
