"""Feeding the job and saving it: what a checkpoint weighs, how long it takes, and whether data arrives in time."""

from dataclasses import dataclass

import numpy as np

from lightloom.accounts.bands import MID, Position, at
from lightloom.accounts.operation import Operation, Storage
from lightloom.core.arrays import Number


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What one checkpoint takes.

    Args:
        size: Weights and optimizer, bytes.
        stall: How long the job stands still for it, s.
        durable_after: From the end of the stall until storage has it, s; nought if the job waits for that.
        write_time: To storage, s.
        read_time: Back, after a failure, s.
    """

    size: float
    stall: float
    durable_after: float
    write_time: float
    read_time: float


def checkpoint_bytes(parameters: Number, per_parameter: float) -> Number:
    """Weights and optimizer of a model as written, bytes; floats or arrays.

    Args:
        parameters: All of them, not only the active ones.
        per_parameter: 12 for FP32 weights and two moments, 14 with a BF16 copy; 13.1 measured for BLOOM.
    """
    return parameters * per_parameter


def checkpoint(size: float, storage: Storage, operation: Operation, position: Position = MID) -> Checkpoint:
    """Return what one checkpoint takes, by the operation's mode.

    Written at the storage's sustained rate: all nodes write at once, and a job of many nodes has more network than its
    storage takes.

    Args:
        size: Weights and optimizer, one copy, bytes.
        storage: Where it goes.
        operation: Mode, and the stall of a snapshot to host memory.
        position: Figures moved to the ends of their bands.
    """
    write_time = size / at(storage.write, "storage_write", position)
    read_time = size / at(storage.read, "storage_read", position)
    stall = at(operation.assumed.snapshot_stall, "snapshot_stall", position)
    if operation.checkpoint.mode == "sync":
        return Checkpoint(size, write_time, 0.0, write_time, read_time)
    return Checkpoint(size, stall, write_time, write_time, read_time)


def exposed_input(tokens_per_step: Number, step_time: Number, *, bytes_per_token: float, read: float) -> Number:
    """Time a step waits for its training data, s; floats or arrays, shapes broadcast.

    Data of the next step is read while this one computes: only what takes longer than the step shows.

    Args:
        tokens_per_step: Read for one step.
        step_time: Without the wait, s.
        bytes_per_token: As stored.
        read: Storage's sustained rate, bytes/s.
    """
    wait = np.maximum(0.0, np.asarray(tokens_per_step) * bytes_per_token / read - np.asarray(step_time))
    return wait if wait.ndim else float(wait)
