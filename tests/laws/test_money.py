"""Money and watts add up, move the right way with every figure, and a column is priced as its members are.

Facts protected: rows sum to totals; capital recovery goes to a straight line at no interest; dollars and watts rise
with prices and powers; figures two designs share cancel when they are compared. Source: arithmetic, and the annuity
formula.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.accounts.bands import Lever, Swing, combined
from lightloom.accounts.bill import Bill, JobShare, Part
from lightloom.accounts.cost import cost, difference
from lightloom.accounts.finance import HOURS_PER_YEAR, YEAR, capital_recovery
from lightloom.accounts.operation import OperationSpec, resolve
from lightloom.accounts.power import energy, job_watts, power
from lightloom.accounts.pricing import Pricing, Speed
from lightloom.core.provenance import Figure, Source

SOURCE = Source("test/one", "a test", "nowhere")
OTHER = Source("test/other", "another test", "nowhere")


def figure(value, low=None, high=None, source=SOURCE):
    return Figure(value, value if low is None else low, value if high is None else high, "estimate", source, how="test")


def part(item, group, count, watts, usd, *, load="steady", billed=1.0, band=0.1, source=SOURCE):
    power_each = figure(watts, watts * (1 - band), watts * (1 + band), source)
    price = figure(usd, usd * (1 - band), usd * (1 + band), source)
    return Part(item, group, item, count, billed, load, power_each, power_each, price)


def sample(**changes):
    share = JobShare(accelerators=1024, spares=64, cluster=1536, per_node=8)
    parts = {
        "node": part("node", "node", 128, 6800.0, 310000.0, load="job"),
        "spare": part("node", "node", 8, 6800.0, 310000.0, load="idle"),
        "other": part("node", "node", 56, 6800.0, 310000.0, load="idle", billed=0.0),
        "switch": part("switch", "switch", 60, 650.0, 43000.0, billed=share.billed),
        "optics": part("module", "optics", 3000, 8.1, 700.0, billed=share.billed),
        "fibre": Part("fibre", "fibre", "fibre", 1500, share.billed, "steady", None, None, figure(160.0, 80.0, 320.0)),
        "storage": part("storage", "storage", 24, 1000.0, 90000.0, billed=share.billed),
    }
    return Bill(tuple({**parts, **changes}.values()), share, ())


OPERATION = resolve(OperationSpec())
BILL = sample()


def priced(bill=BILL, operation=OPERATION, activity=0.8, tokens_per_s=4e5, **others):
    return Pricing(bill, operation, activity, tokens_per_s, **others)


@given(life=st.floats(0.5, 60), rate=st.floats(1e-12, 1e-7))
def test_capital_recovery_is_a_straight_line_where_money_costs_nothing(life, rate):
    assert capital_recovery(rate, life * YEAR) == pytest.approx(1 / life, rel=1e-4)
    assert capital_recovery(0.0, life * YEAR) == pytest.approx(1 / life, rel=1e-12)


@given(life=st.floats(0.5, 60), rate=st.floats(0.0, 2.0))
def test_capital_recovery_pays_back_and_no_more(life, rate):
    years = int(np.ceil(life))
    payment = capital_recovery(rate, years * YEAR)
    owed = 1.0
    for _ in range(years):
        owed = owed * (1 + rate) - payment
    assert owed == pytest.approx(0.0, abs=1e-9 * (1 + rate) ** years)
    assert capital_recovery(rate + 0.01, life * YEAR) > capital_recovery(rate, life * YEAR)
    assert capital_recovery(rate, (life + 1) * YEAR) <= capital_recovery(rate, life * YEAR)


def test_capital_recovery_of_a_column_is_that_of_its_members():
    rates, lives = np.array([0.0, 0.04, 0.3]), np.array([3.0, 5.0, 20.0]) * YEAR
    alone = [capital_recovery(float(rate), float(life)) for rate, life in zip(rates, lives, strict=True)]
    assert capital_recovery(rates, lives) == pytest.approx(alone, rel=1e-15)


def test_rows_sum_to_totals():
    account = power(BILL, OPERATION, activity=0.8)
    assert sum(row.w_total for row in account.rows) == pytest.approx(account.total_w, rel=1e-12)
    assert sum(row.job_w for row in account.rows) == pytest.approx(account.job_w, rel=1e-12)
    assert account.total_w == pytest.approx(account.equipment_w * OPERATION.pue.value, rel=1e-12)
    assert account.job_equipment_w == pytest.approx(job_watts(BILL, OPERATION, 0.8), rel=1e-12)
    spent = cost(priced())
    assert sum(row.usd_total for row in spent.rows) == pytest.approx(spent.capital_usd, rel=1e-12)
    assert sum(row.usd_per_hour for row in spent.hours) == pytest.approx(spent.usd_per_hour, rel=1e-12)
    for row in (*account.rows, *spent.rows):
        total = row.w_total if hasattr(row, "w_total") else row.usd_total
        each = row.w_each if hasattr(row, "w_each") else row.usd_each
        assert row.count * each == pytest.approx(total, rel=1e-12)
        assert row.low <= total <= row.high


def test_energy_of_parts_is_energy_of_the_whole():
    account = power(BILL, OPERATION, activity=0.8)
    per_token = energy(account, OPERATION, tokens_per_s=4e5, goodput=0.9)
    assert per_token.joules_per_token == pytest.approx(account.job_w / (4e5 * 0.9))
    assert per_token.optics < per_token.network < per_token.equipment < per_token.joules_per_token
    assert "kg_co2_per_million_tokens" not in per_token.to_dict()
    green = resolve(OperationSpec.model_validate({"carbon": "380 g/kWh"}))
    carbon = energy(account, green, tokens_per_s=4e5, goodput=0.9).kg_co2_per_million_tokens
    assert carbon == pytest.approx(per_token.joules_per_token * 1e6 / 3.6e6 * 0.38)


@pytest.mark.parametrize("name", ["node", "spare", "switch", "optics", "storage"])
def test_dearer_parts_and_hungrier_parts_make_tokens_dearer(name):
    index = list(sample().parts)
    old = next(p for p in index if p.item == ("module" if name == "optics" else "node" if name == "spare" else name))
    before = priced().usd_per_million_tokens()
    dearer = replace(old, price=old.price.scaled(1.01))
    hungrier = replace(old, power=old.power.scaled(1.01))
    rated_higher = replace(old, nameplate=old.nameplate.scaled(1.01))
    for changed in (dearer, hungrier, rated_higher):
        assert priced(sample(**{name: changed})).usd_per_million_tokens() > before


def test_a_watt_of_network_costs_more_as_facility_than_as_electricity():
    more = sample(optics=part("module", "optics", 3000, 16.2, 700.0, billed=BILL.share.billed))
    before, after = priced().hourly(), priced(more).hourly()
    assert after.facility - before.facility > after.electricity - before.electricity > 0


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"electricity": "0.16 USD/kWh"}, 1), ({"pue": 1.3}, 1), ({"capital_cost": "9 %/year"}, 1),
        ({"maintenance": "6 %/year"}, 1), ({"facility": "25 USD/W"}, 1), ({"lifetime": "4 years"}, 1),
        ({"lifetime": {"accelerators": "6 years"}}, -1), ({"lifetime": {"optics": "7 years"}}, -1),
        ({"lifetime": {"facility": "30 years"}}, -1), ({"lifetime": {"fibre": "20 years"}}, -1),
    ],
)  # fmt: skip
def test_each_assumption_moves_the_price_its_own_way(change, sign):
    after = priced(operation=resolve(OperationSpec.model_validate(change))).usd_per_million_tokens()
    assert sign * (after - priced().usd_per_million_tokens()) > 0


@given(low=st.floats(0, 1), high=st.floats(0, 1))
def test_busier_accelerators_draw_more(low, high):
    first, second = sorted((low, high))
    assert job_watts(BILL, OPERATION, first) <= job_watts(BILL, OPERATION, second)


def test_a_column_of_recipes_is_priced_as_each_alone():
    activity, speed = np.linspace(0.1, 1.0, 7), np.geomspace(1e4, 1e6, 7)
    together = priced(activity=activity, tokens_per_s=speed).usd_per_million_tokens()
    alone = [
        priced(activity=float(a), tokens_per_s=float(t)).usd_per_million_tokens()
        for a, t in zip(activity, speed, strict=True)
    ]
    assert together == pytest.approx(alone, rel=1e-14)


def test_tornado_is_sorted_and_brackets_the_price():
    account = cost(priced())
    sizes = [swing.size for swing in account.tornado]
    assert sizes == sorted(sizes, reverse=True)
    assert len({swing.lever.key for swing in account.tornado}) == len(sizes)
    band = account.usd_per_million_tokens
    assert band.low < band.mid < band.high
    assert all(band.low <= min(s.at_low, s.at_high) and max(s.at_low, s.at_high) <= band.high for s in account.tornado)


def test_band_of_one_figure_is_its_own_and_of_two_their_root_of_squares():
    lever = Lever("x", "x", figure(1.0, 0.0, 2.0))
    one, two = Swing(lever, 7.0, 13.0), Swing(lever, 14.0, 6.0)
    assert combined(10.0, [one]) == pytest.approx(combined(10.0, [one]))
    assert (combined(10.0, [one]).low, combined(10.0, [one]).high) == (7.0, 13.0)
    assert (combined(10.0, [one, two]).low, combined(10.0, [one, two]).high) == (5.0, 15.0)


def test_a_design_does_not_differ_from_itself():
    gap = difference(cost(priced()), cost(priced()))
    assert gap.usd.mid == gap.usd.low == gap.usd.high == 0.0
    assert gap.tie


def test_shared_figures_cancel_and_own_ones_do_not():
    cheaper = sample(optics=part("linear", "optics", 3000, 4.2, 450.0, billed=BILL.share.billed))
    first, second = cost(priced()), cost(priced(cheaper))
    gap = difference(first, second)
    alone = np.hypot(
        first.usd_per_million_tokens.high - first.usd_per_million_tokens.mid,
        second.usd_per_million_tokens.high - second.usd_per_million_tokens.mid,
    )
    assert gap.usd.mid == pytest.approx(first.usd_per_million_tokens.mid - second.usd_per_million_tokens.mid)
    assert gap.usd.high - gap.usd.low < alone / 5
    assert {swing.lever.key for swing in gap.swings[:3]} & {"price module", "price linear"}
    assert not gap.tie


def test_the_same_product_from_another_source_is_no_shared_figure():
    again = sample(
        node=part("node", "node", 128, 6800.0, 310000.0, load="job", source=OTHER),
        spare=part("node", "node", 8, 6800.0, 310000.0, load="idle", source=OTHER),
    )
    assert difference(cost(priced()), cost(priced(again))).usd.high > 0


def test_swapping_designs_swaps_the_difference():
    other = cost(priced(sample(optics=part("linear", "optics", 3000, 4.2, 450.0))))
    there, back = difference(cost(priced()), other).usd, difference(other, cost(priced())).usd
    assert (back.mid, back.low, back.high) == pytest.approx((-there.mid, -there.high, -there.low))


def test_a_slower_step_is_a_dearer_token_and_cancels_between_designs():
    speed = Speed("step", "step time model", figure(1.0, 0.9, 1.1))
    account = cost(priced(speeds=(speed,)))
    swing = next(s for s in account.tornado if s.lever.key == "step")
    assert (swing.at_low, swing.at_high) == pytest.approx(
        (account.usd_per_million_tokens.mid / 0.9, account.usd_per_million_tokens.mid / 1.1)
    )
    assert difference(account, account).usd.high == 0.0


def test_an_idle_site_costs_its_capital_and_no_power():
    bill = Bill((part("node", "node", 1, 0.0, 1000.0, band=0.0),), JobShare(8, None, 8, 8), ())
    free = resolve(OperationSpec.model_validate({"capital_cost": "0 %/year", "maintenance": "0 %/year"}))
    assert priced(bill, free).usd_per_hour() == pytest.approx(1000.0 / 5 / HOURS_PER_YEAR)
