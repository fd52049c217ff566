"""The switches and cables of one network of a fabric, by the names that labels and schedules give them."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lightloom.core.arrays import Booleans, Integers
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.random import stream
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.failed.spec import DrawSpec
from lightloom.fabric.labels import fabric_of, labelled, plain
from lightloom.fabric.laying.names import PREFIX, numbered
from lightloom.fabric.wiring import Domain

_LABEL = re.compile(r"([a-z][a-z0-9-]*)-(\d{1,9})(?:\.(\d{1,6}))?", re.ASCII)
SEVERAL = ("scale-up", "circuit")
"""Kinds whose vertices may stand for several equal switches, each of which takes an equal share of every cable."""
CIRCUIT = "circuit"
ALL = -1
"""In place of one of the switches that a vertex stands for."""


class Switch(NamedTuple):
    """One switch by its label, its vertex, and which of those that the vertex stands for it is, or ``ALL``."""

    label: str
    vertex: int
    box: int


class Cable(NamedTuple):
    """One cable by its label, its level, and its number in it from 0."""

    label: str
    level: str
    number: int


@dataclass(frozen=True, eq=False)
class Elements:
    """Switches and cables of one network.

    Args:
        fabric: Whole.
        domain: Which of its networks.
        name: Which scale-out fabric; empty for the main one, and for other domains.
    """

    fabric: Fabric
    domain: Domain
    name: str = ""

    @cached_property
    def own(self) -> Booleans:
        """(levels,) Whether a level of the wiring is of this network."""
        levels = self.fabric.wiring.levels
        return np.array([of == self.domain and fabric_of(level) == self.name for of, level in levels], np.bool_)

    @cached_property
    def switches(self) -> dict[str, Integers]:
        """Vertices of each kind, in the order of the numbers on their labels; -1 for those of other networks."""
        wiring = self.fabric.wiring
        own, taken = np.zeros((2, wiring.vertices), np.bool_)
        taken[: wiring.endpoints] = True
        for level, here in enumerate(self.own):
            ends = np.unique(wiring.ends[wiring.level == level])
            own[ends[~taken[ends]]] = here
            taken[ends] = True
        found: dict[str, Integers] = {}
        for kind in dict.fromkeys(wiring.kinds[1:]):
            places = [place for place, each in enumerate(wiring.kinds) if each == kind and place > 0]
            vertices = np.flatnonzero(np.isin(wiring.kind, places))
            if own[vertices].any():
                found[_word(kind)] = np.where(own[vertices], vertices, -1)
        return found

    @cached_property
    def boxes(self) -> dict[str, int]:
        """How many switches a vertex of each kind stands for."""
        found = dict.fromkeys(self.switches, 1)
        for kind in SEVERAL:
            level = labelled(self.name, kind)
            word = _word(level)
            if word not in found:
                continue
            items = [item for item in self.fabric.inventory if (item.domain, item.level) == (self.domain, level)]
            bought = sum(item.count for item in items if item.role != "circuit-port")
            found[word] = max(bought // int(np.count_nonzero(self.switches[word] >= 0)), 1)
        return found

    def several(self, vertex: int) -> int:
        """Return how many switches a vertex stands for."""
        wiring = self.fabric.wiring
        return self.boxes[_word(wiring.kinds[int(wiring.kind[vertex])])]

    @cached_property
    def cables(self) -> dict[str, Integers]:
        """Row of the wiring of each cable, by level, in the order of the numbers on their labels.

        Links that are part of nodes have no label, and are numbered by themselves where a level has no others.
        """
        wiring = self.fabric.wiring
        found: dict[str, Integers] = {}
        for level in np.flatnonzero(self.own):
            rows = np.flatnonzero(wiring.level == level)
            laid = rows[self._laid[rows]]
            if len(rows):
                chosen = laid if len(laid) else rows
                found[_word(wiring.levels[level][1])] = np.repeat(chosen, self.each[chosen])
        return found

    @cached_property
    def each(self) -> Integers:
        """(edges,) Cables of each row of the wiring.

        Several may lie side by side in place of one; a leg to a circuit switch is one.
        """
        wiring, table = self.fabric.wiring, self.fabric.cables.table
        wired = np.bincount(wiring.link_class, wiring.multiplicity, len(table))
        many = np.rint(table.count / np.maximum(wired, 1.0)).astype(np.int64)
        glass = np.array([plain(kind) == CIRCUIT for kind in wiring.kinds], np.bool_)
        leg = glass[wiring.kind[wiring.ends[:, 1]]]
        return wiring.multiplicity * np.where(leg, 1, np.maximum(many[wiring.link_class], 1))

    def named_switches(self, labels: Sequence[str], key: str) -> tuple[list[Switch], list[Fault]]:
        """Return switches by their names, and what is wrong with the names."""
        found: list[Switch] = []
        faults: list[Fault] = []
        for place, label in enumerate(labels):
            word, number, box = _parts(label)
            vertices = self.switches.get(word)
            if vertices is None:
                message = f"no switch of this network is called '{label}'"
                faults.append(Fault(f"{key}.{place}", message, self._meant(label) or self._known()))
            elif not 1 <= number <= len(vertices) or vertices[number - 1] < 0 or box > self.boxes[word]:
                faults.append(Fault(f"{key}.{place}", f"there is no '{label}' in this network", self._range(word)))
            else:
                found.append(self._switch(word, number, box - 1 if box else ALL))
        return found, faults

    def named_cables(self, labels: Sequence[str], key: str) -> tuple[list[Cable], list[Fault]]:
        """Return cables by their names, and what is wrong with the names."""
        found: list[Cable] = []
        faults: list[Fault] = []
        for place, label in enumerate(labels):
            word, number, box = _parts(label)
            level = word.removeprefix(self._prefix)
            if level == word or level not in self.cables or box:
                message = f"no cable of this network is called '{label}'"
                faults.append(Fault(f"{key}.{place}", message, self._known_cables()))
            elif not 1 <= number <= len(self.cables[level]):
                hint = f"they are {word}-1 to {word}-{len(self.cables[level])}"
                faults.append(Fault(f"{key}.{place}", f"there is no '{label}'", hint))
            else:
                found.append(self._cable(level, number - 1))
        return found, faults

    def drawn_switches(self, draw: DrawSpec, key: str) -> list[Switch]:
        """Draw switches, each as likely as any other.

        Raises:
            StudyError: There are fewer, or none of the kind, or the draw says not how many.
        """
        every: list[Switch] = []
        for word in _asked(draw, self.switches, f"{key}.of", "switches of kind"):
            boxes = range(self.boxes[word]) if self.boxes[word] > 1 else (ALL,)
            numbers: list[int] = (np.flatnonzero(self.switches[word] >= 0) + 1).tolist()
            every += [self._switch(word, number, box) for number in numbers for box in boxes]
        return [every[place] for place in _drawn(draw, len(every), f"failed switches of {self._title}", key)]

    def drawn_cables(self, draw: DrawSpec, key: str) -> list[Cable]:
        """Draw cables, each as likely as any other.

        Raises:
            StudyError: There are fewer, or none of the level, or the draw says not how many.
        """
        levels = _asked(draw, self.cables, f"{key}.of", "cables of level")
        ends = np.cumsum([0, *(len(self.cables[level]) for level in levels)])
        places = np.array(_drawn(draw, int(ends[-1]), f"failed links of {self._title}", key), np.int64)
        which = np.searchsorted(ends, places, side="right") - 1
        numbers: list[int] = (places - ends[which]).tolist()
        return [self._cable(levels[of], number) for of, number in zip(map(int, which), numbers, strict=True)]

    @property
    def _title(self) -> str:
        return labelled(self.name, self.domain)

    @property
    def _prefix(self) -> str:
        return f"{PREFIX[self.domain]}-"

    @cached_property
    def _laid(self) -> Booleans:
        return ~self.fabric.cables.table.part_of_node[self.fabric.wiring.link_class]

    @cached_property
    def _width(self) -> int:
        """Digits of the numbers of cables, as in a schedule of all of them."""
        laid = np.bincount(self.fabric.wiring.level, self.each * self._laid)
        return max(3, numbered(int(laid.max(initial=1))))

    def _cable(self, level: str, number: int) -> Cable:
        return Cable(f"{self._prefix}{level}-{number + 1:0{self._width}}", level, number)

    def _switch(self, word: str, number: int, box: int) -> Switch:
        vertices = self.switches[word]
        label = f"{word}-{number:0{max(3, numbered(len(vertices)))}}"
        return Switch(label if box == ALL else f"{label}.{box + 1}", int(vertices[number - 1]), box)

    def _meant(self, label: str) -> str:
        """Return the label that differs from a wrong one in the spelling of its word alone."""
        word, _, number = label.lower().replace(" ", "-").rpartition("-")
        close = difflib.get_close_matches(word, self.switches, n=1)
        if not close or not number.isdecimal() or not 1 <= int(number) <= len(self.switches[close[0]]):
            return ""
        return f"did you mean '{close[0]}-{number}'?"

    def _known(self) -> str:
        return "; ".join(self._range(word) for word in self.switches) or "it has no switches"

    def _range(self, word: str) -> str:
        own, several = np.flatnonzero(self.switches[word] >= 0) + 1, self.boxes[word]
        inside = f", {several} switches in each such as {word}-{int(own[0])}.1" if several > 1 else ""
        return f"there are {word}-{int(own[0])} to {word}-{int(own[-1])}{inside}"

    def _known_cables(self) -> str:
        words = [f"{self._prefix}{level}-1 to {len(cables)}" for level, cables in self.cables.items()]
        return f"they are called {', '.join(words)}" if words else "it has none"


def _word(name: str) -> str:
    """Return what labels call a kind of switch or a level."""
    return name.replace("/", "-")


def _parts(label: str) -> tuple[str, int, int]:
    """Return word, number and, after a point, which of several; an empty word for what is no name."""
    match = _LABEL.fullmatch(label)
    return (match.group(1), int(match.group(2)), int(match.group(3) or 0)) if match else ("", 0, 0)


def _asked(draw: DrawSpec, known: dict[str, Integers], key: str, what: str) -> list[str]:
    if draw.of and draw.of not in known:
        raise StudyError(Fault(key, f"there are no {what} '{draw.of}' in this network", nearest(draw.of, known)))
    return [draw.of] if draw.of else list(known)


def _drawn(draw: DrawSpec, total: int, name: str, key: str) -> list[int]:
    """Return which of a number of elements are drawn, ascending."""
    if (draw.share is None) == (draw.count is None):
        message = "does not say how many" if draw.share is None else "says twice how many"
        raise StudyError(Fault(key, message, "write one of share and count, such as share: 1 %"))
    count = draw.count if draw.count is not None else round((draw.share or 0.0) * total)
    if count > total:
        raise StudyError(Fault(f"{key}.count", f"there are {total}, not {count}", f"at most {total}"))
    return sorted(map(int, stream(draw.seed, name).permutation(total)[:count]))
