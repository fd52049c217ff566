"""What failed switches and cables keep a job's accelerators from reaching each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.failed.joined import cut_off
from lightloom.fabric.portrait.island import WITHIN
from lightloom.fabric.wiring import Domain
from lightloom.study.design import Design

_FEW = 8
"""Spans of numbers shown of many."""


@dataclass(frozen=True, slots=True)
class Apart:
    """What keeps accelerators apart: its code, ``domain.level``, how many they are, in words, and the study's entry."""

    code: str
    where: str
    many: float | None
    text: str
    key: str


def kept_apart(design: Design, time: float) -> tuple[Apart, ...]:
    """Return whom failures keep from others of the job that they send to, or may: those who have lost other planes.

    Args:
        design: The cluster, and the job on it.
        time: Of a step, s; infinite where some message has no way.
    """
    if design.fabric.failures is None:
        return ()
    endless = not np.isfinite(time)
    return tuple(_cut_off(design, planes=not endless)) or (tuple(_unreachable(design)) if endless else ())


def _cut_off(design: Design, *, planes: bool) -> Iterator[Apart]:
    """Name those whom nothing joins to some others any more, or no plane; the step model knows no planes."""
    fabric, seats = design.fabric, design.ground.seats
    ranks = design.scenario.job.accelerators
    members = np.arange(ranks) if seats is None else seats[:ranks]
    main = alone(fabric, "")
    yield from _told(design, main, cut_off(main, WITHIN["scale_up"], members, planes=planes), ("scale_up", ""))
    if len(np.unique(fabric.scale_up_domain[members])) < 2:
        return
    for name in ("", *(side.name for side in fabric.beside if side.carries)):
        one = alone(fabric, name)
        lost = cut_off(one, WITHIN["scale_across"], members, planes=planes)
        yield from _told(design, one, lost, ("scale_out", name))


def _told(design: Design, fabric: Fabric, lost: Integers, network: tuple[Domain, str]) -> Iterator[Apart]:
    domain, name = network
    if not len(lost) or fabric.failures is None:
        return
    broken = next(each for each in fabric.failures.broken if each.domain == domain)
    level = next(level.name for level in fabric.levels if level.domain == domain)
    planes = ", no packet changing planes" if domain == "scale_out" else ""
    text = (
        f"accelerators {_spans(lost)} have no way left to others of the job{planes}, with {broken.words} failed; leave "
        f"them out of the job, or let less fail"
    )
    section, _ = design.scenario.fabric.section(domain, name)
    yield Apart("cut-off", f"{domain}.{level}", float(len(lost)), text, f"fabric.{section}.failed")


def _spans(numbers: Integers) -> str:
    """Return ascending numbers, those that follow each other as one.

    >>> _spans(np.array([3, 8, 9, 10]))
    '3, 8 to 10'
    """
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    words = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return ", ".join(words[:_FEW]) + (" and more" if len(words) > _FEW else "")


def _unreachable(design: Design) -> Iterator[Apart]:
    """Name the meshes of which something has failed: the routing takes none of the ways that are left."""
    for level in design.fabric.levels:
        if level.mesh is not None and level.mesh.broken:
            section, _ = design.scenario.fabric.section(level.domain, level.fabric)
            text = (
                f"routing '{level.mesh.routing.kind}' knows no way between ranks that must talk, over what failures "
                f"left; take ecmp or adaptive"
            )
            yield Apart("mesh-unreachable", f"{level.domain}.{level.name}", None, text, f"fabric.{section}.routing")
