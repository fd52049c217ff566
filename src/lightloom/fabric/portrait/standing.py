"""What failures leave of a mesh: the part of it that some of its terminals still reach each other in."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.fabric import Mesh
from lightloom.fabric.measures.sparse import matrix


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """One of equal meshes, as far as it stands.

    Args:
        part: Which.
        mesh: What is left of it.
        whole: Whether that is all.
        vertex: (vertices,) vertex of the whole mesh each is, terminals first.
    """

    part: int
    mesh: Mesh
    whole: bool
    vertex: Integers


def standing(mesh: Mesh, part: int, terminals: Integers) -> Standing:
    """Return a part of a mesh without what its terminals cannot reach.

    Args:
        mesh: All equal parts.
        part: Which one.
        terminals: Those of it that reach each other.
    """
    ground = mesh.part(part)
    graph = ground.graph
    _, label = connected_components(matrix(graph.arcs(), graph.vertices), directed=False)
    kept = np.flatnonzero(label == label[terminals[0]])
    if len(kept) == graph.vertices:
        return Standing(part, replace(mesh, ground=ground, broken=()), ground is mesh.ground, frozen(kept))
    number = np.full(graph.vertices, -1)
    number[kept] = np.arange(len(kept))
    rows = (number[graph.ends] >= 0).all(axis=1)
    left = replace(
        graph,
        terminals=int(np.count_nonzero(kept < graph.terminals)),
        kind=frozen(graph.kind[kept]),
        level=frozen(graph.level[rows]),
        ends=frozen(number[graph.ends[rows]]),
        capacity=frozen(graph.capacity[rows]),
        automorphisms=(),
    )
    reached = replace(mesh, ground=replace(ground, graph=left, sides=()), broken=())
    return Standing(part, reached, whole=False, vertex=frozen(kept))
