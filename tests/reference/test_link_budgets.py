"""Shipped link products behave as published: what closes, what does not, by how much, and how late bits arrive.

Most facts rest on the data sheets of 400GBASE-DR4 and 400G-FR4 modules (Edgecore ET7502), the OCI MSA v1.0, and talks
of ECOC 2026. The formulas alone are held to reference cases in ``test_link_cases``.
"""

from typing import Any

import numpy as np
import pytest

from lightloom.catalog.loading import names
from lightloom.catalog.products import circuit_switch, link
from lightloom.photonics import copper, errors, interference
from lightloom.photonics.link_report import link_report
from lightloom.photonics.links import CircuitSwitchPass, LinkPolicy, LinkRequest, choose

PRODUCTS = {name: link(name) for name in names("links")}


def margin(
    name: str, length: float, *, connectors: int | None = 4, switch_db: float = 0.0, extra_db: float = 0.0
) -> float:
    passes = (CircuitSwitchPass(switch_db, switch_db),) if switch_db else ()
    report = link_report(PRODUCTS, name, length=length, connectors=connectors, through=passes, extra_loss_db=extra_db)
    return report["spec_min"]["margin_db"]


@pytest.mark.parametrize(
    ("name", "length", "options", "expected"),
    [
        ("400g-dr4", 500.0, {"connectors": None}, 0.0),
        ("400g-fr4", 2000.0, {"connectors": None}, 0.0),
        ("800g-dr8", 500.0, {"connectors": None}, 0.0),
        ("800g-2xfr4", 2000.0, {"connectors": None}, 0.0),
        ("400g-dr4", 500.0, {}, 1.4),
        ("400g-dr4", 500.0, {"switch_db": 2.0}, -0.6),
        ("400g-dr4", 500.0, {"switch_db": 2.5, "extra_db": 2 * 0.8 + 0.1}, -2.8),
        ("400g-fr4", 500.0, {"switch_db": 1.5}, 0.9),
        ("400g-fr4", 500.0, {"switch_db": 2.5}, -0.1),
    ],
)
def test_shipped_modules_at_guaranteed_limits(
    name: str, length: float, options: dict[str, Any], expected: float
) -> None:
    # The last term of the circulator case is 0.1 dB of crosstalk; circulators are 0.8 dB each.
    assert margin(name, length, **options) == pytest.approx(expected, abs=1e-9)


def test_transmitter_closure_is_subtracted_once() -> None:
    # Subtracted at the transmitter and again by using the stressed sensitivity, DR4 would miss by 3.4 dB.
    assert margin("400g-dr4", 500.0, connectors=None) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize(("length", "closes"), [(0.5, True), (2.0, True), (2.01, False), (3.0, False)])
@pytest.mark.parametrize("name", ["400g-dac", "800g-dac"])
def test_passive_copper_ends_at_two_metres_of_100g_lanes(name: str, length: float, closes: bool) -> None:  # noqa: FBT001 # a table
    # Reach of 802.3ck CR; lengths sold: 0.5 to 2 m (NVIDIA MCP4Y10).
    assert link_report(PRODUCTS, name, length=length)["spec_min"]["closes"] is closes


def test_passive_copper_of_200g_lanes_ends_at_one_metre() -> None:
    # 40 dB die to die at 53.125 GHz, 9.5 dB/m; OpenAI, ECOC 2026: about 1 m.
    cable = PRODUCTS["800g-dac"]
    points = (
        (cable.first_frequency.value, cable.first_loss.value),
        (cable.second_frequency.value, cable.second_loss.value),
    )
    per_metre = copper.loss_per_length_db(copper.nyquist_frequency(106.25e9), first=points[0], second=points[1])
    assert copper.reach(channel_budget_db=40.0, fixed_loss_db=30.5, loss_db_per_m=per_metre) == pytest.approx(1.0)


def test_field_margin_is_what_published_error_ratios_betray() -> None:
    # Oracle, ECOC 2026: medians 1.1e-11 (linear) and 1.4e-11 (retimed); worst 1 % 5e-10 and 3e-8.
    for name, worst in (("400g-dr4-lpo", 5e-10), ("400g-dr4", 3e-8)):
        distribution = link_report(PRODUCTS, name, length=100.0)["distribution"]
        assert distribution["margin_db"]["p50"] == pytest.approx(2.9, abs=0.05)
        assert distribution["margin_db"]["p1"] == pytest.approx(errors.margin_at(worst, threshold=2.4e-4), abs=0.05)


