"""``link --coherent`` answers for a file of spans, and refuses by line what it cannot use.

Protects the rows printed of one 80 km line, worked out by hand: OSNR = P - loss - NF + 58 in 0.1 nm, the planner's
formula (Agrawal, Fiber-Optic Communication Systems); and the exit codes.
"""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom
from lightloom.photonics import gnpy_line

SPANS = """\
name: two campuses
module: 400zr
spans: [{length: 80 km, loss: 0.2 dB/km, connector: 0.5 dB, gain: 17 dB, noise_figure: 5 dB}]
launch: 0 dBm
"""


def link(*words: str) -> Result:
    return CliRunner().invoke(lightloom, ["link", "--coherent", *words])


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    file = tmp_path / "spans.yaml"
    file.write_text(SPANS, encoding="utf-8")
    return file


def test_every_row_of_one_span_by_hand(spans: Path) -> None:
    answer = json.loads(link(str(spans), "--json").output)
    assert [row["item"] for row in answer["rows"]] == [
        "signal over amplifier noise",
        "interference in the fibre",
        "what the receiver needs",
    ]
    # 0 dBm - 17 dB - 5 dB + 58 dB; 58 is -10 log10(h f 12.5 GHz / 1 mW) at 193.4 THz. gnpy: 35.945 dB.
    assert answer["rows"][0]["db"] == pytest.approx(36.0, abs=0.06)
    assert answer["rows"][0]["db"] == pytest.approx(35.945, abs=0.01)
    # gnpy: GSNR 34.964 dB in 0.1 nm, so that interference takes 0.98 dB.
    assert answer["rows"][0]["db"] + answer["rows"][1]["db"] == pytest.approx(34.964, abs=0.05)
    assert answer["rows"][2]["db"] == -26.0
    assert answer["spec_min"]["margin_db"] == pytest.approx(sum(row["db"] for row in answer["rows"]))
    assert answer["closes"] is True
    assert answer["channels"] == 64
    assert answer["capacity_bps"] == pytest.approx(64 * 400e9)
    assert answer["latency_s"] == pytest.approx(80e3 * 1.468 / 299_792_458 + 2 * 4e-6)
    assert answer["accumulated_dispersion_s_per_m"] == pytest.approx(1.336)
    assert answer["gnpy"] is None


def test_the_table_says_what_the_json_says(spans: Path) -> None:
    shown = link(str(spans))
    assert shown.exit_code == 0
    for words in (
        "two campuses: 64 channels of 400zr over 80 km: closes",
        "+35.95",
        "17.00",
        "25.6 Tb/s",
        "1,336 ps/nm",
    ):
        assert words in shown.output


def test_no_is_an_answer(spans: Path) -> None:
    refused = link(str(spans), "--margin", "12 dB", "--json")
    assert refused.exit_code == 0
    answer = json.loads(refused.output)
    assert answer["closes"] is False
    assert "of OSNR short" in answer["reason"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("module: 400xr", "spans.yaml:2 module: '400xr' is not in the catalog; did you mean '400zr'?"),
        ("module: 400g-dr4", "spans.yaml:2 module: '400g-dr4' is no coherent module"),
        ("module: {like: 400zr, baud: 60 GHz}", "spans.yaml:2 module.baud: '60 GHz' is not a symbol rate"),
        ("modul: 400zr", "there is no key 'modul' here; did you mean 'module'?"),
        ("module: 400zr\nchannels: 65", "spans.yaml:3 channels: 65 channels do not fit; 64 do, 75 GHz apart"),
        ("module: 400zr\nspacing: 50 GHz", "spans.yaml:3 spacing: 50 GHz apart, channels of 59.84 GBd overlap"),
        ("module: 400zr\nline: {like: c-band-g652, span: 3}", "there is no key 'span' here"),
    ],
)
def test_faults_are_told_at_their_line(tmp_path: Path, changed: str, told: str) -> None:
    file = tmp_path / "spans.yaml"
    file.write_text(SPANS.replace("module: 400zr", changed), encoding="utf-8")
    result = link(str(file))
    assert result.exit_code == 2
    assert told in result.stderr.replace(str(tmp_path) + "/", "")
    assert "Traceback" not in result.output


@pytest.mark.parametrize("length", ["-80 km", "80", "0 km", "80 kg", "9000 km"])
def test_a_span_that_is_no_length_is_refused(tmp_path: Path, length: str) -> None:
    file = tmp_path / "spans.yaml"
    file.write_text(f"module: 400zr\nspans: ['{length}']\n", encoding="utf-8")
    result = link(str(file))
    assert result.exit_code == 2
    assert "spans.yaml:2 spans.0" in result.stderr


def test_files_that_are_not_there_and_options_that_do_nothing(tmp_path: Path, spans: Path) -> None:
    assert link(str(tmp_path / "gone.yaml")).exit_code == 2
    assert link().exit_code == 2
    alone = link(str(spans), "--source", "east")
    assert alone.exit_code == 2
    assert "--source: is of gnpy's network; give --equipment too" in alone.stderr


def test_link_without_it_is_link() -> None:
    assert "--coherent FILE" in CliRunner().invoke(lightloom, ["link", "--help"]).output
    assert CliRunner().invoke(lightloom, ["link"]).exit_code == 2


@pytest.mark.skipif(gnpy_line.available(), reason="gnpy is installed")
def test_the_full_answer_without_gnpy_names_the_extra(spans: Path) -> None:
    result = link(str(spans), "--full")
    assert result.exit_code == 2
    assert "install lightloom[coherent]" in result.stderr


@pytest.mark.gnpy
@pytest.mark.skipif(not gnpy_line.available(), reason="gnpy is not installed")
def test_the_full_answer_stands_beside_the_closed_form(spans: Path) -> None:
    answer = json.loads(link(str(spans), "--full", "--json").output)
    assert answer["gnpy"]["middle"]["gsnr_0p1nm_db"] == pytest.approx(34.964, abs=0.01)
    assert 0.0 < answer["gnpy"]["closed_form_above_db"] < 0.05
    assert answer["gnpy"]["margin_db"] == pytest.approx(34.964 - 26.0, abs=0.1)
    assert "gnpy" in link(str(spans), "--full").output
