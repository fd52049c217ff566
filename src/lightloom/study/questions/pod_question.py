"""What is asked of a pod of cubes behind circuit switches."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.pods.occupancy import Host
from lightloom.fabric.pods.pod import Pod, Sides
from lightloom.fabric.pods.shapes import SliceShape

SWITCH = "palomar"
RECEIVER = "retimed"
AVAILABILITY = 0.99
MOST_CUBES = 4096
MOST_EDGE = 16

_HOST = re.compile(r"(\d{1,6})(?:/(\d{1,6}))?")
_GRID = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})x([1-9]\d{0,4})")

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class PodQuestion:
    """A pod, the slices wanted of it, and what fails.

    Args:
        cubes: How many.
        edge: Chips along the edge of a cube.
        slices: Wanted, in the order they come; texts as of :meth:`SliceShape.parse` are read.
        fail: Hosts that fail once slices are placed: ``3`` or ``"3"`` for cube 3 by its first host, ``"3/2"`` for
            another of its hosts.
        availability: Of one host, 0..1.
        chips_per_host: Chips that fail with one host.
        grid: Cubes along each axis were they wired once and for all; None for the most cubic.
        switch: Circuit switch, a catalog name.
        receiver: Class of receivers at the ends of its circuits, a catalog name.
    """

    cubes: int = 64
    edge: int = 4
    slices: tuple[SliceShape | str, ...] = ()
    fail: tuple[Host | str | int, ...] = ()
    availability: float = AVAILABILITY
    chips_per_host: int = 4
    grid: Sides | None = None
    switch: str = SWITCH
    receiver: str = RECEIVER

    def pod(self) -> Pod:
        """Return the pod.

        Raises:
            StudyError: A count is out of range.
        """
        faults = [
            Fault(name, f"{value} is not a count from 1 to {most}", f"such as {usual}")
            for name, value, most, usual in (
                ("cubes", self.cubes, MOST_CUBES, 64),
                ("edge", self.edge, MOST_EDGE, 4),
                ("chips_per_host", self.chips_per_host, MOST_EDGE**3, 4),
            )
            if not 1 <= value <= most
        ]
        chips = self.edge**3
        if not faults and chips % self.chips_per_host and self.chips_per_host < chips:
            message = f"{self.chips_per_host} chips of a host do not share out the {chips} chips of a cube evenly"
            fits = [count for count in range(1, chips + 1) if chips % count == 0]
            near = [max(fit for fit in fits if fit < self.chips_per_host)]
            near.append(min(fit for fit in fits if fit > self.chips_per_host))
            faults.append(Fault("chips_per_host", message, f"the nearest are {near[0]} and {near[1]}"))
        if not 0 < self.availability <= 1:
            faults.append(Fault("availability", f"{self.availability:g} is no share above 0", "such as 99 %"))
        if faults:
            raise StudyError(faults)
        return Pod(cubes=self.cubes, edge=self.edge, chips_per_host=self.chips_per_host, grid=self.grid)

    def shapes(self) -> tuple[SliceShape, ...]:
        """Return the slices wanted.

        Raises:
            StudyError: A text is no shape; every such one.
        """
        return _each(self.slices, lambda one: one if isinstance(one, SliceShape) else SliceShape.parse(one))

    def hosts(self) -> tuple[Host, ...]:
        """Return the hosts that fail.

        Raises:
            StudyError: A text names none; every such one.
        """
        return _each(self.fail, lambda one: one if isinstance(one, Host) else read_host(str(one)))


def read_host(text: str) -> Host:
    """Return the host of a text such as ``3`` or ``3/2``.

    Raises:
        StudyError: It names none.
    """
    match = _HOST.fullmatch(text.strip())
    if match is None:
        message = f"'{text[:20]}' is no cube and no host"
        raise StudyError(Fault("fail", message, "write a cube's number, such as 3, or a host of it, such as 3/2"))
    return Host(int(match.group(1)), int(match.group(2) or 0))


def read_grid(text: str) -> Sides:
    """Return the grid of a text such as ``4x4x4``.

    Raises:
        StudyError: It is none.
    """
    match = _GRID.fullmatch(text.strip().lower())
    if match is None:
        raise StudyError(Fault("grid", f"'{text[:20]}' is no grid", "write cubes along three axes, such as 4x4x4"))
    x, y, z = (int(side) for side in match.groups())
    return x, y, z


Given = TypeVar("Given")


def _each(values: Iterable[Given], read: Callable[[Given], Read]) -> tuple[Read, ...]:
    """Return every value as read; all that cannot be are told together."""
    found: list[Read] = []
    faults: list[Fault] = []
    for value in values:
        try:
            found.append(read(value))
        except StudyError as error:
            faults.extend(error.faults)
    if faults:
        raise StudyError(faults)
    return tuple(found)
