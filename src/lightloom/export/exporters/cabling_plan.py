"""The work on the floor in sums: cables by level and length, trunks, patch panels, trays."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from lightloom.export.exporter import Exporter
from lightloom.fabric.laying import names
from lightloom.fabric.laying.plan import CablePlan
from lightloom.fabric.laying.trunks import ALONE, Trunks
from lightloom.study.evaluation import Evaluation
from lightloom.study.laying import cable_plan_of

Entry: TypeAlias = dict[str, Any]

MEDIA = ("copper", "fibre", "board")


class CablingPlan(Exporter):
    """Trunks, panels and trays; every cable by itself is in the schedule.

    Leaves out: cables inside nodes, lines between sites, power, management; prices, which are those of the links.
    """

    kind = "cabling-plan"
    suffix = ".json"
    description = "trunks, patch panels and trays, and cables in sums"
    signature = '{\n "schema": "cabling-plan/1",\n'

    def write(self, evaluation: Evaluation) -> str:
        """Return one JSON object, its keys documented with those of ``--json``."""
        plan = cable_plan_of(evaluation.scenario)
        racks = names.rack_names(plan.spots.racks)
        answer: Entry = {
            "schema": "cabling-plan/1",
            "scenario": evaluation.to_dict()["scenario"],
            "between": evaluation.scenario.fabric.cabling.between,
            "racks": {
                "nodes": int(np.count_nonzero((plan.spots.racks.number == 0) & (plan.spots.racks.row >= 0))),
                "switches": int(np.count_nonzero(plan.spots.racks.number)),
            },
            "cables": _cables(plan),
            "trunks": _trunks(plan, racks),
            "panels": _panels(plan, racks),
            "trays": _trays(plan),
            "assumptions": _assumptions(plan),
        }
        return json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _listed(columns: Mapping[str, Sequence[object]]) -> list[Entry]:
    """Return one object a row."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _cables(plan: CablePlan) -> Entry:
    cables, leaving = plan.cables, plan.rack_to_rack
    return {
        "cables": len(cables),
        "in_a_rack": int(np.count_nonzero(~leaving)),
        "in_trunks": int(np.count_nonzero(plan.inside.trunk != ALONE)),
        "alone": int(np.count_nonzero(leaving & (plan.inside.trunk == ALONE))),
        "fibres": int(cables.fibres.sum()),
        "fibres_of_links": cables.link_fibres,
        "cords": int(np.count_nonzero(plan.inside.cord_a) + np.count_nonzero(plan.inside.cord_b)),
        "levels": list(_levels(plan)),
    }


def _levels(plan: CablePlan) -> Iterator[Entry]:
    """Yield each level's cables of copper, then those of fibre."""
    cables = plan.cables
    medium = np.array(plan.fabric.cables.table.medium, dtype=np.str_)[cables.row]
    for index, (domain, level) in enumerate(plan.fabric.wiring.levels):
        for kind in MEDIA:
            own = (cables.level == index) & (medium == kind)
            length = cables.length[own]
            if len(length):
                yield {
                    "domain": domain,
                    "level": level,
                    "medium": kind,
                    "cables": len(length),
                    "fibres": int(cables.fibres[own].sum()),
                    "length_m": {
                        "total": float(length.sum()),
                        "median": float(np.median(length)),
                        "max": float(length.max()),
                    },
                }


def _trunks(plan: CablePlan, racks: Sequence[str]) -> Entry:
    trunks, ends = plan.trunks, plan.ends
    products = [product.name for product in trunks.sizes]
    size: list[int] = trunks.size.tolist()
    return {
        "trunks": len(trunks),
        "fibres": int(trunks.size_fibres.sum()),
        "fibres_used": int(trunks.fibres.sum()),
        "connectors": 2 * int(trunks.connectors.sum()),
        "sizes": list(_sizes(trunks)),
        "list": _listed(
            {
                "trunk": names.trunk_names(len(trunks)),
                "a": [racks[each] for each in ends.rack[trunks.a].tolist()],
                "b": [racks[each] for each in ends.rack[trunks.b].tolist()],
                "product": [products[each] for each in size],
                "cables": trunks.cables.tolist(),
                "fibres_used": trunks.fibres.tolist(),
                "connector_fibres": trunks.connector.tolist(),
                "connectors_each_end": trunks.connectors.tolist(),
                "multimode": trunks.multimode.tolist(),
                "panels": trunks.panels.tolist(),
                "length_m": trunks.length.tolist(),
            }
        ),
    }


