"""Where traffic goes that no circuit joins: over blocks that relay it, evenly over all shortest paths of circuits."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import shortest_path

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.engine.circuits.carried import NOTHING, Carried
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.circuits.split import shared_out
from lightloom.engine.crossing import NONE, Crossing
from lightloom.fabric.fabric import CircuitSpace, Fabric, Level


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
        packet: (blocks,) bytes/s of each block to packet switches that join the same blocks; None without such.
    """

    block: Integers
    latency: float
    bandwidth: float
    joined: Floats
    hops: Floats
    paths: Floats
    packet: Floats | None = None

    @classmethod
    def of(cls, fabric: Fabric, circuits: Circuits) -> "Routes":
        """Route over one setting.

        Raises:
            StudyError: The fabric has no circuits, or the setting is not of its shape.
        """
        space, level = circuit_level(fabric)
        if circuits.joined.shape != (space.blocks, space.blocks):
            raise StudyError(Fault("", "circuits were set that the fabric cannot join"))
        return replace(
            cls.over(circuits.joined),
            block=level.block,
            latency=level.latency,
            bandwidth=space.bandwidth,
            packet=space.packet,
        )

    @classmethod
    def over(cls, joined: Integers | Floats) -> "Routes":
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

    def carry(self, flows: Floats, world: int) -> Carried:
        """Return what a pattern needs; see :class:`~lightloom.engine.circuits.carried.Carrier`.

        Beside packet switches each pair fills its own circuits and sends the rest through them; nothing is relayed as
        long as any of them works.
        """
        demanded = flows > 0
        if not demanded.any():
            return NOTHING
        if self.packet is not None and self.packet.any():
            return self._with_packets(flows, world, self.packet)
        share, beside = float(flows.sum()) / world, None if self.packet is None else NONE
        longest = float(self.hops[demanded].max())
        if np.isinf(longest):
            return Carried(Crossing(np.inf, share), beside=beside)
        used = self.joined > 0
        busiest = float((self.loads(flows)[used] / self.joined[used]).max())
        return Carried(Crossing(busiest / self.bandwidth, share), self.latency * (int(longest) - 1), beside=beside)

    def _with_packets(self, flows: Floats, world: int, packet: Floats) -> Carried:
        seconds, over = shared_out(flows, self.joined * self.bandwidth, packet)
        share = float(over.sum()) / world
        rest = max(0.0, float(flows.sum()) / world - share)
        return Carried(Crossing(seconds if share else 0.0, share), beside=Crossing(seconds if rest else 0.0, rest))


def circuit_level(fabric: Fabric) -> tuple[CircuitSpace, Level]:
    """Return what a fabric's circuits can join, and the level whose blocks they are.

    Raises:
        StudyError: The fabric has no circuits.
    """
    space = fabric.circuit_space
    if space is None:
        raise StudyError(Fault("", "the fabric has no circuits to set"))
    return space, next(one for one in fabric.levels if (one.domain, one.name) == ("scale_out", space.level))
