"""Which topology of so many nodes and links carries all-to-all traffic best, and whether circuits can make it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lightloom.catalog import products
from lightloom.catalog.loading import figures_of, names
from lightloom.core.errors import Fault, StudyError
from lightloom.core.provenance import Source
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.synthesis.cubes import EDGE
from lightloom.fabric.synthesis.family import Family
from lightloom.fabric.synthesis.judged import Judged, judge
from lightloom.fabric.synthesis.search import Found, search
from lightloom.fabric.synthesis.stored import stored
from lightloom.fabric.synthesis.tori import rectangular, twisted
from lightloom.fabric.synthesis.wiring import banks
from lightloom.study.questions.synthesis_question import SynthesisQuestion
from lightloom.study.questions.synthesis_words import assumptions, sentences

FOLDER = "circuit-switches"


@dataclass(frozen=True, slots=True, eq=False)
class Torus:
    """A torus of as many nodes and links.

    Args:
        name: Its kind and sides.
        load: Of its busiest link.
    """

    name: str
    load: float


@dataclass(frozen=True, slots=True, eq=False)
class Synthesis:
    """The answer.

    Args:
        question: What was asked.
        found: What the search found.
        judged: The best, measured.
        tori: Those it is held against.
        switches: Circuit switches of the catalog by name.
    """

    question: SynthesisQuestion
    found: Found
    judged: Judged
    tori: tuple[Torus, ...]
    switches: dict[str, CircuitSwitch]

    @property
    def topology(self) -> Family:
        """The best found."""
        return self.judged.topology

    @property
    def shipped(self) -> bool:
        """Whether it is one that was found before."""
        return not self.question.fresh and any(one.family() == self.topology for one in stored())

    @property
    def sources(self) -> tuple[Source, ...]:
        """Documents behind the figures used: how many ports circuit switches have."""
        figures = [
            figure
            for switch in self.switches.values()
            for key, figure in figures_of(switch)
            if key == "ports_usable" and figure.source is not None
        ]
        return tuple(sorted({figure.source for figure in figures if figure.source is not None}))

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``synthesis/1``: plain data."""
        answer = self._facts()
        return {
            **answer,
            "verdict": list(sentences(answer)),
            "assumptions": list(assumptions()),
            "sources": [{"id": one.id, "title": one.title, "where": one.where} for one in self.sources],
        }

    def edge_list(self) -> str:
        """Return the links as a file that ``topology: custom`` takes: a line each, two numbers from 0."""
        told = self.topology.words()
        lines = [f"{first} {second}" for first, second in self.judged.edges.tolist()]
        head = f"# {self.topology.nodes} nodes of {self.topology.degree} links, {self.topology.kind}: {told}"
        return "\n".join([head, f"# all-to-all load {self.judged.load:.9g}", *lines]) + "\n"

    def _facts(self) -> dict[str, Any]:
        question, judged, topology = self.question, self.judged, self.topology
        parameters = topology.model_dump(mode="json")
        return {
            "schema": "synthesis/1",
            "asked": {
                "nodes": question.nodes,
                "degree": question.degree,
                "traffic": question.traffic,
                "candidates": question.candidates,
                "seed": question.seed,
                "families": [kind.kind for kind in question.kinds()],
                "pod": question.pod,
                "fresh": question.fresh,
            },
            "best": {
                "family": parameters.pop("family"),
                "parameters": parameters,
                "words": topology.words(),
                "links": len(judged.edges),
                "diameter": judged.hops.diameter,
                "mean_hops": judged.hops.mean,
                "load": judged.load,
                "distance_bound": judged.bound,
                "equal_split_load": judged.split,
                "all_gather_bound": judged.all_gather,
                "edges": judged.edges.tolist(),
            },
            "moore": {"mean_hops": judged.moore_hops, "load": judged.moore, "gap_share": judged.gap},
            "against": [
                {"name": torus.name, "load": torus.load, "gain": torus.load / judged.load} for torus in self.tori
            ],
            "search": {
                "looked_at": self.found.looked_at,
                "solved": self.found.solved,
                "best_of_them": self.found.proved,
                "shipped": self.shipped,
            },
            "recheck": {"load": judged.again, "sources": judged.sources},
            "wiring": self._wiring(),
        }

    def _wiring(self) -> dict[str, Any]:
        planes, name = self.topology.planes(), self.question.switch
        usable = round(self.switches[name].ports_usable.value)
        held = banks(planes, usable)
        reason = self.topology.cube_rule(EDGE)
        return {
            "banks": len(planes),
            "ports_needed": held.ports,
            "whole_with": [other for other, ports in self._ports() if ports >= held.ports],
            "switch": name,
            "ports_usable": usable,
            "whole": held.whole,
            "possible": held.switches > 0,
            "switches": held.switches,
            "ports_used": held.split_ports,
            "cubes": {"edge": EDGE, "possible": not reason, "reason": reason},
        }

    def _ports(self) -> Iterator[tuple[str, int]]:
        """Yield circuit switches and their ports, the smallest first."""
        ports = [(name, round(switch.ports_usable.value)) for name, switch in self.switches.items()]
        yield from sorted(ports, key=lambda each: (each[1], each[0]))


