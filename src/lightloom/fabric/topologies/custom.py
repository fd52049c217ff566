"""Custom: a network as somebody drew it, from a file or written out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.drawings.drawing import MOST_CABLES, SWITCHES, TERMINALS, Drawing, DrawnJoin, DrawnVertex, misfits
from lightloom.fabric.graph import Graph

UNRATED = "link"
"""Level of the links whose rate the drawing leaves to ``link_rate``."""

Pattern = Annotated[str, Field(min_length=1, max_length=200)]


class Custom(DirectNetwork):
    """Vertices by name, and the cables between them.

    A vertex is a terminal, which sends and receives (an endpoint, or with ``hosts`` a router of endpoints), or a switch
    that only relays. Links of each rate are a level of the graph, called after the rate; those without one are
    ``link``.

    Args:
        file: GraphML, NetBox's cables (JSON or CSV), a table or a list of edges; its path relative to the study.
        drawing: The same, written out here.
        terminals: Which vertices are terminals: the first so many, or those whose name or kind fits a pattern such as
            ``gpu-*``; left out: by their kind, or all of them where none has one.
        per_terminal: Endpoints that each terminal of the drawing stands for, such as the network cards of a server; its
            cables are dealt to them in turn.
    """

    kind: ClassVar[str] = "custom"

    topology: Literal["custom"] = "custom"
    file: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    drawing: Drawing | None = None
    terminals: Annotated[Count, Field(ge=1)] | Pattern | None = None
    per_terminal: Annotated[Count, Field(ge=1, le=1000)] = 1

    def build(self) -> Graph:
        """Join what is drawn; see :class:`DirectNetwork`."""
        drawn = self._drawn
        return Graph.of(
            {"terminal": drawn.terminals, "switch": drawn.vertices - drawn.terminals},
            {name: drawn.ends[drawn.level == level] for level, name in enumerate(drawn.levels)},
            capacity={name: drawn.cables[drawn.level == level] for level, name in enumerate(drawn.levels)},
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`."""
        drawn = self._drawn
        between = int((drawn.ends >= drawn.terminals).all(axis=1).sum())
        known = {"terminals": drawn.terminals, "switches": drawn.vertices - drawn.terminals, "links": len(drawn.ends)}
        return {**known, "switch_links": between}

    def level_rate(self, level: str) -> float | None:
        """Rate of one cable, bytes/s one way, as drawn; see :class:`MeshTopology`."""
        return dict(zip(self._drawn.levels, self._drawn.rates, strict=True))[level] or super().level_rate(level)

    def lengths(self, graph: Graph) -> Floats | None:  # noqa: ARG002 - of the drawing
        """(links,) m, NaN where not drawn; see :class:`MeshTopology`."""
        found = self._drawn.lengths
        return None if np.isnan(found).all() else found

    @property
    def _drawn(self) -> "_Drawn":
        return _drawn(self)  # pyright: ignore[reportArgumentType] - frozen models are hashable, which their type hides

    def refusals(self) -> Iterable[Fault]:
        """Refuse drawings that are none, or not of one piece."""
        if self.drawing is None or self.file is not None:
            message = "is missing" if self.drawing is None else "is there beside a drawing"
            yield Fault("file", message, "write one of the two, such as file: net.graphml")
            return
        wrong = [Fault(f"drawing.{each.part}.{each.place}", each.message, each.hint) for each in misfits(self.drawing)]
        wrong += self._unclear()
        yield from wrong
        if not wrong:
            yield from self._unjoined(self.drawing)

    def _unclear(self) -> Iterator[Fault]:
        """Say what leaves open which vertices are terminals."""
        drawing = self.drawing
        if drawing is None:
            return
        names, kinds = drawing.names, drawing.kinds
        if isinstance(self.terminals, int) and self.terminals > len(names):
            yield Fault("terminals", f"there are {len(names)} vertices, not {self.terminals}", f"at most {len(names)}")
        elif self.terminals is None:
            odd = {kind: name for name, kind in reversed(kinds.items()) if kind not in TERMINALS | SWITCHES}
            for kind, name in reversed(odd.items()):
                message = f"'{name:.60}' is a '{kind}', which may be a terminal or a switch"
                yield Fault("terminals", message, "write, for example, terminals: gpu-*")
            if not odd and not _terminals(self).any():
                yield Fault("terminals", "none of the vertices is an endpoint", "write, for example, terminals: gpu-*")
        elif not _terminals(self).any():
            message = f"no name or kind of a vertex fits '{self.terminals}'"
            yield Fault("terminals", message, f"the first is called '{names[0]:.60}'" if names else "draw some")

    def _unjoined(self, drawing: Drawing) -> Iterator[Fault]:
        """Say which terminals cannot reach the others, and whose cables cannot be dealt out."""
        many = sum(join.cables for join in drawing.joins)
        if self.per_terminal > 1 and many > MOST_CABLES:
            yield Fault("per_terminal", f"{many} cables are too many to deal out", f"at most {MOST_CABLES}")
            return
        names = drawing.names
        is_terminal = _terminals(self)
        ends = _ends(drawing)
        cables = np.array([join.cables for join in drawing.joins], np.float64)
        taken = np.bincount(ends.ravel(), np.repeat(cables, 2), len(names)).astype(np.int64)
        for place in np.flatnonzero(is_terminal & (taken % self.per_terminal > 0))[:_FEW]:
            message = (
                f"{taken[place]} cables of '{names[place]:.60}' are no equal shares of {self.per_terminal} endpoints"
            )
            yield Fault("per_terminal", message, "write a divisor of the cables at every terminal")
        graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(names), len(names)))
        _, label = connected_components(graph, directed=False)
        own = label[is_terminal]
        main = int(np.bincount(own).argmax())
        lost = np.flatnonzero(is_terminal & (label != main))
        if len(lost):
            shown = ", ".join(f"'{names[place]:.40}'" for place in lost[:_FEW])
            first = names[int(np.flatnonzero(is_terminal & (label == main))[0])]
            message = f"{len(lost)} of {len(own)} terminals cannot reach '{first:.40}': {shown}"
            yield Fault("file", f"{message}{', …' if len(lost) > _FEW else ''}", "join every part to the others")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a path, leaves and a spine, servers of two cards each, hosts that relay, and rates of their own."""
        leaves = [DrawnJoin(a=f"gpu-{number}", b=f"leaf-{number % 2}") for number in range(6)]
        spines = [DrawnJoin(a=f"leaf-{number}", b="spine", cables=2) for number in range(2)]
        cards = [DrawnJoin(a=f"server-{number}", b="leaf", cables=2) for number in range(2)]
        path = [DrawnJoin(a="0", b="1"), DrawnJoin(a="1", b="2"), DrawnJoin(a="2", b="1")]
        listed = [DrawnVertex(name=name, kind=kind) for name, kind in (("s", "switch"), ("x", "GPU"), ("y", "host"))]
        star = (DrawnJoin(a="x", b="s"), DrawnJoin(a="y", b="x"))
        rated = [{"a": f"leaf-{number}", "b": "spine", "rate": "800 Gb/s", "length": "30 m"} for number in range(2)]
        mixed = Drawing.model_validate({"joins": (*(join.model_dump(exclude_unset=True) for join in leaves), *rated)})
        return [
            cls(drawing=Drawing(joins=tuple(path))),
            cls(drawing=Drawing(joins=(*leaves, *spines)), terminals="gpu-*"),
            cls(drawing=Drawing(joins=tuple(cards)), terminals="server-*", per_terminal=2),
            cls(drawing=Drawing(vertices=tuple(listed), joins=star)),
            cls(drawing=mixed, terminals="gpu-*"),
        ]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return one for each refusal."""
        pair = Drawing(joins=(DrawnJoin(a="x", b="y"),))
        apart = Drawing(joins=(DrawnJoin(a="x", b="y"), DrawnJoin(a="v", b="w")))
        listed = (DrawnVertex(name="x", kind="leaf"), DrawnVertex(name="y", kind="leaf"))
        odd = (DrawnVertex(name="x", kind="thing"), DrawnVertex(name="y", kind="leaf"))
        return [
            cls(),
            cls(file="net.graphml", drawing=pair),
            cls(drawing=apart),
            cls(drawing=pair, terminals=3),
            cls(drawing=pair, terminals="gpu-*"),
            cls(drawing=Drawing(vertices=listed, joins=pair.joins)),
            cls(drawing=Drawing(vertices=odd, joins=pair.joins)),
            cls(drawing=Drawing(vertices=(*listed, listed[0]), joins=pair.joins), terminals=2),
            cls(drawing=Drawing(joins=(*pair.joins, DrawnJoin(a="x", b="x")))),
            cls(drawing=Drawing(vertices=listed, joins=(DrawnJoin(a="x", b="z"),)), terminals=2),
            cls(drawing=pair, per_terminal=2),
        ]


