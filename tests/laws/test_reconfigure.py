"""When changing circuits inside a collective pays.

Protects: the choice is the best of all choices (against trying every one); more outage never makes it quicker; the
break-even of the closed form is where the two times meet. Sources: trying every choice; Thakur et al. 2005 for the
times of the ring and of halving and doubling; Liao et al., "MixNet", appendix C, for 5.7 s until a card is active.
"""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.engine.circuits import reconfigure, rotor


def by_trying(base: np.ndarray, matched: np.ndarray, setting: np.ndarray, outage: float) -> tuple[float, int]:
    found = []
    for choice in product((False, True), repeat=len(base)):
        states = [-1, *(int(each) if on else -1 for on, each in zip(choice, setting, strict=True))]
        changes = sum(a != b for a, b in pairwise(states))
        found.append((float(np.where(choice, matched, base).sum()) + changes * outage, changes))
    best = min(time for time, _ in found)
    return best, min(changes for time, changes in found if time <= best * (1 + 1e-12))


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 6), st.integers(0, 999), st.sampled_from([0.0, 0.5, 2.0, 9.0]))
def test_no_other_choice_is_quicker_or_as_quick_with_fewer_changes(steps: int, seed: int, outage: float) -> None:
    draws = np.random.default_rng(seed)
    base, matched = draws.integers(1, 9, (2, steps)).astype(np.float64)
    setting = draws.integers(0, 2, steps)
    one = reconfigure.decide(base[None], matched[None], setting, np.array([outage]))
    time, changes = by_trying(base, matched, setting, outage)
    assert one.time[0] == pytest.approx(time, rel=1e-12)
    assert one.changes[0] == changes
    chosen = one.matched[0]
    assert np.where(chosen, matched, base).sum() + changes * outage == pytest.approx(time)


def sweep(outage: np.ndarray, message: float = 1e8) -> reconfigure.Decision:
    like = np.ones_like(outage)
    return reconfigure.all_reduce_changes(64, message * like, bandwidth=50e9 * like, latency=2e-6 * like, outage=outage)


def test_more_outage_is_never_quicker_and_a_sweep_is_as_many_single_ones() -> None:
    outage = np.geomspace(1e-7, 1.0, 25)
    many = sweep(outage)
    assert (np.diff(many.time) >= 0).all()
    assert (np.diff(many.changes) <= 0).all()
    assert many.time.tolist() == [float(sweep(one[None]).time[0]) for one in outage]


def test_the_figures_of_the_reference_hold_against_the_best_static_algorithm() -> None:
    """64 nodes, 100 MB, 50 GB/s, 2 us: 3.97 ms at 1 us, 5.06 ms at 100 us, 22.0 ms on the ring."""
    times = sweep(np.array([1e-6, 1e-4, 1e3])).time
    assert times * 1e3 == pytest.approx([3.97, 5.06, 22.0], rel=2e-3)
    ring = reconfigure.ring_all_reduce(64, 1e8, bandwidth=50e9, latency=2e-6)
    assert float(ring) * 1e3 == pytest.approx(4.19, rel=2e-3)
    assert times[1] > ring, "at 100 us the plain ring wins, though changes beat the same algorithm on the ring"


@given(st.integers(1, 12), st.floats(1e-7, 1e-4))
def test_ring_and_halving_take_as_long_at_the_longest_outage(power: int, latency: float) -> None:
    nodes = 2**power
    outage = reconfigure.longest_outage(nodes, latency=latency)
    ring = reconfigure.ring_all_reduce(nodes, 1e6, bandwidth=50e9, latency=latency)
    halving = reconfigure.halving_doubling(nodes, 1e6, bandwidth=50e9, latency=latency, outage=outage)
    assert float(halving) == pytest.approx(float(ring), rel=1e-9)


def test_what_must_be_sent_grows_with_the_outage() -> None:
    """5.7 s, 50 GB/s and a stretch of 1.5 need 570 GB; 25 ms 2.5 GB; 70 us 7 MB; 10 us 1 MB."""
    volume = reconfigure.least_volume(np.array([5.7, 25e-3, 70e-6, 10e-6]), bandwidth=50e9, stretch=1.5)
    assert volume == pytest.approx([570e9, 2.5e9, 7e6, 1e6])


def test_odd_counts_name_the_nearest_that_would_do() -> None:
    with pytest.raises(ValueError, match="32 and 64"):
        reconfigure.all_reduce_changes(48, np.ones(1), **dict.fromkeys(("bandwidth", "latency", "outage"), np.ones(1)))


def test_phases_are_exact_at_powers() -> None:
    assert [reconfigure.bruck_phases(nodes) for nodes in (1, 2, 3, 9, 10, 243, 1024)] == [
        (0, 0), (1, 1), (1, 2), (2, 4), (3, 4), (5, 8), (7, 10)
    ]  # fmt: skip


def test_rotor_times_are_those_of_the_slots() -> None:
    assert rotor.cycle_time(4096, 256, slot=90e-9, change=10e-9) == pytest.approx(1.6e-6)
    assert rotor.relayed_throughput(90e-9, 10e-9) == pytest.approx(0.45)
