"""Rates, outages and energies agree with cases worked out elsewhere, and with what their sources printed themselves.

``reliability_cases.json`` holds the cases with their sources: mean times between failures of pluggables and co-packaged
engines (Meta, Broadcom), Alibaba's field counts, Oriole's claim on fast switches, Palomar's power. Below them, the
sentences of those sources that no case holds.
"""

import json
from pathlib import Path

import pytest

from lightloom.photonics import energy, outage, reliability
from lightloom.photonics.reliability import HOUR, YEAR

CASES = json.loads((Path(__file__).parent / "reliability_cases.json").read_text(encoding="utf-8"))


def solve(kind, p, quantity):
    if kind == "energy_per_bit":
        return energy.energy_per_bit(p["power_w"], payload_bps=p["payload_bps"], ports=p.get("ports", 1))
    if kind == "outage":
        lost = outage.outage(control=p["control_s"], switching=p["switch_s"], receiver_lock=p["relock_s"])
        return {"outage": lost, "efficiency": outage.kept_share(p["hold_s"], lost)}[quantity]
    fit = (
        reliability.fit_of(p["mtbf_h"] * HOUR)
        if "mtbf_h" in p
        else reliability.fit_counted(p["events"], p["device_h"] * HOUR)
    )
    return {
        "fit": fit,
        "annual_failure_rate": reliability.yearly_share(fit),
        "mtbf_years": reliability.mean_time(fit) / YEAR,
    }[quantity]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case_worked_out_elsewhere(case):
    got = solve(case["kind"], case["params"], case["quantity"])
    assert got == pytest.approx(case["expected"], rel=case["rtol"], abs=case["atol"])


def test_no_flap_in_a_million_hours_proves_little():
    """Meta and Broadcom, ECOC 2025: over 1 M device-hours, no flap: less than 2,996 FIT at 95 %, not nought."""
    assert reliability.fit_upper(0, 1e6 * HOUR, confidence=0.95) == pytest.approx(2996, rel=1e-3)


def test_flaps_and_replacements_of_a_fleet_are_those_printed():
    """Alibaba, ECOC 2026, Mo3-A5, p43-p46: 13,234 linear modules, 25.8 M hours, 7 replaced, 178 flaps."""
    hours = 25.8e6 * HOUR
    replaced, flaps = reliability.fit_counted(7, hours), reliability.fit_counted(178, hours)
    assert replaced == pytest.approx(271, rel=0.005)
    assert flaps == pytest.approx(6900, rel=0.005)
    assert reliability.mean_time(replaced) / YEAR == pytest.approx(420, rel=0.005)
    assert reliability.mean_time(flaps) / YEAR == pytest.approx(17, rel=0.05)
    assert reliability.daily_events(flaps) == pytest.approx(0.00017, rel=0.05)
    assert flaps / replaced == pytest.approx(25, rel=0.05)
    retimed = reliability.fit_of(7 * YEAR), reliability.fit_of(456 * YEAR)
    assert retimed == (pytest.approx(16300, rel=0.005), pytest.approx(250, rel=0.005))
    assert reliability.daily_events(retimed[0]) == pytest.approx(0.0004, rel=0.05)


def test_a_fleet_of_links_flaps_as_often_as_was_said():
    """Credo, citing Borrill: a link fails in 3e5 hours, 20,000 accelerators see one in 3 hours, 3 million in 48 s.

    The first count takes five links an accelerator, the second 7.5; both are what the sentence says, not more.
    """
    fit = reliability.fit_of(3e5 * HOUR)
    assert reliability.fleet_interval(fit, devices=20_000 * 5) / HOUR == pytest.approx(3.0)
    assert reliability.fleet_interval(fit, devices=3e6 * 7.5) == pytest.approx(48.0)


def test_a_fast_switch_with_slow_receivers_keeps_under_one_per_cent():
    """Oriole, ECOC 2026: a switch of under 10 ns with standard transceivers gives less than 1 % of throughput."""
    lost = outage.outage(control=0.0, switching=1e-8, receiver_lock=6.2e-3)
    assert outage.kept_share(1e-5, lost) < 0.01
    assert outage.shortest_hold(lost, kept=0.99) == pytest.approx(0.614, rel=0.001)
    burst = outage.outage(control=0.0, switching=1e-8, receiver_lock=3.84e-9)
    assert outage.kept_share(1e-5, burst) > 0.998
