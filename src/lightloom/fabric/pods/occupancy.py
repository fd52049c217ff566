"""Who has which cubes of a pod: slices are placed, hit by failing hosts, placed again and released.

Nothing changes in place: each step returns the pod as it is afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lightloom.core.arrays import Booleans, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.pods.placing import Placer, any_cubes
from lightloom.fabric.pods.pod import Pod
from lightloom.fabric.pods.shapes import SliceShape


@dataclass(frozen=True, slots=True)
class Host:
    """One host, by its cube and its number in it; both from 0."""

    cube: int
    number: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """A torus of cubes.

    Args:
        name: Unique in its pod.
        shape: In chips.
        cubes: Cube at each place, the last axis fastest, (cubes of the slice,).
    """

    name: str
    shape: SliceShape
    cubes: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Occupancy:
    """A pod at one moment.

    Args:
        pod: The pod.
        slices: Those placed, in the order they came.
        down: Hosts that are down.
        placer: How slices find cubes.
    """

    pod: Pod
    slices: tuple[Slice, ...] = ()
    down: frozenset[Host] = frozenset()
    placer: Placer = any_cubes

    @property
    def up(self) -> Booleans:
        """Cubes whose hosts are all up, (cubes,)."""
        found = np.ones(self.pod.cubes, np.bool_)
        found[[host.cube for host in self.down]] = False
        return found

    @property
    def free(self) -> Booleans:
        """Cubes that are up and have no slice, (cubes,)."""
        found = self.up
        for one in self.slices:
            found[one.cubes] = False
        return found

    @property
    def hit(self) -> tuple[Slice, ...]:
        """Slices with a cube that is down."""
        up = self.up
        return tuple(one for one in self.slices if not up[one.cubes].all())

    def slice(self, name: str) -> Slice:
        """Return a slice by name; KeyError if there is none."""
        for one in self.slices:
            if one.name == name:
                return one
        raise KeyError(name)

    def allocate(self, name: str, shape: SliceShape) -> "Occupancy":
        """Place a slice.

        Raises:
            StudyError: No pod of this kind has such a slice, or this one has no room now; with the nearest that fit.
            ValueError: The name is taken.
        """
        if any(one.name == name for one in self.slices):
            message = f"there is a slice {name!r} already"
            raise ValueError(message)
        fault = shape.fault(self.pod)
        if fault:
            raise StudyError(fault)
        free = self.free
        cubes = self.placer(self.pod, free, shape.in_cubes(self.pod), None)
        if cubes is None:
            raise StudyError(self._no_room(shape, free))
        return replace(self, slices=(*self.slices, Slice(name, shape, frozen(cubes))))

    def release(self, name: str) -> "Occupancy":
        """Give a slice's cubes back; KeyError if there is no such slice."""
        gone = self.slice(name)
        return replace(self, slices=tuple(one for one in self.slices if one is not gone))

    def fail(self, hosts: Iterable[Host]) -> "Occupancy":
        """Take hosts down; slices keep their cubes until they are placed again.

        Raises:
            StudyError: The pod has no such host.
        """
        found = frozenset(hosts)
        faults = [
            fault for host in sorted(found, key=lambda each: (each.cube, each.number)) for fault in self._no_host(host)
        ]
        if faults:
            raise StudyError(faults)
        return replace(self, down=self.down | found)

    def repair(self, hosts: Iterable[Host]) -> "Occupancy":
        """Bring hosts up again."""
        return replace(self, down=self.down - frozenset(hosts))

    def reallocate(self, name: str) -> "Occupancy":
        """Place a slice again on cubes that are up, its own if they can stay; where there is no room, release it.

        Raises:
            KeyError: There is no such slice.
        """
        old = self.slice(name)
        free = self.free
        up = self.up
        free[old.cubes] = up[old.cubes]
        cubes = self.placer(self.pod, free, old.shape.in_cubes(self.pod), old.cubes)
        if cubes is None:
            return self.release(name)
        moved = Slice(name, old.shape, frozen(cubes))
        return replace(self, slices=tuple(moved if one is old else one for one in self.slices))

    def heal(self) -> "Occupancy":
        """Place every slice again that was hit, in the order they came; those without room are released."""
        healed = self
        for one in self.hit:
            healed = healed.reallocate(one.name)
        return healed

    def _no_room(self, shape: SliceShape, free: Booleans) -> Fault:
        """Say what would fit; with fixed wiring, cubes that are free need not be neighbours."""
        count = int(free.sum())
        wanted = shape.chips // self.pod.chips_per_cube
        fitting = [
            str(other)
            for other in shape.nearest(self.pod, count, most=40)
            if self.placer(self.pod, free, other.in_cubes(self.pod), None) is not None
        ]
        together = "" if wanted > count else ", not side by side"
        message = f"slice {shape}: {wanted} cubes, {count} are free{together}"
        return Fault("slice", message, f"nearest {', '.join(fitting[:2])}" if fitting else "release a slice first")

    def _no_host(self, host: Host) -> list[Fault]:
        if not 0 <= host.cube < self.pod.cubes:
            return [Fault("fail", f"there is no cube {host.cube}", f"cubes are 0 to {self.pod.cubes - 1}")]
        if not 0 <= host.number < self.pod.hosts_per_cube:
            message = f"cube {host.cube} has no host {host.number}"
            return [Fault("fail", message, f"hosts of a cube are 0 to {self.pod.hosts_per_cube - 1}")]
        return []
