"""Laws of what is drawn and counted of a link: waterfall, curves, plant at turn-up, lost frames, remedies.

Protects: a waterfall ends at the margin its lines add up to; curves go through the link they were drawn for and never
rise with length; parts of a spread add up to the whole; more dirt never makes fewer links fail; the same seed makes the
same plant; bursts never lose fewer frames than lone errors; every remedy closes. Source: the definitions in
``photonics``.
"""

import dataclasses
import itertools
import json
import math

import numpy as np
import pytest

from lightloom.catalog.loading import names
from lightloom.catalog.products import fibre, link
from lightloom.core.errors import StudyError
from lightloom.core.random import stream
from lightloom.photonics import monte_carlo
from lightloom.photonics.curves import against_length, against_power, receiver_as_sensitive
from lightloom.photonics.lanes import has_lanes, lane_rate_bps
from lightloom.photonics.link_budget import waterfall
from lightloom.photonics.link_report import link_report, single
from lightloom.photonics.lost_frames import lost_frames
from lightloom.photonics.monte_carlo import Handling, Yield, turn_up
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.pair import Pair
from lightloom.photonics.plant import FibreGrade, StatedPlant, most_connectors
from lightloom.photonics.product import Path
from lightloom.photonics.remedies import remedies
from lightloom.photonics.request import CircuitSwitchPass, LinkPolicy, LinkRequest, path_of

SHIPPED = {name: link(name) for name in names("links")}
LENGTHS = (0.5, 3.0, 100.0, 2000.0)
GAINS = {"redrivers of the cable"}
"""Lines behind the first that give decibels: only amplifiers may."""

LINKS = 20_000
DIRT = Handling(0.006, 1.5, 0.1)

every = pytest.mark.parametrize("name", SHIPPED)


def path(name: str, length: float = 1.0, *, connectors: int | None = 4, passes: int = 0) -> Path:
    through = (CircuitSwitchPass(1.5, 2.0, 38.0),) * passes
    return path_of([LinkRequest(length, SHIPPED[name].rate.value, 1, (name,), (name,), connectors, through)])


def drawn(name: str, handling: Handling, *, length: float = 1.0, seed: int = 0, **options: int) -> Yield:
    pair, one = Pair(SHIPPED[name], SHIPPED[name]), path(name, length, **options)
    verdict = pair.judge(one, mode="spec_min", required_db=0.0)
    return turn_up(pair, one, verdict, handling, required_db=0.0, stream=stream(seed, "law"), links=LINKS)


@every
@pytest.mark.parametrize("length", LENGTHS)
def test_a_waterfall_ends_at_the_margin(name: str, length: float) -> None:
    pair, one = Pair(SHIPPED[name], SHIPPED[name]), path(name, length)
    fall = waterfall(pair.terms(single(one)))
    margin = float(pair.judge(one, mode="spec_min", required_db=0.0).margin_spec_db[0])
    assert fall["margin_db"] == pytest.approx(margin, abs=1e-9)
    assert fall["end"] - fall["limit"] == pytest.approx(margin, abs=1e-9)
    steps = fall["steps"]
    assert all(after["start"] == before["end"] for before, after in itertools.pairwise(steps))
    assert all(step["end"] <= step["start"] for step in steps[1:] if step["item"] not in GAINS)


@every
def test_curves_fall_with_length_and_go_through_the_link(name: str) -> None:
    pair, one = Pair(SHIPPED[name], SHIPPED[name]), path(name)
    curve = against_length(pair, one)
    for line in (curve.spec_db, curve.median_db, curve.worst_db):
        assert np.all(np.diff(line) < 0)
    assert np.all(curve.worst_db <= curve.median_db)
    verdict = pair.judge(one, mode="spec_min", required_db=0.0)
    assert np.interp(1.0, curve.length, curve.spec_db) == pytest.approx(verdict.margin_spec_db[0], abs=0.05)
    for reach, mode in ((curve.reach_spec, "spec_min"), (curve.reach_worst, "distribution")):
        assert 0 <= reach <= curve.length[-1]
        if reach > 0:
            there = pair.judge(dataclasses.replace(one, length=np.array([reach])), mode=mode, required_db=0.0)
            assert there.deciding_db[0] >= -1e-6


@every
def test_bit_errors_fall_with_power_and_cross_the_threshold_where_the_receiver_needs_it(name: str) -> None:
    curve = against_power(Pair(SHIPPED[name], SHIPPED[name]), path(name))
    if curve is None:
        return
    assert np.all(np.diff(curve.bit_errors) < 0)
    at_need = np.exp(np.interp(curve.needed_dbm, curve.received_dbm, np.log(curve.bit_errors)))
    assert at_need == pytest.approx(curve.threshold, rel=0.05)
    for noisy in curve.noisy:
        assert np.all(np.diff(noisy.bit_errors) < 0)
        assert noisy.bit_errors[-1] >= noisy.floor
    floors = [noisy.floor for noisy in curve.noisy]
    assert floors == sorted(floors, reverse=True)


