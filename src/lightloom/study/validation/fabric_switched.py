"""Kinds of fabric cases with switches between the terminals: trees, boxes, cubes of servers, boards."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from lightloom.fabric import clos_counts
from lightloom.fabric.topologies.bcube import BCube
from lightloom.fabric.topologies.boxes import Boxes
from lightloom.fabric.topologies.fat_tree import FatTree
from lightloom.fabric.topologies.hammingmesh import HammingMesh
from lightloom.fabric.topologies.leaf_spine import LeafSpine
from lightloom.study.validation import fabric_measured as measured
from lightloom.study.validation.case_fields import CaseError, NotNegative, Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity
from lightloom.study.validation.fabric_measured import Side


class FatTreeParams(Params):
    """Ports of a switch."""

    k: Side

    def topology(self) -> FatTree:
        """Return the tree."""
        return FatTree(radix=self.k)


FAT_TREE: CaseKind[FatTreeParams] = CaseKind(
    "fat_tree",
    FatTreeParams,
    {
        "hosts": Quantity("count", lambda p: measured.count(p.topology(), "terminals")),
        "switches": Quantity("count", lambda p: measured.count(p.topology(), "switches")),
        "switch_links": Quantity("count", lambda p: measured.count(p.topology(), "switch_links")),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "bisection": Quantity("links", lambda p: measured.halves(p.topology())),
        "a2a_theta": Quantity("1", lambda p: 1.0 / measured.all_to_all(p.topology())),
    },
)


class LeafSpineParams(Params):
    """Equal switches with every port used, or leaves with trunks into one ideal spine."""

    radix: Side | None = None
    planes: Side | None = None
    leaves: Side | None = None
    hosts_per_leaf: Side | None = None
    uplink: Positive | None = None

    def topology(self) -> LeafSpine:
        """Return one plane."""
        tree = (self.leaves, self.hosts_per_leaf, self.uplink)
        if self.radix is None:
            if self.planes not in (None, 1):
                message = "planes are of leaves and spines with a radix"
                raise CaseError(message)
            return LeafSpine(
                leaves=needed(self.leaves, "leaves, or radix,"),
                hosts=needed(self.hosts_per_leaf, "hosts_per_leaf"),
                spines=1,
                trunk=needed(self.uplink, "uplink"),
            )
        if any(value is not None for value in tree):
            message = "give radix, or leaves, hosts_per_leaf and uplink"
            raise CaseError(message)
        return LeafSpine.of_radix(self.radix)

    def count(self, name: str) -> float:
        """Return a count of all planes together."""
        return (self.planes or 1) * measured.count(self.topology(), name)


LEAF_SPINE: CaseKind[LeafSpineParams] = CaseKind(
    "leaf_spine",
    LeafSpineParams,
    {
        "hosts": Quantity("count", lambda p: p.count("terminals")),
        "switches": Quantity("count", lambda p: p.count("switches")),
        "switch_links": Quantity("count", lambda p: p.count("switch_links")),
        "a2a_theta": Quantity("1", lambda p: 1.0 / measured.all_to_all(p.topology())),
        "allgather_algbw": Quantity("link", lambda p: measured.all_gather(p.topology())),
    },
)


class ClosParams(Params):
    """Levels of switches, or endpoints to be joined by switches of a radix."""

    levels: Annotated[int, Field(ge=1, le=64), BeforeValidator(whole)] | None = None
    endpoints: Annotated[int, Field(ge=1, le=1_000_000_000_000), BeforeValidator(whole)] | None = None
    radix: Side | None = None
    rails: Side = 1

    def switches(self) -> float:
        """Return the switches of all rails."""
        return float(clos_counts.switches(needed(self.endpoints, "endpoints"), needed(self.radix, "radix"), self.rails))


CLOS: CaseKind[ClosParams] = CaseKind(
    "clos",
    ClosParams,
    {
        "switch_ports_per_endpoint": Quantity(
            "count", lambda p: float(clos_counts.ports_per_endpoint(needed(p.levels, "levels")))
        ),
        "transceivers_per_endpoint": Quantity(
            "count", lambda p: float(clos_counts.ends_per_endpoint(needed(p.levels, "levels")))
        ),
        "switches": Quantity("count", lambda p: p.switches()),
    },
)


class BCubeParams(Params):
    """Ports of a switch, and levels."""

    n: Annotated[int, Field(ge=2, le=1_000_000), BeforeValidator(whole)]
    k: Annotated[int, Field(ge=0, le=24), BeforeValidator(whole)]

    def topology(self) -> BCube:
        """Return the cube."""
        return BCube(ports=self.n, levels=self.k)


BCUBE: CaseKind[BCubeParams] = CaseKind(
    "bcube",
    BCubeParams,
    {
        "hosts": Quantity("count", lambda p: measured.count(p.topology(), "terminals")),
        "switches": Quantity("count", lambda p: measured.count(p.topology(), "switches")),
        "links": Quantity("count", lambda p: measured.count(p.topology(), "links")),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
    },
)


class HammingMeshParams(Params):
    """Accelerators along a board, and boards along the whole."""

    a: Side
    x: Side


HAMMINGMESH: CaseKind[HammingMeshParams] = CaseKind(
    "hammingmesh",
    HammingMeshParams,
    {"a2a_load": Quantity("1", lambda p: measured.all_to_all(HammingMesh(board=p.a, boards=p.x)))},
)


class BoxesParams(Params):
    """Accelerators in boxes, with a network card each."""

    boxes: Side
    gpus_per_box: Annotated[Side, Field(ge=2)]
    scaleup_bps: Positive
    nic_bps: NotNegative | None = None

    def topology(self) -> Boxes:
        """Return the boxes, capacities in bit/s; one box has no network."""
        if self.boxes == 1:
            return Boxes(boxes=1, accelerators=self.gpus_per_box, scale_up=self.scaleup_bps)
        network = needed(self.nic_bps, "nic_bps")
        if not network:
            message = "boxes without a network do not reach each other"
            raise CaseError(message)
        return Boxes(boxes=self.boxes, accelerators=self.gpus_per_box, scale_up=self.scaleup_bps, scale_out=network)


ALLGATHER_BOXES: CaseKind[BoxesParams] = CaseKind(
    "allgather_boxes", BoxesParams, {"algbw": Quantity("bit/s", lambda p: measured.all_gather(p.topology()))}
)
