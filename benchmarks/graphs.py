"""How long graphs take to measure.

    python benchmarks/graphs.py

Bars: all distances of 10,000 switches of 16 links, and what equal-split routing of all pairs puts on every link, in
20 s; the best all-to-all of 2,048 nodes of a twisted torus, which one source decides, in 1 s; the exact all-gather of
4,096 nodes of a torus in 1 s, and of 64 nodes without any symmetry in 1 s. Exit code 1 when one is missed.
"""

import sys
import time
from collections.abc import Callable

from lightloom.fabric.measures.cuts import all_gather
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.topologies.jellyfish import Jellyfish
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus


def main() -> int:
    """Measure, print, and return the exit code."""
    random = Jellyfish(nodes=10_000, degree=16).graph()
    twisted = TwistedTorus(dims=(8, 16, 16)).graph()
    torus = Torus(dims=(16, 16, 16)).graph()
    plain = Jellyfish(nodes=64, degree=6).graph()
    held = [
        timed("paths and equal-split loads of 10,000 switches", lambda: loads(random).busiest, bar=20.0),
        timed("best all-to-all of 2,048 nodes, twisted torus", lambda: all_to_all(twisted).load, bar=1.0),
        timed("exact all-gather of 4,096 nodes, torus", lambda: all_gather(torus).bandwidth, bar=1.0),
        timed("exact all-gather of 64 nodes, random graph", lambda: all_gather(plain).bandwidth, bar=1.0),
    ]
    return 0 if all(held) else 1


def timed(name: str, action: Callable[[], float], *, bar: float) -> bool:
    """Print the best of several durations and the answer; tell whether the bar is held."""
    durations: list[float] = []
    answer = 0.0
    for _ in range(1 if bar > 10 else 3):
        start = time.perf_counter()
        answer = action()
        durations.append(time.perf_counter() - start)
    best = min(durations)
    print(f"{name:<52}{answer:>12.4f}{best:>9.3f} s  bar {bar:g}{'' if best <= bar else '   MISSED'}")
    return best <= bar


if __name__ == "__main__":
    sys.exit(main())
