"""Steps that commute make a grid: after which vectors it repeats."""

from collections.abc import Sequence

from lightloom.fabric.lattice import hermite

AXES = 3


def repeats(sides: Sequence[int], steps: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...] | None:
    """Return a basis of the combinations of three steps that lead back to where they began; None for other than three.

    Args:
        sides: Of the abelian group Z_s1 x … x Z_sk.
        steps: Generators of it.

    The lattice of (sum of steps, how many of each) and (sides, none) has a triangular basis; those of its vectors that
    are zero before the last three entries are the relations.
    """
    if len(steps) != AXES:
        return None
    taken = [(*step, *(int(place == axis) for place in range(AXES))) for axis, step in enumerate(steps)]
    around = [
        (*(side if place == axis else 0 for place in range(len(sides))), *([0] * AXES))
        for axis, side in enumerate(sides)
    ]
    return tuple(vector[len(sides) :] for vector in hermite([*taken, *around])[len(sides) :])
