"""Reference cases of fabrics: every kind that can be asked, and the file that ships."""

from pathlib import Path

from lightloom.core.registry import Registry
from lightloom.study.validation.case_file import read_cases
from lightloom.study.validation.cases import CaseValidation, Vocabulary, work_out
from lightloom.study.validation.fabric_bills import COST_BOM, SCALEUP_DOMAIN
from lightloom.study.validation.fabric_circuits import (
    BIRKHOFF,
    COLLECTIVE_PHASES,
    GREEDY_CIRCUITS,
    HALVING_DOUBLING,
    RECONFIGURE_BREAKEVEN,
    RECONFIGURE_DP,
    RING_ALLREDUCE,
    ROTOR,
)
from lightloom.study.validation.fabric_counts import MOORE_BOUND
from lightloom.study.validation.fabric_grids import (
    CIRCULANT,
    COPRIME_RINGS,
    FULL_MESH,
    HYPERCUBE,
    HYPERX,
    TORUS,
    TWISTED_TORUS,
)
from lightloom.study.validation.fabric_health import KHOP_RING, OCS_POOL, OCS_TORUS_POD, STATIC_SLOTS, trace_kinds
from lightloom.study.validation.fabric_routers import DRAGONFLY, EDGE_LIST, JELLYFISH, SLIM_FLY, XPANDER
from lightloom.study.validation.fabric_switched import (
    ALLGATHER_BOXES,
    BCUBE,
    CLOS,
    FAT_TREE,
    HAMMINGMESH,
    LEAF_SPINE,
)

SHIPPED = Path(__file__).parents[2] / "measured" / "fabric_cases.json"


def fabric_kinds(trace: Path | None = None) -> Vocabulary:
    """Return every kind of fabric cases.

    Args:
        trace: A table of faults, for the kinds that are worked out from one.

    Raises:
        StudyError: The table cannot be read.
    """
    return Registry(
        "kind",
        [
            FAT_TREE,
            LEAF_SPINE,
            CLOS,
            TORUS,
            TWISTED_TORUS,
            HYPERCUBE,
            SLIM_FLY,
            DRAGONFLY,
            HYPERX,
            BCUBE,
            XPANDER,
            JELLYFISH,
            MOORE_BOUND,
            EDGE_LIST,
            HAMMINGMESH,
            CIRCULANT,
            FULL_MESH,
            COPRIME_RINGS,
            OCS_TORUS_POD,
            OCS_POOL,
            STATIC_SLOTS,
            *trace_kinds(trace),
            KHOP_RING,
            GREEDY_CIRCUITS,
            BIRKHOFF,
            ROTOR,
            RING_ALLREDUCE,
            HALVING_DOUBLING,
            RECONFIGURE_DP,
            RECONFIGURE_BREAKEVEN,
            ALLGATHER_BOXES,
            COST_BOM,
            COLLECTIVE_PHASES,
            SCALEUP_DOMAIN,
        ],
    )


def validate_fabrics(path: Path | None = None, trace: Path | None = None) -> CaseValidation:
    """Work out every fabric case of a file; the shipped one if none is named.

    Args:
        path: Cases of one's own.
        trace: A table of faults; cases that need one are not run without it.

    Raises:
        StudyError: A file cannot be read.
    """
    cases = read_cases(path) if path else read_cases(SHIPPED, "lightloom/measured/fabric_cases.json")
    return work_out(cases, fabric_kinds(trace), frozenset({"trace"} if trace else ()))
