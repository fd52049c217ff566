"""Which accelerators a job's ranks sit on: by number, by coordinates of the fabric, or by a map of one's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, TypeAlias

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers, frozen
from lightloom.core.errors import Fault, StudyError, nearest
from lightloom.core.specs import Spec
from lightloom.core.units import Count
from lightloom.fabric.fabric import Fabric

Coordinate: TypeAlias = Annotated[str, Field(min_length=1, max_length=50)]

DOMAIN, PLACE = "domain", "place"
"""Coordinates of every fabric: the scale-up domain, and the accelerator's place in it."""


class AlongSpec(Spec):
    """Coordinates each dimension of parallelism lies along, the fastest first."""

    tensor: tuple[Coordinate, ...] = ()
    context: tuple[Coordinate, ...] = ()
    pipeline: tuple[Coordinate, ...] = ()
    data: tuple[Coordinate, ...] = ()

    def of(self, axis: str) -> tuple[str, ...]:
        """Return the coordinates of a dimension; none for any other word."""
        return dict(self).get(axis, ())


class SeatsSpec(Spec):
    """Where ranks sit, in their order; left out: rank r on accelerator r.

    Args:
        by: Coordinates by which accelerators are taken, the fastest first, such as ``[x, y, z]``, ``[rail, node]``.
        parallel: Coordinates each dimension of parallelism lies along, such as ``{tensor: [x], data: [y, z]}``; the
            recipe's order says which dimension comes first, and sizes must agree.
        map: Accelerator of every rank.
        per_domain: Accelerators of a scale-up domain that the job takes at most; the others are spares in it.
    """

    by: tuple[Coordinate, ...] = ()
    parallel: AlongSpec | None = None
    map: tuple[Annotated[int, Field(ge=0)], ...] | None = None
    per_domain: Annotated[Count, Field(ge=1)] | None = None


def coordinates(fabric: Fabric) -> dict[str, Integers]:
    """Return every coordinate by name, (accelerators,) each."""
    domain = fabric.scale_up_domain
    order = np.argsort(domain, kind="stable")
    first = np.searchsorted(domain[order], domain[order])
    place = np.empty_like(domain)
    place[order] = np.arange(len(domain)) - first
    return {DOMAIN: domain, PLACE: frozen(place), **dict(fabric.coordinates)}


def seated(fabric: Fabric, spec: SeatsSpec, ranks: int, degrees: Sequence[tuple[str, int]]) -> Fabric:
    """Return the fabric with its accelerators numbered as ranks sit on them; wiring and cables keep their numbers.

    Args:
        fabric: As built.
        spec: Where ranks sit.
        ranks: Of the job.
        degrees: Dimensions of parallelism with their sizes, as ranks are numbered, the fastest first.

    Raises:
        StudyError: The coordinates do not exist or do not fit, or there are too few seats; every fault, keys relative
            to the placement's own section.
    """
    faults = [*_mixed(spec), *_lost(fabric, spec)]
    if not faults and spec.map is not None and len(spec.map) < ranks:
        message = f"names {len(spec.map)} accelerators, and the job has {ranks} ranks"
        faults.append(Fault("map", message, "name one for each rank"))
    if not faults and spec.parallel is not None:
        faults += _unfit(fabric, spec.parallel, degrees)
    if faults:
        raise StudyError(faults)
    order = _order(fabric, spec, degrees)
    if spec.per_domain is not None:
        order = _thinned(fabric, order, spec.per_domain)
        if len(order) < ranks:
            raise StudyError(_crowded(fabric, spec.per_domain, len(order), ranks))
    rest = np.setdiff1d(np.arange(len(fabric.scale_up_domain)), order)
    return renumbered(fabric, np.concatenate([order, rest]))


def renumbered(fabric: Fabric, order: Integers) -> Fabric:
    """Return the fabric as seen by ranks: rank r is accelerator ``order[r]``."""
    return replace(
        fabric,
        scale_up_domain=frozen(fabric.scale_up_domain[order]),
        levels=tuple(replace(level, block=frozen(level.block[order])) for level in fabric.levels),
        coordinates=tuple((name, frozen(values[order])) for name, values in fabric.coordinates),
        seats=frozen(order if fabric.seats is None else fabric.seats[order]),
    )


