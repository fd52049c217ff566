"""Kinds of fabric cases about circuits: sharing them out, taking a demand apart, rotating, and when a change pays."""

from typing import Annotated, TypeAlias

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from lightloom.core.arrays import Floats, Number
from lightloom.engine.circuits import reconfigure, rotor
from lightloom.engine.circuits.birkhoff import completion_time
from lightloom.engine.circuits.greedy_min_max import bottleneck, greedy, shortest_bottleneck
from lightloom.engine.circuits.permutations import birkhoff
from lightloom.study.validation.case_fields import CaseError, NotNegative, Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity

BYTE = 8.0

Nodes: TypeAlias = Annotated[int, Field(ge=2, le=1 << 40), BeforeValidator(whole)]
Ports: TypeAlias = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(whole)]
Row: TypeAlias = Annotated[tuple[NotNegative, ...], Field(strict=False, max_length=512)]
Matrix: TypeAlias = Annotated[tuple[Row, ...], Field(strict=False, min_length=1, max_length=512)]
Stretch: TypeAlias = Annotated[float, Field(gt=1.0, le=1e30)]


def _square(matrix: Matrix, name: str) -> Floats:
    """Return a matrix as an array.

    Raises:
        ValueError: Its rows are not as many and as long as each other.
    """
    if any(len(row) != len(matrix) for row in matrix):
        message = f"{name} should have as many columns as rows"
        raise ValueError(message)
    return np.array(matrix, np.float64)


class GreedyParams(Params):
    """What blocks send each other, and how many circuits end at each."""

    demand: Matrix
    degree: Ports

    @model_validator(mode="after")
    def _is_square(self) -> "GreedyParams":
        _square(self.demand, "demand")
        return self

    def asked(self) -> tuple[Floats, int]:
        """Return demand and degree."""
        return _square(self.demand, "demand"), self.degree

    def circuits(self) -> Floats:
        """Return the circuits of each pair, in the order of rows."""
        demand, degree = self.asked()
        return greedy(demand, degree)[np.triu_indices(len(demand), 1)].astype(np.float64)

    def bottleneck(self) -> float:
        """Return the longest time; -1 where a pair has no circuit."""
        demand, degree = self.asked()
        found = bottleneck(demand, greedy(demand, degree))
        return -1.0 if np.isinf(found) else found


GREEDY_CIRCUITS: CaseKind[GreedyParams] = CaseKind(
    "greedy_circuits",
    GreedyParams,
    {
        "circuits": Quantity("count", lambda p: p.circuits()),
        "bottleneck": Quantity("1", lambda p: p.bottleneck()),
        "optimal_bottleneck": Quantity("1", lambda p: shortest_bottleneck(*p.asked())),
    },
)


class BirkhoffParams(Params):
    """A doubly stochastic matrix, and nodes that send by it."""

    matrix: Matrix
    node_bytes: NotNegative | None = None
    node_bps: Positive | None = None
    delta_s: NotNegative | None = None

    @model_validator(mode="after")
    def _is_square(self) -> "BirkhoffParams":
        _square(self.matrix, "matrix")
        return self

    def weights(self) -> Floats:
        """Return the weights of the permutations, in order.

        Raises:
            CaseError: The matrix is not doubly stochastic.
        """
        matrix = _square(self.matrix, "matrix")
        if not np.allclose([matrix.sum(axis=0), matrix.sum(axis=1)], 1.0, rtol=0.0, atol=1e-9):
            message = "rows and columns of the matrix should each add up to 1"
            raise CaseError(message)
        return np.array([weight for weight, _ in birkhoff(matrix)])

    def completion(self) -> Number:
        """Return when everything is sent, s."""
        return completion_time(
            needed(self.node_bytes, "node_bytes"),
            needed(self.node_bps, "node_bps") / BYTE,
            permutations=len(self.weights()),
            change=needed(self.delta_s, "delta_s"),
        )


BIRKHOFF: CaseKind[BirkhoffParams] = CaseKind(
    "birkhoff",
    BirkhoffParams,
    {
        "permutations": Quantity("count", lambda p: len(p.weights())),
        "weights": Quantity("1", lambda p: p.weights()),
        "completion_time": Quantity("s", lambda p: p.completion()),
    },
)


