"""Whatever the topology, what failed is gone from it, nothing gets faster, and exactly those without a way are cut off.

Protects, on every registered topology's specimens: an endpoint whose cables all fail is cut off; of those who are not,
each reaches each it reached before, and whoever is cut off misses one of them; no bandwidth grows where nobody is cut
off; pictures show the whole, and as working what the working graph has. Source: reachability by the slow, obvious way:
sets of switches above an endpoint in tiers, a search through links in a mesh.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.laws.test_portraits import built

from lightloom.core.arrays import frozen
from lightloom.core.errors import StudyError
from lightloom.fabric.build import build
from lightloom.fabric.fabric import Cables, ClusterShape, Fabric
from lightloom.fabric.failed.apply import Lost, with_failures
from lightloom.fabric.failed.elements import Elements
from lightloom.fabric.failed.joined import cut_off
from lightloom.fabric.failed.spec import FailedSpec
from lightloom.fabric.portrait.island import WITHIN, island_of, networks_of
from lightloom.fabric.portrait.portrait import Portrait, portrait
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topology import Topology
from lightloom.fabric.wiring import Domain
from lightloom.study.questions.fabric_picture import picture

CASES = {f"{kind.kind}-{number}": case for kind in TOPOLOGIES.values() for number, case in enumerate(kind.specimens())}
SMALL = [name for name, (_, setting) in CASES.items() if 2 < setting.endpoints <= 100]
"""Those of which every pair is looked at."""
PROGRAMME = 30
"""Endpoints up to which the programme of the best routing takes milliseconds."""


@cache
def bought(case: str) -> Fabric:
    """Return a fabric with cables of one class."""
    fabric = built(*CASES[case])
    written = {"scale_up": {"topology": "switched", "domain": 8, "link": "nvlink4"}}
    real = build(FabricSpec.model_validate(written), ClusterShape(8, 8, 8, 50e9, 450e9)).cables.table
    first: dict[str, Any] = {field.name: getattr(real, field.name)[:1] for field in fields(real)}
    first |= {
        "count": frozen(np.array([fabric.wiring.multiplicity.sum()])),
        "part_of_node": frozen(np.zeros(1, np.bool_)),
    }
    wiring = fabric.wiring.classed(np.zeros(fabric.wiring.edges, np.int64))
    domain: Domain = fabric.levels[0].domain
    return replace(fabric, wiring=wiring, cables=Cables((domain,), ("host",), replace(real, **first)))


def failing(fabric: Fabric, failed: Mapping[str, Any]) -> Fabric:
    domain: Domain = fabric.levels[0].domain
    return with_failures(fabric, [Lost(domain, domain, "", FailedSpec.model_validate(failed))])


def drawn(fabric: Fabric) -> list[Fabric]:
    """Return the fabric with some cables failed, and with some switches where there are any."""
    found = [failing(fabric, {"links": {"share": share, "seed": 3}}) for share in ("4 %", "15 %")]
    switches = Elements(fabric, fabric.levels[0].domain).switches
    return [*found, failing(fabric, {"switches": {"count": 1, "seed": 3}})] if switches else found


def joined(fabric: Fabric) -> list[set[int]]:
    """Return what each accelerator reaches: switches above it in tiers, terminals of the mesh in one."""
    host, top = fabric.levels[0], fabric.levels[-1]
    onward: dict[int, set[int]] = {}
    if top.mesh is not None:
        terminals = top.mesh.ground.graph.terminals
        for part in range(int(top.block.max()) // terminals + 1):
            base = 10_000 * part
            for one, other in top.mesh.part(part).graph.ends.tolist():
                onward.setdefault(base + one, set[int]()).add(base + other)
                onward.setdefault(base + other, set[int]()).add(base + one)
        starts = [10_000 * (block // terminals) + block % terminals for block in top.block.tolist()]
        cabled = [bool(host.up[block] > 0) for block in host.block.tolist()]
    else:
        for low, high in fabric.working.ends.tolist():
            onward.setdefault(low, set[int]()).add(high)
        starts = [int(np.flatnonzero(host.block == block)[0]) for block in host.block.tolist()]
        cabled = [True] * len(starts)
    return [
        above(onward, start, itself=top.mesh is not None) if on else set[int]()
        for start, on in zip(starts, cabled, strict=True)
    ]


def above(onward: Mapping[int, set[int]], start: int, *, itself: bool) -> set[int]:
    here = {start}
    seen = {start} if itself else set[int]()
    while here:
        here = {each for vertex in here for each in onward.get(vertex, ())} - seen
        seen |= here
    return seen


@pytest.mark.parametrize("case", CASES)
def test_failing_nothing_gives_the_same_back(case: str) -> None:
    fabric = bought(case)
    assert failing(fabric, {}) is fabric
    assert failing(fabric, {"links": {"share": "0 %"}, "switches": []}) is fabric


@pytest.mark.parametrize("case", SMALL)
def test_exactly_those_without_a_way_are_cut_off(case: str) -> None:
    whole = bought(case)
    for fabric in drawn(whole):
        before, after = joined(whole), joined(fabric)
        lost = set(map(int, cut_off(fabric, [fabric.levels[0].domain])))
        kept = [each for each in range(len(before)) if each not in lost]
        missed: list[set[int]] = [
            {other for other in range(len(before)) if before[each] & before[other] and not after[each] & after[other]}
            for each in range(len(before))
        ]
        assert not any(missed[each].intersection(kept) for each in kept)
        assert all(missed[each] for each in lost)


@pytest.mark.parametrize("case", CASES)
def test_an_endpoint_whose_cables_all_fail_is_cut_off(case: str) -> None:
    fabric = bought(case)
    domain: Domain = fabric.levels[0].domain
    elements = Elements(fabric, domain)
    home = island_of(fabric, domain).members
    own = (fabric.wiring.ends == int(home[-1])).any(axis=1)
    rows = ((level, number) for level, cables in elements.cables.items() for number in np.flatnonzero(own[cables]))
    prefix = "up" if domain == "scale_up" else "out"
    labels = [f"{prefix}-{level}-{number + 1}" for level, number in rows]
    if len(home) > 2 and labels:
        gone = cut_off(failing(fabric, {"links": labels}), [domain])
        assert int(home[-1]) in gone
        assert len(gone) < len(home)


def told(fabric: Fabric, topology: Topology, member: int) -> Portrait | None:
    try:
        island = island_of(fabric, networks_of(fabric)[0], member)
    except StudyError:
        return None
    return portrait(fabric, island, topology) if island.endpoints > 1 else None


def limits(found: Portrait) -> dict[str, float]:
    return {
        "all-to-all": found.limits.all_to_all.value if found.limits.all_to_all.how == "exact" else np.inf,
        "bisection": found.limits.bisection.value if found.limits.bisection.how == "exact" else np.inf,
        "all-gather": found.limits.all_gather.value if found.limits.all_gather.how == "exact" else np.inf,
    }


@pytest.mark.parametrize("case", [name for name in SMALL if CASES[name][1].endpoints <= PROGRAMME])
def test_what_is_left_is_no_better_and_drawn_as_it_is(case: str) -> None:
    topology: Topology = CASES[case][0]
    whole = bought(case)
    member = int(island_of(whole, networks_of(whole)[0]).members[0])
    before = told(whole, topology, member)
    for fabric in drawn(whole):
        if member in cut_off(fabric, WITHIN[networks_of(fabric)[0]]):
            continue
        after = told(fabric, topology, member)
        if after is None or before is None:
            continue
        if after.island.endpoints == before.island.endpoints:
            assert after.spread.mean >= before.spread.mean - 1e-12
            best, left = limits(before), limits(after)
            assert all(left[name] <= best[name] * (1 + 1e-9) for name in best if np.isfinite(best[name] + left[name]))
        drawing, as_built = picture(fabric, after), picture(whole, before)
        assert (drawing is None) == (as_built is None)
        if drawing and as_built:
            assert [replace(each, working=True) for each in drawing.vertices] == list(as_built.vertices)
            assert [link[:3] for link in drawing.links] == [link[:3] for link in as_built.links]
            assert all(working <= cables for _, _, cables, working in drawing.links)
