"""Every registered topology wires what it promises.

Fact protected: no switch uses more ports than it has, every endpoint reaches every other of its island in every
plane, closed-form counts equal those of the wiring, links are spread evenly, and every endpoint hangs under one block
per level whose capacity is that of its counted cables. Source: the folded Clos construction (Al-Fares et al., SIGCOMM
2008).
"""

import numpy as np
import pytest
from pydantic import TypeAdapter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from lightloom.fabric.fold import Split, chassis_chips, uplinks
from lightloom.fabric.fold_layout import deal
from lightloom.fabric.folded_clos import FoldedClos
from lightloom.fabric.spec import ScaleOut, ScaleUp
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topology import Setting, Topology
from lightloom.fabric.wiring import Wiring

SPECIMENS = [
    pytest.param(topology, setting, id=f"{kind.kind}-{number}")
    for kind in TOPOLOGIES.values()
    for number, (topology, setting) in enumerate(kind.specimens())
]
FOLDED = [case for case in SPECIMENS if isinstance(case.values[0], FoldedClos)]
CIRCUITS = [case for case in FOLDED if case.values[0].core.kind == "circuit"]
every = pytest.mark.parametrize(("topology", "setting"), SPECIMENS)


def components(wiring: Wiring, rows: np.ndarray) -> np.ndarray:
    ends = wiring.ends[rows]
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(wiring.vertices, wiring.vertices))
    return connected_components(graph, directed=False)[1]


@every
def test_no_vertex_uses_more_ports_than_it_has(topology: Topology, setting: Setting) -> None:
    wiring = topology.wire(setting)
    used = wiring.used_ports
    assert (used >= 1).all()
    assert (used <= np.where(wiring.ports > 0, wiring.ports, np.iinfo(np.int64).max)).all()


@every
def test_every_endpoint_reaches_its_island_in_every_plane(topology: Topology, setting: Setting) -> None:
    layout = topology.lay(setting)
    if layout.circuits is not None and layout.circuits.fixed:
        pytest.skip("islands share circuit switches; what these join is the graph, whose laws hold it")
    for plane in np.unique(layout.wiring.plane):
        labels = components(layout.wiring, layout.wiring.plane == plane)[: setting.endpoints]
        pairs = np.unique(np.stack([labels, layout.island]), axis=1)
        assert pairs.shape[1] == len(np.unique(labels)) == len(np.unique(layout.island))


@every
def test_closed_form_counts_are_those_of_the_wiring(topology: Topology, setting: Setting) -> None:
    layout = topology.lay(setting)
    counts = topology.counts(setting)
    assert counts.switches == tuple((tier.name, tier.boxes) for tier in layout.tiers if tier.boxes)
    names = tuple(name for _, name in layout.wiring.levels)
    assert counts.cables == tuple((name, layout.wiring.cables(level)) for level, name in enumerate(names))
    if isinstance(topology, FoldedClos):
        assert counts.switches == tuple((tier.name, layout.wiring.count(tier.name)) for tier in layout.tiers)


@every
def test_every_endpoint_hangs_under_one_block_per_level(topology: Topology, setting: Setting) -> None:
    layout = topology.lay(setting)
    assert tuple(name for name, _ in layout.blocks) == tuple(name for _, name in layout.wiring.levels)
    below = np.arange(setting.endpoints)
    for level, (_, block) in enumerate(layout.blocks):
        assert block.shape == (setting.endpoints,)
        assert np.array_equal(np.unique(block), np.arange(block.max() + 1))
        if layout.mesh is None:
            assert len(layout.wiring.capacity(level)) == block.max() + 1
        assert len(np.unique(np.stack([below, block]), axis=1).T) == below.max() + 1, "blocks nest"
        below = block


@every
def test_capacity_upwards_is_that_of_counted_cables(topology: Topology, setting: Setting) -> None:
    wiring = topology.wire(setting)
    for level in range(len(wiring.levels)):
        rows = wiring.level == level
        capacity = wiring.capacity(level)
        meshed = wiring.levels[level][1] in {"mesh", "cube"}
        assert (capacity > 0).all() or meshed, "a router may be the upper end of all its links"
        assert capacity.sum() == pytest.approx((wiring.multiplicity * wiring.rate)[rows].sum())


@every
def test_planes_are_equal(topology: Topology, setting: Setting) -> None:
    wiring = topology.wire(setting)
    per_plane = [wiring.multiplicity[wiring.plane == plane] for plane in np.unique(wiring.plane)]
    assert all(np.array_equal(plane, per_plane[0]) for plane in per_plane)


