"""The narrowest place between two halves of the terminals, exact, as an integer programme for small graphs."""

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from lightloom.core.arrays import Booleans, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph

LARGEST = 80
"""Vertices up to which the search ends within a minute or so."""
PATIENCE = 120.0
"""Seconds after which it is given up."""


@dataclass(frozen=True, slots=True, eq=False)
class Bisection:
    """Two halves with the least between them.

    Args:
        capacity: From one to the other, one way, in units of the capacities.
        inside: (vertices,) which are in one of them.
    """

    capacity: float
    inside: Booleans


def bisection(graph: Graph) -> Bisection:
    """Return the least capacity between two halves of equally many terminals; of an odd number one has one more.

    Args:
        graph: Undirected, at most 80 vertices.

    Raises:
        StudyError: It is larger, or takes too long.
    """
    count, links = graph.vertices, graph.links
    if count > LARGEST:
        message = f"an exact bisection of {count} vertices takes too long"
        raise StudyError(Fault("", message, f"at most {LARGEST}; larger ones only where a formula is known"))
    # A link counts as cut (the last unknowns) when its ends (the first ones) lie apart.
    link, ones = np.arange(links), np.ones(links)
    first, second = graph.ends.T
    rows = np.concatenate([link, link, link, links + link, links + link, links + link])
    columns = np.concatenate([first, second, count + link, second, first, count + link])
    signs = np.concatenate([ones, -ones, -ones, ones, -ones, -ones])
    apart = coo_array((signs, (rows, columns)), shape=(2 * links, count + links))
    half = np.zeros((1, count + links))
    half[0, : graph.terminals] = 1.0
    highest = np.ones(count + links)
    highest[0] = 0.0  # the two halves are alike: terminal 0 is in the second
    found = milp(
        np.concatenate([np.zeros(count), graph.capacity]),
        integrality=np.repeat([1, 0], [count, links]),
        bounds=Bounds(np.zeros(count + links), highest),
        constraints=[
            LinearConstraint(cast("Any", apart), ub=0.0),  # sparse ones are taken too
            LinearConstraint(half, graph.terminals // 2, -(-graph.terminals // 2)),
        ],
        options={"time_limit": PATIENCE},
    )
    if found.x is None or found.status != 0:
        message = f"the bisection of {count} vertices was not found in {PATIENCE:g} s"
        raise StudyError(Fault("", message, "take a smaller graph"))
    inside = np.rint(found.x[:count]).astype(np.bool_)
    crossing = inside[first] != inside[second]
    return Bisection(float(graph.capacity[crossing].sum()), frozen(inside))
