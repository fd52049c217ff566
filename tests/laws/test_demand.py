"""What a demand may not contradict, whatever the study.

Facts protected: the share copper closes falls while the domain doubles and while the lane speeds up; bands hold their
middle; totals are the sums of their rows, shares of a cell add up to one; more racks never follow from fewer
accelerators; a needed bandwidth does what it promises. Source: the definitions in ``study.questions``.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

import lightloom as ll
from lightloom.core.errors import StudyError
from lightloom.engine.network import Network
from lightloom.study.design import design_of
from lightloom.study.questions.copper import Ask, ladder
from lightloom.study.questions.demand import Demand, demand
from lightloom.study.questions.ending import copper_ends
from lightloom.study.questions.question import DOMAINS, LANE_RATES, DemandQuestion
from lightloom.study.questions.tiers import least, tiers
from lightloom.study.timing import again, run
from lightloom.workload.recipe import RecipeColumns

TRAYS = (
    "cluster.accelerator=gb200-186gb",
    "cluster.node=gb200-tray",
    "fabric.scale_up={domain: 4, link: nvlink5-backplane}",
)
ASKED = {
    "racks of 40 kW": ("qwen3-235b-256", (), DemandQuestion()),
    "racks of 132 kW": ("qwen3-235b-256", TRAYS, DemandQuestion(rack_power=132e3, lane_rate=200e9)),
    "weak racks": ("llama3-405b-16k", (), DemandQuestion(rack_power=11e3)),
    "parts as they come": (
        "qwen3-235b-256",
        ("fabric.scale_up.link_policy={mode: distribution, margin: 0.5 dB}",),
        DemandQuestion(bandwidth=200e9),
    ),
}


@pytest.fixture(scope="module", params=ASKED)
def answer(request: pytest.FixtureRequest) -> Demand:
    study, sets, question = ASKED[request.param]
    return demand(ll.load(study, sets), question)


def shares(answer: Demand) -> np.ndarray:
    """(lane rates, domains, 3) Share copper closes: middle, low, high."""
    rows = [[each.copper.mid, each.copper.low, each.copper.high] for each in answer.cells]
    return np.array(rows).reshape(len(answer.lanes), len(answer.domains), 3)


def test_copper_closes_less_of_a_domain_twice_as_wide(answer: Demand) -> None:
    assert np.all(np.diff(shares(answer)[:, :, 0], axis=1) <= 1e-9)


def test_copper_closes_less_at_a_faster_lane(answer: Demand) -> None:
    assert np.all(np.diff(shares(answer)[:, :, 0], axis=0) <= 1e-9)


def test_copper_ends_no_later_at_a_faster_lane_and_no_sooner_with_more_of_it(answer: Demand) -> None:
    ended = {(end.lane_rate_bps, end.technology): end.domain.mid for end in answer.ends}
    for (rate, technology), (faster, other) in itertools.product(ended, ended):
        if technology == other and rate < faster:
            assert ended[rate, technology] >= ended[faster, other]
    for rate in LANE_RATES:
        mine = [domain for (lane, _), domain in ended.items() if lane == rate]
        assert mine == sorted(mine)


def test_bands_hold_their_middle(answer: Demand) -> None:
    for each in answer.cells:
        for band in (each.copper, each.optical_ports, each.watts, each.usd):
            assert band is None or band.low <= band.mid <= band.high
        assert each.copper.low >= 0
        assert each.copper.high <= 1
    assert all(end.domain.low <= end.domain.mid <= end.domain.high for end in answer.ends)
    assert all(rung.reach.low <= rung.reach.mid <= rung.reach.high for lane in answer.lanes for rung in lane.rungs)


def test_totals_are_the_sums_of_their_rows(answer: Demand) -> None:
    for each in answer.cells:
        assert sum(row.share for row in each.rows) == pytest.approx(1.0)
        assert each.copper.mid == pytest.approx(sum(row.share for row in each.rows if row.technology != "optical"))
        assert each.optical_ports.mid == sum(row.ports for row in each.rows if row.technology == "optical")
        for total, amounts in (
            (each.watts, [row.watts for row in each.rows]),
            (each.usd, [row.usd for row in each.rows]),
        ):
            if total is not None:
                assert total.mid == pytest.approx(sum(amount[0] for amount in amounts if amount))
        if each.fibres is not None:
            assert each.fibres == sum(row.fibres or 0 for row in each.rows)


def test_every_row_carries_its_share_and_no_port_more(answer: Demand) -> None:
    links = {product.name: product for product in answer.scenario.links}
    for each, row in [(cell, row) for cell in answer.cells for row in cell.rows if row.links]:
        lanes = 8 if not row.product else links[row.product].lanes.value
        carried = row.links * lanes * each.lane_rate_bps
        wanted = row.share * each.domain * answer.site.bandwidth * 8
        assert wanted * (1 - 1e-9) <= carried < wanted + lanes * each.lane_rate_bps
        assert row.ports == 2 * row.links


def test_a_wider_domain_never_takes_fewer_racks(answer: Demand) -> None:
    racks = [each.racks + each.switch_racks for each in answer.domains]
    assert racks == sorted(racks)
    for each in answer.domains:
        assert sum(share for _, share in each.lengths) == pytest.approx(1.0)


def test_a_wider_domain_keeps_more_inside(answer: Demand) -> None:
    doubled = [each.traffic for each in answer.domains]
    inside = [each.scale_up.bytes_per_step for each in doubled]
    outside = [each.scale_out.bytes_per_step for each in doubled]
    assert inside == sorted(inside)
    assert outside == sorted(outside, reverse=True)


@pytest.mark.parametrize("study", ["qwen3-235b-256", "llama3-405b-16k"])
def test_a_needed_bandwidth_does_what_it_promises_and_a_tenth_less_does_not(study: str) -> None:
    design = design_of(ll.load(study))
    part = run(design, RecipeColumns.single(design.scenario.recipe))[0][1]

    def time(index: int, factor: float) -> float:
        speed = np.ones(len(part.reach.levels))
        speed[index] = factor
        return float(
            again(design, part, Network.on(part.reach, part.groups, design.scenario.stack, speed=speed)).time[0]
        )

    for index, tier in enumerate(tiers(design, part, 0.05)):
        assert tier.needed_bytes_per_s is not None
        assert tier.installed_bytes_per_s is not None
        factor = tier.needed_bytes_per_s / tier.installed_bytes_per_s
        if factor > 0:
            allowed = 1.05 * time(index, np.inf)
            assert time(index, factor) <= allowed < time(index, 0.9 * factor)


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry)
    else:
        yield value


def test_answer_is_plain_data(answer: Demand) -> None:
    assert {type(leaf) for leaf in leaves(answer.to_dict())} <= {str, int, float, bool, type(None)}


def test_the_same_question_has_the_same_bytes() -> None:
    study, question = ll.load("qwen3-235b-256"), DemandQuestion(domains=(8, 64), lane_rates=(100e9,))
    assert demand(study, question).to_json() == demand(study, question).to_json()


def test_least_is_the_least() -> None:
    found = least(lambda factors: 1.0 + 0.5 / factors, 1.1)
    assert 1.0 + 0.5 / found <= 1.1
    assert found == pytest.approx(5.0, rel=0.02)
    assert least(np.ones_like, 1.0) == 0.0


def test_a_tighter_target_needs_no_less_bandwidth() -> None:
    study = ll.load("qwen3-235b-256")
    needs = [
        [tier.needed_bytes_per_s or 0.0 for tier in demand(study, DemandQuestion(domains=(8,), target=target)).tiers]
        for target in (0.2, 0.05, 0.01)
    ]
    assert np.all(np.diff(np.array(needs), axis=0) >= 0)


@pytest.mark.parametrize("mode", ["spec_min", "distribution"])
def test_a_margin_asked_for_only_takes_reach(mode: str) -> None:
    links = ll.load("qwen3-235b-256").links
    for rate in LANE_RATES:
        free, strict = (
            {rung.product.name: rung.reach.mid for rung in ladder(links, rate, Ask(mode, margin, 4))}
            for margin in (0.0, 2.0)
        )
        assert all(strict[name] <= free[name] for name in free.keys() & strict.keys())


def test_copper_reaches_less_far_where_it_is_warm_and_nowhere_beyond_its_range() -> None:
    links = ll.load("qwen3-235b-256").links
    for rate in LANE_RATES:
        cold, usual, warm, hot = (
            {rung.technology: rung.reach.mid for rung in ladder(links, rate, Ask("distribution", 0.0, 4, celsius))}
            for celsius in (0.0, None, 60.0, 90.0)
        )
        assert all(warm[name] < usual[name] <= cold[name] for name in usual if name == "passive")
        assert all(warm[name] <= usual[name] <= cold[name] for name in usual)
        assert set(hot.values()) <= {0.0}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (DemandQuestion(domains=()), "at least one accelerator"),
        (DemandQuestion(domains=(0,)), "at least one accelerator"),
        (DemandQuestion(lane_rate=900e9), "no link of the catalog has a lane of 900 Gb/s"),
        (DemandQuestion(lane_rates=(-1.0,)), "more than nothing"),
        (DemandQuestion(rack_power=5e3), "cannot feed a node"),
        (DemandQuestion(bandwidth=0.0), "needs no links"),
        (DemandQuestion(target=0.0), "no share of a step"),
        (DemandQuestion(optics="800g-dr9"), "did you mean '800g-dr8'"),
        (DemandQuestion(optics="800g-dac"), "no optical product"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(question: DemandQuestion, words: str) -> None:
    with pytest.raises(StudyError) as refused:
        demand(ll.load("qwen3-235b-256"), question)
    assert any(words in f"{fault.message} {fault.hint}" for fault in refused.value.faults)


def test_every_default_size_and_rate_is_answered() -> None:
    found = demand(ll.load("qwen3-235b-256"))
    assert [(each.lane_rate_bps, each.domain) for each in found.cells] == list(itertools.product(LANE_RATES, DOMAINS))
    assert found.lane_rate == 100e9


def test_designs_of_the_same_racks_share_what_a_demand_says_of_copper() -> None:
    """The report asks for that part alone; it is the whole demand's, made once for as many designs as it holds for."""
    studies = ("llama3-405b-16k", "qwen3-235b-256", "qwen3-235b-256-scaleup")
    llama, qwen, wide = copper_ends([ll.load(study) for study in studies])
    assert qwen is wide
    assert qwen != llama
    whole = demand(ll.load("qwen3-235b-256")).to_dict()
    assert all(qwen[key] == whole[key] for key in ("rack", "lane_rates", "cells", "ends"))
    assert all(part.items() <= all_of.items() for part, all_of in zip(qwen["domains"], whole["domains"], strict=True))


def test_a_rack_too_low_for_a_node_is_a_sentence_not_a_fault() -> None:
    tall = ll.load("qwen3-235b-256", ["cluster.node={like: dgx-h100, rack_units: 60}"])
    told, fine = copper_ends([tall, ll.load("qwen3-235b-256")])
    assert set(told) == {"fault"}
    assert "cells" in fine