class RotorParams(Params):
    """Nodes whose uplinks go round all the others."""

    nodes: Nodes | None = None
    uplinks: Ports | None = None
    slot_s: Positive | None = None
    reconfig_s: NotNegative | None = None

    def turn(self) -> tuple[int, int]:
        """Return nodes and uplinks."""
        return needed(self.nodes, "nodes"), needed(self.uplinks, "uplinks")

    def times(self) -> tuple[float, float]:
        """Return slot and change, s."""
        return needed(self.slot_s, "slot_s"), needed(self.reconfig_s, "reconfig_s")

    def cycle(self) -> Number:
        """Return the time of a cycle, s."""
        slot, change = self.times()
        return rotor.cycle_time(*self.turn(), slot=slot, change=change)


ROTOR: CaseKind[RotorParams] = CaseKind(
    "rotor",
    RotorParams,
    {
        "slots": Quantity("count", lambda p: rotor.slots(*p.turn())),
        "duty": Quantity("1", lambda p: rotor.duty(*p.times())),
        "cycle_time": Quantity("s", lambda p: p.cycle()),
        "vlb_throughput": Quantity("1", lambda p: rotor.relayed_throughput(*p.times())),
    },
)


class RingParams(Params):
    """An all-reduce round a ring."""

    nodes: Nodes
    message_bytes: NotNegative
    node_bps: Positive
    alpha_s: NotNegative

    def time(self) -> Number:
        """Return its time, s."""
        return reconfigure.ring_all_reduce(
            self.nodes, self.message_bytes, bandwidth=self.node_bps / BYTE, latency=self.alpha_s
        )


RING_ALLREDUCE: CaseKind[RingParams] = CaseKind(
    "ring_allreduce", RingParams, {"time": Quantity("s", lambda p: p.time())}
)


class ChangingParams(RingParams):
    """An all-reduce by halving and doubling, over circuits that can change."""

    delta_s: NotNegative

    def halving(self) -> Number:
        """Return its time when circuits change before every step, s."""
        return reconfigure.halving_doubling(
            self.nodes,
            self.message_bytes,
            bandwidth=self.node_bps / BYTE,
            latency=self.alpha_s,
            outage=self.delta_s,
        )

    def decision(self) -> reconfigure.Decision:
        """Return when it is best to change.

        Raises:
            CaseError: The nodes are no power of two.
        """
        one = np.ones(1)
        try:
            return reconfigure.all_reduce_changes(
                self.nodes,
                self.message_bytes * one,
                bandwidth=self.node_bps / BYTE * one,
                latency=self.alpha_s * one,
                outage=self.delta_s * one,
            )
        except ValueError as error:
            raise CaseError(str(error)) from None


HALVING_DOUBLING: CaseKind[ChangingParams] = CaseKind(
    "halving_doubling", ChangingParams, {"time": Quantity("s", lambda p: p.halving())}
)

RECONFIGURE_DP: CaseKind[ChangingParams] = CaseKind(
    "reconfigure_dp",
    ChangingParams,
    {
        "time": Quantity("s", lambda p: p.decision().time.item()),
        "reconfigurations": Quantity("count", lambda p: p.decision().changes.item()),
    },
)


class BreakEvenParams(Params):
    """Nodes and their latency; or a change, a rate, and how much longer traffic takes without the change."""

    nodes: Nodes | None = None
    alpha_s: NotNegative | None = None
    delta_s: NotNegative | None = None
    node_bps: Positive | None = None
    stretch: Stretch | None = None

    def outage(self) -> Number:
        """Return the longest outage that pays, s."""
        return reconfigure.longest_outage(needed(self.nodes, "nodes"), latency=needed(self.alpha_s, "alpha_s"))

    def volume(self) -> Number:
        """Return the least bytes of a node that pay."""
        return reconfigure.least_volume(
            needed(self.delta_s, "delta_s"),
            bandwidth=needed(self.node_bps, "node_bps") / BYTE,
            stretch=needed(self.stretch, "stretch"),
        )


RECONFIGURE_BREAKEVEN: CaseKind[BreakEvenParams] = CaseKind(
    "reconfigure_breakeven",
    BreakEvenParams,
    {
        "delta_max": Quantity("s", lambda p: p.outage()),
        "volume_min": Quantity("byte", lambda p: p.volume()),
    },
)


class PhasesParams(Params):
    """Nodes of an all-to-all."""

    n: Annotated[int, Field(ge=1, le=1 << 60), BeforeValidator(whole)]


COLLECTIVE_PHASES: CaseKind[PhasesParams] = CaseKind(
    "collective_phases",
    PhasesParams,
    {"ternary_bruck": Quantity("count", lambda p: np.array(reconfigure.bruck_phases(p.n), np.float64))},
)
