"""What expert dispatch sends is what counting every choice of experts gives.

Facts protected: the mean count of places that hold one of a token's experts, over all C(E, k) choices, equally likely;
a token goes once to each other domain and once to each rank that needs it and does not have it; inside one domain
nothing is sent abroad, and with a domain a rank nothing stays near. Source: the definition of dispatch without
duplicates (DeepEP's normal kernels), enumerated.
"""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from lightloom.collectives.algorithm import Pattern
from lightloom.collectives.dispatch import ExpertDispatch, distinct_targets
from lightloom.workload.program import Routing

EXPERTS = 8


def enumerated(experts: int, chosen: int, places: int) -> float:
    """Return the mean count of different places among a token's experts, by listing every choice."""
    each = experts // places
    found = [len({expert // each for expert in choice}) for choice in combinations(range(experts), chosen)]
    return sum(found) / comb(experts, chosen)


def sends(size: int, local: int, chosen: int) -> tuple[float, float]:
    """Return copies of a token sent abroad and near by a listing: domains of ``local`` ranks, experts in order."""
    each = EXPERTS // size
    abroad = near = 0.0
    for source in range(size):
        for choice in combinations(range(EXPERTS), chosen):
            ranks = {expert // each for expert in choice}
            domains = {rank // local for rank in ranks}
            abroad += len(domains - {source // local})
            # A token lands on the rank of its rail; it goes on to the others that need it.
            near += sum(rank % local != source % local for rank in ranks)
    return abroad / size / comb(EXPERTS, chosen), near / size / comb(EXPERTS, chosen)


@pytest.mark.parametrize("chosen", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("places", [1, 2, 4, 8])
def test_distinct_targets_are_those_of_every_choice(places: int, chosen: int) -> None:
    found = distinct_targets(places, Routing(experts=EXPERTS, chosen=chosen))
    assert found == pytest.approx(enumerated(EXPERTS, chosen, places), rel=1e-12)


def test_columns_are_single_numbers() -> None:
    routing = Routing(experts=128, chosen=8)
    places = np.array([1.0, 2.0, 4.0, 32.0, 128.0])
    assert distinct_targets(places, routing).tolist() == [float(distinct_targets(each, routing)) for each in places]
    assert distinct_targets(128, routing) == pytest.approx(8)


def test_qwen3_235b_over_four_nodes_by_drawing() -> None:
    random = np.random.default_rng(5)
    tokens = np.argsort(random.random((20_000, 128)), axis=1)[:, :8] // 32
    drawn = np.mean([len(set(map(int, row))) for row in tokens])
    assert distinct_targets(4, Routing(experts=128, chosen=8)) == pytest.approx(drawn, abs=0.02)


@pytest.mark.parametrize("chosen", [1, 2, 3])
@pytest.mark.parametrize(("size", "local"), [(1, 1), (2, 1), (2, 2), (4, 2), (8, 1), (8, 2), (8, 4), (8, 8)])
def test_bytes_abroad_and_near_are_those_of_every_choice(size: int, local: int, chosen: int) -> None:
    ((abroad, near),) = ExpertDispatch(Routing(experts=EXPERTS, chosen=chosen)).stages(size, local, 1000.0)
    assert (abroad.pattern, near.pattern) == (Pattern.RAIL_ALL_TO_ALL, Pattern.LOCAL_ALL_TO_ALL)
    assert (abroad.sent / 1000, near.sent / 1000) == pytest.approx(sends(size, local, chosen), rel=1e-12)
    assert (abroad.steps > 0, near.steps > 0) == (size > local, local > 1)
