"""What this job demands of links: bandwidth by tier, and where copper ends as its scale-up domain grows."""

import json
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from lightloom.core.errors import StudyError
from lightloom.core.provenance import Source
from lightloom.study.design import design_of
from lightloom.study.feasibility import reasons
from lightloom.study.questions.ending import Ending, ending
from lightloom.study.questions.evidence import assumptions, sources
from lightloom.study.questions.generations import Generations, generations
from lightloom.study.questions.question import DemandQuestion
from lightloom.study.questions.tiers import DomainTraffic, Tier, by_domain, tiers
from lightloom.study.questions.verdict import sentences
from lightloom.study.questions.wall import Cell, End, Lane, Site, cables_of
from lightloom.study.scenario import Scenario
from lightloom.study.timing import outcome, run
from lightloom.workload.recipe import RecipeColumns

_EDGES = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)
"""Lengths at which distributions are told, m; beyond the last, one more class."""


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
        ending: Where copper ends.
        tiers: Of the study's own network.
        domains: By size.
        generations: Over the years.
        verdict: Sentences.
        assumptions: What was taken as given or left out.
        sources: Documents behind the figures used.
        warnings: What a reader should look at twice.
    """

    scenario: Scenario
    question: DemandQuestion
    ending: Ending
    tiers: tuple[Tier, ...]
    domains: tuple[Domain, ...]
    generations: Generations
    verdict: tuple[str, ...]
    assumptions: tuple[str, ...]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]

    @property
    def site(self) -> Site:
        """Racks."""
        return self.ending.site

    @property
    def lane_rate(self) -> float:
        """The one told in full, bits/s."""
        return self.ending.lane_rate

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Copper by lane rate."""
        return self.ending.lanes

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every size at every lane rate, sizes of one lane rate together."""
        return self.ending.cells

    @property
    def ends(self) -> tuple[End, ...]:
        """The largest domains that copper carries whole."""
        return self.ending.ends

    def to_dict(self) -> dict[str, Any]:
        """Return the object ``demand/1``: plain data, units in the keys."""
        scenario, copper = self.scenario, self.ending.to_dict()
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
                "temperature_c": scenario.fabric.scale_up.policy.temperature,
                "lane_rate_bps": self.lane_rate,
            },
            "rack": copper["rack"],
            "tiers": [tier.to_dict() for tier in self.tiers],
            "domains": [domain.to_dict() for domain in self.domains],
            **{key: copper[key] for key in ("lane_rates", "cells", "ends")},
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
    asked.check()
    design = design_of(scenario)
    recipes = RecipeColumns.single(scenario.recipe)
    parts = run(design, recipes)
    part = parts[0][1]
    obstacles = reasons(design, outcome(design, recipes, parts))
    if not np.isfinite(part.totals.time[0]):
        raise StudyError(scenario.fault("fabric", "no step can be computed: circuits join no path"))
    copper = ending(scenario, asked)
    site, sizes = copper.site, copper.sizes
    domains = tuple(
        _domain(site, size, traffic)
        for size, traffic in zip(sizes, by_domain(design, part, sizes, asked.target), strict=True)
    )
    tiered = tiers(design, part, asked.target)
    verdict = sentences(copper.lane_rate, site, copper.lanes, copper.cells, copper.ends, domains, tiered, asked.target)
    return Demand(
        scenario=scenario,
        question=asked,
        ending=copper,
        tiers=tiered,
        domains=domains,
        generations=generations(scenario.links, copper.lanes),
        verdict=tuple(verdict),
        assumptions=tuple(assumptions(scenario, site, copper.cells)),
        sources=sources(scenario, site, copper.lanes, copper.cells),
        warnings=tuple(f"As written the design cannot run: {reason.code.replace('-', ' ')}." for reason in obstacles),
    )


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
