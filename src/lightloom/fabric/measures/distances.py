"""How many links each terminal is from each, as one table: for graphs small enough to hold it."""

import numpy as np
from scipy.sparse.csgraph import shortest_path

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.sparse import matrix


def distances(graph: Graph) -> Integers:
    """Return (terminals, terminals) links from each terminal to each.

    Raises:
        StudyError: Some terminal cannot be reached.
    """
    arcs = graph.arcs()
    far = shortest_path(matrix(arcs, graph.vertices, np.ones(len(arcs))), unweighted=True)
    between = far[: graph.terminals, : graph.terminals]
    if np.isinf(between).any():
        source, target = (int(place[0]) for place in np.nonzero(np.isinf(between)))
        message = f"terminal {target} cannot be reached from terminal {source}"
        raise StudyError(Fault("", message, "add links until all terminals are joined"))
    return frozen(between.astype(np.int64))