def test_through_palomar_guarantee_fails_and_practice_closes() -> None:
    # DR4 through a circuit switch of 2 dB misses its guarantee; KDDI ran 72 h of pre-training on DR4 LPO through one.
    palomar = circuit_switch("palomar")
    one = (CircuitSwitchPass(palomar.insertion_loss_typical.value, palomar.insertion_loss_maximum.value),)
    report = link_report(PRODUCTS, "400g-dr4-lpo", length=100.0, through=one)
    assert not report["spec_min"]["closes"]
    assert report["distribution"]["closes_share"] > 0.999
    assert 1e-9 < report["pre_fec_ber"] < 1e-5


def test_delays_published_for_media() -> None:
    # 4.897 ns/m of fibre (gnpy), 4.5 ns/m of twin-ax (NVIDIA MCP4Y10).
    table = choose(
        [LinkRequest(length, 400e9, 1, (name,), (name,)) for name in ("400g-dr4", "400g-dac") for length in (1.0, 2.0)],
        LinkPolicy(),
        PRODUCTS,
    )
    per_metre = np.diff(table.latency)[::2]
    assert per_metre == pytest.approx([4.897e-9, 4.5e-9], rel=1e-3)


def test_a_port_of_1_6_terabits_draws_less_with_every_step_towards_the_chip() -> None:
    # Watts an end: NVIDIA (25, 11 W), Oracle (16 W), TeraHop (< 35 W for 6.4T), Broadcom (3.5 W for 800G).
    ladder = ("1.6t-dr8", "1.6t-dr8-lro", "1.6t-dr8-lpo", "1.6t-npo", "1.6t-cpo")
    assert [PRODUCTS[name].power.value for name in ladder] == [25.0, 16.0, 11.0, 8.75, 7.0]


@pytest.mark.parametrize(
    ("name", "reach"),
    [("1.6t-dac", 1.0), ("1.6t-acc", 2.0), ("1.6t-aec", 5.0), ("800g-acc", 5.0), ("nvlink5-backplane", 1.5)],
)
def test_copper_ends_where_its_makers_say(name: str, reach: float) -> None:
    # 200G lanes: 1 m passive (OpenAI), 2-2.5 m with redrivers and about 5 m retimed (Morgan Stanley); NVL72 1.5 m.
    closing = [link_report(PRODUCTS, name, length=length)["spec_min"]["closes"] for length in (reach, 1.01 * reach)]
    assert closing == [True, False]


def test_a_coherent_module_without_amplifiers_bridges_what_its_powers_allow() -> None:
    # Huawei 02313LHH: -10 dBm launched at least, -20 dBm needed, -6 dBm launched at most, 0 dBm taken.
    report = link_report(PRODUCTS, "400zr", length=20e3, connectors=4)
    assert report["spec_min"]["margin_db"] == pytest.approx(10.0 - 20 * 0.25 - 4 * 0.35)
    assert report["pre_fec_ber"] is None


def test_both_ways_on_one_fibre_through_palomar_closes_with_little_to_spare() -> None:
    # 6.0 dB less two circulators, the switch and the plant, 1.6 + 2.0 + 4 x 0.35 + 0.04, less reflections.
    palomar = circuit_switch("palomar")
    one = (CircuitSwitchPass(1.5, 2.0, palomar.return_loss_db),)
    report = link_report(PRODUCTS, "800g-bidi", length=100.0, through=one)
    rows = {row["item"]: row["db"] for row in report["rows"]}
    assert rows["circulators"] == pytest.approx(-1.6)
    reflected = 10**-3.8 * 10 ** (-1.44 / 10) + 4 * 10**-5.5  # the switch behind half of 1.44 dB, there and back
    back_db = 10 * np.log10(reflected) + 1.44 + 2.0
    penalty = interference.gaussian_penalty_db(
        back_db, extinction_ratio_db=3.5, q=errors.q_factor(2.4e-4), polarisation=0.5
    )
    assert rows["own light reflected"] == pytest.approx(-float(penalty))
    assert -0.8 < rows["own light reflected"] < -0.6
    assert report["spec_min"]["margin_db"] == pytest.approx(0.96 + rows["own light reflected"])
    assert report["fibres"] == 1


def test_three_decibels_more_are_what_a_circuit_switch_needs() -> None:
    # Module of Coherent for circuit switches: DR8 misses by 0.6 dB at 500 m through 2 dB, this one has 2.4 dB left.
    assert margin("800g-dr8", 500.0, switch_db=2.0) == pytest.approx(-0.6)
    assert margin("800g-dr8-ocs", 500.0, switch_db=2.0) == pytest.approx(2.4)
