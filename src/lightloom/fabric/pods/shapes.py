"""Shapes of slices: three sides in chips, whole cubes, twisted or not; and the nearest that would do."""

import math
import re
from collections.abc import Iterator
from functools import cache
from itertools import permutations

from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Spec
from lightloom.fabric.pods.pod import Pod, Sides, written

_WRITTEN = re.compile(r"([1-9]\d{0,5})x([1-9]\d{0,5})x([1-9]\d{0,5})(:twisted)?")
TWISTED = "twisted"


class SliceShape(Spec):
    """A torus of chips.

    Args:
        sides: Chips along each axis.
        twisted: Whether going once round a short axis also shifts every long axis by half its length.
    """

    sides: Sides
    twisted: bool = False

    @classmethod
    def parse(cls, text: str) -> "SliceShape":
        """Return the shape of a text such as ``8x8x16`` or ``4x4x8:twisted``.

        Raises:
            StudyError: It is none.
        """
        match = _WRITTEN.fullmatch(text.strip().lower().replace("×", "x"))
        if match is None:
            message = f"slice '{text[:30]}' is no shape"
            raise StudyError(Fault("slice", message, "write three sides in chips, such as 8x8x16 or 4x4x8:twisted"))
        x, y, z = (int(side) for side in match.groups()[:3])
        return cls(sides=(x, y, z), twisted=match.group(4) is not None)

    def __str__(self) -> str:
        """As :meth:`parse` reads it."""
        return written(self.sides) + (f":{TWISTED}" if self.twisted else "")

    @property
    def chips(self) -> int:
        """Chips of the slice."""
        return math.prod(self.sides)

    def lattice(self) -> tuple[Sides, ...]:
        """Return the vectors in chips after which the torus repeats, one for each axis.

        Source: Camara et al., "Twisted torus topologies for enhanced interconnection networks", IEEE Transactions on
        Parallel and Distributed Systems 21(12), 2010; as used by Jouppi et al., ISCA 2023.
        """
        return _lattice(self.sides, twisted=self.twisted)

    def fault(self, pod: Pod) -> Fault | None:
        """Return why a pod has no such slice even when it is empty and healthy, with the nearest it has."""
        edge = pod.edge
        if any(side % edge for side in self.sides):
            problem = f"multiples of {edge}"
        elif self.chips > pod.chips:
            problem = f"{self.chips // pod.chips_per_cube} cubes, the pod has {pod.cubes}"
        elif self.twisted and not can_twist(self.sides):
            problem = "only n x n x 2n and n x 2n x 2n can be twisted"
        else:
            return None
        others = ", ".join(str(shape) for shape in self.nearest(pod, pod.cubes))
        return Fault("slice", f"slice {self}: {problem}", f"nearest {others}" if others else "take more cubes")

    def nearest(self, pod: Pod, cubes: int, most: int = 2) -> list["SliceShape"]:
        """Return the shapes most like this one that so many cubes make, one of those that differ in direction only.

        Args:
            pod: Whose edge sides are multiples of.
            cubes: At most so many.
            most: Shapes to return.
        """
        asked = [side / pod.edge for side in self.sides]

        def distance(box: Sides) -> tuple[float, Sides]:
            ratios = (abs(math.log(side / wanted)) for side, wanted in zip(box, asked, strict=True))
            return round(sum(ratios), 9), box

        boxes = _twistable(cubes) if self.twisted else _boxes(cubes)
        alike: dict[Sides, Sides] = {}
        for a, b, c in sorted(boxes, key=distance):
            x, y, z = sorted((a, b, c))
            alike.setdefault((x, y, z), (a, b, c))
        found = [(a * pod.edge, b * pod.edge, c * pod.edge) for a, b, c in alike.values()]
        return [SliceShape(sides=sides, twisted=self.twisted) for sides in found[:most]]

    def in_cubes(self, pod: Pod) -> Sides:
        """Return cubes along each axis; the caller has seen that :meth:`fault` finds none."""
        x, y, z = self.sides
        return x // pod.edge, y // pod.edge, z // pod.edge


def _lattice(sides: Sides, *, twisted: bool) -> tuple[Sides, ...]:
    short = min(sides)
    shift = [side // 2 if twisted and side > short else 0 for side in sides]
    found: list[Sides] = []
    for axis, side in enumerate(sides):
        vector = list(shift) if twisted and side == short else [0, 0, 0]
        vector[axis] = side
        found.append((vector[0], vector[1], vector[2]))
    return tuple(found)


def can_twist(sides: Sides) -> bool:
    """Return whether one or two of the sides are twice the other ones, which are alike."""
    short, middle, long = sorted(sides)
    return long == 2 * short and middle in (short, long)


@cache
def _boxes(cubes: int) -> tuple[Sides, ...]:
    """Every box of at most so many cubes."""
    return tuple(_all_boxes(cubes))


def _twistable(cubes: int) -> Iterator[Sides]:
    """Every box of at most so many cubes that can be twisted; few enough to be found among millions of cubes."""
    short = 1
    while 2 * short**3 <= cubes:
        for sides in ((short, short, 2 * short), (short, 2 * short, 2 * short)):
            if math.prod(sides) <= cubes:
                yield from sorted({(a, b, c) for a, b, c in permutations(sides)})
        short += 1


def _all_boxes(cubes: int) -> Iterator[Sides]:
    for a in range(1, cubes + 1):
        for b in range(1, cubes // a + 1):
            for c in range(1, cubes // (a * b) + 1):
                yield a, b, c
