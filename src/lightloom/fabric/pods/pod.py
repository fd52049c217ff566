"""A pod: cubes of chips, copper inside, one fibre from every place on a face to a circuit switch.

The two faces of an axis meet, place by place, in one switch. So a switch can join the face of any cube to the opposite
face of any other, and cubes become tori of any shape that whole cubes make.
"""

from itertools import combinations_with_replacement

from pydantic import Field

from lightloom.core.errors import Fault
from lightloom.core.specs import Spec

AXES = ("x", "y", "z")
Sides = tuple[int, int, int]


class Pod(Spec):
    """Cubes and the switches between them.

    Args:
        cubes: How many.
        edge: Chips along the edge of one.
        chips_per_host: Chips that fail with one host: 4 in TPU v4 (Jouppi et al., ISCA 2023).
        grid: Cubes along each axis of a torus that fixed wiring would make of them; None takes the most cubic.
    """

    cubes: int = Field(ge=1)
    edge: int = Field(default=4, ge=1)
    chips_per_host: int = Field(default=4, ge=1)
    grid: Sides | None = None

    @property
    def chips_per_cube(self) -> int:
        """Chips of one cube."""
        return self.edge**3

    @property
    def chips(self) -> int:
        """Chips in all."""
        return self.cubes * self.chips_per_cube

    @property
    def hosts_per_cube(self) -> int:
        """Hosts of one cube; one that is down takes its cube down."""
        return -(-self.chips_per_cube // self.chips_per_host)

    @property
    def places(self) -> int:
        """Fibres from one face of a cube: circuit switches of an axis."""
        return self.edge**2

    @property
    def optical_links_per_cube(self) -> int:
        """Fibres from all six faces."""
        return 2 * len(AXES) * self.places

    @property
    def copper_links_per_cube(self) -> int:
        """Links inside one cube."""
        return len(AXES) * self.places * (self.edge - 1)

    @property
    def switches(self) -> int:
        """Circuit switches: one for each place of each axis."""
        return len(AXES) * self.places

    @property
    def ports_used(self) -> int:
        """Ports taken of one switch: two faces of every cube."""
        return 2 * self.cubes

    @property
    def fibres(self) -> int:
        """Fibres between cubes and switches; each carries both directions."""
        return self.cubes * self.optical_links_per_cube

    @property
    def modules(self) -> int:
        """Optical modules: one at the cube's end of each fibre."""
        return self.fibres

    @property
    def wired_grid(self) -> Sides:
        """Cubes along each axis were they wired once and for all."""
        return self.grid or most_cubic(self.cubes)

    def faults(self, ports_usable: int, switch: str) -> list[Fault]:
        """Return why such a pod cannot be wired.

        Args:
            ports_usable: Of one circuit switch.
            switch: Its name, for messages.
        """
        found: list[Fault] = []
        if self.ports_used > ports_usable:
            message = f"{self.cubes} cubes take {self.ports_used} ports of each switch, '{switch}' has {ports_usable}"
            found.append(Fault("cubes", message, f"at most {ports_usable // 2} cubes, or a larger switch"))
        if self.grid and self.grid[0] * self.grid[1] * self.grid[2] != self.cubes:
            count = self.grid[0] * self.grid[1] * self.grid[2]
            message = f"the grid {written(self.grid)} has {count} cubes, the pod {self.cubes}"
            found.append(Fault("grid", message, f"such as {written(most_cubic(self.cubes))}"))
        return found


def written(sides: Sides) -> str:
    """Return sides as one writes them: ``4x4x8``."""
    return "x".join(str(side) for side in sides)


def most_cubic(count: int) -> Sides:
    """Return three sides, shortest first, of a box of so many cubes with the least surface.

    >>> most_cubic(64), most_cubic(32), most_cubic(7)
    ((4, 4, 4), (2, 4, 4), (1, 1, 7))
    """
    divisors = [side for side in range(1, count + 1) if count % side == 0]
    boxes = [
        (a, b, count // (a * b))
        for a, b in combinations_with_replacement(divisors, 2)
        if count % (a * b) == 0 and b <= count // (a * b)
    ]
    return min(boxes, key=lambda box: box[0] * box[1] + box[1] * box[2] + box[2] * box[0])
