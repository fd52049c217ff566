"""Error ratios, codes, noise, reflections and dispersion: one law for every signal, whatever the numbers.

A sweep gives what single calls give; inverses undo; more loss, noise, reflection or errors never make anything better.
"""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.core.arrays import Floats
from lightloom.core.random import stream
from lightloom.photonics import dispersion, errors, fec, inner_code, interference, noise

RATIOS = np.geomspace(1e-9, 1e-2, 15)
RECEIVER = noise.Receiver(
    responsivity=0.8,
    noise_density=16e-12,
    bandwidth=40e9,
    relative_intensity_noise=10**-14.2,
    extinction_ratio_db=5.0,
)

RISING: dict[str, tuple[Callable[[Floats], Floats], Floats]] = {
    "symbols": (fec.symbol_error_ratio, RATIOS),
    "codewords": (fec.codeword_error_ratio, np.geomspace(1e-6, 1e-2, 15)),
    "codewords of frames": (lambda x: fec.codeword_error_ratio_of_frames(x, codewords=2.0), RATIOS),
    "frames": (lambda x: fec.frame_loss_ratio(x, codewords=4.0), RATIOS),
    "long frames": (lambda x: fec.long_frame_loss_ratio(x, codewords=2.0, frame_octets=4096.0), RATIOS),
    "bursts": (lambda x: fec.burst_codeword_error_ratio(x, continuation=0.6, codewords=2), RATIOS),
    "lone bursts": (lambda x: fec.burst_codeword_error_ratio(x, continuation=0.0), np.geomspace(1e-6, 1e-2, 15)),
    "penalty, gaussian": (
        lambda x: interference.gaussian_penalty_db(x, extinction_ratio_db=4.0, q=3.4, polarisation=0.5),
        np.linspace(-60.0, -30.0, 15),
    ),
    "penalty, coherent": (
        lambda x: interference.coherent_penalty_db(x, extinction_ratio_db=4.0),
        np.linspace(-60.0, -36.0, 15),
    ),
    "penalty, pairs": (
        lambda x: interference.pair_penalty_db(x, extinction_ratio_db=4.0, discount=0.5),
        np.linspace(0.0, 0.05, 15),
    ),
    "pairs of reflections": (
        lambda x: interference.pair_sum(transmitter_db=x, receiver_db=-26.0, connector_db=-45.0, connectors=4.0),
        np.linspace(-50.0, -20.0, 15),
    ),
    "dispersion": (
        lambda x: dispersion.accumulated(2e3, wavelength=x, zero_wavelength=1.31e-6, zero_slope=93.0),
        np.linspace(1.26e-6, 1.6e-6, 15),
    ),
    "latency of a block": (lambda x: fec.block_time(coded_rate_bps=425e9, codewords=x), np.arange(1.0, 9.0)),
}
FALLING: dict[str, tuple[Callable[[Floats], Floats], Floats]] = {
    "bits": (errors.bit_error_ratio, np.linspace(0.0, 8.0, 15)),
    "bits, two levels": (lambda x: errors.bit_error_ratio(x, modulation="nrz"), np.linspace(0.0, 8.0, 15)),
    "bits at the receiver": (RECEIVER.bit_error_ratio, np.linspace(-15.0, 0.0, 15)),
    "sensitivity": (RECEIVER.sensitivity_dbm, np.geomspace(1e-5, 1e-2, 15)),
    "quality": (errors.q_factor, RATIOS),
    "fading": (
        lambda x: dispersion.fade_db(x, wavelength=1.2645e-6, dispersion=-0.011873),
        np.linspace(0.0, 85e9, 15),
    ),
    "first null": (lambda x: dispersion.first_null(wavelength=1.3e-6, dispersion=x), np.geomspace(1e-4, 1.0, 15)),
}


