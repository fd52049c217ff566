"""The rack that stayed on copper: GB200 NVL72, the anchor of the question where copper ends.

Facts: 72 accelerators of 18 links, each link four pairs, are 5,184 copper pairs; 3.2 km of them, 0.62 m on average
(ServeTheHome and yahoo.com, 2024-03); 18 compute and nine switch trays of one unit (NVIDIA, DGX GB200 user guide). Its
optical alternative: 648 modules of 1.6 Tb/s (72 x 7.2 x 2 / 1.6), 19.4 kW at 30 W each ("Demystifying the Semiconductor
Value Chain: Interconnect", 2026-08-05). Two racks of it (NVL36x2) took active cables between them (SemiAnalysis, 2024).
The lead at each end of a cable is fitted to that mean; its longest cable, and where copper ends, are not.
"""

import pytest

import lightloom as ll
from lightloom.catalog.products import accelerator, node, rack
from lightloom.fabric.domain_floor import Room, domain_cables
from lightloom.fabric.floorplan import FloorplanSpec
from lightloom.study.questions.demand import Demand, demand
from lightloom.study.questions.question import DemandQuestion
from lightloom.study.questions.wall import Cell

BANDWIDTH = accelerator("gb200-186gb").scale_up_bandwidth.value


@pytest.fixture
def room() -> Room:
    """Four accelerators in a tray of one unit, 18 trays in a rack of 132 kW."""
    return Room.of(FloorplanSpec(), node("gb200-tray"), rack("nvl72"), rack_power=132e3, bandwidth=BANDWIDTH)


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


@pytest.fixture(scope="module")
def answer() -> Demand:
    """Any job on such trays; the question is of racks and lanes."""
    study = ll.load(
        "qwen3-235b-256",
        [
            "cluster.accelerator=gb200-186gb",
            "cluster.node=gb200-tray",
            "fabric.scale_up={domain: 4, link: nvlink5-backplane}",
        ],
    )
    return demand(study, DemandQuestion(domains=(36, 72, 144, 288, 576), rack_power=132e3, optics="1.6t-dr8"))


def at(answer: Demand, domain: int) -> Cell:
    return next(each for each in answer.cells if (each.domain, each.lane_rate_bps) == (domain, 200e9))


def test_it_is_asked_about_at_the_lane_rate_of_its_own_links(answer: Demand) -> None:
    assert answer.lane_rate == 200e9


def test_it_stays_on_passive_copper_in_its_rack(answer: Demand) -> None:
    (row,) = at(answer, 72).rows
    assert (row.technology, row.pairs) == ("passive", 5184)
    assert at(answer, 72).copper.mid == 1.0
    assert next(each.racks for each in answer.domains if each.accelerators == 72) == 1


def test_copper_without_electronics_ends_with_the_rack(answer: Demand) -> None:
    (passive,) = (end for end in answer.ends if (end.lane_rate_bps, end.technology) == (200e9, "passive"))
    assert passive.domain.mid == 72


def test_two_racks_take_active_copper_and_four_take_optics(answer: Demand) -> None:
    two, four = at(answer, 144), at(answer, 288)
    assert {row.technology for row in two.rows} > {"passive", "linear"}
    assert two.optical_ports.mid == 0
    assert four.optical_ports.mid == pytest.approx(288 * 4.5)


def test_its_optical_alternative_is_648_modules_and_19_kilowatts(answer: Demand) -> None:
    optical = at(answer, 72).all_optical
    assert optical is not None
    assert (optical.product, optical.ports) == ("1.6t-dr8", 648)
    assert optical.watts is not None
    assert optical.watts[2] == pytest.approx(19.4e3, abs=50)  # at 30 W, the high end of the module's band
    assert optical.watts[0] == pytest.approx(648 * 25)
    assert optical.watts[1] > 100 * 64.8  # a hundred times the copper


def test_reach_falls_by_lane_rate_as_published(answer: Demand) -> None:
    """OpenAI, ECOC 2026: 5, 3, 2 and 1 m at 25, 50, 100 and 200 Gb/s; about 1 m, contested, at 400."""
    reach = {lane.rate_bps: rung.reach for lane in answer.lanes for rung in lane.rungs if rung.technology == "passive"}
    published = {25e9: 5.0, 50e9: 3.0, 100e9: 2.0, 200e9: 1.0}
    assert {rate: round(reach[rate].mid, 1) for rate in published} == published
    assert reach[400e9].low < 0.1
    assert reach[400e9].high > 1.0
