"""How long graphs take to measure.

    python benchmarks/graphs.py [--json]

Bars: all distances of 10,000 switches of 16 links, and what equal-split routing of all pairs puts on every link, in
20 s together; the best all-to-all of 2,048 nodes of a twisted torus, which one source decides, in 1 s; the exact
all-gather of 4,096 nodes of a torus in 1 s, and of 64 nodes without any symmetry in 1 s. Exit code 1 when one is
missed.
"""

import sys
from collections.abc import Iterator

from measure import Measure, best, import_of_numpy, report

from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.topologies.jellyfish import Jellyfish
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus


def measures(numpy: float) -> Iterator[Measure]:
    """Yield the seconds of each kind of measure.

    Args:
        numpy: Seconds of importing it, to compare with.
    """
    random = Jellyfish(nodes=10_000, degree=16).graph()
    twisted = TwistedTorus(dims=(8, 16, 16)).graph()
    torus = Torus(dims=(16, 16, 16)).graph()
    plain = Jellyfish(nodes=64, degree=6).graph()
    for name, took, bar in (
        ("distances and equal-split loads, 10,000 switches", best(lambda: paths(random), 1), 20.0),
        ("best all-to-all of 2,048 nodes, twisted torus", best(lambda: all_to_all(twisted), 3), 1.0),
        ("exact all-gather of 4,096 nodes, torus", best(lambda: all_gather(torus), 3), 1.0),
        ("exact all-gather of 64 nodes, random graph", best(lambda: all_gather(plain), 3), 1.0),
    ):
        yield Measure(name, took, bar, "s", "import numpy", took / numpy)


def paths(graph: Graph) -> None:
    """Measure distances, then loads; all units take as many links as their ends are apart."""
    apart, load = hops(graph), loads(graph)
    assert abs(load.passes / apart.total - 1) < 1e-9


if __name__ == "__main__":
    sys.exit(report(measures(import_of_numpy())))
