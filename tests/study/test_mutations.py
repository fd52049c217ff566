"""A thousand damaged studies: each gives an answer, or faults that name file and line; never another exception.

Protects the promise that bad input never shows a traceback, for damage nobody thought of.
"""

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lightloom.core.errors import Fault, StudyError
from lightloom.study.evaluate import evaluate
from lightloom.study.load import load
from lightloom.study.merge import BUILT_IN
from lightloom.study.new import STARTER

STUDIES = [STARTER, *(path.read_text(encoding="utf-8") for path in sorted(BUILT_IN.glob("*.yaml")))]
WORDS = sorted({word for study in STUDIES for word in re.findall(r"[\w.-]+", study)})
ODD = [
    "", "null", "~", "no", "true", "-1", "0", "1e-6", "1e999", ".nan", "1e12", "9" * 400, "2 m", "-3.5 dB", "5 W", "[]",
    "{}", "[1, 2]", "{a: 1}", "[[[[]]]]", "&a x", "*a", "!!int 3", "'", '"', "- x", ": x", "? x", "|", ">", "#", "%",
    "\t", "\u2028", "\x00", "\x07", "é", "🧵", "<<", "auto", "like", "kind", "topology", "extends: x", "---", "...",
]  # fmt: skip


def mutated(text: str, draw: random.Random) -> str:
    """Damage a study as people and disks do: swapped words, lost lines, odd values, wrong indentation."""
    lines = text.splitlines()
    for _ in range(draw.randint(1, 4)):
        number = draw.randrange(len(lines))
        line = lines[number]
        what = draw.randrange(9)
        words = [match.span() for match in re.finditer(r"[\w.-]+", line)]
        if what == 0:
            del lines[number]
        elif what == 1:
            lines.insert(draw.randrange(len(lines)), line)
        elif what == 2:
            lines[number] = " " * draw.randint(0, 6) + line.strip()
        elif what == 3 and ":" in line:
            key, _, _ = line.partition(":")
            lines[number] = f"{key}: {draw.choice(ODD)}"
        elif what == 4 and len(line) > 1:
            place = draw.randrange(len(line))
            lines[number] = line[:place] + draw.choice(ODD) + line[place + draw.randint(0, 2) :]
        elif what == 5:
            other = draw.randrange(len(lines))
            lines[number], lines[other] = lines[other], line
        elif words:
            start, end = draw.choice(words)
            lines[number] = line[:start] + draw.choice(WORDS + ODD) + line[end:]
        if not lines:
            lines = ["x"]
    return "\n".join(lines)


def check(path: Path, text: str, *, whole: bool = False) -> bool:
    """Load a study, or evaluate it whole; return whether that gave an answer, else hold the faults to their promise."""
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    faults: tuple[Fault, ...] = ()
    try:
        scenario = load(path)
        assert len(scenario.hash) == 64
        if whole:
            json.loads(evaluate(scenario).to_json())
    except StudyError as error:
        faults = error.faults
    else:
        return True
    assert all(fault.message for fault in faults)
    assert any(fault.file and fault.line for fault in faults), faults
    return False


@pytest.mark.slow
def test_a_thousand_damaged_studies(tmp_path: Path) -> None:
    draw = random.Random(20261123)  # noqa: S311 - a fixed stream, not a secret
    loaded = sum(check(tmp_path / "study.yaml", mutated(draw.choice(STUDIES), draw), whole=True) for _ in range(1000))
    assert 20 < loaded < 900  # both outcomes are really reached


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(STUDIES), st.randoms(use_true_random=False))
def test_damage_found_by_search(tmp_path: Path, study: str, draw: random.Random) -> None:
    check(tmp_path / "study.yaml", mutated(study, draw))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_garbage(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "study.yaml"
    path.write_bytes(raw)
    with pytest.raises(StudyError) as caught:
        load(path)
    assert all(fault.file == str(path) for fault in caught.value.faults)
