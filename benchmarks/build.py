"""How long a large fabric takes to build, with every cable, and to price.

    python benchmarks/build.py

Bar: 98,304 accelerators in three tiers of packet switches, built cold with lengths and the technology of every cable,
and what they cost, in 2 s and 1 GB, in a process of its own. Exit code 1 when it is missed.
"""

import resource
import sys
import time

import numpy as np

import lightloom as ll
from lightloom.study.billing import bill_of
from lightloom.study.design import design_of

ACCELERATORS = 98_304
SECONDS, BYTES = 2.0, 1e9


def main() -> int:
    """Measure, print, and return the exit code."""
    start = time.perf_counter()
    np.linalg.svd(np.random.default_rng(0).standard_normal((600, 600)))
    baseline = time.perf_counter() - start
    scenario = ll.load("llama3-405b-16k").replace({"cluster.count": ACCELERATORS})
    start = time.perf_counter()
    design = design_of(scenario)
    parts = bill_of(design)
    took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0
    dollars = sum(part.count * part.price.value for part in parts.parts if part.price)
    held = took <= SECONDS and peak <= BYTES
    print(
        f"{ACCELERATORS:,} accelerators, three tiers, {design.fabric.cables.links:,} cables, ${dollars / 1e9:.2f} bn: "
        f"{took:.2f} s ({took / baseline:.1f} x a matrix of 600), {peak / 1e6:.0f} MB; bar {SECONDS:g} s, 1 GB"
        f"{'' if held else '   MISSED'}"
    )
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
