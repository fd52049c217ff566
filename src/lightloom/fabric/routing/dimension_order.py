"""Dimension order: on a grid, the first axis is put right before the second, and so on; each axis the shorter way."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.ecmp import Loads, loads
from lightloom.fabric.routing.routing import Ground, Routing, Way, steps_first, terminals_only
from lightloom.fabric.routing.shortest import Nearer


class DimensionOrder(Routing):
    """Axis by axis on a torus, a mesh or a generalised hypercube; half way round, both directions get the half.

    Source: Dally and Towles, "Principles and Practices of Interconnection Networks", 2004, section 8.4.
    """

    kind: ClassVar[str] = "dimension-order"
    title: ClassVar[str] = "axis by axis, the shorter way round"

    def loads(self, ground: Ground, demand: Floats | None = None) -> Loads:
        """Return what every directed link carries; see :class:`Routing`."""
        graph = ground.graph
        _grid_only(ground)
        arcs = graph.arcs()
        flow = np.zeros(len(arcs))
        keys = arcs.tail * graph.vertices + arcs.head
        for axis, wanted in enumerate(_by_axis(ground, demand)):
            found = loads(_of_axis(graph, axis), wanted)
            own = np.searchsorted(keys, found.arcs.tail * graph.vertices + found.arcs.head)
            flow[own] += found.flow
        return Loads(arcs, frozen(flow))

    def ways(self, ground: Ground, source: int, target: int) -> Iterator[Way]:
        """Yield the ways between two terminals; see :class:`Routing`."""
        terminals_only(ground.graph, source, target)
        _grid_only(ground)
        turns = [int(turn) for turn in _turns(ground.sides, np.array([source]), np.array([target]))[:, 0]]
        found = [Way((source,), 1.0)]
        for axis, (here, there) in enumerate(itertools.pairwise(turns)):
            if here == there:
                continue
            legs = list(steps_first(here, there, Nearer(_of_axis(ground.graph, axis), there, "even", here)))
            found = [Way(way.vertices + leg.vertices[1:], way.share * leg.share) for way in found for leg in legs]
        yield from sorted(found, key=lambda way: -way.share)


def _grid_only(ground: Ground) -> None:
    graph = ground.graph
    grid = int(np.prod(ground.sides)) if ground.sides else 0
    if grid != graph.vertices or len(graph.levels) != len(ground.sides) or graph.terminals != graph.vertices:
        message = "dimension order needs a grid of terminals, such as a torus or HyperX"
        raise StudyError(Fault("routing", message, "choose ecmp"))


def _of_axis(graph: Graph, axis: int) -> Graph:
    rows = graph.level == axis
    return replace(
        graph,
        levels=(graph.levels[axis],),
        level=frozen(np.zeros(int(rows.sum()), np.int64)),
        ends=frozen(graph.ends[rows]),
        capacity=frozen(graph.capacity[rows]),
        automorphisms=(),
    )


def _turns(sides: tuple[int, ...], source: Integers, target: Integers) -> Integers:
    """Return (axes + 1, pairs) where each pair's traffic is once the first axes are right."""
    here = np.stack(np.unravel_index(source, sides))
    there = np.stack(np.unravel_index(target, sides))
    turns = [source]
    for axis in range(len(sides)):
        here = np.concatenate([there[: axis + 1], here[axis + 1 :]])
        turns.append(np.asarray(np.ravel_multi_index(tuple(here), sides), np.int64))
    return np.stack(turns).astype(np.int64)


def _by_axis(ground: Ground, demand: Floats | None) -> Iterator[Floats]:
    """Yield (terminals, terminals) units each axis has to move, between vertices that differ on it alone."""
    many = ground.graph.terminals
    wanted = np.ones((many, many)) if demand is None else demand
    source, target = np.nonzero(wanted)
    units = wanted[source, target]
    turns = _turns(ground.sides, source, target)
    for here, there in itertools.pairwise(turns):
        moved: Floats = np.zeros((many, many))
        np.add.at(moved, (here, there), units)
        np.fill_diagonal(moved, 0.0)
        yield moved
