"""From wiring on a floor to cables bought: equal links grouped, each group with the product that serves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain, repeat
from typing import Any

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers, frozen
from lightloom.core.errors import Fault, StudyError
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.fabric.fabric import Cables
from lightloom.fabric.links import AUTO, LinkPolicySpec
from lightloom.fabric.shelf import Shelf
from lightloom.fabric.topology import Layout, Topology
from lightloom.fabric.wiring import Domain
from lightloom.photonics.links import CircuitSwitchPass, LinkPolicy, LinkRequest, LinkTable, choose
from lightloom.photonics.product import LinkProduct


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Equal links of one level, before products are chosen.

    Args:
        level: Index into the wiring's levels.
        edges: (edges,) rows of the wiring, of one level and rate.
        length: (classes,) m.
        count: (classes,) links.
        in_rack: (classes,) whether they stay in a rack.
        edge_class: (edges,) class of each.
    """

    level: int
    edges: Integers
    length: Floats
    count: Integers
    in_rack: Booleans
    edge_class: Integers


def runs(layout: Layout, length: Floats, in_rack: Booleans) -> list[Run]:
    """Group the links of every level and rate by length.

    A link through a circuit switch is two cables: legs are paired in the order of their length, which keeps the metres
    of fibre exact and its longest link as long as any that circuits may ask for.

    Args:
        layout: The topology as laid.
        length: (edges,) m.
        in_rack: (edges,) whether the cable stays in a rack.
    """
    found: list[Run] = []
    wiring = layout.wiring
    for level, (_, name) in enumerate(wiring.levels):
        of_level = np.flatnonzero(wiring.level == level)
        for rate in np.unique(wiring.rate[of_level]):
            rows = of_level[wiring.rate[of_level] == rate]
            if layout.circuits is not None and name == layout.circuits.cables:
                found.append(_paired(level, rows, length[rows], wiring.multiplicity[rows]))
                continue
            values, inverse = np.unique(length[rows] + np.where(in_rack[rows], 0.0, 1e6), return_inverse=True)
            count = np.bincount(inverse, weights=wiring.multiplicity[rows]).astype(np.int64)
            inside = values < 1e6
            found.append(Run(level, rows, np.where(inside, values, values - 1e6), count, inside, inverse))
    return found


