"""Every collective algorithm, one file each; a new one is a file and a line here."""

from lightloom.collectives.algorithm import Algorithm
from lightloom.collectives.algorithms.direct_all_to_all import DirectAllToAll
from lightloom.collectives.algorithms.hierarchical_all_gather import HierarchicalAllGather
from lightloom.collectives.algorithms.hierarchical_all_reduce import HierarchicalAllReduce
from lightloom.collectives.algorithms.hierarchical_all_to_all import HierarchicalAllToAll
from lightloom.collectives.algorithms.hierarchical_reduce_scatter import HierarchicalReduceScatter
from lightloom.collectives.algorithms.ring_all_gather import RingAllGather
from lightloom.collectives.algorithms.ring_all_reduce import RingAllReduce
from lightloom.collectives.algorithms.ring_reduce_scatter import RingReduceScatter
from lightloom.collectives.algorithms.send import Send
from lightloom.core.registry import Registry
from lightloom.workload.program import Collective

ALGORITHMS: Registry[type[Algorithm]] = Registry(
    "collective algorithm",
    [
        RingAllReduce,
        HierarchicalAllReduce,
        RingAllGather,
        HierarchicalAllGather,
        RingReduceScatter,
        HierarchicalReduceScatter,
        DirectAllToAll,
        HierarchicalAllToAll,
        Send,
    ],
)


def candidates(operation: Collective) -> tuple[Algorithm, ...]:
    """Return every registered way to do an operation, in the order registered."""
    return tuple(kind() for kind in ALGORITHMS.values() if kind.operation == operation)
