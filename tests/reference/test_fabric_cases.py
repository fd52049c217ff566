"""Fabric numbers worked out elsewhere come out within their tolerance, one by one, by the solvers that plan fabrics.

The cases ship in ``lightloom/measured/fabric_cases.json``, each with its source; they rest on the constructions of the
papers that introduced each topology, on graphs rebuilt and searched, on linear programmes and exact cuts run elsewhere,
on published tables, and on a public trace of faults. Those from memory (``RECALL``) are shown and not enforced; those
that need the trace are not run here, as it is not part of this project.
"""

import json

import pytest

from lightloom.study.validation.case_file import CaseSpec, Misfit, read_cases
from lightloom.study.validation.cases import work_out
from lightloom.study.validation.fabrics import SHIPPED, fabric_kinds

CASES = read_cases(SHIPPED)
KINDS = fabric_kinds()
SLOW = {"torus-16x16x24-a2aload", "twist-16x16x32-a2aload"}


def _marked(case: CaseSpec | Misfit) -> object:
    return pytest.param(case, id=case.id, marks=pytest.mark.slow if case.id in SLOW else ())


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_case_worked_out_elsewhere(case: CaseSpec | Misfit) -> None:
    found = work_out([case], KINDS, frozenset())
    if isinstance(case, CaseSpec) and case.needs == "trace":
        assert [gap.error for gap in found.not_covered] == [False]
        return
    assert found.not_covered == ()
    (row,) = found.rows
    assert row.passed or not row.enforced, f"{row.got} is not {row.expected} within {row.tolerance}"


def test_shipped_file_asks_for_every_kind() -> None:
    assert len(CASES) == json.loads(SHIPPED.read_text(encoding="utf-8"))["count"]
    shipped = {case.kind for case in CASES if isinstance(case, CaseSpec)}
    assert shipped <= set(KINDS)
    # Random graphs: their cases are worked out below.
    assert set(KINDS) - shipped == {"jellyfish"}


def test_vocabulary_is_the_one_the_file_declares() -> None:
    declared = json.loads(SHIPPED.read_text(encoding="utf-8"))["vocabulary_used"]
    for name, kind in declared.items():
        known = KINDS[name]
        assert set(kind["params"]) <= set(known.params.model_fields)
        units = {each: {quantity.unit, *quantity.units} for each, quantity in known.quantities.items()}
        assert {each: set(unit.split(" | ")) for each, unit in kind["quantities"].items()} == units


SQUARE = [[0, 1, 1e11], [1, 2, 1e11], [2, 3, 1e11], [3, 0, 1e11]]
STAR = [[0, 4, 2e11], [1, 4, 2e11], [2, 4, 2e11], [3, 4, 5e10]]


