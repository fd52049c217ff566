"""Closed forms about signals agree with integrals, enumeration and simulation that know nothing of them.

Protects: Gaussian tails, both codes, receiver noise, reflections, dispersion and fading.
"""

from decimal import Decimal, localcontext
from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import constants, integrate, optimize, stats

from lightloom.core.random import stream
from lightloom.photonics import dispersion, errors, fec, inner_code, interference, noise


@pytest.mark.parametrize("q", [0.5, 2.0, 3.41407, 7.0345, 12.0])
def test_tail_is_the_integral_of_the_bell_curve(q: float) -> None:
    area, _ = integrate.quad(stats.norm.pdf, q, q + 30.0 / q, epsabs=0.0, epsrel=1e-12)
    assert errors.gaussian_tail(q) == pytest.approx(area, rel=1e-9)


@pytest.mark.parametrize("q", [1.5, 3.41407])
def test_gray_coded_levels_in_noise_err_as_often_as_the_formula_says(q: float) -> None:
    # Integrated over all levels and noise, decisions two levels off included; the formula leaves those out.
    levels, bits = np.array([-3.0, -1.0, 1.0, 3.0]), ["00", "01", "11", "10"]
    edges = np.array([-np.inf, -2.0, 0.0, 2.0, np.inf])
    wrong = 0.0
    for sent, got in product(range(4), repeat=2):
        chance = stats.norm.cdf((edges[got + 1] - levels[sent]) * q) - stats.norm.cdf((edges[got] - levels[sent]) * q)
        wrong += chance / 4.0 * sum(a != b for a, b in zip(bits[sent], bits[got], strict=True)) / 2.0
    assert errors.bit_error_ratio(q) == pytest.approx(wrong, rel=2e-4)


@pytest.mark.parametrize("bits", [1e-5, 2.4e-4, 1e-3, 5e-3])
def test_uncorrected_codewords_counted_term_by_term(bits: float) -> None:
    with localcontext() as context:
        context.prec = 60
        symbol = 1 - (1 - Decimal(bits)) ** 10
        tail = sum(comb(544, k) * symbol**k * (1 - symbol) ** (544 - k) for k in range(16, 545))
    assert fec.codeword_error_ratio(bits) == pytest.approx(float(tail), rel=1e-9)


def _hits_of_one_burst(continuation: float, codewords: int) -> NDArray[np.float64]:
    """Symbols of one codeword hit by a burst, enumerated length by length from the definition."""
    hits = np.zeros(4096)
    for length in range(1, 2000):
        chance = (1.0 - continuation) * continuation ** (length - 1)
        full, more = divmod(length - 1, 5)
        for width, weight in ((full + 1, 1.0 - more / 5.0), (full + 2, more / 5.0)):
            sure, left = divmod(width, codewords)
            hits[sure] += chance * weight * (1.0 - left / codewords)
            hits[sure + 1] += chance * weight * left / codewords
    return hits


@pytest.mark.parametrize("codewords", [1, 2, 3])
@pytest.mark.parametrize(("bits", "continuation"), [(2.4e-4, 0.75), (1e-3, 0.5), (3e-3, 0.9), (2e-2, 0.3)])
def test_bursts_summed_by_fourier_transform(bits: float, continuation: float, codewords: int) -> None:
    bursts = 2.0 * bits * (1.0 - continuation) * 2720 * codewords
    transform = np.exp(bursts * (np.fft.fft(_hits_of_one_burst(continuation, codewords)) - 1.0))
    exact = np.real(np.fft.ifft(transform))
    got = fec.burst_codeword_error_ratio(bits, continuation=continuation, codewords=codewords)
    assert got == pytest.approx(exact[16:].sum(), rel=1e-6, abs=1e-13)


