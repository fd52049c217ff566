"""The verb ``pod``: what a person and a program are told of slices, switches and failures.

Facts protected: the published headline (0.747 of a pod usable with circuits against 0.076 in fixed slots, for slices of
1024 chips at 99 % of hosts up; Jouppi et al., ISCA 2023, in the model of its figure 4); the configuration joins what
the slices need; refusals name the nearest that would do, all at once; the page has no script and asks for nothing.
"""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.report.pod_page import render_pod

ASKED = ["pod", "--cubes", "64", "--edge", "4", "--slice", "8x8x16", "--slice", "4x4x8:twisted", "--fail", "3,17"]


def answer(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(lightloom, [*arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refusals(*arguments: str) -> list[str]:
    done = CliRunner().invoke(lightloom, ["pod", *arguments, "--json"])
    assert done.exit_code == 2, done.output
    return [f"{each['message']}; {each['hint']}" for each in json.loads(done.stdout)["errors"]]


def test_the_headline_is_the_published_one() -> None:
    told = next(row for row in answer(*ASKED)["usable"] if row["chips"] == 1024)
    assert told["mean"]["circuits_share"] == pytest.approx(0.747, abs=5e-4)
    assert told["mean"]["fixed_share"] == pytest.approx(0.076, abs=5e-4)
    assert told["mean"]["fixed_share"] < told["mean"]["moving_share"] < told["mean"]["circuits_share"]


def test_every_switch_joins_the_cubes_of_the_slices_and_no_others() -> None:
    given = answer(*ASKED)
    used = [cube for one in given["slices"] for cube in one["circuits"]["cubes"]]
    assert not set(used) & {3, 17}
    switches = given["configuration"]["switches"]
    assert Counter(row["axis"] for row in switches) == {"x": 16, "y": 16, "z": 16}
    for row in switches:
        lit = {port: out for port, out in enumerate(row["out"]) if out is not None}
        assert sorted(lit) == sorted(lit.values()) == sorted(used)
    first, second = given["slices"][1]["circuits"]["cubes"]
    x = switches[0]["out"]
    assert (x[first], x[second]) == (second, first), "going round a short axis leads half way along the long one"


def test_what_was_replaced_and_how_long_it_takes_is_told() -> None:
    given = answer(*ASKED)
    assert [each for one in given["slices"] for each in one["circuits"]["replaced"]] == [
        {"cube": 3, "by": 18}, {"cube": 17, "by": 19}
    ]  # fmt: skip
    assert given["changes"]["circuits"] == 16 * (6 + 6)
    parts = {row["setting"]: row for row in given["changes"]["outage"]}
    assert parts["module-init"]["bring_up_s"] == pytest.approx(5.67)
    assert parts["fixed-fec"]["switching_s"] == pytest.approx(1.2e-3)
    assert given["slices"][1]["fixed"]["reason"] == "fixed wiring does not twist"


def test_a_slice_that_loses_its_place_is_told() -> None:
    given = answer("pod", "--cubes", "8", "--slice", "8x8x8", "--fail", "2/5")
    assert given["slices"][0]["circuits"] == {"placed": False, "cubes": None, "replaced": []}
    assert given["changes"]["of_circuits"] == 0
    assert "run on with circuits" in given["verdict"][1]


def test_impossible_questions_name_the_nearest_all_at_once() -> None:
    assert refusals("--slice", "5x4x4", "--slice", "16x16x32") == [
        "slice 5x4x4: multiples of 4; nearest 4x4x4, 8x4x4",
        "slice 16x16x32: 128 cubes, the pod has 64; nearest 8x16x32, 16x16x16",
    ]
    assert refusals("--slice", "4x4", "--slice", "cube") == [
        f"slice '{text}' is no shape; write three sides in chips, such as 8x8x16 or 4x4x8:twisted"
        for text in ("4x4", "cube")
    ]
    assert refusals("--cubes", "100", "--grid", "4x4x4") == [
        "100 cubes take 200 ports of each switch, 'palomar' has 128; at most 64 cubes, or a larger switch",
        "the grid 4x4x4 has 64 cubes, the pod 100; such as 4x5x5",
    ]
    assert refusals("--slice", "16x16x12", "--slice", "16x16x8") == [
        "slice 16x16x8: 32 cubes, 16 are free; nearest 8x16x8, 16x16x4"
    ]
    assert refusals("--fail", "64,1/16,x") == [
        "'x' is no cube and no host; write a cube's number, such as 3, or a host of it, such as 3/2"
    ]
    assert refusals("--fail", "64,1/16") == [
        "cube 1 has no host 16; hosts of a cube are 0 to 15",
        "there is no cube 64; cubes are 0 to 63",
    ]
    assert refusals("--chips-per-host", "5") == [
        "5 chips of a host do not share out the 64 chips of a cube evenly; the nearest are 4 and 8"
    ]
    assert refusals("--cubes", "0", "--edge", "99") == [
        "0 is not a count from 1 to 4096; such as 64",
        "99 is not a count from 1 to 16; such as 4",
    ]
    (switch,) = refusals("--switch", "palomarr")
    assert "palomar" in switch


def test_tables_fit_a_terminal() -> None:
    done = CliRunner().invoke(lightloom, ASKED)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "…" not in done.stdout
    assert "3 replaced by 18" in done.stdout


@pytest.mark.parametrize("arguments", [ASKED, ["pod"], ["pod", "--cubes", "5", "--edge", "2", "--fail", "1"]])
def test_the_page_has_no_script_and_asks_for_nothing(arguments: list[str], tmp_path: Path) -> None:
    page = tmp_path / "pod.html"
    done = CliRunner().invoke(lightloom, [*arguments, "--report", str(page)])
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"<script|https?://[^<\s]*\.(js|css|png)|src=|@import", text)
    assert text.count('<svg class="plot pod"') == 2
    assert text.count('<svg class="plot switch"') == (3 if "--slice" in arguments else 0)
    assert "made by</span> <code>lightloom pod" in text


def test_numbers_on_the_page_are_those_of_the_answer() -> None:
    given = answer(*ASKED)
    tags = re.findall(r'data-key="([^"]+)" data-value="([^"]+)"', render_pod(given))
    assert len(tags) > 100
    for key, value in tags:
        here: Any = given
        for part in key.split("."):
            here = here[int(part)] if isinstance(here, list) else here[part]
        assert json.loads(value) == here


def test_python_and_command_line_give_the_same() -> None:
    question = ll.PodQuestion(slices=("8x8x16", "4x4x8:twisted"), fail=(3, 17))
    assert json.loads(json.dumps(ll.pod(question).to_dict())) == answer(*ASKED)
    assert ll.pod().to_dict()["pod"]["chips"] == 4096
