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
NUMBER = r"([+-]?[\d.]+(?:e[+-]\d+)?)"


@pytest.fixture(scope="module")
def shown() -> str:
    blocks = re.findall(r"^```\{example\}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    out, namespace = io.StringIO(), dict[str, object]()
    with contextlib.redirect_stdout(out):
        for block in blocks:
            exec(compile(block, PAGE.name, "exec"), namespace)  # noqa: S102 # our own documents
    return out.getvalue()


def found(shown: str, pattern: str) -> list[float]:
    return [float(each) for each in re.findall(pattern.replace("#", NUMBER), shown)]


def test_a_pod_can_promise_what_its_makers_say(shown: str) -> None:
    """Three quarters, half and three quarters of a TPU v4 pod at 99, 99.5 and 99.9 % (Jouppi et al., ISCA 2023)."""
    assert found(shown, r"(?:1024|2048|3072) +# +0\.\d\d +[+-]") == [0.75, 0.50, 0.75] * 3
    assert found(shown, r"0\.\d\d +0\.\d\d +([+-]0\.\d\d) ") == [0.0] * 9


def test_circuits_keep_ten_times_as_much_of_a_pod_usable(shown: str) -> None:
    """Slices of 1,024, 2,048 and 3,072 chips at 99 % of hosts up: binomial sums, also among the reference cases."""
    assert found(shown, r"\+0\.00 +# +0\.\d+")[:3] == [0.747, 0.500, 0.742]
    assert found(shown, r"\+0\.00 +0\.\d+ +#")[:3] == [0.076, 0.006, 0.000]


def test_pods_have_as_many_chips_as_published(shown: str) -> None:
    assert found(shown, r"# chips \(published") == found(shown, r"chips \(published #\)") == [4096, 8960, 9216]


def test_twisting_a_torus_gains_what_it_does_and_more_than_hardware_got(shown: str) -> None:
    """1.745 and 1.391 by linear programme; hardware measured 1.63 and 1.31 (Jouppi et al., ISCA 2023)."""
    assert found(shown, r"x(?:8|16) +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +#") == [1.745, 1.391, 1.722, 1.376]
    assert found(shown, r"1\.[63][31], #%") == [-6.6, -5.8]


def test_no_wiring_leaves_the_torus_far_behind_where_it_is_small(shown: str) -> None:
    """Moore bounds of 64 to 4,096 nodes of degree six."""
    assert found(shown, r"room for #") == [1.31, 1.30, 1.39, 1.69, 1.81, 1.97, 2.55]
    assert found(shown, r"8 and 54: #,") == [70.67]


def test_published_counts_are_met_and_what_cannot_be_built_is_refused(shown: str) -> None:
    """Zhao et al., ISCA 2025, table 3: every count; costs of an endpoint to the digits printed."""
    assert shown.count("[0, 0, 0]") == 5
    costs = re.findall(r"\[0, 0, 0\] +\d+ +([\d.]+) +([\d.]+)", shown)
    assert [float(here) for here, _ in costs] == pytest.approx([float(said) for _, said in costs], abs=0.05)
    assert "28 is no prime power" in shown
    assert "the nearest are 27 and 29" in shown
    assert "the nearest are 257 and 513" in shown


def test_rails_apart_save_two_fifths_of_the_switches(shown: str) -> None:
    """Wang et al., arXiv 2307.12169: rails of at most two tiers; 38 to 77 % of cost by its authors."""
    assert found(shown, r"instead of \d+, #%") == [0, 40, 40, 40]


def test_all_sixteen_costs_follow_from_three_prices(shown: str) -> None:
    """Hoefler et al., SC 2022, table II, recalled: each rounds to the figure published."""
    costs = re.findall(r"([\d.]+) +([\d.]+), [+-][\d.]+%", shown[shown.index("copper") : shown.index("all-gather")])
    assert len(costs) == 16
    assert [f"{float(here):.{len(said.partition('.')[2])}f}" for here, said in costs] == [said for _, said in costs]


def test_all_gathers_are_the_optimum_by_hand(shown: str) -> None:
    """Zhao et al., arXiv 2402.06787, and Cai et al., PPoPP 2021 (DGX-1: 7/6 of a shard's time on one link)."""
    errors = found(shown, r" [\d.]+ +[\d.]+ +# +[\d.]+  (?:GB/s|links)\n")
    assert len(errors) == 12
    assert max(map(abs, errors)) < 1e-9
    assert found(shown, r"DGX-1, 8 V100 +#") == [171.429]


def test_changing_circuits_inside_an_all_reduce_pays_below_some_microseconds(shown: str) -> None:
    """19 us of 64 nodes, 101 us of 1,024; against the ring, which itself does not change."""
    assert found(shown, r"changes of up to # µs pay") == [19.0, 30.9, 101.3]
    assert found(shown, r"s(?:, bring-up counted)? +[\d.]+ +\d+ +[\d.]+ +#\n") == [1.05, 1.03, 0.83, 0.19, 0.19]


def test_seconds_of_bring_up_raise_the_least_volume_a_hundredfold(shown: str) -> None:
    """Liao et al., SIGCOMM 2025, appendix C: 46.75 ms and 5.67 s; 70 us of InfiniteHBD, 10 us of a rotor."""
    assert found(shown, r"without bring-up .* s +# B") == [4.68e9, 2.5e9, 7e6, 8e6, 1e6, 384]
    assert found(shown, r"with bring-up .* s +# B") == [5.72e11, 5.7e11]


def test_scale_up_domains_have_the_parts_they_are_known_for(shown: str) -> None:
    """Public analyses of CloudMatrix384, arXiv 2503.20377 (UB-Mesh), and a trade analysis of NVL72."""
    pairs = re.findall(r"(\d+)(?: [a-zA-Z/]+)* \((\d+)\)", shown[shown.index("CloudMatrix384") :])
    assert len(pairs) == 7
    assert all(here == said for here, said in pairs)
    assert "5376 links between" in shown
