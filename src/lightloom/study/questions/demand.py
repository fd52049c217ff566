"""What this job demands of links: bandwidth by tier, and where copper ends as its scale-up domain grows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from lightloom.catalog import products
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.provenance import Source
from lightloom.photonics.product import LinkProduct
from lightloom.study.design import design_of
from lightloom.study.feasibility import reasons
from lightloom.study.questions.copper import LIGHT, Ask, ladder, lane_rate_of
from lightloom.study.questions.evidence import assumptions, sources
from lightloom.study.questions.generations import Generations, generations
from lightloom.study.questions.tiers import DomainTraffic, Tier, by_domain, tiers
from lightloom.study.questions.verdict import sentences
from lightloom.study.questions.wall import Cell, End, Lane, Site, cables_of, cell, ends
from lightloom.study.scenario import Scenario
from lightloom.study.timing import outcome, run
from lightloom.workload.recipe import RecipeColumns

DOMAINS = (8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
LANE_RATES = (25e9, 50e9, 100e9, 200e9, 400e9)
TARGET = 0.05
RACK = "nvl72"

_EDGES = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)
"""Lengths at which distributions are told, m; beyond the last, one more class."""


@dataclass(frozen=True, slots=True)
class DemandQuestion:
    """What is asked of a study.

    Args:
        domains: Sizes of scale-up domain, accelerators.
        lane_rates: Payloads of a lane, bits/s.
        lane_rate: The one told in full; None for that of the study's own scale-up links.
        rack_power: W; None for what the study's own racks draw at their nodes' rating.
        bandwidth: Scale-up bandwidth wired, one accelerator, one way, bytes/s; None for the accelerator's own.
        target: Share of the step that a tier of the network may add.
        optics: Optical product taken at its lane rate, by catalog name; empty for the cheapest that closes.
    """

    domains: tuple[int, ...] = DOMAINS
    lane_rates: tuple[float, ...] = LANE_RATES
    lane_rate: float | None = None
    rack_power: float | None = None
    bandwidth: float | None = None
    target: float = TARGET
    optics: str = ""


@dataclass(frozen=True, slots=True)
class Domain:
    """One size of domain on the floor.

    Args:
        accelerators: In it.
        racks: With nodes; 0 inside a node.
        switch_racks: With switches alone.
        length_m: Shortest, tenth, median, mean, ninetieth per cent, longest cable.
        lengths: (up to m, share) of its cables by length; the last is open.
        traffic: What the job would send.
    """

    accelerators: int
    racks: int
    switch_racks: int
    length_m: tuple[tuple[str, float], ...]
    lengths: tuple[tuple[float | None, float], ...]
    traffic: DomainTraffic

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``domains``."""
        return {
            "accelerators": self.accelerators,
            "racks": self.racks,
            "switch_racks": self.switch_racks,
            "length_m": dict(self.length_m),
            "lengths": [{"up_to_m": edge, "share": share} for edge, share in self.lengths],
            "step_s": self.traffic.step_s,
            "scale_up": self.traffic.scale_up.to_dict(),
            "scale_out": self.traffic.scale_out.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Demand:
    """The answer.

    Args:
        scenario: What was asked about.
        question: What was asked.
        lane_rate: The one told in full, bits/s.
        site: Racks.
        tiers: Of the study's own network.
        domains: By size.
        lanes: Copper by lane rate.
        cells: Every size at every lane rate, sizes of one lane rate together.
        ends: Where copper ends.
        generations: Over the years.
        verdict: Sentences.
        assumptions: What was taken as given or left out.
        sources: Documents behind the figures used.
        warnings: What a reader should look at twice.
    """

    scenario: Scenario
    question: DemandQuestion
    lane_rate: float
    site: Site
    tiers: tuple[Tier, ...]
    domains: tuple[Domain, ...]
    lanes: tuple[Lane, ...]
    cells: tuple[Cell, ...]
    ends: tuple[End, ...]
    generations: Generations
    verdict: tuple[str, ...]
    assumptions: tuple[str, ...]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``demand/1``: plain data, units in the keys."""
        scenario, room = self.scenario, self.site.room
        return {
            "schema": "demand/1",
            "scenario": {
                "name": scenario.name,
                "hash": scenario.hash,
                "version": version("lightloom"),
                "seed": scenario.seed,
            },
            "job": {
                "accelerators": scenario.job.accelerators,
                "accelerator": scenario.accelerator.name,
                "bandwidth_bytes_per_s": self.site.bandwidth,
                "target_share": self.question.target,
                "mode": scenario.fabric.scale_up.policy.mode,
                "margin_db": scenario.fabric.scale_up.policy.margin,
                "lane_rate_bps": self.lane_rate,
            },
            "rack": {
                "name": self.site.rack.name,
                "power_w": self.site.rack_power,
                "node_power_w": room.node_power,
                "node_units": room.node_units,
                "units": room.rack_units,
                "nodes": room.nodes_per_rack,
                "accelerators": room.nodes_per_rack * room.accelerators_per_node,
                "accelerators_beside_switches": room.nodes_beside_switches * room.accelerators_per_node,
                "limited_by": "power" if room.nodes_by_power <= room.nodes_by_height else "height",
            },
            "tiers": [tier.to_dict() for tier in self.tiers],
            "domains": [domain.to_dict() for domain in self.domains],
            "lane_rates": [
                {"rate_bps": lane.rate_bps, "copper": [rung.to_dict() for rung in lane.rungs]} for lane in self.lanes
            ],
            "cells": [each.to_dict() for each in self.cells],
            "ends": [each.to_dict() for each in self.ends],
            "generations": self.generations.to_dict(),
            "verdict": list(self.verdict),
            "assumptions": list(self.assumptions),
            "sources": [{"id": each.id, "title": each.title, "where": each.where} for each in self.sources],
            "warnings": list(self.warnings),
        }

    def to_json(self) -> str:
        """Return the object as text; same scenario and question, same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)