@pytest.mark.slow
def test_bursts_simulated_symbol_by_symbol() -> None:
    # Where failures can be counted the model is pessimistic: bursts that overlap count twice.
    bits, continuation, words = 2e-3, 0.5, 40_000
    generator = stream(11, "bursts")
    failed, wrong = 0, 0
    for _ in range(words // 2000):
        draws = generator.random((2000, 2720))
        start = 2.0 * bits * (1.0 - continuation)
        state = np.zeros(2000, dtype=bool)
        symbols = np.zeros((2000, 544), dtype=bool)
        for position in range(2720):
            state = draws[:, position] < np.where(state, continuation + start, start)
            symbols[:, position // 5] |= state
            wrong += int(state.sum())
        failed += int((symbols.sum(axis=1) > 15).sum())
    assert wrong / words / 2720 / 2.0 == pytest.approx(bits, rel=0.02)
    assert 0.65 < failed / words / fec.burst_codeword_error_ratio(bits, continuation=continuation) < 1.05


def test_receiver_errors_integrated_over_the_noise_of_each_level() -> None:
    receiver = noise.Receiver(0.8, 16e-12, 40e9, 1e-14, 5.0)
    current, sigma = receiver.level_currents(-5.3), receiver.level_noise(-5.3)
    edges = [(a * t + b * s) / (s + t) for a, b, s, t in zip(current, current[1:], sigma, sigma[1:], strict=False)]
    wrong = 0.0
    for level, (mean, spread) in enumerate(zip(current, sigma, strict=True)):
        for edge, beyond in (
            (edges[level - 1], -1.0) if level else (mean, 0.0),
            (edges[level], 1.0) if level < 3 else (mean, 0.0),
        ):
            if beyond:
                start = abs(edge - mean) / spread
                area, _ = integrate.quad(stats.norm.pdf, start, start + 8.0, epsabs=0.0, epsrel=1e-10)
                wrong += area / 4.0
    assert receiver.bit_error_ratio(-5.3) == pytest.approx(wrong / 2.0, rel=1e-6)


def test_receiver_noise_from_first_principles() -> None:
    receiver = noise.Receiver(0.8, 16e-12, 40e9, 1e-14, 5.0)
    (low, *_, high), bandwidth = receiver.level_currents(0.0), 40e9
    assert high / low == pytest.approx(10**0.5)
    assert high - low == pytest.approx(0.8 * 1e-3)
    shot = 2.0 * constants.e * high * bandwidth
    laser = 1e-14 * high**2 * bandwidth
    thermal = (16e-12) ** 2 * bandwidth
    assert receiver.level_noise(0.0)[-1] == pytest.approx(np.sqrt(thermal + shot + laser))


def test_thermal_limit_of_the_sensitivity() -> None:
    receiver = noise.Receiver(0.8, 16e-12, 40e9, 0.0, 5.0, shot=False)
    sigma = 16e-12 * np.sqrt(40e9)
    limit = noise.thermal_sensitivity_dbm(
        q=errors.q_factor(2.4e-4), noise_current=sigma, responsivity=0.8, modulation="pam4"
    )
    assert receiver.sensitivity_dbm(2.4e-4) == pytest.approx(limit, abs=1e-9)


def test_echoes_of_random_phase_and_polarisation() -> None:
    echo, ratio = 1e-4, 10**0.4
    top, average = ratio / (ratio - 1.0), (ratio + 1.0) / (2.0 * (ratio - 1.0))

    def beat_squared(turn: float, phase: float) -> float:
        return (2.0 * np.sqrt(top * average * echo) * np.cos(phase) * np.cos(turn)) ** 2

    total, _ = integrate.dblquad(beat_squared, 0.0, 2.0 * np.pi, 0.0, 2.0 * np.pi)
    variance, q = total / (2.0 * np.pi) ** 2, 3.41407
    quiet = 1.0 / (36.0 * q**2)  # noise power with which an amplitude of one gives q
    amplitude = optimize.brentq(lambda a: a**2 / 36.0 / (quiet + variance * a**2) - q**2, 1.0, 10.0)
    got = interference.gaussian_penalty_db(-40.0, extinction_ratio_db=4.0, q=q, polarisation=0.5)
    assert got == pytest.approx(10.0 * np.log10(amplitude), rel=1e-6)


@pytest.mark.parametrize("connectors", [0, 1, 4, 7])
def test_pairs_of_reflections_listed_one_by_one(connectors: int) -> None:
    reflections = [10**-1.9, *[10**-3.5] * connectors, 10**-2.4]
    listed = sum(np.sqrt(a * b) for a, b in combinations(reflections, 2))
    got = interference.pair_sum(transmitter_db=-19.0, receiver_db=-24.0, connector_db=-35.0, connectors=connectors)
    assert got == pytest.approx(listed)


def test_dispersion_is_the_slope_of_group_delay() -> None:
    # ITU-T G.652: delay S0/8 (lambda - lambda0²/lambda)² per metre, three-term Sellmeier.
    def delay(wavelength: float) -> float:
        return 93.0 / 8.0 * (wavelength - 1.31e-6**2 / wavelength) ** 2

    for wavelength in (1.2645e-6, 1.31e-6, 1.3375e-6, 1.55e-6):
        slope = (delay(wavelength + 1e-10) - delay(wavelength - 1e-10)) / 2e-10
        got = dispersion.accumulated(1.0, wavelength=wavelength, zero_wavelength=1.31e-6, zero_slope=93.0)
        assert got == pytest.approx(slope, abs=1e-10)


@pytest.mark.parametrize("frequency", [10e9, 26.5625e9, 53.125e9, 80e9])
def test_fading_of_a_modulated_carrier_sent_through_a_dispersive_fibre(frequency: float) -> None:
    wavelength, total, depth, points = 1.2645e-6, -0.011873, 1e-4, 64
    time = np.arange(points) / points / frequency
    field = np.sqrt(1.0 + depth * np.cos(2.0 * np.pi * frequency * time))
    angular = 2.0 * np.pi * np.fft.fftfreq(points, time[1])
    bend = -(wavelength**2) * total / (2.0 * np.pi * constants.c)
    received = np.abs(np.fft.ifft(np.fft.fft(field) * np.exp(0.5j * bend * angular**2))) ** 2
    left = 2.0 * np.abs(np.fft.fft(received)[1]) / points / depth
    got = dispersion.fade_db(frequency, wavelength=wavelength, dispersion=total)
    assert got == pytest.approx(20.0 * np.log10(left), abs=1e-3)


def test_reliability_is_the_max_log_likelihood_ratio() -> None:
    height = np.linspace(0.0, 6.0, 64, dtype=np.float32).reshape(1, 64)
    distance = {bits: (height - level) ** 2 for bits, level in (("00", -3.0), ("01", -1.0), ("11", 1.0), ("10", 3.0))}
    expected = [
        abs(
            np.minimum(*(distance[bits] for bits in distance if bits[place] == "0"))
            - np.minimum(*(distance[bits] for bits in distance if bits[place] == "1"))
        )
        for place in (0, 1)
    ]
    got = inner_code._reliability(height).reshape(64, 2)
    assert 4.0 * got == pytest.approx(np.stack(expected, axis=2).reshape(64, 2), abs=1e-4)


def _decoded_slowly(wrong: NDArray[np.bool_], reliability: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Chase-II of one block, read off its definition: the even patterns that are no codeword are discarded."""
    weakest = sorted(range(128), key=lambda position: reliability[position])[:6]
    best, least = wrong, np.inf
    for pattern in product((False, True), repeat=6):
        changed = {position for position, flip in zip(weakest, pattern, strict=True) if flip}
        left = {int(p) for p in np.flatnonzero(wrong)} ^ changed
        address = int(np.bitwise_xor.reduce([*left, 0]))
        if len(left) % 2:
            changed = changed ^ {address}
        elif address:
            continue
        cost = float(sum(reliability[position] for position in changed))
        if cost < least:
            word = wrong.copy()
            word[list(changed)] ^= True
            best, least = word, cost
    return best


def test_inner_decoder_agrees_with_its_definition_block_by_block() -> None:
    wrong, reliability = inner_code._receive(400, np.float32(errors.q_factor(1.2e-2)), stream(5, "blocks"))
    decoded = inner_code._decode(wrong, reliability)
    assert 0 < decoded.any(axis=1).sum() < len(wrong)
    for block in range(len(wrong)):
        assert np.array_equal(decoded[block], _decoded_slowly(wrong[block], reliability[block]))


@pytest.mark.slow
def test_inner_code_over_codewords_of_a_real_transmitter() -> None:
    # Encoded words, both signs of every level and true log-likelihood ratios, decoded slowly.
    generator, ratio, blocks = stream(6, "codewords"), 8e-3, 4000
    sigma = 1.0 / float(errors.q_factor(ratio))
    checks = [0, 1, 2, 4, 8, 16, 32, 64]
    failed = 0
    for _ in range(blocks):
        word = generator.integers(0, 2, 128).astype(bool)
        word[checks] = False
        address = int(np.bitwise_xor.reduce([*np.flatnonzero(word), 0]))
        for check in checks[1:]:
            word[check] = bool(address & check)
        word[0] = bool(word.sum() % 2)
        high, low = word[0::2], word[1::2]
        level = np.where(high, np.where(low, 1.0, 3.0), np.where(low, -1.0, -3.0))
        signal = level + sigma * generator.standard_normal(64)
        distance = {value: (signal - value) ** 2 for value in (-3.0, -1.0, 1.0, 3.0)}
        first = np.minimum(distance[1.0], distance[3.0]) - np.minimum(distance[-1.0], distance[-3.0])
        second = np.minimum(distance[-1.0], distance[1.0]) - np.minimum(distance[-3.0], distance[3.0])
        ratios = np.stack([first, second], axis=1).ravel()  # positive: the bit is nought
        wrong = (ratios < 0) != word
        failed += bool(wrong.any() and _decoded_slowly(wrong, np.abs(ratios).astype(np.float32)).any())
    fast = inner_code.decode_at(ratio, stream(7, "codewords"), blocks=200_000).block_errors
    assert failed / blocks == pytest.approx(fast, abs=4.0 * np.sqrt(fast / blocks))
