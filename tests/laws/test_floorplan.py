"""Cables are as long as the floor makes them.

Fact protected: every cable is at least the straight line between its ends, cables in a rack are short, those between
racks are the two ways to the tray and the walk along rows and aisles with slack, in whole steps, and a wider hall never
shortens them. Source: the reach rule of practice, length = (2 x 3 m + along + across) x 1.1.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.fabric.floorplan import FloorplanSpec, Hall, Places, lengths, place
from lightloom.fabric.topologies import TOPOLOGIES
from lightloom.fabric.topologies.clos import Clos
from lightloom.fabric.topology import Setting, Topology

SPECIMENS = [
    pytest.param(topology, setting, id=f"{kind.kind}-{number}")
    for kind in TOPOLOGIES.values()
    for number, (topology, setting) in enumerate(kind.specimens())
]
FLOORS = [FloorplanSpec(), FloorplanSpec.model_validate({"racks_per_row": 2, "row_pitch": "2.4 m", "slack": 0})]


@pytest.mark.parametrize("floor", FLOORS, ids=["default", "narrow"])
@pytest.mark.parametrize(("topology", "setting"), SPECIMENS)
def test_no_cable_is_shorter_than_the_straight_line(topology: Topology, setting: Setting, floor: FloorplanSpec) -> None:
    wiring = topology.wire(setting)
    places = place(floor, wiring, setting.endpoints_per_rack)
    a, b = wiring.ends.T
    length = lengths(floor, places, wiring.ends)
    straight = np.hypot(places.x[a] - places.x[b], places.y[a] - places.y[b])
    assert (length >= straight - 1e-9).all()
    assert (length > 0).all()
    assert (places.rack >= 0).all()
    assert np.isfinite(places.x + places.y).all()


@pytest.mark.parametrize(("topology", "setting"), SPECIMENS)
def test_racks_hold_their_nodes_in_order(topology: Topology, setting: Setting) -> None:
    places = place(FloorplanSpec(), topology.wire(setting), setting.endpoints_per_rack)
    assert np.array_equal(places.rack[: setting.endpoints], np.arange(setting.endpoints) // setting.endpoints_per_rack)


def test_a_leaf_stands_in_the_rack_it_serves() -> None:
    setting = Setting.plain(64, 32, per_node=8, nodes_per_rack=2)
    floor = FloorplanSpec(nodes_per_rack=2)
    wiring = Clos(switch="plain").wire(setting)
    places = place(floor, wiring, setting.endpoints_per_rack)
    host = wiring.level == 0
    assert (lengths(floor, places, wiring.ends)[host] == floor.in_rack).all()
    assert (lengths(floor, places, wiring.ends)[~host] > floor.in_rack).all()


def test_neighbouring_racks_are_a_tray_apart() -> None:
    """(2 x 3 m + 0.6 m) x 1.1 = 7.26 m, ordered as 8 m."""
    floor = FloorplanSpec()
    x, y = Hall.of(floor, 2).stand(np.array([0, 1]))
    places = Places(x, y, np.array([0, 1]))
    assert lengths(floor, places, np.array([[0, 1], [0, 0]])).tolist() == [8.0, 2.0]


def test_the_aisle_is_walked_along_and_across() -> None:
    """Third slot of the first row to the first slot of the second: (6 + 1.2 + 3) x 1.1 = 11.22 m, ordered as 12 m."""
    floor = FloorplanSpec(racks_per_row=3, rows_per_column=2)
    x, y = Hall.of(floor, 6).stand(np.array([2, 3]))
    assert lengths(floor, Places(x, y, np.array([2, 3])), np.array([[0, 1]])).tolist() == [12.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 40))
def test_halls_are_about_as_deep_as_wide_and_hold_every_rack(racks: int, per_row: int) -> None:
    hall = Hall.of(FloorplanSpec(racks_per_row=per_row), racks)
    assert hall.columns * hall.rows_per_column * per_row >= racks
    x, y = hall.stand(np.arange(racks))
    assert len(np.unique(np.stack([x, y]).round(6), axis=1).T) == racks, "no two racks share a place"
    assert y.max() <= hall.rows_per_column * 3.0
    near_x, near_y = hall.near(x, y)
    assert np.allclose(near_x, x)
    assert np.allclose(near_y, y)


@pytest.mark.parametrize("key", ["vertical", "slack", "row_pitch", "rack_pitch"])
def test_a_wider_floor_never_shortens_the_sum_of_cables(key: str) -> None:
    setting = Setting.plain(512, 16, per_node=8, nodes_per_rack=1)
    wiring = Clos(switch="plain", levels=3).wire(setting)
    total = []
    for factor in (1.0, 1.5):
        base = FloorplanSpec(rows_per_column=4, nodes_per_rack=1)
        floor = base.model_copy(update={key: getattr(base, key) * factor})
        places = place(floor, wiring, setting.endpoints_per_rack)
        total.append((lengths(floor, places, wiring.ends) * wiring.multiplicity).sum())
    assert total[1] >= total[0]
