"""``lightloom validate links`` judges every case of any file of the format, and calls what it cannot read by its name.

Protects honesty: a value outside the vocabulary is an error, a need that is absent is "not run", neither is "passed".
"""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.photonics.coherent import LineQuality

FIBRE: dict[str, Any] = {
    "id": "half a kilometre",
    "kind": "fibre",
    "params": {"length_m": 500, "loss_db_per_km": 0.4},
    "quantity": "loss",
    "unit": "dB",
    "expected": 0.2,
    "rtol": 0,
    "atol": 1e-9,
    "label": "DERIVED",
    "source": "by hand",
    "note": "",
}
LINE: dict[str, Any] = {
    "span": {"length_m": 80e3, "loss_db_per_km": 0.2, "connector_db_each_end": 0, "gain_db": 16, "nf_db": 5},
    "spans": 1,
    "launch_dbm": 0,
    "spacing_hz": 50e9,
    "f_min_hz": 191.35e12,
    "f_max_hz": 196.1e12,
}


def ask(path: Path, *cases: object, flags: tuple[str, ...] = ()) -> Result:
    path.write_text(json.dumps({"cases": cases}), encoding="utf-8")
    return CliRunner().invoke(lightloom, ["validate", "links", "--cases", str(path), *flags])


def answer(path: Path, *cases: object) -> dict[str, Any]:
    result = ask(path, *cases, flags=("--json",))
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def without(key: str, **changes: object) -> dict[str, Any]:
    return {name: value for name, value in (FIBRE | changes).items() if name != key}


def test_every_case_is_judged_within_its_own_tolerance(tmp_path: Path) -> None:
    wrong = FIBRE | {"id": "wrong", "expected": 0.21, "rtol": 0.01}
    found = answer(tmp_path / "mine.json", FIBRE, wrong)
    assert [(row["id"], row["passed"]) for row in found["rows"]] == [("half a kilometre", True), ("wrong", False)]
    assert found["rows"][0].keys() >= {"id", "kind", "quantity", "unit", "expected", "got", "tolerance", "label"}
    assert found["rows"][1]["tolerance"] == pytest.approx(0.0021)
    assert (found["passed"], found["failed"], found["not_covered"]) == (1, 1, [])


def test_bare_list_of_cases_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps([FIBRE]), encoding="utf-8")
    result = CliRunner().invoke(lightloom, ["validate", "links", "--cases", str(tmp_path / "list.json"), "--json"])
    assert json.loads(result.stdout)["passed"] == 1


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (FIBRE | {"kind": "fibers"}, "did you mean 'fibre'?"),
        (FIBRE | {"quantity": "los"}, "did you mean 'loss'?"),
        (FIBRE | {"unit": "m"}, "the unit of loss is 'dB'"),
        (FIBRE | {"params": FIBRE["params"] | {"colour": 1}}, "no parameter is called 'colour'"),
        (FIBRE | {"params": {"length_m": 500}}, "loss_db_per_km is missing"),
        (FIBRE | {"params": {"loss_db_per_km": 0.4}}, "length_m is missing"),
        (FIBRE | {"params": {"length_m": -1, "loss_db_per_km": 0.4}}, "length_m should be at least 0"),
        (FIBRE | {"params": {"length_m": True, "loss_db_per_km": 0.4}}, "length_m should be a number"),
        (FIBRE | {"params": {"length_m": "500 m", "loss_db_per_km": 0.4}}, "length_m should be a number"),
        (FIBRE | {"params": [500, 0.4]}, "params should be an object"),
        (FIBRE | {"expected": "0.2"}, "expected should be a number"),
        (FIBRE | {"rtol": -0.1}, "rtol should be at least 0"),
        (FIBRE | {"needs": "luck"}, "needs should be"),
        (FIBRE | {"colour": 1}, "no key is called 'colour'"),
        (without("unit"), "the key unit is missing"),
        ("half a kilometre", "a case is an object"),
        (
            FIBRE | {"kind": "q_to_ber", "params": {"modulation": "pam8", "q": 3}, "quantity": "ber", "unit": "1"},
            "modulation should be 'nrz' or 'pam4'",
        ),
        (
            FIBRE | {"kind": "kp4", "params": {"ber": 1e-4, "cer": 1e-9}, "quantity": "flr", "unit": "1"},
            "one of them",
        ),
        (
            FIBRE | {"kind": "kp4", "params": {"ber": 1e-4, "interleave": 1.5}, "quantity": "flr", "unit": "1"},
            "interleave should be a whole number",
        ),
        (
            FIBRE
            | {
                "kind": "imdd_budget",
                "params": {"path": [{"element": "prism", "count": 1, "loss_db": 1}]},
                "quantity": "channel_loss",
            },
            "path.0 is 'prism'",
        ),
        (
            FIBRE
            | {
                "kind": "coherent_span",
                "params": LINE | {"spacing_hz": 1},
                "quantity": "channels",
                "unit": "count",
            },
            "channels",
        ),
        (
            FIBRE
            | {
                "kind": "mpi",
                "params": {"form": "coherent", "interferer_db": 0, "extinction_ratio_db": 4},
                "quantity": "penalty",
            },
            "no finite answer",
        ),
    ],
)
def test_what_is_outside_the_vocabulary_is_an_error(tmp_path: Path, case: Any, words: str) -> None:
    found = answer(tmp_path / "mine.json", case, FIBRE)
    assert (found["passed"], found["failed"], found["errors"], found["not_run"]) == (1, 0, 1, 0)
    (gap,) = found["not_covered"]
    assert gap["error"]
    assert words in gap["why"]