@pytest.mark.parametrize("noise_db", [-136.0, -140.0, -150.0])
def test_a_receiver_is_as_sensitive_as_was_asked(noise_db: float) -> None:
    receiver = receiver_as_sensitive(-5.2, 2.4e-4, bandwidth=26.56e9, relative_intensity_noise_db=noise_db)
    assert float(receiver.bit_error_ratio(-5.2)) == pytest.approx(2.4e-4, rel=1e-6)


@every
def test_parts_of_the_spread_add_up(name: str) -> None:
    pair = Pair(SHIPPED[name], SHIPPED[name])
    passes = int(SHIPPED[name].passes_circuits)
    one = path(name, connectors=8, passes=passes)
    sigma = float(pair.judge(one, mode="spec_min", required_db=0.0).margin_sigma_db[0])
    parts = monte_carlo.spread_by_part(pair, one, sigma**2, DIRT)
    assert math.hypot(*dataclasses.astuple(parts)) == pytest.approx(sigma, abs=1e-9)


@every
def test_a_clean_plant_has_the_moments_of_the_closed_form(name: str) -> None:
    # Of 20,000 draws the mean lies within 4 sigma/141, the fiftieth percentile within a sixth of sigma (skew).
    pair, one = Pair(SHIPPED[name], SHIPPED[name]), path(name)
    verdict = pair.judge(one, mode="spec_min", required_db=0.0)
    mean, sigma = float(verdict.margin_mean_db[0]), float(verdict.margin_sigma_db[0])
    found = drawn(name, Handling())
    middle = (found.edges_db[:-1] + found.edges_db[1:]) / 2
    width = found.edges_db[1] - found.edges_db[0]
    assert np.average(middle, weights=found.counts) == pytest.approx(mean, abs=4 * sigma / 141 + width)
    assert found.margin_db[2] == pytest.approx(mean, abs=sigma / 6 + 1e-9)
    assert found.counts.sum() == found.links


@every
def test_dirt_and_loss_never_make_fewer_fail(name: str) -> None:
    clean, dirty, worse = (drawn(name, handling) for handling in (Handling(), DIRT, Handling(0.02, 3.0, 0.1)))
    assert clean.failing <= dirty.failing + 1e-9
    assert dirty.failing <= worse.failing + 1e-9
    assert 0 <= dirty.failing_low <= dirty.failing_high <= dirty.links
    assert 0.0 <= dirty.contaminated_share <= 1.0 + 1e-12
    if SHIPPED[name].passes_circuits:
        assert drawn(name, DIRT, passes=1).failing >= dirty.failing


