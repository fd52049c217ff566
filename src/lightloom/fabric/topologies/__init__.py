"""Every topology lightloom knows, by kind: the one place where a new one is entered."""

from lightloom.core.registry import Registry
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topologies.rail_optimised import RailOptimised
from lightloom.fabric.topologies.switched import Switched
from lightloom.fabric.topology import Topology

TOPOLOGIES: Registry[type[Topology]] = Registry("topology", [Switched, Clos, RailOptimised])
