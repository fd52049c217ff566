"""How close nodes can be at best: the Moore bound on mean hops, and what it leaves of all-to-all traffic."""

from lightloom.core.errors import Fault, StudyError


def mean_hops_bound(nodes: int, degree: int) -> float:
    """Least mean hops from a node to the others that any regular graph of that degree can have.

    Args:
        nodes: How many, at least 2.
        degree: Links of each, at least 1 (at least 2 for more than two nodes).

    Raises:
        StudyError: No connected graph of that degree has so many nodes.

    Leaves out: whether a graph reaches it; few do.
    Source: the Moore bound: at most r (r-1)^(k-1) nodes are k hops away.
    """
    if nodes < 2 or degree < 1 or (degree == 1 and nodes > 2):
        message = f"no connected graph of degree {degree} has {nodes} nodes"
        raise StudyError(Fault("", message, "at least 2 nodes, and a degree of at least 2 for more"))
    others, left, total, layer = nodes - 1, nodes - 1, 0, degree
    for hops in range(1, nodes):
        reached = min(left, layer)
        total, left, layer = total + hops * reached, left - reached, layer * (degree - 1)
        if not left:
            break
    return total / others


def all_to_all_bound(nodes: int, degree: int) -> float:
    """Least load of the busiest link when every ordered pair exchanges 1 unit over links of capacity 1.

    Every unit takes at least as many link passes as there are hops, and there are ``nodes * degree`` directed links.

    Raises:
        StudyError: As for :func:`mean_hops_bound`.
    """
    return (nodes - 1) * mean_hops_bound(nodes, degree) / degree
