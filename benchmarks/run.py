"""Speed and memory against their bars, each beside a baseline measured in the same run.

A bar in seconds says what a user feels; the ratio to the baseline says whether it is us or the machine. Exit code 1
when a bar is missed.

    python benchmarks/run.py [--json]
"""

import sys
from collections.abc import Callable, Iterator

import cluster
import graphs
import numpy as np
import pod
from measure import Measure, best, import_of_numpy, peak_memory, process, report

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


def main() -> int:
    """Measure everything, print it, and return the exit code."""
    return report(measures())


def measures() -> Iterator[Measure]:
    """Yield every measure, quick ones first."""
    bare = process("-c", "pass")
    numpy = import_of_numpy()
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
    yield from cluster.measures(numpy)
    yield from pod.measures(numpy)
    yield from graphs.measures(numpy)


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


if __name__ == "__main__":
    sys.exit(main())