def _paired(level: int, rows: Integers, legs: Floats, multiplicity: Integers) -> Run:
    every = np.sort(np.repeat(legs, multiplicity))
    pairs = every[: len(every) // 2 * 2].reshape(-1, 2).sum(axis=1)
    values, count = np.unique(pairs, return_counts=True)
    nearest_pair = np.clip(np.searchsorted(values, 2 * legs), 0, len(values) - 1)
    return Run(level, rows, values, count, np.zeros(len(values), np.bool_), nearest_pair)


@dataclass(frozen=True, slots=True)
class Chooser:
    """Chooses products for the levels of one topology.

    Args:
        topology: Its links and policy.
        section: Its key in the study, for faults.
        products: Every link product by name.
        circuit_switch: What a circuit core passes through; None without one.
    """

    topology: Topology
    section: str
    products: Mapping[str, LinkProduct]
    circuit_switch: CircuitSwitch | None

    def cables(self, layout: Layout, found: Sequence[Run]) -> tuple[Cables, Integers]:
        """Return the cables, and the row of each edge.

        Raises:
            StudyError: A product is not known, or none allowed has the links' rate or serves both ends; every fault.
        """
        wiring = layout.wiring
        tables: list[LinkTable] = []
        faults: list[Fault] = []
        edge_row = np.full(wiring.edges, -1)
        domains: list[Domain] = []
        names: list[str] = []
        start = 0
        for run in found:
            if not len(run.length):
                continue
            domain, name = wiring.levels[run.level]
            circuit = layout.circuits is not None and name == layout.circuits.cables
            rate_bps = 8 * float(wiring.rate[run.edges[0]])
            try:
                tables.append(self._level(name, run, rate_bps, circuit=circuit))
            except StudyError as error:
                faults.extend(error.faults)
            edge_row[run.edges] = start + run.edge_class
            start += len(run.length)
            domains.extend(repeat(domain, len(run.length)))
            names.extend(repeat(name, len(run.length)))
        if faults:
            raise StudyError(dict.fromkeys(faults))
        return Cables(tuple(domains), tuple(names), joined(tables)), edge_row

    def _level(self, name: str, run: Run, rate_bps: float, *, circuit: bool) -> LinkTable:
        ends = self.topology.ends(name)
        shelf = Shelf(self.products, self.topology.policy, self.section)
        a, faults_a = shelf.allowed(ends.a, f"{self.topology.link_key(name)}.a", rate_bps)
        b, faults_b = shelf.allowed(ends.b, f"{self.topology.link_key(name)}.b", rate_bps)
        faults = [*faults_a, *(faults_b if ends.b != ends.a else [])]
        if self._at_card(name):
            key = self.topology.link_key(name)
            faults += shelf.beside_card(
                ends, a, key, lambda near, far: self._closes(name, run, rate_bps, near, far, circuit=circuit)
            )
        if faults:
            raise StudyError(faults)
        if circuit and ends.a == ends.b == AUTO:
            return self._fewest_fibres(name, run, rate_bps, a)
        return self._choose(name, run, rate_bps, a, b, circuit=circuit)

    def _closes(self, name: str, run: Run, rate_bps: float, near: str, far: str, *, circuit: bool) -> bool:
        """Tell whether every cable of a level would close with those ends."""
        return bool(self._choose(name, run, rate_bps, (near,), (far,), circuit=circuit).closes.all())

    def _at_card(self, level: str) -> bool:
        return self.section == "scale_out" and level == "host"

    def _fewest_fibres(self, name: str, run: Run, rate_bps: float, allowed: tuple[str, ...]) -> LinkTable:
        """Choose among the products that take fewest ports of the circuit switch and close, else among all."""
        passing = [product for product in allowed if self.products[product].passes_circuits]
        counts = sorted({self.products[product].fibre_count for product in passing})
        for fibres in counts:
            chosen = tuple(product for product in passing if self.products[product].fibre_count == fibres)
            table = self._choose(name, run, rate_bps, chosen, chosen, circuit=True)
            if table.closes.all():
                return table
        return self._choose(name, run, rate_bps, tuple(passing) or allowed, tuple(passing) or allowed, circuit=True)

    def _choose(
        self, name: str, run: Run, rate_bps: float, a: tuple[str, ...], b: tuple[str, ...], *, circuit: bool
    ) -> LinkTable:
        policy = self.topology.policy
        rate_bps, parallel = self._bundle(rate_bps, a)
        requests = [
            LinkRequest(
                length=float(length),
                rate_bps=rate_bps,
                count=int(count) * parallel,
                a=a,
                b=b,
                connectors=_connectors(policy, in_rack=bool(inside), circuit=circuit),
                circuit_switches=(self._pass(),) if circuit else (),
                where=f"{self.section}.{self.topology.link_key(name)}",
                at_card=self._at_card(name),
                temperature=policy.temperature,
            )
            for length, count, inside in zip(run.length, run.count, run.in_rack, strict=True)
        ]
        return choose(requests, LinkPolicy(policy.mode, policy.margin, policy.allow), self.products)

    def _bundle(self, rate_bps: float, allowed: tuple[str, ...]) -> tuple[float, int]:
        """Return the rate of one product and how many side by side make up a scale-up bundle; elsewhere one of each."""
        rates = {self.products[name].rate.value for name in allowed}
        if self.section != "scale_up" or len(rates) != 1:
            return rate_bps, 1
        rate = rates.pop()
        return rate, int(np.ceil(rate_bps / rate * (1 - 1e-9)))

    def _pass(self) -> CircuitSwitchPass:
        switch = self.circuit_switch
        if switch is None:
            message = "a circuit core without its switch"
            raise ValueError(message)
        return CircuitSwitchPass(
            switch.insertion_loss_typical.value, switch.insertion_loss_maximum.value, switch.return_loss_db
        )


def _connectors(policy: LinkPolicySpec, *, in_rack: bool, circuit: bool) -> int:
    if circuit:
        return 2 * policy.connectors_in_rack
    return policy.connectors_in_rack if in_rack else policy.connectors


def joined(tables: Sequence[LinkTable]) -> LinkTable:
    """Return tables one below the other."""
    columns: dict[str, Any] = {}
    for field in fields(LinkTable):
        pieces: list[Any] = [getattr(table, field.name) for table in tables]
        texts = isinstance(pieces[0], tuple)
        columns[field.name] = tuple(chain.from_iterable(pieces)) if texts else frozen(np.concatenate(pieces))
    return replace(tables[0], **columns)
