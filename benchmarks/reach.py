"""How long the table of groups takes, and looking a batch up in it.

    python benchmarks/reach.py

Bars: 200 kinds of group on 16,384 accelerators in 0.2 s, and an all-reduce of 100,000 rows in 0.02 s. Exit code 1 when
one is missed.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

import lightloom as ll
from lightloom.collectives.placement import GroupAxes
from lightloom.engine.footprint import Footprint
from lightloom.engine.reach import measure
from lightloom.engine.transfer import prepare
from lightloom.study.design import design_of
from lightloom.workload.program import Collective

WORLD = 16384
STUDIES = ("llama3-405b-16k", "llama3-405b-16k-ocs")


def main() -> int:
    """Measure, print, and return the exit code."""
    held = True
    kinds = list(all_kinds())[:200]
    for study in STUDIES:
        fabric = design_of(ll.load(study)).fabric
        Footprint.of(fabric, WORLD)
        reach = measure(fabric, WORLD, kinds)
        held &= report(
            f"{len(kinds)} kinds of group, {study}", lambda fabric=fabric: measure(fabric, WORLD, kinds), 0.2
        )
        rows = np.random.default_rng(1).integers(0, len(kinds), 100_000)
        payload = np.geomspace(1e3, 1e10, len(rows))
        plan = prepare(Collective.ALL_REDUCE, reach)
        held &= report(
            "all-reduce of 100,000 rows",
            lambda plan=plan, rows=rows, payload=payload: plan.seconds(rows, payload),
            0.02,
        )
    return 0 if held else 1


def all_kinds() -> "dict[GroupAxes, None]":
    """Return groups of one and two axes of powers of two that tile the job, the widest among them."""
    powers = [2**power for power in range(15)]
    single = [((size, stride),) for size in powers[1:] for stride in powers if size * stride <= WORLD]
    double = [
        ((near, 1), (far, stride))
        for near in (2, 4, 8)
        for stride in powers
        for far in powers[1:]
        if stride > near and stride * far <= WORLD
    ]
    return dict.fromkeys([*double[::2], *single])


def report(name: str, action: Callable[[], object], bar: float) -> bool:
    """Print the best of five durations and tell whether it holds the bar."""
    durations: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    value = min(durations)
    print(f"{name:<60}{value:>9.4f} s  bar {bar:g}{'' if value <= bar else '   MISSED'}")
    return value <= bar


if __name__ == "__main__":
    sys.exit(main())
