"""The link that the documentation follows by hand comes to what the program says of it.

Protects: every number of ``lightloom link`` can be had from the formulas of its page with the standard library alone.
"""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "models" / "link.md"
_EXAMPLE = re.compile(r"^```\{example\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_two_columns_of_one_link_by_hand_agree(capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, object] = {}
    printed = ""
    for block in _EXAMPLE.findall(PAGE.read_text(encoding="utf-8")):
        capsys.readouterr()
        exec(compile(block, str(PAGE), "exec"), namespace)  # noqa: S102 # our own documents
        printed = capsys.readouterr().out
    rows = {line[:28].strip(): tuple(map(float, line[28:].split())) for line in printed.splitlines()}
    assert len(rows) == 18
    loose = {"fails at first light": 0.01}  # drawn, with skewed connectors
    for name, (hand, program) in rows.items():
        assert hand == pytest.approx(program, rel=loose.get(name, 1e-4)), name
