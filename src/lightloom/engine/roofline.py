"""How long a block of layers takes one rank for one micro-batch, and what of it goes where."""

from collections import defaultdict
from enum import IntEnum
from typing import Protocol

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.hardware import Hardware
from lightloom.workload.layout import Block
from lightloom.workload.program import Collective, Group, Kind, Operation, Program, Routing


class Cost(IntEnum):
    """Where a micro-batch's time on a stage goes; the value is the column."""

    MATMUL = 0
    ATTENTION = 1
    MEMORY = 2
    HOST = 3
    TENSOR = 4
    CONTEXT = 5
    EXPERT = 6


COMPUTE = (Cost.MATMUL, Cost.ATTENTION, Cost.MEMORY, Cost.HOST)
"""Costs that are not waiting for the network."""

_WAITING: dict[Group, Cost] = {Group.TENSOR: Cost.TENSOR, Group.CONTEXT: Cost.CONTEXT, Group.EXPERT: Cost.EXPERT}
_KINDS: dict[Kind, Cost] = {Kind.MATMUL: Cost.MATMUL, Kind.ATTENTION: Cost.ATTENTION, Kind.MEMORY: Cost.MEMORY}


class Wires(Protocol):
    """Whatever knows how long a group takes for a collective."""

    def duration(self, group: Group, what: Collective, payload: Floats, routing: Routing | None = None) -> Floats:
        """Return seconds, shape (rows,), for every group of that kind doing it at once."""
        ...


def operation_time(operation: Operation, hardware: Hardware, wires: Wires) -> Floats:
    """Return the seconds of one operation alone, shape (rows,).

    A product takes the longer of arithmetic, slowed for small sizes, and memory; a fused attention its share of the
    ceiling; the rest is memory.

    Source: roofline, Williams et al. 2009; the size term is a boundary of fixed width around each tile of the product.
    """
    if operation.kind is Kind.COLLECTIVE:
        if operation.group is None or operation.collective is None:
            message = f"collective {operation.name!r} has no group"
            raise ValueError(message)
        return wires.duration(operation.group, operation.collective, operation.payload, operation.routing)
    if operation.kind is Kind.MATMUL:
        rate = hardware.matmul_fp8 if operation.fp8 else hardware.matmul
        arithmetic = operation.flops / rate * (1 + hardware.narrow_matrix * operation.narrow)
        return np.maximum(arithmetic, operation.bytes / hardware.memory)
    if operation.kind is Kind.ATTENTION:
        return operation.flops / hardware.attention
    return operation.bytes / hardware.memory


def block_times(program: Program, hardware: Hardware, wires: Wires, rows: int) -> Floats:
    """Return seconds of every block, pass (forward, backward) and :class:`Cost`; shape (rows, blocks, 2, costs).

    A collective that may hide behind operations costs what they do not cover; several that share a cover share it.
    A layer lasts as long as its kernels or as the host needs to launch them, whichever is longer.
    """
    times = np.zeros((rows, len(Block), 2, len(Cost)))
    for block in Block:
        for backward in (False, True):
            chosen = [item for item in program.operations if item.block is block and item.backward is backward]
            times[:, block, int(backward)] = _pass_times(chosen, hardware, wires, rows)
    again = 2.0 if _repeats_whole_layers(program) else 1.0
    for backward, launches in ((0, 1.0), (1, again)):
        layer = times[:, Block.LAYER, backward]
        layer[:, Cost.HOST] = np.maximum(0.0, launches * hardware.host_time - layer.sum(axis=1))
    return times


def _repeats_whole_layers(program: Program) -> bool:
    """Tell whether the forward products are done again, so that the host launches a layer twice."""
    return any(item.recomputed and item.name == "qkv-again" for item in program.operations)


def _pass_times(operations: list[Operation], hardware: Hardware, wires: Wires, rows: int) -> Floats:
    costs = np.zeros((rows, len(Cost)))
    alone = {id(item): operation_time(item, hardware, wires) for item in operations}
    covers: dict[str, Floats] = {}
    waiting: defaultdict[tuple[str, ...], list[Operation]] = defaultdict(list)
    for item in operations:
        if item.kind is Kind.COLLECTIVE:
            waiting[item.behind].append(item)
        else:
            costs[:, _KINDS[item.kind]] += alone[id(item)]
            covers[item.name] = alone[id(item)]
    for behind, items in waiting.items():
        cover = sum((covers[name] for name in behind), np.zeros(rows))
        total = sum((alone[id(item)] for item in items), np.zeros(rows))
        known = np.isfinite(total)  # not where circuits join no path: there all of it waits
        left = np.divide(np.maximum(total - cover, 0.0), total, out=1.0 - known, where=known & (total > 0))
        for item in items:
            costs[:, _WAITING[item.group or Group.TENSOR]] += alone[id(item)] * left
    return costs
