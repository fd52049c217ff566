"""The one loop of the pipeline: demand → circuits → time, bounded, and the same for a batch as for a single run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lightloom.collectives.algorithm import Way
from lightloom.collectives.algorithms import candidates
from lightloom.collectives.dispatch import ExpertDispatch
from lightloom.collectives.placement import GroupAxes
from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.core.errors import StudyError
from lightloom.engine.circuits import Call, Circuits, Moving, call_demand
from lightloom.engine.footprint import Footprint
from lightloom.engine.network import Groups, Network
from lightloom.engine.pairs import Pairs
from lightloom.engine.reach import Reach, measure
from lightloom.engine.traffic import Use
from lightloom.fabric.labels import fabric_of
from lightloom.study.design import Design

PASSES = 2
"""First with each operation's default algorithm, then with the one that was fastest over the circuits so chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """Rows that share circuits.

    Args:
        rows: Their indices.
        circuits: What is joined for them, or who changes it.
        reach: Of the groups they have, over these circuits, where it was measured already.
    """

    rows: Integers
    circuits: Circuits | Moving
    reach: Reach | None = None


def settings_of(design: Design, groups: Groups, sent: tuple[Use, ...], world: int) -> list[Setting]:
    """Return the circuits each row gets, rows with the same circuits together.

    Args:
        design: A fabric with circuits.
        groups: Of the rows.
        sent: What their step sends.
        world: Ranks of the job.

    Raises:
        StudyError: The study's scheduler cannot serve what they send; at the study's line.
    """
    demand = _Demand(design, groups, sent, world)
    everyone = np.arange(len(sent[0].payload))
    try:
        if design.scenario.circuits.changes != "never":
            return demand.changing(everyone)
        settings = demand.settings(everyone, [_ways(use)[0] for use in sent])
        for _ in range(PASSES - 1):
            settings = _merged([each for setting in settings for each in demand.again(setting)])
    except StudyError as error:
        raise StudyError(design.scenario.placed(fault, "circuits") for fault in error.faults) from None
    return list(settings)


@dataclass(frozen=True, slots=True, eq=False)
class _Once(Setting):
    """Rows whose circuits never change."""

    circuits: Circuits


class _Demand:
    """Demand of rows: for each kind of group and algorithm the matrix of one byte, found once, times the bytes."""

    def __init__(self, design: Design, groups: Groups, sent: tuple[Use, ...], world: int) -> None:
        self._design, self._groups, self._sent, self._world = design, groups, sent, world
        self._units: dict[tuple[GroupAxes, str], Floats] = {}

    def changing(self, rows: Integers) -> list[Setting]:
        """Return circuits that change, the rows apart whose phases all want the same ones: those wait for nothing."""
        moving = Moving.of(self._design.ground, self._design.scenario.circuits)
        reach = measure(self._design.ground, self._world, self._groups.keys, moving)
        if not reach.setup.any():
            return [Setting(rows, moving, reach)]
        settled = self._wanted(moving, reach) <= 1
        found = [Setting(rows[~settled], moving), Setting(rows[settled], replace(moving, settled=True))]
        return [each for each in found if len(each.rows)]

    def _wanted(self, moving: Moving, reach: Reach) -> Integers:
        """Return how many different circuits the phases of each row want, shape (rows,)."""
        network = Network.on(reach, self._groups, self._design.scenario.stack)
        settings: dict[bytes, Booleans] = {}
        count = np.zeros(len(self._sent[0].payload), np.int64)
        for use in self._over_circuits():
            choice = network.transfer(use.group, use.what, use.payload, use.routing).choice
            kinds, sends = self._groups.rows[use.group], use.times * use.payload > 0
            found: Integers = np.unique(np.stack([kinds, choice])[:, sends], axis=1)
            for kind, chosen in zip(map(int, found[0]), map(int, found[1]), strict=True):
                mine = sends & (kinds == kind) & (choice == chosen)
                for name in self._settings_for(moving, self._groups.keys[kind], _ways(use)[chosen]):
                    settings[name] = settings.get(name, np.zeros(len(count), np.bool_)) | mine
        for mine in settings.values():
            count += mine
        return count

    def _settings_for(self, moving: Moving, axes: GroupAxes, way: Way) -> Iterator[bytes]:
        """Yield what an operation's phases want joined, setting by setting."""
        footprint = Footprint.of(self._design.ground, self._world)
        pairs = Pairs.of(footprint, axes, moving.block, moving.blocks)
        stages = way.stages(pairs.groups.size, pairs.groups.local, 1.0)
        for pattern in sorted({phase.pattern for stage in stages for phase in stage if phase.sent > 0}):
            flows = pairs.flows(pattern)
            if flows.any():
                yield from (one.joined.tobytes() for one in moving.plan(flows))

    def _over_circuits(self) -> Iterator[Use]:
        """Yield what goes over the fabric that has circuits."""
        space = self._design.fabric.circuit_space
        for use in self._sent:
            if space is not None and self._design.fabric.carrier(use.group) == fabric_of(space.level):
                yield use

    def settings(self, rows: Integers, ways: Sequence[Way]) -> list[_Once]:
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
        chosen = self._design.scenario.circuits.choose(space, different[:, None])
        where = which.reshape(-1)
        return _merged([_Once(rows[where == index], circuits) for index, (circuits,) in enumerate(chosen)])

    def again(self, setting: _Once) -> list[_Once]:
        """Return the circuits of rows with the algorithms that are fastest over those they have."""
        rows, circuits = setting.rows, setting.circuits
        groups = self._groups.take(rows)
        reach = measure(self._design.ground, self._world, groups.keys, circuits)
        network = Network.on(reach, groups, self._design.scenario.stack)
        choices = [network.transfer(use.group, use.what, use.payload[rows], use.routing).choice for use in self._sent]
        different, which = np.unique(np.stack(choices), axis=1, return_inverse=True)
        found: list[_Once] = []
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


def _measured(setting: _Once, circuits: Circuits, reach: Reach) -> _Once:
    """Return the setting with a reach, if it joins the same circuits."""
    same = np.array_equal(setting.circuits.joined, circuits.joined)
    return _Once(setting.rows, setting.circuits, reach) if same else setting


def _merged(settings: Sequence[_Once]) -> list[_Once]:
    """Return settings with equal circuits as one, in the order of their first rows."""
    alike: dict[bytes, list[_Once]] = {}
    for setting in settings:
        alike.setdefault(setting.circuits.joined.tobytes(), []).append(setting)
    return [
        few[0] if len(few) == 1 else _Once(np.sort(np.concatenate([one.rows for one in few])), few[0].circuits)
        for few in alike.values()
    ]
