"""Published facts about links come out of the catalog as the page of known results prints them, or as it says instead.

Beside it: ``test_link_budgets`` holds DR4 and FR4 at their limits and through circuit switches, and the watts of the
1.6T ladder; ``test_reliability_cases`` the counts of a fleet and the fast switch; ``test_link_cases`` the formulas.
"""

import numpy as np
import pytest

from lightloom.catalog.loading import names
from lightloom.catalog.products import link, receiver
from lightloom.core.errors import StudyError
from lightloom.photonics import budget, copper, energy, outage, reliability
from lightloom.photonics.link_report import link_report
from lightloom.photonics.links import CircuitSwitchPass
from lightloom.photonics.plant import StatedPlant
from lightloom.photonics.wall import longest

PRODUCTS = {name: link(name) for name in names("links")}
LADDER = ("1.6t-dr8", "1.6t-dr8-lro", "1.6t-dr8-lpo", "1.6t-npo", "1.6t-cpo")


@pytest.mark.parametrize(
    ("name", "reach", "left"), [("400g-lr4", 10e3, 0.0), ("200g-fr4", 2e3, 0.0), ("800g-sr8", 100.0, 0.1)]
)
def test_longer_and_shorter_standards_close_at_their_reach(name: str, reach: float, left: float) -> None:
    """100G Lambda MSA 400G-LR4-10, clauses 122 (200GBASE-FR4) and 167 (SR8) of IEEE Std 802.3, in part from memory."""
    assert PRODUCTS[name].specified_reach.value == reach
    assert link_report(PRODUCTS, name, length=reach, connectors=None)["spec_min"]["margin_db"] == pytest.approx(left)
    assert not link_report(PRODUCTS, name, length=1.01 * reach, connectors=None)["spec_min"]["closes"]


def test_a_budget_whose_every_term_is_published_closes() -> None:
    """OCI MSA v1.0, first generation: -6.9 - 2.5 - 0.2 = -6.2 - 3.4 dBm."""
    needed = budget.ideal_sensitivity_dbm(stressed_sensitivity_dbm=-6.2, stressed_eye_closure_db=3.4)
    left = budget.margin_db(launch_dbm=-6.9, channel_loss_db=2.5, sensitivity_dbm=needed, reflection_penalty_db=0.2)
    assert left == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("length", "left"), [(2.0, -0.0008), (500.0, -0.2)])
def test_four_worst_connectors_use_up_what_a_module_may_lose(length: float, left: float) -> None:
    """NVIDIA, ECOC 2026, Su2-I-01, p18: four connectors of 0.75 dB are the 3.0 dB of clause 124, before any switch."""
    report = link_report(PRODUCTS, "400g-dr4", length=length, plant=StatedPlant(connector_loss_db=0.75))
    assert report["spec_min"]["margin_db"] == pytest.approx(left, abs=1e-9)
    assert not report["spec_min"]["closes"]


@pytest.mark.parametrize(("name", "switch_db"), [("400g-dr4", 2.0), ("400g-fr4", 1.5)])
def test_parts_as_they_come_close_through_a_switch(name: str, switch_db: float) -> None:
    """KDDI, ECOC 2026, Mo3-A3: 72 hours of training through a circuit switch; margins of Oracle, ECOC 2026."""
    report = link_report(PRODUCTS, name, length=500.0, through=(CircuitSwitchPass(1.5, switch_db),))
    assert report["distribution"]["closes_share"] > 0.998
    assert report["distribution"]["margin_db"]["p1"] > 0


def test_energy_of_a_bit_falls_with_every_step_towards_the_chip() -> None:
    """Watts as in ``test_link_budgets`` over 1.6 Tb/s; ECOC 2026 says 14-18.5, 10-12.5, 6.4-6.5, 5-5.5 and 3-4.4 pJ."""
    picojoules = [PRODUCTS[name].power.value / PRODUCTS[name].rate.value * 1e12 for name in LADDER]
    assert picojoules == pytest.approx([15.6, 10.0, 6.9, 5.5, 4.4], abs=0.05)


def test_energies_printed_beside_watts_count_the_bits_on_the_line() -> None:
    """NVIDIA, ECOC 2026, Su2-I-01, p11: 11 W and 6.4 pJ/bit; eight lanes of 212.5 Gb/s are 1.7 Tb/s.

    Of 25 W the talk says 14 pJ/bit, and 14.7 comes out.
    """
    assert energy.energy_per_bit(11.0, payload_bps=8 * 212.5e9) == pytest.approx(6.4e-12, rel=0.02)
    assert energy.energy_per_bit(25.0, payload_bps=8 * 212.5e9) == pytest.approx(14.7e-12, rel=0.002)