@pytest.mark.parametrize(("topology", "setting"), FOLDED)
def test_blocks_keep_the_oversubscription_asked_for(topology: FoldedClos, setting: Setting) -> None:
    layout = topology.lay(setting)
    for level, (name, block) in enumerate(layout.blocks[1:], start=1):
        asked = topology.oversubscription.leaf
        if name == "aggregation":
            asked *= topology.oversubscription.aggregation
        down = np.bincount(block) * setting.rate
        up = layout.wiring.capacity(level)
        if layout.circuits and layout.circuits.links:  # the topmost links go to switches of two kinds
            if name == layout.circuits.links:
                continue
            up += layout.wiring.capacity(level + 1) if name == layout.circuits.level else 0
        assert (up >= down / asked * (1 - 1e-9)).all()


@pytest.mark.parametrize(("topology", "setting"), FOLDED)
def test_switches_of_a_tier_share_links_to_within_one(topology: FoldedClos, setting: Setting) -> None:
    layout = topology.lay(setting)
    wiring = layout.wiring
    for level in range(1, len(wiring.levels)):
        upper = wiring.ends[wiring.level == level, 1]
        taken = np.bincount(upper, weights=wiring.multiplicity[wiring.level == level])[np.unique(upper)]
        packs = wiring.group[np.unique(upper)]
        for pack in np.unique(packs):
            assert np.ptp(taken[packs == pack]) <= 1 + (layout.circuits.blocks if layout.circuits else 0)


@every
def test_arrays_are_read_only(topology: Topology, setting: Setting) -> None:
    wiring = topology.wire(setting)
    for column in (wiring.kind, wiring.rack, wiring.group, wiring.ports, wiring.ends, wiring.multiplicity, wiring.rate):
        assert not column.flags.writeable


@pytest.mark.parametrize(("topology", "setting"), CIRCUITS)
def test_what_circuits_join_is_what_the_wiring_brings_to_them(topology: FoldedClos, setting: Setting) -> None:
    layout = topology.lay(setting)
    assert layout.circuits is not None
    top = len(layout.wiring.levels) - 1
    rows = layout.wiring.level == top
    blocks = layout.wiring.group[layout.wiring.ends[rows, 0]]
    per_block = np.bincount(blocks, weights=layout.wiring.multiplicity[rows])
    assert (per_block == layout.circuits.ports_per_block).all()
    assert len(per_block) == layout.circuits.blocks
    pairs = np.unique(np.stack([blocks, layout.wiring.ends[rows, 1]]), axis=1).shape[1]
    assert pairs == layout.circuits.blocks * layout.tiers[-1].boxes, "every block reaches every circuit switch"


def test_the_union_of_a_study_knows_every_registered_topology() -> None:
    known = {"scale_up": TypeAdapter(ScaleUp), "scale_out": TypeAdapter(ScaleOut)}
    for kind in TOPOLOGIES.values():
        for topology, _ in kind.specimens():
            written = topology.model_dump(exclude_unset=True, exclude={"policy"})
            for domain in kind.serves:
                read = known[domain].validate_python(written | {"topology": kind.kind})
                assert type(read) is kind
                assert read == topology


@pytest.mark.parametrize("oversubscription", [1.0, 1.5, 2.0, 3.0, 7.0, 42 / 22])
def test_most_downlinks_is_the_most_that_fits(oversubscription: float) -> None:
    for radix in range(2, 130):
        fits = [down for down in range(1, radix) if down + uplinks(down, oversubscription) <= radix]
        assert Split.even(radix).most_downlinks(oversubscription) == max(fits)
        assert all(uplinks(down, oversubscription) * oversubscription >= down * (1 - 1e-9) for down in fits)


def test_uplinks_are_exact_where_the_ratio_is_whole() -> None:
    assert [uplinks(down, 7.0) for down in (7, 14, 56, 57)] == [1, 2, 8, 9]
    assert uplinks(42, 42 / 22) == 22
    assert uplinks(51, 51 / 13) == 13


def test_a_chassis_has_the_chips_of_a_two_stage_clos() -> None:
    assert chassis_chips(64, 64) == 1
    assert chassis_chips(128, 64) == 4 + 2
    assert chassis_chips(2048, 64) == 96, "as many as the leaf-spine of 2,048 endpoints"


def test_dealing_is_what_dealing_cards_is() -> None:
    lower, upper, count = deal(np.arange(5), 4, 3)
    slow: dict[tuple[int, int], int] = {}
    for turn in range(20):
        slow[turn // 4, turn % 3] = slow.get((turn // 4, turn % 3), 0) + 1
    assert {(int(a), int(b)): int(n) for a, b, n in zip(lower, upper, count, strict=True)} == slow
