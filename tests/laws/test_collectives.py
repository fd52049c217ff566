"""Every registered collective algorithm does what its name says, with the bytes it claims.

Fact protected: in a symbolic run the right data ends on every rank, the bytes each rank sends on each pattern are those
of ``stages``, none are fewer than the class's lower bound, and patterns stay where they say. Source: the operations'
definitions in the MPI standard; bounds of Chan et al., "Collective communication: theory, practice, and experience".
"""

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from lightloom.collectives.algorithm import Algorithm, Pattern
from lightloom.collectives.algorithms import ALGORITHMS, candidates
from lightloom.collectives.bounds import bytes_per_rank
from lightloom.workload.program import Collective

GROUPS = [(size, local) for size in range(1, 13) for local in range(1, size + 1) if size % local == 0]
CASES = [
    pytest.param(kind(), size, local, id=f"{kind.kind}-{size}-{local}")
    for kind in ALGORITHMS.values()
    for size, local in GROUPS
]

Held = dict[int, dict[int, frozenset[int]]]  # rank -> piece -> whose contributions are in it


def start(algorithm: Algorithm, size: int, local: int) -> Held:
    count = algorithm.piece_count(size, local)
    match algorithm.operation:
        case Collective.ALL_REDUCE | Collective.REDUCE_SCATTER:
            return {rank: {piece: frozenset({rank}) for piece in range(count)} for rank in range(size)}
        case Collective.ALL_GATHER:
            share = count // size
            return {
                rank: {piece: frozenset({rank}) for piece in range(rank * share, (rank + 1) * share)}
                for rank in range(size)
            }
        case Collective.ALL_TO_ALL:
            return {rank: {rank * size + to: frozenset({rank}) for to in range(size)} for rank in range(size)}
        case Collective.SEND:
            return {rank: {rank: frozenset({rank})} for rank in range(size)}


def wanted(algorithm: Algorithm, size: int, local: int, rank: int) -> dict[int, frozenset[int]]:
    count = algorithm.piece_count(size, local)
    share, everyone = count // size, frozenset(range(size))
    match algorithm.operation:
        case Collective.ALL_REDUCE:
            return dict.fromkeys(range(count), everyone)
        case Collective.REDUCE_SCATTER:
            return dict.fromkeys(range(rank * share, (rank + 1) * share), everyone)
        case Collective.ALL_GATHER:
            return {piece: frozenset({piece // share}) for piece in range(count)}
        case Collective.ALL_TO_ALL:
            return {origin * size + rank: frozenset({origin}) for origin in range(size)}
        case Collective.SEND:
            return {(rank - 1) % size: frozenset({(rank - 1) % size})}


@pytest.mark.parametrize(("algorithm", "size", "local"), CASES)
def test_right_data_on_every_rank(algorithm: Algorithm, size: int, local: int) -> None:
    held = start(algorithm, size, local)
    steps = defaultdict(list)
    for message in algorithm.messages(size, local):
        steps[message.step].append(message)
    for step in sorted(steps):
        sent = [(message, [held[message.source][piece] for piece in message.pieces]) for message in steps[step]]
        for message, contents in sent:
            mine = held[message.target]
            for piece, content in zip(message.pieces, contents, strict=True):
                if message.reduces:
                    assert not mine[piece] & content, "nothing is added twice"
                    mine[piece] |= content
                else:
                    mine[piece] = content
    for rank in range(size):
        right = wanted(algorithm, size, local, rank)
        assert {piece: held[rank].get(piece) for piece in right} == right


@pytest.mark.parametrize(("algorithm", "size", "local"), CASES)
def test_every_rank_sends_the_bytes_claimed_on_each_pattern(algorithm: Algorithm, size: int, local: int) -> None:
    pieces = algorithm.piece_count(size, local)
    sent: dict[tuple[int, Pattern], Fraction] = defaultdict(Fraction)
    for message in algorithm.messages(size, local):
        sent[message.source, message.pattern] += Fraction(len(message.pieces), pieces)
    claimed: dict[Pattern, float] = defaultdict(float)
    for stage in algorithm.stages(size, local, 1.0):
        for phase in stage:
            claimed[phase.pattern] += float(phase.sent)
    for rank in range(size):
        for pattern in Pattern:
            assert float(sent[rank, pattern]) == pytest.approx(claimed[pattern], abs=1e-12)


@pytest.mark.parametrize(("algorithm", "size", "local"), CASES)
def test_steps_claimed_are_the_steps_of_the_schedule(algorithm: Algorithm, size: int, local: int) -> None:
    steps = {message.step for message in algorithm.messages(size, local)}
    claimed = sum(max(int(phase.steps) for phase in stage) for stage in algorithm.stages(size, local, 1.0))
    assert len(steps) == claimed


@pytest.mark.parametrize(("algorithm", "size", "local"), CASES)
def test_never_fewer_bytes_than_the_class_needs(algorithm: Algorithm, size: int, local: int) -> None:
    claimed = sum(float(phase.sent) for stage in algorithm.stages(size, local, 1.0) for phase in stage)
    assert claimed >= bytes_per_rank(algorithm.operation, size, 1.0) - 1e-12


@pytest.mark.parametrize(("algorithm", "size", "local"), CASES)
def test_messages_stay_where_their_pattern_says(algorithm: Algorithm, size: int, local: int) -> None:
    crossing = local == 2 and (size // local) % 2 == 1  # one boundary of each ring cannot keep its rail
    for message in algorithm.messages(size, local):
        same_domain = message.source // local == message.target // local
        same_rail = message.source % local == message.target % local
        match message.pattern:
            case Pattern.LOCAL_RING | Pattern.LOCAL_ALL_TO_ALL:
                assert same_domain
            case Pattern.REMOTE_RING:
                assert not same_domain
                assert same_rail or crossing
                assert (message.source // local + 1) % (size // local) == message.target // local
            case Pattern.RAIL_ALL_TO_ALL:
                assert same_rail
                assert not same_domain
            case Pattern.REMOTE_ALL_TO_ALL:
                assert not same_domain
            case Pattern.NEIGHBOUR:
                assert message.target == (message.source + 1) % size


@pytest.mark.parametrize("kind", list(ALGORITHMS))
def test_columns_equal_single_numbers(kind: str) -> None:
    algorithm = ALGORITHMS[kind]()
    size, local = (np.array(column) for column in zip(*GROUPS, strict=True))
    payload = 1e6 * (1.0 + np.arange(len(GROUPS)))
    columns = algorithm.stages(size, local, payload)
    for row, (n, near) in enumerate(GROUPS):
        for many, one in zip(columns, algorithm.stages(n, near, float(payload[row])), strict=True):
            for wide, narrow in zip(many, one, strict=True):
                assert wide.pattern == narrow.pattern
                assert np.broadcast_to(wide.sent, size.shape)[row] == narrow.sent
                assert np.broadcast_to(wide.steps, size.shape)[row] == narrow.steps


@pytest.mark.parametrize("kind", list(ALGORITHMS))
def test_a_group_of_one_costs_nothing(kind: str) -> None:
    for stage in ALGORITHMS[kind]().stages(1, 1, 1e9):
        for phase in stage:
            assert phase.sent == 0
            assert phase.steps == 0


@pytest.mark.parametrize("operation", list(Collective))
def test_every_operation_has_a_candidate(operation: Collective) -> None:
    assert candidates(operation)