def _sizes(trunks: Trunks) -> Iterator[Entry]:
    """Yield each size that was taken."""
    for index, product in enumerate(trunks.sizes):
        own = trunks.size == index
        if own.any():
            yield {
                "product": product.name,
                "fibres": int(product.fibres.value),
                "trunks": int(np.count_nonzero(own)),
                "used_share": float(trunks.fibres[own].sum() / trunks.size_fibres[own].sum()),
                "length_m": float(trunks.length[own].sum()),
            }


def _panels(plan: CablePlan, racks: Sequence[str]) -> Entry:
    panels = plan.panels
    return {
        "places": len(panels),
        "rack_units": int(panels.units.sum()),
        "list": _listed(
            {
                "rack": [racks[each] for each in panels.rack.tolist()],
                "trunks": panels.trunks.tolist(),
                "fibres": panels.fibres.tolist(),
                "fibres_in_pairs": panels.duplex.tolist(),
                "connectors": panels.connectors.tolist(),
                "rack_units": panels.units.tolist(),
            }
        ),
    }


def _trays(plan: CablePlan) -> Entry:
    trays, fill = plan.trays, plan.tray_fill
    crossing: list[bool] = trays.crossing.tolist()
    listed = _listed(
        {
            "site": [f"S{site + 1}" for site in trays.site.tolist()],
            "tray": [
                names.tray_name(place, crossing=over)
                for place, over in zip(trays.place.tolist(), crossing, strict=True)
            ],
            "fullest": [
                [names.tray_name(each, crossing=not over) for each in (at, at + 1)]
                for at, over in zip(trays.at.tolist(), crossing, strict=True)
            ],
            "cables": trays.cables.tolist(),
            "fibres": trays.fibres.tolist(),
            "area_m2": trays.area.tolist(),
            "filled_share": fill.tolist(),
            "side_by_side": plan.trays_side_by_side.tolist(),
            "length_m": trays.metres.tolist(),
        }
    )
    return {
        "trays": len(trays),
        "length_m": float(trays.metres.sum()),
        "filled_share_allowed": plan.hardware.tray_fill.value,
        "busiest": listed[int(np.argmax(fill))] if listed else None,
        "list": listed,
    }


def _assumptions(plan: CablePlan) -> list[str]:
    hardware = plan.hardware
    trays = (
        f"trays {hardware.tray_width.value * 1e3:g} x {hardware.tray_depth.value * 1e3:g} mm, filled to "
        f"{hardware.tray_fill.value:.0%} at most; a rack unit of panels has {hardware.panel_fibres.value:g} fibres in "
        f"pairs or {hardware.panel_connectors.value:g} multi-fibre connectors"
    )
    racks = (
        f"racks without nodes hold {hardware.switches_per_rack.value:g} switches of one tier and stand beside the bay "
        "the floorplan puts them at; the room they take from nodes is left out"
    )
    told = [trays, racks]
    if len(plan.trunks):
        told.append(
            f"trunk and cords together are up to {plan.detour:g} m longer than the cables that links were budgeted with"
        )
    if plan.beyond_budget:
        told.append(f"{plan.beyond_budget} cables pass panels whose connectors their budgets do not count")
    if not plan.spots.on_floor[np.unique(plan.cables.b)].all():
        told.append("where the border of a site stands is not known: its cables are counted, and lie in no tray")
    return told
