"""The rack that stayed on copper: GB200 NVL72, the anchor of the question where copper ends.

Facts: 72 accelerators of 18 links, each link four pairs, are 5,184 copper pairs; 3.2 km of them, 0.62 m on average
(ServeTheHome and yahoo.com, 2024-03); 18 compute and nine switch trays of one unit (NVIDIA, DGX GB200 user guide).
"""

import dataclasses

import pytest

from lightloom.catalog.products import accelerator, node, rack
from lightloom.fabric.domain_floor import Room, domain_cables
from lightloom.fabric.floorplan import FloorplanSpec

TRAY = node("dgx-b200").model_copy(update={"accelerators": 4})
BANDWIDTH = accelerator("b200-sxm-180gb").scale_up_bandwidth.value


@pytest.fixture
def room() -> Room:
    """Four accelerators in a tray of one unit, 18 trays in a rack of 132 kW."""
    boxes = Room.of(FloorplanSpec(), TRAY, rack("nvl72"), rack_power=132e3, bandwidth=BANDWIDTH)
    return dataclasses.replace(boxes, node_units=1.0, node_power=132e3 / 18)


def test_nine_switch_trays_stand_amid_eighteen(room: Room) -> None:
    assert room.switch_units(72) == 9
    assert room.nodes_beside_switches == 18


def test_its_cables_are_as_long_as_published_on_average(room: Room) -> None:
    cables = domain_cables(room, 72)
    assert cables.racks == 1
    assert cables.mean == pytest.approx(3200 / 5184, abs=0.005)
    assert cables.quantile(1.0) < 1.0


def test_one_accelerator_more_takes_it_out_of_the_rack(room: Room) -> None:
    cables = domain_cables(room, 76)
    assert (cables.racks, cables.switch_racks) == (2, 1)
    assert cables.quantile(0.0) > 0.6
