"""Clos: leaves take the endpoints in the order of the racks, and switches above join leaves to each other."""

from typing import ClassVar, Literal

from lightloom.fabric.folded_clos import FoldedClos


class Clos(FoldedClos):
    """A folded Clos whose leaves stand at the racks they serve: a k-ary fat tree where every port is used.

    Args:
        hosts_per_leaf: Endpoints under a leaf: ``rack`` (those of one rack, over as few leaves as the radix allows),
            ``full`` (as many as radix and oversubscription allow), or a count.
    """

    kind: ClassVar[str] = "clos"

    topology: Literal["clos"] = "clos"
