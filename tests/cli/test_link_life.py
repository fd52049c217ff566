"""``lightloom link`` tells a link's life: both failures by part, what falls together, dark times, bandwidth under loss.

Facts protected: rates and bands are those of the catalog's ends; 16,300 FIT of flaps against 250 hard ones in the
field; an engine takes eight ports and its box; a Palomar's change under each setting; energy within one boundary only.
Source: Alibaba, Oracle and KDDI at ECOC 2026, as the catalog's figures name them.
"""

import json

import pytest
from click.testing import CliRunner

from lightloom.catalog import loading, products
from lightloom.cli.main import lightloom


def run(*words, code=0):
    result = CliRunner().invoke(lightloom, ["link", *words])
    assert result.exit_code == code, result.output
    return result


def answer(*words):
    return json.loads(run(*words, "--json").stdout)


def test_rates_are_those_of_both_ends_with_their_bands():
    told = answer("400g-dr4", "--to", "400g-dr4-lpo", "--length", "50m")["failures"]
    a, b = products.link("400g-dr4"), products.link("400g-dr4-lpo")
    for kind in ("hard_fit", "flap_fit"):
        one, other = getattr(a, kind), getattr(b, kind)
        assert told[kind] == one.value + other.value
        assert told[f"{kind}_band"] == {"low": one.low + other.low, "high": one.high + other.high}
        parts = told[f"{kind.removesuffix('_fit')}_parts"]
        assert sum(part["fit"] for part in parts) == pytest.approx(told[kind])
    assert told["plant"]["flap_interval_s"] == pytest.approx(3600e9 / told["flap_fit"] / told["plant"]["links"])
    assert told["plant"]["hard_interval_s"] > 20 * told["plant"]["flap_interval_s"]


def test_flaps_outnumber_hard_failures_as_in_the_field():
    told = {name: answer(name, "--length", "50m")["failures"] for name in ("400g-dr4", "400g-dr4-lpo")}
    ratios = {name: each["flap_fit"] / each["hard_fit"] for name, each in told.items()}
    assert ratios["400g-dr4"] == pytest.approx(65, rel=0.02)
    assert ratios["400g-dr4-lpo"] == pytest.approx(25, rel=0.03)


def test_an_engine_takes_its_neighbours_and_its_box():
    told = answer("800g-cpo", "--length", "50m")["failures"]
    parts = {part["part"]: part for part in told["hard_parts"]}
    assert (parts["laser"]["ports_together"], parts["laser"]["swapped"]) == (8, "laser module")
    assert (parts["driver"]["ports_together"], parts["driver"]["swapped"]) == (8, "box")
    assert parts["driver"]["repair_s"]["mid"] > parts["laser"]["repair_s"]["mid"]
    shown = run("800g-cpo", "--length", "50m").stdout
    assert "laser module" in shown
    assert "ports with it" in shown
    assert "ports with it" not in run("400g-dr4", "--length", "50m").stdout


def test_a_change_of_circuits_is_told_under_each_setting():
    told = answer("400g-fr4", "--length", "100m", "--through", "palomar")["outage"]
    assert [row["setting"] for row in told] == ["fixed-fec", "module-init", "operator"]
    assert [round(row["outage_s"]["mid"], 3) for row in told] == [0.047, 5.717, 95.047]
    linear = answer("400g-dr4-lpo", "--length", "50m", "--through", "palomar")["outage"]
    assert linear[0]["receiver_lock_s"] == pytest.approx(5.2e-3)
    mixed = answer("400g-dr4-lpo", "--to", "400g-dr4", "--length", "50m", "--through", "palomar")["outage"]
    assert mixed[0]["receiver_lock_s"] == pytest.approx(6.2e-3)
    assert answer("400g-fr4", "--length", "100m")["outage"] == []


def test_bandwidth_falls_off_a_cliff_below_the_edge():
    told = answer("400g-dr4", "--length", "50m")["delivery"]
    assert [row["transport"] for row in told["transports"]] == list(loading.names("transports"))
    for row in told["transports"]:
        shares = row["delivered_share"]
        assert shares == sorted(shares, reverse=True)
        assert shares[0] > 1 - 1e-8
        assert row["tail_delay_s"] == sorted(row["tail_delay_s"])
    by_name = {row["transport"]: row for row in told["transports"]}
    place = told["margin_db"].index(-0.5)
    shares = {name: row["delivered_share"][place] for name, row in by_name.items()}
    assert shares["roce"] < shares["infiniband"] < shares["mrc"]
    tails = {name: row["tail_delay_s"][place] for name, row in by_name.items()}
    assert tails["roce"] > 4.0
    assert tails["infiniband"] < 1e-3
    assert answer("400g-dac", "--length", "1m")["delivery"] is None


def test_energy_is_compared_within_one_boundary():
    told = answer("400g-dr4", "--length", "50m", "--against", "400g-dr4-lpo")["energy_against"]
    assert told["ratio"]["mid"] == pytest.approx(8.1 / 4.2, rel=1e-6)
    assert told["ratio"]["low"] < told["ratio"]["mid"] < told["ratio"]["high"]
    assert told["remark"] == ""
    refused = run("400g-dr4", "--length", "50m", "--against", "400g-cpo", code=2)
    assert "module alone" in refused.output
    assert "external laser" in refused.output
    insisted = answer("400g-dr4", "--length", "50m", "--against", "400g-cpo", "--across-boundaries")["energy_against"]
    assert insisted["ratio"]["mid"] > 1
    assert "module alone" in insisted["remark"]
    assert answer("400g-dr4", "--length", "50m")["energy_against"] is None


@pytest.mark.parametrize("name", loading.names("links"))
def test_every_product_tells_its_life(name):
    reach = min(products.link(name).reach, 1.0)
    told = answer(name, "--length", f"{reach:g}m", "--connectors", "0")
    assert sum(part["fit"] for part in told["failures"]["hard_parts"]) == pytest.approx(told["failures"]["hard_fit"])
    run(name, "--length", f"{reach:g}m", "--connectors", "0")
