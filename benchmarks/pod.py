"""How long a pod takes to place jobs.

    python benchmarks/pod.py [--json]

Bar: 2,000 random jobs come to a pod of 4,096 accelerators and go, hosts fail and come back, and every switch is set
after each of them, in 5 s; with circuits, and with fixed wiring. Exit code 1 when it is missed.
"""

import sys
import time
from collections.abc import Iterator

import numpy as np
from measure import Measure, import_of_numpy, report

from lightloom.core.errors import StudyError
from lightloom.fabric.pods.circuits import configure
from lightloom.fabric.pods.occupancy import Host, Occupancy
from lightloom.fabric.pods.placing import Placer, any_cubes, free_box
from lightloom.fabric.pods.pod import Pod
from lightloom.fabric.pods.shapes import SliceShape

JOBS = 2000
BAR = 5.0
SHAPES = tuple(
    SliceShape.parse(text)
    for text in ("4x4x4", "4x4x8", "4x4x8:twisted", "4x8x8", "4x8x8:twisted", "8x8x8", "8x8x12", "8x8x16:twisted")
)


def measures(numpy: float) -> Iterator[Measure]:
    """Yield the seconds that all jobs take, with circuits and without.

    Args:
        numpy: Seconds of importing it, to compare with.
    """
    for name, placer in (("circuits", any_cubes), ("fixed wiring", free_box)):
        took = min(run(placer) for _ in range(3))
        yield Measure(f"{JOBS:,} jobs on 4,096 accelerators, {name}", took, BAR, "s", "import numpy", took / numpy)


def run(placer: Placer) -> float:
    """Return the seconds all jobs take; about half of them find a place."""
    random = np.random.default_rng(1)
    pod = Occupancy(Pod(cubes=64), placer=placer)
    placed, start = 0, time.perf_counter()
    for job in range(JOBS):
        if len(pod.slices) and random.random() < 0.5:
            pod = pod.release(pod.slices[int(random.integers(len(pod.slices)))].name)
        if job % 20 == 0:
            pod = pod.repair(pod.down).fail([Host(int(cube)) for cube in random.integers(0, 64, 3)]).heal()
        try:
            pod = pod.allocate(str(job), SHAPES[int(random.integers(len(SHAPES)))])
            placed += 1
        except StudyError:
            pass
        configure(pod.pod, pod.slices).of_switches()
    took = time.perf_counter() - start
    assert JOBS / 3 < placed < JOBS
    return took


if __name__ == "__main__":
    sys.exit(report(measures(import_of_numpy())))