def demand(scenario: Scenario, question: DemandQuestion | None = None) -> Demand:
    """Return what a job demands of links.

    Args:
        scenario: Job and cluster; its fabric is that of today, the domains asked about are built anew in its racks.
        question: What is asked; the defaults if None.

    Raises:
        StudyError: The fabric cannot be built, no step can be computed on it, a rack holds no node, or a lane rate or
            size makes no sense.
    """
    asked = question or DemandQuestion()
    _check(asked)
    design = design_of(scenario)
    recipes = RecipeColumns.single(scenario.recipe)
    parts = run(design, recipes)
    part = parts[0][1]
    obstacles = reasons(design, outcome(design, recipes, parts))
    if not np.isfinite(part.totals.time[0]):
        raise StudyError(scenario.fault("fabric", "no step can be computed: circuits join no path"))
    site = site_of(scenario, asked)
    try:
        site.room.check()
    except StudyError as error:
        raise StudyError(scenario.placed(fault, "fabric.floorplan.nodes_per_rack") for fault in error.faults) from None
    policy = scenario.fabric.scale_up.policy
    ask = Ask(policy.mode, policy.margin, policy.connectors)
    links = scenario.links
    focus = _focus(scenario, asked)
    rates = tuple(sorted({*asked.lane_rates, focus}))
    lanes = tuple(Lane(rate, ladder(links, rate, ask)) for rate in rates)
    sizes = tuple(sorted(set(asked.domains)))
    optics = _optics(links, asked.optics)
    cells = tuple(cell(site, lane, size, links, ask, optics) for lane in lanes for size in sizes)
    domains = tuple(
        _domain(site, size, traffic)
        for size, traffic in zip(sizes, by_domain(design, part, sizes, asked.target), strict=True)
    )
    ended = tuple(end for lane in lanes for end in ends(site, lane))
    tiered = tiers(design, part, asked.target)
    return Demand(
        scenario=scenario,
        question=asked,
        lane_rate=focus,
        site=site,
        tiers=tiered,
        domains=domains,
        lanes=lanes,
        cells=cells,
        ends=ended,
        generations=generations(links, lanes),
        verdict=tuple(sentences(focus, site, lanes, cells, ended, domains, tiered, asked.target)),
        assumptions=tuple(assumptions(scenario, site, cells)),
        sources=sources(scenario, site, lanes, cells),
        warnings=tuple(f"As written the design cannot run: {reason.code.replace('-', ' ')}." for reason in obstacles),
    )