@pytest.mark.parametrize(("formula", "sweep"), (RISING | FALLING).values(), ids=(RISING | FALLING).keys())
def test_sweep_gives_what_single_calls_give(formula: Callable[[Floats], Floats], sweep: Floats) -> None:
    singles = [float(np.asarray(formula(one))) for one in sweep]
    assert np.allclose(formula(sweep), singles, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize(("formula", "sweep"), RISING.values(), ids=RISING.keys())
def test_grows_with_what_it_is_of(formula: Callable[[Floats], Floats], sweep: Floats) -> None:
    assert np.all(np.diff(formula(sweep)) > 0.0)


@pytest.mark.parametrize(("formula", "sweep"), FALLING.values(), ids=FALLING.keys())
def test_falls_with_what_it_is_of(formula: Callable[[Floats], Floats], sweep: Floats) -> None:
    assert np.all(np.diff(formula(sweep)) < 0.0)


@pytest.mark.parametrize("modulation", errors.LEVELS)
@given(q=st.floats(0.1, 12.0))
def test_quality_factor_and_error_ratios_are_inverse(modulation: errors.Modulation, q: float) -> None:
    bits = errors.bit_error_ratio(q, modulation=modulation)
    decisions = errors.decision_error_ratio(q, modulation=modulation)
    assert errors.q_factor(bits, modulation=modulation) == pytest.approx(q, rel=1e-9)
    assert errors.q_factor_of_decisions(decisions, modulation=modulation) == pytest.approx(q, rel=1e-9)


@given(bits=st.floats(1e-9, 3e-3))
def test_what_a_code_leaves_tells_what_it_was_given(bits: float) -> None:
    assert fec.bit_error_ratio_of_symbols(fec.symbol_error_ratio(bits)) == pytest.approx(bits, rel=1e-9)
    assert fec.bit_error_ratio_before(fec.codeword_error_ratio(bits)) == pytest.approx(bits, rel=1e-6)


@given(frames=st.floats(1e-20, 0.1), codewords=st.sampled_from([1.0, 2.0, 4.0]))
def test_frames_and_codewords_are_inverse(frames: float, codewords: float) -> None:
    words = fec.codeword_error_ratio_of_frames(frames, codewords=codewords)
    assert fec.frame_loss_ratio(words, codewords=codewords) == pytest.approx(frames, rel=1e-12)


@given(bits=st.floats(1e-6, 3e-4), continuation=st.floats(0.05, 0.9))
def test_bursts_are_worse_than_lone_errors_and_interleaving_helps(bits: float, continuation: float) -> None:
    lone = fec.burst_codeword_error_ratio(bits, continuation=0.0)
    burst = fec.burst_codeword_error_ratio(bits, continuation=continuation)
    dealt = fec.burst_codeword_error_ratio(bits, continuation=continuation, codewords=4)
    assert burst > lone
    assert dealt < burst


def test_errors_of_a_long_burst_are_not_lost() -> None:
    # One burst in a thousand codewords, each of a thousand symbols: every one that starts ruins its codeword.
    bits = 1e-3 / (2 * 0.0002 * 2720)
    assert fec.burst_codeword_error_ratio(bits, continuation=0.9998) == pytest.approx(1e-3, rel=0.05)


def test_pam4_needs_three_times_the_light_of_nrz() -> None:
    two, four = (
        noise.thermal_sensitivity_dbm(q=3.4, noise_current=3e-6, responsivity=0.8, modulation=modulation)
        for modulation in errors.LEVELS
    )
    assert four - two == pytest.approx(errors.level_penalty_db("pam4"))


def test_sensitivity_is_where_the_error_ratio_is_the_one_wanted() -> None:
    wanted = np.geomspace(1e-6, 1e-2, 9)
    assert RECEIVER.bit_error_ratio(RECEIVER.sensitivity_dbm(wanted)) == pytest.approx(wanted, rel=1e-9)


def test_no_light_reaches_below_the_floor_of_laser_noise() -> None:
    floor = float(np.asarray(RECEIVER.error_floor()))
    assert floor > 0.0
    assert np.isnan(RECEIVER.sensitivity_dbm(floor / 2.0))
    assert np.isfinite(RECEIVER.sensitivity_dbm(floor * 2.0))


def test_shut_eye_costs_infinitely_much() -> None:
    assert interference.coherent_penalty_db(-10.0, extinction_ratio_db=4.0) == np.inf
    assert interference.gaussian_penalty_db(-10.0, extinction_ratio_db=4.0, q=3.4, polarisation=1.0) == np.inf


def test_without_dispersion_no_frequency_is_lost() -> None:
    assert dispersion.first_null(wavelength=1.31e-6, dispersion=0.0) == np.inf
    assert dispersion.fade_db(53e9, wavelength=1.31e-6, dispersion=0.0) == 0.0


@given(length=st.floats(1e2, 1e5), wavelength=st.floats(1.26e-6, 1.29e-6))
def test_nothing_is_left_at_the_first_null(length: float, wavelength: float) -> None:
    total = dispersion.accumulated(length, wavelength=wavelength, zero_wavelength=1.31e-6, zero_slope=93.0)
    null = dispersion.first_null(wavelength=wavelength, dispersion=total)
    assert dispersion.fade_db(null, wavelength=wavelength, dispersion=total) < -200.0


def test_inner_code_repeats_and_helps() -> None:
    first, again = (inner_code.decode_at(4.8e-3, stream(3, "law"), blocks=20_000) for _ in range(2))
    assert first == again
    assert first.bit_errors < 4.8e-3 / 5.0
    assert first.bit_errors < first.symbol_errors < first.block_errors


def test_inner_code_goes_on_until_enough_was_counted() -> None:
    found = inner_code.decode_at(6e-3, stream(3, "law"), blocks=8_192, wanted_errors=300)
    assert 8_192 < found.blocks <= 8 * 8_192
    assert found.block_errors * found.blocks >= 300
