"""A block takes what its operations take, and a collective what nothing covers.

Facts protected: a product takes the longer of arithmetic, slowed for small sizes, and memory; collectives behind one
cover share it, those behind none wait whole, those without a path for ever; a layer lasts as long as its launch at
least, twice that backward where it is done again. Source: Williams et al., Roofline, 2009; the module's definitions.
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lightloom.core.arrays import Floats
from lightloom.engine.hardware import Hardware
from lightloom.engine.roofline import COMPUTE, Cost, block_times, operation_time
from lightloom.workload.layout import Block
from lightloom.workload.program import Collective, Group, Kind, Operation, Program

HARDWARE = Hardware(matmul=100.0, matmul_fp8=200.0, narrow_matrix=10.0, attention=50.0, memory=10.0, host_time=0.0)
NOTHING = np.zeros(1)


class Wires:
    """A byte a second for every group."""

    def duration(self, group: Group, what: Collective, payload: Floats, *_rest: object) -> Floats:
        """Return the payload as seconds."""
        del group, what
        return payload


def product(name: str, flops: float, **changes: Any) -> Operation:
    return replace(
        Operation(name, Block.LAYER, backward=False, kind=Kind.MATMUL, flops=np.array([flops])),
        **{key: np.array([each]) if isinstance(each, float) else each for key, each in changes.items()},
    )


def wait(name: str, seconds: float, group: Group, *behind: str) -> Operation:
    return Operation(
        name,
        Block.LAYER,
        backward=False,
        kind=Kind.COLLECTIVE,
        group=group,
        collective=Collective.ALL_GATHER,
        payload=np.array([seconds]),
        behind=behind,
    )


def layer(*operations: Operation, hardware: Hardware = HARDWARE) -> Floats:
    """Return the costs of a layer, forward and backward, shape (2, costs)."""
    program = Program(operations, NOTHING, NOTHING, np.zeros((1, len(Block))), NOTHING, NOTHING, NOTHING)
    return block_times(program, hardware, Wires(), 1)[0, Block.LAYER]


@pytest.mark.parametrize(
    ("operation", "seconds"),
    [
        (product("a", 400.0), 4.0),
        (product("a", 400.0, fp8=True), 2.0),
        (product("a", 400.0, narrow=0.05), 6.0),
        (product("a", 400.0, bytes=39.0), 4.0),
        (product("a", 400.0, bytes=50.0), 5.0),
        (product("a", 400.0, kind=Kind.ATTENTION), 8.0),
        (product("a", 0.0, kind=Kind.MEMORY, bytes=30.0), 3.0),
    ],
)
def test_one_operation(operation: Operation, seconds: float) -> None:
    assert operation_time(operation, HARDWARE, Wires()) == pytest.approx(seconds)


def test_collectives_behind_one_cover_share_it() -> None:
    costs = layer(
        product("cover", 200.0),
        wait("one", 1.0, Group.TENSOR, "cover"),
        wait("other", 3.0, Group.CONTEXT, "cover"),
    )[0]
    assert costs[Cost.MATMUL] == 2
    assert costs[Cost.TENSOR] == pytest.approx(0.5)
    assert costs[Cost.CONTEXT] == pytest.approx(1.5)


def test_collective_behind_enough_costs_nothing_and_behind_nothing_all() -> None:
    costs = layer(
        product("a", 200.0),
        product("b", 200.0),
        wait("hidden", 4.0, Group.EXPERT, "a", "b"),
        wait("bare", 3.0, Group.TENSOR),
    )[0]
    assert costs[Cost.EXPERT] == 0
    assert costs[Cost.TENSOR] == 3


def test_collective_without_a_path_waits_for_ever() -> None:
    costs = layer(product("cover", 200.0), wait("lost", np.inf, Group.EXPERT, "cover"))[0]
    assert costs[Cost.EXPERT] == np.inf
    assert costs[Cost.MATMUL] == 2


def test_passes_do_not_cover_one_another() -> None:
    backward = replace(product("cover", 900.0), backward=True)
    both = layer(product("cover", 100.0), backward, wait("one", 4.0, Group.TENSOR, "cover"))
    assert both[0, Cost.TENSOR] == 3
    assert both[1, Cost.TENSOR] == 0


def test_layer_lasts_as_long_as_its_launch() -> None:
    slow = replace(HARDWARE, host_time=5.0)
    forward = layer(product("a", 200.0), wait("one", 1.0, Group.TENSOR), hardware=slow)[0]
    assert forward[Cost.HOST] == 2
    assert forward.sum() == 5
    assert layer(product("a", 700.0), hardware=slow)[0, Cost.HOST] == 0


def test_layer_done_again_is_launched_again() -> None:
    slow = replace(HARDWARE, host_time=5.0)
    again = replace(product("qkv-again", 100.0), backward=True, recomputed=True)
    assert layer(product("qkv", 100.0), again, hardware=slow).sum(axis=1).tolist() == [5, 10]


def test_costs_are_compute_or_waiting() -> None:
    assert set(COMPUTE) | {Cost.TENSOR, Cost.CONTEXT, Cost.EXPERT} == set(Cost)
