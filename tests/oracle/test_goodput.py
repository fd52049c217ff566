"""The closed form of goodput against a simulation of events, life by life.

Fact protected: the formula is exact for failures at a constant rate, with checkpoints that stop the job or run behind
it, and restarts that may fail again; Erlang's formula is exact for waiting on spares. Source: the processes themselves,
written out below; each comparison allows four standard errors of the simulation.
"""

import heapq

import numpy as np
import pytest

from lightloom.accounts.goodput import best_interval, kept_share, spare_shortage
from lightloom.core.random import stream


def simulated_lives(rate, interval, stall, behind, downtime, lives, seed):
    """Return progress and length of each life: works until it fails, then is down until a restart comes through."""
    draws = stream(seed, "goodput oracle")
    progress, length = np.zeros(lives), np.zeros(lives)
    for life in range(lives):
        clock, failure = 0.0, draws.exponential(1 / rate)
        while clock + interval + stall + behind <= failure:
            clock += interval + stall
            progress[life] += interval
        length[life] = failure
        while (again := draws.exponential(1 / rate)) < downtime:
            length[life] += again
        length[life] += downtime
    return progress, length


CASES = {
    "Llama 3, in the background": (9e-5, 200.0, 2.0, 30.0, 770.0),
    "waits for every checkpoint": (9e-5, 900.0, 60.0, 0.0, 770.0),
    "fails all the time": (1e-3, 120.0, 20.0, 0.0, 400.0),
    "a slow store behind it": (5e-4, 300.0, 1.0, 290.0, 300.0),
    "hardly ever": (1e-6, 3000.0, 3.0, 10.0, 600.0),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_closed_form_is_what_happens(case):
    rate, interval, stall, behind, downtime = case
    progress, length = simulated_lives(*case, lives=4000 if rate > 1e-5 else 300, seed=7)
    expected = kept_share(rate, interval=interval, stall=stall, durable_after=behind, downtime=downtime)
    ratio = progress.sum() / length.sum()
    error = np.std(progress - ratio * length) / np.sqrt(len(length)) / length.mean()
    assert ratio == pytest.approx(expected, abs=4 * error)
    assert error < 0.02


def test_best_interval_is_found_by_trying_all():
    for rate, stall in ((9e-5, 2.0), (9e-5, 120.0), (1e-3, 300.0), (1e-2, 500.0)):
        tried = np.geomspace(1.0, 1e5, 200_000)
        best = tried[np.argmax(kept_share(rate, interval=tried, stall=stall))]
        assert best_interval(rate, stall) == pytest.approx(best, rel=1e-3)


def test_waiting_for_spares_is_what_happens():
    rate, repair, spares = 1 / 3.0, 8.0, 4
    draws = stream(11, "spares oracle")
    clock, waiting, away = 0.0, 0.0, []
    for _ in range(60_000):
        clock += draws.exponential(1 / rate)
        while away and away[0] <= clock:
            heapq.heappop(away)
        heapq.heappush(away, clock + draws.exponential(repair))
        if len(away) > spares:
            waiting += away[0] - clock
            clock = heapq.heappop(away)
    assert waiting / clock == pytest.approx(spare_shortage(rate * repair, spares), rel=0.03)