_FEW = 5
"""Names shown in a message."""


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """A drawing as arrays, links in the order of their levels.

    Args:
        terminals: They come first.
        vertices: All of them.
        levels: What links are called.
        rates: Of each level, bytes/s one way; 0 where the drawing does not say.
        level: (links,) index.
        ends: (links, 2).
        cables: (links,).
        lengths: (links,) m; NaN where the drawing does not say.
    """

    terminals: int
    vertices: int
    levels: tuple[str, ...]
    rates: tuple[float, ...]
    level: Integers
    ends: Integers
    cables: Floats
    lengths: Floats


@lru_cache(maxsize=8)
def _drawn(topology: Custom) -> _Drawn:
    drawing = topology.drawing or Drawing(joins=())
    is_terminal, each = _terminals(topology), topology.per_terminal
    terminals = int(is_terminal.sum()) * each
    number = np.where(is_terminal, (np.cumsum(is_terminal) - 1) * each, terminals + np.cumsum(~is_terminal) - 1)
    ends, cables = _ends(drawing), np.array([join.cables for join in drawing.joins], np.int64)
    rate = np.array([join.rate or 0.0 for join in drawing.joins])
    length = np.array([join.length or np.nan for join in drawing.joins])
    places = number[ends]
    if each > 1:
        places, rate, length = (np.repeat(column, cables, axis=0) for column in (places, rate, length))
        places = places + _dealt(np.repeat(ends, cables, axis=0), is_terminal, each)
        cables = np.ones(len(places), np.int64)
    rates, level = np.unique(rate, return_inverse=True)
    columns = np.stack([level, *np.sort(places, axis=1).T, np.where(np.isnan(length), -1.0, length)])
    links, which = np.unique(columns, axis=1, return_inverse=True)
    return _Drawn(
        terminals=terminals,
        vertices=terminals + int((~is_terminal).sum()),
        levels=tuple(f"{one * 8e-9:g} Gb/s" if one else UNRATED for one in rates.tolist()),
        rates=tuple(rates.tolist()),
        level=frozen(links[0].astype(np.int64)),
        ends=frozen(links[1:3].T.astype(np.int64)),
        cables=frozen(np.bincount(which.ravel(), cables).astype(np.float64)),
        lengths=frozen(np.where(links[3] < 0, np.nan, links[3])),
    )


