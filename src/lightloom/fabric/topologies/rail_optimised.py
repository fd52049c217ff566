"""Rail-optimised: accelerator i of every node hangs under a leaf of rail i, so that equals are one switch apart."""

from typing import ClassVar, Literal

from lightloom.fabric.folded_clos import FoldedClos


class RailOptimised(FoldedClos):
    """A folded Clos whose leaves each take one rail of a group of nodes."""

    kind: ClassVar[str] = "rail-optimised"

    topology: Literal["rail-optimised"] = "rail-optimised"
