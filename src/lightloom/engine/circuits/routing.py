"""Where traffic goes that no circuit joins: over blocks that relay it, along a shortest path of circuits."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.crossing import NONE, Crossing
from lightloom.fabric.fabric import Fabric


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """A path of circuits between every two blocks.

    Args:
        block: Block of each accelerator.
        blocks: How many blocks.
        latency: Of one more circuit on the way, s.
        capacity: Bytes/s from block to block over the circuits that join them, flat (blocks * blocks,).
        uses: Which (from, to) hops the path of each (from, to) pair takes, both flat.
        hops: How many those are; infinite where there is no path, (blocks, blocks).
    """

    block: Integers
    blocks: int
    latency: float
    capacity: Floats
    uses: csr_array
    hops: Floats

    @classmethod
    def of(cls, fabric: Fabric, circuits: Circuits) -> "Routes":
        """Route over one setting.

        Raises:
            StudyError: The fabric has no circuits, or the setting is not of its shape.
        """
        space = fabric.circuit_space
        if space is None or circuits.joined.shape != (space.blocks, space.blocks):
            raise StudyError(Fault("", "circuits were set that the fabric cannot join"))
        level = next(one for one in fabric.levels if one.domain == "scale_out" and one.name == space.level)
        uses, hops = _paths(circuits.joined > 0)
        capacity: Floats = circuits.joined.ravel().astype(np.float64) * space.bandwidth
        return cls(level.block, space.blocks, level.latency, frozen(capacity), uses, frozen(hops))

    def crossing(self, flows: Floats, world: int) -> tuple[Crossing, int]:
        """Return what the busiest circuit needs per byte each rank sends, and by how many relays the longest path goes.

        Args:
            flows: Bytes from block to block while each rank sends one, (blocks, blocks).
            world: How many ranks send.
        """
        demanded = flows > 0
        if not demanded.any():
            return NONE, 0
        share = float(flows.sum()) / world
        longest = float(self.hops[demanded].max())
        if np.isinf(longest):
            return Crossing(np.inf, share), 0
        loads = flows.ravel() @ self.uses
        used = loads > 0
        return Crossing(float((loads[used] / self.capacity[used]).max()), share), int(longest) - 1


def _paths(joined: Booleans) -> tuple[csr_array, Floats]:
    """Return which hops each pair's path takes, and how many they are."""
    blocks = len(joined)
    graph = csr_array(joined.astype(np.float64))
    hops, before = shortest_path(graph, directed=True, unweighted=True, return_predecessors=True)
    start, at = (index.ravel() for index in np.indices((blocks, blocks)))
    pair = start * blocks + at
    on_way = np.isfinite(hops.ravel()) & (start != at)
    pairs: list[Integers] = []
    steps: list[Integers] = []
    start, at, pair = start[on_way], at[on_way], pair[on_way]
    while len(pair):
        previous = before[start, at].astype(np.int64)
        pairs.append(pair)
        steps.append(previous * blocks + at)
        more = previous != start
        start, at, pair = start[more], previous[more], pair[more]
    rows = np.concatenate(pairs) if pairs else np.zeros(0, np.int64)
    columns = np.concatenate(steps) if steps else np.zeros(0, np.int64)
    return csr_array((np.ones(len(rows)), (rows, columns)), shape=(blocks**2, blocks**2)), hops
