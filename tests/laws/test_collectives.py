"""Every registered collective algorithm does what its name says, with the bytes it claims.

Fact protected: in a symbolic run the right data ends on every rank, the bytes each rank sends on each pattern are those
of ``stages``, none are fewer than the class's lower bound, and patterns stay where they say. Source: the operations'
definitions in the MPI standard; bounds of Chan et al., "Collective communication: theory, practice, and experience".
"""

from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from lightloom.collectives.algorithm import Algorithm, Message, Pattern
from lightloom.collectives.algorithms import ALGORITHMS, candidates
from lightloom.collectives.bounds import bytes_per_rank
from lightloom.workload.program import Collective

LOCALS = {size: [local for local in range(1, size + 1) if size % local == 0] for size in range(1, 13)}
"""How many ranks of a group may share a domain, by its size."""
GROUPS = [(size, local) for size, locals_ in LOCALS.items() for local in locals_]
CASES = [pytest.param(kind(), size, id=f"{kind.kind}-{size}") for kind in ALGORITHMS.values() for size in LOCALS]
every = pytest.mark.parametrize(("algorithm", "size"), CASES)
"""Every algorithm on a group of every size; a test tries every count that may share a domain, and names it."""

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


def sent(algorithm: Algorithm, size: int, local: int) -> Held:
    """Return what every rank holds once all messages of the schedule arrived."""
    held = start(algorithm, size, local)
    steps = defaultdict(list)
    for message in algorithm.messages(size, local):
        steps[message.step].append(message)
    for step in sorted(steps):
        given = [(message, [held[message.source][piece] for piece in message.pieces]) for message in steps[step]]
        for message, contents in given:
            mine = held[message.target]
            for piece, content in zip(message.pieces, contents, strict=True):
                if message.reduces:
                    assert not mine[piece] & content, f"{local} a domain: something is added twice"
                    mine[piece] |= content
                else:
                    mine[piece] = content
    return held


@every
def test_right_data_on_every_rank(algorithm: Algorithm, size: int) -> None:
    for local in LOCALS[size]:
        held = sent(algorithm, size, local)
        for rank in range(size):
            right = wanted(algorithm, size, local, rank)
            assert {piece: held[rank].get(piece) for piece in right} == right, f"{local} a domain, rank {rank}"


@every
def test_every_rank_sends_the_bytes_claimed_on_each_pattern(algorithm: Algorithm, size: int) -> None:
    for local in LOCALS[size]:
        pieces = algorithm.piece_count(size, local)
        given: dict[tuple[int, Pattern], Fraction] = defaultdict(Fraction)
        for message in algorithm.messages(size, local):
            given[message.source, message.pattern] += Fraction(len(message.pieces), pieces)
        claimed: dict[Pattern, float] = defaultdict(float)
        for stage in algorithm.stages(size, local, 1.0):
            for phase in stage:
                claimed[phase.pattern] += float(phase.sent)
        for rank in range(size):
            for pattern in Pattern:
                share = pytest.approx(claimed[pattern], abs=1e-12)
                assert float(given[rank, pattern]) == share, f"{local} a domain, rank {rank}, {pattern}"


@every
def test_steps_claimed_are_the_steps_of_the_schedule(algorithm: Algorithm, size: int) -> None:
    for local in LOCALS[size]:
        steps = {message.step for message in algorithm.messages(size, local)}
        claimed = sum(max(int(phase.steps) for phase in stage) for stage in algorithm.stages(size, local, 1.0))
        assert len(steps) == claimed, f"{local} a domain"


@every
def test_never_fewer_bytes_than_the_class_needs(algorithm: Algorithm, size: int) -> None:
    for local in LOCALS[size]:
        claimed = sum(float(phase.sent) for stage in algorithm.stages(size, local, 1.0) for phase in stage)
        assert claimed >= bytes_per_rank(algorithm.operation, size, 1.0) - 1e-12, f"{local} a domain"


@every
def test_messages_stay_where_their_pattern_says(algorithm: Algorithm, size: int) -> None:
    for local in LOCALS[size]:
        for message in algorithm.messages(size, local):
            assert stays(message, size, local), f"{local} a domain: {message}"


def stays(message: Message, size: int, local: int) -> bool:
    crossing = local == 2 and (size // local) % 2 == 1  # one boundary of each ring cannot keep its rail
    same_domain = message.source // local == message.target // local
    same_rail = message.source % local == message.target % local
    match message.pattern:
        case Pattern.LOCAL_RING | Pattern.LOCAL_ALL_TO_ALL:
            return same_domain
        case Pattern.REMOTE_RING:
            next_domain = (message.source // local + 1) % (size // local) == message.target // local
            return not same_domain and (same_rail or crossing) and next_domain
        case Pattern.RAIL_ALL_TO_ALL:
            return same_rail and not same_domain
        case Pattern.REMOTE_ALL_TO_ALL:
            return not same_domain
        case Pattern.NEIGHBOUR:
            return message.target == (message.source + 1) % size


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
