"""Published training steps are predicted, not fitted: the judged rows, their bars, and that no calibration saw them.

Sources: Korthikanti et al. 2022, table 5 (Selene); The Llama 3 Herd of Models, table 4; Megatron-LM MoE model zoo;
MLPerf Training v5.0, Llama 3.1 405B on H100. All rows are in ``src/lightloom/measured/training_runs.csv``.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from lightloom.core.errors import StudyError
from lightloom.study.validation.calibrate import calibrate
from lightloom.study.validation.rows import SHIPPED, read_rows
from lightloom.study.validation.runs import Validation, calibration_rows, validate_runs

SELENE = "seqsel-tab5"
LLAMA = ("llama3-tab4_Llama3.1-405B_n8192_a2b1f1", "llama3-tab4_Llama3.1-405B_n16384_21a93d")
MOE = "moe-zoo-qwen3_Qwen3-235B-A22B_n256_4882a5"
MLPERF = (
    "mlperf-v5.0-llama31_405b_Llama3.1-405B_n2048_7821ff",
    "mlperf-v5.0-llama31_405b_Llama3.1-405B_n8192_1fd9e5",
)


@cache
def shipped() -> Validation:
    return validate_runs()


def error_of(name: str) -> float:
    return next(row.error for row in shipped().rows if row.id == name)


def test_every_row_of_the_file_is_predicted_or_listed_with_a_reason() -> None:
    answer = shipped()
    assert len(answer.rows) + len(answer.not_covered) == len(read_rows())
    assert len(answer.rows) >= 280
    assert all(gap.why for gap in answer.not_covered)


def test_selene_rows_within_six_per_cent_on_average_and_ten_at_worst() -> None:
    errors = np.array([row.error for row in shipped().rows if row.id.startswith(SELENE)])
    assert len(errors) == 8
    assert np.abs(errors).mean() <= 0.06
    assert np.abs(errors).max() <= 0.10


@pytest.mark.parametrize("name", LLAMA)
def test_llama_3_rows_within_twelve_per_cent_with_one_chunk_count(name: str) -> None:
    assert abs(error_of(name)) <= 0.12


def test_fewer_chunks_than_assumed_make_the_larger_llama_run_slower() -> None:
    row = next(row for row in shipped().rows if row.id == LLAMA[1])
    assert [other.chunks for other in row.otherwise] == [4, 2, 1]
    steps = [row.predicted, *(other.predicted for other in row.otherwise)]
    assert steps == sorted(steps)
    assert steps[-1] > 1.5 * steps[0]


def test_mixture_of_experts_across_nodes_within_twenty_per_cent() -> None:
    assert abs(error_of(MOE)) <= 0.20


def test_strong_scaling_of_llama_3_within_four_points() -> None:
    ratio = next(one for one in shipped().ratios if (one.id_from, one.id_to) == LLAMA)
    assert 0.930 - 0.04 <= ratio.predicted <= 0.953 + 0.04


def test_strong_scaling_of_mlperf_within_four_points() -> None:
    ratio = next(one for one in shipped().ratios if (one.id_from, one.id_to) == MLPERF)
    assert abs(ratio.predicted - 0.915) <= 0.04


def test_judged_rows_were_not_used_for_calibration() -> None:
    used = calibration_rows()
    assert used
    judged = [row.id for row in read_rows() if row.id.startswith(SELENE) or row.id in {*LLAMA, MOE, *MLPERF}]
    assert len(judged) == 13
    assert not used & set(judged)


def test_rows_used_for_calibration_are_marked() -> None:
    assert {row.id for row in shipped().rows if row.calibrated_on} == calibration_rows() & {
        row.id for row in shipped().rows
    }


@pytest.mark.slow
def test_calibrating_again_gives_the_shipped_numbers() -> None:
    for fitted in calibrate():
        assert fitted.value == pytest.approx(fitted.shipped, rel=0.01), fitted.name
        assert set(fitted.rows) <= calibration_rows()


def test_a_file_of_the_same_columns_is_accepted(tmp_path: Path) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    chosen = [line for line in lines[1:] if line.startswith(SELENE)]
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join([lines[0], *chosen]) + "\n", "utf-8")
    answer = validate_runs(mine)
    assert [row.id for row in answer.rows] == [row.id for row in shipped().rows if row.id.startswith(SELENE)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a,b\n1,2\n", "columns are missing"),
        ("", "columns are missing"),
        ("\x00\x01", "columns are missing"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, text: str, word: str) -> None:
    mine = tmp_path / "mine.csv"
    mine.write_text(text, "utf-8")
    with pytest.raises(StudyError, match=word):
        validate_runs(mine)


def one_row(tmp_path: Path, changes: Mapping[str, str]) -> Path:
    """Write a file of one measured row, changed."""
    header, *rows = csv.reader(SHIPPED.read_text("utf-8").splitlines())
    row = next(row for row in rows if row[0].startswith(f"{SELENE}_gpt3-175B"))
    path = tmp_path / "mine.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, list({**dict(zip(header, row, strict=True)), **changes}.values())])
    return path


def test_cells_that_stand_under_no_column_or_two_are_refused(tmp_path: Path) -> None:
    path = one_row(tmp_path, {})
    header, row = path.read_text("utf-8").splitlines()
    path.write_text(f"{header},tp\n{row},1,more\n{row},,\n", "utf-8")
    with pytest.raises(StudyError) as caught:
        validate_runs(path)
    told = [(fault.line, fault.message) for fault in caught.value.faults]
    count = header.count(",") + 2
    assert told == [(1, "the column 'tp' is there more than once"), (2, f"{count + 1} cells under {count} columns")]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"gbs": "1537"}, "multiple of the pipeline degree"),  # interleaved over 8 stages
        ({"tp": "5", "n_accel": "40"}, "96 attention heads do not divide over 5 tensor ranks"),
        ({"mbs": "-1"}, "the recipe is not possible: micro_batch: '-1' is outside"),
        ({"step_time_s": "fast"}, "step_time_s is 'fast', not a number"),
    ],
)
def test_what_no_run_can_be_is_listed_with_the_reason(tmp_path: Path, changes: Mapping[str, str], why: str) -> None:
    (gap,) = validate_runs(one_row(tmp_path, changes)).not_covered
    assert why in gap.why


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="cannot read"):
        validate_runs(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("column", ["tp", "layers", "hidden", "heads", "mbs", "gbs", "seq", "step_time_s", "n_accel"])
@pytest.mark.parametrize("value", ["", "x", "-3", "0", "1.5", "1e99", "nan", "inf"])
def test_a_row_with_an_absurd_value_is_listed_not_crashed_on(tmp_path: Path, column: str, value: str) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    header = lines[0].split(",")
    row = next(line for line in lines[1:] if line.startswith(SELENE)).split(",")
    row[header.index(column)] = value
    mine = tmp_path / "mine.csv"
    mine.write_text("\n".join([lines[0], ",".join(row)]) + "\n", "utf-8")
    answer = validate_runs(mine)
    assert len(answer.rows) + len(answer.not_covered) == 1
    assert all(np.isfinite(each.error) for each in answer.rows)
