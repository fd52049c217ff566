"""What the switches of a pod join: for every cube of a slice, the one its far face leads to, along each axis."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.pods.occupancy import Slice
from lightloom.fabric.pods.placing import numbered
from lightloom.fabric.pods.pod import AXES, Pod, Sides
from lightloom.fabric.pods.shapes import SliceShape


@dataclass(frozen=True, slots=True, eq=False)
class Configuration:
    """A setting of all circuit switches of a pod.

    A switch has two sides of one port a cube: the fibre from its far face (``+``) enters, the fibre to its near face
    (``-``) leaves; both carry both directions. All places of an axis are set alike, so one row serves its switches.

    Args:
        pod: The pod.
        out: Cube whose near face the far face of each cube leads to; -1 for none, (axes, cubes).
    """

    pod: Pod
    out: Integers

    def of_switches(self) -> Integers:
        """Return the out-port of each in-port of every switch, -1 for none, (switches, cubes).

        Switch ``axis * places + place``; the places of a face are numbered along its two axes, the last one fastest.
        """
        return frozen(np.repeat(self.out, self.pod.places, axis=0))

    def changed(self, other: "Configuration") -> int:
        """Return how many circuits of the other are new, over all switches."""
        return int(((self.out != other.out) & (other.out >= 0)).sum()) * self.pod.places

    @property
    def circuits(self) -> int:
        """Circuits, over all switches."""
        return int((self.out >= 0).sum()) * self.pod.places


def ahead(shape: SliceShape, edge: int) -> Integers:
    """Return for every place of a slice the one its far face leads to, along each axis, (axes, cubes of the slice).

    At the end of an axis it is the first again; twisted, shifted along the others as the lattice of the shape says. The
    shift is of whole cubes, so that places on the faces stay what they are.

    Args:
        shape: Of the slice.
        edge: Chips along the edge of a cube.
    """
    return _ahead(shape.sides, shape.lattice(), edge)


@cache
def _ahead(chips: Sides, vectors: tuple[Sides, ...], edge: int) -> Integers:
    sides = chips[0] // edge, chips[1] // edge, chips[2] // edge
    lattice = np.array(vectors) // edge
    here = np.stack(np.unravel_index(np.arange(sides[0] * sides[1] * sides[2]), sides), axis=1)
    found: list[Integers] = []
    for axis in range(len(AXES)):
        there = here.copy()
        there[:, axis] += 1
        beyond = there[:, axis] == sides[axis]
        there[beyond] -= lattice[axis]
        found.append(numbered(there % np.array(sides), sides))
    return frozen(np.stack(found))


def configure(pod: Pod, slices: Iterable[Slice]) -> Configuration:
    """Return the setting that makes every slice its torus.

    Axes of one chip are left dark: a chip is not joined to itself.
    """
    out = np.full((len(AXES), pod.cubes), -1, np.int64)
    for one in slices:
        following = ahead(one.shape, pod.edge)
        for axis in range(len(AXES)):
            leads = one.cubes[following[axis]]
            itself = (leads == one.cubes) & (pod.edge == 1)
            out[axis, one.cubes] = np.where(itself, -1, leads)
    return Configuration(pod, frozen(out))


def links(configuration: Configuration) -> tuple[Integers, Integers]:
    """Return both ends of all copper links of a pod, and of all optical ones that are joined, each (links, 2).

    Chip (x, y, z) of a cube has the number ``cube * edge**3 + (x * edge + y) * edge + z``.
    """
    pod = configuration.pod
    edge = pod.edge
    local = np.arange(pod.chips_per_cube).reshape(edge, edge, edge)
    first = np.arange(pod.cubes)[:, None] * pod.chips_per_cube
    copper: list[Integers] = []
    optical: list[Integers] = []
    for axis, out in enumerate(configuration.out):
        inside = [np.take(local, range(start, start + edge - 1), axis).ravel() for start in (0, 1)]
        copper.append(np.stack([(first + part).ravel() for part in inside], axis=1))
        lit = np.flatnonzero(out >= 0)
        far, near = (np.take(local, place, axis).ravel() for place in (edge - 1, 0))
        optical.append(np.stack([(first[lit] + far).ravel(), (first[out[lit]] + near).ravel()], axis=1))
    return np.concatenate(copper), np.concatenate(optical)


def chips(pod: Pod, one: Slice) -> Integers:
    """Return the number of the chip at each place of a slice, as :func:`links` numbers them, (x, y, z)."""
    edge = pod.edge
    where = np.indices(one.shape.sides)
    cube = np.ravel_multi_index(tuple(where // edge), one.shape.in_cubes(pod))
    local = np.ravel_multi_index(tuple(where % edge), (edge, edge, edge))
    return one.cubes[cube] * pod.chips_per_cube + local