def _mixed(spec: SeatsSpec) -> list[Fault]:
    given = [name for name in ("by", "parallel", "map") if getattr(spec, name)]
    if len(given) < 2:
        return []
    hint = f"keep {given[0]} and write {given[1]}: null"
    return [Fault(given[1], f"{given[0]} says already where ranks sit", hint)]


def _lost(fabric: Fabric, spec: SeatsSpec) -> list[Fault]:
    """Say which coordinates, or accelerators of a map, there are not, or twice."""
    known = coordinates(fabric)
    named = [(f"by.{place}", name) for place, name in enumerate(spec.by)]
    for axis, names in spec.parallel or ():
        named += [(f"parallel.{axis}.{place}", name) for place, name in enumerate(names)]
    faults = [
        Fault(key, f"this fabric has no coordinate '{name}'", nearest(name, known) or f"known: {', '.join(known)}")
        for key, name in named
        if name not in known
    ]
    words = [name for _, name in named]
    faults += [
        Fault(key, f"'{name}' stands there twice", "write each coordinate once")
        for place, (key, name) in enumerate(named)
        if name in words[:place]
    ]
    count = len(fabric.scale_up_domain)
    seats = np.array(spec.map or (), np.int64)
    beyond = np.flatnonzero(seats >= count)
    if len(beyond):
        message = f"there is no accelerator {int(seats[beyond[0]])}"
        faults.append(Fault(f"map.{int(beyond[0])}", message, f"choose from 0 to {count - 1}"))
    _, first = np.unique(seats, return_index=True)
    if len(first) < len(seats):
        again = int(np.setdiff1d(np.arange(len(seats)), first)[0])
        message = f"accelerator {int(seats[again])} has a rank already"
        faults.append(Fault(f"map.{again}", message, "name each accelerator once"))
    return faults


def _unfit(fabric: Fabric, parallel: AlongSpec, degrees: Sequence[tuple[str, int]]) -> list[Fault]:
    """Say which dimensions are not as long as the coordinates they lie along."""
    known = coordinates(fabric)
    faults: list[Fault] = []
    for axis, size in degrees:
        names = parallel.of(axis)
        along = int(np.prod([len(np.unique(known[name])) for name in names])) if names else 1
        if along != size:
            sides = " x ".join(f"{name} {len(np.unique(known[name]))}" for name in names) or "no coordinate"
            message = f"{axis} has {size} ranks and lies along {sides}"
            faults.append(Fault(f"parallel.{axis}", message, f"a degree of {along}, or coordinates of {size} in all"))
    return faults


def _order(fabric: Fabric, spec: SeatsSpec, degrees: Sequence[tuple[str, int]]) -> Integers:
    """Return accelerators in the order ranks take them."""
    if spec.map is not None:
        return np.array(spec.map, np.int64)
    along = spec.parallel or AlongSpec()
    names = [*spec.by, *(name for axis, _ in degrees for name in along.of(axis))]
    known = coordinates(fabric)
    number = np.arange(len(fabric.scale_up_domain))
    return np.lexsort([number, *(known[name] for name in names)]).astype(np.int64)


def _thinned(fabric: Fabric, order: Integers, most: int) -> Integers:
    """Return the first so many accelerators of every domain, in their order."""
    domain = fabric.scale_up_domain[order]
    grouped = np.argsort(domain, kind="stable")
    turn = np.empty_like(order)
    turn[grouped] = np.arange(len(order)) - np.searchsorted(domain[grouped], domain[grouped])
    return order[turn < most]


def _crowded(fabric: Fabric, most: int, seats: int, ranks: int) -> Fault:
    domains = int(fabric.scale_up_domain.max()) + 1
    message = f"{most} of each of {domains} domains are {seats} accelerators, and the job has {ranks} ranks"
    return Fault("per_domain", message, f"write per_domain: {-(-ranks // domains)} at least, or a larger cluster")