# Quantities and sizes that the shipped file does not ask for, worked out by hand or by the formula of their source.
@pytest.mark.parametrize(
    ("kind", "params", "quantity", "unit", "expected"),
    [
        # 15 other hosts behind a host's own link; k^3/4 = 128 hosts at k = 8.
        ("fat_tree", {"k": 8}, "a2a_theta", "1", 1 / 127),
        ("fat_tree", {"k": 8}, "diameter", "hops", 6),
        # 3 hosts two links away, 12 four, 112 six.
        ("fat_tree", {"k": 8}, "mean_hops", "hops", (3 * 2 + 12 * 4 + 112 * 6) / 127),
        ("fat_tree", {"k": 256}, "hosts", "count", 4_194_304),
        ("leaf_spine", {"radix": 64, "planes": 8}, "switch_links", "count", 16384),
        ("leaf_spine", {"radix": 64, "planes": 8}, "hosts", "count", 16384),
        ("leaf_spine", {"radix": 8}, "a2a_theta", "1", 1 / 31),
        # A half of a host's link from each of 8 leaves of 4: 4 x 28 pairs share it; 7/8 of the message enters by it.
        ("leaf_spine", {"leaves": 8, "hosts_per_leaf": 4, "uplink": 0.5}, "a2a_theta", "1", 0.5 / 112),
        ("leaf_spine", {"leaves": 8, "hosts_per_leaf": 4, "uplink": 0.5}, "allgather_algbw", "link", 0.5 * 8 / 7),
        ("clos", {"levels": 3}, "transceivers_per_endpoint", "count", 6),
        ("clos", {"endpoints": 64, "radix": 64}, "switches", "count", 1),
        ("clos", {"endpoints": 512, "radix": 64, "rails": 8}, "switches", "count", 8),
        ("torus", {"dims": [4, 4, 8], "link_bps": 4e11}, "a2a_rate", "bit/s", 127 * 4e11 / 128),
        ("torus", {"dims": [8, 8], "link_bps": 1e11}, "bisection_rate", "bit/s", 16e11),
        ("torus", {"dims": [5, 5]}, "a2a_load", "1", 25 * 6 / 10),
        ("torus", {"dims": [3, 4]}, "bisection", "links", 6),
        ("torus", {"dims": [4, 8, 8]}, "allgather_algbw", "link", 256 * 6 / 255),
        ("torus", {"dims": [1, 4, 4]}, "links", "count", 32),
        # 440 links to all other nodes, over 6 each: 127 x 400 Gb/s over 73.3.
        (
            "twisted_torus",
            {"dims": [4, 4, 8], "lattice": [[4, 0, 0], [0, 4, 0], [4, 4, 8]], "link_bps": 4e11},
            "a2a_rate",
            "bit/s",
            127 * 4e11 * 6 / 440,
        ),
        (
            "twisted_torus",
            {"dims": [4, 8, 8], "lattice": [[4, 0, 0], [4, 8, 0], [4, 0, 8]]},
            "a2a_gain_over_torus",
            "1",
            256 / 184,
        ),
        ("hypercube", {"n": 7}, "a2a_load", "1", 64),
        ("hypercube", {"n": 5}, "allgather_algbw", "link", 32 * 5 / 31),
        # Hoffman-Singleton: 7 neighbours, 42 at two hops, 13 = 91/7.
        ("slim_fly", {"q": 5}, "a2a_load", "1", 13),
        ("slim_fly", {"q": 5}, "allgather_algbw", "link", 50 * 7 / 49),
        ("slim_fly", {"q": 9}, "diameter", "hops", 2),
        ("slim_fly", {"q": 8}, "mean_hops", "hops", 2 - 12 / 127),
        ("slim_fly", {"q": 27}, "network_radix", "count", 41),
        # Two routers a group, three groups: a ring of six.
        ("dragonfly", {"a": 2, "h": 1, "p": 1, "g": 3}, "a2a_load", "1", 4.5),
        ("dragonfly", {"a": 2, "h": 1, "p": 1, "g": 3}, "mean_hops", "hops", 1.8),
        ("dragonfly", {"a": 32, "h": 16, "p": 16, "g": 511}, "links", "count", 384272),
        ("dragonfly", {"a": 8, "h": 2, "p": 4}, "adversarial_valiant_bound", "1", 0.25),
        ("hyperx", {"dims": [4, 8]}, "a2a_load", "1", 8),
        ("hyperx", {"dims": [4, 8]}, "nodes", "count", 32),
        ("hyperx", {"dims": [4, 1, 8]}, "diameter", "hops", 2),
        ("hyperx", {"dims": [3, 2]}, "bisection", "links", 3),
        ("bcube", {"n": 8, "k": 1}, "a2a_load", "1", 56),
        ("bcube", {"n": 3, "k": 2}, "a2a_load", "1", 18),
        ("xpander", {"d": 7, "lift": 8}, "links", "count", 224),
        ("hammingmesh", {"a": 4, "x": 4}, "a2a_load", "1", 384),
        ("circulant", {"n": 128, "strides": [1, 8, 54]}, "a2a_load", "1", 212 / 3),
        ("full_mesh", {"n": 5}, "permutation_throughput", "1", 0.625),
        ("coprime_rings", {"n": 64, "d": 2}, "strides", "1", [1, 7]),
        ("coprime_rings", {"n": 8, "d": 1}, "diameter", "hops", 7),
        # Four on a ring of 100 Gb/s: two links into each of the three shards missing.
        ("edge_list", {"n": 4, "edges": SQUARE}, "allgather_algbw", "bit/s", 4 * 2e11 / 3),
        ("edge_list", {"n": 4, "edges": SQUARE}, "a2a_load", "1", 2e-11),
        # Around a switch, the slowest link binds: three shards through it.
        ("edge_list", {"n": 5, "edges": STAR, "terminals": 4}, "allgather_algbw", "bit/s", 4 * 5e10 / 3),
        ("edge_list", {"n": 5, "edges": STAR, "terminals": 4}, "a2a_load", "1", 3 / 5e10),
        # Two links between the same vertices add up.
        ("edge_list", {"n": 2, "edges": [[0, 1, 1], [1, 0, 2]]}, "a2a_load", "1", 1 / 3),
        ("allgather_boxes", {"boxes": 1, "gpus_per_box": 8, "scaleup_bps": 2.4e12}, "algbw", "bit/s", 8 * 2.4e12 / 7),
        (
            "allgather_boxes",
            {"boxes": 128, "gpus_per_box": 8, "scaleup_bps": 3.6e12, "nic_bps": 4e11},
            "algbw",
            "bit/s",
            1024 * 4e11 / 127,
        ),
    ],
)
def test_quantity_worked_out_by_hand(
    kind: str, params: dict[str, object], quantity: str, unit: str, expected: float | list[float]
) -> None:
    case = CaseSpec.model_validate(
        {"id": "hand", "kind": kind, "params": params, "quantity": quantity, "unit": unit, "expected": expected}
        | {"rtol": 1e-9, "atol": 0.0}
    )
    found = work_out([case], KINDS, frozenset())
    assert found.not_covered == ()
    assert found.rows[0].passed, found.rows[0]


