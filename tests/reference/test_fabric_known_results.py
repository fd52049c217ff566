"""The page of known results on fabrics shows what was published, as near as it says.

Facts protected: every figure of the page is the program's own, and the differences it prints from published ones stay
within what their roundings allow. Sources: those the page names at each figure.
"""

import contextlib
import io
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "models" / "fabric-results.md"


@pytest.fixture(scope="module")
def shown() -> str:
    blocks = re.findall(r"^```\{example\}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    out, namespace = io.StringIO(), dict[str, object]()
    with contextlib.redirect_stdout(out):
        for block in blocks:
            exec(compile(block, PAGE.name, "exec"), namespace)  # noqa: S102 # our own documents
    return out.getvalue()


def test_circuits_keep_a_pod_usable(shown: str) -> None:
    assert "mean with circuits 0.747, fixed slots 0.076" in shown
    assert re.findall(r"promised [\d.]+, published [\d.]+, difference ([+-][\d.]+)", shown) == ["+0.00"] * 9


def test_twisting_a_torus_gains_what_it_does(shown: str) -> None:
    """1.745 and 1.391 by linear programme; hardware measured 1.63 and 1.31 (Jouppi et al., ISCA 2023)."""
    assert re.findall(r"gain ([\d.]+)", shown)[:4] == ["1.745", "1.391", "1.722", "1.376"]


def test_published_counts_are_met_and_impossible_ones_refused(shown: str) -> None:
    assert shown.count("(off by [0, 0, 0])") == 5
    assert "28 is no prime power" in shown
    assert "the nearest are 257 and 513" in shown


def test_all_sixteen_costs_are_within_their_rounding(shown: str) -> None:
    """HammingMesh, table 2, from three unit prices."""
    table = shown[shown.index("fat tree ") : shown.index("all-gather")]
    errors = [abs(float(each)) for each in re.findall(r"([+-][\d.]+)%", table)]
    assert len(errors) == 16
    assert max(errors) <= 1.3


def test_all_gathers_are_the_optimum_by_hand(shown: str) -> None:
    assert re.findall(r"by hand [\d.]+, difference ([+-]\S+)", shown) == ["+0e+00"] * 12


def test_reconfiguring_pays_when_it_does(shown: str) -> None:
    assert "changes of up to 19.0 µs pay" in shown
    assert "changes of up to 101.3 µs pay" in shown
    assert "with it 5.7 s: from 5.7e+11 B" in shown
