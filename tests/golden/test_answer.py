"""Step, throughput and memory of one study as agreed; ``RENEW_GOLDEN=1`` writes them anew, to be looked at first.

Protects: a change of a model or a figure shows as numbers in the diff of a small file, in the commit that made it:

    RENEW_GOLDEN=1 pytest tests/golden/test_answer.py && git diff tests/golden

Numbers are compared to six digits, so that another build of NumPy gives the same file.
"""

import json
import os
from pathlib import Path

import lightloom as ll

STUDY = "llama3-405b-16k"
GOLDEN = Path(__file__).parent / f"{STUDY}.json"
SECTIONS = ("step", "throughput", "memory")


def test_step_throughput_and_memory_are_the_agreed_ones() -> None:
    answer = ll.evaluate(ll.load(STUDY)).to_dict()
    text = json.dumps({section: rounded(answer[section]) for section in SECTIONS}, indent=1, sort_keys=True) + "\n"
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(text, "utf-8")
    assert text.splitlines() == GOLDEN.read_text("utf-8").splitlines()


def rounded(value: object) -> object:
    """Return the data with its floats to six digits."""
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value
