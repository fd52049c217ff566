"""The one loop of the pipeline: demand → circuits → time, bounded, and the same for a batch as for a single run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.collectives.algorithm import Way
from lightloom.collectives.algorithms import candidates
from lightloom.collectives.dispatch import ExpertDispatch
from lightloom.collectives.placement import GroupAxes
from lightloom.core.arrays import Floats, Integers
from lightloom.engine.circuits import SCHEDULERS, Call, Circuits, call_demand
from lightloom.engine.network import Groups, Network
from lightloom.engine.reach import Reach, measure
from lightloom.engine.traffic import Use
from lightloom.fabric.labels import fabric_of
from lightloom.study.design import Design

SCHEDULER = "once-per-job"

PASSES = 2
"""First with each operation's default algorithm, then with the one that was fastest over the circuits so chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Rows that share circuits.

    Args:
        rows: Their indices.
        circuits: What is joined for them.
        reach: Of the groups they have, over these circuits, where it was measured already.
    """

    rows: Integers
    circuits: Circuits
    reach: Reach | None = None


def settings_of(design: Design, groups: Groups, sent: tuple[Use, ...], world: int) -> list[Setting]:
    """Return the circuits each row gets, rows with the same circuits together.

    Args:
        design: A fabric with circuits.
        groups: Of the rows.
        sent: What their step sends.
        world: Ranks of the job.
    """
    demand = _Demand(design, groups, sent, world)
    everyone = np.arange(len(sent[0].payload))
    settings = demand.settings(everyone, [_ways(use)[0] for use in sent])
    for _ in range(PASSES - 1):
        settings = _merged([each for setting in settings for each in demand.again(setting)])
    return settings


class _Demand:
    """Demand of rows: for each kind of group and algorithm the matrix of one byte, found once, times the bytes."""

    def __init__(self, design: Design, groups: Groups, sent: tuple[Use, ...], world: int) -> None:
        self._design, self._groups, self._sent, self._world = design, groups, sent, world
        self._units: dict[tuple[GroupAxes, str], Floats] = {}

    def settings(self, rows: Integers, ways: Sequence[Way]) -> list[Setting]:
        """Return the circuits of rows that all do each operation in one way."""
        space = self._design.fabric.circuit_space
        if space is None:
            return []
        total = np.zeros((len(rows), space.blocks, space.blocks))
        for use, way in zip(self._sent, ways, strict=True):
            if self._design.fabric.carrier(use.group) != fabric_of(space.level):
                continue
            amount = (use.times * use.payload)[rows]
            kinds = self._groups.rows[use.group][rows]
            for kind in set(map(int, kinds[amount > 0])):
                mine = kinds == kind
                total[mine] += amount[mine, None, None] * self._unit(self._groups.keys[kind], way)
        different, which = np.unique(total, axis=0, return_inverse=True)
        chosen = SCHEDULERS[SCHEDULER]().choose(space, different[:, None])
        where = which.reshape(-1)
        return _merged([Setting(rows[where == index], circuits) for index, (circuits,) in enumerate(chosen)])

    def again(self, setting: Setting) -> list[Setting]:
        """Return the circuits of rows with the algorithms that are fastest over those they have."""
        rows, circuits = setting.rows, setting.circuits
        groups = self._groups.take(rows)
        reach = measure(self._design.ground, self._world, groups.keys, circuits)
        network = Network.on(reach, groups, self._design.scenario.stack)
        choices = [network.transfer(use.group, use.what, use.payload[rows], use.routing).choice for use in self._sent]
        different, which = np.unique(np.stack(choices), axis=1, return_inverse=True)
        found: list[Setting] = []
        for column in range(different.shape[1]):
            ways = [_ways(use)[int(each)] for use, each in zip(self._sent, different[:, column], strict=True)]
            found += self.settings(rows[which.reshape(-1) == column], ways)
        return [_measured(each, circuits, reach) for each in found]

    def _unit(self, axes: GroupAxes, way: Way) -> Floats:
        key = (axes, f"{way.kind} {getattr(way, 'routing', '')}")
        if key not in self._units:
            self._units[key] = call_demand(self._design.ground, self._world, [Call(axes, way, 1.0)])
        return self._units[key]


def _ways(use: Use) -> Sequence[Way]:
    if use.routing:
        return (ExpertDispatch(use.routing),)
    return candidates(use.what)


def _measured(setting: Setting, circuits: Circuits, reach: Reach) -> Setting:
    """Return the setting with a reach, if it joins the same circuits."""
    same = np.array_equal(setting.circuits.joined, circuits.joined)
    return Setting(setting.rows, setting.circuits, reach) if same else setting


def _merged(settings: Sequence[Setting]) -> list[Setting]:
    """Return settings with equal circuits as one, in the order of their first rows."""
    alike: dict[bytes, list[Setting]] = {}
    for setting in settings:
        alike.setdefault(setting.circuits.joined.tobytes(), []).append(setting)
    return [
        few[0] if len(few) == 1 else Setting(np.sort(np.concatenate([one.rows for one in few])), few[0].circuits)
        for few in alike.values()
    ]
