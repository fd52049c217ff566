"""Where traffic goes that no circuit joins: over blocks that relay it, evenly over all shortest paths of circuits."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import shortest_path

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.crossing import NONE, Crossing
from lightloom.fabric.fabric import Fabric


@dataclass(frozen=True, slots=True, eq=False)
class Routes:
    """The shortest paths between every two blocks; parallel circuits are different paths.

    Args:
        block: Block of each accelerator.
        latency: Of one more circuit on the way, s.
        bandwidth: Of one circuit, bytes/s one way.
        joined: Circuits between two blocks, (blocks, blocks).
        hops: Circuits in a row from one to the other; infinite where there is no path, (blocks, blocks).
        paths: How many shortest paths there are, (blocks, blocks).
    """

    block: Integers
    latency: float
    bandwidth: float
    joined: Floats
    hops: Floats
    paths: Floats

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
        return replace(cls.over(circuits.joined), block=level.block, latency=level.latency, bandwidth=space.bandwidth)

    @classmethod
    def over(cls, joined: Integers) -> "Routes":
        """Route over circuits alone, of 1 byte/s and no latency; each block is its own accelerator."""
        circuits = joined.astype(np.float64)
        hops = np.asarray(shortest_path(joined > 0, unweighted=True), np.float64)
        paths = np.eye(len(joined))
        reached = paths
        for hop in range(1, 1 + int(hops[np.isfinite(hops)].max(initial=0))):
            reached = (reached @ circuits) * (hops == hop)
            paths = paths + reached
        return cls(np.arange(len(joined)), 0.0, 1.0, frozen(circuits), frozen(hops), frozen(paths))

    @property
    def blocks(self) -> int:
        """How many blocks."""
        return len(self.joined)

    def loads(self, flows: Floats) -> Floats:
        """Return bytes over the circuits from each block to each, (blocks, blocks); every pair in ``flows`` has a path.

        A hop from u to v is on a shortest path from s to t if what is before it, it, and what is after it add up to the
        distance; of the paths, those through it are as many as there are ways before times circuits times ways after.
        """
        per_path = np.divide(flows, self.paths, out=np.zeros_like(flows), where=flows > 0)
        farthest = int(self.hops[flows > 0].max(initial=0))
        total = np.zeros_like(flows)
        for before in range(farthest):
            ways_before = self.paths * (self.hops == before)
            for after in range(farthest - before):
                ways_after = self.paths * (self.hops == after)
                total += ways_before.T @ (per_path * (self.hops == before + 1 + after)) @ ways_after.T
        return total * self.joined

    def seconds(self, amount: Floats) -> float:
        """Return how long the busiest circuit takes, s; infinite where a pair has no path.

        Args:
            amount: Bytes from block to block, (blocks, blocks).
        """
        if not (amount > 0).any():
            return 0.0
        if np.isinf(self.hops[amount > 0]).any():
            return np.inf
        used = self.joined > 0
        return float((self.loads(amount)[used] / self.joined[used]).max()) / self.bandwidth

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
        used = self.joined > 0
        busiest = float((self.loads(flows)[used] / self.joined[used]).max())
        return Crossing(busiest / self.bandwidth, share), int(longest) - 1
