"""``lightloom link`` prints the budget its JSON holds, and refuses what makes no sense in one line.

Protects: the lines of the budget add up to the margin (DR4 as published closes with 1.55 dB over 120 m and four
connectors: 3.0 - 1.4 - 0.05 dB of channel left), and table and JSON agree.
"""

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lightloom.cli.main import lightloom


def ask(*arguments: str) -> Result:
    return CliRunner().invoke(lightloom, ["link", *arguments])


def answer(*arguments: str) -> dict:
    result = ask(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_lines_add_up_to_the_margin() -> None:
    found = answer("400g-dr4", "--length", "120m")
    assert sum(row["db"] for row in found["rows"]) == pytest.approx(found["spec_min"]["margin_db"])
    assert found["spec_min"]["margin_db"] == pytest.approx(3.0 - 1.4 - 0.048)


def test_table_shows_every_line_and_the_verdict() -> None:
    text = ask("400g-dr4", "--length", "120m").stdout
    assert text.splitlines()[0].endswith("closes")
    assert all(row["item"] in text for row in answer("400g-dr4", "--length", "120m")["rows"])
    assert max(len(line) for line in text.splitlines()) <= 80


def test_passes_through_a_circuit_switch_count() -> None:
    through = [
        answer("400g-dr4", "--length", "100m", *["--through", f"palomar:{count}"][: 2 * bool(count)])
        for count in (0, 1, 2)
    ]
    margins = [found["spec_min"]["margin_db"] for found in through]
    assert margins[0] - margins[1] == pytest.approx(margins[1] - margins[2])
    twice = answer("400g-dr4", "--length", "100m", "--through", "palomar", "--through", "palomar")
    assert twice == through[2]


def test_the_issue_s_own_words_are_understood() -> None:
    found = answer("800G-DR8", "--length", "350 m", "--connectors", "4", "--through", "palomar-ocs:2")
    assert found["ends"] == ["800g-dr8", "800g-dr8"]
    assert found["spec_min"]["margin_db"] == pytest.approx(-2.2 - 0.14 - 1.4 - 4.0 - 0.1 + 5.3)
    assert found["remedies"][0]["change"] == "no pass through a circuit switch"
    nearest = found["alternatives"][0]
    assert nearest["closes"]
    assert nearest["ends"][0] in found["reason"]


def test_a_stated_connector_takes_the_place_of_the_catalog_s() -> None:
    typical, stated = (
        answer("400g-dr4", "--length", "10m"),
        answer("400g-dr4", "--length", "10m", "--connector-loss", "0.75dB"),
    )
    assert typical["spec_min"]["margin_db"] - stated["spec_min"]["margin_db"] == pytest.approx(4 * 0.4)


def test_lanes_asked_for_are_checked_and_change_nothing() -> None:
    assert answer("400g-dr4", "--length", "3m", "--lane-rate", "106.25Gb/s") == answer("400g-dr4", "--length", "3m")


def test_the_same_seed_gives_the_same_bytes_and_another_one_another_plant() -> None:
    arguments = ("400g-dr4", "--length", "100m", "--through", "palomar")
    assert ask(*arguments, "--json").stdout == ask(*arguments, "--json").stdout
    other = answer(*arguments, "--seed", "1")
    assert other["turn_up"]["histogram"] != answer(*arguments)["turn_up"]["histogram"]
    assert other["turn_up"]["failing"] == pytest.approx(answer(*arguments)["turn_up"]["failing"], rel=0.1)


def test_warmth_takes_of_parts_as_they_come_alone_and_is_told() -> None:
    arguments = ("800g-dr8", "--length", "100m")
    usual, warm = answer(*arguments), answer(*arguments, "--temperature", "70 °C")
    assert (usual["temperature_c"], warm["temperature_c"]) == (None, 70.0)
    assert warm["temperature_limits_c"] == {"low": 0.0, "high": 70.0}
    assert warm["spec_min"] == usual["spec_min"]
    lost = 5 * math.log10((70 + 273.15) / (45 + 273.15))
    assert warm["distribution"]["temperature_db"] == pytest.approx(lost)
    assert usual["distribution"]["temperature_db"] == 0.0
    medians = [found["distribution"]["margin_db"]["p50"] for found in (usual, warm)]
    assert medians[0] - medians[1] == pytest.approx(lost)
    assert warm["turn_up"]["margin_db"]["p50"] < usual["turn_up"]["margin_db"]["p50"]
    assert warm["unknowns"] == usual["unknowns"]
    text = ask(*arguments, "--temperature", "70C").stdout
    assert "70 °C, specified from 0 to 70 °C; takes 0.16 dB" in " ".join(text.split())
    assert "temperature" not in ask(*arguments).stdout


def test_out_of_its_range_a_link_does_not_close_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "link.html"
    text = " ".join(ask("400g-dac", "--length", "1m", "--temperature", "85 °C", "--report", str(path)).stdout.split())
    assert "does not close 400g-dac is specified from 0 to 70 °C and this link is at 85 °C" in text
    assert "at most 70 °C" in text
    assert "400g-cpo ‡" in text
    assert "lightloom link 400g-dac --length 1m --temperature 85C" in path.read_text(encoding="utf-8")
    found = answer("400g-cpo", "--length", "100m", "--temperature", "-5 C")
    assert found["closes"]
    assert "no range of temperatures is published for 400g-cpo: it is taken to work at any" in found["unknowns"]
    rows = {row["ends"][0]: row for row in found["alternatives"]}
    assert (rows["400g-dr4"]["closes"], rows["400g-dr4"]["obstacle"]) == (False, "wrong temperature")
    assert rows["400g-dr4"]["temperatures_known"]


def test_a_page_is_written_whole_and_names_its_command(tmp_path: Path) -> None:
    path = tmp_path / "link.html"
    arguments = ["400g-dr4", "--to", "400g-dr4-lpo", "--length", "120m", "--through", "palomar:2"]
    result = ask(*arguments, "--report", str(path))
    assert result.exit_code == 0
    assert result.stdout.endswith(f"report: {path}\n")
    page = path.read_text(encoding="utf-8")
    assert "lightloom link 400g-dr4 --to 400g-dr4-lpo --length 120m --through palomar:2" in page
    assert "<script" not in page
    assert not list(tmp_path.glob(".*"))
    refused = ask(*arguments, "--report", str(tmp_path / "none" / "link.html"))
    assert refused.exit_code == 2


def test_no_is_an_answer() -> None:
    result = ask("400g-dac", "--length", "5m")
    assert result.exit_code == 0
    assert "does not close" in result.stdout.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["400g-dr", "--length", "3m"], "did you mean '400g-dr4'?"),
        (["400g-dr4", "--length", "3"], "has no unit"),
        (["400g-dr4", "--length", "-3m"], "outside the range"),
        (["400g-dr4", "--length", "3m", "--through", "palmar"], "did you mean 'palomar'?"),
        (["400g-dr4", "--length", "3m", "--through", "palomar:0"], "not a count of passes"),
        (["400g-dr4", "--length", "3m", "--connectors", "many"], "neither a count nor 'standard'"),
        (["400g-dr4", "--length", "3m", "--to", "800g-dr8"], "400 Gb/s"),
        (["400g-dr4", "--length", "3m", "--connectors", "-1"], "neither a count nor 'standard'"),
        (["400g-dr4", "--length", "3m", "--connectors", "100"], "100 connectors do not fit on 3 m"),
        (["400g-dr4", "--length", "300m", "--connectors", "20"], "do not fit into the budget of 400g-dr4"),
        (["400g-dr4", "--length", "3m", "--fibre", "os3"], "the catalog has no fibres/os3"),
        (["400g-dac", "--length", "2m", "--fibre", "os2"], "400g-dac is copper and has no fibre"),
        (["800g-sr8", "--length", "30m", "--fibre", "os2"], "os2 is single-mode fibre; 800g-sr8 needs multimode"),
        (["400g-dr4", "--length", "3m", "--lane-rate", "200Gb/s"], "400g-dr4 has 4 lanes of 100 Gb/s, not of 200 Gb/s"),
        (["800g-dr8", "--length", "3m", "--lane-rate", "200Gb/s"], "800g-cpo-dr4"),
        (["400g-dr4", "--length", "3m", "--connector-loss", "1"], "has no unit"),
        (["400g-dr4", "--length", "3m", "--extra-loss", "-1dB"], "makes no sense"),
        (["400g-dr4", "--length", "3m", "--connector-loss", "-1dB"], "a connector of -1 dB makes no sense"),
        (["400g-dr4", "--length", "3m", "--connector-loss", "1e9dB"], "outside the range"),
        (["400g-dac", "--length", "2m", "--connector-loss", "1dB"], "400g-dac has no optical connectors"),
        (["800g-aoc", "--length", "9m", "--fibre", "os2"], "800g-aoc brings its own fibre"),
        (
            ["400g-dr4", "--length", "3m", "--connectors", "standard", "--connector-loss", "1dB"],
            "at the allocation of the standard, whatever one of them loses",
        ),
        (["400g-dr4", "--length", "3m", "--connectors", "9" * 5000], "neither a count nor 'standard'"),
        (["400g-dr4", "--length", "3m", "--through", f"palomar:{'9' * 5000}"], "not a count of passes"),
        (["400g-dr4", "--length", "3m", "--against", "400g-cpo"], "400g-dr4 counts"),
        (["400g-dr4", "--length", "nan m"], "'nan m' is not a length"),
        (["400g-dr4", "--length", "1e30m"], "outside the range"),
        (["400g-dr4", "--length", "3m", "--margin", "nan dB"], "'nan dB' is not a loss"),
        (["400g-dr4", "--length", "3m", "--seed", "-1"], "-1 is not in the range"),
        (["400g-dr4", "--length", "infm"], "length"),
        (["400g-dr4", "--length", "3m", "--temperature", "-300 °C"], "outside the range of a temperature here"),
        (["400g-dr4", "--length", "3m", "--temperature", "55"], "has no unit; write a temperature, such as '55 °C'"),
        (["400g-dr4", "--length", "3m", "--temperature", "328 K"], "accepted units: °C, C, degC"),
        (["", "--length", "3m"], "the catalog has no links/"),
        (["400g-dr4"], "--length"),
    ],
)
def test_nonsense_is_refused(refused: Callable[..., None], arguments: list[str], words: str) -> None:
    refused("link", *arguments, words=words)