def test_absent_need_is_not_run_and_never_passed(tmp_path: Path) -> None:
    found = answer(tmp_path / "mine.json", FIBRE | {"needs": "trace"})
    assert found["rows"] == []
    assert (found["errors"], found["not_run"]) == (0, 1)


def test_closed_form_stands_in_for_gnpy_within_its_own_tolerance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lightloom.photonics.gnpy_line.available", lambda: False)
    near = FIBRE | {
        "kind": "coherent_span",
        "params": LINE,
        "quantity": "osnr_ase_0p1nm",
        "expected": 36.90,
        "atol": 0.01,
        "needs": "gnpy",
        "atol_closed_form": 0.1,
    }
    found = answer(tmp_path / "mine.json", near, near | {"id": "far", "expected": 36.5})
    (row,) = found["rows"]
    assert row["passed"]
    assert row["how"] == "closed form, without gnpy"
    assert (row["tolerance"], found["failed"], found["not_run"]) == (0.1, 0, 1)


def test_where_gnpy_is_its_own_number_is_held_to_the_strict_tolerance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Channels:
        def at(self, channel: int) -> LineQuality:
            assert channel == 48
            return LineQuality(37.0, 33.0, 30.0, 20.0, 24.0, 1.3, 4e-4)

    monkeypatch.setattr("lightloom.photonics.gnpy_line.available", lambda: True)
    monkeypatch.setattr("lightloom.photonics.gnpy_line.propagate", lambda *_, **__: Channels())
    glass = {"dispersion_s_per_m2": 1.67e-5, "effective_area_m2": 8.3e-11, "baud": 32e9, "roll_off": 0.15}
    case = FIBRE | {
        "kind": "coherent_span",
        "params": LINE | glass | {"tx_osnr_db": 100},
        "quantity": "gsnr",
        "expected": 20.0,
        "atol": 0.01,
        "needs": "gnpy",
        "atol_closed_form": 50,
    }
    found = answer(tmp_path / "mine.json", case, case | {"expected": 20.1}, case | {"needs": None, "atol": 0.1})
    assert [(row["got"] == 20.0, row["passed"]) for row in found["rows"]] == [
        (True, True),
        (True, False),
        (False, False),
    ]


def test_lists_agree_number_by_number_and_in_length(tmp_path: Path) -> None:
    noise = FIBRE | {
        "kind": "receiver_noise",
        "params": {
            "oma_dbm": -5.3,
            "extinction_ratio_db": 5,
            "responsivity_a_per_w": 0.8,
            "noise_a_per_rthz": 1.6e-11,
            "bandwidth_hz": 4e10,
            "rin_per_hz": 1e-14,
        },
        "quantity": "sigma_levels",
        "unit": "A",
        "expected": [4.051e-06, 5.174e-06, 6.487e-06, 7.896e-06],
        "rtol": 1e-3,
        "atol": 0,
    }
    one_off, short = (noise | {"expected": [*noise["expected"][:3], *last]} for last in ([8e-6], []))
    found = answer(tmp_path / "mine.json", noise, one_off, short, noise | {"expected": 4.051e-6})
    assert [row["passed"] for row in found["rows"]] == [True, False, False, False]


def test_table_shows_every_case_within_80_columns(tmp_path: Path) -> None:
    result = ask(tmp_path / "mine.json", FIBRE, FIBRE | {"id": "wrong", "expected": 1}, FIBRE | {"kind": "glass"})
    assert result.exit_code == 0
    assert "FAILED" in result.stdout
    assert "no kind is called 'glass'" in result.stdout
    assert "1 passed, 1 failed, 1 in error, 0 not run" in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is not JSON"),
        ("{}", "there is no list of cases"),
        ('{"cases": {}}', "there is no list of cases"),
        ("[NaN]", "NaN is not a number"),
        ("[1e400]", None),
        ("[" * 100_000, "nested too deep"),
        ("[" + "1" * 5000 + "]", "too many digits"),
        ('{"cases": [], "cases": []}', "stands twice"),
        ("\ud800", None),
    ],
)
def test_hostile_file_is_refused_in_one_line(tmp_path: Path, text: str, words: str | None) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    result = CliRunner().invoke(lightloom, ["validate", "links", "--cases", str(path)])
    assert result.exit_code == (0 if text == "[1e400]" else 2)
    assert "Traceback" not in result.output
    assert words is None or (words in result.stderr and result.stdout == "")


@pytest.mark.parametrize("name", ["none.json", "."])
def test_missing_file_and_folder_are_refused(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(lightloom, ["validate", "links", "--cases", str(tmp_path / name)])
    assert result.exit_code == 2
    assert "cannot read the file" in result.stderr


def test_unprintable_names_never_reach_the_terminal(tmp_path: Path) -> None:
    evil = FIBRE | {"id": "a\x1b[2J", "kind": "\x1b[31m\ud800"}
    result = ask(tmp_path / "mine.json", evil, FIBRE | {"kind": "\x1b]0;\ud800"}, FIBRE | {"params": {"\x1b": 1}})
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout


def test_options_of_the_other_subject_are_refused(tmp_path: Path) -> None:
    for subject, option in (("runs", "--cases"), ("links", "--rows"), ("links", "--trace")):
        result = CliRunner().invoke(lightloom, ["validate", subject, option, str(tmp_path / "x")])
        assert result.exit_code == 2
        assert f"{option} is not of '{subject}'" in result.stderr
