"""Every key that ``--json`` prints stands in ``docs/json.md``, and every key there is printed by some answer.

Protects the contract with programs that read answers: a key nobody wrote down is one nobody can rely on.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.study.validation.calibrate import Fitted

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
SHIPPED = Path(ll.__file__).parent / "measured" / "link_cases.json"
SPANS = "module: 400zr\nname: two\nlaunch: 0 dBm\nspans: [{length: 80 km, loss: 0.2 dB/km, gain: 17 dB}]\n"
MOORE = {
    "id": "moore", "kind": "moore_bound", "params": {"n": 64, "r": 6}, "quantity": "mean_hops_lb", "unit": "hops",
    "expected": 7 / 3, "rtol": 1e-9, "atol": 0, "label": "RECALL", "source": "", "note": "",
}  # fmt: skip
ODD = {"id": "odd", "kind": "no such kind", "params": {}, "quantity": "ber", "unit": "1", "expected": 1.0}
MOE = "qwen3-235b-256"
DRAGONFLY = (
    "{topology: dragonfly, routers: 4, global_ports: 2, switch: tomahawk-5, hosts: 8, levels: null, links: null}"
)
SIDE = "[{name: experts, cards: 4, carries: [expert], topology: clos, switch: tomahawk-4}]"

ASKED: dict[str, list[list[str]]] = {
    "run": [
        ["run", "llama3-405b-16k-ocs", "--set", "operation.carbon=380 g/kWh"],
        ["run", MOE, "--set", "recipe.micro_batch=8"],
        ["run", MOE, "--set", f"fabric.beside={SIDE}"],
    ],
    "compare": [["compare", MOE]],
    "link": [
        ["link", "400g-dr4", "--length", "100m", "--through", "palomar", "--against", "400g-fr4"],
        ["link", "400g-dr4", "--length", "5km"],
        ["link", "nvlink4", "--length", "30cm"],
        ["link", "400g-dac", "--length", "3m"],
    ],
    "link --coherent": [["link", "--coherent", "spans.yaml"]],
    "demand": [["demand", MOE]],
    "pod": [["pod", "--slice", "8x8x16", "--slice", "4x4x8:twisted", "--fail", "3,17"]],
    "fabric show": [
        ["fabric", "show", "llama3-405b-16k-ocs", "--path", "0", "20000"],
        ["fabric", "show", MOE, "--set", f"fabric.scale_out={DRAGONFLY}"],
        ["fabric", "show", MOE, "--set", f"fabric.beside={SIDE}", "--path", "0", "37"],
        ["fabric", "show", MOE, "--set", "fabric.scale_out.failed={switches: [leaf-001], links: [out-leaf-100]}"],
    ],
    "catalog": [
        ["catalog"],
        ["catalog", "h100-sxm-80gb"],
        ["catalog", "topologies"],
        ["catalog", "topologies", "dragonfly"],
    ],
    "fabric synthesize": [["fabric", "synthesize", "--nodes", "16", "--degree", "4", "--candidates", "50"]],
    "validate runs": [["validate", "runs"]],
    "validate links": [["validate", "links", "--cases", "cases.json"]],
    "validate fabrics": [["validate", "fabrics", "--cases", "fabric.json"]],
    "calibrate": [["calibrate"]],
    "completion": [["completion", "zsh"]],
    "export cabling-plan": [["export", MOE, "cabling-plan"]],
    "errors": [["run", "no-such-study"], ["link", "no-such", "--length", "3m"], ["run", MOE, "--no-such"]],
}
RARE = {"balance.elasticity.scale_across_bandwidth"}
"""Keys of answers that take too long to ask for here."""

NAMED = {"summary", "best.parameters"}
"""Objects whose keys are names."""


@cache
def documented(section: str) -> frozenset[str]:
    """Return the keys of a section's tables, written out."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)
    return frozenset(key for cell in cells for key in written_out(cell))


def written_out(cell: str) -> Iterator[str]:
    head, brace, rest = cell.partition("{")
    inner, _, tail = rest.partition("}")
    yield from (f"{head}{name.strip()}{tail}" for name in inner.split(",")) if brace else (cell,)


def keys(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, entry in value.items():
            key = f"{path}.{'*' if path in NAMED else name}" if path else name
            yield key
            yield from keys(entry, key)
    elif isinstance(value, list):
        for entry in value:
            yield from keys(entry, f"{path}[]")


@pytest.mark.parametrize("section", ASKED)
def test_every_key_of_real_answers_is_documented_and_the_other_way_round(
    section: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("spans.yaml").write_text(SPANS, encoding="utf-8")
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))
    Path("cases.json").write_text(json.dumps({**shipped, "cases": [*shipped["cases"][:3], ODD]}), encoding="utf-8")
    Path("fabric.json").write_text(json.dumps({"cases": [MOORE, ODD]}), encoding="utf-8")
    monkeypatch.setattr(
        ll, "calibrate", lambda _rows: (Fitted("chip: share", 0.9, 0.9, ("a row",), 0.01),), raising=False
    )
    told = documented(section)
    around = {key[: match.start()] for key in told for match in re.finditer(r"[.]|\[\]", key)}
    found: set[str] = set()
    for arguments in ASKED[section]:
        asked = arguments if arguments[0] == "export" else [*arguments, "--json"]
        answer = json.loads(CliRunner().invoke(lightloom, asked).stdout)
        assert section == "errors" or not set(answer) <= {"errors"}, answer
        if section == "compare":
            answer["evaluations"] = []  # each is that of run
        found |= set(keys(answer))
    missing = sorted(found - told - around)
    if section == "catalog":  # plain entries of a file are under their own names
        missing = [key for key in missing if "." in key]
    assert missing == [], f"not in docs/json.md, section {section}"
    stale = sorted(told - RARE - found)
    assert stale == [], f"in docs/json.md, section {section}, and in no answer"
