"""Amplified spans: noise and interference add up, sweeps equal single calls, and the best launch power is the best.

Protects: what holds of any line of spans. Source: the definitions of OSNR and GSNR, and the power laws of the GN model.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.photonics import coherent
from lightloom.photonics.coherent import Comb, Span

SPAN = Span(length=80e3, loss_db_per_m=0.2e-3, gain_db=16.0, noise_figure_db=5.0)
COMB = Comb(baud=59.84375e9, spacing=75e9, frequency_low=191.35e12, frequency_high=196.1e12)

LENGTHS = st.floats(1e3, 200e3)
POWERS = st.floats(-10.0, 8.0)
COUNTS = st.integers(1, 40)


def quality(span: Span = SPAN, comb: Comb = COMB, launch_dbm: float = 0.0) -> coherent.LineQuality:
    return coherent.propagate([span], comb, launch_dbm=launch_dbm)


@settings(max_examples=30)
@given(length=LENGTHS, gain=st.floats(5.0, 30.0), count=COUNTS, power=POWERS)
def test_spans_in_a_row_equal_spans_one_by_one(length: float, gain: float, count: int, power: float) -> None:
    span = replace(SPAN, length=length, gain_db=gain)
    at_once = coherent.propagate([replace(span, count=count)], COMB, launch_dbm=power)
    one_by_one = coherent.propagate([span] * count, COMB, launch_dbm=power)
    for field in ("osnr_ase_db", "snr_nli_db", "gsnr_db", "accumulated_dispersion", "delay"):
        assert getattr(at_once, field) == pytest.approx(getattr(one_by_one, field), rel=1e-9, abs=1e-9)


def test_a_sweep_equals_single_calls() -> None:
    lengths, powers = np.array([20e3, 80e3, 120e3]), np.array([-3.0, 0.0, 2.0])
    spacings, counts = np.array([75e9, 100e9, 200e9]), np.array([1.0, 7.0, 30.0])
    batch = coherent.propagate(
        [replace(SPAN, length=lengths, count=counts)], replace(COMB, spacing=spacings), launch_dbm=powers
    )
    for row in range(3):
        span = replace(SPAN, length=lengths[row], count=counts[row])
        single = coherent.propagate([span], replace(COMB, spacing=spacings[row]), launch_dbm=powers[row])
        assert batch.gsnr_db[row] == single.gsnr_db  # pyright: ignore[reportIndexIssue] - an array here
        assert batch.snr_nli_db[row] == single.snr_nli_db  # pyright: ignore[reportIndexIssue] - an array here


@settings(max_examples=30)
@given(length=LENGTHS, more=st.floats(1.0, 50e3), power=POWERS)
def test_quality_falls_with_length_noise_and_spans(length: float, more: float, power: float) -> None:
    span = replace(SPAN, length=length, gain_db=length * 0.2e-3)
    better = quality(span, launch_dbm=power).gsnr_db
    longer = replace(span, length=length + more, gain_db=(length + more) * 0.2e-3)
    assert quality(longer, launch_dbm=power).gsnr_db < better
    assert quality(replace(span, noise_figure_db=6.0), launch_dbm=power).gsnr_db < better
    assert quality(replace(span, count=2), launch_dbm=power).gsnr_db < better


def test_all_noise_together_is_worse_than_each() -> None:
    got = coherent.propagate([SPAN], COMB, launch_dbm=0.0, transmitter_osnr_db=36.0)
    assert got.gsnr_db < min(got.snr_ase_db, got.snr_nli_db, quality().gsnr_db)
    assert coherent.combined_db(20.0, np.inf) == pytest.approx(20.0)
    assert coherent.combined_db(20.0, 20.0) == pytest.approx(20.0 - 10.0 * np.log10(2.0))


@settings(max_examples=30)
@given(length=LENGTHS, count=COUNTS, step=st.floats(0.05, 3.0))
def test_no_launch_power_beats_the_best_one(length: float, count: int, step: float) -> None:
    span = replace(SPAN, length=length, gain_db=length * 0.2e-3, count=count)
    best = float(coherent.best_launch_dbm([span], COMB))
    at_best = quality(span, launch_dbm=best)
    assert at_best.snr_nli_db - at_best.snr_ase_db == pytest.approx(10.0 * np.log10(2.0))
    for other in (best - step, best + step):
        assert quality(span, launch_dbm=other).gsnr_db < at_best.gsnr_db


def test_interference_grows_with_neighbours_and_power_squared() -> None:
    alone = replace(COMB, frequency_high=COMB.frequency_low)
    assert alone.channel_count == 1
    assert quality(comb=alone).snr_nli_db > quality(comb=COMB).snr_nli_db
    assert quality(launch_dbm=0.0).snr_nli_db - quality(launch_dbm=1.0).snr_nli_db == pytest.approx(2.0)


def test_a_decimal_band_holds_its_last_channel() -> None:
    # (196.1 - 191.4) THz / 0.05 THz is 93.99999999999977 in binary.
    comb = Comb(baud=32e9, spacing=0.05e12, frequency_low=191.4e12, frequency_high=196.1e12)
    assert comb.channel_count == 95


def test_noise_of_an_amplifier_that_overcompensates_counts_once() -> None:
    # A second span of gain 20 dB over loss 16 dB leaves the ratio of the first amplifier's noise to the signal alone.
    strong = replace(SPAN, gain_db=20.0)
    first = coherent.osnr_ase_db([strong], launch_dbm=0.0, frequency=193.7e12)
    second = coherent.osnr_ase_db([SPAN], launch_dbm=4.0, frequency=193.7e12)
    both = coherent.osnr_ase_db([strong, SPAN], launch_dbm=0.0, frequency=193.7e12)
    assert both == pytest.approx(coherent.combined_db(first, second))


def test_capacity_bound_at_a_ratio_of_one_is_two_bits_a_symbol() -> None:
    assert coherent.shannon_bound_bps(0.0, baud=100e9) == pytest.approx(200e9)
