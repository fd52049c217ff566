"""How many links each terminal is from each, as one table: for graphs small enough to hold it."""

import numpy as np
from scipy.sparse.csgraph import shortest_path

from lightloom.core.arrays import Floats, frozen
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.sparse import matrix


def distances(graph: Graph) -> Floats:
    """Return (terminals, terminals) links from each terminal to each, infinite where there is no way."""
    arcs = graph.arcs()
    far = shortest_path(matrix(arcs, graph.vertices, np.ones(len(arcs))), unweighted=True)
    return frozen(np.asarray(far[: graph.terminals, : graph.terminals], np.float64))
