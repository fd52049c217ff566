"""Eigenvalues of a graph: how well it mixes, and from that a bound on any cut into halves."""

from typing import cast

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import eigsh

from lightloom.core.arrays import Floats
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.sparse import matrix

DENSE = 1024
"""Vertices up to which all eigenvalues are worked out at once."""
LARGEST = 20_000
"""Vertices up to which the outermost are looked for."""


def adjacency_second(graph: Graph) -> float:
    """Return the second largest eigenvalue of the adjacency matrix, capacities as weights.

    Raises:
        StudyError: The graph is too large.
    """
    weights = _weights(graph)
    if graph.vertices <= DENSE:
        return float(np.linalg.eigvalsh(weights.toarray())[-2])
    return float(np.sort(cast("Floats", eigsh(weights, k=2, which="LA", return_eigenvectors=False)))[0])


def laplacian_gap(graph: Graph) -> float:
    """Return the second smallest eigenvalue of the Laplacian (Fiedler), capacities as weights.

    Raises:
        StudyError: The graph is too large.
    """
    weights = _weights(graph)
    laplacian = csr_array(diags_array(np.asarray(weights.sum(axis=1)).ravel()) - weights)
    if graph.vertices <= DENSE:
        return float(np.linalg.eigvalsh(laplacian.toarray())[1])
    # Just below zero the shifted matrix can be factorised, and its smallest eigenvalues come first.
    near = cast("Floats", eigsh(laplacian, k=2, sigma=-1e-2, which="LM", return_eigenvectors=False))
    return float(np.sort(near)[1])


def bisection_bound(graph: Graph) -> float:
    """Return a capacity that any cut into halves of the vertices has at least.

    Raises:
        StudyError: The graph is too large.

    Leaves out: graphs with switches, whose halves are those of the terminals.
    Source: the gap times a quarter of the vertices (Fiedler 1973; Mohar 1989).
    """
    return laplacian_gap(graph) * graph.vertices / 4


def _weights(graph: Graph) -> csr_array:
    if graph.vertices > LARGEST:
        message = f"eigenvalues of {graph.vertices} vertices take too long"
        raise StudyError(Fault("", message, f"at most {LARGEST}"))
    return matrix(graph.arcs(), graph.vertices)
