"""A wider scale-up domain never has shorter cables.

Facts protected: shares of cables add up to one; a domain inside a node needs no cable; while the domain doubles, the
share of cables no longer than any given length falls; below the shortest way over the tray it falls at every step, not
only at doublings. Source: the definitions in ``fabric.domain_floor`` (a hall that opens a new row brings its middle
nearer to some racks, so cables over the tray are held to doublings).
"""

import itertools

import numpy as np
import pytest

from lightloom.catalog.loading import names
from lightloom.catalog.products import node, rack
from lightloom.core.errors import StudyError
from lightloom.fabric.domain_floor import Room, domain_cables
from lightloom.fabric.floorplan import FloorplanSpec

FLOORS = {
    "default": FloorplanSpec(),
    "narrow": FloorplanSpec.model_validate({"racks_per_row": 4, "row_pitch": "2.4 m"}),
}
POWERS = (20e3, 41e3, 132e3)
LENGTHS = np.array([0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0, 7.0, 10.0, 15.0])


def rooms() -> list[object]:
    return [
        pytest.param(
            Room.of(floor, node(name), rack("nvl72"), rack_power=power, bandwidth=450e9),
            id=f"{name}-{power:g}-{floored}",
        )
        for (floored, floor), name, power in itertools.product(FLOORS.items(), names("nodes"), POWERS)
    ]


def within(room: Room, accelerators: int) -> np.ndarray:
    cables = domain_cables(room, accelerators)
    return np.array([cables.within(length) for length in LENGTHS])


@pytest.mark.parametrize("room", rooms())
def test_shares_add_up_and_lengths_are_real(room: Room) -> None:
    for accelerators in (1, 8, 24, 72, 500, 8192):
        cables = domain_cables(room, accelerators)
        assert cables.share.sum() == pytest.approx(1.0)
        assert np.all(np.diff(cables.length) > 0)
        assert cables.length[0] > 0
        assert cables.quantile(0.0) <= cables.quantile(0.5) <= cables.quantile(1.0) == cables.length[-1]


@pytest.mark.parametrize("room", rooms())
def test_a_domain_twice_as_wide_has_no_more_short_cables(room: Room) -> None:
    shares = np.stack([within(room, 8 * 2**step) for step in range(1, 11)])
    assert np.all(np.diff(shares, axis=0) <= 1e-9)


@pytest.mark.parametrize("room", rooms())
def test_racks_never_grow_fewer(room: Room) -> None:
    cables = [domain_cables(room, room.accelerators_per_node * nodes) for nodes in range(1, 80)]
    racks = [found.racks + found.switch_racks for found in cables]
    assert racks == sorted(racks)


def test_a_domain_inside_a_node_needs_no_cable() -> None:
    room = Room.of(FloorplanSpec(), node("dgx-h100"), rack("nvl72"), rack_power=41e3, bandwidth=450e9)
    inside, outside = domain_cables(room, 8), domain_cables(room, 16)
    assert inside.in_node
    assert inside.length.tolist() == [room.floor.in_node]
    assert not outside.in_node


def test_more_power_never_takes_more_racks() -> None:
    racks = [
        domain_cables(
            Room.of(FloorplanSpec(), node("dgx-h100"), rack("nvl72"), rack_power=power, bandwidth=450e9), 512
        ).racks
        for power in (11e3, 21e3, 31e3, 41e3, 51e3, 200e3)
    ]
    assert racks == sorted(racks, reverse=True)
    assert racks[-1] == 13  # five nodes of eight units are all that stand in forty units


@pytest.mark.parametrize(("power", "words"), [(5e3, "cannot feed"), (4e3, "cannot feed")])
def test_a_rack_too_weak_for_a_node_is_refused(power: float, words: str) -> None:
    room = Room.of(FloorplanSpec(), node("dgx-h100"), rack("nvl72"), rack_power=power, bandwidth=450e9)
    with pytest.raises(StudyError, match=words):
        domain_cables(room, 16)