def _check(asked: DemandQuestion) -> None:
    faults: list[Fault] = []
    if not asked.domains or min(asked.domains) < 1:
        faults.append(Fault("domains", "a domain holds at least one accelerator"))
    if not asked.lane_rates or min(asked.lane_rates) <= 0 or (asked.lane_rate or 1.0) <= 0:
        faults.append(Fault("lane_rates", "a lane carries more than nothing", "write, for example, 100 Gb/s"))
    if asked.bandwidth is not None and asked.bandwidth <= 0:
        faults.append(Fault("bandwidth", "an accelerator without bandwidth needs no links"))
    if not 0 < asked.target <= 10:
        faults.append(Fault("target", f"{asked.target:g} is no share of a step", "write, for example, 5 %"))
    if faults:
        raise StudyError(faults)


def site_of(scenario: Scenario, question: DemandQuestion) -> Site:
    """Return the racks of a question; those of the study where it does not say."""
    node = scenario.node
    power = question.rack_power
    own = scenario.fabric.floorplan.nodes_per_rack * node.power_nameplate.value
    return Site(
        floor=scenario.fabric.floorplan,
        node=node,
        rack=products.rack(RACK),
        rack_power=own if power is None else power,
        asked=power is not None,
        bandwidth=question.bandwidth or scenario.accelerator.scale_up_bandwidth.value,
    )


def _focus(scenario: Scenario, question: DemandQuestion) -> float:
    """Return the lane rate told in full.

    Without one asked for it is that of the study's own scale-up links, or the fastest that copper is sold for.

    Raises:
        StudyError: No product has a lane of that rate.
    """
    rates = sorted({lane_rate_of(each) for each in scenario.links if each.kind != "coherent"})
    if question.lane_rate is not None:
        if not any(rate >= question.lane_rate * (1 - 1e-6) for rate in rates):
            known = [f"{rate / 1e9:g} Gb/s" for rate in rates]
            message = f"no link of the catalog has a lane of {question.lane_rate / 1e9:g} Gb/s"
            raise StudyError(Fault("lane_rate", message, nearest(f"{question.lane_rate / 1e9:g} Gb/s", known)))
        return question.lane_rate
    by_name = {each.name: each for each in scenario.links}
    link = by_name.get(scenario.fabric.scale_up.ends("host").a)
    if link is not None:
        return lane_rate_of(link)
    sold = [lane_rate_of(each) for each in scenario.links if each.kind == "passive-copper" and not each.preview]
    return max(sold)


def _optics(links: Sequence[LinkProduct], name: str) -> LinkProduct | None:
    if not name:
        return None
    known = {each.name: each for each in links if each.kind in LIGHT}
    if name not in known:
        message = f"'{name}' is no optical product that plugs in where copper does"
        raise StudyError(Fault("optics", message, nearest(name, known)))
    return known[name]


def _domain(site: Site, size: int, traffic: DomainTraffic) -> Domain:
    cables = cables_of(site.room, size)
    shares: list[tuple[float | None, float]] = []
    below = 0.0
    for edge in _EDGES:
        upto = cables.within(edge)
        shares.append((edge, max(0.0, upto - below)))
        below = upto
    shares.append((None, max(0.0, 1.0 - below)))
    quantiles = {"min": 0.0, "p10": 0.1, "median": 0.5, "p90": 0.9, "max": 1.0}
    lengths = {name: cables.quantile(share) for name, share in quantiles.items()}
    return Domain(
        accelerators=size,
        racks=cables.racks,
        switch_racks=cables.switch_racks,
        length_m=(*lengths.items(), ("mean", cables.mean)),
        lengths=tuple(shares),
        traffic=traffic,
    )
