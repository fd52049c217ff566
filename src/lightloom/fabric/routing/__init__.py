"""Every routing lightloom knows, by kind: the one place where a new one is entered."""

from lightloom.core.registry import Registry
from lightloom.fabric.routing.adaptive import Adaptive
from lightloom.fabric.routing.dimension_order import DimensionOrder
from lightloom.fabric.routing.routing import Routing
from lightloom.fabric.routing.shortest import Shortest, Weighted
from lightloom.fabric.routing.valiant import Valiant

ROUTINGS: Registry[type[Routing]] = Registry("routing", [Shortest, Weighted, Adaptive, DimensionOrder, Valiant])
