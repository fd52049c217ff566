"""Lines of amplified spans: rows add up, bad ends are never better, longer and noisier lines never close better.

Protects: the answer of ``link --coherent`` can be followed by hand, also where more loss means so much less
interference that the bad end of a loss is the better one. Source: the definitions in ``fabric.line``.
"""

import numpy as np
import pytest

from lightloom.catalog.products import line_system
from lightloom.core.errors import StudyError
from lightloom.fabric.line import Line, SpanSpec, judge, spans_of
from lightloom.fabric.line_report import line_report
from lightloom.photonics.request import LinkPolicy
from lightloom.study.line import coherent_module

ZR = coherent_module("400zr")
SYSTEM = line_system("c-band-g652")


def span(**written: object) -> SpanSpec:
    return SpanSpec.model_validate({"length": "80 km"} | written)


def line(*spans: SpanSpec, **more: object) -> Line:
    return Line.of(ZR, SYSTEM, spans or (span(),), **more)  # pyright: ignore[reportArgumentType] - told by keyword


LINES = {
    "one span": line(),
    "three": line(span(count=3)),
    "unequal": line(span(length="40 km"), span(length="70 km", gain="20 dB"), span(noise_figure="4 dB")),
    "few channels": line(channels=8),
    "best launch": line(launch="best"),
    "so loud that loss helps": line(channels=8, launch=8.0),
}
each = pytest.mark.parametrize("lit", LINES.values(), ids=LINES)


@each
def test_rows_add_up_to_the_margin(lit: Line) -> None:
    report = line_report("a line", lit, LinkPolicy())
    rows = report["rows"]
    assert isinstance(rows, list)
    assert sum(row["db"] for row in rows) == pytest.approx(judge(lit, LinkPolicy()).margin_spec_db)


@each
def test_noise_of_the_spans_adds_up_to_the_noise_of_the_line(lit: Line) -> None:
    report = line_report("a line", lit, LinkPolicy())
    worst, spans = report["worst"], report["spans"]
    assert isinstance(worst, dict)
    assert isinstance(spans, list)
    for ratio in ("osnr_ase_db", "snr_nli_db", "gsnr_db"):
        together = -10.0 * np.log10(sum(10.0 ** (-one[ratio] / 10.0) for one in spans))
        assert worst[ratio] == pytest.approx(together)


@each
def test_bad_ends_are_never_better_than_the_line_as_it_comes(lit: Line) -> None:
    verdict = judge(lit, LinkPolicy())
    assert verdict.margin_spec_db <= verdict.margin_mean_db
    assert 0.0 <= verdict.closes_share <= 1.0
    assert judge(lit, LinkPolicy(margin_db=30.0)).closes is False
    assert bool(verdict.reason) != verdict.closes


def test_a_longer_line_never_closes_better() -> None:
    margins = [judge(line(*spans_of(km * 1e3, 80e3)), LinkPolicy()).margin_mean_db for km in range(80, 1600, 80)]
    assert np.all(np.diff(margins) < 0.0)


def test_equal_spans_cover_the_distance_none_too_long() -> None:
    for km in (0.5, 79.9, 80.0, 80.1, 240.0, 1234.5):
        (one,) = spans_of(km * 1e3, 80e3)
        assert one.count * one.length == pytest.approx(km * 1e3)
        assert one.length <= 80e3 * (1.0 + 1e-9)


def test_what_bars_a_line_is_said() -> None:
    assert "beyond the 120 km of 400zr" in judge(line(span(count=3)), LinkPolicy()).reason
    loud = judge(line(launch=6.0), LinkPolicy()).reason
    assert "more than the 23 dBm an amplifier puts out; launch 4.9 dBm" in loud
    deaf = judge(line(span(length="110 km", loss="0.4 dB/km", noise_figure="7 dB")), LinkPolicy()).reason
    assert "of OSNR short of what 400zr needs (26 dB)" in deaf


def test_the_best_launch_is_never_worse_and_amplifiers_can_give_it() -> None:
    for spans in ((span(),), (span(length="40 km"),), (span(length="120 km"),)):
        best = line(*spans, launch="best")
        assert best.launch_dbm <= best.most_launch_dbm + 1e-9
        assert judge(best, LinkPolicy()).margin_mean_db >= judge(line(*spans), LinkPolicy()).margin_mean_db


def test_a_line_that_cannot_be_is_refused_with_all_its_faults() -> None:
    with pytest.raises(StudyError) as refused:
        line(channels=500, spacing=50e9)
    assert [fault.key for fault in refused.value.faults] == ["spacing", "channels"]
    bare = ZR.model_copy(update={"required_osnr": None})
    with pytest.raises(StudyError, match=r"required osnr of '400zr' is not public; state it: \{like: 400zr"):
        Line.of(bare, SYSTEM, (span(),))


def test_counts_of_a_hand_made_line() -> None:
    lit = line(span(count=2), span(length="40 km"), channels=10)
    assert lit.amplifiers == 2 * (3 + 1)
    assert lit.length == pytest.approx(200e3)
    assert lit.capacity_bps == pytest.approx(4e12)
    usd = line_report("a line", lit, LinkPolicy())["usd"]
    assert isinstance(usd, dict)
    by_hand = 20 * 3000 + 8 * 6000 + 20 * 300 + 200e3 * 2
    assert usd["total"] == pytest.approx(by_hand)
    assert usd["low"] <= usd["total"] <= usd["high"]
