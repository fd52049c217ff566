"""Circuits set once per job: no other sharing has a shorter longest time.

Fact protected: while every demanded pair has a circuit of its own, giving each circuit to the pair that takes longest
is optimal. Source: exhaustive search on small instances; the proof in the module under test; the same greedy for one
region is MixNet's (section 5.2).
"""

from itertools import product

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from lightloom.engine.circuits import share_out

BLOCKS = 4
PAIRS = np.array([(one, other) for one in range(BLOCKS) for other in range(one + 1, BLOCKS)])

demands = st.lists(st.integers(0, 9), min_size=len(PAIRS), max_size=len(PAIRS))


def matrix(values: list[int]) -> np.ndarray:
    full = np.zeros((BLOCKS, BLOCKS))
    full[PAIRS[:, 0], PAIRS[:, 1]] = values
    return full


def longest(wanted: np.ndarray, joined: np.ndarray) -> float:
    used = wanted > 0
    return float((wanted[used] / joined[used]).max(initial=0.0))


@settings(deadline=None, max_examples=60)
@given(demands, st.integers(3, 5))
def test_no_sharing_is_better(values: list[int], ports: int) -> None:
    wanted = np.array(values, np.float64)
    choices = np.array(list(product(range(ports + 1), repeat=len(PAIRS))))
    degree = np.stack([choices[:, (block == PAIRS).any(axis=1)].sum(axis=1) for block in range(BLOCKS)])
    legal = choices[(degree <= ports).all(axis=0) & (choices[:, wanted > 0] > 0).all(axis=1)]
    best = min(longest(wanted, choice) for choice in legal)
    joined = share_out(matrix(values), ports)
    assert longest(wanted, joined[PAIRS[:, 0], PAIRS[:, 1]]) == best


@settings(deadline=None, max_examples=150)
@given(st.integers(2, 9), st.integers(1, 12), st.data())
def test_ports_are_kept_pairs_served_and_blocks_joined(blocks: int, ports: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, 5), min_size=blocks**2, max_size=blocks**2))
    demand = np.array(values, np.float64).reshape(blocks, blocks)
    np.fill_diagonal(demand, 0.0)
    joined = share_out(demand, ports)
    wanted = np.maximum(demand, demand.T) > 0
    assert (joined == joined.T).all()
    assert (np.diag(joined) == 0).all()
    assert (joined >= 0).all()
    assert joined.sum(axis=1).max() <= ports
    if wanted.sum(axis=1).max() <= ports:
        assert (joined[wanted] > 0).all()
    count, part = connected_components(joined, directed=False)
    if ports >= 2:
        assert (part[:, None] == part)[wanted].all(), "every demanded pair has a path"
    free = ports - joined.sum(axis=1)
    assert count == 1 or len(np.unique(part[free > 0])) <= 1, "what is apart has no ports left to be joined"


@settings(deadline=None, max_examples=40)
@given(st.integers(3, 14), st.integers(2, 5))
def test_too_few_ports_still_join_everyone(blocks: int, ports: int) -> None:
    assume(ports < blocks - 1)
    joined = share_out(1.0 - np.eye(blocks), ports)
    assert connected_components(joined, directed=False)[0] == 1


def test_thousands_of_ports_are_shared_in_proportion() -> None:
    joined = share_out(matrix([1, 2, 3, 4, 5, 6]), 3000)
    wanted = np.array([1, 2, 3, 4, 5, 6])
    assert longest(wanted, joined[PAIRS[:, 0], PAIRS[:, 1]]) <= 15 / 3000 * 1.01  # block 3 has demand 3 + 5 + 6 = 14
