"""Where a slice can go: with circuits on any cubes that are free, with fixed wiring only on a box of neighbours."""

from collections.abc import Callable
from functools import cache
from itertools import permutations, product
from typing import TypeAlias

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from lightloom.core.arrays import Booleans, Integers, frozen
from lightloom.fabric.pods.pod import Pod, Sides

Placer: TypeAlias = Callable[[Pod, Booleans, Sides, Integers | None], Integers | None]
"""Takes the pod, which cubes are free and up (those of the slice itself included), cubes of the slice along each axis
and the cubes it has; returns the cube at each of its places, the last axis fastest, or None."""


def any_cubes(pod: Pod, free: Booleans, sides: Sides, held: Integers | None) -> Integers | None:
    """Place a slice on any free cubes; of those it has, all that are up stay where they are."""
    del pod
    size = sides[0] * sides[1] * sides[2]
    kept = np.full(size, -1, np.int64) if held is None else np.where(free[held], held, -1)
    spare = np.setdiff1d(np.flatnonzero(free), kept[kept >= 0])
    missing = np.flatnonzero(kept < 0)
    if len(spare) < len(missing):
        return None
    kept[missing] = spare[: len(missing)]
    return kept


def free_box(pod: Pod, free: Booleans, sides: Sides, held: Integers | None) -> Integers | None:
    """Place a slice on a box of neighbours of the wired grid, in any of six directions, round its ends too.

    What it has is kept if all of it is up, as a box can only move as a whole.
    """
    if held is not None and bool(free[held].all()):
        return held
    boxes = boxes_of(pod.wired_grid, sides)
    fits = np.flatnonzero(free[boxes].all(axis=1)) if len(boxes) else boxes[:0, 0]
    return boxes[fits[0]] if len(fits) else None


@cache
def boxes_of(grid: Sides, sides: Sides) -> Integers:
    """Return the cubes of every box of such sides in a grid with wrap-around, (boxes, cubes of a box).

    Args:
        grid: Cubes along each axis; cube (x, y, z) has the number (x * grid[1] + y) * grid[2] + z.
        sides: Of the box, in any order of axes.
    """
    size = sides[0] * sides[1] * sides[2]
    local = np.stack(np.unravel_index(np.arange(size), sides), axis=1)
    found: list[Integers] = []
    for turn in sorted(set(permutations(range(3))), key=lambda each: [sides[axis] for axis in each]):
        across = [sides[axis] for axis in turn]  # side of the box along each axis of the grid
        if any(side > room for side, room in zip(across, grid, strict=True)):
            continue
        # A box that fills an axis is the same wherever on it one begins.
        starts = [range(1 if side == room else room) for side, room in zip(across, grid, strict=True)]
        found += [numbered((local[:, turn] + np.array(start)) % np.array(grid), grid) for start in product(*starts)]
    if not found:
        return frozen(np.empty((0, size), np.int64))
    boxes = np.stack(found)
    _, first = np.unique(np.sort(boxes, axis=1), axis=0, return_index=True)
    return frozen(boxes[np.sort(first)])


def numbered(places: Integers, sides: Sides) -> Integers:
    """Return the numbers of places of a box, the last axis fastest.

    Args:
        places: (places, 3).
        sides: Of the box.
    """
    return (places[:, 0] * sides[1] + places[:, 1]) * sides[2] + places[:, 2]


def first_fit(boxes: Integers, free: Booleans) -> Integers:
    """Return how many boxes are placed when each takes the first place that is free, (moments,).

    Args:
        boxes: As :func:`boxes_of` returns them, (boxes, cubes of a box).
        free: Cubes that can be used at each of several moments, (moments, cubes).
    """
    left = free.copy()
    count = np.zeros(len(free), np.int64)
    for box in boxes:
        fits = left[:, box].all(axis=1)
        left[np.ix_(fits, box)] = False
        count += fits
    return count


MOST_NODES = 50
"""Of the search for boxes; a pod of 64 cubes needs a few, one of 160 cubes may need more than anyone waits for."""

MOST_SEARCHED = 256
"""Cubes of a pod up to which boxes are searched at all."""


def most_boxes(pod: Pod, free: Booleans, sides: Sides) -> int:
    """Return how many slices fit a wired grid at once, by mixed-integer programming (HiGHS).

    The most there can be, as long as the search needs no more than :data:`MOST_NODES` nodes; else the most it found. In
    pods of more than :data:`MOST_SEARCHED` cubes, those that fit one after the other.

    Args:
        pod: Whose grid.
        free: Cubes that can be used, (cubes,).
        sides: Cubes of a slice along each axis.
    """
    boxes = boxes_of(pod.wired_grid, sides)
    boxes = boxes[free[boxes].all(axis=1)] if len(boxes) else boxes
    if not len(boxes):
        return 0
    if pod.cubes > MOST_SEARCHED:
        return int(first_fit(boxes, free[None])[0])
    taken = np.zeros((pod.cubes, len(boxes)))
    np.put_along_axis(taken, boxes.T, 1.0, axis=0)
    size = boxes.shape[1]
    whole = LinearConstraint(np.ones((1, len(boxes))), ub=int(free.sum()) // size)
    found = milp(
        -np.ones(len(boxes)),
        integrality=np.ones(len(boxes), np.int64),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(taken, ub=1.0), whole],
        options={"node_limit": MOST_NODES},
    )
    return 0 if found.x is None else round(float(np.sum(found.x)))
