"""Every topology built as one graph, by kind: the one place where a new one is entered."""

from lightloom.core.registry import Registry
from lightloom.fabric.direct import DirectTopology
from lightloom.fabric.topologies.bcube import BCube
from lightloom.fabric.topologies.boxes import Boxes
from lightloom.fabric.topologies.circulant import Circulant
from lightloom.fabric.topologies.coprime_rings import CoprimeRings
from lightloom.fabric.topologies.cube_torus import CubeTorus
from lightloom.fabric.topologies.custom import Custom
from lightloom.fabric.topologies.dragonfly import Dragonfly
from lightloom.fabric.topologies.dragonfly_plus import DragonflyPlus
from lightloom.fabric.topologies.edge_list import EdgeList
from lightloom.fabric.topologies.fat_tree import FatTree
from lightloom.fabric.topologies.full_mesh import FullMesh
from lightloom.fabric.topologies.hammingmesh import HammingMesh
from lightloom.fabric.topologies.hypercube import Hypercube
from lightloom.fabric.topologies.hyperx import HyperX
from lightloom.fabric.topologies.jellyfish import Jellyfish
from lightloom.fabric.topologies.leaf_spine import LeafSpine
from lightloom.fabric.topologies.single_stage import SingleStage
from lightloom.fabric.topologies.slim_fly import SlimFly
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus
from lightloom.fabric.topologies.two_tier_scale_up import TwoTierScaleUp
from lightloom.fabric.topologies.xpander import Xpander

DIRECT_TOPOLOGIES: Registry[type[DirectTopology]] = Registry(
    "topology",
    [
        Torus,
        TwistedTorus,
        CubeTorus,
        Hypercube,
        HyperX,
        FullMesh,
        Circulant,
        CoprimeRings,
        SlimFly,
        Dragonfly,
        DragonflyPlus,
        Jellyfish,
        Xpander,
        HammingMesh,
        BCube,
        FatTree,
        LeafSpine,
        SingleStage,
        TwoTierScaleUp,
        Boxes,
        EdgeList,
        Custom,
    ],
)
