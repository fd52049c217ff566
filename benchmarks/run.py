"""Speed and memory against their bars, each beside a baseline measured in the same run.

A bar in seconds says what a user feels; the ratio to the baseline says whether it is us or the machine. Exit code 1
when a bar is missed.

    python benchmarks/run.py [--json]
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np

import lightloom as ll
from lightloom.catalog import products
from lightloom.photonics.pair import Pair
from lightloom.photonics.product import Path
from lightloom.study.design import design_of
from lightloom.study.timing import sweep
from lightloom.workload.recipe import RecipeColumns

RECIPES = 100_000
LINKS = 1_000_000
STUDIES = (
    "llama3-405b-16k",
    "llama3-405b-16k-cpo",
    "llama3-405b-16k-ocs",
    "qwen3-235b-256",
    "qwen3-235b-256-scaleup",
)
CALL = "from lightloom.cli.main import main; main()"


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


def main() -> int:
    """Measure everything, print it, and return the exit code."""
    found = list(measures())
    if "--json" in sys.argv[1:]:
        print(json.dumps([asdict(measure) | {"held": measure.held} for measure in found], indent=2))
    else:
        for measure in found:
            mark = "" if measure.held else "   MISSED"
            print(
                f"{measure.name:<46}{measure.value:>9.3f} {measure.unit:<3} bar {measure.bar:<6g}"
                f"{measure.ratio:>7.1f} x {measure.baseline}{mark}"
            )
    return 0 if all(measure.held for measure in found) else 1


def measures() -> Iterator[Measure]:
    """Yield every measure, quick ones first."""
    bare = process("-c", "pass")
    numpy = process("-c", "import numpy")
    imported = process("-c", "import lightloom")
    yield Measure("import lightloom", imported, 0.15, "s", "python -c pass", imported / bare)
    yield Measure("import lightloom", imported, 0.15, "s", "import numpy", imported / numpy)
    helped = process("-c", CALL, "--help")
    yield Measure("lightloom --help", helped, 0.25, "s", "python -c pass", helped / bare)
    for study in STUDIES:
        scenario = ll.load(study)
        ll.evaluate(scenario)
        once = best(lambda scenario=scenario: ll.evaluate(scenario), 5)
        yield Measure(f"evaluate {study}, warm", once, 0.05, "s", "import numpy", once / numpy)
    swept = best(sweep_recipes(), 3)
    yield Measure(f"{RECIPES:,} recipes on one design", swept, 1.0, "s", "import numpy", swept / numpy)
    for name, longest in (("800g-dr8", 600.0), ("800g-dac", 3.0)):
        judged = best(judge_links(name, longest), 3)
        yield Measure(f"{LINKS:,} links judged, {name}", judged, 0.5, "s", "import numpy", judged / numpy)
    compared = process("-c", CALL, "compare", *STUDIES, repeats=3)
    yield Measure("lightloom compare, five studies", compared, 3.0, "s", "import numpy", compared / numpy)
    peak, floor = peak_memory("-c", CALL, "compare", *STUDIES), peak_memory("-c", "import numpy, scipy, pydantic")
    yield Measure("memory of compare, five studies", peak, 300.0, "MB", "numpy, scipy, pydantic", peak / floor)


def sweep_recipes() -> Callable[[], object]:
    """Return the timing of many different recipes on one design, by the code a single run goes through."""
    scenario = ll.load(STUDIES[0])
    design = design_of(scenario)
    tensor, pipeline, micro_batch, chunks, rounds = (
        grid.ravel()[:RECIPES]
        for grid in np.meshgrid([1, 2, 4, 8], [2, 4, 8, 16], [1, 2, 4], [1, 2, 4, 8], np.arange(1, 522), indexing="ij")
    )
    recipes = RecipeColumns.sweep(
        scenario.recipe,
        tensor=tensor,
        pipeline=pipeline,
        data=scenario.job.accelerators // (tensor * pipeline),
        micro_batch=micro_batch,
        chunks=chunks,
        batch=16384 * rounds,
    )
    return lambda: sweep(design, recipes)


def judge_links(name: str, longest: float) -> Callable[[], object]:
    """Return the timing of many different links of one product: every margin, both modes, and whether each closes."""
    product, count = products.link(name), np.arange(LINKS, dtype=np.float64)
    passes = count % 3
    path = Path(
        length=longest * count / LINKS,
        connectors=count % 9,
        switches_typical_db=0.5 * passes,
        switches_maximum_db=passes,
        switches_sigma_db=0.2 * passes,
        temperature=20.0 + count % 50,
    )
    pair = Pair(product, product)
    return lambda: pair.judge(path, mode="distribution", required_db=0.5)


def process(*arguments: str, repeats: int = 7) -> float:
    """Return the seconds of a Python process, from start to end."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    run()
    return best(run, repeats)


def best(action: Callable[[], object], repeats: int) -> float:
    """Return the least of several durations, in seconds."""
    durations: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return min(durations)


def peak_memory(*arguments: str) -> float:
    """Return the largest resident size of a Python process, MB (1e6 bytes); Linux counts in KiB, macOS in bytes."""
    child = os.posix_spawn(
        sys.executable,
        [sys.executable, *arguments],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if status:
        message = f"{arguments} ended with status {status}"
        raise RuntimeError(message)
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


if __name__ == "__main__":
    sys.exit(main())
