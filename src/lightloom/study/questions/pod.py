"""How slices are carved out of a pod behind circuit switches, and what fixed wiring would have left of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lightloom.catalog import products
from lightloom.catalog.loading import figures_of
from lightloom.core.errors import StudyError
from lightloom.core.provenance import Source
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.receiver import Receiver
from lightloom.fabric.changes import path_outages
from lightloom.fabric.pods.circuits import Configuration, configure
from lightloom.fabric.pods.occupancy import Host, Occupancy, Slice
from lightloom.fabric.pods.placing import any_cubes, free_box
from lightloom.fabric.pods.pod import AXES, Pod
from lightloom.fabric.pods.shapes import SliceShape
from lightloom.photonics.outage import Outage
from lightloom.study.questions.pod_question import PodQuestion
from lightloom.study.questions.pod_usable import Usable, usable
from lightloom.study.questions.pod_words import assumptions, sentences


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """One slice wanted, and what became of it with circuits and with fixed wiring.

    Args:
        name: Letter that stands for it.
        shape: In chips.
        first: Where it went in the healthy pod, with circuits; None where it had no room.
        now: Where it is once hosts have failed; likewise.
        fixed_first: Where it went with fixed wiring; likewise.
        fixed_now: Likewise.
    """

    name: str
    shape: SliceShape
    first: Slice
    now: Slice | None
    fixed_first: Slice | None
    fixed_now: Slice | None

    @property
    def replaced(self) -> list[tuple[int, int]]:
        """Cubes that failed and those that took their places."""
        if self.now is None:
            return []
        pairs = zip(self.first.cubes.tolist(), self.now.cubes.tolist(), strict=True)
        return [(old, new) for old, new in pairs if old != new]

    def to_dict(self, pod: Pod) -> dict[str, object]:
        """Return the entry of ``slices``."""
        fixed = self.fixed_now
        return {
            "slice": self.name,
            "shape": str(self.shape),
            "sides": list(self.shape.sides),
            "twisted": self.shape.twisted,
            "chips": self.shape.chips,
            "sides_in_cubes": list(self.shape.in_cubes(pod)),
            "circuits": {
                "placed": self.now is not None,
                "cubes": None if self.now is None else self.now.cubes.tolist(),
                "replaced": [{"cube": old, "by": new} for old, new in self.replaced],
            },
            "fixed": {
                "placed": fixed is not None,
                "cubes": None if fixed is None else fixed.cubes.tolist(),
                "moved": fixed is not None and fixed is not self.fixed_first,
                "reason": "" if fixed is not None else self._why_not(),
            },
        }

    def _why_not(self) -> str:
        if self.shape.twisted:
            return "fixed wiring does not twist"
        return "no free box of neighbours" if self.fixed_first is None else "no other box once hosts had failed"


@dataclass(frozen=True, slots=True, eq=False)
class PodAnswer:
    """The answer.

    Args:
        question: What was asked.
        pod: The pod.
        switch: Its circuit switches.
        receiver: At the ends of circuits.
        slices: Wanted, in their order.
        down: Hosts that failed.
        before: Setting of the switches before they failed.
        after: Setting afterwards.
        usable: What slices of several sizes can use.
        outages: What a change of circuits takes, by who brings links up.
    """

    question: PodQuestion
    pod: Pod
    switch: CircuitSwitch
    receiver: Receiver
    slices: tuple[Placed, ...]
    down: tuple[Host, ...]
    before: Configuration
    after: Configuration
    usable: tuple[Usable, ...]
    outages: tuple[Outage, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Documents behind the figures used."""
        figures = [figure for item in (self.switch, self.receiver) for _, figure in figures_of(item)]
        return tuple(sorted({figure.source for figure in figures if figure.source is not None}))

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``pod/1``: plain data, units in the keys."""
        answer = self._facts()
        return {
            **answer,
            "verdict": list(sentences(answer)),
            "assumptions": list(assumptions(answer)),
            "sources": [{"id": one.id, "title": one.title, "where": one.where} for one in self.sources],
        }

    def _facts(self) -> dict[str, Any]:
        pod, question = self.pod, self.question
        usable_ports = round(self.switch.ports_usable.value)
        return {
            "schema": "pod/1",
            "pod": {
                "cubes": pod.cubes,
                "edge": pod.edge,
                "chips": pod.chips,
                "chips_per_cube": pod.chips_per_cube,
                "hosts_per_cube": pod.hosts_per_cube,
                "copper_links_per_cube": pod.copper_links_per_cube,
                "optical_links_per_cube": pod.optical_links_per_cube,
                "modules": pod.modules,
                "fibres": pod.fibres,
                "switches": pod.switches,
                "ports_used": pod.ports_used,
                "ports_usable": usable_ports,
                "switch": question.switch,
                "receiver": question.receiver,
                "fixed_grid": list(pod.wired_grid),
            },
            "availability": {"host": question.availability, "cube": question.availability**pod.hosts_per_cube},
            "slices": [one.to_dict(pod) for one in self.slices],
            "down": [{"cube": host.cube, "host": host.number} for host in self.down],
            "usable": [one.to_dict() for one in self.usable],
            "changes": {
                "circuits": self.before.changed(self.after),
                "of_circuits": self.after.circuits,
                "outage": [outage.to_dict() for outage in self.outages],
            },
            "configuration": {
                "in_ports": "far face (+) of the cube of that number",
                "out_ports": "near face (-) of the cube of that number",
                "switches": list(_switches(self.after)),
            },
        }


def pod(question: PodQuestion | None = None) -> PodAnswer:
    """Carve slices out of a pod, let hosts fail, and compare circuits with fixed wiring.

    Args:
        question: What is asked; None takes a pod of TPU v4 without slices.

    Raises:
        StudyError: The pod cannot be wired, or a slice fits it not even when it is healthy; every fault at once.
        CatalogError: There is no such switch or class of receivers.
    """
    asked = question or PodQuestion()
    switch, receiver = products.circuit_switch(asked.switch), products.receiver(asked.receiver)
    what, shapes, hosts = asked.pod(), asked.shapes(), asked.hosts()
    faults = what.faults(round(switch.ports_usable.value), asked.switch)
    faults += [fault for fault in (shape.fault(what) for shape in shapes) if fault]
    if faults:
        raise StudyError(faults)
    names = [_letter(place) for place in range(len(shapes))]
    first = _with_circuits(what, names, shapes)
    fixed = _with_wires(what, names, shapes)
    now, fixed_now = (each.fail(hosts).heal() for each in (first, fixed))
    placed = tuple(
        Placed(name, shape, first.slice(name), _of(now, name), _of(fixed, name), _of(fixed_now, name))
        for name, shape in zip(names, shapes, strict=True)
    )
    return PodAnswer(
        question=asked,
        pod=what,
        switch=switch,
        receiver=receiver,
        slices=placed,
        down=hosts,
        before=configure(what, first.slices),
        after=configure(what, now.slices),
        usable=tuple(usable(what, now.up, asked.availability, [shape.in_cubes(what) for shape in shapes])),
        outages=path_outages((switch,), (receiver,)),
    )


def _with_circuits(what: Pod, names: Sequence[str], shapes: Sequence[SliceShape]) -> Occupancy:
    """Place every slice in the healthy pod.

    Raises:
        StudyError: One finds no room; with what would fit.
    """
    placed = Occupancy(what, placer=any_cubes)
    for name, shape in zip(names, shapes, strict=True):
        placed = placed.allocate(name, shape)
    return placed


def _with_wires(what: Pod, names: Sequence[str], shapes: Sequence[SliceShape]) -> Occupancy:
    """Place the slices that find boxes in the healthy pod; fixed wiring makes no twisted one."""
    placed = Occupancy(what, placer=free_box)
    for name, shape in zip(names, shapes, strict=True):
        if shape.twisted:
            continue
        try:
            placed = placed.allocate(name, shape)
        except StudyError:
            continue
    return placed


def _of(occupancy: Occupancy, name: str) -> Slice | None:
    return next((one for one in occupancy.slices if one.name == name), None)


def _letter(place: int) -> str:
    """Return A, B, …, Z, then 27, 28, ….

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', '27')
    """
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _switches(setting: Configuration) -> Iterator[dict[str, object]]:
    """Return the out-port of every in-port, switch by switch; None for a port that is dark."""
    edge, places = setting.pod.edge, setting.pod.places
    for number, out in enumerate(setting.of_switches()):
        row, column = divmod(number % places, edge)
        yield {
            "switch": number,
            "axis": AXES[number // places],
            "place": [row, column],
            "out": [None if port < 0 else port for port in out.tolist()],
        }
