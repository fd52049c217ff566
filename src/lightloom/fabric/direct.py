"""What a topology built as one graph is: its shape, the graph, and what is known of it in closed form."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Field

from lightloom.core.errors import Fault, StudyError
from lightloom.core.specs import Spec
from lightloom.core.units import Count
from lightloom.fabric.graph import Graph
from lightloom.fabric.mesh_layout import most_cables
from lightloom.fabric.mesh_topology import MeshTopology
from lightloom.fabric.topology import Setting

LARGEST = 20_000_000
"""Links above which no graph is built: a gigabyte."""


SET_UP = 4
"""Shapes of a kind that are tried as networks of a cluster; the laws of graphs are tried on all."""


Side: TypeAlias = Annotated[Count, Field(ge=1)]
"""A count of at least one."""


class DirectTopology(Spec, ABC):
    """Terminals joined to each other or by switches, as one graph; a subclass is one file and one registry line.

    A subclass has the parameters of its shape, with defaults for all others, so that the shape alone can be measured.
    """

    kind: ClassVar[str]

    @abstractmethod
    def build(self) -> Graph:
        """Return the graph of parameters that :meth:`refusals` let pass."""

    @abstractmethod
    def closed_form(self) -> Mapping[str, float]:
        """Return what is known without a graph, for parameters that :meth:`refusals` let pass.

        Always ``terminals``, ``switches`` (vertices that are none) and ``links``; where known ``switch_links`` (of no
        terminal), ``diameter``, ``mean_hops``, ``bisection``, ``all_to_all`` (load of the busiest link when every
        ordered pair exchanges 1 unit) and ``all_gather`` (message over time), the last three in the unit of capacities.
        """

    def refusals(self) -> Iterable[Fault]:
        """Say what is impossible about the parameters, and the nearest values that are possible."""
        return ()

    @classmethod
    @abstractmethod
    def shapes(cls) -> Sequence[Self]:
        """Small, odd and whole cases on which the laws are tried."""

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return cases that are refused, one for each refusal."""
        return ()

    def checked(self) -> Self:
        """Return the topology itself.

        Raises:
            StudyError: It is impossible; every fault, keys relative to the topology's own section.
        """
        faults = tuple(self.refusals())
        if faults:
            raise StudyError(faults)
        return self

    def known(self) -> Mapping[str, float]:
        """Return :meth:`closed_form` of possible parameters.

        Raises:
            StudyError: They are impossible.
        """
        return self.checked().closed_form()

    def graph(self) -> Graph:
        """Return the graph.

        Raises:
            StudyError: The parameters are impossible, or the graph is too large to build.
        """
        links = self.known()["links"]
        if links > LARGEST:
            message = f"'{self.kind}' of these parameters has {links:.0f} links"
            raise StudyError(Fault("", message, f"at most {LARGEST} are built"))
        return self.build()


class DirectNetwork(DirectTopology, MeshTopology):
    """One that a study can take as a network of its cluster, of routers with hosts or of the endpoints themselves."""

    @classmethod
    def specimens(cls) -> Sequence[tuple[Self, Setting]]:
        """Set shapes up as routers of two hosts each, where all vertices are alike, and as domains of endpoints."""
        found: list[tuple[Self, Setting]] = []
        for shape in cls.shapes()[:SET_UP]:
            graph = shape.graph()
            relays = graph.vertices > graph.terminals
            ports = most_cables(graph) + 2
            if not relays:
                routers = shape.model_copy(update={"switch": "plain", "hosts": 2})
                found.append((routers, Setting.plain(2 * graph.terminals - 1, ports)))
            own = shape.model_copy(update={"switch": "plain" if relays else "", "hosts": 0})
            found.append((own, Setting.plain(2 * graph.terminals, 64 * ports, domain="scale_up")))
        return found
