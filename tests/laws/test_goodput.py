"""Goodput stays between nought and one, falls with whatever goes wrong, and its rows account for all the time.

Facts protected: monotone in rates, stalls and downtime; the best interval is the best; shares sum to one; a column is
its members. Source: Daly, FGCS 22 (2006), whose closed form this is.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.accounts.bill import JobShare
from lightloom.accounts.failures import ALWAYS, Away, Cause, Felt, failure_levers, stop_rate
from lightloom.accounts.goodput import Reliability, best_interval, goodput, kept_share, spare_shortage
from lightloom.accounts.operation import OperationSpec, StorageSpec, resolve, resolve_storage
from lightloom.accounts.storage import checkpoint_bytes, exposed_input
from lightloom.core.provenance import Figure, Source

RATES = st.floats(1e-9, 1e-2)
TIMES = st.floats(1e-3, 1e4)
HOUR = 3600.0


def figure(value, low=None, high=None):
    source = Source("test/one", "a test", "nowhere")
    return Figure(value, value if low is None else low, value if high is None else high, "estimate", source, how="test")


def causes(fit=15000.0, count=16384):
    away = Away(figure(24 * HOUR, 4 * HOUR, 72 * HOUR))
    felt = Felt(figure(0.04, 0.01, 0.08), "lost_per_flap", "chance that a flap stops the job")
    return (
        Cause("accelerators", count, figure(fit, fit / 2, fit * 2), ALWAYS, "fit accelerator", away=away),
        Cause("links, flaps", 3 * count, figure(16300.0), felt, "fit link"),
    )


def reliability(*, mode="async", interval="auto", spares=None, fit=15000.0, write="2 TB/s", size=5.3e12):
    spec = {"checkpoint": {"mode": mode, "interval": interval}}
    operation = resolve(OperationSpec.model_validate(spec))
    share = JobShare(accelerators=16384, spares=spares, cluster=24576, per_node=8)
    section = StorageSpec.model_validate({"read": "2 TB/s", "write": write, "capacity": "240 PB"})
    storage = resolve_storage(section, operation, accelerators=24576)
    return Reliability(causes(fit), share, storage, operation, size)


@given(rate=RATES, interval=TIMES, stall=TIMES, behind=TIMES, down=TIMES)
def test_share_lies_between_nought_and_one_and_falls_with_trouble(rate, interval, stall, behind, down):
    def share(rate=rate, interval=interval, stall=stall, behind=behind, down=down):
        return kept_share(rate, interval=interval, stall=stall, durable_after=behind, downtime=down)

    mid = share()
    assert 0.0 <= mid <= 1.0
    assert mid <= interval / (interval + stall)
    assert share(rate=rate * 1.1) <= mid
    assert share(stall=stall * 1.1) <= mid
    assert share(behind=behind * 1.1) <= mid
    assert share(down=down * 1.1) <= mid


def test_nothing_fails_nothing_lost_but_checkpoints():
    assert kept_share(0.0, interval=90.0, stall=10.0, downtime=600.0) == pytest.approx(0.9, rel=1e-12)


@given(rate=RATES, stall=TIMES)
def test_no_other_interval_keeps_more(rate, stall):
    best = best_interval(rate, stall)
    kept = kept_share(rate, interval=best, stall=stall)
    others = kept_share(rate, interval=best * np.geomspace(0.02, 50.0, 400), stall=stall)
    assert others.max() <= kept * (1 + 1e-9)


@given(rate=st.floats(1e-8, 1e-5), stall=st.floats(0.1, 10.0))
def test_rare_failures_give_youngs_interval(rate, stall):
    young = np.sqrt(2 * stall / rate)
    assert best_interval(rate, stall) == pytest.approx(young, rel=2 * np.sqrt(rate * stall))


def test_an_interval_is_never_shorter_than_the_write_behind_it():
    assert best_interval(1e-3, 0.01, durable_after=500.0) == 500.0


def test_columns_are_their_members():
    rates, stalls = np.geomspace(1e-8, 1e-3, 9), np.geomspace(0.1, 500.0, 9)
    intervals = best_interval(rates, stalls)
    alone = [best_interval(float(r), float(s)) for r, s in zip(rates, stalls, strict=True)]
    assert intervals == pytest.approx(alone, rel=1e-14)
    kept = kept_share(rates, interval=intervals, stall=stalls, downtime=700.0)
    assert kept == pytest.approx(
        [
            kept_share(float(r), interval=float(i), stall=float(s), downtime=700.0)
            for r, i, s in zip(rates, intervals, stalls, strict=True)
        ],
        rel=1e-14,
    )
    load = np.array([0.0, 0.5, 4.0])
    assert spare_shortage(load, 3) == pytest.approx([spare_shortage(float(x), 3) for x in load])


@given(load=st.floats(0.0, 200.0), spares=st.integers(0, 60))
def test_more_spares_wait_less_and_more_failures_wait_more(load, spares):
    share = spare_shortage(load, spares)
    assert 0.0 <= share < 1.0
    assert spare_shortage(load, spares + 1) <= share
    assert spare_shortage(load + 1.0, spares) >= share


def test_without_spares_the_job_waits_for_every_repair():
    assert spare_shortage(0.25, 0) == pytest.approx(0.25 / 1.25)


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("spares", [None, 0, 256])
def test_all_time_is_accounted_for(mode, spares):
    account = goodput(reliability(mode=mode, spares=spares))
    assert account.fraction + sum(row.time_share for row in account.losses) == pytest.approx(1.0, abs=1e-12)
    assert all(row.time_share >= -1e-12 for row in account.losses)
    assert sum(row.stops_share for row in account.stops) == pytest.approx(1.0)
    assert 1 / account.mtbf_s == pytest.approx(sum(1 / row.mtbf_s for row in account.stops))
    assert account.band.low < account.fraction < account.band.high <= 1.0


def test_goodput_falls_with_failure_rates_and_slow_storage():
    fine = goodput(reliability()).fraction
    assert goodput(reliability(fit=30000.0)).fraction < fine
    assert goodput(reliability(write="20 GB/s")).fraction < fine
    assert goodput(reliability(mode="sync", write="100 GB/s")).fraction < fine
    assert goodput(reliability(interval="3 h")).fraction < fine
    assert goodput(reliability(spares=8)).fraction < fine


def test_failure_rates_add_up_over_causes():
    listed = causes()
    assert stop_rate(listed) * HOUR * 1e9 == pytest.approx(16384 * (15000 + 3 * 16300 * 0.04))
    assert stop_rate(listed, {"lost_per_flap": -1}) < stop_rate(listed) < stop_rate(listed, {"fit accelerator": 1})
    assert {lever.key for lever in failure_levers(listed)} == {"fit accelerator", "lost_per_flap"}


def test_answers_already_known_are_those_computed_again():
    account = goodput(reliability(spares=64))
    asked = account.reliability
    assert account.fraction_at({}) == account.fraction_at({"price of tea": 1}) == account.fraction
    for key in ("lost_per_flap", "restart", "repair", "fit accelerator", "storage_write", "snapshot_stall"):
        for sign in (-1, 1):
            assert account.fraction_at({key: sign}) == asked.fraction({key: sign})
    both = {"restart": 1, "repair": 1}
    assert account.fraction_at(both) == asked.fraction(both) < account.fraction_at({"restart": 1})


def test_a_checkpoint_that_cannot_keep_up_is_said_so():
    assert not goodput(reliability()).warnings
    assert goodput(reliability(write="10 GB/s", interval="1 min")).warnings


def test_write_bandwidth_is_what_the_interval_needs():
    account = goodput(reliability(interval="10 min"))
    assert account.write_bytes_per_s == pytest.approx(5.3e12 / 600)
    waiting = goodput(reliability(mode="sync", interval="10 min"))
    assert waiting.write_bytes_per_s == pytest.approx(2e12)


def test_what_is_taken_for_granted_is_said():
    free, spared = goodput(reliability()), goodput(reliability(spares=256))
    assert any("at hand always" in text for text in free.assumptions)
    assert any("32 spare nodes" in text and "24 h" in text for text in spared.assumptions)


def test_result_is_plain_json_data():
    shown = goodput(reliability(fit=0.0, spares=8)).to_dict()
    assert set(shown) >= {"fraction", "mtbf_s", "checkpoint", "rows"}
    rows = shown["rows"]
    assert isinstance(rows, list)
    assert rows[0]["mtbf_s"] is None


def test_input_shows_only_where_reading_is_slower_than_the_step():
    assert exposed_input(16e6, 6.0, bytes_per_token=4.0, read=2e12) == 0.0
    waits = exposed_input(np.array([16e6, 16e6]), np.array([6.0, 1.0]), bytes_per_token=4.0, read=32e6)
    assert waits == pytest.approx([0.0, 1.0])
    assert checkpoint_bytes(405e9, 14.0) == pytest.approx(5.67e12)
