"""Bytes from block to block in a step, by group and phase: what a scheduler of circuits is to serve."""

from collections.abc import Iterator

import numpy as np

from lightloom.export.cells import Cell, table
from lightloom.export.exporter import Exporter
from lightloom.study.demand_matrix import demand_matrices
from lightloom.study.evaluation import Evaluation

_HEADER = ("level", "phase", "group", "operation", "algorithm", "times", "sender", "receiver", "bytes_per_step")


class DemandMatrix(Exporter):
    """Pairs of blocks that exchange anything, collective by collective; blocks are those circuits join.

    Without circuit switches they are those of the topmost level with more than one. Each group is told by the fabric
    that carries it.

    Leaves out: what stays in a block.
    """

    kind = "demand-matrix"
    suffix = ".csv"
    description = "bytes from block to block in a step, by group and phase"
    signature = ",".join(_HEADER) + "\n"

    def write(self, evaluation: Evaluation) -> str:
        """Return a row per collective and pair, in the order of the step, of the sender and of the receiver."""
        return table(_HEADER, _rows(evaluation))


def _rows(evaluation: Evaluation) -> Iterator[tuple[Cell, ...]]:
    found = demand_matrices(evaluation.scenario)
    for each in found.matrices:
        for sender, receiver in zip(*map(np.ndarray.tolist, np.nonzero(each.sent)), strict=True):
            sent = float(each.sent[sender, receiver])
            head = (each.level, each.phase, each.group, each.operation, each.algorithm, each.times)
            yield *head, sender, receiver, sent