def test_the_same_seed_makes_the_same_plant() -> None:
    one, again, other = (drawn("400g-dr4", DIRT, seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(one.counts, again.counts)
    assert one.failing == again.failing != other.failing


def test_what_cannot_close_fails_in_every_plant() -> None:
    assert drawn("400g-dac", DIRT, passes=1).closes_share == 0.0
    assert drawn("400g-dr4", DIRT, length=501.0).closes_share == 0.0


def test_bursts_lose_no_fewer_frames_and_one_number_equals_a_sweep() -> None:
    margins = np.linspace(-2.0, 4.0, 25)
    sweep = lost_frames(margins, threshold=2.4e-4, codewords=2, rate_bps=400e9)
    assert np.all(sweep.frame_loss_burst >= sweep.frame_loss)
    for column in (sweep.frame_loss, sweep.frame_loss_burst):
        assert np.all(column[1:] <= column[:-1] * (1 + 1e-9))
    assert np.all(sweep.interval_burst <= sweep.interval)
    for index, margin in enumerate(margins):
        single_one = lost_frames(margin, threshold=2.4e-4, codewords=2, rate_bps=400e9)
        for field in dataclasses.fields(sweep):
            assert getattr(single_one, field.name) == pytest.approx(getattr(sweep, field.name)[index], rel=1e-9)


def test_a_busier_link_loses_a_frame_sooner() -> None:
    slow, fast = (lost_frames(0.0, threshold=2.4e-4, codewords=2, rate_bps=rate) for rate in (400e9, 800e9))
    assert slow.interval == pytest.approx(2 * fast.interval)


@every
@pytest.mark.parametrize("mode", ["spec_min", "distribution"])
def test_every_remedy_leaves_a_margin_and_none_is_named_where_none_is_needed(name: str, mode: str) -> None:
    pair, policy = Pair(SHIPPED[name], SHIPPED[name]), LinkPolicy(mode, 0.2)
    for length, passes in ((1.0, 0), (400.0, 1), (3000.0, 2)):
        through = (CircuitSwitchPass(1.5, 2.0, 38.0),) * passes
        request = LinkRequest(length, pair.a.rate.value, 1, (name,), (name,), 6, through)
        found = remedies(pair, request, policy, SHIPPED)
        verdict = pair.judge(path_of([request]), mode=mode, required_db=0.2)
        assert not (verdict.closes[0] and found)
        assert all(remedy.margin_db >= -1e-9 for remedy in found)


@every
def test_as_many_connectors_close_as_is_said(name: str) -> None:
    pair = Pair(SHIPPED[name], SHIPPED[name])
    if not pair.a.fibre_count:
        return
    most = most_connectors(pair)
    best = [
        max(verdict.margin_spec_db[0], verdict.margin_mean_db[0])
        for count in (most, most + 1)
        for verdict in [pair.judge(path(name, 0.0, connectors=count), mode="spec_min", required_db=0.0)]
    ]
    if pair.a.kind != "active-optical-cable":
        assert best[0] >= 0 > best[1]


@every
def test_lanes_are_known_by_payload_and_by_line(name: str) -> None:
    product = SHIPPED[name]
    assert has_lanes(product, lane_rate_bps(product))
    assert has_lanes(product, 1.0625 * lane_rate_bps(product))
    assert not has_lanes(product, 2 * lane_rate_bps(product))
    assert not has_lanes(product, lane_rate_bps(product) / 2)


@every
@pytest.mark.parametrize("length", LENGTHS[1:3])
def test_the_whole_answer_is_plain_json(name: str, length: float) -> None:
    answer = link_report(SHIPPED, name, length=length, connectors=None, plant=StatedPlant(handling=DIRT))
    json.dumps(answer, allow_nan=False)
    assert all(figure["sure"] for figure in answer["figures"])
    known = {source["id"] for source in answer["sources"]}
    assert {figure["source"] for figure in answer["figures"] if figure["source"]} == known


def test_a_crowded_cable_is_refused_and_a_full_one_is_not() -> None:
    link_report(SHIPPED, "400g-dr4", length=0.6, connectors=4)
    with pytest.raises(StudyError, match=r"5 connectors do not fit on 0\.6 m"):
        link_report(SHIPPED, "400g-dr4", length=0.6, connectors=5)


@pytest.mark.parametrize("name", ["400g-dr4", "800g-dr8-ocs", "800g-bidi"])
@pytest.mark.parametrize("count", [1, 4, 6])
def test_a_lossier_connector_takes_as_much_from_practice_as_from_the_guarantee(name: str, count: int) -> None:
    """The field's margin was seen on the field's connectors; those of this plant are counted whole, from the first."""
    product = SHIPPED[name]
    assert isinstance(product, OpticalProduct)
    typical = product.connector_loss.value
    usual, lossy = (
        link_report(SHIPPED, name, length=100.0, connectors=count, plant=StatedPlant(connector_loss_db=loss))
        for loss in (typical, typical + 0.2)
    )
    spent = usual["spec_min"]["margin_db"] - lossy["spec_min"]["margin_db"]
    assert spent >= 0.2 * count - 1e-9, "on one fibre reflections add to it"
    assert usual["distribution"]["margin_db"]["p50"] - lossy["distribution"]["margin_db"]["p50"] == pytest.approx(spent)
    assert link_report(SHIPPED, name, length=100.0, connectors=count)["distribution"] == usual["distribution"]


def test_lossier_fibre_is_counted_from_the_first_metre() -> None:
    """OS1a has 0.07 dB/km more than OS2, so 500 m lose 0.035 dB more, however long the plant of the field was."""
    grade = fibre("os1a")
    stated = FibreGrade(
        name="os1a",
        multimode=False,
        attenuation=grade.attenuation,
        attenuation_typical=grade.attenuation_typical,
        group_index=grade.group_index,
    )
    plain, tight = (
        link_report(SHIPPED, "400g-dr4", length=500.0, plant=plant)["distribution"]["margin_db"]["p50"]
        for plant in (None, StatedPlant(stated))
    )
    assert plain - tight == pytest.approx(500 * 0.07e-3)


@pytest.mark.parametrize(("name", "words"), [("800g-bidi", "is not judged"), ("800g-dr8", "the standard allocates")])
def test_a_circuit_switch_that_states_no_return_loss_is_named(name: str, words: str) -> None:
    """Liquid crystal and some mirrors: no document read prints what they send back."""
    silent, loud = CircuitSwitchPass(2.5, 3.0), CircuitSwitchPass(1.5, 2.0, 38.0)
    for through, told in (((silent,), "for one pass"), ((silent, loud), "for 1 of 2 passes")):
        unknowns = link_report(SHIPPED, name, length=100.0, through=through)["unknowns"]
        assert isinstance(unknowns, list)
        assert [told in line and words in line for line in map(str, unknowns) if "return loss" in line] == [True]
    assert "return loss" not in str(link_report(SHIPPED, name, length=100.0, through=(loud,))["unknowns"])
