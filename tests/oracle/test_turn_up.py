"""The share of a plant that fails at first light agrees with integrating the densities, and with counting the drawn.

Protects: the Monte Carlo yield. The oracle convolves the densities of connectors (gamma), dirt (gamma of as many dirty
ends as the binomial says) and everything normal on a grid, knowing nothing of how links are drawn.
"""

import numpy as np
import pytest
from scipy import stats

from lightloom.catalog.products import link
from lightloom.core.random import stream
from lightloom.photonics.monte_carlo import Handling, Yield, _quantile, spread_by_part, turn_up
from lightloom.photonics.pair import Pair, Verdict
from lightloom.photonics.product import Path
from lightloom.photonics.request import CircuitSwitchPass, LinkRequest, path_of

STEP = 0.01
LINKS = 200_000

CASES = [
    ("400g-dr4", 100.0, 4, 0, Handling(0.006, 1.5, 0.1)),
    ("400g-dr4", 400.0, 6, 1, Handling(0.02, 0.8, 0.1)),
    ("400g-dr4-lpo", 100.0, 4, 2, Handling(0.006, 1.5, 0.1)),
    ("400g-fr4", 1500.0, 8, 1, Handling()),
    ("400g-dr4", 200.0, 7, 1, Handling(0.05, 2.0, 0.0)),
    ("400g-dac", 2.0, 4, 0, Handling(0.5, 3.0, 0.1)),
]


Case = tuple[str, float, int, int, Handling]


def asked(case: Case) -> tuple[Pair, Path, Verdict]:
    name, length, connectors, passes, _ = case
    pair = Pair(link(name), link(name))
    through = (CircuitSwitchPass(1.5, 2.0, 38.0),) * passes
    path = path_of([LinkRequest(length, pair.a.rate.value, 1, (name,), (name,), connectors, through)])
    return pair, path, pair.judge(path, mode="spec_min", required_db=0.0)


def drawn(case: Case) -> Yield:
    return turn_up(*asked(case), case[-1], required_db=0.0, stream=stream(7, "oracle"), links=LINKS)


def integrated(case: Case) -> float:
    pair, path, verdict = asked(case)
    _, _, connectors, _, handling = case
    mean, variance = float(verdict.margin_mean_db[0]), float(verdict.margin_sigma_db[0]) ** 2
    parts = spread_by_part(pair, path, variance, handling)
    optical = pair.a.fibre_count > 0
    typical = max(connectors, pair.a.field_connectors.value) * pair.a.connector_loss.value if optical else 0.0
    normal = np.sqrt(variance - parts.connectors**2)
    loss = np.arange(-6.0, 30.0, STEP)
    density = (np.arange(loss.size) == np.argmin(np.abs(loss))).astype(float)
    if parts.connectors > 0:
        density = masses(loss + typical, typical**2 / parts.connectors**2, parts.connectors**2 / typical)
    weights = stats.binom.pmf(np.arange(connectors + 1), connectors if optical else 0, handling.contaminated_share)
    fails = 0.0
    for ends, weight in enumerate(weights):
        dirt = masses(np.arange(0.0, 40.0, STEP), ends, handling.contamination_loss_db) if ends else np.ones(1)
        both = np.convolve(density, dirt)
        fails += weight * float(both @ stats.norm.cdf((loss[0] + STEP * np.arange(both.size) - mean) / normal))
    return fails


def masses(at: np.ndarray, shape: float, scale: float) -> np.ndarray:
    """Probability of each cell of the grid, of a gamma distribution; nought decibels if the scale is nought."""
    if scale == 0.0:
        return np.ones(1)
    return np.diff(stats.gamma.cdf(np.append(at, at[-1] + STEP) - STEP / 2, shape, scale=scale))


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{passes}" for name, _, _, passes, _ in CASES])
def test_share_that_fails_agrees_with_integration(case: Case) -> None:
    found, fails = drawn(case), integrated(case)
    # Four standard deviations of the draw of dirt, half a per cent for the grid.
    spread = 4.0 * np.sqrt(max(fails, 1e-12) / LINKS)
    assert found.failing / LINKS == pytest.approx(fails, rel=5e-3, abs=spread)
    assert 1.0 - found.closes_share == pytest.approx(found.failing / LINKS)


@pytest.mark.parametrize("case", CASES, ids=[f"{name}-{passes}" for name, _, _, passes, _ in CASES])
def test_links_drawn_below_nought_are_as_many_as_expected(case: Case) -> None:
    found = drawn(case)
    below = found.counts[found.edges_db[1:] <= 1e-9].sum()
    assert below == pytest.approx(found.failing, abs=4.0 * np.sqrt(found.failing) + 1.0)


@pytest.mark.parametrize("share", [0.0, 1e-12, 1e-7, 5e-5, 0.003, 0.2, 0.97, 0.99999, 1.0])
def test_bounds_of_a_count_are_those_of_the_binomial_distribution(share: float) -> None:
    for links in (1, 20_000, 100_000):
        for edge in (0.05, 0.95):
            assert _quantile(edge, links, share) == stats.binom.ppf(edge, links, share)
