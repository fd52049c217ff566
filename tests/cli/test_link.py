"""``lightloom link`` prints the budget its JSON holds, and refuses what makes no sense in one line.

Protects: the lines of the budget add up to the margin (DR4 as published closes with 1.55 dB over 120 m and four
connectors: 3.0 - 1.4 - 0.05 dB of channel left), and table and JSON agree.
"""

import json

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
        (["400g-dr4"], "--length"),
    ],
)
def test_nonsense_is_refused(arguments: list[str], words: str) -> None:
    result = ask(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
    errors = json.loads(ask(*arguments, "--json").stdout)["errors"]
    assert any(words in f"{error['message']} {error['hint']}" for error in errors)