def test_random_graphs_come_close_to_the_published_mean() -> None:
    """64 switches of 6 links: 2.472 links apart on average, where the Moore bound is 2.333."""
    case = CaseSpec.model_validate(
        {"id": "random", "kind": "jellyfish", "params": {"n": 64, "r": 6, "graphs": 20}, "quantity": "mean_hops_avg"}
        | {"unit": "hops", "expected": 2.472, "rtol": 0.01, "atol": 0.0}
    )
    (row,) = work_out([case], KINDS, frozenset()).rows
    assert row.passed, row


@pytest.mark.parametrize(
    ("kind", "params", "quantity", "words"),
    [
        ("fat_tree", {"k": 5}, "hosts", "the nearest are 4 and 6"),
        ("slim_fly", {"q": 28}, "diameter", "the nearest are 27 and 29"),
        ("slim_fly", {"q": 6}, "links", "4w"),
        ("slim_fly", {"q": 5}, "endpoints", "the parameter p is missing"),
        ("dragonfly", {"a": 4, "h": 2, "p": 2, "g": 8}, "diameter", "makes g 9"),
        ("torus", {"dims": [1]}, "links", "single node"),
        ("torus", {"dims": [4, 4]}, "a2a_rate", "the parameter link_bps is missing"),
        ("torus", {"dims": [3, 3, 27]}, "bisection", "takes too long"),
        ("twisted_torus", {"dims": [4, 8], "lattice": [[4, 0], [4, 4]]}, "diameter", "16 nodes"),
        ("circulant", {"n": 8, "strides": [2]}, "a2a_load", "only 4 of 8 nodes"),
        ("leaf_spine", {"radix": 8, "leaves": 4}, "hosts", "give radix, or leaves"),
        ("leaf_spine", {"leaves": 4}, "hosts", "hosts_per_leaf is missing"),
        ("jellyfish", {"n": 5, "r": 3, "graphs": 1}, "mean_hops_avg", "odd number of ends"),
        ("coprime_rings", {"n": 8, "d": 5}, "strides", "4 at most"),
        ("hammingmesh", {"a": 1, "x": 4}, "a2a_load", "no two edges"),
        ("edge_list", {"n": 3, "edges": [[0, 1, 1]]}, "a2a_load", "not joined"),
        ("edge_list", {"n": 2, "edges": [[0, 2, 1]]}, "a2a_load", "not one of 2"),
        ("moore_bound", {"n": 4, "r": 1}, "mean_hops_lb", "no connected graph"),
        ("twisted_torus", {"dims": [256, 256, 512]}, "diameter", "too large"),
    ],
)
def test_case_without_an_answer_says_why(kind: str, params: dict[str, object], quantity: str, words: str) -> None:
    case = CaseSpec.model_validate(
        {
            "id": "hand",
            "kind": kind,
            "params": params,
            "quantity": quantity,
            "unit": KINDS[kind].quantities[quantity].unit,
        }
        | {"expected": 1.0, "rtol": 0.0, "atol": 0.0}
    )
    (gap,) = work_out([case], KINDS, frozenset()).not_covered
    assert gap.error
    assert words in gap.why
