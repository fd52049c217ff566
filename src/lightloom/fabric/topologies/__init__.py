"""Every topology lightloom knows, by kind: the one place where a new one is entered.

Those built as one graph have a registry of their own; the ones among them that a study can take are entered here too.
"""

from lightloom.core.registry import Registry
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.direct_registry import DIRECT_TOPOLOGIES
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topologies.rail_only import RailOnly
from lightloom.fabric.topologies.rail_optimised import RailOptimised
from lightloom.fabric.topologies.switched import Switched
from lightloom.fabric.topology import Topology

TOPOLOGIES: Registry[type[Topology]] = Registry(
    "topology",
    [
        Switched,
        Clos,
        RailOptimised,
        RailOnly,
        *(kind for kind in DIRECT_TOPOLOGIES.values() if issubclass(kind, DirectNetwork)),
    ],
)
