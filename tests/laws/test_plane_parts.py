"""Parts lists agree with what is built: trees with a Clos, dragonflies, boards and tori with graphs.

Source of the constructions: Al-Fares et al., SIGCOMM 2008; Kim et al., ISCA 2008; Hoefler et al., SC 2022.
"""

import numpy as np
import pytest

from lightloom.fabric import clos_counts
from lightloom.fabric.plane_parts import (
    PlaneParts,
    board_parts,
    dragonfly_parts,
    row_parts,
    torus_parts,
    tree_parts,
)
from lightloom.fabric.topologies.dragonfly import Dragonfly
from lightloom.fabric.topologies.fat_tree import FatTree
from lightloom.fabric.topologies.hammingmesh import HammingMesh
from lightloom.fabric.topologies.leaf_spine import LeafSpine
from lightloom.fabric.topologies.torus import Torus


@pytest.mark.parametrize("endpoints", [32, 64, 96, 128, 160, 256, 512, 1024])
def test_a_tree_without_taper_is_a_clos(endpoints: int) -> None:
    assert tree_parts(endpoints, 16).switches == clos_counts.switches(endpoints, 16)


@pytest.mark.parametrize("radix", [4, 8, 16])
def test_whole_trees_are_leaf_spines_and_fat_trees(radix: int) -> None:
    for known in (LeafSpine.of_radix(radix).known(), FatTree(radix=radix).known()):
        hosts = int(known["terminals"])
        wanted = PlaneParts(hosts, int(known["switches"]), hosts, int(known["switch_links"]))
        assert tree_parts(hosts, radix) == wanted


@pytest.mark.parametrize("down", [8, 9, 11, 12, 14])
def test_no_switch_of_a_tapered_tree_has_more_cables_than_ports(down: int) -> None:
    for endpoints in (100, 1000):
        parts = tree_parts(endpoints, 16, down)
        assert parts.endpoints >= endpoints
        assert parts.short + 2 * parts.long <= 16 * parts.switches


@pytest.mark.parametrize("network", Dragonfly.shapes(), ids=repr)
def test_a_dragonfly_has_the_links_of_its_graph(network: Dragonfly) -> None:
    graph, parts = network.graph(), dragonfly_parts(network)
    assert parts.switches == graph.vertices
    assert parts.short - parts.endpoints == graph.count("local")
    assert parts.long == graph.count("global")


@pytest.mark.parametrize(("board", "boards"), [(2, 2), (2, 4), (3, 3), (4, 2)])
def test_boards_have_the_cables_of_their_rows_and_columns(board: int, boards: int) -> None:
    graph = HammingMesh(board=board, boards=boards).graph()
    ends = graph.count("row") + graph.count("column")
    alone = board_parts(HammingMesh(board=board, boards=boards), radix=2 * boards)
    assert alone.switches == graph.count("switch")
    assert alone.short + alone.long == ends
    shared = board_parts(HammingMesh(board=board, boards=boards), radix=64)
    assert shared.switches < alone.switches
    assert (shared.short, shared.long) == (alone.short, alone.long)


def test_rows_longer_than_a_switch_take_a_tree_each() -> None:
    tree, rows = tree_parts(32, 16), row_parts(256, rows=8, ends=32, radix=16)
    assert rows.switches == 8 * tree.switches
    assert rows.long == 8 * (16 + tree.long)


@pytest.mark.parametrize(("side", "board"), [(4, 2), (6, 2), (6, 3), (8, 4)])
def test_a_torus_of_boards_cables_what_leaves_a_board(side: int, board: int) -> None:
    network = Torus(dims=(side, side))
    x, y = np.divmod(network.graph().ends, side)
    leaving = (x // board != np.roll(x // board, 1, axis=1)) | (y // board != np.roll(y // board, 1, axis=1))
    assert torus_parts(network, board).long == np.count_nonzero(leaving.any(axis=1))


def test_planes_share_endpoints() -> None:
    assert PlaneParts(8, 2, 8, 4).planes(3) == PlaneParts(8, 6, 24, 12)