def _ends(drawing: Drawing) -> Integers:
    """(joins, 2) Vertices each joins, in the order of the drawing."""
    place = {name: number for number, name in enumerate(drawing.names)}
    return np.array([(place[join.a], place[join.b]) for join in drawing.joins], np.int64).reshape(-1, 2)


def _dealt(ends: Integers, is_terminal: Booleans, each: int) -> Integers:
    """(cables, 2) Endpoint of its terminal that takes each end of a cable, in turn; 0 at switches."""
    flat = ends.ravel()
    order = np.argsort(flat, kind="stable")
    first = np.searchsorted(flat[order], flat[order])
    turn = np.empty_like(flat)
    turn[order] = np.arange(len(flat)) - first
    return np.where(is_terminal[ends], turn.reshape(ends.shape) % each, 0)


def _terminals(topology: Custom) -> Booleans:
    """(vertices,) Which vertices of the drawing are terminals."""
    drawing, asked = topology.drawing or Drawing(joins=()), topology.terminals
    names, kinds = drawing.names, drawing.kinds
    if isinstance(asked, int):
        return np.arange(len(names)) < asked
    if isinstance(asked, str):
        fits = [fnmatchcase(name, asked) or fnmatchcase(kinds.get(name, ""), asked.lower()) for name in names]
        return np.array(fits, np.bool_)
    if any(kind in TERMINALS for kind in kinds.values()):
        return np.array([kinds.get(name) in TERMINALS for name in names], np.bool_)
    return np.array([name not in kinds for name in names], np.bool_)
