"""Where copper ends in a study's racks: what a demand says whatever the job sends, and so the same for many studies."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lightloom.core.errors import StudyError
from lightloom.photonics.product import LinkProduct
from lightloom.study.questions.copper import Ask, ladder
from lightloom.study.questions.question import DemandQuestion, lane_rate, optics, site_of
from lightloom.study.questions.wall import Cell, End, Lane, Site, cables_of, cell, ends
from lightloom.study.scenario import Scenario

Json = dict[str, object]
Key = TypeVar("Key")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Ending:
    """Where copper ends.

    Args:
        site: Racks.
        lane_rate: The one told in full, bits/s.
        sizes: Of domains, accelerators.
        lanes: Copper by lane rate.
        cells: Every size at every lane rate, sizes of one lane rate together.
        ends: The largest domains that copper carries whole.
    """

    site: Site
    lane_rate: float
    sizes: tuple[int, ...]
    lanes: tuple[Lane, ...]
    cells: tuple[Cell, ...]
    ends: tuple[End, ...]

    def to_dict(self) -> Json:
        """Return the part of ``demand/1`` that it is: the same values at the same keys."""
        site, room = self.site, self.site.room
        cables = [cables_of(room, size) for size in self.sizes]
        return {
            "rack": {
                "name": site.rack.name,
                "power_w": site.rack_power,
                "node_power_w": room.node_power,
                "node_units": room.node_units,
                "units": room.rack_units,
                "nodes": room.nodes_per_rack,
                "accelerators": room.nodes_per_rack * room.accelerators_per_node,
                "accelerators_beside_switches": room.nodes_beside_switches * room.accelerators_per_node,
                "limited_by": "power" if room.nodes_by_power <= room.nodes_by_height else "height",
            },
            "domains": [
                {"accelerators": size, "racks": each.racks, "switch_racks": each.switch_racks}
                for size, each in zip(self.sizes, cables, strict=True)
            ],
            "lane_rates": [
                {"rate_bps": lane.rate_bps, "copper": [rung.to_dict() for rung in lane.rungs]} for lane in self.lanes
            ],
            "cells": [each.to_dict() for each in self.cells],
            "ends": [each.to_dict() for each in self.ends],
        }


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that an ending hangs on; studies that differ in anything else share one."""

    site: Site
    ask: Ask
    lane_rate: float
    links: tuple[LinkProduct, ...]

    @classmethod
    def of(cls, scenario: Scenario, question: DemandQuestion) -> "_Asked":
        policy = scenario.fabric.scale_up.policy
        ask = Ask(policy.mode, policy.margin, policy.connectors, policy.temperature)
        return cls(site_of(scenario, question), ask, lane_rate(scenario, question), scenario.links)

    def rates(self, question: DemandQuestion) -> tuple[float, ...]:
        """Return every lane rate told, bits/s."""
        return tuple(sorted({*question.lane_rates, self.lane_rate}))


def ending(scenario: Scenario, question: DemandQuestion) -> Ending:
    """Return where copper ends in the racks of a study.

    Raises:
        StudyError: A rack holds no node, or the question makes no sense.
    """
    question.check()
    asked = _Asked.of(scenario, question)
    return _ending(asked, _lanes(asked, question), question)


def _lanes(asked: _Asked, question: DemandQuestion) -> tuple[Lane, ...]:
    return tuple(Lane(rate, ladder(asked.links, rate, asked.ask)) for rate in asked.rates(question))


def _ending(asked: _Asked, lanes: tuple[Lane, ...], question: DemandQuestion) -> Ending:
    site, links, sizes = asked.site, asked.links, tuple(sorted(set(question.domains)))
    taken = optics(links, question)
    return Ending(
        site=site,
        lane_rate=asked.lane_rate,
        sizes=sizes,
        lanes=lanes,
        cells=tuple(cell(site, lane, size, links, asked.ask, taken) for lane in lanes for size in sizes),
        ends=tuple(end for lane in lanes for end in ends(site, lane)),
    )


def copper_ends(scenarios: Sequence[Scenario]) -> list[Json]:
    """Return, for every scenario, what its demand says of where copper ends, for the report.

    Scenarios of the same accelerator, node, racks and policy share one answer. Where a rack can hold no node there is
    only ``fault``, a sentence.

    Args:
        scenarios: In the order of the report.
    """
    question = DemandQuestion()
    lanes: list[tuple[object, tuple[Lane, ...]]] = []
    found: list[tuple[_Asked, Json]] = []
    answers: list[Json] = []
    for scenario in scenarios:
        try:
            asked = _Asked.of(scenario, question)
        except StudyError as error:
            answers.append({"fault": "; ".join(fault.message for fault in error.faults)})
            continue
        copper = (asked.ask, asked.links, asked.rates(question))
        ladders = _once(lanes, copper, lambda asked=asked: _lanes(asked, question))
        answers.append(
            _once(found, asked, lambda asked=asked, ladders=ladders: _ending(asked, ladders, question).to_dict())
        )
    return answers


def _once(found: list[tuple[Key, Made]], key: Key, make: Callable[[], Made]) -> Made:
    """Return what was made for an equal key, else make it."""
    known = next((made for each, made in found if each == key), None)
    if known is None:
        known = make()
        found.append((key, known))
    return known
