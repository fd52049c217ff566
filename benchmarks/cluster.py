"""How long a large fabric takes to build, with every cable, and to price.

    python benchmarks/cluster.py [--json]

Bars: 100,000 accelerators in three tiers of packet switches, built cold with the length and technology of every cable,
and what they cost, in 2 s; and the largest size of a process that does nothing else, 1 GB. Exit code 1 when one is
missed.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measure import Measure, import_of_numpy, peak_memory, report

import lightloom as ll
from lightloom.study.billing import bill_of
from lightloom.study.design import design_of

ACCELERATORS = 100_000
ALONE = "--alone"


def measures(numpy: float) -> Iterator[Measure]:
    """Yield seconds and size, each of processes of their own.

    Args:
        numpy: Seconds of importing it, to compare with.
    """
    here = str(Path(__file__))
    took = min(float(_said(here, ALONE)) for _ in range(3))
    name = f"{ACCELERATORS:,} accelerators, three tiers, cabled and priced"
    yield Measure(name, took, 2.0, "s", "import numpy", took / numpy)
    peak, floor = peak_memory(here, ALONE), peak_memory("-c", "import numpy, scipy, pydantic")
    yield Measure("memory of that", peak, 1000.0, "MB", "numpy, scipy, pydantic", peak / floor)


def _said(*arguments: str) -> str:
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True).stdout


def alone() -> float:
    """Return the seconds that building and pricing take when nothing of it was done before."""
    scenario = ll.load("llama3-405b-16k", [f"cluster.count={ACCELERATORS}"])
    start = time.perf_counter()
    design = design_of(scenario)
    parts = bill_of(design)
    took = time.perf_counter() - start
    table = design.fabric.cables.table
    assert len(design.fabric.levels) == 4
    assert table.length.min() > 0
    assert all(table.a)
    assert all(part.price for part in parts.parts if part.group in ("switch", "optics", "copper"))
    return took


if __name__ == "__main__":
    if ALONE in sys.argv[1:]:
        print(alone())
    else:
        sys.exit(report(measures(import_of_numpy())))