def synthesize(nodes: int | SynthesisQuestion, degree: int = 6, **asked: Any) -> Synthesis:  # noqa: ANN401 # those of the question
    """Search families of symmetric graphs for the one that carries all-to-all traffic best.

    Args:
        nodes: How many, or the whole question.
        degree: Links of each node.
        asked: Others of :class:`SynthesisQuestion`, such as ``candidates`` or ``seed``.

    Raises:
        StudyError: No graph is like that, or something cannot be asked; every fault at once.
        CatalogError: There is no such circuit switch.

    Leaves out: graphs without symmetry, of which some are a little better; packets, queues and collisions.
    """
    question = nodes if isinstance(nodes, SynthesisQuestion) else SynthesisQuestion(nodes, degree, **asked)
    kinds = question.kinds()
    switches = {name: products.circuit_switch(name) for name in {*names(FOLDER), question.switch}}
    found = search(
        question.nodes,
        question.degree,
        kinds,
        candidates=question.candidates,
        seed=question.seed,
        known=() if question.fresh else tuple(_known(question, kinds)),
    )
    if found is None:
        raise StudyError(_none(question, kinds))
    return Synthesis(question, found, judge(found.best.topology, found.best.load), tuple(_tori(question)), switches)


def _known(question: SynthesisQuestion, kinds: tuple[type[Family], ...]) -> Iterator[Family]:
    """Yield what was found before of that size and those families."""
    for one in stored():
        if (one.nodes, one.degree) == (question.nodes, question.degree) and isinstance(one.family(), kinds):
            yield one.family()


def _none(question: SynthesisQuestion, kinds: tuple[type[Family], ...]) -> Fault:
    looked = ", ".join(kind.kind for kind in kinds)
    message = f"of {question.nodes} nodes and degree {question.degree} there is none in {looked}"
    if question.pod:
        cubes = max(2, round(question.nodes / 64))
        return Fault(
            "nodes", message, f"a pod makes grids of degree 6 of whole cubes of 64, such as {64 * cubes} nodes"
        )
    return Fault("families", message, "look in all of them")


def _tori(question: SynthesisQuestion) -> Iterator[Torus]:
    """Yield the rectangular torus and the twisted one of that size, where there are."""
    plain, turned = rectangular(question.nodes, question.degree), twisted(question.nodes, question.degree)
    if plain is not None:
        yield Torus(f"torus {'x'.join(map(str, plain.dims))}", plain.known()["all_to_all"])
    if turned is not None:
        yield Torus(f"twisted torus {'x'.join(map(str, turned.dims))}", all_to_all(turned.graph()).load)
