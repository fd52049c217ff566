"""Cube torus: cubes of accelerators with cables inside, made one torus, twisted or not, by circuit switches."""

from collections.abc import Iterable, Mapping, Sequence
from math import prod
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault
from lightloom.core.specs import Reference
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork, Side
from lightloom.fabric.graph import Graph
from lightloom.fabric.mesh_layout import Passes
from lightloom.fabric.pods.pod import Pod
from lightloom.fabric.pods.shapes import SliceShape
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topology import Setting
from lightloom.fabric.wiring import Domain

AXES = ("x", "y", "z")


class CubeTorus(DirectNetwork):
    """Tori of three axes whose links between cubes, and around, are circuits set once for the job.

    The two faces of an axis of every cube meet, place by place, in one circuit switch, which all tori of the cluster
    share: ``3 cube²`` switches with two ports taken for each cube.

    Args:
        dims: Accelerators along each axis, whole cubes; the torus is a scale-up domain.
        cube: Accelerators along the edge of a cube, at least three: around a shorter one links would be double.
        twisted: Whether going once round a short axis also shifts every long axis by half its length.
        circuit_switch: Catalog name.

    Source: Jouppi et al., "TPU v4: an optically reconfigurable supercomputer for machine learning", ISCA 2023.
    """

    kind: ClassVar[str] = "cube-torus"
    serves: ClassVar[tuple[Domain, ...]] = ("scale_up",)

    topology: Literal["cube-torus"] = "cube-torus"
    dims: tuple[Side, Side, Side]
    cube: Annotated[Count, Field(ge=3)] = 4
    twisted: bool = False
    circuit_switch: Annotated[str, Reference("circuit-switches")] = "palomar"

    @property
    def sides(self) -> tuple[int, ...]:
        """Accelerators along each axis; none where it is twisted, which dimension order does not know."""
        return () if self.twisted else self.dims

    def build(self) -> Graph:
        """Join the neighbours; see :class:`DirectNetwork`."""
        here, moves = np.arange(prod(self.dims)), self._ahead()
        joins = {axis: np.stack([here, there], axis=1) for axis, there in zip(AXES, moves, strict=True)}
        return Graph.of({"node": len(here)}, joins, automorphisms=moves)

    def _ahead(self) -> list[Integers]:
        """Return the node one step along each axis; around a short axis, twisted, it is shifted along the long ones."""
        places = np.stack(np.unravel_index(np.arange(prod(self.dims)), self.dims), axis=1)
        lattice = np.array(SliceShape(sides=self.dims, twisted=self.twisted).lattice())
        found: list[Integers] = []
        for axis, side in enumerate(self.dims):
            there = places.copy()
            there[:, axis] += 1
            around = there[:, axis] == side
            there[around] -= lattice[axis]
            number = np.ravel_multi_index(tuple((there % np.array(self.dims)).T), self.dims)
            found.append(np.asarray(number, np.int64))
        return found

    def passes(self, graph: Graph) -> Passes:
        """Tell the links that leave a cube by the place on its face where they do."""
        places = np.stack(np.unravel_index(np.arange(graph.terminals), self.dims), axis=1)
        start = places[graph.ends[:, 0]] % self.cube
        leaves = start[np.arange(graph.links), graph.level] == self.cube - 1
        box = np.full(graph.links, -1)
        for axis in range(len(AXES)):
            rows = leaves & (graph.level == axis)
            across = np.delete(start[rows], axis, axis=1)
            box[rows] = (axis * self.cube + across[:, 0]) * self.cube + across[:, 1]
        cubes = tuple(side // self.cube for side in self.dims)
        block = np.ravel_multi_index(tuple((places // self.cube).T), cubes)
        return Passes(self.circuit_switch, frozen(box), frozen(np.asarray(block, np.int64)))

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`."""
        nodes = prod(self.dims)
        known = {"terminals": nodes, "switches": 0, "links": 3 * nodes, "all_gather": 6 * nodes / (nodes - 1)}
        if self.twisted:
            return known
        rest = {name: value for name, value in Torus(dims=self.dims).closed_form().items() if name not in known}
        return {**known, **rest}

    def pod(self, cubes: int) -> Pod:
        """Return the pod that so many cubes make."""
        return Pod(cubes=cubes, edge=self.cube)

    def refusals(self) -> Iterable[Fault]:
        """Refuse shapes that are not whole cubes, or cannot be twisted."""
        shape = SliceShape(sides=self.dims, twisted=self.twisted)
        if any(side % self.cube for side in self.dims):
            near = "x".join(str(max(1, round(side / self.cube)) * self.cube) for side in self.dims)
            yield Fault("dims", f"{shape} is not whole cubes of {self.cube}", f"nearest: {near}")
        else:
            fault = shape.fault(self.pod(2 * prod(self.dims) // self.cube**3))
            if fault:
                yield Fault("twisted" if self.twisted else "dims", fault.message, fault.hint)

    def lay_faults(self, setting: Setting) -> Iterable[Fault]:
        """Refuse more cubes than a circuit switch has ports for."""
        cubes, ports = setting.endpoints // self.cube**3, setting.circuit_ports(self.circuit_switch)
        if self.pod(cubes).ports_used > ports:
            message = f"{cubes} cubes take {2 * cubes} ports of each switch; '{self.circuit_switch}' has {ports} usable"
            hint = f"at most {ports // 2} cubes of {self.cube**3}, or a switch with more ports"
            yield Fault("circuit_switch", message, hint)

    def notes(self, setting: Setting) -> Iterable[str]:
        """Say what of the circuit switches is taken."""
        pod = self.pod(setting.endpoints // self.cube**3)
        yield (
            f"{pod.switches} circuit switches '{self.circuit_switch}' join {pod.cubes} cubes, {pod.ports_used} ports "
            f"of each with links of two fibres; they are set once for the job, and setting them is not timed"
        )

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a small cube, twisted ones, and the pair of a published pod."""
        return [
            cls(dims=(3, 3, 3), cube=3),
            cls(dims=(3, 3, 6), cube=3, twisted=True),
            cls(dims=(4, 4, 8)),
            cls(dims=(4, 8, 8), twisted=True),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return a broken cube, and a twist of a whole one."""
        return [cls(dims=(5, 4, 4)), cls(dims=(4, 4, 4), twisted=True)]
