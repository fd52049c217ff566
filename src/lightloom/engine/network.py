"""The network under many recipes of one job: which groups they form, and how long each collective takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from lightloom.collectives.algorithm import Operation
from lightloom.collectives.dispatch import ExpertDispatch
from lightloom.collectives.placement import GroupAxes, distinct, strides
from lightloom.core.arrays import Floats, Integers, Number
from lightloom.core.dimensions import Dimension
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.reach import Reach, measure
from lightloom.engine.transfer import Conditions, Transfer, crossing, duration, fastest
from lightloom.fabric.fabric import Fabric
from lightloom.workload.program import Collective, Group
from lightloom.workload.recipe import RecipeColumns
from lightloom.workload.stack import StackProfile


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The groups every row forms.

    Args:
        keys: All different kinds of group of the batch.
        rows: By kind of group, which of ``keys`` each row has, shape (rows,).
    """

    keys: tuple[GroupAxes, ...]
    rows: Mapping[Group, Integers]

    @classmethod
    def of(cls, recipes: RecipeColumns) -> Self:
        """Return the groups of ranks numbered in the recipe's order.

        An expert group takes ranks of the stage in that order, tensor, context and data, until it is full; ranks that
        hold the same experts are what is left of them.
        """
        axes = _axes(recipes)
        keys: dict[GroupAxes, int] = {}
        rows: dict[Group, Integers] = {}
        for group, (sizes, steps) in axes.items():
            found, which = distinct(sizes, steps)
            places = np.array([keys.setdefault(key, len(keys)) for key in found], np.int64)
            rows[group] = places[which]
        return cls(tuple(keys), rows)


def _axes(recipes: RecipeColumns) -> dict[Group, tuple[Integers, Integers]]:
    """Return sizes and strides of each group, shape (rows, axes)."""
    degrees = {
        Dimension.TENSOR: recipes.tensor,
        Dimension.CONTEXT: recipes.context,
        Dimension.PIPELINE: recipes.pipeline,
        Dimension.DATA: recipes.data,
    }
    order = recipes.kind.full_order
    steps = strides(degrees, order)
    single = {
        Group.TENSOR: (Dimension.TENSOR,),
        Group.CONTEXT: (Dimension.CONTEXT,),
        Group.PIPELINE: (Dimension.PIPELINE,),
        Group.DATA: (Dimension.CONTEXT, Dimension.DATA),
    }
    axes = {
        group: (np.stack([degrees[one] for one in parts], 1), np.stack([steps[one] for one in parts], 1))
        for group, parts in single.items()
    }
    inside = [one for one in order if one is not Dimension.PIPELINE]
    left, taken, rest = recipes.expert, list[Integers](), list[Integers]()
    for one in inside:
        part = np.gcd(left, degrees[one])
        taken.append(part)
        rest.append(degrees[one] // part)
        left = left // part
    base = np.stack([steps[one] for one in inside], 1)
    axes[Group.EXPERT] = (np.stack(taken, 1), base)
    axes[Group.EXPERT_DATA] = (np.stack(rest, 1), base * np.stack(taken, 1))
    return axes


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Times of collectives, for every row; satisfies :class:`lightloom.engine.roofline.Wires`.

    Args:
        reach: Of all kinds of group of the batch.
        groups: Which row has which.
        efficiency: Payload over line rate of each level, shape (levels,).
        speed: Factor on each level's bandwidth, shape (levels,) or (rows, levels).
        overhead: Software time of a step inside a domain and across the network, s; numbers or (rows,).
    """

    reach: Reach
    groups: Groups
    efficiency: Floats
    speed: Number
    overhead: tuple[Number, Number]
    _seen: dict[tuple[Group, Collective, int, bytes], Transfer] = field(
        default_factory=dict[tuple[Group, Collective, int, bytes], Transfer], repr=False
    )

    @classmethod
    def of(
        cls,
        recipes: RecipeColumns,
        stack: StackProfile,
        fabric: Fabric,
        circuits: Circuits | None = None,
        *,
        speed: Number = 1.0,
        latency: Number = 1.0,
    ) -> Self:
        """Return the network under rows that all take the same count of accelerators.

        Args:
            recipes: Rows.
            stack: Efficiencies and software latency.
            fabric: Where the job runs, from its first accelerator.
            circuits: What circuit switches join.
            speed: See above.
            latency: Factor on the software latencies.

        Raises:
            ValueError: Rows take different counts of accelerators, or more than there are.
        """
        world = int(recipes.accelerators[0])
        if np.any(recipes.accelerators != world):
            message = "rows of one network take one count of accelerators"
            raise ValueError(message)
        groups = Groups.of(recipes)
        reach = measure(fabric, world, groups.keys, circuits)
        return cls.on(reach, groups, stack, speed=speed, latency=latency)

    @classmethod
    def on(
        cls, reach: Reach, groups: Groups, stack: StackProfile, *, speed: Number = 1.0, latency: Number = 1.0
    ) -> Self:
        """Return the network on a measured reach."""
        inside, outside = stack.scale_up_efficiency.value, stack.scale_out_efficiency.value
        overhead = (stack.scale_up_latency.value * latency, stack.scale_out_latency.value * latency)
        return cls(reach, groups, np.where(reach.scale_up, inside, outside), speed, overhead)

    def duration(self, group: Group, what: Collective, payload: Floats, copies: int = 0) -> Floats:
        """Return seconds, shape (rows,), all groups of that kind at once, each row's fastest algorithm."""
        return self.transfer(group, what, payload, copies).seconds

    def transfer(self, group: Group, what: Collective, payload: Floats, copies: int = 0) -> Transfer:
        """Return seconds and bytes by level; a group of one takes no time."""
        key = (group, what, copies, np.ascontiguousarray(payload).tobytes())
        if key not in self._seen:
            self._seen[key] = self._transfer(group, what, payload, copies)
        return self._seen[key]

    def _transfer(self, group: Group, what: Collective, payload: Floats, copies: int) -> Transfer:
        places = self.groups.rows[group]
        rows = np.asarray(self.reach.rows(self.groups.keys)[places])
        across = self.reach.domains[rows] > 1
        conditions = Conditions(self.efficiency, self.speed, np.where(across, self.overhead[1], self.overhead[0]))
        if copies and what is Collective.ALL_TO_ALL:
            stages = ExpertDispatch(copies).stages(self.reach.size[rows], self.reach.local[rows], payload)
            seconds, by_level = duration(stages, self.reach, rows, conditions)
            names = ("expert-dispatch",)
            return Transfer(seconds, by_level, crossing(stages, self.reach, rows), np.zeros_like(rows), names)
        return fastest(Operation(what.value), self.reach, rows, payload, conditions)
