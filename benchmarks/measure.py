"""What benchmarks share: a figure with its bar and its baseline, how figures are taken, and how they are printed."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

_LAUNCHER = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(status, usage.ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its bar.

    Args:
        name: What was measured.
        value: In ``unit``; the best of several, as noise only adds.
        bar: Largest value allowed.
        unit: ``s`` or ``MB``.
        baseline: What it is compared with.
        ratio: ``value`` over the baseline's.
    """

    name: str
    value: float
    bar: float
    unit: str
    baseline: str
    ratio: float

    @property
    def held(self) -> bool:
        """Whether the bar is held."""
        return self.value <= self.bar


def report(measures: Iterable[Measure]) -> int:
    """Print measures, as JSON if the command line says ``--json``, and return the exit code: 1 when a bar is missed."""
    found: list[Measure] = []
    as_json = "--json" in sys.argv[1:]
    for measure in measures:
        found.append(measure)
        if not as_json:
            mark = "" if measure.held else "   MISSED"
            print(
                f"{measure.name:<55}{measure.value:>8.3f} {measure.unit:<3} bar {measure.bar:<5g}"
                f"{measure.ratio:>7.1f} x {measure.baseline}{mark}",
                flush=True,
            )
    if as_json:
        print(json.dumps([asdict(measure) | {"held": measure.held} for measure in found], indent=2))
    return 0 if all(measure.held for measure in found) else 1


def process(*arguments: str, repeats: int = 7) -> float:
    """Return the seconds of a Python process, from start to end."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    run()
    return best(run, repeats)


def import_of_numpy() -> float:
    """Return the seconds of a process that imports numpy: what most figures are compared with."""
    return process("-c", "import numpy")


def best(action: Callable[[], object], repeats: int) -> float:
    """Return the least of several durations, in seconds."""
    durations: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return min(durations)


def peak_memory(*arguments: str) -> float:
    """Return the largest resident size of a Python process, MB (1e6 bytes); Linux counts in KiB, macOS in bytes.

    A small process starts it: Linux counts what the one that starts another held at its largest as the other's.
    """
    command = [sys.executable, "-c", _LAUNCHER, *arguments]
    status, size = map(int, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())
    if status:
        message = f"{arguments} ended with status {status}"
        raise RuntimeError(message)
    return size * (1 if sys.platform == "darwin" else 1024) / 1e6
