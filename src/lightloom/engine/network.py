"""The network under many recipes of one job: which groups they form, and how long each collective takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from lightloom.collectives.dispatch import ExpertDispatch
from lightloom.collectives.placement import GroupAxes, distinct, strides
from lightloom.core.arrays import Booleans, Floats, Integers, Number
from lightloom.core.dimensions import Dimension
from lightloom.engine.circuits.circuits import Circuits
from lightloom.engine.reach import Reach, measure
from lightloom.engine.transfer import Conditions, Plan, Transfer, prepare
from lightloom.fabric.fabric import Fabric
from lightloom.workload.program import Collective, Group, Routing
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

    def take(self, rows: Integers) -> "Groups":
        """Return the groups of some rows, and only the kinds those have."""
        used = np.unique(np.concatenate([which[rows] for which in self.rows.values()]))
        place = np.zeros(len(self.keys), np.int64)
        place[used] = np.arange(len(used))
        keys = tuple(self.keys[index] for index in map(int, used))
        return Groups(keys, {group: place[which[rows]] for group, which in self.rows.items()})


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
        conditions: Efficiencies and software latencies of the stack, and what levels are sped up by.
    """

    reach: Reach
    groups: Groups
    conditions: Conditions
    _plans: dict[tuple[Collective, Routing | None], Plan] = field(
        default_factory=dict[tuple[Collective, Routing | None], Plan], repr=False
    )
    _places: dict[Group, Integers] = field(default_factory=dict[Group, Integers], repr=False)

    @classmethod
    def of(cls, recipes: RecipeColumns, stack: StackProfile, fabric: Fabric, circuits: Circuits | None = None) -> Self:
        """Return the network under rows that all take the same count of accelerators.

        Args:
            recipes: Rows.
            stack: Efficiencies and software latency.
            fabric: Where the job runs, from its first accelerator.
            circuits: What circuit switches join.

        Raises:
            ValueError: Rows take different counts of accelerators, or more than there are.
        """
        world = int(recipes.accelerators[0])
        if np.any(recipes.accelerators != world):
            message = "rows of one network take one count of accelerators"
            raise ValueError(message)
        groups = Groups.of(recipes)
        return cls.on(measure(fabric, world, groups.keys, circuits), groups, stack)

    @classmethod
    def on(
        cls, reach: Reach, groups: Groups, stack: StackProfile, *, speed: Number = 1.0, latency: Number = 1.0
    ) -> Self:
        """Return the network on a measured reach.

        Args:
            reach: Of the groups' keys.
            groups: Of the rows.
            stack: Efficiencies and software latency.
            speed: Factor on the bandwidth of levels, one number or shape (levels,).
            latency: Factor on the software latencies.
        """
        return cls(reach, groups, _conditions(reach, stack, speed, latency))

    @classmethod
    def under(cls, reach: Reach, groups: Groups, stack: StackProfile, *, speed: Floats, latency: Floats) -> Self:
        """Return the network of one row under many conditions, a row each.

        Args:
            reach: Of the groups' keys.
            groups: Of the one row.
            stack: Efficiencies and software latency.
            speed: Factors on the bandwidth of levels, shape (conditions, levels).
            latency: Factors on the software latencies, shape (conditions,).
        """
        many, kinds = len(latency), len(reach.keys)
        below = np.arange(many) * kinds
        places = {group: reach.rows(groups.keys, group)[rows] + below for group, rows in groups.rows.items()}
        table = reach.repeated(many)
        conditions = _conditions(table, stack, np.repeat(speed, kinds, axis=0), np.repeat(latency, kinds))
        return cls(table, groups, conditions, _places=places)

    def duration(self, group: Group, what: Collective, payload: Floats, routing: Routing | None = None) -> Floats:
        """Return seconds, shape (rows,), all groups of that kind at once, each row's fastest algorithm."""
        return self._plan(what, routing).seconds(self._rows(group), payload)

    def transfer(self, group: Group, what: Collective, payload: Floats, routing: Routing | None = None) -> Transfer:
        """Return seconds, and bytes by level."""
        return self._plan(what, routing).transfer(self._rows(group), payload)

    def leaves(self, group: Group) -> Booleans:
        """Return which rows' groups reach beyond one scale-up domain."""
        return np.asarray(self.reach.domains[self._rows(group)] > 1)

    def _rows(self, group: Group) -> Integers:
        if group not in self._places:
            self._places[group] = self.reach.rows(self.groups.keys, group)[self.groups.rows[group]]
        return self._places[group]

    def _plan(self, what: Collective, routing: Routing | None) -> Plan:
        key = (what, routing)
        if key not in self._plans:
            among = (ExpertDispatch(routing),) if routing else None
            self._plans[key] = prepare(what, self.reach, self.conditions, among=among)
        return self._plans[key]


def _conditions(reach: Reach, stack: StackProfile, speed: Number, latency: Number) -> Conditions:
    return Conditions(
        efficiency=np.where(reach.scale_up, stack.scale_up_efficiency.value, stack.scale_out_efficiency.value),
        speed=speed,
        scale_up_step=stack.scale_up_latency.value * latency,
        scale_out_step=stack.scale_out_latency.value * latency,
    )