def test_the_last_step_of_the_ladder_depends_on_the_maker() -> None:
    """NVIDIA, Hot Chips: 9 W; TeraHop, ECOC 2026: less than 35 W for four ports near the package."""
    assert PRODUCTS["1.6t-cpo-ring"].power.value > PRODUCTS["1.6t-npo"].power.value > PRODUCTS["1.6t-cpo"].power.value


def test_watts_of_a_module_and_of_an_engine_are_counted_otherwise() -> None:
    """Boundaries as the catalog states them: an engine counts its laser's share, both leave SerDes to their box."""
    module, engine = (
        energy.Draw(name, PRODUCTS[name].power, PRODUCTS[name].rate.value, PRODUCTS[name].boundary)
        for name in ("1.6t-dr8", "1.6t-cpo")
    )
    with pytest.raises(StudyError, match="boundar"):
        energy.compare(module, engine)
    assert {PRODUCTS[name].boundary for name in LADDER[:3]} == {module.boundary}


@pytest.mark.parametrize(("name", "ratio"), [("400g-dr4", 65.0), ("400g-dr4-lpo", 25.0), ("400g-cpo", 7.8)])
def test_flaps_outnumber_hard_failures(name: str, ratio: float) -> None:
    """Alibaba, ECOC 2026, Mo3-A5, p43-p46; Meta and Broadcom, ECOC 2025, a bound of flaps over 2.6 M h."""
    assert PRODUCTS[name].flap_fit.value / PRODUCTS[name].hard_fit.value == pytest.approx(ratio, rel=0.02)


def test_both_counts_of_a_fleet_betray_the_same_hours() -> None:
    """Alibaba, ECOC 2026, Mo3-A5: 209 replaced, one in 456 years; 13,746 flaps, one in 7 years, a rounded figure."""
    by_flaps, by_replacements = 13_746 / 16_300, 209 / 250
    assert by_flaps == pytest.approx(by_replacements, rel=0.01)


def test_linear_links_flap_less_in_a_second_fleet() -> None:
    """Oracle, ECOC 2026, Su3-A-03: 3.24 % of linear, 5.68 % of retimed links went down; Alibaba's rates: 2.4 to one.

    The two fleets agree on which flaps less, not on by how much.
    """
    oracle = np.log1p(-0.0568) / np.log1p(-0.0324)
    alibaba = PRODUCTS["400g-dr4"].flap_fit.value / PRODUCTS["400g-dr4-lpo"].flap_fit.value
    assert oracle == pytest.approx(1.78, abs=0.01)
    assert alibaba == pytest.approx(2.36, abs=0.01)


@pytest.mark.parametrize("name", ["retimed", "linear"])
@pytest.mark.parametrize("hold", [1e-6, 1e-5, 4e-5])
def test_the_fastest_receiver_on_the_chart_still_loses_99_per_cent(name: str, hold: float) -> None:
    """Oriole, ECOC 2026: less than 1 % behind a 10 ns switch; KDDI, ECOC 2026, Mo3-A3, p10: 4.1 ms at the fastest."""
    lost = outage.outage(control=0.0, switching=1e-8, receiver_lock=receiver(name).receiver_lock.low)
    assert outage.kept_share(hold, lost) < 0.01


def test_no_flap_seen_is_what_the_catalog_takes_for_engines() -> None:
    """Meta and Broadcom, ECOC 2025: over a million hours without a flap, at 95 %."""
    bound = reliability.fit_upper(0, 1e6 * reliability.HOUR, confidence=0.95)
    assert PRODUCTS["400g-cpo"].flap_fit.value == pytest.approx(bound, rel=0.01)


@pytest.mark.parametrize(
    ("name", "lane_rate", "chart"),
    [("100g-dac", 25e9, 5.0), ("200g-dac", 50e9, 3.0), ("400g-dac", 100e9, 2.0), ("1.6t-dac", 200e9, 1.0)],
)
def test_passive_copper_ends_where_the_chart_says_and_before_the_rule(
    name: str, lane_rate: float, chart: float
) -> None:
    """OpenAI, ECOC 2026, a chart; Marvell's rule of 500 m Gb/s. Those of 100 and 200 Gb/s fixed the cable's losses."""
    reach = longest(PRODUCTS[name], mode="spec_min")
    assert reach == pytest.approx(chart, rel=0.01)
    assert reach < copper.reach_by_rate(lane_rate, product=500e9)


def test_passive_copper_of_400g_lanes_falls_short_of_the_chart() -> None:
    """OpenAI, ECOC 2026: about 1 m, contested; 40 dB (Qualcomm) and 0.4 dB/in (Arista) leave half of it."""
    assert longest(PRODUCTS["3.2t-dac"], mode="spec_min") == pytest.approx(0.53, abs=0.01)
