"""The networks of a study by themselves: what they are made of, how far and wide they are, what they cost."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import Any

from lightloom.core.errors import StudyError
from lightloom.core.provenance import Source
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import plain
from lightloom.fabric.portrait.island import Island
from lightloom.fabric.portrait.paths import Paths, paths
from lightloom.fabric.portrait.portrait import Portrait, portraits
from lightloom.fabric.portrait.shortest_ways import NoWayError
from lightloom.fabric.portrait.tiers import Rate
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain
from lightloom.study.billing import bill_of
from lightloom.study.design import design_of
from lightloom.study.questions.fabric_counts import (
    CableRow,
    SwitchRow,
    cable_rows,
    level_rows,
    one_stage,
    switch_rows,
    totals,
)
from lightloom.study.questions.fabric_money import Money, money
from lightloom.study.questions.fabric_picture import Picture, picture
from lightloom.study.questions.fabric_words import assumptions, sentences
from lightloom.study.scenario import Scenario
from lightloom.workload.program import Group


@dataclass(frozen=True, slots=True, eq=False)
class NetworkShown:
    """One network.

    Args:
        topology: Its kind.
        fabric: Name of the scale-out fabric that it is beside the main one; empty for others.
        cards: Network cards of a node that are on it; None of scale-up networks.
        carries: Groups of ranks whose traffic between scale-up domains it carries.
        portrait: How far and wide it is.
        switches: What it is made of.
        picture: As a graph; None where it is too large.
    """

    topology: str
    fabric: str
    cards: int | None
    carries: tuple[str, ...]
    portrait: Portrait
    switches: tuple[SwitchRow, ...]
    picture: Picture | None

    def to_dict(self, fabric: Fabric) -> dict[str, Any]:
        """Return the entry of ``networks``."""
        portrait, island = self.portrait, self.portrait.island
        spread, limits, sharers = portrait.spread, portrait.limits, island.sharers
        circuits = fabric.circuit_space.level if fabric.circuit_space else ""
        return {
            "domain": island.domain,
            "fabric": self.fabric,
            "topology": self.topology,
            "network_cards_per_node": self.cards,
            "carries": list(self.carries),
            "islands": island.islands,
            "endpoint": "accelerator" if island.domain == "scale_up" else "network card",
            "endpoints": island.endpoints,
            "accelerators": island.endpoints * sharers,
            "failed": _failed(fabric, island, self.fabric),
            "levels": [
                asdict(row) for row in level_rows(island, fabric.cables, circuits, relays=portrait.reduced.relays)
            ],
            "switches": [row.to_dict() for row in self.switches],
            "hops": {
                "diameter": spread.diameter,
                "mean": spread.mean,
                "shares": [{"hops": hops, "share": share} for hops, share in spread.hops],
                "how": "sampled" if spread.sampled else "exact",
            },
            "ways": self._ways(fabric),
            "bisection": _rate(limits.bisection),
            "all_to_all": {
                **_each(limits.all_to_all, sharers),
                "routed": limits.routed
                and {**_each(limits.routed, sharers), "routing": island.mesh.routing.kind if island.mesh else "ecmp"},
            },
            "all_gather": _rate(limits.all_gather),
            "all_reduce": _rate(limits.all_reduce),
            "latency_s": {"mean": portrait.delay.mean, "worst": portrait.delay.worst},
            "picture": self.picture and self.picture.to_dict(),
        }

    def _ways(self, fabric: Fabric) -> dict[str, float | None]:
        """Return how many ways; of one stage of switches, one over each that works."""
        portrait = self.portrait
        alone = portrait.reduced.vertices - portrait.reduced.terminals == 1 and len(self.switches) == 1
        boxes = self.switches[0].boxes if alone else None
        if boxes is not None:
            least, median = one_stage(fabric, portrait.island, boxes)
            return {"least": least, "median": median, "apart": least}
        return {"least": portrait.spread.least, "median": portrait.spread.median, "apart": portrait.apart}


def _rate(rate: Rate) -> dict[str, object]:
    return {"bytes_per_s": rate.value, "how": rate.how, "limited_by": rate.by}


def _each(rate: Rate, sharers: int) -> dict[str, object]:
    return {"bytes_per_s_per_accelerator": rate.value / sharers, "how": rate.how, "limited_by": rate.by}


@dataclass(frozen=True, slots=True, eq=False)
class FabricShown:
    """The answer.

    Args:
        scenario: What was asked about.
        fabric: As built.
        networks: Innermost first.
        cables: Of all networks.
        totals: Of the whole fabric.
        money: What it costs and draws.
        path: The ways asked for by scale-out fabric, the main one first; empty if none were.
    """

    scenario: Scenario
    fabric: Fabric
    networks: tuple[NetworkShown, ...]
    cables: tuple[CableRow, ...]
    totals: Mapping[str, int | float]
    money: Money
    path: Mapping[str, Paths]

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``fabric/1``: plain data, units in the keys."""
        answer = self._facts()
        return {
            **answer,
            "verdict": list(sentences(answer)),
            "assumptions": [*assumptions(answer), *self.fabric.assumptions],
            "sources": [{"id": one.id, "title": one.title, "where": one.where} for one in self.sources],
        }

    @property
    def sources(self) -> tuple[Source, ...]:
        """Documents behind watts and prices."""
        return self.money.sources

    def _path(self) -> dict[str, object] | None:
        told = [_path(name, found) for name, found in self.path.items()]
        return {**told[0], "beside": told[1:]} if told else None

    def to_json(self) -> str:
        """Return the object as text; same scenario and question, same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def _facts(self) -> dict[str, Any]:
        scenario, shape = self.scenario, self.fabric.shape
        return {
            "schema": "fabric/1",
            "scenario": {
                "name": scenario.name,
                "hash": scenario.hash,
                "version": version("lightloom"),
                "seed": scenario.seed,
            },
            "cluster": {
                "accelerators": shape.accelerators,
                "nodes": shape.nodes,
                "accelerators_per_node": shape.accelerators_per_node,
                "network_cards_per_node": shape.nics_per_node,
            },
            "totals": dict(self.totals),
            "networks": [network.to_dict(self.fabric) for network in self.networks],
            "cables": [row.to_dict() for row in self.cables],
            **self.money.to_dict(),
            "path": self._path(),
        }


def _path(fabric: str, found: Paths) -> dict[str, object]:
    return {
        "fabric": fabric,
        "from": found.source,
        "to": found.target,
        "domain": found.domain,
        "routing": found.routing,
        "ways": found.count,
        "listed": [{"vertices": list(way.vertices), "hops": way.hops, "share": way.share} for way in found.listed],
        "stages": [{"kind": stage.kind, "count": stage.count, "first": stage.first} for stage in found.stages],
    }


def show_fabric(scenario: Scenario, path: tuple[int, int] | None = None) -> FabricShown:
    """Return what the networks of a study are, without a job.

    Args:
        scenario: Its cluster and fabric count; its job does not.
        path: Two accelerators whose ways are wanted.

    Raises:
        StudyError: The fabric cannot be built, its routing is none for such a graph, or there are no such accelerators.
    """
    design = design_of(scenario)
    fabric = design.fabric
    try:
        ways = {} if path is None else _ways(fabric, path)
        networks = tuple(network for name in fabric.fabrics for network in _of_fabric(scenario, fabric, name))
    except StudyError as error:
        faults = (scenario.placed(fault, "fabric") if fault.key else fault for fault in error.faults)
        raise StudyError(faults) from None
    switches = [row for network in networks for row in network.switches]
    usable = sum(row.ports or 0 for row in switches if plain(row.tier) == "circuit")
    return FabricShown(
        scenario=scenario,
        fabric=fabric,
        networks=networks,
        cables=tuple(cable_rows(fabric.cables, {each.name: each for each in scenario.links})),
        totals=totals(fabric, switches, usable),
        money=money(bill_of(design), fabric.shape.accelerators),
        path=ways,
    )


def _ways(fabric: Fabric, path: tuple[int, int]) -> dict[str, Paths]:
    """Return the ways between two accelerators over every scale-out fabric that joins them, the main one's first.

    Raises:
        StudyError: None joins them, or they are no two accelerators.
    """
    found: dict[str, Paths] = {}
    apart: NoWayError | None = None
    for name in fabric.fabrics:
        try:
            found[name] = paths(alone(fabric, name), *path)
        except NoWayError as error:
            apart = apart or error
        else:
            if found[name].domain != "scale_out":
                break
    if apart and not found:
        raise apart
    return found


def _of_fabric(scenario: Scenario, fabric: Fabric, name: str) -> list[NetworkShown]:
    """Return the networks of one scale-out fabric; the main one tells those of the other domains as well."""
    spec, one = scenario.fabric, alone(fabric, name)
    ports = {each.name: int(each.ports_usable.value) for each in scenario.circuit_switches}
    topologies: dict[Domain, Topology | None] = {"scale_up": spec.scale_up, "scale_out": spec.scale_out}
    key = "scale_out"
    if name:
        key, section = spec.section("scale_out", name)
        topologies = {"scale_out": section if isinstance(section, Topology) else None}
    try:
        found = portraits(one, topologies, ("scale_out",) if name else None)
    except StudyError as error:
        raise StudyError(
            replace(fault, key=key + fault.key.removeprefix("scale_out")) if name else fault for fault in error.faults
        ) from None
    carries = tuple(group.value for group in Group if fabric.carrier(group) == name)
    return [_network(spec, one, portrait, (name, fabric.cards(name), carries), ports) for portrait in found]


def _failed(fabric: Fabric, island: Island, name: str) -> dict[str, object] | None:
    """Return the object ``failed`` of a network; None where nothing has."""
    every = fabric.failures.broken if fabric.failures else ()
    broken = [each for each in every if (each.domain, each.fabric) == (island.domain, name)]
    if not broken and not island.lost:
        return None
    return {
        "switches": [label for each in broken for label in each.switches],
        "links": [label for each in broken for label in each.links],
        "cut_off": island.lost,
    }


def _network(
    spec: FabricSpec,
    fabric: Fabric,
    portrait: Portrait,
    place: tuple[str, int, tuple[str, ...]],
    ports: Mapping[str, int],
) -> NetworkShown:
    """Return a network; ``place`` is its fabric, the cards of a node on it, and whom it carries."""
    domain = portrait.island.domain
    name, cards, carries = place
    _, section = spec.section(domain, name)
    product = str(getattr(section, "switch", "") or "")
    out = domain == "scale_out"
    return NetworkShown(
        topology=str(getattr(section, "topology", "")),
        fabric=name,
        cards=cards if out else None,
        carries=carries if out else (),
        portrait=portrait,
        switches=tuple(switch_rows(fabric, domain, product, ports)),
        picture=picture(fabric, portrait),
    )
