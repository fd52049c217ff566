"""Laws of failure rates, outages, energies and of bandwidth under frame loss: monotone, inverse, batch as singles.

Protects: rates add; what one function makes another takes back; recovery that sends more again never delivers more;
watts of different boundaries are not compared unless asked. Source: the definitions in ``photonics``.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.core.provenance import Figure
from lightloom.photonics import delivery, energy, outage, reliability

FITS = st.floats(1e-3, 1e7)
LOSSES = st.floats(0.0, 0.9)
TIMES = st.floats(1e-9, 1e4)
SWEEP = np.geomspace(1e-9, 0.5, 13)


def figure(value, low=None, high=None):
    return Figure(value, value if low is None else low, value if high is None else high, "estimate", None, how="test")


@given(fit=FITS, more=FITS, time=st.floats(1.0, 1e9))
def test_rates_are_inverse_to_mean_times_and_grow_with_failures(fit, more, time):
    assert reliability.fit_of(reliability.mean_time(fit)) == pytest.approx(fit, rel=1e-12)
    assert reliability.mean_time(fit + more) < reliability.mean_time(fit)
    assert reliability.fleet_interval(fit, devices=2) == pytest.approx(reliability.mean_time(2 * fit))
    assert 0 <= reliability.yearly_share(fit) <= reliability.yearly_share(fit + more) <= 1
    assert reliability.fit_counted(3, time) == pytest.approx(3 * reliability.fit_counted(1, time))
    assert reliability.mean_time(0.0) == np.inf


@given(events=st.integers(0, 2000), confidence=st.floats(0.7, 0.999))
def test_the_limit_of_a_rate_lies_above_what_was_counted(events, confidence):
    counted, limit = (
        reliability.fit_counted(events, 1e9),
        reliability.fit_upper(events, 1e9, confidence=confidence),
    )
    assert limit > counted
    assert reliability.fit_upper(events, 2e9, confidence=confidence) == pytest.approx(limit / 2)
    assert reliability.fit_upper(events, 1e9, confidence=confidence + 5e-4) > limit


@given(fit=FITS, repair=TIMES)
def test_time_away_grows_with_failures_and_repairs(fit, repair):
    share = reliability.unavailable_share(fit, repair)
    assert 0 < share < 1
    assert share < reliability.unavailable_share(2 * fit, repair) <= 2 * share
    assert reliability.unavailable_share(fit, 2 * repair) == pytest.approx(
        reliability.unavailable_share(2 * fit, repair)
    )


@given(fit=FITS, matings=st.floats(0, 20), share=st.floats(0, 0.049))
def test_repairs_never_make_links_better(fit, matings, share):
    total = reliability.with_maintenance(fit, matings=matings, dirty_share=share)
    assert total >= fit
    # balance: every failure, spontaneous or not, brings one repair, and every repair matings x share failures
    assert fit + total * matings * share == pytest.approx(total)


def test_repairs_that_make_a_failure_each_never_end():
    assert reliability.with_maintenance(10.0, matings=4.0, dirty_share=0.25) == np.inf
    assert reliability.with_maintenance(10.0, matings=np.array([0.0, 2.0, 8.0]), dirty_share=0.25) == pytest.approx(
        [10.0, 20.0, np.inf]
    )


@given(parts=st.tuples(TIMES, TIMES, TIMES, TIMES), hold=TIMES, kept=st.floats(0.01, 0.999))
def test_an_outage_is_the_sum_of_its_parts_and_takes_its_share(parts, hold, kept):
    control, switching, lock, bring_up = parts
    lost = outage.outage(control=control, switching=switching, receiver_lock=lock, bring_up=bring_up)
    assert lost == pytest.approx(sum(parts))
    share = outage.kept_share(hold, lost)
    assert 0 < share < 1
    assert outage.kept_share(2 * hold, lost) > share > outage.kept_share(hold, 2 * lost)
    assert outage.kept_share(outage.shortest_hold(lost, kept=kept), lost) == pytest.approx(kept)


def test_the_band_of_an_outage_holds_it():
    regimes = outage.outages(
        figure(0.04, 0.01, 0.2),
        figure(1.2e-3, 1.2e-3, 3e-3),
        receiver_lock=figure(6e-3, 4e-3, 9e-3),
        bring_up={"fixed-fec": figure(0.0, 0.0, 1e-3), "module-init": figure(5.7, 2.0, 10.0)},
    )
    assert [each.setting for each in regimes] == ["fixed-fec", "module-init"]
    for each in regimes:
        assert each.total.low < each.total.value < each.total.high
        shown = each.to_dict()
        assert sum(shown[f"{part}_s"] for part in ("control", "switching", "receiver_lock", "bring_up")) == (
            pytest.approx(shown["outage_s"]["mid"])
        )
    assert regimes[1].total.value - regimes[0].total.value == pytest.approx(5.7)


@given(loss=LOSSES, more=st.floats(1e-6, 0.09), resent=st.floats(1.0, 1e5))
def test_more_loss_and_more_sent_again_never_deliver_more(loss, more, resent):
    share = delivery.delivered_share(loss, resent=resent)
    assert 0 < share <= 1
    assert delivery.delivered_share(loss + more, resent=resent) < share
    assert delivery.delivered_share(loss, resent=resent * 2) <= share <= delivery.delivered_share(loss) + 1e-15
    assert delivery.delivered_share(loss) == pytest.approx(1 - loss)


@given(loss=st.floats(0.0, 0.5), frames=st.integers(1, 10_000), resent=st.floats(1.0, 1e4))
def test_a_long_message_takes_what_its_share_of_the_bandwidth_allows(loss, frames, resent):
    taken = delivery.message_time(frames, frame_loss=loss, frame_time=1.0, resent=resent)
    assert taken >= frames
    assert taken <= frames / delivery.delivered_share(loss, resent=resent) * (1 + 1e-12)
    waiting = delivery.message_time(frames, frame_loss=loss, frame_time=1.0, resent=resent, timeout=resent - 1.0)
    assert waiting == pytest.approx(frames / delivery.delivered_share(loss, resent=resent))


@given(loss=st.floats(0.0, 0.5), links=st.integers(1, 12))
def test_losses_of_links_in_a_row_join(loss, links):
    assert delivery.path_loss(loss, links=links) == pytest.approx(1 - (1 - loss) ** links, abs=1e-15)
    assert delivery.path_loss(1e-18, links=links) == pytest.approx(links * 1e-18)


def test_the_window_holds_at_least_the_frame_itself():
    assert delivery.frames_in_flight(0.0, bandwidth=50e9, frame=4096) == 1.0
    assert delivery.frames_in_flight(8.192e-6, bandwidth=50e9, frame=4096) == pytest.approx(101.0)


@given(loss=st.floats(1e-12, 0.4), frames=st.integers(1, 5000), beyond=st.floats(1e-9, 0.5))
def test_the_tail_grows_with_loss_length_and_rarity(loss, frames, beyond):
    losses = delivery.losses_beyond(beyond, frames=frames, frame_loss=loss)
    assert losses >= 0
    assert losses == int(losses)
    assert delivery.losses_beyond(beyond / 10, frames=frames, frame_loss=loss) >= losses
    assert delivery.losses_beyond(beyond, frames=2 * frames, frame_loss=loss) >= losses
    assert delivery.losses_beyond(beyond, frames=frames, frame_loss=loss * 1.5) >= losses
    assert delivery.delay_beyond(beyond, frames=frames, frame_loss=loss, penalty=2.0) == 2 * losses


@given(loss=st.floats(1e-9, 0.3), beyond=st.floats(1e-7, 0.1))
def test_the_timer_counts_where_the_last_frame_is_lost_too_often(loss, beyond):
    tail = delivery.message_tail(beyond, frames=64, frame_loss=loss, penalty=1e-5, timeout=4.0)
    bare = delivery.message_tail(beyond, frames=64, frame_loss=loss, penalty=1e-5)
    assert bare == delivery.delay_beyond(beyond, frames=64, frame_loss=loss, penalty=1e-5)
    assert tail == pytest.approx(bare + (4.0 if loss > beyond else 0.0))


def test_columns_are_their_members():
    singles = {
        "delivered": (
            delivery.delivered_share(SWEEP, resent=40.0),
            [delivery.delivered_share(float(p), resent=40.0) for p in SWEEP],
        ),
        "message": (
            delivery.message_time(100, frame_loss=SWEEP, frame_time=1e-6, resent=9.0, timeout=1e-3),
            [delivery.message_time(100, frame_loss=float(p), frame_time=1e-6, resent=9.0, timeout=1e-3) for p in SWEEP],
        ),
        "losses": (
            delivery.losses_beyond(1e-4, frames=100, frame_loss=SWEEP),
            [delivery.losses_beyond(1e-4, frames=100, frame_loss=float(p)) for p in SWEEP],
        ),
        "path": (delivery.path_loss(SWEEP, links=5), [delivery.path_loss(float(p), links=5) for p in SWEEP]),
        "upper": (
            reliability.fit_upper(np.arange(5), 1e9, confidence=0.95),
            [reliability.fit_upper(n, 1e9, confidence=0.95) for n in range(5)],
        ),
        "kept": (outage.kept_share(SWEEP, 1e-3), [outage.kept_share(float(t), 1e-3) for t in SWEEP]),
    }
    for name, (column, members) in singles.items():
        assert np.array_equal(column, members), name


MODULE = energy.Draw("module", figure(8.1, 7.5, 9.0), 400e9, "module alone")
LINEAR = energy.Draw("linear module", figure(4.2, 4.0, 5.0), 400e9, "module alone")
ENGINE = energy.Draw("engine", figure(5.5, 3.5, 7.0), 800e9, "engine and its share of the laser")


def test_one_boundary_compares():
    found = energy.compare(MODULE, LINEAR)
    assert found.ratio.value == pytest.approx(8.1 / 4.2)
    assert found.ratio.low == pytest.approx(7.5 / 5.0)
    assert found.ratio.high == pytest.approx(9.0 / 4.0)
    assert found.saved == pytest.approx(3.9 / 400e9)
    assert not found.remark
    assert MODULE.joules_per_bit.value == energy.energy_per_bit(8.1, payload_bps=400e9)


def test_two_boundaries_are_refused_with_an_explanation_unless_asked_for():
    with pytest.raises(StudyError) as refused:
        energy.compare(MODULE, ENGINE)
    text = str(refused.value)
    assert "'module alone'" in text
    assert "'engine and its share of the laser'" in text
    assert "across boundaries" in text
    insisted = energy.compare(MODULE, ENGINE, across_boundaries=True)
    assert insisted.ratio.value == pytest.approx(8.1 / 400 / (5.5 / 800))
    assert "module alone" in insisted.remark


def test_nothing_is_not_compared_with():
    with pytest.raises(StudyError, match="draws nothing"):
        energy.compare(MODULE, energy.Draw("cable", figure(0.0), 400e9, "module alone"))
