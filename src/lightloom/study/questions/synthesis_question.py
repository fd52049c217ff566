"""What is asked of a search for a topology, and what cannot be asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.fabric.synthesis.families import FAMILIES
from lightloom.fabric.synthesis.family import Family

DEGREE = 6
CANDIDATES = 4000
SWITCH = "palomar"
ALL_TO_ALL = "all-to-all"
MOST_NODES = 8192
"""Nodes of which a minute finds something good."""
MOST_ENDS = 400_000
"""Nodes times degree up to which the programme is solved; see :mod:`lightloom.fabric.measures.flow`."""
MOST_CANDIDATES = 10_000_000


@dataclass(frozen=True, slots=True)
class SynthesisQuestion:
    """How large a topology is wanted, for what, and how hard to look.

    Args:
        nodes: How many, all of them terminals that relay.
        degree: Links of each node, all alike.
        traffic: What it is to carry best; ``all-to-all`` is what there is.
        candidates: Graphs whose distances are looked at, about; the best of them are solved.
        seed: Of what is drawn at random. The same question has the same answer.
        families: Names of those looked at; all if left out.
        pod: Whether to look only at what a pod of cubes makes.
        fresh: Whether to leave out the best found before, which are shipped.
        switch: Circuit switch that banks are counted of, a catalog name.
    """

    nodes: int
    degree: int = DEGREE
    traffic: str = ALL_TO_ALL
    candidates: int = CANDIDATES
    seed: int = 0
    families: tuple[str, ...] = ()
    pod: bool = False
    fresh: bool = False
    switch: str = SWITCH

    def kinds(self) -> tuple[type[Family], ...]:
        """Return the families looked at.

        Raises:
            StudyError: Something cannot be asked; every fault.
        """
        faults = [*self._sizes(), *self._search(), *self._names()]
        if faults:
            raise StudyError(faults)
        named = [FAMILIES[name] for name in self.families or FAMILIES]
        kinds = tuple(kind for kind in named if kind.of_pod or not self.pod)
        if not kinds:
            of_pod = ", ".join(name for name, kind in FAMILIES.items() if kind.of_pod)
            raise StudyError(Fault("families", "none of them is made by a pod of cubes", f"those are {of_pod}"))
        return kinds

    def _sizes(self) -> Iterator[Fault]:
        nodes, degree = self.nodes, self.degree
        if not 3 <= nodes <= MOST_NODES:
            close = f"the nearest is {min(max(nodes, 3), MOST_NODES)}"
            yield Fault("nodes", f"{nodes} is not a count from 3 to {MOST_NODES}", close)
        elif not 2 <= degree < nodes:
            message = f"{nodes} nodes have 2 to {nodes - 1} neighbours each, not {degree}"
            yield Fault("degree", message, f"the nearest is {min(max(degree, 2), nodes - 1)}")
        elif nodes % 2 and degree % 2:
            close = f"{nodes - 1} or {nodes + 1} nodes, or a degree of {_even(degree, nodes)}"
            yield Fault("degree", f"{nodes} nodes of {degree} links each have half a link left over", f"take {close}")
        elif nodes * degree > MOST_ENDS:
            message = f"{nodes} nodes of {degree} links each are too many to solve"
            yield Fault("degree", message, f"at {nodes} nodes, a degree of at most {MOST_ENDS // nodes}")

    def _search(self) -> Iterator[Fault]:
        if not 1 <= self.candidates <= MOST_CANDIDATES:
            message = f"{self.candidates} is not a count from 1 to {MOST_CANDIDATES}"
            yield Fault("candidates", message, f"such as {CANDIDATES}")
        if self.seed < 0:
            yield Fault("seed", f"{self.seed} is below 0", "such as 0")

    def _names(self) -> Iterator[Fault]:
        if self.traffic != ALL_TO_ALL:
            yield Fault("traffic", f"'{self.traffic:.30}' is not searched for", f"write {ALL_TO_ALL}")
        for name in self.families:
            if name not in FAMILIES:
                yield Fault("families", f"no family is called '{name:.30}'", nearest(name, FAMILIES))


def _even(degree: int, nodes: int) -> str:
    """Return the even degrees beside an odd one that so many nodes can have."""
    return " or ".join(str(each) for each in (degree - 1, degree + 1) if 2 <= each < nodes)
